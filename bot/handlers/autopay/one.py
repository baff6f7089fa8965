"""One autopay with its settings; pausing it, deleting it, and money that it took in vain."""

from __future__ import annotations

from aiogram import F, Router

from bot.handlers.autopay.draft import Autopay
from bot.i18n import _, money
from bot.i18n.autopay_words import autopay_line, autopay_summary, risen_price, zone_lines
from bot.keyboards import autopay as screens
from bot.keyboards import autopay_taps as taps
from bot.middlewares.visits import Visit
from bot.services.autopay.views import AutopayView

router = Router(name="autopay_one")


@router.callback_query(taps.OpenAutopay.filter())
async def autopay_tapped(visit: Visit, callback_data: taps.OpenAutopay) -> None:
    visit.anew = callback_data.anew
    await show_one(visit, callback_data.autopay)


async def show_one(visit: Visit, autopay_id: int, *, only_thing: bool = False) -> None:
    view = await visit.autopays.get(visit.customer_id, autopay_id)
    customer = await visit.customers.get(visit.customer_id)
    await visit.enter(Autopay.one, autopay=autopay_id, only_thing=only_thing)
    words = _words(view, zone=customer.zone if customer else "")
    await visit.show(words, screens.one(view, only_thing=only_thing))


async def one_resumed(visit: Visit) -> None:
    data = await visit.state.get_data()
    await show_one(visit, data["autopay"], only_thing=data["only_thing"])


def _words(view: AutopayView, *, zone: str) -> str:
    facts = autopay_summary(view).partition("\n")[0]
    return "\n\n".join([autopay_line(view), facts, *_price_lines(view), *zone_lines(zone)])


def _price_lines(view: AutopayView) -> list[str]:
    agreed = view.autopay.amount
    if (risen := risen_price(view)) is not None:
        return [
            _(
                "The price is {now} now, and you agreed to {amount}: nothing is taken until you agree to "
                "the new one.",
                now=money(risen),
                amount=money(agreed),
            )
        ]
    if view.next_amount is not None and view.next_amount < agreed:
        return [_("At today's price the next charge takes {amount}.", amount=money(view.next_amount))]
    return []


@router.callback_query(taps.DeleteAutopay.filter())
async def delete_tapped(visit: Visit, callback_data: taps.DeleteAutopay) -> None:
    visit.anew = callback_data.anew
    await visit.autopays.delete(visit.customer_id, callback_data.autopay, visit.update_id)
    await visit.leave_dialog()
    await visit.show(_("Autopay is deleted. Nothing more is charged."), screens.deleted())


@router.callback_query(taps.PauseAutopay.filter(F.pause))
async def pause_tapped(visit: Visit, callback_data: taps.PauseAutopay) -> None:
    visit.anew = callback_data.anew
    await visit.autopays.pause(visit.customer_id, callback_data.autopay)
    visit.toast = _("Paused.")
    await show_one(visit, callback_data.autopay)


@router.callback_query(taps.GiveBack.filter())
async def give_back_tapped(visit: Visit, callback_data: taps.GiveBack) -> None:
    """What a charge brought for a cycle that was paid meanwhile."""
    visit.anew = callback_data.anew
    if callback_data.keep:
        text = _("The money stays on your balance and pays for what comes next.")
    else:
        await visit.autopays.give_back(visit.customer_id, callback_data.payment)
        text = _("We are sending the money back to the card and will write as soon as it is done.")
    await visit.leave_dialog()
    await visit.show(text, screens.money_kept())
