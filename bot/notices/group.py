"""The operators' group itself: cards that hang anew, and what its owners hear in private when it is shut."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.group_trouble import GroupTrouble
from bot.i18n import N_, _
from bot.keyboards.buttons import Place, go, keyboard
from bot.notices.registry import Payload, Rendered, notice, operators_notice, write_for_operators
from bot.notices.worth import WORTH

_SHUT = {
    GroupTrouble.REMOVED: N_(
        "⚠️ I was taken out of the operators' group: nobody there hears of money or of customers. "
        "Add me again as an administrator; all that waits is told then."
    ),
    GroupTrouble.SILENT: N_(
        "⚠️ I may not write in the operators' group: nobody there hears of money or of customers. "
        "Let me write again; all that waits is told then."
    ),
    GroupTrouble.GONE: N_(
        "⚠️ The operators' group is gone: nobody hears of money or of customers. Make another one, add me to "
        "it, and set OPERATORS_CHAT_ID to the number that /id says there; all that waits is told then."
    ),
}


@operators_notice("card_again", lives=WORTH)
def card_again(facts: Payload) -> Rendered:
    """The same card below everything else; a late one says so."""
    face = write_for_operators(str(facts["again"]), facts)
    words = _("🔔 Nobody has answered in time.") if facts.get("late") else ""
    text = "\n".join(filter(None, (words, face.text)))
    return replace(face, text=text, replaces=int(facts.get("replaces") or 0))


@notice("group_shut", lives=WORTH)
def group_shut(facts: Payload) -> Rendered:
    return _private(_(_SHUT[GroupTrouble(facts["trouble"])]))


@notice("group_well")
def group_well(_facts: Payload) -> Rendered:
    return _private(_("✅ The operators' group hears me again. What waited is being told there."))


@notice("topic_gone", lives=WORTH)
def topic_gone(facts: Payload) -> Rendered:
    setting = f"OPERATORS_TOPICS__{str(facts['topic']).upper()}"
    return _private(
        _(
            "⚠️ A topic of the operators' group is gone or closed; its cards come to the general one. "
            "Open it again, or set {setting} to another.",
            setting=setting,
        )
    )


def _private(words: str) -> Rendered:
    """An owner's own chat is a customer's as well."""
    return Rendered(words, keyboard([go(_("Menu"), Place.MENU, anew=True)], menu=False))
