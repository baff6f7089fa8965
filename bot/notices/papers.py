"""Files that a customer asked for."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.documents import Enclosure
from bot.i18n import N_, _
from bot.keyboards.buttons import Place, go, keyboard
from bot.notices.registry import Payload, Rendered, notice

_SENTENCES = {
    "receipt": N_("Here is the receipt. Keep it to compare it with your bank statement."),
    "receipts": N_("Here are your receipts: a paper, and a table for a bookkeeper."),
    "personal_data": N_("This is everything we keep about you."),
}


@notice("forgotten")
def forgotten(_facts: Payload) -> Rendered:
    """He asked for it when it could not be done yet; a stranger is told no more than that."""
    text = _("Your data are deleted, as you asked. If you come back, we will meet as strangers.")
    return Rendered(text, keyboard([go(_("Begin anew"), Place.MENU, anew=True)], menu=False))


@notice("documents", lives=timedelta(hours=6))
def documents(facts: Payload) -> Rendered:
    """`files`: of each its kind and its subject; the first one chooses the words."""
    files = tuple(Enclosure(str(file["kind"]), file["subject"]) for file in facts["files"])
    sentence = _SENTENCES.get(files[0].kind, N_("Here is what you asked for."))
    menu = keyboard([go(_("Menu"), Place.MENU, anew=True)], menu=False)
    return Rendered(_(sentence), menu, enclosures=files)
