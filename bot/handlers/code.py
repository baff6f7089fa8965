"""Payment codes: one's own in large type, and whose a code is."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup

from bot.handlers.payment import show_result
from bot.handlers.places import opens, resumes
from bot.i18n import _, day, money, shown
from bot.i18n.code_words import code_to_pay_by, spaced_code
from bot.keyboards import code as screens
from bot.keyboards.buttons import BACK, Place, only_back
from bot.keyboards.pay import ShowCode
from bot.middlewares.visits import Visit
from bot.services.balance import Account, AccountCard
from bot.services.codes import PayerCode, Whose
from bot.services.reports import Standing

router = Router(name="code")


class Code(StatesGroup):
    own = State()
    check = State()


@opens(Place.CODE)
async def codes_opened(visit: Visit) -> None:
    await visit.enter(Code.own)
    codes = await visit.codes.mine(visit.customer_id)
    accounts = await visit.balance.accounts(visit.customer_id)
    own = [_own(code, await _cards(visit, code, accounts)) for code in codes]
    text = "\n\n".join([*own, _how_to_use()]) if codes else _none_yet()
    payers = await visit.balance.payers(visit.customer_id)
    without = [payer for payer in payers if not payer.code] if len(payers) > 1 else []
    await visit.show(text, screens.own_codes(codes, without))


@resumes(Code)
async def code_resumed(visit: Visit) -> None:
    if visit.dialog == Code.check.state:
        return await _ask_code(visit)
    return await codes_opened(visit)


@router.callback_query(StateFilter(Code), F.data == screens.CHECK)
async def check_wanted(visit: Visit) -> None:
    await _ask_code(visit)


@router.message(Code.check, F.text)
async def code_sent(visit: Visit) -> None:
    """A code that is no code is told kindly, and the next try may follow at once."""
    whose = await visit.codes.whose(visit.text, visit.customer_id)
    await visit.show(_about(whose), screens.checked())


@router.callback_query(ShowCode.filter())
async def code_to_pay_by_wanted(visit: Visit, callback_data: ShowCode) -> None:
    """The code an order or a top-up waits for; the screen loses its buttons once the money is there."""
    visit.anew = callback_data.anew
    report = await visit.payments.details(visit.customer_id, callback_data.payment)
    if report.standing is not Standing.WAITING:
        return await show_result(visit, report.payment.id, ask=False)
    payment = report.payment
    code = await visit.codes.code(visit.customer_id, payment.payer_id)
    text = code_to_pay_by(visit.catalogue, code, payment.amount)
    message_id = await visit.show(text, screens.code_to_pay_by(code, payment))
    return await visit.payments.shown(visit.customer_id, payment.id, message_id)


@router.callback_query(StateFilter(Code), F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    await codes_opened(visit)


async def _ask_code(visit: Visit) -> None:
    await visit.enter(Code.check)
    text = _("Send the payment code. I will say whether it is right and whose it is.")
    await visit.show(text, only_back())


async def _cards(visit: Visit, code: PayerCode, accounts: Sequence[Account]) -> list[AccountCard]:
    """What this payer has and what is due: in the currency he pays in first, and wherever he has money."""
    own = [each.balance for each in accounts if each.payer.id == code.payer_id]
    currencies = [balance.currency for balance in own if balance or balance is own[0]]
    return [await visit.balance.card(visit.customer_id, code.payer_id, each) for each in currencies]


def _own(code: PayerCode, accounts: list[AccountCard]) -> str:
    head = _("Payment code of {payer}", payer=shown(code.title))
    return "\n\n".join(filter(None, [head, spaced_code(code.code), "\n".join(map(_account, accounts))]))


def _account(card: AccountCard) -> str:
    balance = _("Balance: {amount}", amount=money(card.balance))
    if card.due is None:
        return balance
    due = _("next: {title}, {amount}", title=shown(card.due.title), amount=money(card.due.price))
    if card.due.on is not None:
        due = _(
            "next: {title}, {amount}, by {date}",
            title=shown(card.due.title),
            amount=money(card.due.price),
            date=day(card.due.on),
        )
    return f"{balance}; {due}"


def _how_to_use() -> str:
    return _("Type it at a terminal or in a wallet: the money arrives on your balance or pays your order.")


def _none_yet() -> str:
    return _(
        "You have no payment code yet. It appears when you start a payment and choose “Terminal or wallet”; "
        "from then on it is yours and never changes."
    )


def _about(whose: Whose) -> str:
    code = spaced_code(whose.code)
    if whose.is_mine:
        return _("✔️ {code} is right, and it is yours: {payer}.", code=code, payer=whose.masked)
    return _(
        "✔️ {code} is right. It belongs to somebody else: {payer}. Money paid by it goes to them.",
        code=code,
        payer=whose.masked,
    )
