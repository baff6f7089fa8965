"""What the services stand on, and are not built of themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue
from bot.domain.statements import StatementReader
from bot.domain.states import Role
from bot.gateways.base import Gateway
from bot.gateways.network import Network
from bot.services.vault import Vault


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the house stands on: the seller's choices, the providers and the keys."""

    catalogue: Catalogue
    gateways: Mapping[str, Gateway]
    vault: Vault
    zone: ZoneInfo
    public_url: str
    operators: Mapping[int, Role]
    operators_chat: int | None = None
    networks: Mapping[str, Network] = field(default_factory=dict)
    language: str = "ru"
    """Of customers whom the seller names before they have spoken."""
    statement_reader: StatementReader | None = None
    """Reads what banks write; without one no statement is taken."""
