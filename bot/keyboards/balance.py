"""The balance: its accounts, the account card, its history, and paying money in."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.customers import Payer
from bot.domain.money import Money
from bot.domain.orders import Order
from bot.i18n import _, money, shown
from bot.keyboards.buttons import BACK, Place, Row, copy, go, keyboard, page_turner, tap
from bot.keyboards.pay import SAVE_PROMO, CheckPayment, Complain, Settle, pay_button
from bot.keyboards.payers import add_payer
from bot.keyboards.receipts import for_period
from bot.services.balance import Account, AccountCard
from bot.services.paging import Page
from bot.services.payments import PayLink
from bot.storage.account_history import HistoryLine

AGAIN = "topup:again"
OTHERS = "balance:others"
HISTORY = "balance:history"
GET_CODE = "payer:code"
REQUISITES = "payer:requisites"
TITLE_ON_BUTTON = 24
MOST_USABLE = 5
MOST_ACCOUNTS = 80
"""Telegram takes a hundred buttons."""


class OpenAccount(CallbackData, prefix="account"):
    payer: int
    currency: str
    anew: bool = False


class PayIn(CallbackData, prefix="payin"):
    """Put money on this account."""

    payer: int
    currency: str


class PickSum(CallbackData, prefix="sum"):
    minor: int


def accounts(found: Sequence[Account], *, back: str | Place) -> InlineKeyboardMarkup:
    return keyboard(*_choose(found[:MOST_ACCOUNTS]), *_always(), back=back)


def which_account(found: Sequence[Account]) -> InlineKeyboardMarkup:
    return keyboard(*_choose(found), back=BACK)


def account_card(card: AccountCard, *, others: bool, suspension: Row) -> InlineKeyboardMarkup:
    """What the money can pay now comes first."""
    currency = card.balance.currency
    return keyboard(
        *([settle(order, currency)] for order in card.usable[:MOST_USABLE]),
        [tap(_("Top up"), PayIn(payer=card.payer.id, currency=currency)), tap(_("Statement"), HISTORY)],
        *_always(),
        suspension,
        [tap(_("Other balances"), OTHERS)] if others else [],
        back=Place.MENU,
    )


def payer_page(payer: Payer, accounts: Sequence[Account], *, on_papers: bool) -> InlineKeyboardMarkup:
    """His code, each balance, which is topped up on a page of its own, and what papers say of him."""
    code = copy(_("Copy the code"), payer.code) if payer.code else tap(_("Get a payment code"), GET_CODE)
    balances = [
        [
            tap(
                _("Balance: {amount}", amount=money(each.balance)),
                OpenAccount(payer=payer.id, currency=each.balance.currency),
            )
        ]
        for each in accounts
    ]
    requisites = [tap(_("Details for papers"), REQUISITES)] if on_papers else []
    return keyboard([code], *balances, requisites, back=BACK)


def settle(order: Order, currency: str, *, anew: bool = False) -> InlineKeyboardButton:
    price = order.price(currency)
    assert price is not None, "an order is paid in a currency it has a price in"
    return settle_button(order.id, order.titles[0], price, anew=anew)


def settle_button(order_id: int, title: str, price: Money, *, anew: bool = False) -> InlineKeyboardButton:
    """«990 ₽ с баланса: WhatsApp +7…»: a phone cuts the end of a long button, so the sum stands first."""
    text = _("{amount} from the balance: {title}", title=shown(title, TITLE_ON_BUTTON), amount=money(price))
    return tap(text, Settle(order=order_id, currency=price.currency, anew=anew))


def history(page: Page[HistoryLine]) -> InlineKeyboardMarkup:
    return keyboard(page_turner(page.page, page.pages), back=BACK)


def sums(recommended: Money | None, last: Money | None, rounds: Sequence[Money]) -> InlineKeyboardMarkup:
    """The recommended sum, the last one, then round ones; any other is typed."""
    named = []
    if recommended:
        named.append([_sum(_("Recommended: {amount}", amount=money(recommended)), recommended)])
    if last and last != recommended:
        named.append([_sum(_("As last time: {amount}", amount=money(last)), last)])
    return keyboard(*named, [_sum(money(each), each) for each in rounds], back=BACK)


def pay_in(pay: PayLink, ticks: Sequence[Row] = ()) -> InlineKeyboardMarkup:
    return keyboard(
        pay_button(pay),
        *ticks,
        [tap(_("Check payment"), CheckPayment(payment=pay.payment_id))],
        [tap(_("I paid, but nothing changed"), Complain(payment=pay.payment_id))],
        back=BACK,
    )


def try_again() -> InlineKeyboardMarkup:
    return keyboard([tap(_("Try again"), AGAIN)], back=BACK)


def _always() -> list[list[InlineKeyboardButton]]:
    return [
        [tap(_("Promo code"), SAVE_PROMO), go(_("History"), Place.HISTORY)],
        [for_period()],
        [add_payer(Place.BALANCE)],
    ]


def _choose(found: Sequence[Account]) -> list[Row]:
    return [
        [tap(_account(each), OpenAccount(payer=each.payer.id, currency=each.balance.currency))]
        for each in found
    ]


def _account(account: Account) -> str:
    name = shown(account.payer.shown_name, TITLE_ON_BUTTON)
    return f"{name} · {money(account.balance)}"


def _sum(text: str, amount: Money) -> InlineKeyboardButton:
    return tap(text, PickSum(minor=amount.minor))
