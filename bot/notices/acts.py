"""What customers are told of acts of operators."""

from __future__ import annotations

from bot.i18n import _, act_news, autopay_news, shown
from bot.i18n.autopay_news import News
from bot.keyboards import acts as act_buttons
from bot.keyboards.buttons import Place, Row, go, keyboard
from bot.notices.about import amount, customer, text_of
from bot.notices.registry import Payload, Rendered, notice, operators_notice
from bot.notices.topics import MONEY, TALK
from bot.notices.worth import WORTH


@notice("date_moved")
def date_moved(facts: Payload) -> Rendered:
    return _told("📅", act_news.date_moved(facts), [go(_("Connectors"), Place.CONNECTORS, anew=True)])


@notice("card_unlinked")
def card_unlinked(facts: Payload) -> Rendered:
    return _told("💳", autopay_news.card_unlinked(facts), [go(_("Autopay"), Place.AUTOPAY, anew=True)])


@notice("blocked")
def blocked(_facts: Payload) -> Rendered:
    return _told("⛔", act_news.blocked(), [go(_("Write to us"), Place.WRITE, anew=True)])


@notice("unblocked")
def unblocked(_facts: Payload) -> Rendered:
    return _told("✅", act_news.unblocked())


@notice("moved_away")
def moved_away(_facts: Payload) -> Rendered:
    """The old chat holds nothing from then on."""
    told = _("Everything that was here belongs to another Telegram account now, as you asked us.")
    wrong = _("If you have not asked for it, write to us at once: /support.")
    return Rendered(
        text_of(f"🔒 {told}", wrong), keyboard([go(_("Write to us"), Place.WRITE, anew=True)], menu=False)
    )


@notice("moved_here")
def moved_here(_facts: Payload) -> Rendered:
    told = _("Everything from your other account is here now: connectors, balance, payments, autopays.")
    return Rendered(f"✅ {told}", keyboard([go(_("Menu"), Place.MENU, anew=True)], menu=False))


@operators_notice("customer_move", lives=WORTH)
def customer_move(facts: Payload) -> Rendered:
    head = _(
        "🔁 Move customer {number} ({name}) to another Telegram account, {to_number} ({to_name})? "
        "It can't be taken back. A second person has to confirm it; one of the two is an owner.",
        number=facts["customer_id"],
        name=shown(str(facts.get("old") or ""), 64) or "…",
        to_number=facts["to_id"],
        to_name=shown(str(facts.get("new") or ""), 64) or "…",
    )
    why = _("Reason: {reason}", reason=shown(str(facts.get("reason") or ""), 200))
    return Rendered(text_of(head, why), act_buttons.second(facts), topic=TALK)


@operators_notice("caller_came")
def caller_came(facts: Payload) -> Rendered:
    head = _(
        "📲 {caller}, for whom you ordered on the telephone, has opened the link: "
        "all of it is in the chat now.",
        caller=shown(str(facts.get("caller") or "")) or "…",
    )
    return Rendered(text_of(head, customer(facts)), topic=TALK)


@notice("balance_given")
def balance_given(facts: Payload) -> Rendered:
    return _told("↪️", act_news.balance_given(facts), [go(_("Balance"), Place.BALANCE, anew=True)])


@notice("balance_got")
def balance_got(facts: Payload) -> Rendered:
    return _told("↩️", act_news.balance_got(facts), [go(_("Balance"), Place.BALANCE, anew=True)])


@operators_notice("money_second", lives=WORTH)
def money_second(facts: Payload) -> Rendered:
    amount_, why = amount(facts), _("Reason: {reason}", reason=shown(str(facts.get("reason") or ""), 200))
    if facts.get("act") == "move":
        head = _(
            "🔁 Move {amount} from payer {giver} to payer {taker}? A second person has to confirm it.",
            amount=amount_,
            giver=facts["giver"],
            taker=facts["taker"],
        )
    else:
        head = _(
            "💵 Mark order {order} as paid outside: {amount}, paper {number}? "
            "A second person has to confirm it.",
            order=facts.get("order_id", "…"),
            amount=amount_,
            number=shown(str(facts.get("number") or ""), 64),
        )
    return Rendered(text_of(head, customer(facts), why), act_buttons.second(facts), topic=MONEY)


def _told(sign: str, news: News, *rows: Row) -> Rendered:
    first, *more = news.lines
    buttons = keyboard(*rows, [go(_("Menu"), Place.MENU, anew=True)], menu=False)
    return Rendered(text_of(f"{sign} {first}", more), buttons)
