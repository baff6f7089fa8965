"""What can be said of autopays, wherever it is: the consent's exact text, how one stands, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.autopays import Agreement, AutopayReason, AutopayState, Interval
from bot.domain.catalogue import Catalogue
from bot.domain.money import Money
from bot.domain.saved_cards import SavedCard
from bot.i18n.catalogues import N_, _, language, ngettext
from bot.i18n.figures import coming_day, day, money, wall_zone
from bot.i18n.sentences import card_title
from bot.i18n.strangers import shown
from bot.i18n.zone_words import city_of
from bot.services.autopay.views import AutopayOffer, AutopayView

AGREEMENT_VERSION = "1"
"""To be raised with every change of what `agreement_words` says."""

REASONS = {
    AutopayReason.CUSTOMER: N_("you asked for it"),
    AutopayReason.RETRIES_EXHAUSTED: N_("the card did not let the money go, several times"),
    AutopayReason.GRACE_PERIOD_EXPIRED: N_("what was owed stayed unpaid for too long"),
    AutopayReason.HARD_DECLINED: N_("the bank does not let this card be charged"),
    AutopayReason.REVOKED: N_("you took your consent back"),
    AutopayReason.CARD_UNLINKED: N_("its card was unlinked"),
    AutopayReason.CARD_EXPIRED: N_("its card has expired"),
    AutopayReason.PRICE_CHANGED: N_("the price has risen, and you have not agreed to the new one"),
    AutopayReason.UNDELIVERABLE: N_("we could not tell you of the charge beforehand"),
    AutopayReason.TARIFF_GONE: N_("this is no longer sold"),
    AutopayReason.CONNECTOR_GONE: N_("the connector is gone"),
    AutopayReason.PAYER_CHANGED: N_("somebody else pays for this connector now"),
    AutopayReason.CHARGED_BEFORE: N_("the paid-until date went back to a day that was charged for already"),
    AutopayReason.DEBT: N_("a debt has to be paid first"),
    AutopayReason.OPERATOR: N_("an operator stopped it"),
    AutopayReason.BLOCKED: N_("new payments are not taken from you just now"),
    AutopayReason.FORGOTTEN: N_("your data were deleted"),
    AutopayReason.TAKEN_BACK: N_("the bank took the money of a charge back"),
    AutopayReason.REFUNDED: N_("what it pays for was refunded"),
    AutopayReason.NO_CONTACT: N_("there is no address that its receipt could go to"),
    AutopayReason.NOT_SAVED: N_("the payment company did not save the card"),
}

REFUSED = {
    "above_ceiling": N_(
        "Autopay takes from {least} to {most} at once, and this is {amount}: it can't have one."
    ),
    "below_least": N_(
        "Autopay takes from {least} to {most} at once, and this is {amount}: it can't have one."
    ),
    "no_method": N_("Nobody can charge a card by itself in this currency, so there is no autopay for it."),
    "several_connectors": N_(
        "Autopay is for one connector at a time: pay for them one by one to connect it."
    ),
    "not_yours": N_("Autopay is connected by whoever the connector belongs to."),
}

REFUSED_OTHERWISE = N_("Autopay can't be connected for this.")


def agreement_words(
    catalogue: Catalogue,
    offer: AutopayOffer,
    card: SavedCard | None = None,
    *,
    balance_first: bool = False,
    zone: str = "",
) -> str:
    """The consent's exact text: what is kept as evidence is what stood on the screen.

    `zone` is the customer's own, "" where it is unknown: then the seller's is named. Without a card the one
    of the payment under way is meant, or, with `balance_first`, the balance alone.
    """
    lines = [
        _("Autopay: {what}", what=target_of(offer)),
        _("• Sum: {amount} {interval}", amount=money(offer.amount), interval=interval_words(offer.interval)),
        *_other_sum_now(offer),
        _("• First charge: {date}", date=day(offer.first_on)),
        _("• From: {source}", source=source_words(card, balance_first=balance_first)),
        _("• Who takes it: {seller}, without a fee", seller=shown(catalogue.seller.legal_name, 160)),
        _("• Until when: until you stop it"),
        "",
        _("By confirming you agree that these charges are made without asking you each time."),
        _("Stop it at any moment, at once: /autopay → “Delete autopay” or “Unlink the card”."),
        _(
            "We write three days before each charge, and a day before. More than this sum is never taken "
            "without a new consent of yours."
        ),
        *zone_lines(zone),
        _("Terms: /terms"),
    ]
    return "\n".join(lines)


def agreement(
    catalogue: Catalogue,
    offer: AutopayOffer,
    card: SavedCard | None = None,
    *,
    balance_first: bool = False,
    zone: str = "",
    update_id: int | None = None,
) -> Agreement:
    """What a tap agrees to, with the words that `agreement_words` shows for the same."""
    return Agreement(
        text=agreement_words(catalogue, offer, card, balance_first=balance_first, zone=zone),
        version=AGREEMENT_VERSION,
        language=language(),
        amount=offer.amount,
        interval=offer.interval,
        first_on=offer.first_on,
        card_id=card.id if card else None,
        balance_first=balance_first,
        update_id=update_id,
    )


def _other_sum_now(offer: AutopayOffer) -> list[str]:
    if offer.paid_now is None or offer.paid_now == offer.amount:
        return []
    return [
        _(
            "• This payment is {now}, the charges are {amount}: the price without a discount",
            now=money(offer.paid_now),
            amount=money(offer.amount),
        )
    ]


def zone_lines(zone: str) -> list[str]:
    """«Даты — по времени: Москва», where his own clock is not known."""
    if zone:
        return []
    return [_("Dates are by the time of: {city}", city=city_of(wall_zone().key))]


def target_of(offer: AutopayOffer) -> str:
    return (
        shown(offer.title)
        if offer.connector_id
        else _("top-up of the balance, {title}", title=shown(offer.title))
    )


def target_words(view: AutopayView) -> str:
    """What an autopay pays for: a connector, or a payer's balance."""
    if view.connector is not None:
        return shown(view.connector.title)
    return _("top-up of the balance, {title}", title=shown(view.payer.shown_name))


