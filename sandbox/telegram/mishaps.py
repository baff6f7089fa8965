"""Telegram's bad days, to be switched on by a person or a test."""

from __future__ import annotations

from sandbox.faults import Fault, Faults


def telegram_faults() -> Faults:
    return Faults(
        connection=Fault("Connection", ("works", "502 with HTML", "reset")),
        answers=Fault("Answers", ("at once", "after 200 ms", "after 2000 ms", "after 20000 ms")),
        flood=Fault("Every call gets 429", ("no", "retry after 1 s", "retry after 30 s")),
        lost=Fault("Done, but the answer is lost", ("no", "next call", "every call")),
        checkout=Fault("Pre-checkout", ("at once", "after 7000 ms", "never reaches the bot")),
        paid=Fault("Word of a payment", ("told once", "told twice", "lost")),
        limits=Fault("Sending limits: 1/s a chat, 20/min a group", ("on", "off")),
    )


def loses_answer(faults: Faults) -> bool:
    """Whether this answer gets lost; "next call" is over by that."""
    lost = faults["lost"]
    if lost.value == "next call":
        lost.value = "no"
        return True
    return lost.value == "every call"
