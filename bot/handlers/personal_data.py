"""One's own data: what is kept and for how long, a copy of it, and being forgotten."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.state import State, StatesGroup

from bot.domain.personal_data import BOOKS_KEPT_YEARS, CONSENTS_KEPT_YEARS, BeforeErasure
from bot.handlers.places import open_place, opens, resumes
from bot.i18n import _, day, money, wall_clock
from bot.keyboards import personal_data as screens
from bot.keyboards.buttons import BACK, Place
from bot.middlewares.visits import Visit

router = Router(name="personal_data")


class Forgetting(StatesGroup):
    sure = State()


@opens(Place.MY_DATA)
async def my_data_opened(visit: Visit) -> None:
    await visit.leave_dialog()
    text = _(
        "Your data: name, e-mail, phone, payer's details, what you ordered and paid, "
        "what we wrote to each other. You can have a copy of all of it, "
        "or take your consent back and have it deleted."
    )
    await visit.show(text, screens.my_data())


@router.callback_query(F.data == screens.EXPORT)
async def export_wanted(visit: Visit) -> None:
    await visit.personal_data.send_export(visit.customer_id)
    await visit.only_toast(_("The file is on its way."))


@opens(Place.FORGET)
async def forget_opened(visit: Visit) -> None:
    await visit.leave_dialog()
    before = await visit.personal_data.before_erasure(visit.customer_id)
    await visit.show("\n\n".join(_what_happens(before)), screens.forget(before))


@router.callback_query(F.data == screens.FORGET)
async def forget_tapped(visit: Visit) -> None:
    await visit.enter(Forgetting.sure)
    text = _("Delete your data for good? This can't be undone, and we won't know you afterwards.")
    await visit.show(text, screens.for_good())


@resumes(Forgetting)
async def forgetting_resumed(visit: Visit) -> None:
    await forget_tapped(visit)


@router.callback_query(Forgetting.sure, F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    await forget_opened(visit)


@router.callback_query(Forgetting.sure, F.data == screens.FOR_GOOD)
async def for_good_tapped(visit: Visit) -> None:
    erasure = await visit.personal_data.forget(visit.customer_id)
    await visit.leave_dialog()
    if erasure.done_at is None:
        await open_place(visit, Place.FORGET)
        return
    visit.guests.forget(visit.customer_id)
    text = _(
        "Your data are deleted; proof No. {number}. You can delete this chat as well. "
        "If you come back, we will meet as strangers.",
        number=erasure.id,
    )
    await visit.show(text, screens.begin_anew())


@router.callback_query(F.data == screens.STAY)
async def stay_tapped(visit: Visit) -> None:
    await visit.personal_data.take_back(visit.customer_id)
    visit.toast = _("Nothing was deleted.")
    await my_data_opened(visit)


def _what_happens(before: BeforeErasure) -> list[str]:
    parts = [
        _(
            "We delete: your name, e-mail, phone, your details as a private person, dialogs, questions "
            "and photos you sent, links of connectors to you. Open orders are cancelled."
        ),
        _("Autopays end and saved cards are unlinked at once: nothing is charged from then on."),
        _(
            "The law keeps, without your name: payments, invoices and receipts for {books} years, "
            "the fact of your consents for {consents} years. Invoices made out to you keep their text.",
            books=BOOKS_KEPT_YEARS,
            consents=CONSENTS_KEPT_YEARS,
        ),
        *_settle_first(before),
    ]
    if before.due_at is not None:
        until = day(wall_clock(before.due_at).date())
        parts.append(
            _("You asked for it: it is done once that is settled, by {date} at the latest.", date=until)
        )
    return parts


def _settle_first(before: BeforeErasure) -> list[str]:
    unsettled = before.unsettled
    told = []
    if unsettled.balances:
        sums = ", ".join(money(balance) for balance in unsettled.balances)
        told.append(_("On your balance: {sums}. Use it, or ask us to send it back.", sums=sums))
    if unsettled.payments:
        told.append(_("A payment or a refund of yours is still on its way: it has to end first."))
    return told
