"""Another payer, such as the customer's firm: added by its name, with a code and balances of its own."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.domain.payer_details import NAME_LENGTH
from bot.domain.tax_numbers import country_for
from bot.handlers.payer_answers import PayerForm
from bot.handlers.payer_form import follows, form_of, open_form
from bot.handlers.places import open_place, resumes
from bot.i18n import _, shown
from bot.i18n.code_words import spaced_code
from bot.i18n.payer_words import payer_lines
from bot.keyboards import payers as screens
from bot.keyboards.balance import GET_CODE, REQUISITES, payer_page
from bot.keyboards.buttons import BACK, Place, only_back
from bot.middlewares.visits import Visit

router = Router(name="payers")

PAYER_PAGE = "payer_page"
"""What follows a form that was opened here."""


class Payers(StatesGroup):
    title = State()
    page = State()


@router.callback_query(screens.AddPayer.filter())
async def new_payer_wanted(visit: Visit, callback_data: screens.AddPayer) -> None:
    await visit.enter(Payers.title, back=callback_data.back)
    await _ask_title(visit)


@router.message(Payers.title, F.text)
async def title_sent(visit: Visit) -> None:
    back = (await visit.state.get_data())["back"]
    payer = await visit.balance.add_payer(visit.customer_id, shown(visit.text))
    visit.toast = _("{payer} is added.", payer=shown(payer.title))
    await _show_payer(visit, payer.id, back)


@router.callback_query(screens.OpenPayer.filter())
async def payer_tapped(visit: Visit, callback_data: screens.OpenPayer) -> None:
    await _show_payer(visit, callback_data.payer, callback_data.back)


@router.callback_query(Payers.page, F.data == GET_CODE)
async def code_wanted(visit: Visit) -> None:
    data = await visit.state.get_data()
    await visit.codes.code(visit.customer_id, data["payer"])
    await _show_payer(visit, data["payer"], data["back"])


@router.callback_query(Payers.page, F.data == REQUISITES)
async def requisites_wanted(visit: Visit) -> None:
    data = await visit.state.get_data()
    answers = await form_of(visit, data["payer"], await _country(visit, data["payer"]))
    await open_form(visit, answers, then=PAYER_PAGE, payer=data["payer"], back=data["back"])


@router.callback_query(screens.MendAddress.filter(~F.proved))
async def address_to_mend(visit: Visit, callback_data: screens.MendAddress) -> None:
    """From the news that a letter was refused: the address is asked at once, the rest stands."""
    visit.anew = True
    answers = await form_of(visit, callback_data.payer, await _country(visit, callback_data.payer))
    if answers.email is not None:
        answers.take_back(PayerForm.email)
    await open_form(visit, answers, then=PAYER_PAGE, payer=callback_data.payer, back=Place.BALANCE)


@follows(PAYER_PAGE)
async def requisites_told(visit: Visit, kept: dict[str, Any], payer_id: int) -> None:
    visit.toast = _("Saved.") if payer_id else ""
    await _show_payer(visit, kept["payer"], kept["back"])


@router.callback_query(StateFilter(Payers), F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    await open_place(visit, Place((await visit.state.get_data())["back"]))


@resumes(Payers)
async def payers_resumed(visit: Visit) -> None:
    if visit.dialog == Payers.title.state:
        return await _ask_title(visit)
    data = await visit.state.get_data()
    return await _show_payer(visit, data["payer"], data["back"])


async def _ask_title(visit: Visit) -> None:
    text = _(
        "Who else shall pay? Send the name of the organisation. It gets a balance and a code of its own."
    )
    await visit.show(text, only_back())


async def _show_payer(visit: Visit, payer_id: int, back: str) -> None:
    payer = await visit.balance.payer(visit.customer_id, payer_id)
    accounts = await visit.balance.accounts(visit.customer_id)
    await visit.enter(Payers.page, payer=payer.id, back=back)
    code = (
        _("Payment code:") + "\n\n" + spaced_code(payer.code)
        if payer.code
        else _("There is no payment code yet: get one here, or it appears with the first payment by code.")
    )
    own = [each for each in accounts if each.payer.id == payer.id]
    requisites = [line for line in payer_lines(payer.details)[1:] if line]
    text = "\n\n".join(filter(None, ("\n".join([shown(payer.shown_name, NAME_LENGTH), *requisites]), code)))
    await visit.show(text, payer_page(payer, own, on_papers=visit.invoices.offered))


async def _country(visit: Visit, payer_id: int) -> str:
    """Whose rules a new payer's numbers obey: by what he pays in, as far as transfers are taken in it."""
    accounts = await visit.balance.accounts(visit.customer_id)
    taken = visit.catalogue.transfers
    own = [each.balance.currency for each in accounts if each.payer.id == payer_id]
    return country_for(next((currency for currency in own if currency in taken), taken[0]))
