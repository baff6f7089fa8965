"""The screen that the dialog stands at, shown once more: after a stale button or a refused answer."""

from __future__ import annotations

from bot.handlers.autopay.changing import ask_amount, ask_day, ask_interval, ask_source
from bot.handlers.autopay.connecting import show_consent
from bot.handlers.autopay.draft import Autopay, load
from bot.handlers.autopay.one import one_resumed
from bot.handlers.autopay.opening import show_list
from bot.handlers.places import resumes
from bot.middlewares.visits import Visit

_DRAFTED = {
    Autopay.consent.state: show_consent,
    Autopay.contact.state: show_consent,
    Autopay.amount.state: ask_amount,
    Autopay.interval.state: ask_interval,
    Autopay.source.state: ask_source,
}


@resumes(Autopay)
async def autopay_resumed(visit: Visit) -> None:
    if show := _DRAFTED.get(visit.dialog):
        return await show(visit, await load(visit))
    if visit.dialog == Autopay.one.state:
        return await one_resumed(visit)
    if visit.dialog == Autopay.day.state:
        data = await visit.state.get_data()
        return await ask_day(visit, data["autopay"])
    return await show_list(visit)
