"""The operators' group: `counter` lets in, `commands` are typed, `cards` pressed, `prompts` replied to."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.enums import ChatType

from bot.handlers.errors import GroupExcuses
from bot.handlers.operators import (
    acts,
    audit,
    autopays,
    card_keepers,
    cards,
    codes,
    commands,
    counter,
    day_closings,
    find,
    order_work,
    promises,
    prompts,
    records,
    refund_outcomes,
    refunds,
    register_files,
    registers,
    reviews,
    statement_files,
    statement_lines,
    takings,
    talk,
    unknown_charges,
    whereabouts,
)

GROUPS = {ChatType.GROUP, ChatType.SUPERGROUP}


def operators_router() -> Router:
    """The group's side of the door; of other groups it hears nothing but /id."""
    inside = Router(name="operators_counter")
    for observer in (inside.message, inside.edited_message, inside.callback_query):
        observer.outer_middleware(counter.Counter())
    inside.message.middleware(counter.OnlyKnown())
    inside.callback_query.middleware(card_keepers.SomebodyHasIt())
    inside.include_routers(
        commands.router,
        acts.router,
        autopays.router,
        audit.router,
        takings.router,
        find.router,
        records.router,
        day_closings.router,
        codes.router,
        order_work.router,
        promises.router,
        refund_outcomes.router,
        refunds.router,
        prompts.router,
        talk.router,
        card_keepers.router,
        statement_files.router,  # before registers: what it does not know it leaves to them
        register_files.router,
        registers.router,
        reviews.router,
        statement_lines.router,
        unknown_charges.router,
        cards.router,  # the last: it answers buttons that nobody knows
    )
    root = Router(name="operators")
    for observer in (root.message, root.edited_message, root.callback_query):
        observer.outer_middleware(GroupExcuses())
    root.message.filter(F.chat.type.in_(GROUPS))
    root.edited_message.filter(F.chat.type.in_(GROUPS))
    root.callback_query.filter(F.message.chat.type.in_(GROUPS))
    root.include_routers(whereabouts.router, inside)
    return root


__all__ = ["operators_router"]
