"""The balance: what is on it, what it can pay now, and where its money came from and went."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.handlers.places import opens, resumes
from bot.i18n import _
from bot.i18n.balance_words import account_words, history_words
from bot.i18n.suspension_words import stand_lines
from bot.keyboards import balance as screens
from bot.keyboards.buttons import BACK, Place, TurnPage
from bot.keyboards.suspension import on_its_page
from bot.middlewares.visits import Visit
from bot.services.balance import Account
from bot.services.suspension.views import Subject

router = Router(name="balance")


class Balance(StatesGroup):
    accounts = State()
    card = State()
    history = State()


@opens(Place.BALANCE)
async def balance_opened(visit: Visit) -> None:
    """The one account that matters is shown at once; where several have money, they are chosen from."""
    accounts = await visit.balance.accounts(visit.customer_id)
    moved = [account for account in accounts if account.balance]
    one_payer = len({account.payer.id for account in accounts}) == 1
    if one_payer and len(moved) < 2:
        main = (moved or accounts)[0]
        return await show_account(visit, main.payer.id, main.balance.currency, others=len(accounts) > 1)
    return await _show_accounts(visit, accounts)


async def _show_accounts(visit: Visit, accounts: Sequence[Account], *, beside_card: bool = False) -> None:
    """`beside_card` keeps which card they were opened from, so that Back leads there."""
    await visit.enter(Balance.accounts, keep=beside_card)
    text = (
        _("Which balance?") if accounts else _("There is no balance yet: it begins with your first payment.")
    )
    await visit.show(text, screens.accounts(accounts, back=BACK if beside_card else Place.MENU))


async def show_account(visit: Visit, payer_id: int, currency: str, *, others: bool) -> None:
    """`others` leads to the customer's other accounts, where he has any."""
    card = await visit.balance.card(visit.customer_id, payer_id, currency)
    await visit.enter(Balance.card, payer=payer_id, currency=currency, others=others)
    stand = await visit.suspensions.stand(visit.customer_id, Subject(payer_id=payer_id))
    words = "\n".join([account_words(card), *stand_lines(stand)])
    await visit.show(words, screens.account_card(card, others=others, suspension=on_its_page(stand)))


@resumes(Balance)
async def balance_resumed(visit: Visit) -> None:
    match visit.dialog:
        case Balance.card.state:
            await _back_to_card(visit)
        case Balance.history.state:
            data = await visit.state.get_data()
            await _show_history(visit, data["page"])
        case _:
            await others_wanted(visit)


@router.callback_query(screens.OpenAccount.filter())
async def account_tapped(visit: Visit, callback_data: screens.OpenAccount) -> None:
    visit.anew = callback_data.anew
    await show_account(visit, callback_data.payer, callback_data.currency, others=True)


@router.callback_query(F.data == screens.OTHERS)
async def others_wanted(visit: Visit) -> None:
    beside_card = "payer" in await visit.state.get_data()
    await _show_accounts(visit, await visit.balance.accounts(visit.customer_id), beside_card=beside_card)


@router.callback_query(Balance.card, F.data == screens.HISTORY)
async def history_wanted(visit: Visit) -> None:
    await _show_history(visit)


@router.callback_query(Balance.history, TurnPage.filter())
async def page_turned(visit: Visit, callback_data: TurnPage) -> None:
    await _show_history(visit, callback_data.to)


@router.callback_query(StateFilter(Balance.history, Balance.accounts), F.data == BACK)
async def back_to_card(visit: Visit) -> None:
    await _back_to_card(visit)


async def _show_history(visit: Visit, number: int = 0) -> None:
    data = await visit.state.get_data()
    page = await visit.balance.history(visit.customer_id, data["payer"], data["currency"], number)
    await visit.enter(Balance.history, keep=True, page=page.page)
    await visit.show(history_words(visit.catalogue, page), screens.history(page))


async def _back_to_card(visit: Visit) -> None:
    data = await visit.state.get_data()
    await show_account(visit, data["payer"], data["currency"], others=data["others"])
