"""What the seller's system says of a connector, brought into the books as an import would bring it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Connector
from bot.domain.seller import ConnectorWords, Expected, Fault, SellerAnswer, SellerRefused
from bot.domain.states import ExtensionCause
from bot.services import arrears, seller
from bot.services import connector_fields as fields
from bot.services.connector_links import cancel_orders
from bot.services.seller import Extended
from bot.storage.tx import Tx

THE_SELLER = 0
"""Who acts, in the audit log: a system has no Telegram id."""


class ConnectorDesk:
    """Works inside a unit of the seller's; payers are locked before the connector, as everybody does."""

    def __init__(self, catalogue: Catalogue, language: str) -> None:
        self._catalogue = catalogue
        self._language = language

    def put(self, tx: Tx, connector_id: str, words: ConnectorWords, expected: Expected) -> SellerAnswer:
        """Make it, or change what was said; SellerRefused leaves everything as it was."""
        said = self._checked(connector_id, words)
        _refuse_blind_date(words, expected)
        payer_id = self._payer(tx, connector_id, words.telegram_id)
        connector = tx.connectors.lock(connector_id)
        if connector is None:
            _refuse_unless_new(expected)
            made = self._made(tx, connector_id, said, payer_id)
            if made is not None:
                return self.answer(made, 201)
            connector = tx.connectors.lock(connector_id)
            assert connector is not None, "somebody else has made it just now"
        _refuse_unless_as(expected, connector)
        self._change(tx, connector, said, payer_id)
        changed = tx.connectors.get(connector_id)
        assert changed is not None
        return self.answer(changed)

    def answer(self, connector: Connector, status: int = 200) -> SellerAnswer:
        tariff = self._catalogue.tariff(connector.tariff)
        until = connector.paid_until
        body: dict[str, Any] = {
            "id": connector.id,
            "kind": connector.kind,
            "title": connector.title,
            "tariff": connector.tariff,
            "phone": connector.phone,
            "email": connector.email,
            "paid_until": until.isoformat() if until else None,
            "sequence": connector.sequence,
            "owned": connector.payer_id is not None,
            "payable": tariff is not None and bool(tariff.periods),
        }
        return SellerAnswer(status, body)

    def _checked(self, connector_id: str, words: ConnectorWords) -> dict[str, Any]:
        """What was said, by the same rules as an import; every fault is told at once."""
        readers: dict[str, Callable[[str], Any]] = {
            "title": lambda text: fields.read_words("title", text.strip()),
            "kind": lambda text: fields.read_words("kind", text.strip()),
            "tariff": lambda text: fields.read_tariff(text, self._catalogue.tariffs),
            "phone": lambda text: fields.read_phone(text.strip()),
            "email": lambda text: fields.read_email(text.strip()),
            "telegram_id": fields.read_telegram_id,
            "paid_until": fields.read_date,
        }
        said, faults = {}, []
        for name, value in (("id", connector_id), *((name, getattr(words, name)) for name in readers)):
            try:
                if value is not None:
                    said[name] = readers.get(name, fields.read_id)(str(value))
            except fields.BadField as problem:
                faults.append(Fault(f"/{name}", str(problem)))
        if faults:
            raise SellerRefused("invalid", faults=faults)
        return said

    def _payer(self, tx: Tx, connector_id: str, telegram_id: int | None) -> int | None:
        """The payer of that chat, met or not; he and the owner until now are locked, if it is another.

        Which of the chat's payers pays for what it has already, the customer chose.
        """
        if telegram_id is None:
            return None
        tx.customers.add(telegram_id, name="", language=self._language)
        payer_id = tx.customers.person(telegram_id)
        known = tx.connectors.get(connector_id)
        until_now = known.payer_id if known else None
        if until_now and tx.payers.get_for_customer(until_now, telegram_id):
            payer_id = until_now
        for each in sorted({payer_id, until_now or payer_id}):
            tx.customers.lock_payer(each)
        return payer_id

    def _made(
        self, tx: Tx, connector_id: str, said: dict[str, Any], payer_id: int | None
    ) -> Connector | None:
        """A new connector; None when another unit has made it meanwhile."""
        missing = [name for name in ("title", "tariff") if name not in said]
        if missing:
            detail = "is missing; a new connector needs it"
            raise SellerRefused("invalid", faults=[Fault(f"/{name}", detail) for name in missing])
        connector = Connector(
            id=connector_id,
            kind=said.get("kind") or self._catalogue.tariffs[said["tariff"]].kind,
            title=said["title"],
            tariff=said["tariff"],
            payer_id=payer_id,
            paid_until=None,
            anchor_day=None,
            phone=said.get("phone", ""),
            email=said.get("email", ""),
        )
        if not tx.connectors.add(connector):
            return None
        seller.tell_connector(tx, "added", connector_id)
        _move_date(tx, connector, said)
        tx.audit.note(THE_SELLER, "connector_made", f"connector:{connector_id}")
        return tx.connectors.get(connector_id)

    def _change(self, tx: Tx, connector: Connector, said: dict[str, Any], payer_id: int | None) -> None:
        """Only what is really different counts as a change."""
        if said.get("tariff", connector.tariff) != connector.tariff:
            said.setdefault("kind", self._catalogue.tariffs[said["tariff"]].kind)
        names = ("kind", "title", "tariff", "phone", "email")
        words = {name: said.get(name, getattr(connector, name)) for name in names}
        before = connector.sequence
        sequence: int | None = before
        if any(value != getattr(connector, name) for name, value in words.items()):
            sequence = tx.connectors.change(connector.id, **words)
            seller.tell_connector(tx, "changed", connector.id)
        if payer_id is not None and payer_id != connector.payer_id:
            cancel_orders(tx, connector)
            sequence = tx.connectors.give(connector.id, payer_id)
            seller.tell_connector(tx, "attached", connector.id)
        sequence = _move_date(tx, connector, said) or sequence
        if sequence != before:
            tx.audit.note(THE_SELLER, "connector_changed", f"connector:{connector.id}", names=sorted(said))


def _move_date(tx: Tx, connector: Connector, said: dict[str, Any]) -> int | None:
    until = said.get("paid_until")
    if until is None or until == connector.paid_until:
        return None
    sequence = tx.connectors.extend(connector, until, anchor_day=until.day, cause=ExtensionCause.API)
    seller.tell_extended(tx, [Extended(connector, until, sequence)], cause=ExtensionCause.API)
    arrears.end(tx, connector.id, "api")
    return sequence


def _refuse_blind_date(words: ConnectorWords, expected: Expected) -> None:
    if words.paid_until is not None and expected.sequences is None and not expected.nothing:
        raise SellerRefused("etag-needed")


def _refuse_unless_new(expected: Expected) -> None:
    if expected.sequences is not None or expected.something:
        raise SellerRefused("stale", "there is no such connector")


def _refuse_unless_as(expected: Expected, connector: Connector) -> None:
    if expected.nothing:
        raise SellerRefused("exists")
    if expected.sequences is not None and connector.sequence not in expected.sequences:
        raise SellerRefused("stale", f'it is at "{connector.sequence}" now')
