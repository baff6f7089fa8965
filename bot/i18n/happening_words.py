"""What happened to a record, a line each: the day, what it was, and who did it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.records import Happening
from bot.domain.states import AttemptKind, ExtensionCause, TransferReason
from bot.i18n.catalogues import N_, _
from bot.i18n.deed_words import deed_words
from bot.i18n.figures import day, money, short_day, time_of_day
from bot.i18n.networks import provider_words
from bot.i18n.record_money_words import ATTEMPTS, ended_words
from bot.i18n.record_words import EXTENSIONS
from bot.i18n.strangers import shown
from bot.services.paging import Page

TRANSFERS = {
    TransferReason.PAID: N_("{amount} arrived"),
    TransferReason.ASSIGNED: N_("{amount} was put on the balance by an operator"),
    TransferReason.SETTLED: N_("{amount} was taken for an order"),
    TransferReason.UNSETTLED: N_("{amount} came back from an order"),
    TransferReason.TAKEN_BACK: N_("{amount} was taken back by the bank"),
    TransferReason.REFUNDING: N_("{amount} is being sent back"),
    TransferReason.REFUNDED: N_("{amount} was sent back"),
    TransferReason.REFUND_FAILED: N_("{amount} could not be sent back"),
    TransferReason.UNASSIGNED: N_("{amount} had been put there by mistake"),
    TransferReason.RETURNED: N_("{amount} had gone back before"),
    TransferReason.WITHDRAWN: N_("{amount} had been booked to the wrong payer"),
}


def history_words(title: str, page: Page[Happening], names: Mapping[int, str]) -> str:
    """`names` tells operators by their ids; a customer needs no name under his own record."""
    if not page.total:
        return "\n".join([title, "", _("Nothing happened yet.")])
    lines = [_line(each, names) for each in page.items]
    return "\n".join([title, "", *lines])


def _line(happening: Happening, names: Mapping[int, str]) -> str:
    when = f"{short_day(happening.at)} {time_of_day(happening.at)}"
    who = names.get(happening.who or 0, "")
    return f"{when} · {_what(happening)}" + (f" — {who}" if who else "")


def _what(happening: Happening) -> str:
    sort, _colon, name = happening.what.partition(":")
    return _SORTS[sort](name, happening.facts)


def _deed(name: str, facts: Mapping[str, Any]) -> str:
    told = deed_words(name)
    reason = shown(str(facts.get("reason") or ""), 100)
    return f"{told}: {reason}" if reason else told


def _transfer(name: str, facts: Mapping[str, Any]) -> str:
    told = TRANSFERS.get(TransferReason(name), N_("{amount} was moved"))
    return _(told).format(amount=money(facts["amount"]))


def _event(name: str, facts: Mapping[str, Any]) -> str:
    blanks = {"amount": money(facts["amount"]), "provider": provider_words(facts["provider"])}
    if name == "paid":
        return _("{provider} told of {amount}", **blanks)
    return _("{provider} told that {amount} went back", **blanks)


def _attempt(name: str, facts: Mapping[str, Any]) -> str:
    told = _(ATTEMPTS[AttemptKind(name)]).format(amount=money(facts["amount"]))
    return f"{told}, {ended_words(facts['state'], facts['outcome'])}"


def _extension(name: str, facts: Mapping[str, Any]) -> str:
    until = day(facts["to"]) if facts["to"] else _("never")
    told = _("until {date}", date=until)
    why = [told, _(EXTENSIONS[ExtensionCause(name)]), shown(facts["note"], 80)]
    return ", ".join(filter(None, why))


def _step(_name: str, facts: Mapping[str, Any]) -> str:
    return _("Stage: {stage}", stage=shown(facts["stage"]))


def _card(_name: str, facts: Mapping[str, Any]) -> str:
    if facts["closed_at"] is None:
        return _("A card waits in the group: № {number}", number=facts["card"])
    return _("A card was answered: № {number}", number=facts["card"])


_SORTS = {
    "deed": _deed,
    "transfer": _transfer,
    "event": _event,
    "attempt": _attempt,
    "extension": _extension,
    "step": _step,
    "card": _card,
}
