"""Records in words: who or what it is, and how it stands. A whole group reads it: contacts are masked."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.arrears import Arrears, ArrearsStage
from bot.domain.autopays import Autopay, AutopayState
from bot.domain.catalogue import Catalogue
from bot.domain.customers import Customer, Payer
from bot.domain.masking import masked, masked_email
from bot.domain.money import Money
from bot.domain.records import (
    ConnectorRecord,
    CustomerRecord,
    Extension,
    InvoiceRecord,
    Note,
    OrderRecord,
    PayerRecord,
    PaymentRecord,
    Record,
)
from bot.domain.states import ExtensionCause
from bot.i18n.autopay_words import interval_words, reason_words
from bot.i18n.catalogues import LANGUAGES, N_, _
from bot.i18n.code_words import spaced_code
from bot.i18n.figures import coming_day, day, money, money_of_all, short_day
from bot.i18n.payer_words import kpp_words, tax_number_words
from bot.i18n.record_money_words import invoice_words, order_words, payment_words
from bot.i18n.strangers import shown
from bot.i18n.suspension_words import suspension_line
from bot.i18n.takings_words import tariff_words

EXTENSIONS = {
    ExtensionCause.ORDER: N_("paid"),
    ExtensionCause.IMPORT: N_("by the seller's file"),
    ExtensionCause.API: N_("by the seller's system"),
    ExtensionCause.OPERATOR: N_("by an operator"),
    ExtensionCause.BRIDGE: N_("lent until a transfer comes"),
    ExtensionCause.SUSPENSION: N_("moved by a suspension"),
    ExtensionCause.UNDONE: N_("taken back"),
}
STAGES = {
    ArrearsStage.NOTED: N_("noted, the customer has not been told yet"),
    ArrearsStage.GRACE: N_("it still works"),
    ArrearsStage.LIMITED: N_("limited"),
    ArrearsStage.STOPPED: N_("stopped"),
}
AUTOPAYS = {
    AutopayState.WAITING: N_("waits for its first payment"),
    AutopayState.ACTIVE: N_("on"),
    AutopayState.RETRYING: N_("tries again"),
    AutopayState.PAUSED: N_("paused"),
    AutopayState.REVOKED: N_("off"),
}


def record_words(catalogue: Catalogue, record: Record) -> str:
    """Everything on one screen; what is not there leaves no line."""
    match record:
        case CustomerRecord():
            lines = _customer(record)
        case PayerRecord():
            lines = _payer(record)
        case ConnectorRecord():
            lines = _connector(catalogue, record)
        case PaymentRecord():
            lines = payment_words(catalogue, record)
        case InvoiceRecord():
            lines = invoice_words(record)
        case OrderRecord():
            lines = order_words(catalogue, record)
    return "\n".join(filter(None, lines))


def who_words(customer: Customer) -> str:
    """«Анна Петрова · @anna · id 1001»."""
    name = shown(customer.name) or "…"
    username = f"@{shown(customer.username)}" if customer.username else ""
    return " · ".join(filter(None, (name, username, f"id {customer.id}")))


def payer_title(payer: Payer) -> str:
    return shown(payer.shown_name, 120) or "…"


def contact_words(customer: Customer) -> str:
    """In full: for the eyes of one."""
    lines = [shown(customer.name), customer.phone, customer.email]
    return "\n".join(filter(None, lines)) if any(lines[1:]) else _("There is neither a phone nor an e-mail.")


def _customer(record: CustomerRecord) -> list[str]:
    who = record.customer
    since = day(who.created_at.date()) if who.created_at else ""
    return [
        "👤 " + who_words(who),
        *_how_he_stands(who),
        _("Language: {language}", language=LANGUAGES.get(who.language, who.language)),
        _("With us since {date}", date=since) if since else "",
        _("Phone: {phone}", phone=masked(who.phone)) if who.phone else "",
        _("E-mail: {email}", email=masked_email(who.email)) if who.email else "",
        _("Payers: {count}", count=len(record.payers)),
        _("Connectors: {count}", count=record.connectors),
        *_balances(record.balances),
        *_autopays(record.autopays),
        *(_note(note) for note in record.notes),
    ]


def _how_he_stands(customer: Customer) -> list[str]:
    lines = []
    if customer.forgotten_at is not None:
        lines.append(_("🕳 Forgotten on {date}, as he wished", date=day(customer.forgotten_at.date())))
    if customer.blocked_at is not None:
        why = shown(customer.blocked_because, 200)
        lines.append(_("⛔ Blocked on {date}: {why}", date=day(customer.blocked_at.date()), why=why))
    if not customer.reachable and customer.forgotten_at is None:
        lines.append(_("🔕 No message reaches him in the chat"))
    return lines


def _payer(record: PayerRecord) -> list[str]:
    payer = record.payer
    return [
        "🏷 " + payer_title(payer),
        _("Payment code: {code}", code=spaced_code(payer.code)) if payer.code else "",
        " · ".join(filter(None, (tax_number_words(payer.details), kpp_words(payer.kpp)))),
        shown(payer.address, 200),
        _("E-mail: {email}", email=masked_email(payer.email)) if payer.email else "",
        _("Customer: {who}", who=who_words(record.customer)),
        _("Connectors: {count}", count=record.connectors_count),
        *_balances(record.balances),
        *_autopays(record.autopays),
    ]


def _connector(catalogue: Catalogue, record: ConnectorRecord) -> list[str]:
    line = record.connector
    until = day(line.paid_until) if line.paid_until else _("never")
    return [
        "🔌 " + shown(line.title, 120),
        _("Id: {id}", id=shown(line.id)),
        _("Tariff: {tariff}", tariff=tariff_words(catalogue, line.tariff)),
        _("Paid until: {date}", date=until),
        _("Bridged since {date}", date=day(line.bridged_since)) if line.bridged_since else "",
        _arrears(record.arrears),
        suspension_line(record.suspension) if record.suspension else "",
        *_autopays([record.autopay] if record.autopay else []),
        _("Phone: {phone}", phone=masked(line.phone)) if line.phone else "",
        _("E-mail: {email}", email=masked_email(line.email)) if line.email else "",
        _("Payer: {who}", who=payer_title(record.payer)) if record.payer else _("It belongs to nobody yet."),
        _("Customer: {who}", who=who_words(record.customer)) if record.customer else "",
        *(_extension(each) for each in record.extensions),
    ]


def _balances(balances: Sequence[Money]) -> list[str]:
    """By currency; below zero is a debt, whatever else there is."""
    owed = _by_currency([-amount for amount in balances if amount.minor < 0])
    there = _by_currency([amount for amount in balances if amount.minor > 0])
    return [
        _("Balance: {amount}", amount=money_of_all(there)) if there else "",
        _("⚠️ Debt: {amount}", amount=money_of_all(owed)) if owed else "",
    ]


def _by_currency(amounts: Sequence[Money]) -> list[Money]:
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums[amount.currency] + amount if amount.currency in sums else amount
    return list(sums.values())


def _autopays(autopays: Sequence[Autopay]) -> list[str]:
    return [_autopay(autopay) for autopay in autopays if autopay.state is not AutopayState.REVOKED]


def _autopay(autopay: Autopay) -> str:
    told = _(
        "🔁 Autopay of {amount}, {interval}: {state}",
        amount=money(autopay.amount),
        interval=interval_words(autopay.interval),
        state=_(AUTOPAYS[autopay.state]),
    )
    if autopay.state is AutopayState.PAUSED and autopay.reason:
        return f"{told} ({reason_words(autopay.reason)})"
    if autopay.charge_on is not None:
        return f"{told}, " + _("next on {date}", date=coming_day(autopay.charge_on))
    return told


def _arrears(arrears: Arrears | None) -> str:
    if arrears is None:
        return ""
    return _("⚠️ Owed for since {date}: {stage}", date=day(arrears.since), stage=_(STAGES[arrears.stage]))


def _extension(extension: Extension) -> str:
    """«• 14.11.26: до 14 декабря 2026, оплачено»."""
    until = day(extension.to_date) if extension.to_date else _("never")
    told = _("until {date}", date=until)
    why = ", ".join(filter(None, (_(EXTENSIONS[extension.cause]), shown(extension.note, 80))))
    return f"• {short_day(extension.at)}: {told}, {why}"


def _note(note: Note) -> str:
    return f"📝 {short_day(note.at)}: {shown(note.words, 200)}"
