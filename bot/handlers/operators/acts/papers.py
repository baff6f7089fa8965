"""Papers once more, to the address on file or to a typed one; and notes on customers."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from bot.domain.contacts import demand_email
from bot.domain.errors import CustomerError
from bot.domain.masking import masked_email
from bot.domain.records import RecordKind
from bot.handlers.operators.acts.asking import Agreed, agreed_to, ask_sure
from bot.handlers.operators.prompts import Prompt, Told, ask, asked_for
from bot.i18n import _
from bot.keyboards.acts import Act, What
from bot.services.acts.house import Acts

router = Router(name="operators_acts_papers")

PAPER, NOTE = "act_paper", "act_note"
_KINDS = {
    What.SEND_INVOICE: RecordKind.INVOICE,
    What.SEND_RECEIPT: RecordKind.PAYMENT,
    What.SEND_ORDER: RecordKind.ORDER,
}
ON_FILE = "+"


@router.callback_query(Act.filter(F.what.in_(set(_KINDS))))
async def paper_tapped(
    query: CallbackQuery, callback_data: Act, bot: Bot, *, state: FSMContext, acts: Acts
) -> None:
    kind, number = _KINDS[callback_data.what], int(callback_data.about)
    known = await acts.papers.address(query.from_user.id, kind, number)
    if known:
        words = _("where to? Send “+” for {email}, or another e-mail address.", email=masked_email(known))
    else:
        words = _("where to? No address is known: send an e-mail address.")
    await ask(query, bot, state, Prompt(PAPER, 0, words, about=f"{kind.value}:{number}"))


@asked_for(PAPER)
async def address_told(told: Told, state: FSMContext, acts: Acts) -> None:
    name, _colon, number = told.about.partition(":")
    kind, typed = RecordKind(name), told.words.strip()
    known = await acts.papers.address(told.who, kind, int(number))
    if typed == ON_FILE and known:
        await acts.papers.send(told.who, kind, int(number), known)
        await told.message.reply(_("✉️ On its way to {email}.", email=masked_email(known)))
        return
    if typed == ON_FILE:
        raise CustomerError("bad_email")
    address = demand_email(typed)
    words = _("This is not the address on file. Send the paper to {email}?", email=address)
    facts = {"kind": kind.value, "number": int(number), "email": address}
    await ask_sure(told.message, state, What.SEND_INVOICE, words, _("Yes, send it"), **facts)


@agreed_to(What.SEND_INVOICE)
async def address_agreed(agreed: Agreed, acts: Acts) -> str:
    facts = agreed.facts
    kind = RecordKind(facts["kind"])
    email = await acts.papers.send(agreed.who, kind, facts["number"], facts["email"])
    return _("✉️ On its way to {email}.", email=masked_email(email))


@router.callback_query(Act.filter(F.what == What.NOTE))
async def note_tapped(query: CallbackQuery, callback_data: Act, bot: Bot, state: FSMContext) -> None:
    words = _("what is to be noted? Other operators read it; the customer finds it in the copy of his data.")
    await ask(query, bot, state, Prompt(NOTE, 0, words, about=callback_data.about))


@asked_for(NOTE)
async def note_told(told: Told, acts: Acts) -> None:
    await acts.notes.add(told.who, int(told.about), told.words)
    await told.message.reply(_("📝 Noted."))
