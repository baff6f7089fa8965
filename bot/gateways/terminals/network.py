"""One network under contract: who it is, what it says, what it is answered."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

from bot.domain.events import Callback
from bot.domain.money import Money
from bot.gateways.base import signatures_match
from bot.gateways.network import Command, NetworkAnswer, NetworkRequest
from bot.gateways.terminals.answers import write_answer
from bot.gateways.terminals.door import Allowed
from bot.gateways.terminals.requests import Reader
from bot.gateways.terminals.settings import TerminalSettings


class OsmpNetwork:
    """A network that speaks as OSMP did; its settings say where it departs from that."""

    def __init__(self, name: str, settings: TerminalSettings) -> None:
        self.name = name
        self.currency: str = settings.currency
        self.least = settings.least
        self.most = settings.most
        self.zone = settings.zone
        self.shows_payer = settings.show_payer
        self.registers: Path | None = settings.registers
        self._settings = settings
        self._allowed = Allowed(settings.allow)
        self._tokens = {Money.parse(text, settings.currency) for text in settings.token_sums}
        self._reader = Reader(settings.names, _commands(settings), settings.currency, settings.zone)

    def admits(self, secret: str, callback: Callback) -> bool:
        """All locks are tried whatever the first one says, so that time tells nobody which one held."""
        locks = (
            signatures_match(secret, self._settings.secret.get_secret_value()),
            self._allowed.holds(callback.address),
            self._knows_password(callback.headers.get("authorization", "")),
        )
        return all(locks)

    def is_token(self, amount: Money) -> bool:
        return amount in self._tokens

    def read(self, callback: Callback) -> NetworkRequest:
        return self._reader.read(callback)

    def write(self, answer: NetworkAnswer) -> bytes:
        element, payer_field = self._settings.element, self._settings.payer_field
        return write_answer(answer, element=element, payer_field=payer_field)

    def _knows_password(self, header: str) -> bool:
        if not self._settings.user:
            return True
        scheme, _, encoded = header.partition(" ")
        try:
            said = base64.b64decode(encoded.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            return False
        expected = f"{self._settings.user}:{self._settings.password.get_secret_value()}"
        return scheme.lower() == "basic" and signatures_match(said, expected)


def _commands(settings: TerminalSettings) -> dict[str, Command]:
    """What its contract has: check and pay always, the others where their words are set."""
    known = {"check": Command.CHECK, "pay": Command.PAY}
    if settings.cancel:
        known[settings.cancel] = Command.CANCEL
    if settings.status:
        known[settings.status] = Command.STATUS
    return known
