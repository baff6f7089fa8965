"""A network's register dropped into the group: compared with the books at once, told in a few lines."""

from __future__ import annotations

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.methods import EditMessageText
from aiogram.types import CallbackQuery, Document, Message

from bot.domain.catalogue import Catalogue
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.registers import MOST_BYTES, RegisterReport
from bot.domain.states import Role
from bot.handlers.operators.counter import known_person
from bot.i18n import _, money, ngettext, said
from bot.keyboards import registers as buttons
from bot.keyboards.registers import PickNetwork
from bot.middlewares.living import answer_tap
from bot.services.desk import DeskService
from bot.services.registers import RegisterService

router = Router(name="operators_register_files")

ENDINGS = (".csv", ".tsv", ".txt")
MOST_WAITING = 10
"""So many files of one person wait for their network's name; older ones have to be sent again."""


def looks_like_a_register(document: Document | None) -> bool:
    """Other files, and messages without one, are operators' own talk."""
    return document is not None and (document.file_name or "").lower().endswith(ENDINGS)


@router.message(F.document.func(looks_like_a_register))
async def register_dropped(
    message: Message,
    *,
    bot: Bot,
    state: FSMContext,
    desk: DeskService,
    registers: RegisterService,
    catalogue: Catalogue,
) -> None:
    who, document = known_person(message).id, message.document
    desk.demand(who, Role.CASHIER)
    assert document is not None
    if (document.file_size or 0) > MOST_BYTES:
        raise CustomerError("register_too_large")
    network = _named(document.file_name or "", registers.networks)
    if network is None and registers.networks:
        asked = await message.reply(
            _("Whose register is it?"), reply_markup=buttons.networks(catalogue, registers.networks)
        )
        await _remember(state, asked.message_id, document.file_id)
        return
    report = await registers.receive(who, network or "", await _content(bot, document.file_id))
    await message.reply(_told(catalogue, report), reply_markup=buttons.question(report))


@router.callback_query(PickNetwork.filter())
async def network_tapped(
    query: CallbackQuery,
    callback_data: PickNetwork,
    *,
    bot: Bot,
    state: FSMContext,
    registers: RegisterService,
    catalogue: Catalogue,
) -> None:
    """Only whoever sent the file answers for it."""
    place = query.message
    assert place is not None, "the router takes buttons under messages alone"
    file_id = (await state.get_data()).get("registers", {}).get(str(place.message_id))
    if file_id is None:
        words = _("That file waits for whoever sent it. If it was you, send it again.")
        await answer_tap(bot, query, words, alert=True)
        return
    await answer_tap(bot, query)
    report = await registers.receive(query.from_user.id, callback_data.name, await _content(bot, file_id))
    edit = EditMessageText(
        chat_id=place.chat.id,
        message_id=place.message_id,
        text=_told(catalogue, report),
        reply_markup=buttons.question(report),
    )
    await bot(edit)


async def _remember(state: FSMContext, message_id: int, file_id: str) -> None:
    waiting = {**(await state.get_data()).get("registers", {}), str(message_id): file_id}
    await state.update_data(registers=dict(list(waiting.items())[-MOST_WAITING:]))


async def _content(bot: Bot, file_id: str) -> bytes:
    """One byte more than may be is enough to refuse it."""
    file = await bot.download(file_id)
    assert file is not None
    return file.read(MOST_BYTES + 1)


def _named(file_name: str, networks: tuple[str, ...]) -> str | None:
    """The network that the file's name begins with, else the only one there is."""
    if len(networks) == 1:
        return networks[0]
    return next((name for name in networks if file_name.lower().startswith(f"{name}_")), None)


def _told(catalogue: Catalogue, report: RegisterReport) -> str:
    lines = report.register.lines
    known = catalogue.networks.get(report.network)
    count = ngettext("{count} payment", "{count} payments", len(lines))
    total = ""
    if lines:
        total = money(Money(sum(line.amount.minor for line in lines), lines[0].amount.currency))
    head = _("Register of {network}:", network=said(known.title) if known else report.network)
    facts = ", ".join(filter(None, (count, total)))
    agreed = _("In the books just so: {count}", count=report.matched)
    if report.clean:
        end = _("✅ Register and books agree.")
    elif report.card is not None:
        end = _("⚠️ They disagree; the card below says in what, and what can be done.")
    else:
        end = _("⚠️ They disagree as before: its card is open already, /cards shows it.")
    return "\n".join([f"{head} {facts}", agreed, end])
