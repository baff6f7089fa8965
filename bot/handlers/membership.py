"""Who blocked the bot is not written to; who came back is."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import ChatMemberUpdated

from bot.middlewares.visits import Guests
from bot.services.customers import CustomerService

router = Router(name="membership")
router.my_chat_member.filter(F.chat.type == ChatType.PRIVATE)


@router.my_chat_member()
async def membership_changed(event: ChatMemberUpdated, customers: CustomerService, guests: Guests) -> None:
    """The next word of somebody forgotten makes him reachable again."""
    blocked = event.new_chat_member.status == ChatMemberStatus.KICKED
    await customers.set_reachable(event.from_user.id, not blocked)
    guests.forget(event.from_user.id)
