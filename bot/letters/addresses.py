"""The letter that proves whose address it is."""

from __future__ import annotations

from datetime import timedelta

from bot.i18n import _, ngettext
from bot.letters.about import words
from bot.letters.parts import Large, Letter, Note, Words
from bot.letters.registry import Payload, letter


@letter("email_code", lives=timedelta(minutes=15))
def email_code(facts: Payload) -> Letter:
    """`code` and for how many `minutes` it is good; longer the letter is not worth sending either."""
    minutes = ngettext("{count} minute", "{count} minutes", int(facts["minutes"]))
    parts = (
        Words(_("Send this code to the bot to prove that the address is yours:")),
        Large(words(facts, "code")),
        Words(_("It is good for {minutes}.", minutes=minutes)),
        Note(_("If you have not asked for it, do nothing: without the code nothing happens.")),
    )
    return Letter(_("Your code: {code}", code=words(facts, "code")), parts)
