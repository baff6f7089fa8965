"""What is said of a payment code, in the chat and on a link's page alike."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue, NetworkTerms
from bot.i18n.sentences import said

_GROUP = 3
_GAP = "\N{NO-BREAK SPACE}" * 2


def spaced_code(code: str) -> str:
    """«001  234  567  890»: easy to read off a screen; what is copied has no spaces."""
    return _GAP.join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def ways_to_pay(catalogue: Catalogue, currency: str) -> str:
    """Every network that takes this currency, and the steps that lead to the seller there."""
    return "\n\n".join(_steps(network) for network in catalogue.networks_in(currency))


def _steps(network: NetworkTerms) -> str:
    steps = [f"{number}. {said(step)}" for number, step in enumerate(network.steps, start=1)]
    return "\n".join([f"▸ {said(network.title)}", *steps])
