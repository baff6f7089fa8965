"""A paper of each kind about nobody: what `check` sets an operator's templates with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.documents.autopay_forecast import TEMPLATE as FORECAST
from bot.documents.autopay_forecast import forecast_paper
from bot.documents.bank_qr import bank_qr
from bot.documents.invoice import TEMPLATE as INVOICE
from bot.documents.invoice import invoice_paper
from bot.documents.receipt import TEMPLATE as RECEIPT
from bot.documents.receipt import receipt_paper
from bot.documents.tables import TEMPLATE as TABLE
from bot.documents.tables import Column, TablePaper
from bot.documents.takings import TEMPLATE as TAKINGS
from bot.documents.takings import takings_paper
from bot.domain.autopay_reports import AutopayReport, CurrencyReport, Day, Failures, Standing
from bot.domain.autopays import AutopayReason, AutopayState
from bot.domain.catalogue import Catalogue
from bot.domain.events import Proof
from bot.domain.invoices import Invoice, InvoiceKind, InvoiceLine, InvoiceState, Unit, invoice_number
from bot.domain.money import Money
from bot.domain.payment_receipts import PaidFor, PaymentReceipt
from bot.domain.requisites import BankAccount, Party, PartyKind, SellerDetails, Signer
from bot.domain.takings import Flow, Span, Taking, Takings

DAY = date(2026, 11, 18)
MOMENT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
PRICE = Money(99000, "RUB")
TITLE = "WhatsApp +7 999 123-45-67"

SELLER = SellerDetails(
    Party(PartyKind.ORGANISATION, "ООО «Пример»", "RU", "7700000000", "770001001", "101000, Москва"),
    BankAccount("RUB", "40702810938000000001", "Банк", "044525225", "30101810400000000225"),
    Signer("Директор", "Примерова А. А."),
)


SAMPLE_OFFER = Invoice(
    id=1,
    number=invoice_number(2026, 123),
    kind=InvoiceKind.OFFER,
    state=InvoiceState.ISSUED,
    customer_id=1,
    payer_id=1,
    order_id=1,
    total=PRICE * 3,
    vat="22",
    vat_amount=Money(53557, "RUB"),
    issued_on=DAY,
    valid_until=DAY,
    seller=SELLER,
    buyer=SELLER.party,
    lines=(InvoiceLine(TITLE, 1, Unit.MONTH, PRICE, PRICE),) * 3,
    purpose="Оплата по счёту-оферте",
    language="ru",
    reference="",
    created_at=MOMENT,
)
_BILL = replace(
    SAMPLE_OFFER,
    kind=InvoiceKind.REGULAR,
    state=InvoiceState.PAID,
    vat="none",
    valid_until=None,
    seller=replace(SELLER, signer=None),
    lines=(InvoiceLine(TITLE, 1, Unit.USAGE, PRICE, PRICE, uses=3, seconds=90),),
    month="2026-10",
)
"""All that an offer is not: other words, and nothing where that has something."""

_AUTOPAYS = AutopayReport(
    DAY,
    [CurrencyReport("RUB", [Day(DAY, PRICE, 1)], [Day(DAY, PRICE * 2, 2)])],
    [Failures("no_funds", 2)],
    [
        Standing(AutopayState.ACTIVE, "", 3),
        Standing(AutopayState.PAUSED, AutopayReason.CARD_UNLINKED.value, 1),
    ],
)


_TAKINGS = Takings(
    Span(DAY - timedelta(days=1), DAY),
    [Taking(DAY, Flow.CAME, "yookassa", "", PRICE, 1), Taking(DAY, Flow.REFUNDED, "bank", "line", PRICE, 1)],
)


def samples(catalogue: Catalogue) -> Iterable[tuple[str, dict[str, Any]]]:
    """Each template's name with what it is filled with."""
    yield INVOICE, invoice_paper(SAMPLE_OFFER, catalogue.invoicing, bank_qr(SAMPLE_OFFER))
    yield INVOICE, invoice_paper(_BILL, None, "")
    yield RECEIPT, receipt_paper(catalogue, _receipt())
    yield TABLE, _table().data()
    yield FORECAST, forecast_paper(_AUTOPAYS, SELLER.party.name)
    yield FORECAST, forecast_paper(AutopayReport(DAY), SELLER.party.name)
    yield TAKINGS, takings_paper(_TAKINGS, catalogue)
    yield TAKINGS, takings_paper(Takings(Span(DAY, DAY)), catalogue)


def _receipt() -> PaymentReceipt:
    return PaymentReceipt(
        reference="a1" * 8,
        customer_id=1,
        paid_at=MOMENT,
        amount=PRICE,
        method="yookassa",
        provider="yookassa",
        number="22e12f66-000f",
        proof=Proof(card="Mir *4444", rrn="630012345678"),
        lines=(PaidFor(TITLE, 1, DAY),),
        refunded=PRICE,
    )


def _table() -> TablePaper:
    return TablePaper(
        "Receipts",
        SELLER.party.name,
        columns=[Column("No.", "right"), Column("What", width="1"), Column("Sum", "center")],
        rows=[[str(number), TITLE, "990,00"] for number in range(100)],
        facts=[("Period", "2026")],
        totals=[("Total", "99 000,00 ₽")],
        notes=["Keep it."],
        on=DAY,
    )
