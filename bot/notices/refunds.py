"""Refunds: what customers hear of them, and the cards that operators decide upon."""

from __future__ import annotations

from aiogram.types import InlineKeyboardMarkup

from bot.i18n import _, money, shown
from bot.i18n.refund_words import changed_words, goal_words, line_words, promo_words
from bot.keyboards import refunds as screens
from bot.keyboards.buttons import Place, go, keyboard
from bot.notices.about import amount, customer, proof, provider, text_of, titles
from bot.notices.registry import Payload, Rendered, notice, operators_notice
from bot.notices.topics import REFUNDS
from bot.notices.worth import WORTH


@operators_notice("refund_asked", lives=WORTH)
def refund_asked(facts: Payload) -> Rendered:
    head = _("↩️ A customer asks for a refund: up to {amount}", amount=amount(facts))
    what = _("Paid for: {titles}", titles=titles(facts)) if facts.get("titles") else ""
    reason = _("Reason: {reason}", reason=shown(str(facts["reason"]), 300))
    account = str(facts.get("account") or "")
    where = _("Account: {account}", account=shown(account, 300)) if account else ""
    text = text_of(head, customer(facts), what, proof(facts), reason, where)
    return Rendered(text, screens.asked(facts), topic=REFUNDS)


@operators_notice("refund_proposed", lives=WORTH)
def refund_proposed(facts: Payload) -> Rendered:
    blanks = {"amount": amount(facts), "goal": _goal(facts)}
    head = _("↩️ A refund waits for a second person: {amount}, {goal}", **blanks)
    alone = _("Nobody else may agree: the proposer does so in his private chat.") if facts["alone"] else ""
    text = text_of(head, customer(facts), proof(facts), _plan(facts), alone)
    return Rendered(text, screens.to_confirm(facts), topic=REFUNDS)


@notice("refund_to_confirm", lives=WORTH)
def refund_to_confirm(facts: Payload) -> Rendered:
    """To an owner in private: nobody else may agree."""
    if facts["alone"]:
        head = _(
            "↩️ You proposed a refund of {amount}, {goal}. Nobody else may agree to it: look at it once more.",
            amount=amount(facts),
            goal=_goal(facts),
        )
    else:
        head = _("↩️ A refund waits for your word: {amount}, {goal}", amount=amount(facts), goal=_goal(facts))
    return Rendered(text_of(head, proof(facts), _plan(facts)), screens.to_confirm_in_private(facts))


@operators_notice("refund_by_hand", lives=WORTH)
def refund_by_hand(facts: Payload) -> Rendered:
    head = _("📝 Send {amount} back, {goal}", amount=amount(facts), goal=_goal(facts))
    account = str(facts.get("account") or "")
    lines = [
        head,
        customer(facts),
        proof(facts),
        _("Account: {account}", account=shown(account, 300)) if account else "",
        _("Purpose: {purpose}", purpose=shown(str(facts.get("purpose") or ""), 210)),
        _("Reason: {reason}", reason=shown(str(facts["reason"]), 300)),
        _("When it is sent, press “Sent” and write the number of the payment order."),
    ]
    return Rendered(text_of(lines), screens.by_hand(facts), topic=REFUNDS)


@operators_notice("refund_failed", lives=WORTH)
def refund_failed(facts: Payload) -> Rendered:
    head = _(
        "⚠️ {amount} could not be refunded: {code}. It is on the customer's balance again.",
        amount=amount(facts),
        code=shown(str(facts["code"])),
    )
    return Rendered(text_of(head, customer(facts), proof(facts)), screens.failed(facts), topic=REFUNDS)


@operators_notice("refund_unknown", lives=WORTH)
def refund_unknown(facts: Payload) -> Rendered:
    head = _(
        "⚠️ The answer about a refund of {amount} was lost. It is not sent again: look in the cabinet of "
        "{provider} whether it went.",
        amount=amount(facts),
        provider=provider(facts),
    )
    return Rendered(
        text_of(head, customer(facts), proof(facts), _said(facts)), screens.lost(facts), topic=REFUNDS
    )


def _said(facts: Payload) -> str:
    """The first person's word; another has to say the same."""
    said = facts.get("said")
    if not said:
        return ""
    if said["number"]:
        return _(
            "id {id} found it there: {number}. A second person has to see it too.",
            id=said["by"],
            number=shown(str(said["number"])),
        )
    return _("id {id} did not find it there. A second person has to look too.", id=said["by"])


@operators_notice("refunded_to_balance")
def told_on_balance(facts: Payload) -> Rendered:
    head = _(
        "↩️ {amount} of an order went back to the customer's balance: {balance}.",
        amount=amount(facts),
        balance=money(facts["balance"]),
    )
    return Rendered(text_of(head, customer(facts), proof(facts)), topic=REFUNDS)


@notice("refunded_to_balance")
def refunded_to_balance(facts: Payload) -> Rendered:
    head = _(
        "↩️ {amount} is on your balance again: {balance}.",
        amount=amount(facts),
        balance=money(facts["balance"]),
    )
    text = text_of(head, changed_words(facts.get("lines") or ()), promo_words(facts))
    return Rendered(text, _to(_("Balance"), Place.BALANCE))


@notice("refund_declined")
def refund_declined(facts: Payload) -> Rendered:
    head = _("Your refund of {amount} was declined.", amount=amount(facts))
    reason = _("Reason: {reason}", reason=shown(str(facts["reason"]), 300))
    return Rendered(text_of(head, reason), _to(_("Write to us"), Place.WRITE))


def _goal(facts: Payload) -> str:
    return goal_words(
        str(facts["destination"]),
        card=str(facts.get("masked_card") or ""),
        provider=provider(facts),
        account=str(facts.get("account") or ""),
    )


def _plan(facts: Payload) -> list[str]:
    promo = str(facts.get("promo") or "")
    return [
        *[line_words(str(line["title"]), line) for line in facts.get("lines") or ()],
        _("The promo code {code} returns to the customer.", code=shown(promo)) if promo else "",
        _("Reason: {reason}", reason=shown(str(facts["reason"]), 300)),
        _proposer(facts),
    ]


def _proposer(facts: Payload) -> str:
    if not facts.get("proposed_by"):
        return ""
    name = shown(str(facts.get("proposer") or ""))
    return _("Proposed by {name}", name=name or f"id {facts['proposed_by']}")


def _to(title: str, place: Place) -> InlineKeyboardMarkup:
    return keyboard([go(title, place, anew=True), go(_("Menu"), Place.MENU, anew=True)], menu=False)
