"""What is said of papers that somebody asked for: by e-mail, and by a link."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain import periods
from bot.domain.billing import Run, RunState
from bot.domain.masking import masked_email
from bot.i18n.catalogues import N_, _
from bot.i18n.figures import month_name, time_of_day
from bot.services.paper_requests import Links

REQUESTS = {
    "copy": N_("Copies of invoices for {months} will go to {address}."),
    "detail": N_("The usage detail for {months}, as PDF and as a table, will go to {address}."),
    "charges": N_("The charges for {months} so far, as PDF and as a table, will go to {address}."),
}
REQUESTED = {
    "copy": N_("✅ The invoice for that period will be sent to your e-mail {address}."),
    "detail": N_("✅ The usage detail will be sent to your e-mail {address}."),
    "charges": N_("✅ The charges will be sent to your e-mail {address}."),
}


def request_words(aim: str, months: Sequence[str], address: str) -> str:
    """Where it goes, or that there is no address yet."""
    if not address:
        return _("There is no proved e-mail address yet. Name one, and what you order goes there.")
    words = _(REQUESTS[aim], months=_names(months), address=masked_email(address))
    return "\n\n".join([words, _("Send it?")])


def requested_words(aim: str, months: Sequence[str], address: str) -> str:
    return "\n\n".join([_(REQUESTED[aim], address=masked_email(address)), _names(months)])


def link_words(found: Links) -> str:
    """That it is ready, or honestly how far it is."""
    month = month_name(found.month)
    if found.links:
        ready = _("The invoice for {month} is ready. The link is good for 60 days.", month=month)
        return "\n\n".join([ready, *(link.number for link in found.links)])
    if found.run is None:
        return _("The invoices for {month} were not formed yet.", month=month)
    if found.run.state is RunState.FORMED:
        return _("There is no invoice for {month}: nothing was charged.", month=month)
    looked = _("Looked at {time}. This takes a while: come back, or look again.", time=_now())
    return "\n\n".join([_forming(month, found.run), looked])


def _forming(month: str, run: Run) -> str:
    if run.state is RunState.ISSUING and run.total:
        percent = run.formed * 100 // run.total
        return _(
            "⏳ The invoices for {month} are being formed: {formed} of {total}, {percent}%.",
            month=month,
            formed=run.formed,
            total=run.total,
            percent=percent,
        )
    return _("⏳ The invoices for {month} are being formed: the charges are being added up.", month=month)


def _now() -> str:
    return time_of_day(periods.now())


def _names(months: Sequence[str]) -> str:
    return ", ".join(month_name(month) for month in sorted(months))
