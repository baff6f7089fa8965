"""«Мы отправили платёж»: the payment order for operators, as a file, a picture or none."""

from __future__ import annotations

from dataclasses import asdict

from aiogram import F, Router
from aiogram.fsm.state import State

from bot.domain.attachments import MOST_FILES, Attachment, checked_paper
from bot.domain.errors import CustomerError
from bot.domain.invoices import OPEN_INVOICES
from bot.handlers.invoice_card import InvoiceCard, ask_sure, show_invoice, stand_at
from bot.handlers.places import resumes
from bot.i18n import _
from bot.i18n.invoice_words import invoice_title
from bot.keyboards import invoices as screens
from bot.middlewares.visits import Visit

router = Router(name="invoice_sent")

WAITS: State = InvoiceCard.files


@resumes(InvoiceCard)
async def card_resumed(visit: Visit) -> None:
    data = await visit.state.get_data()
    match visit.dialog:
        case InvoiceCard.giving_up.state:
            await ask_sure(visit, data["invoice"])
        case InvoiceCard.files.state:
            await _ask_files(visit, data["invoice"], data["files"])
        case _:
            await show_invoice(visit, data["invoice"])


@router.callback_query(screens.TellSent.filter())
async def sent_tapped(visit: Visit, callback_data: screens.TellSent) -> None:
    visit.anew = callback_data.anew
    await _ask_files(visit, callback_data.invoice, [])


@router.message(WAITS, F.document | F.photo)
async def file_sent(visit: Visit) -> None:
    """Those of an album come one by one: each is kept, up to the limit."""
    data = await visit.state.get_data()
    files = list(data["files"])
    if len(files) >= MOST_FILES:
        raise CustomerError("too_many_files", most=MOST_FILES)
    files.append(asdict(_attached(visit)))
    await _ask_files(visit, data["invoice"], files)


@router.callback_query(WAITS, F.data == screens.HAND_OVER)
async def hand_over_tapped(visit: Visit) -> None:
    data = await visit.state.get_data()
    files = [Attachment(**file) for file in data["files"]]
    await visit.bridges.say_sent(visit.customer_id, data["invoice"], files)
    visit.note = _("Operators know of it. We will write here as soon as the transfer arrives.")
    await show_invoice(visit, data["invoice"])


async def _ask_files(visit: Visit, invoice_id: int, files: list[dict[str, object]]) -> None:
    view = await visit.invoices.get(visit.customer_id, invoice_id)
    if view.invoice.state not in OPEN_INVOICES:
        raise CustomerError("invoice_not_open")
    await stand_at(visit, WAITS, invoice_id, files=files)
    question = _(
        "Send the payment order with the bank's mark as a PDF or a picture, up to {most} files. "
        "With it operators can switch the service on before the money arrives.",
        most=MOST_FILES,
    )
    if files:
        question = _("Files received: {count}. Send more, or hand them over.", count=len(files))
    await visit.show(f"{invoice_title(view.invoice)}\n\n{question}", screens.payment_order(len(files)))


def _attached(visit: Visit) -> Attachment:
    document, photos = visit.message.document, visit.message.photo
    if document is None:
        assert photos
        picture = Attachment(photos[-1].file_id, is_picture=True)
        return checked_paper(picture, media="image/jpeg", size=photos[-1].file_size or 0)
    paper = Attachment(document.file_id, is_picture=False, name=(document.file_name or "")[:100])
    return checked_paper(paper, media=document.mime_type or "", size=document.file_size or 0)
