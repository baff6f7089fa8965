"""What customers are told about their money without having asked. Their buttons open screens below."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.refunds import Destination
from bot.domain.refusals import Refusal
from bot.i18n import N_, _, card_title, money, refusal_sentence, shown
from bot.i18n.payment_words import network_line
from bot.i18n.refund_words import changed_words, promo_words
from bot.keyboards.balance import settle_button
from bot.keyboards.buttons import Place, Row, go, keyboard, tap
from bot.keyboards.pay import Complain, PayRest, pay_rest
from bot.keyboards.receipts import receipt_button
from bot.notices import after_paying
from bot.notices.about import extended, titles
from bot.notices.registry import Payload, Rendered, notice


@notice("paid")
def paid(facts: Payload) -> Rendered:
    """The success message: the sum, the card, the number a bank asks for, and the new dates."""
    text = "\n".join(
        [
            _paid(facts),
            *_proof(facts),
            "",
            *extended(facts),
            *_switching(facts),
            *_rest(facts),
            *after_paying.lines(facts),
        ]
    )
    bought = Place.ORDERS if _is_made(facts) else Place.CONNECTORS
    places = [bought, Place.BALANCE] if facts.get("rest") else [bought]
    buttons = _places(*places, above=[*_receipt(facts), *after_paying.rows(facts)])
    return Rendered(text, buttons, replaces=_link(facts))


@notice("switched_on")
def switched_on(facts: Payload) -> Rendered:
    text = _("🟢 {title} is switched on.", title=shown(str(facts["title"])))
    return Rendered(text, _places(Place.CONNECTORS))


@notice("short")
def short(facts: Payload) -> Rendered:
    text = _(
        "{amount} arrived, but {missing} is still missing for {what}. "
        "Pay the rest, and it will be switched on.",
        amount=money(facts["amount"]),
        missing=money(facts["missing"]),
        what=titles(facts),
    )
    rest = pay_rest(int(facts["order_id"]), facts["missing"], anew=True)
    return Rendered(_with_proof(text, facts), _doubtful(facts, [rest]), replaces=_link(facts))


@notice("on_balance")
def on_balance(facts: Payload) -> Rendered:
    text = _(
        "{amount} arrived, but the order for {what} was closed before. "
        "The money rests on your balance: {balance}. Pay with it, or write to us and we will send it back.",
        amount=money(facts["amount"]),
        what=titles(facts),
        balance=money(facts["balance"]),
    )
    rows = [*_usable(facts), [go(_(_TITLES[Place.BALANCE]), Place.BALANCE, anew=True)]]
    return Rendered(_with_proof(text, facts), _doubtful(facts, *rows), replaces=_link(facts))


@notice("topped_up")
def topped_up(facts: Payload) -> Rendered:
    text = _(
        "✅ {amount} arrived. Your balance: {balance}.",
        amount=money(facts["amount"]),
        balance=money(facts["balance"]),
    )
    above = [*_usable(facts), *_receipt(facts), *after_paying.rows(facts)]
    told = "\n".join([_with_proof(text, facts), *after_paying.lines(facts)])
    return Rendered(told, _places(Place.PAY, Place.BALANCE, above=above), replaces=_link(facts))


@notice("refused")
def refused(facts: Payload) -> Rendered:
    reason = refusal_sentence(str(facts.get("refusal", Refusal.OTHER)))
    text = _(
        "✖️ {amount} was not paid: {reason}. You can try again.", amount=money(facts["amount"]), reason=reason
    )
    return Rendered(text, keyboard([_pay_again(facts)], _complain(facts), [_menu()], menu=False))


@notice("refunded")
def refunded(facts: Payload) -> Rendered:
    if facts.get("destination") == Destination.BY_HAND:
        text = _(
            "↩️ {amount} was sent to you by a bank transfer. It takes up to a few working days.",
            amount=money(facts["amount"]),
        )
    else:
        text = _(
            "↩️ {amount} went back the way it came. Banks take up to a few working days to show it.",
            amount=money(facts["amount"]),
        )
    text = "\n".join([text, *changed_words(facts.get("lines") or ()), *promo_words(facts)])
    if facts.get("autopay_goes_on"):
        text += "\n" + _("A refund does not stop your autopay: that is done at /autopay.")
    return Rendered(_with_proof(text, facts), _places(Place.HISTORY))


@notice("taken_back")
def taken_back(facts: Payload) -> Rendered:
    text = _(
        "{amount} was taken back by your bank or returned by the payment company. Your balance: {balance}. "
        "If you did not ask for that, write to us.",
        amount=money(facts["amount"]),
        balance=money(facts["balance"]),
    )
    return Rendered(_with_proof(text, facts), _places(Place.WRITE))


@notice("sent_back")
def sent_back(facts: Payload) -> Rendered:
    """Stars that an order could not take any more."""
    text = _(
        "{amount} arrived, but the order for {what} was closed before. We are sending them back to you.",
        amount=money(facts["amount"]),
        what=titles(facts),
    )
    return Rendered(_with_proof(text, facts), _places(Place.HISTORY), replaces=_link(facts))


@notice("paid_by_other")
def paid_by_other(facts: Payload) -> Rendered:
    head = _("Somebody paid for your connector by a link.")
    return Rendered("\n".join([head, *extended(facts)]), _places(Place.CONNECTORS))


@notice("connector_attached")
def connector_attached(facts: Payload) -> Rendered:
    text = _("{title} is yours now: you can pay for it here.", title=shown(str(facts["title"])))
    return Rendered(text, _places(Place.PAY))


def _receipt(facts: Payload) -> list[Row]:
    """What an operator put on the balance, or what was free, has no receipt."""
    payment_id, order_id = facts.get("payment_id"), facts.get("order_id")
    return [[receipt_button(payment_id, order_id)]] if facts["amount"] and (payment_id or order_id) else []


def _paid(facts: Payload) -> str:
    """What the balance pays has no payment of its own, and what is free has no money."""
    if not facts["amount"]:
        return _("✅ Done: nothing was left to pay.")
    amount = money(facts["amount"])
    if facts.get("payment_id") is None:
        return _("✅ Paid from your balance: {amount}", amount=amount)
    return _("✅ Paid: {amount}", amount=amount)


def _proof(facts: Payload) -> list[str]:
    """What a bank or an accountant asks for, as far as it is known."""
    lines = []
    if facts.get("masked_card"):
        lines.append(_("Card: {card}", card=card_title(str(facts["masked_card"]))))
    if facts.get("number"):
        lines.append(_("Transaction: {number}", number=shown(str(facts["number"]))))
    lines += network_line(str(facts.get("provider") or ""))
    return lines


def _with_proof(text: str, facts: Payload) -> str:
    return "\n\n".join(filter(None, (text, "\n".join(_proof(facts)))))


def _switching(facts: Payload) -> list[str]:
    """A promise that `switched_on` keeps, where the seller's own system does the switching.

    What is made to order is switched on by nobody: work begins.
    """
    if _is_made(facts):
        return [_("Work on it begins now: we write at every stage, and /orders shows where it stands.")]
    if not facts.get("switching"):
        return []
    return [_("Switching it on. If that takes more than a few seconds, we will write when it is done.")]


def _is_made(facts: Payload) -> bool:
    return any(line.get("made") for line in facts.get("lines") or ())


def _rest(facts: Payload) -> list[str]:
    """What came in too much, or was there before."""
    if not facts.get("rest"):
        return []
    return [_("Left on your balance: {amount}", amount=money(facts["rest"]))]


def _link(facts: Payload) -> int:
    """The message that carries the link this money came by."""
    return int(facts.get("message_id") or 0)


_TITLES = {
    Place.PAY: N_("Pay"),
    Place.CONNECTORS: N_("Connectors"),
    Place.ORDERS: N_("Orders"),
    Place.BALANCE: N_("Balance"),
    Place.HISTORY: N_("History"),
    Place.WRITE: N_("Write to us"),
}


def _places(*places: Place, above: Sequence[Row] = ()) -> InlineKeyboardMarkup:
    """Two in a row: three do not fit on a narrow telephone."""
    buttons = [go(_(_TITLES[place]), place, anew=True) for place in places]
    rows = [[*buttons, _menu()]] if len(buttons) < 2 else [buttons, [_menu()]]
    return keyboard(*above, *rows, menu=False)


def _usable(facts: Payload) -> list[Row]:
    """A button for each order that the balance can pay now."""
    return [
        [settle_button(int(order["order_id"]), str(order["titles"][0]), order["price"], anew=True)]
        for order in facts.get("usable") or ()
    ]


def _doubtful(facts: Payload, *rows: Row) -> InlineKeyboardMarkup:
    write = go(_("Write to us"), Place.WRITE, anew=True)
    return keyboard(*rows, _complain(facts), [write, _menu()], menu=False)


def _menu() -> InlineKeyboardButton:
    return go(_("Menu"), Place.MENU, anew=True)


def _pay_again(facts: Payload) -> InlineKeyboardButton:
    """A new link for the same order: nothing has to be chosen again."""
    if not facts.get("order_id"):
        return go(_("Top up"), Place.TOP_UP, anew=True)
    return tap(
        _("Pay {amount}", amount=money(facts["amount"])), PayRest(order=int(facts["order_id"]), anew=True)
    )


def _complain(facts: Payload) -> Row:
    """Money that an operator put on the balance has no payment to ask about."""
    if facts.get("payment_id") is None:
        return []
    return [tap(_("I paid, but nothing changed"), Complain(payment=int(facts["payment_id"]), anew=True))]
