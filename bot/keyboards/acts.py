"""Acts under records: each leads to a question, or to what can be chosen."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.autopays import Autopay
from bot.domain.customers import Payer
from bot.domain.records import (
    ConnectorRecord,
    CustomerRecord,
    InvoiceRecord,
    OrderRecord,
    PayerRecord,
    PaymentRecord,
    RecordKind,
    button_id,
)
from bot.domain.saved_cards import SavedCard
from bot.domain.states import OrderState, PaymentState, Role
from bot.i18n import _, card_title, money, shown
from bot.i18n.networks import provider_words
from bot.keyboards.buttons import keyboard, tap
from bot.keyboards.operators import Dismiss
from bot.keyboards.records import record_act
from bot.services.acts.moving_money import Stray


class What(StrEnum):
    """What an act is called in a button, and in the question that it asks."""

    DATE = "date"
    AUTOPAY_OFF = "autooff"
    CARDS = "cards"
    UNLINK = "unlink"
    BLOCK = "block"
    UNBLOCK = "unblock"
    MARK_PAID = "markpaid"
    FROM_BALANCE = "frombal"
    MOVE_MONEY = "movemoney"
    STRAY = "stray"
    GIVE = "give"
    SEND_INVOICE = "sendinv"
    SEND_RECEIPT = "sendrec"
    SEND_ORDER = "sendord"
    NOTE = "note"
    MOVE = "move"
    JOIN = "join"
    JOIN_FOUND = "joinwith"


class Act(CallbackData, prefix="act"):
    """Begin this act; `about` is an id, or the digest of one that does not fit."""

    what: What
    about: str


class Sure(CallbackData, prefix="actyes"):
    """Do what the message under the button says; what that is, only who was asked has with him."""

    what: What


class Second(CallbackData, prefix="act2"):
    """The second person's word for what a card asks."""

    card: int


class GiveStray(CallbackData, prefix="actgive"):
    """Give money without an owner to this customer."""

    card: int
    event: int
    customer: int


class JoinWith(CallbackData, prefix="actjoin"):
    """Join the first payer into the second."""

    dropped: int
    kept: int


def act_button(text: str, what: What, about: str | int) -> InlineKeyboardButton:
    return tap(text, Act(what=what, about=button_id(str(about))))


@record_act(RecordKind.CONNECTOR, Role.CASHIER)
def move_date(record: ConnectorRecord) -> InlineKeyboardButton | None:
    return act_button(_("📅 Move the date"), What.DATE, record.id)


@record_act(RecordKind.CONNECTOR, Role.OPERATOR)
def end_autopay(record: ConnectorRecord) -> InlineKeyboardButton | None:
    autopay = record.autopay
    return act_button(_("Switch autopay off"), What.AUTOPAY_OFF, autopay.id) if autopay else None


@record_act(RecordKind.PAYER, Role.OPERATOR)
def end_account_autopay(record: PayerRecord) -> InlineKeyboardButton | None:
    """That of the balance; each connector's own is ended under the connector."""
    found = next((each for each in record.autopays if each.connector_id is None), None)
    return act_button(_("Switch autopay off"), What.AUTOPAY_OFF, found.id) if found else None


@record_act(RecordKind.CUSTOMER, Role.OPERATOR)
def cards(record: CustomerRecord) -> InlineKeyboardButton | None:
    """Also where a card is remembered alone, without an autopay."""
    has_cards = record.saved_cards or any(each.card_id for each in record.autopays)
    return act_button(_("💳 Cards and autopays"), What.CARDS, record.id) if has_cards else None


@record_act(RecordKind.CUSTOMER, Role.CASHIER)
def block(record: CustomerRecord) -> InlineKeyboardButton | None:
    if record.customer.forgotten_at is not None:
        return None
    if record.customer.blocked_at is not None:
        return act_button(_("Unblock"), What.UNBLOCK, record.id)
    return act_button(_("⛔ Block"), What.BLOCK, record.id)


@record_act(RecordKind.ORDER, Role.CASHIER)
def mark_paid(record: OrderRecord) -> InlineKeyboardButton | None:
    """Of an invoice a statement tells, or /paid."""
    is_asked = record.order.takes_new_payments and record.invoice is None
    return act_button(_("💵 Mark as paid"), What.MARK_PAID, record.id) if is_asked else None


@record_act(RecordKind.ORDER, Role.CASHIER)
def pay_from_balance(record: OrderRecord) -> InlineKeyboardButton | None:
    is_asked = record.order.state is OrderState.AWAITING
    return act_button(_("Pay from the balance"), What.FROM_BALANCE, record.id) if is_asked else None


