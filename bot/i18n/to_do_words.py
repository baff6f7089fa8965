"""What waits for operators, in words."""

from __future__ import annotations

from bot.domain.masking import masked_email
from bot.domain.to_do import Duty, Undelivered, Waiting
from bot.i18n.catalogues import N_, _
from bot.i18n.figures import moment
from bot.i18n.strangers import shown

_DUTIES: dict[Duty, str] = {
    Duty.TALK: N_("Unanswered"),
    Duty.MONEY: N_("Unmatched money"),
    Duty.REVIEWS: N_("Forms to review"),
    Duty.WORK: N_("Orders in work"),
    Duty.REFUNDS: N_("Refunds"),
    Duty.PAPERS: N_("Papers by hand"),
    Duty.DAYS: N_("Differences of days"),
    Duty.LETTERS: N_("Notices that could not be sent"),
    Duty.WEBHOOKS: N_("Webhooks that your system did not take"),
    Duty.OTHER: N_("Other cards"),
}


def duty_words(duty: Duty) -> str:
    return _(_DUTIES[duty])


def waiting_words(waiting: Waiting) -> str:
    """«Без ответа: 3, старейшее с 22 ноября, 10:15 · просрочено 1»."""
    line = _(
        "{what}: {count}, the oldest since {moment}",
        what=duty_words(waiting.duty),
        count=waiting.count,
        moment=moment(waiting.oldest),
    )
    late = _("{count} overdue", count=waiting.overdue) if waiting.overdue else ""
    return f"{line} · ⏰ {late}" if late else line


def undelivered_words(undelivered: Undelivered) -> str:
    """«22 ноября 2026, 10:15 · v***@example.org · 550 no such mailbox»; no address stands there whole."""
    whom = masked_email(undelivered.email) if undelivered.email else shown(undelivered.name, 40) or "…"
    if undelivered.customer_id is None:
        whom = _("this group")
    why = " ".join(masked_email(word) if "@" in word else word for word in undelivered.why.split())
    return " · ".join(filter(None, [moment(undelivered.at), whom, shown(why, 120)]))


def duty_button(waiting: Waiting) -> str:
    return f"{duty_words(waiting.duty)} · {waiting.count}"
