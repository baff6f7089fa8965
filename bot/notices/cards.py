"""What needs a person: each is a card in the operators' group, and its buttons act."""

from __future__ import annotations

from datetime import date

from bot.i18n import _, day, moment, money, shown
from bot.keyboards import operators as buttons
from bot.notices.about import amount, customer, proof, provider, text_of
from bot.notices.registry import Payload, Rendered, operators_notice
from bot.notices.talk import quoted
from bot.notices.topics import MONEY, REFUNDS, TALK
from bot.notices.worth import WORTH


@operators_notice("complaint", lives=WORTH)
def complaint(facts: Payload) -> Rendered:
    """Paid, says the customer; the money without an owner that it may be hangs below as buttons."""
    last4 = shown(str(facts.get("last4") or ""), 4)
    photo = str(facts.get("photo") or "")
    payment = facts.get("payment_id")
    lines = [
        _("❓ “I paid, but nothing changed”"),
        customer(facts),
        _("{amount} on {date}", amount=amount(facts), date=day(facts["day"])),
        _("card ending in {last4}", last4=last4) if last4 else "",
        _("for payment {number}", number=payment) if payment else _("no payment was named"),
        ""
        if facts["candidates"]
        else _("No money without an owner is known. Look into the provider's cabinet."),
    ]
    return Rendered(text_of(lines, photo=bool(photo)), buttons.complaint(facts), photo=photo, topic=TALK)


@operators_notice("find_connector", lives=WORTH)
def find_connector(facts: Payload) -> Rendered:
    phone = shown(str(facts.get("phone") or ""))
    lines = [
        _("🔎 A customer looks for a connector"),
        customer(facts),
        _("Phone: {phone}", phone=phone) if phone else "",
        quoted(facts["words"]),
    ]
    return Rendered(text_of(lines), buttons.find_connector(facts), topic=TALK)


@operators_notice("money_suspense", lives=WORTH)
def money_suspense(facts: Payload) -> Rendered:
    blanks = {"amount": amount(facts), "provider": provider(facts)}
    if facts.get("payment_id"):
        head = _(
            "⚠️ {amount} came to {provider} for a payment that was begun elsewhere. Whose is it?", **blanks
        )
    else:
        head = _(
            "⚠️ {amount} came to {provider} with our mark, but no payment of ours bears it. Whose is it?",
            **blanks,
        )
    return Rendered(text_of(head, customer(facts), proof(facts)), buttons.money(facts), topic=MONEY)


@operators_notice("money_review", lives=WORTH)
def money_review(facts: Payload) -> Rendered:
    head = _(
        "⚠️ {amount} came a second time for a payment that was paid already. It waits for your decision.",
        amount=amount(facts),
    )
    return Rendered(text_of(head, customer(facts), proof(facts)), buttons.money(facts), topic=MONEY)


@operators_notice("taken_back", lives=WORTH)
def taken_back(facts: Payload) -> Rendered:
    """A refund made in the provider's cabinet, or a chargeback; what was paid for stays switched on."""
    head = _(
        "↩️ {amount} was taken back at {provider}, not by us. The customer's balance: {balance}.",
        amount=amount(facts),
        provider=provider(facts),
        balance=money(facts["balance"]),
    )
    return Rendered(text_of(head, customer(facts), proof(facts)), buttons.question(facts), topic=REFUNDS)


@operators_notice("receipt_failed", lives=WORTH)
def receipt_failed(facts: Payload) -> Rendered:
    head = _(
        "⚠️ No receipt could be made for {amount} that was used from a balance: {code}. "
        "Make it in the cabinet of {provider}.",
        amount=amount(facts),
        code=shown(str(facts["code"])),
        provider=provider(facts),
    )
    return Rendered(text_of(head, customer(facts), proof(facts)), buttons.question(facts), topic=MONEY)


@operators_notice("fiscal_failed", lives=WORTH)
def fiscal_failed(facts: Payload) -> Rendered:
    """The payment is booked all the same; the law wants its receipt."""
    head = _(
        "⚠️ {provider} could not register the fiscal receipt of {amount}: {code}. Make it in its cabinet.",
        amount=amount(facts),
        code=shown(str(facts["code"])),
        provider=provider(facts),
    )
    return Rendered(text_of(head, customer(facts), proof(facts)), buttons.question(facts), topic=MONEY)


