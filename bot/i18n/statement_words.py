"""A line of a bank statement in words: what came, why it waits, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.statements import Doubt, LineGroup, LineState, Remark, StatementReport
from bot.i18n.catalogues import N_, _
from bot.i18n.figures import day, money, short_day
from bot.i18n.strangers import shown

PURPOSE_LENGTH = 500
NAME_LENGTH = 120

WHY = {
    Doubt.NO_NUMBER.value: N_("It names no invoice, and no single open one has this sum and tax number."),
    Doubt.FITS.value: N_("It names no invoice, but {number} alone has this sum and tax number."),
    Doubt.UNKNOWN_NUMBER.value: N_("There is no invoice of the number that it names."),
    Doubt.TOLD_ELSEWHERE.value: N_(
        "A file of another format tells of the same day and sum: it may be the same transfer."
    ),
    Doubt.TWO_NUMBERS.value: N_("It names more than one invoice."),
    Doubt.VOID.value: N_("Invoice {number} was cancelled."),
    Doubt.PAID.value: N_("Invoice {number} is paid already."),
    Doubt.PART.value: N_("It is less than is missing for {number} ({total} in all)."),
    Doubt.OVER.value: N_("It is more than is missing for {number} ({total} in all)."),
    Doubt.OTHER_CURRENCY.value: N_("Invoice {number} is in another currency."),
    Doubt.OTHER_PAYER.value: N_("Number and sum are those of {number}, but somebody else paid."),
    Doubt.UNDONE.value: N_("Its booking was undone."),
    Doubt.REFUSED.value: N_("It could not be booked by itself."),
}

FATES = {
    LineState.BOOKED: N_("✔️ booked: {count} · {amount}"),
    LineState.CONFIRMED: N_("✔️ noted by hand before, now confirmed: {count} · {amount}"),
    LineState.WAITING: N_("❓ wait for a decision: {count} · {amount}"),
    LineState.CLEARING: N_("🔁 transfers of acquirers: {count} · {amount}"),
    LineState.FOREIGN: N_("▫️ not ours: {count} · {amount}"),
    LineState.NEW: N_("⏳ not looked at yet: {count} · {amount}"),
}

REMARKS = {
    Remark.NO_TOTALS: N_("The bank gives no control totals, so nobody can say whether all lines are there."),
    Remark.NO_MONEY: N_("Left out, since they moved no money: {count}"),
    Remark.TAKEN_BACK: N_("⚠️ Entries that undo earlier ones: {count}. Look at what they undid."),
    Remark.PENDING: N_("Left out, since the bank has not booked them yet: {count}"),
    Remark.OTHER_ACCOUNTS: N_("Left out, accounts that the catalogue does not name: {count}"),
}


def line_words(line: Mapping[str, Any]) -> list[str]:
    """What the bank tells of it, the purpose marked as a stranger's words."""
    number = shown(str(line["number"]), 40)
    head = [day(line["booked_on"]), money(line["amount"])]
    if number:
        head.append(_("document {number}", number=number))
    purpose = shown(str(line["purpose"]), PURPOSE_LENGTH)
    return [
        " · ".join(head),
        payer_words(line),
        f"│ {purpose}" if purpose else _("It has no purpose of payment."),
    ]


def payer_words(line: Mapping[str, Any]) -> str:
    """«ООО "Ромашка", ИНН 7707083893»."""
    name = shown(str(line["payer_name"]), NAME_LENGTH) or _("payer without a name")
    tax_number = shown(str(line["payer_tax_number"]), 20)
    return _("{name}, tax number {number}", name=name, number=tax_number) if tax_number else name


def why_words(line: Mapping[str, Any]) -> str:
    invoice = line["invoice"]
    number = invoice["number"] if invoice else "…"
    total = money(invoice["total"]) if invoice else "…"
    sentence = WHY.get(_doubt_now(line))
    return _(sentence).format(number=number, total=total) if sentence else ""


def _doubt_now(line: Mapping[str, Any]) -> str:
    """Of an invoice that another line has paid since, nothing is missing any more."""
    why, invoice = str(line["why"]), line["invoice"]
    is_about_sum = why in (Doubt.PART.value, Doubt.OVER.value, Doubt.FITS.value)
    return Doubt.PAID.value if is_about_sum and invoice and invoice.get("paid") else why


def fate_words(line: Mapping[str, Any], name: str) -> str:
    """What somebody decided about it."""
    blanks = {"name": shown(name), "amount": money(line["amount"]), "payer": payer_words(line)}
    match line["state"], line["invoice"]:
        case (LineState.FOREIGN.value, _invoice):
            return _("▫️ {name} set {amount} aside as not ours: {payer}.", **blanks)
        case (LineState.CONFIRMED.value, dict() as invoice):
            return _("✔️ {name} confirmed {amount} for {number}: {payer}.", number=invoice["number"], **blanks)
        case (LineState.BOOKED.value, dict() as invoice):
            return _("✔️ {name} booked {amount} to {number}: {payer}.", number=invoice["number"], **blanks)
        case (LineState.BOOKED.value, _no_invoice):
            return _("✔️ {name} put {amount} on a balance: {payer}.", **blanks)
    return _("↩️ {name} took the booking of {amount} back: {payer}.", **blanks)


def booked_words(line: Mapping[str, Any]) -> list[str]:
    """The same line in the list of those that can be undone."""
    invoice = line["invoice"]
    if line["state"] == LineState.FOREIGN.value:
        fate = _("▫️ not ours")
    elif invoice:
        fate = _("✔️ {number}, {name}", number=invoice["number"], name=shown(invoice["buyer"], NAME_LENGTH))
    else:
        fate = _("✔️ onto a balance")
    remark = _("Somebody else paid it.") if line["why"] == Doubt.OTHER_PAYER.value else ""
    return [*line_words(line), fate, remark]


def report_words(report: StatementReport) -> list[str]:
    """What became of a whole file; its sums are the bank's."""
    statement = report.statement
    name = shown(statement.name, 60)
    days = ""
    if statement.since and statement.until:
        days = " – ".join(dict.fromkeys((short_day(statement.since), short_day(statement.until))))
    sums = " + ".join(money(amount) for amount in statement.sums) or "0"
    return [
        _("🏦 Statement {name}", name=f"{name} · {days}" if days else name),
        _("The very same file was brought before.") if report.again else "",
        _("Came in by the bank: {count} · {amount}", count=statement.incoming, amount=sums),
        *(_group_words(group) for group in report.groups if not group.told_before),
        *(_told_before(group) for group in report.groups if group.told_before),
        _("✅ The sums are the bank's.")
        if report.adds_up
        else _(
            "⚠️ {count} lines stand in the file twice under one number of the bank's: look at them there.",
            count=report.repeated,
        ),
        *(_(REMARKS[remark]).format(count=count) for remark, count in report.remarks.items()),
    ]


def _group_words(group: LineGroup) -> str:
    return _(FATES[group.state]).format(count=group.count, amount=money(group.amount))


def _told_before(group: LineGroup) -> str:
    told = _group_words(group)
    return _("told before by another file, {fate}", fate=told)
