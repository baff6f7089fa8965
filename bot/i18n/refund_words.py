"""What refund requests are called: where the money goes, and what becomes of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.customers import Customer
from bot.domain.personal_data import is_nobody
from bot.domain.refunds import (
    Destination,
    LineChange,
    RefundPreview,
    RefundRequest,
    RefundState,
    ServiceChange,
)
from bot.i18n.catalogues import N_, _, language
from bot.i18n.figures import day, money
from bot.i18n.networks import provider_words
from bot.i18n.sentences import card_title
from bot.i18n.strangers import shown
from bot.services.refund.wishes import RefundOffer

SERVICES = {
    ServiceChange.KEEP: N_("Keep the service"),
    ServiceChange.SHORTEN: N_("Shorten it"),
    ServiceChange.STOP: N_("Stop it today"),
}
PLACES = {
    Destination.SOURCE: N_("The way it came"),
    Destination.BALANCE: N_("To the balance"),
    Destination.BY_HAND: N_("By hand, by a transfer"),
}

REASONS = (
    N_("I paid twice"),
    N_("I paid for the wrong thing"),
    N_("It does not work"),
    N_("I don't need it any more"),
)
"""What customers give as a reason by one tap."""

_STANDS = {
    RefundState.ASKED: N_("⏳ You asked for {amount} back. An operator decides."),
    RefundState.PROPOSED: N_("⏳ {amount} is to go back; a second person looks at it."),
    RefundState.SENDING: N_("⏳ {amount} is on its way back."),
    RefundState.BY_HAND: N_("⏳ {amount} is to be sent by a bank transfer."),
    RefundState.DONE: N_("✅ {amount} went back."),
    RefundState.DECLINED: N_("✖️ Your refund of {amount} was declined."),
    RefundState.WITHDRAWN: N_("You took your request for {amount} back."),
    RefundState.FAILED: N_("⚠️ {amount} could not be sent. It is on your balance; an operator looks into it."),
}


def wish_words(offer: RefundOffer) -> str:
    """The seller's rules, what could go back, and how the last wish stands."""
    request = offer.request
    lines = [
        _("Refund of {amount}", amount=money(offer.payment.amount)),
        *[rule.in_language(language()) for rule in offer.rules],
        _(_STANDS[request.state], amount=money(request.amount)) if request is not None else "",
        _why_declined(request),
    ]
    if offer.most is None and offer.open_request is None:
        lines.append(_("Nothing of this payment can go back."))
    elif offer.most is not None and offer.open_request is None:
        lines.append(_("Up to {amount} can go back.", amount=money(offer.most)))
    return "\n".join(filter(None, lines))


def _why_declined(request: RefundRequest | None) -> str:
    if request is None or request.state is not RefundState.DECLINED:
        return ""
    return _("Reason: {reason}", reason=shown(request.outcome, 300))


def service_words(service: str) -> str:
    return _(SERVICES[ServiceChange(service)])


def place_words(destination: str) -> str:
    return _(PLACES[Destination(destination)])


def goal_words(destination: str, *, card: str, provider: str, account: str) -> str:
    """«на •••• 4444», or what else names the place that money goes to."""
    match Destination(destination):
        case Destination.BALANCE:
            return _("to the customer's balance")
        case Destination.BY_HAND:
            return _("by a transfer to {account}", account=shown(account)) if account else _("by a transfer")
    if card:
        return _("to {card}", card=card_title(card))
    return _("by {provider}", provider=provider_words(provider))


def preview_words(preview: RefundPreview) -> str:
    """All that would happen, in a few lines; nothing of it has."""
    goal = goal_words(
        preview.destination.value,
        card=preview.payment.proof.card,
        provider=preview.payment.provider,
        account=preview.account,
    )
    titles = ", ".join(shown(title) for title in preview.order.titles) if preview.order else ""
    lines = [
        _("↩️ Refund of payment {number}", number=preview.payment.id),
        _customer(preview.customer),
        _("Paid for: {titles}", titles=titles) if titles else _("A top-up of the balance"),
        _(
            "{amount} of {most} goes {goal}",
            amount=money(preview.amount),
            most=money(preview.most),
            goal=goal,
        ),
        *[line_words(line.title, line) for line in preview.lines],
        _("The service is not changed.") if preview.has_connectors and not preview.lines else "",
        _("The promo code {code} returns to the customer.", code=shown(preview.promo_code))
        if preview.promo_code
        else "",
        _("Reason: {reason}", reason=shown(preview.plan.reason, 300)) if preview.plan.reason else "",
        _("A second person has to agree.") if preview.needs_second else "",
    ]
    return "\n".join(filter(None, lines))


def _customer(customer: Customer) -> str:
    name = shown(customer.name)
    if name and is_nobody(customer.id):
        return _("Customer: {name}, without Telegram", name=name)
    return _("Customer: {name}, id {id}", name=name, id=customer.id)


def outcome_words(request: RefundRequest) -> str:
    """How far it came at once, in one line."""
    amount = money(request.amount)
    match request.state:
        case RefundState.DONE:
            return _("✅ {amount} went back.", amount=amount)
        case RefundState.SENDING:
            return _("⏳ {amount} is on its way; its end will be told here.", amount=amount)
        case RefundState.BY_HAND:
            return _("✔️ Decided: {amount} has to be sent by hand. The task hangs below.", amount=amount)
        case RefundState.FAILED:
            return _("⚠️ {amount} could not be sent; it is on the customer's balance again.", amount=amount)
    return _("⏳ {amount} waits for a second person.", amount=amount)


def line_words(title: str, line: LineChange | Mapping[str, Any]) -> str:
    """«линия до 14.12.2026 → 02.12.2026»."""
    before = line.before if isinstance(line, LineChange) else line["before"]
    after = line.after if isinstance(line, LineChange) else line["after"]
    return _("{title}: paid until {old} → {new}", title=shown(title), old=day(before), new=day(after))


def promo_words(facts: Mapping[str, Any]) -> list[str]:
    """That his code is his again, where it is."""
    code = str(facts.get("promo") or "")
    return [_("Your promo code {code} can be used again.", code=shown(code))] if code else []


def changed_words(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """Until when what was shortened is paid now; of somebody else's no date is told."""
    return [
        _("{title}: paid until {date}", title=shown(str(line["title"])), date=day(line["paid_until"]))
        for line in lines
        if line["paid_until"] is not None
    ]
