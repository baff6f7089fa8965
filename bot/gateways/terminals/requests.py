"""What a network sends: read as text from end to end, since a number would lose zeros or digits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.errors import BadAmount, BadCallback
from bot.domain.events import Callback
from bot.domain.money import Money
from bot.gateways.bodies import read_form
from bot.gateways.network import BadRequest, Command, NetworkRequest
from bot.gateways.terminals.settings import Parameter

MOST_FIELDS = 64
LONGEST_ACCOUNT = 64

_NUMBER = re.compile(r"\d{1,20}", re.ASCII)
_SUM = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_MOMENT = re.compile(r"\d{14}", re.ASCII)


class Reader:
    """Knows what one network calls the commands and their parameters."""

    def __init__(
        self, names: Mapping[Parameter, str], commands: Mapping[str, Command], currency: str, zone: ZoneInfo
    ) -> None:
        self._names: dict[Parameter, str] = {"cancelled": "cancel_txn_id", "number": "prv_txn", **names}
        self._commands = commands
        self._currency = currency
        self._zone = zone

    def read(self, callback: Callback) -> NetworkRequest:
        """Raises BadRequest for everything that is not exactly of the protocol."""
        fields = _fields(callback)
        txn_id = self._field(fields, "txn_id")
        if _NUMBER.fullmatch(txn_id) is None:
            raise BadRequest("", "txn_id is 1 to 20 digits")
        command = self._commands.get(self._field(fields, "command"))
        if command is None:
            raise BadRequest(txn_id, "unknown command")
        return NetworkRequest(
            command=command,
            txn_id=txn_id,
            account=self._field(fields, "account")[:LONGEST_ACCOUNT],
            amount=self._amount(fields, txn_id, needed=command is Command.PAY),
            happened_at=self._moment(fields, txn_id),
            cancelled=self._known_number(fields, txn_id, "cancelled"),
            number=self._known_number(fields, txn_id, "number"),
        )

    def _field(self, fields: Mapping[str, str], name: Parameter) -> str:
        return fields.get(self._names.get(name, name), "").strip()

    def _amount(self, fields: Mapping[str, str], txn_id: str, *, needed: bool) -> Money | None:
        text = self._field(fields, "sum")
        if not text and not needed:
            return None
        if _SUM.fullmatch(text) is None:
            raise BadRequest(txn_id, "sum is digits, a dot and two digits")
        try:
            return Money.parse(text, self._currency)
        except BadAmount:
            raise BadRequest(txn_id, "sum cannot be read") from None

    def _moment(self, fields: Mapping[str, str], txn_id: str) -> datetime | None:
        text = self._field(fields, "txn_date")
        if not text:
            return None
        try:
            if _MOMENT.fullmatch(text) is None:
                raise ValueError
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=self._zone)
        except ValueError:
            raise BadRequest(txn_id, "txn_date is YYYYMMDDHHMMSS") from None

    def _known_number(self, fields: Mapping[str, str], txn_id: str, name: Parameter) -> str:
        text = self._field(fields, name)
        if text and _NUMBER.fullmatch(text) is None:
            raise BadRequest(txn_id, f"{self._names[name]} is 1 to 20 digits")
        return text


def _fields(callback: Callback) -> dict[str, str]:
    """Query and form together; who says one thing twice is not understood."""
    form = callback.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    both = b"&".join(filter(None, (callback.query.encode(errors="replace"), callback.body if form else b"")))
    try:
        return read_form(both, most_fields=MOST_FIELDS)
    except BadCallback as junk:
        raise BadRequest("", str(junk)) from None
