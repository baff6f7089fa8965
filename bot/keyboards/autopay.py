"""Autopay: what stands, what could be connected, one with its settings, the consent before each change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.autopays import AutopayState, Interval
from bot.domain.money import Money
from bot.domain.saved_cards import SavedCard
from bot.i18n import _, money, short_day, shown
from bot.i18n.autopay_words import (
    interval_words,
    risen_price,
    saved_card_title,
    target_head,
    target_of,
    target_words,
)
from bot.keyboards.autopay_taps import (
    CONSENT,
    DELETE_ALL,
    Agree,
    ChangeAutopay,
    DeleteAutopay,
    OpenAutopay,
    Other,
    Part,
    PauseAutopay,
    PayWithAutopay,
    PickAmount,
    PickDay,
    PickInterval,
    PickOffer,
    PickSource,
    TopUpWithAutopay,
    agree_price_button,
    change_button,
    stop_button,
)
from bot.keyboards.buttons import Place, Row, go, handle, keyboard, page_turner, tap
from bot.services.autopay.views import AutopayOffer, AutopayView
from bot.services.paging import Page

TITLE_ON_BUTTON = 28
MOST_LISTED = 30


Listed = AutopayView | AutopayOffer
"""What stands, or what could be connected."""


def autopays(page: Page[Listed], *, cards: bool) -> InlineKeyboardMarkup:
    return keyboard(
        *([button] for each in page.items if (button := _listed(each))),
        page_turner(page.page, page.pages),
        [go(_("My cards"), Place.MY_CARDS)] if cards else [],
        back=Place.MENU,
    )


def _listed(each: Listed) -> InlineKeyboardButton | None:
    """None for what can have no autopay."""
    if isinstance(each, AutopayView):
        return _open(each)
    return None if each.refusal else _connect(each)


def one(view: AutopayView, *, only_thing: bool) -> InlineKeyboardMarkup:
    """Only what can be changed of this one; deleting is always among it.

    `only_thing`: no list was shown before it, so what the list leads to stands here.
    """
    id_ = view.autopay.id
    amount = [_change(_("Sum"), id_, Part.AMOUNT)] if view.connector is None else []
    date = [_change(_("Date"), id_, Part.DAY)] if _movable(view) else []
    return keyboard(
        [agree_price_button(id_)] if risen_price(view) else [],
        [*amount, _change(_("How often"), id_, Part.INTERVAL)],
        [*date, _change(_("Card"), id_, Part.SOURCE)],
        [_pause(view)],
        [stop_button(id_)],
        [go(_("My cards"), Place.MY_CARDS)] if only_thing else [],
        back=Place.MENU if only_thing else Place.AUTOPAY,
    )


def consent(offer: AutopayOffer, words: str, *, change: bool, back: str | Place) -> InlineKeyboardMarkup:
    """The button says what it does; beside it, what can be chosen differently."""
    blanks = {"amount": money(offer.amount), "interval": interval_words(offer.interval)}
    source = _("Other card, or the balance") if offer.connector_id else _("Other card")
    text = (
        _("Agree: {amount} {interval}", **blanks) if change else _("Connect: {amount} {interval}", **blanks)
    )
    return keyboard(
        [tap(text, Agree(seen=handle(words)))],
        [
            *([] if offer.connector_id else [tap(_("Other sum"), Other(what=Part.AMOUNT))]),
            tap(_("Other interval"), Other(what=Part.INTERVAL)),
        ],
        [tap(source, Other(what=Part.SOURCE))],
        back=back,
    )


def no_card(offer: AutopayOffer, *, change: bool, back: str | Place) -> InlineKeyboardMarkup:
    """No saved card: it is saved by paying now, or the balance pays alone."""
    return keyboard([new_card(offer, change=change)], _balance_alone(offer), back=back)


def refused(back: str | Place) -> InlineKeyboardMarkup:
    return keyboard(back=back)


def amounts(sums: Sequence[Money]) -> InlineKeyboardMarkup:
    return keyboard([tap(money(each), PickAmount(minor=each.minor)) for each in sums], back=CONSENT)


def intervals(choices: Sequence[tuple[Interval, Money | None]]) -> InlineKeyboardMarkup:
    """Each with its price, where that depends on it."""
    rows = (
        [tap(_interval(interval, price), PickInterval(months=interval.months, days=interval.days))]
        for interval, price in choices
    )
    return keyboard(*rows, back=CONSENT)


def sources(offer: AutopayOffer, *, change: bool) -> InlineKeyboardMarkup:
    """Saved cards, for a connector with the balance before them and the balance alone; and a new card."""
    rows: list[Row] = []
    for card in offer.cards:
        rows.append([_source(card, balance_first=False)])
        if offer.connector_id:
            rows.append([_source(card, balance_first=True)])
    return keyboard(*rows, _balance_alone(offer), [new_card(offer, change=change)], back=CONSENT)


def days(autopay_id: int, choices: Sequence[date]) -> InlineKeyboardMarkup:
    buttons = [
        tap(short_day(each), PickDay(autopay=autopay_id, ordinal=each.toordinal())) for each in choices
    ]
    return keyboard(buttons[:3], buttons[3:6], back=OpenAutopay(autopay=autopay_id).pack())


def new_card(offer: AutopayOffer, *, change: bool) -> InlineKeyboardButton:
    """To the payment that saves a card; beside an autopay that stands no other is connected by it."""
    if change:
        return go(_("Pay"), Place.PAY)
    words = _("Pay now with a card")
    if offer.connector_id:
        months = offer.interval.months
        return tap(words, PayWithAutopay(connector=handle(offer.connector_id), months=months))
    amount = offer.amount
    return tap(words, TopUpWithAutopay(payer=offer.payer_id, currency=amount.currency, minor=amount.minor))


def connected(view: AutopayView) -> InlineKeyboardMarkup:
    return keyboard([change_button(view.autopay.id)], [go(_("Autopay"), Place.AUTOPAY)])


def deleted(view: AutopayView | None = None) -> InlineKeyboardMarkup:
    """Nothing is asked any more; who stopped it by a word may have it back."""
    again = [tap(_("Connect again"), offer_of(view))] if view else []
    return keyboard(again, [go(_("Autopay"), Place.AUTOPAY)])


def which_to_delete(views: Sequence[AutopayView]) -> InlineKeyboardMarkup:
    rows = (
        [tap(_("Delete: {what}", what=_short(target_words(view))), DeleteAutopay(autopay=view.autopay.id))]
        for view in views[:MOST_LISTED]
    )
    return keyboard(*rows, [tap(_("Delete all"), DELETE_ALL)], back=Place.AUTOPAY)


def money_kept() -> InlineKeyboardMarkup:
    return keyboard([go(_("Balance and history"), Place.BALANCE), go(_("Autopay"), Place.AUTOPAY)])


def offer_of(view: AutopayView) -> PickOffer:
    """To what it was for, once it is deleted."""
    return PickOffer(
        connector=handle(view.connector.id) if view.connector else "",
        payer=view.payer.id,
        currency=view.autopay.amount.currency,
    )


def _open(view: AutopayView) -> InlineKeyboardButton:
    return tap(
        f"{_short(target_head(view))} · {money(view.autopay.amount)}", OpenAutopay(autopay=view.autopay.id)
    )


def _connect(offer: AutopayOffer) -> InlineKeyboardButton:
    picked = PickOffer(
        connector=handle(offer.connector_id) if offer.connector_id else "",
        payer=offer.payer_id,
        currency=offer.amount.currency,
    )
    return tap(_("Connect: {what}", what=_short(target_of(offer))), picked)


def _change(text: str, autopay_id: int, what: Part) -> InlineKeyboardButton:
    return tap(text, ChangeAutopay(autopay=autopay_id, what=what))


def _movable(view: AutopayView) -> bool:
    """While nothing is under way; a connector that never ran is charged as soon as it can be."""
    autopay = view.autopay
    runs = view.connector is None or view.connector.paid_until is not None
    return autopay.state is AutopayState.ACTIVE and not autopay.is_under_way and runs


def _pause(view: AutopayView) -> InlineKeyboardButton:
    pause = view.autopay.state is not AutopayState.PAUSED
    return tap(_("Pause") if pause else _("Resume"), PauseAutopay(autopay=view.autopay.id, pause=pause))


def _interval(interval: Interval, price: Money | None) -> str:
    words = interval_words(interval)
    return f"{words} · {money(price)}" if price else words


def _source(card: SavedCard, *, balance_first: bool) -> InlineKeyboardButton:
    named = saved_card_title(card)
    text = _("Balance first, then {card}", card=named) if balance_first else named
    return tap(text, PickSource(card=card.id, balance_first=balance_first))


def _balance_alone(offer: AutopayOffer) -> Row:
    """An autopay that fills a balance cannot be paid from it."""
    return (
        [tap(_("From the balance alone"), PickSource(card=0, balance_first=True))]
        if offer.connector_id
        else []
    )


def _short(words: str) -> str:
    return shown(words, TITLE_ON_BUTTON)
