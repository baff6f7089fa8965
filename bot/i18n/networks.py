"""What networks of terminals and wallets are called, wherever their money is told of."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.catalogue import Catalogue
from bot.domain.texts import Text
from bot.i18n.sentences import said


class _Known:
    titles: Mapping[str, Text] = {}


def name_networks(catalogue: Catalogue) -> None:
    """The seller's names for them; said once, at start."""
    _Known.titles = {name: network.title for name, network in catalogue.networks.items()}


def network_title(provider: str) -> str:
    """«Кошелёк Elsom»; "" for every other provider."""
    return said(_Known.titles.get(provider))
