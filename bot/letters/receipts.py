"""Letters about what was paid."""

from __future__ import annotations

from bot.domain.documents import Enclosure
from bot.i18n import _, card_title, exact_moment, money, shown
from bot.i18n.sentences import METHODS
from bot.letters.about import date_of, enclosed, link, titles, words
from bot.letters.parts import Facts, Large, Letter, Note, Part, Words
from bot.letters.registry import Payload, letter


@letter("receipt")
def receipt(facts: Payload) -> Letter:
    """`payment_id` or, where the balance paid, `order_id`; `amount`, `paid_at`, `method`, `titles`.

    Of a bank's payment `masked_card`, `number`, `rrn`, `approval_code`, `merchant` as statements name it,
    and `fiscal_url` where there is a fiscal receipt to look at.
    """
    from_balance = facts.get("order_id") is not None
    method = METHODS.get(str(facts.get("method") or ""))
    at = facts.get("paid_at")
    parts: tuple[Part, ...] = (
        Words(_("Paid from your balance.") if from_balance else _("Your payment has arrived. Thank you!")),
        Large(money(facts["amount"])),
        Facts(
            (
                (_("Paid at"), exact_moment(at) if at else ""),
                (_("For"), titles(facts)),
                (_("Method"), _(method) if method else words(facts, "method")),
                (_("Card"), card_title(str(facts.get("masked_card") or ""))),
                (_("Seller in bank statements"), words(facts, "merchant")),
                (_("Transaction"), words(facts, "number")),
                ("RRN", words(facts, "rrn")),
                (_("Approval code"), words(facts, "approval_code")),
            )
        ),
        *link(_("Fiscal receipt"), {"url": facts.get("fiscal_url")}),
        *([] if from_balance else [Note(_("Keep this letter to compare it with your bank statement."))]),
    )
    name = "order_id" if from_balance else "payment_id"
    paper = Enclosure("receipt", {name: facts[name]})
    return Letter(_("Receipt: {amount}", amount=money(facts["amount"])), parts, (paper,))


@letter("receipts")
def receipts(facts: Payload) -> Letter:
    """`since`, `until`, `count`, `sums` (one a currency), and the `subject` of both files."""
    since, until = date_of(facts, "since"), date_of(facts, "until")
    sums = " + ".join(money(each) for each in facts.get("sums") or ())
    parts: tuple[Part, ...] = (
        Words(_("Your payments from {since} to {until} are attached.", since=since, until=until)),
        Facts(((_("Payments"), shown(str(facts.get("count") or ""))), (_("Total"), sums))),
        Note(_("Keep this letter to compare it with your bank statement.")),
    )
    subject = _("Receipts from {since} to {until}", since=since, until=until)
    return Letter(subject, parts, enclosed(facts, "receipts", "receipts_csv"))