@operators_notice("receipt_by_hand", lives=WORTH)
def receipt_by_hand(facts: Payload) -> Rendered:
    """The money is booked; nobody but the seller's own register can make this receipt."""
    if facts.get("provider") == "by_hand":
        head = _(
            "⚠️ {amount} was taken outside the bot. The law wants a fiscal receipt for it: "
            "make it in your register.",
            amount=amount(facts),
        )
    else:
        head = _(
            "🧾 {amount} came from a private person by bank transfer. The law wants a fiscal receipt for it: "
            "make it in your register.",
            amount=amount(facts),
        )
    return Rendered(text_of(head, customer(facts), proof(facts)), buttons.question(facts), topic=MONEY)


@operators_notice("statement_reversals", lives=WORTH)
def statement_reversals(facts: Payload) -> Rendered:
    """Which line was meant the bank does not say in a way that programs understand."""
    head = _(
        "↩️ In the statement {file} the bank takes entries back: {count}. If one of them was booked, "
        "undo its booking; the money is not there any more.",
        file=shown(str(facts["file"]), 80),
        count=facts["count"],
    )
    return Rendered(head, buttons.seen(facts), topic=MONEY)


@operators_notice("erasure_waits", lives=WORTH)
def erasure_waits(facts: Payload) -> Rendered:
    """The law gives thirty days; he is forgotten by itself as soon as his money is settled."""
    head = _(
        "🗑 A customer wants his data deleted, by {date} at the latest. First his money has to be settled: "
        "send it back. On the balance: {sums}; on their way: {payments}. The rest is done by itself.",
        date=moment(facts["due_at"]),
        sums=", ".join(money(each) for each in facts["balances"]) or "0",
        payments=facts["payments"],
    )
    return Rendered(text_of(head, customer(facts)), buttons.question(facts), topic=TALK)


@operators_notice("terminal_differs", lives=WORTH)
def terminal_differs(facts: Payload) -> Rendered:
    """A network uses one number for two payments: only its people can say which of them is true."""
    head = _(
        "⚠️ {network} told of payment {number} again with another sum or code. Nothing more was credited: "
        "ask the network.",
        network=provider({"provider": facts["network"]}),
        number=shown(str(facts["txn_id"])),
    )
    code, other = shown(str(facts["booked_account"])), shown(str(facts["told_account"]))
    booked = _("Booked: {amount}, code {code}", amount=money(facts["booked"]), code=code)
    told = _("Told now: {amount}, code {code}", amount=money(facts["told"]), code=other)
    return Rendered(text_of(head, booked, told), buttons.only_close(facts), topic=MONEY)


@operators_notice("register_differs", lives=WORTH)
def register_differs(facts: Payload) -> Rendered:
    """Nothing of it is done by itself: the network is asked first, then a person decides."""
    head = _(
        "⚠️ The register of {network} for {days} and the books disagree. They agree on {matched}.",
        network=provider({"provider": facts["network"]}),
        days=_days(facts["since"], facts["until"]),
        matched=facts["matched"],
    )
    return Rendered(text_of(head, *_register_lines(facts)), buttons.register(facts), topic=MONEY)


def _days(since: date | None, until: date) -> str:
    """A register is of one day as a rule; one without a line that can be read tells no day."""
    if since is None:
        return "…"
    return day(since) if since == until else f"{day(since)} – {day(until)}"


def _register_lines(facts: Payload) -> list[str | list[str]]:
    """What is missing on either side, in words; numbers of lines that could not be read come last."""
    missing = int(facts["missing"]) - int(facts["booked"])
    unread = ", ".join(str(number) for number in facts["unread"])
    twice = ", ".join(shown(number) for number in facts["twice"])
    return [
        _("Only in the register: {count}", count=missing) if missing else "",
        [_register_line(line) for line in facts["only_register"]],
        _("Only in the books: {count}. Ask the network.", count=facts["extra"]) if facts["extra"] else "",
        [_register_line(line) for line in facts["only_ours"]],
        _("With another sum or code: {count}. Ask the network.", count=facts["different"])
        if facts["different"]
        else "",
        [_register_difference(line) for line in facts["differ"]],
        "" if facts["adds_up"] else _("Its last line, the total, is missing or disagrees with the others."),
        _("More than once in it: {numbers}", numbers=twice) if twice else "",
        _("Lines that cannot be read: {numbers}", numbers=unread) if unread else "",
    ]


def _register_line(line: Payload) -> str:
    return f"· {shown(line['txn_id'])} · {shown(line['account'])} · {money(line['amount'])}"


def _register_difference(line: Payload) -> str:
    booked = line["booked"]
    ours = _("cancelled") if booked is None else f"{shown(line['booked_account'])} · {money(booked)}"
    return _("{line} (in the books: {ours})", line=_register_line(line), ours=ours)
