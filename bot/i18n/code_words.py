"""What is said of a payment code, in the chat and on a link's page alike."""

from __future__ import annotations

from bot.domain.catalogue import Catalogue, NetworkTerms
from bot.domain.money import Money
from bot.i18n.catalogues import _
from bot.i18n.figures import money
from bot.i18n.sentences import said

_GROUP = 3
_GAP = "\N{NO-BREAK SPACE}" * 2


def spaced_code(code: str) -> str:
    """«001  234  567  890»: easy to read off a screen; what is copied has no spaces."""
    return _GAP.join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def code_to_pay_by(catalogue: Catalogue, code: str, amount: Money) -> str:
    """The code in large type, the sum, where to type it, and that we wait for the money."""
    parts = [
        _("Payment code:"),
        spaced_code(code),
        _("To pay: {amount}", amount=money(amount)),
        ways_to_pay(catalogue, amount.currency),
        _("⏳ We are waiting for the payment. We will write here as soon as the money arrives."),
    ]
    return "\n\n".join(filter(None, parts))


def ways_to_pay(catalogue: Catalogue, currency: str) -> str:
    """Every network that takes this currency, and the steps that lead to the seller there."""
    networks = catalogue.networks_in(currency)
    return "\n\n".join("\n".join([f"▸ {said(each.title)}", *steps_of(each)]) for each in networks)


def steps_of(network: NetworkTerms) -> list[str]:
    """«1. Откройте приложение…», a line each."""
    return [f"{number}. {said(step)}" for number, step in enumerate(network.steps, start=1)]