@record_act(RecordKind.PAYER, Role.CASHIER)
def move_money(record: PayerRecord) -> InlineKeyboardButton | None:
    has_money = any(each.minor > 0 for each in record.balances)
    return act_button(_("Move money"), What.MOVE_MONEY, record.id) if has_money else None


@record_act(RecordKind.CUSTOMER, Role.CASHIER)
def give_stray(record: CustomerRecord) -> InlineKeyboardButton | None:
    if record.customer.forgotten_at is not None:
        return None
    return act_button(_("Money without an owner"), What.STRAY, record.id)


def strays(customer_id: int, found: list[Stray]) -> InlineKeyboardMarkup:
    rows = [
        [
            tap(
                f"{money(each.amount)} · {provider_words(each.provider)}",
                GiveStray(card=each.card_id, event=each.event_id, customer=customer_id),
            )
        ]
        for each in found
    ]
    return keyboard(*rows, menu=False)


@record_act(RecordKind.INVOICE, Role.OPERATOR)
def send_invoice(record: InvoiceRecord) -> InlineKeyboardButton | None:
    return act_button(_("✉️ Send by e-mail"), What.SEND_INVOICE, record.id)


@record_act(RecordKind.PAYMENT, Role.OPERATOR)
def send_receipt(record: PaymentRecord) -> InlineKeyboardButton | None:
    is_paid = record.payment.state is PaymentState.SUCCEEDED
    return act_button(_("✉️ Receipt by e-mail"), What.SEND_RECEIPT, record.id) if is_paid else None


@record_act(RecordKind.ORDER, Role.OPERATOR)
def send_order(record: OrderRecord) -> InlineKeyboardButton | None:
    is_asked = record.order.takes_new_payments
    return act_button(_("✉️ Link by e-mail"), What.SEND_ORDER, record.id) if is_asked else None


@record_act(RecordKind.CUSTOMER, Role.OPERATOR)
def note(record: CustomerRecord) -> InlineKeyboardButton | None:
    if record.customer.forgotten_at is not None:
        return None
    return act_button(_("📝 Note"), What.NOTE, record.id)


@record_act(RecordKind.CUSTOMER, Role.CASHIER)
def move_customer(record: CustomerRecord) -> InlineKeyboardButton | None:
    if record.customer.forgotten_at is not None or record.customer.id < 0:
        return None
    return act_button(_("Another Telegram account"), What.MOVE, record.id)


@record_act(RecordKind.PAYER, Role.OWNER)
def join_payer(record: PayerRecord) -> InlineKeyboardButton | None:
    return act_button(_("Join with another payer"), What.JOIN, record.id)


def to_join(payer_id: int, others: list[Payer]) -> InlineKeyboardMarkup:
    """Which of them stays; another may be looked for."""
    rows = [[tap(_payer_words(each), JoinWith(dropped=payer_id, kept=each.id))] for each in others]
    return keyboard(*rows, [act_button(_("Find another"), What.JOIN_FOUND, payer_id)], menu=False)


def _payer_words(payer: Payer) -> str:
    return _(
        "{name}, customer {number}, {tax}",
        name=shown(payer.shown_name, 24) or "…",
        number=payer.customer_id,
        tax=shown(payer.tax_number, 14) or "—",
    )


def second(facts: Mapping[str, Any]) -> InlineKeyboardMarkup:
    card = int(facts["card"])
    return keyboard(
        [tap(_("Confirm as second person"), Second(card=card))],
        [tap(_("Close"), Dismiss(card=card))],
        menu=False,
    )


def to_stop(saved: list[tuple[SavedCard, str]], autopays: list[tuple[Autopay, str]]) -> InlineKeyboardMarkup:
    """Every card to unlink, and every autopay to switch off."""
    unlink = [[act_button(_("Unlink {card}", card=named), What.UNLINK, card.id)] for card, named in saved]
    off = [
        [act_button(_("Switch off: {what}", what=shown(named, 32)), What.AUTOPAY_OFF, autopay.id)]
        for autopay, named in autopays
    ]
    return keyboard(*unlink, *off, menu=False)


def named_card(card: SavedCard) -> str:
    return card_title(card.masked) if card.masked else _("saved card")


def sure(words: str, what: What) -> InlineKeyboardMarkup:
    return keyboard([tap(words, Sure(what=what))], menu=False)
