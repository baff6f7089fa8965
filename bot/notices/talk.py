"""Talk on its way: a customer's words into the group, an operator's to the customer."""

from __future__ import annotations

from bot.domain.talk import Attached
from bot.i18n import _, fit, shown
from bot.keyboards import operator_talk as buttons
from bot.keyboards.buttons import Place, go, keyboard
from bot.keyboards.operators import question as question_buttons
from bot.notices.about import customer, text_of
from bot.notices.registry import Payload, Rendered, notice, operators_notice
from bot.notices.topics import TALK
from bot.notices.worth import WORTH

WORDS_LENGTH = 3000
ANSWER_LENGTH = 3500


@operators_notice("question", lives=WORTH)
def question(facts: Payload) -> Rendered:
    attached = _attached(facts)
    text = text_of(_("✉️ A question"), customer(facts), quoted(facts["text"]), photo=attached is not None)
    return Rendered(text, question_buttons(facts), attached=attached, topic=TALK)


@operators_notice("talk", lives=WORTH)
def talk(facts: Payload) -> Rendered:
    """More of a talk, in the thread of its card."""
    attached = _attached(facts)
    who = shown(str(facts.get("name") or "…"))
    head = _("✏️ {name} has put it right:", name=who) if facts.get("edited") else _("💬 {name}:", name=who)
    text = text_of(head, quoted(facts["text"]), photo=attached is not None)
    return Rendered(text, buttons.answer(int(facts["about_card"])), attached=attached, topic=TALK)


@notice("answer", lives=WORTH)
def answer(facts: Payload) -> Rendered:
    """The operator's own words; what the customer says next goes back to him."""
    head = _("An operator has put it right:") if facts.get("edited") else _("An operator answers:")
    text = f"{head}\n\n{fit(str(facts['text']), ANSWER_LENGTH)}".strip()
    places = [go(_("Write to us"), Place.WRITE, anew=True), go(_("Menu"), Place.MENU, anew=True)]
    return Rendered(text, keyboard(places, menu=False), attached=_attached(facts))


def quoted(words: object) -> str:
    """A stranger's words, set apart from ours: every line of them is marked."""
    lines = [f"│ {shown(line, 500)}" for line in str(words).splitlines() if line.strip()]
    return fit("\n".join(lines), WORDS_LENGTH)


def _attached(facts: Payload) -> Attached | None:
    if photo := facts.get("photo"):
        return Attached("photo", str(photo))
    found = facts.get("attached")
    return Attached(**found) if found else None