def thing_words(facts: Mapping[str, Any]) -> str:
    """The same as a notice tells it: «WhatsApp +7…», «пополнение баланса»."""
    title = shown(str(facts.get("title") or ""))
    if facts.get("connector_id"):
        return title
    return _("top-up of the balance, {title}", title=title) if title else _("top-up of the balance")


def target_head(view: AutopayView) -> str:
    """The same at the beginning of a line or a button; a connector's name stays as it is."""
    words = target_words(view)
    return words if view.connector is not None else words[:1].upper() + words[1:]


def source_words(card: SavedCard | None, *, balance_first: bool) -> str:
    """«карта •••• 7173», «баланс, а чего не хватит — карта •••• 7173»."""
    if card is None:
        return _("your balance alone") if balance_first else _("the card that you pay with now")
    named = saved_card_title(card)
    return _("your balance, and what it lacks from {card}", card=named) if balance_first else named


def saved_card_title(card: SavedCard) -> str:
    """«Мир •••• 7173»; a card without a known number is just a card."""
    return card_title(card.masked) if card.masked else _("saved card")


def expiry_words(card: SavedCard) -> str:
    """«до 12/2028», as it stands on the card; "" where the provider does not tell."""
    return _("until {date}", date=f"{card.expires_on:%m/%Y}") if card.expires_on else ""


def interval_words(interval: Interval) -> str:
    """«каждый месяц», «каждые 30 дней»: to stand after a sum."""
    if interval.days:
        return ngettext("every {count} day", "every {count} days", interval.days)
    if interval.months == 1:
        return _("every month")
    return ngettext("every {count} month", "every {count} months", interval.months)


def autopay_line(view: AutopayView) -> str:
    """«У вас подключён автоплатёж на 10 ₽. Следующий — 2 декабря»: for every screen it concerns."""
    return " ".join(
        [_("You have an autopay of {amount}.", amount=money(view.autopay.amount)), what_next(view)]
    )


def autopay_summary(view: AutopayView) -> str:
    """«WhatsApp +7…: 990 ₽ каждый месяц, •••• 7173», and below it what comes next."""
    autopay = view.autopay
    line = _(
        "{what}: {amount} {interval}, {source}",
        what=target_head(view),
        amount=money(autopay.amount),
        interval=interval_words(autopay.interval),
        source=_source_of(view),
    )
    return f"{line}\n{what_next(view)}"


def _source_of(view: AutopayView) -> str:
    if view.card is not None and not view.card.is_linked:
        return _("its card was unlinked")
    return source_words(view.card, balance_first=view.autopay.balance_first or view.card is None)


def what_next(view: AutopayView) -> str:
    """When the next charge is, or why there is none; one sentence."""
    autopay = view.autopay
    match autopay.state:
        case AutopayState.WAITING:
            return _("It begins when the payment that saves its card has arrived.")
        case AutopayState.PAUSED:
            return _("It is paused: {reason}.", reason=reason_words(autopay.reason))
        case AutopayState.REVOKED:
            return _("It has ended: {reason}.", reason=reason_words(autopay.reason))
    return _("A charge is under way just now.") if autopay.is_under_way else _next_charge(view)


def _next_charge(view: AutopayView) -> str:
    autopay = view.autopay
    if autopay.state is AutopayState.RETRYING and autopay.due_at is not None:
        local = autopay.due_at.astimezone(ZoneInfo(view.zone)).date()
        return _("The last charge did not succeed; the next try is on {date}.", date=coming_day(local))
    if autopay.charge_on is None:
        return _("The next charge has no date yet.")
    return _("The next one is on {date}.", date=coming_day(autopay.charge_on))


def risen_price(view: AutopayView) -> Money | None:
    """What a charge would take today, where that is more than was agreed to."""
    price = view.next_amount
    return price if price is not None and price > view.autopay.amount else None


def reason_words(reason: AutopayReason | str) -> str:
    """Half a sentence, to stand after "it is paused:"."""
    known = AutopayReason(reason) if reason in list(AutopayReason) else AutopayReason.OPERATOR
    return _(REASONS[known])


def offer_refusal(offer: AutopayOffer) -> str:
    """Why this autopay cannot be had, "" where it can."""
    if not offer.refusal:
        return ""
    blanks = {
        "amount": money(offer.amount),
        "least": money(offer.limits.least),
        "most": money(offer.limits.most),
    }
    return _(REFUSED.get(offer.refusal, REFUSED_OTHERWISE)).format(**blanks)
