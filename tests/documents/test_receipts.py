"""Receipts on paper, as their reader has them."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.documents.typesetter import Typesetter
from bot.domain.catalogue_file import read_catalogue
from bot.domain.documents import Enclosure, File
from bot.domain.events import Proof
from bot.domain.money import Money
from bot.domain.payment_receipts import PaidFor, PaymentReceipt, PeriodReceipts, ReceiptLine
from bot.i18n import LANGUAGES
from tests.documents.pages import Pages

AT = datetime(2026, 11, 22, 20, 30, 15, tzinfo=UTC)
TITLE = 'WhatsApp "+7" #let x = 1 $|*'


class Receipts:
    """Answers as the service does."""

    async def receipt(self, payment_id: int) -> PaymentReceipt:
        return PaymentReceipt(
            reference="abcdefghijklmnopqrstuvwxyz",
            customer_id=7,
            paid_at=AT,
            amount=Money(99_050, "RUB"),
            method="yookassa_card",
            provider="yookassa",
            number="2d4d0c5e-000f-5000-8000-1bdae4fdbb1d",
            proof=Proof("bank_card", "mir *4444", rrn="603668680243", approval="062467"),
            lines=(PaidFor(TITLE, 3, date(2027, 2, 22)), PaidFor("INV-2026-000001", 0, None)),
            refunded=Money(0, "RUB"),
            payment_id=payment_id,
        )

    async def period(self, customer_id: int, since: date, until: date) -> PeriodReceipts:
        paid = ReceiptLine(AT, Money(99_050, "RUB"), "stars", "n-1", "mir *4444", "ref", ("=1+1", "Line"))
        back = ReceiptLine(AT, Money(-9_050, "RUB"), "stars", "n-1", "", "ref", ())
        return PeriodReceipts(since, until, (paid, back))


async def made(typesetter: Typesetter, kind: str, language: str, **subject: Any) -> File:
    house = cast("Any", SimpleNamespace(payment_receipts=Receipts()))
    sources = Sources(house, read_catalogue(Path("catalog.example.toml")), typesetter)
    return await Press(sources).make(Enclosure(kind, subject), language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_receipt_in_every_language(typesetter: Typesetter, language: str) -> None:
    pages = Pages((await made(typesetter, "receipt", language, payment_id=5)).content)
    for words in ("603668680243", "062467", "*4444", "23:30:15 (UTC+3)", "KANAL PLUS", TITLE, "990,50"):
        assert words.replace("990,50", "990") in pages.words
    assert pages.is_archival
    assert len(pages.texts) == 1


async def test_its_name_is_short_and_tells_it_from_others(typesetter: Typesetter) -> None:
    assert (await made(typesetter, "receipt", "ru", payment_id=5)).name == "receipt-2026-11-22-abcdefgh.pdf"


PERIOD = {"customer_id": 7, "since": "2026-11-01", "until": "2026-11-30"}


async def test_a_period_lists_refunds_as_such_and_adds_up(typesetter: Typesetter) -> None:
    pages = Pages((await made(typesetter, "receipts", "ru", **PERIOD)).content)
    for words in ("990,50", "Возврат", "Итого", "900", "1 ноября 2026"):
        assert words in pages.words.replace("\N{NO-BREAK SPACE}", " ")


async def test_a_bookkeeper_opens_the_table_and_nothing_is_computed(typesetter: Typesetter) -> None:
    file = await made(typesetter, "receipts_csv", "ru", **PERIOD)
    rows = list(csv.reader(file.content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[1][:4] == ["2026-11-22 23:30:15", "оплата", "990,50", "RUB"]
    assert rows[1][-1] == "'=1+1, Line"
    assert rows[2][1:3] == ["возврат", "-90,50"]
