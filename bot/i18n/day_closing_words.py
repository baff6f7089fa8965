"""A day's closing in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.catalogue import Catalogue
from bot.domain.day_closing import DayClosing, DayDifference, DayState, ProviderDay, Says
from bot.domain.events import EventKind
from bot.domain.money import Money
from bot.i18n.catalogues import N_, _, ngettext
from bot.i18n.figures import day, money
from bot.i18n.strangers import shown
from bot.i18n.takings_words import method_words

_WHY = {
    "switched_off": N_("switched off in the settings"),
    "no_answer": N_("it does not answer; compare again later"),
    "too_many": N_("too many payments to ask after one by one"),
    "no_register": N_("bring its register of the day into this group"),
    "no_statement": N_("bring the bank's statement of the day into this group"),
    "lines_wait": N_("lines of the statement wait for a decision, see /todo"),
}
_SAYS = {
    Says.MISSING_HERE: N_("The provider tells of it, the books do not know it."),
    Says.MISSING_THERE: N_("The books have it, the provider does not tell of it."),
    Says.OTHER_SUM: N_("The sums differ."),
}


def closing_words(catalogue: Catalogue, found: DayClosing, closer: str = "") -> str:
    """Provider by provider; the closed day says by whom."""
    lines = [_("🧾 The day {date}", date=day(found.day)), ""]
    for each in found.providers:
        lines += _provider(catalogue, each)
    if not found.providers:
        lines.append(_("No money came or went."))
    if found.closed_by:
        lines += ["", _("🔒 {name} closed the day.", name=shown(closer))]
    elif found.open_differences:
        lines += ["", _("Settle what differs, then the day can be closed.")]
    return "\n".join(lines)


def difference_words(catalogue: Catalogue, provider: str, found: DayDifference) -> str:
    """One movement in which they differ."""
    way = _("paid") if found.kind is EventKind.PAID else _("went back")
    lines = [
        f"{method_words(catalogue, provider)} · {way}",
        _("Transaction: {number}", number=shown(found.movement)),
        _("With us: {amount}", amount=money(found.ours)) if found.ours else "",
        _("With them: {amount}", amount=money(found.theirs)) if found.theirs else "",
        _(_SAYS[found.says]),
    ]
    return "\n".join(filter(None, lines))


def _provider(catalogue: Catalogue, found: ProviderDay) -> Iterator[str]:
    name = method_words(catalogue, found.provider)
    sums = _sums(found.ours)
    if found.state is DayState.EQUAL or (found.differences and not found.open_differences):
        yield f"✔️ {name}: {_moved(found)}"
    elif found.state is DayState.DIFFERS:
        theirs = _sums(found.theirs)
        yield _("⚠️ {provider}: with us {ours}, with them {theirs}", provider=name, ours=sums, theirs=theirs)
    else:
        yield f"❔ {name}: {_moved(found)}"
    if found.why in _WHY:
        yield f"   {_(_WHY[found.why])}"


def _moved(found: ProviderDay) -> str:
    if not found.movements:
        return _("no movements")
    count = ngettext("{count} movement", "{count} movements", found.movements)
    return f"{_sums(found.ours)}, {count}"


def _sums(sums: Sequence[Money]) -> str:
    return " + ".join(money(each) for each in sums) or "0"
