"""Records: everything about one thing, read by whoever has a role, found by its id or a button's name."""

from __future__ import annotations

import pytest

from bot.domain.errors import CustomerError
from bot.domain.records import ConnectorRecord, CustomerRecord, PaymentRecord, RecordKind, button_id
from bot.services.house import House
from bot.storage.database import Database
from tests.services.conftest import ANNA, STRANGER, VIEWER, WHATSAPP


async def test_viewer_reads_and_a_stranger_does_not(house: House) -> None:
    record = await house.records.get(VIEWER, RecordKind.CUSTOMER, str(ANNA))
    assert isinstance(record, CustomerRecord)
    assert (record.customer.name, record.connectors) == ("Anna", 2)
    with pytest.raises(CustomerError, match="not_allowed"):
        await house.records.get(STRANGER, RecordKind.CUSTOMER, str(ANNA))


async def test_a_payment_knows_its_order_and_what_it_is_for(house: House, database: Database) -> None:
    order = await house.orders.place(ANNA, [WHATSAPP], 1)
    link = await house.payments.start(ANNA, order.id, "fake")
    payment = await house.records.get(VIEWER, RecordKind.PAYMENT, str(link.payment_id))
    assert isinstance(payment, PaymentRecord)
    assert payment.order is not None
    assert payment.order.id == order.id
    assert payment.arrived is None
    connector = await house.records.get(VIEWER, RecordKind.CONNECTOR, WHATSAPP)
    assert isinstance(connector, ConnectorRecord)
    assert connector.orders == (order.id,)


async def test_what_is_not_there_is_said_so(house: House) -> None:
    for text_id in ("999999", "%", "9" * 40, "", "-1", "#0123456789abcdef", "wa-1 or 1=1", "\u0663"):
        for kind in RecordKind:
            with pytest.raises(CustomerError, match="not_found"):
                await house.records.get(VIEWER, kind, text_id)


@pytest.mark.parametrize("text_id", ["wa-1", "spare:1 ы", "#1", "я" * 200])
def test_a_buttons_name_of_any_id_fits_and_stays(text_id: str) -> None:
    short = button_id(text_id)
    assert len(short.encode()) <= 20
    assert ":" not in short
    assert button_id(short) == short
