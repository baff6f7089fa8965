"""The customer's answer to a reviewer's question: words, pictures and files, gathered and sent together."""

from __future__ import annotations

from dataclasses import asdict, replace

from aiogram import F, Router

from bot.domain.errors import CustomerError
from bot.domain.order_forms import Answer, SentFile
from bot.handlers.order_form.draft import Draft, OrderDialog, load, wait_at
from bot.handlers.order_form.sent_files import sent_file, take_in
from bot.handlers.places import open_place
from bot.i18n import _, shown
from bot.i18n.form_standing import WORDS_LENGTH
from bot.i18n.form_words import file_lines
from bot.keyboards import order_forms as screens
from bot.keyboards.buttons import BACK, Place
from bot.middlewares.visits import Visit
from bot.services.made_to_order.forms import MOST_REPLY_FILES, REPLY_LENGTH

router = Router(name="order_form_replying")


@router.callback_query(screens.ReplyToReviewer.filter())
async def reply_tapped(visit: Visit, callback_data: screens.ReplyToReviewer) -> None:
    visit.anew = callback_data.anew
    await show_question(visit, Draft(form=callback_data.form))


async def show_question(visit: Visit, draft: Draft, *, renew: bool = False) -> None:
    """The question, and what has been written so far."""
    form = await visit.order_forms.get(visit.customer_id, draft.form)
    if not form.question:
        raise CustomerError("nothing_asked")
    await wait_at(visit, draft, OrderDialog.reply)
    lines = [_("We have a question: {words}", words=shown(form.question, WORDS_LENGTH)), ""]
    if draft.words or draft.files:
        written = [shown(draft.words, WORDS_LENGTH)] if draft.words else []
        lines += [_("Your answer:"), *written, *file_lines(_files(draft))]
        lines += ["", _("Add to it, or send it.")]
    else:
        lines.append(_("Answer in words, with pictures or with files."))
    buttons = screens.replying(draft.form, written=bool(draft.words or draft.files))
    text = "\n".join(lines)
    await (visit.renew(text, buttons) if renew else visit.show(text, buttons))


@router.message(OrderDialog.reply, ~F.text.startswith("/"))
async def reply_written(visit: Visit) -> None:
    await take_in(visit, await load(visit), _add, show_question)


async def _add(visit: Visit, draft: Draft) -> None:
    """A film is refused with its caption: half of an answer would be lost unnoticed."""
    message = visit.message
    words, file = (message.text or message.caption or "").strip(), sent_file(message)
    if file is None and not message.text:
        raise CustomerError("file_wanted")
    if file is not None and len(draft.files) >= MOST_REPLY_FILES:
        raise CustomerError("form_files_full", most=MOST_REPLY_FILES)
    together = "\n".join(filter(None, [draft.words, words]))
    if len(together) > REPLY_LENGTH:
        raise CustomerError("answer_too_long", most=REPLY_LENGTH)
    draft.words = together
    if file is not None:
        draft.files.append(asdict(replace(file, caption="")))


@router.callback_query(OrderDialog.reply, F.data == screens.SEND_REPLY)
async def reply_sent(visit: Visit) -> None:
    draft = await load(visit)
    await visit.order_forms.reply(visit.customer_id, draft.form, Answer(draft.words, _files(draft)))
    visit.note = _("Thank you, we have your answer.")
    await open_place(visit, Place.ORDERS)


@router.callback_query(OrderDialog.reply, F.data == BACK)
async def back_tapped(visit: Visit) -> None:
    await open_place(visit, Place.ORDERS)


def _files(draft: Draft) -> tuple[SentFile, ...]:
    return tuple(SentFile(**file) for file in draft.files)
