"""What people did, in words: a line of the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.audit import Deed
from bot.i18n.catalogues import N_, _
from bot.i18n.figures import short_day, time_of_day
from bot.i18n.happening_words import DEEDS
from bot.i18n.strangers import shown

_OF_THE_DESK = {
    "answer_reworded": N_("Put his words to the customer right"),
    "audit_exported": N_("Took the audit log away"),
    "autopay_connected": N_("Connected autopay"),
    "autopay_switched_off": N_("Switched a customer's autopay off"),
    "blocked": N_("Blocked the customer"),
    "booked_from_register": N_("Credited a payment of a register"),
    "caller_came": N_("Came by the link that was sent to him"),
    "caller_met": N_("Noted a caller as a customer"),
    "card_let_go": N_("Let a card go"),
    "card_taken_up": N_("Took a card"),
    "card_unlinked": N_("Unlinked his bank card"),
    "card_unlinked_by_operator": N_("Unlinked a customer's bank card"),
    "charge_decided": N_("Said what became of a charge"),
    "connector_added_for": N_("Added a connector for a customer"),
    "customer_link_made": N_("Made a customer's own link"),
    "customer_link_sent": N_("Sent a customer's own link by e-mail"),
    "customer_moved": N_("Moved a customer to another Telegram account"),
    "date_moved": N_("Moved a connector's date"),
    "day_closed": N_("Closed a day"),
    "difference_settled": N_("Settled a difference of a day"),
    "forgotten": N_("Was forgotten"),
    "form_approved": N_("Approved an order"),
    "form_asked_about": N_("Asked about an order"),
    "form_rejected": N_("Rejected an order"),
    "form_sent_in": N_("Sent an order in for review"),
    "form_withdrawn": N_("Took an order back"),
    "move_asked": N_("Asked a second person to move a customer"),
    "order_link_sent": N_("Sent an order's link by e-mail"),
    "ordered_for": N_("Ordered for a customer"),
    "payer_named": N_("Named an order's payer"),
    "payers_joined": N_("Joined two payers"),
    "payments_closed": N_("Stopped new payments"),
    "payments_opened": N_("Let payments in again"),
    "refund_confirmed": N_("Confirmed a refund as the second person"),
    "refund_decided": N_("Decided about a refund"),
    "refund_declined": N_("Declined a refund"),
    "refund_left_on_balance": N_("Left a refund on the balance"),
    "refund_not_sent": N_("Said that a refund was not sent"),
    "refund_proposed": N_("Proposed a refund"),
    "refund_said": N_("Said what became of a refund"),
    "refund_sent_by_hand": N_("Sent a refund by hand"),
    "register_compared": N_("Compared a register with the books"),
    "statement_line_not_ours": N_("Set a line of a statement aside"),
    "statement_line_to_balance": N_("Booked a line of a statement"),
    "statement_line_to_invoice": N_("Booked a line of a statement"),
    "statement_line_undone": N_("Took the booking of a line back"),
    "statement_loaded": N_("Loaded a bank statement"),
    "unblocked": N_("Let the customer in again"),
}


def deed_words(action: str) -> str:
    """A deed that nobody has words for is told by its name in the log."""
    words = DEEDS.get(action) or _OF_THE_DESK.get(action)
    return _(words) if words else action.replace("_", " ")


def all_deed_words() -> dict[str, str]:
    return {action: deed_words(action) for action in (*DEEDS, *_OF_THE_DESK)}


def deed_line(deed: Deed, names: Mapping[int, str]) -> str:
    """«16 ноя 10:05 · Мария: закрыла карточку, payment:12»; sums and reasons are in the table."""
    when = f"{short_day(deed.at)} {time_of_day(deed.at)}"
    who = shown(names.get(deed.who, ""), 40) or f"id {deed.who}"
    reason = shown(str(deed.details.get("reason") or ""), 80)
    told = ", ".join(filter(None, (deed_words(deed.action), shown(deed.subject, 60), reason)))
    return f"{when} · {who}: {told}"
