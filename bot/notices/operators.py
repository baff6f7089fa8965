"""What operators are told that needs nobody: money that came and went, and how the house itself is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.domain.money import Money
from bot.domain.notices import DIED, DIGEST, FROM_BALANCE, LETTER_REFUSED, MAIL
from bot.domain.states import OrderState
from bot.i18n import N_, _, moment, money, ngettext, refusal_sentence, shown
from bot.notices.about import amount, customer, extended, proof, provider, text_of, titles
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.topics import HOUSE, MONEY, REFUNDS, REPORTS

REPLAY = "python -m bot webhooks replay"


@operators_notice("paid_new")
def paid_new(facts: Payload) -> Rendered:
    if facts.get("payment_id") is None:
        head = _("💰 {amount} paid from the balance.", amount=amount(facts))
    else:
        head = _("💰 {amount} paid.", amount=amount(facts))
    return _news(head, customer(facts), extended(facts), proof(facts))


@operators_notice("late_revived")
def late_revived(facts: Payload) -> Rendered:
    head = _(
        "💰 {amount} came late: the order had expired and was fulfilled all the same.", amount=amount(facts)
    )
    return _news(head, customer(facts), extended(facts), proof(facts))


@operators_notice("short")
def short(facts: Payload) -> Rendered:
    head = _(
        "◐ {amount} came, {missing} is missing for {what}. The customer was told.",
        amount=amount(facts),
        missing=money(facts["missing"]),
        what=titles(facts),
    )
    return _news(head, customer(facts), proof(facts))


@operators_notice("on_balance")
def on_balance(facts: Payload) -> Rendered:
    head = _(
        "◐ {amount} came for {what}, but {why}. It rests on the customer's balance: {balance}.",
        amount=amount(facts),
        what=titles(facts),
        why=_(_ORDER_WAS.get(str(facts.get("order_state")), _ORDER_CLOSED)),
        balance=money(facts["balance"]),
    )
    return _news(head, customer(facts), proof(facts))


@operators_notice("topped_up")
def topped_up(facts: Payload) -> Rendered:
    head = _(
        "💰 {amount} came onto a balance, now {balance}.",
        amount=amount(facts),
        balance=money(facts["balance"]),
    )
    return _news(head, customer(facts), proof(facts))


@operators_notice("sent_back")
def sent_back(facts: Payload) -> Rendered:
    head = _(
        "↩️ {amount} came for {what}, but {why}. It is being sent back.",
        amount=amount(facts),
        what=titles(facts),
        why=_(_ORDER_WAS.get(str(facts.get("order_state")), _ORDER_CLOSED)),
    )
    return _news(head, customer(facts), proof(facts))


@operators_notice("refused")
def refused(facts: Payload) -> Rendered:
    head = _(
        "✖️ {amount} was not paid: {reason}.",
        amount=amount(facts),
        reason=refusal_sentence(str(facts.get("refusal", ""))),
    )
    code = shown(str(facts.get("code") or ""))
    return _news(
        head, _("The provider's word: {code}", code=code) if code else "", customer(facts), proof(facts)
    )


@operators_notice("refunded")
def refunded(facts: Payload) -> Rendered:
    head = _("↩️ {amount} was refunded.", amount=amount(facts))
    return Rendered(text_of(head, customer(facts), proof(facts)), topic=REFUNDS)


@operators_notice("money_foreign")
def money_foreign(facts: Payload) -> Rendered:
    head = _(
        "▫️ {amount} came to {provider} without our mark: another sale of the shop. It is noted, not booked.",
        amount=amount(facts),
        provider=provider(facts),
    )
    return _news(head, proof(facts))


@operators_notice("money_test")
def money_test(facts: Payload) -> Rendered:
    head = _(
        "🧪 {amount} of test money came to {provider}. It is noted, not booked.",
        amount=amount(facts),
        provider=provider(facts),
    )
    return _news(head, proof(facts))


@operators_notice("connector_added")
def connector_added(facts: Payload) -> Rendered:
    head = _(
        "➕ A customer added a connector: {title}, id {id}.",
        title=shown(str(facts["title"])),
        id=shown(str(facts["connector_id"])),
    )
    return _news(head, customer(facts))


@operators_notice("connector_attached")
def connector_attached(facts: Payload) -> Rendered:
    head = _(
        "🔗 A customer took over a connector by its link: {title}, id {id}.",
        title=shown(str(facts["title"])),
        id=shown(str(facts["connector_id"])),
    )
    return _news(head, customer(facts))


@operators_notice("connector_detached")
def connector_detached(facts: Payload) -> Rendered:
    head = _(
        "✂️ A customer unlinked a connector: {title}, id {id}. It belongs to nobody now.",
        title=shown(str(facts["title"])),
        id=shown(str(facts["connector_id"])),
    )
    return _news(head, customer(facts))


@operators_notice("provider_unwell", lives=timedelta(hours=6))
def provider_unwell(facts: Payload) -> Rendered:
    """It is worth no more than a few hours: by then it is well again, or was told anew."""
    if facts.get("provider") == MAIL:
        text = _(
            "🔴 The mail server takes no letters since {moment}. "
            "They are kept and tried again for four days.",
            moment=moment(facts["since"]) if facts.get("since") else "…",
        )
    elif not facts.get("since"):
        text = _("🔴 {provider} does not answer. It is asked again and again.", provider=provider(facts))
    else:
        text = _(
            "🔴 {provider} has not answered since {moment}. It is asked again and again; "
            "if it lasts, /close stops new payments.",
            provider=provider(facts),
            moment=moment(facts["since"]),
        )
    return Rendered(text, topic=HOUSE)


@operators_notice("provider_well", lives=timedelta(hours=6))
def provider_well(facts: Payload) -> Rendered:
    if facts.get("provider") == MAIL:
        return Rendered(_("🟢 The mail server takes letters again."), topic=HOUSE)
    return Rendered(_("🟢 {provider} answers again.", provider=provider(facts)), topic=HOUSE)


@operators_notice(DIED)
def notice_died(facts: Payload) -> Rendered:
    head = _(
        "⚠️ A notice could not be sent: {kind}. Telegram said: {error}",
        kind=shown(str(facts["notice_kind"])),
        error=shown(str(facts.get("error") or "…"), 200),
    )
    return Rendered(text_of(head, customer(facts)), topic=HOUSE)


@operators_notice("webhook_died")
def webhook_died(facts: Payload) -> Rendered:
    """What was given up; it can be sent again from the command line."""
    head = _(
        "⚠️ Your own system did not take a webhook, it was given up: {kind}. The last answer: {error}",
        kind=shown(str(facts["webhook_kind"])),
        error=shown(str(facts.get("error") or "…"), 200),
    )
    connector = shown(str(facts.get("connector_id") or ""))
    again = _("Send it again: {command}", command=REPLAY)
    return Rendered(text_of(head, connector, again), topic=HOUSE)


@operators_notice(DIGEST)
def digest(facts: Payload) -> Rendered:
    """Many notices in one, a line for each kind."""
    lines = [
        _digested(str(line["kind"]), int(line["count"])) + _sums(line["sums"]) for line in facts["lines"]
    ]
    return Rendered(text_of(_("📋 While there was much to tell:"), lines), topic=REPORTS, silent=True)


def _news(*lines: str | list[str]) -> Rendered:
    return Rendered(text_of(*lines), topic=MONEY)


_ORDER_CLOSED = N_("its order was closed before")
_ORDER_WAS = {
    OrderState.FULFILLED.value: N_("its order was paid already"),
    OrderState.PAID.value: N_("its order was paid already"),
    OrderState.CANCELLED.value: N_("its order was cancelled before"),
    OrderState.REPLACED.value: N_("its order was replaced by a newer one"),
    OrderState.REFUNDED.value: N_("its order was refunded before"),
    OrderState.AWAITING.value: N_("its order has no price in that currency"),
    OrderState.EXPIRED.value: N_("its order has no price in that currency"),
}

_COUNTED: dict[str, Callable[[int], str]] = {
    "paid_new": lambda n: ngettext("{count} payment", "{count} payments", n),
    FROM_BALANCE: lambda n: ngettext("{count} payment from a balance", "{count} payments from balances", n),
    "late_revived": lambda n: ngettext("{count} late payment", "{count} late payments", n),
    "short": lambda n: ngettext("{count} payment too small", "{count} payments too small", n),
    "on_balance": lambda n: ngettext("{count} payment to a balance", "{count} payments to balances", n),
    "topped_up": lambda n: ngettext("{count} top-up", "{count} top-ups", n),
    "sent_back": lambda n: ngettext("{count} payment sent back", "{count} payments sent back", n),
    "refused": lambda n: ngettext("{count} refused payment", "{count} refused payments", n),
    "refunded": lambda n: ngettext("{count} refund", "{count} refunds", n),
    "refunded_to_balance": lambda n: ngettext(
        "{count} refund to a balance", "{count} refunds to balances", n
    ),
    "money_foreign": lambda n: ngettext("{count} foreign payment", "{count} foreign payments", n),
    "money_test": lambda n: ngettext("{count} test payment", "{count} test payments", n),
    "invoice_issued": lambda n: ngettext("{count} invoice issued", "{count} invoices issued", n),
    "bridged": lambda n: ngettext("{count} wait bridged", "{count} waits bridged", n),
    "transfer_undone": lambda n: ngettext("{count} booking taken back", "{count} bookings taken back", n),
    "connector_added": lambda n: ngettext("{count} connector added", "{count} connectors added", n),
    "connector_attached": lambda n: ngettext(
        "{count} connector taken over", "{count} connectors taken over", n
    ),
    "connector_detached": lambda n: ngettext("{count} connector unlinked", "{count} connectors unlinked", n),
    "caller_came": lambda n: ngettext("{count} caller in the chat", "{count} callers in the chat", n),
    "autopay_connected": lambda n: ngettext("{count} autopay connected", "{count} autopays connected", n),
    "autopay_failed": lambda n: ngettext("{count} autopay not paid", "{count} autopays not paid", n),
    "autopay_paused": lambda n: ngettext("{count} autopay paused", "{count} autopays paused", n),
    "autopay_ended": lambda n: ngettext("{count} autopay ended", "{count} autopays ended", n),
    "suspension_planned": lambda n: ngettext("{count} suspension planned", "{count} suspensions planned", n),
    "suspension_started": lambda n: ngettext("{count} suspension begun", "{count} suspensions begun", n),
    "suspension_ended": lambda n: ngettext("{count} suspension over", "{count} suspensions over", n),
    LETTER_REFUSED: lambda n: ngettext("{count} letter not sent", "{count} letters not sent", n),
    "letters_given_up": lambda n: ngettext(
        "{count} time letters given up: mail is switched off",
        "{count} times letters given up: mail is switched off",
        n,
    ),
    "webhook_died": lambda n: ngettext("{count} webhook given up", "{count} webhooks given up", n),
    DIED: lambda n: ngettext("{count} notice not sent", "{count} notices not sent", n),
}


def _digested(kind: str, count: int) -> str:
    told = _COUNTED.get(kind)
    return told(count) if told else f"{shown(kind)}: {count}"


def _sums(sums: list[Money]) -> str:
    told = " + ".join(money(each) for each in sums)
    return f", {told}" if told else ""
