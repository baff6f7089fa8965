"""What providers are called, networks among them, wherever their money is told of."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.catalogue import Catalogue
from bot.domain.texts import Text
from bot.i18n.catalogues import _
from bot.i18n.sentences import PROVIDERS, said
from bot.i18n.strangers import shown


class _Known:
    titles: Mapping[str, Text] = {}


def name_networks(catalogue: Catalogue) -> None:
    """The seller's names for them; said once, at start."""
    _Known.titles = {name: network.title for name, network in catalogue.networks.items()}


def network_title(provider: str) -> str:
    """«Кошелёк Elsom»; "" for every other provider."""
    return said(_Known.titles.get(provider))


def provider_words(name: str) -> str:
    """For the middle of a sentence; one that we know no more is called as the books call it."""
    return _(PROVIDERS[name]) if name in PROVIDERS else network_title(name) or shown(name)
