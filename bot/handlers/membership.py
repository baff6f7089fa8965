"""Who blocked the bot is not written to, who came back is; and what befalls the bot in its group."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import ChatMemberRestricted, ChatMemberUpdated

from bot.domain.group_trouble import GroupTrouble
from bot.middlewares.visits import Guests
from bot.services.customers import CustomerService
from bot.services.group_health import GroupHealthService
from bot.services.outbox import OutboxService

router = Router(name="membership")
GROUPS = {ChatType.GROUP, ChatType.SUPERGROUP}
OUT = {ChatMemberStatus.LEFT, ChatMemberStatus.KICKED}


@router.my_chat_member(F.chat.type == ChatType.PRIVATE)
async def membership_changed(event: ChatMemberUpdated, customers: CustomerService, guests: Guests) -> None:
    """The next word of somebody forgotten makes him reachable again."""
    blocked = event.new_chat_member.status == ChatMemberStatus.KICKED
    await customers.set_reachable(event.from_user.id, not blocked)
    guests.forget(event.from_user.id)


@router.my_chat_member(F.chat.type.in_(GROUPS))
async def place_in_group_changed(
    event: ChatMemberUpdated, outbox: OutboxService, group_health: GroupHealthService
) -> None:
    """Owners hear of it at once, and not only when the next card cannot be sent."""
    if event.chat.id != await outbox.group():
        return
    me = event.new_chat_member
    if me.status in OUT:
        await group_health.failed(GroupTrouble.REMOVED)
    elif isinstance(me, ChatMemberRestricted) and not me.can_send_messages:
        await group_health.failed(GroupTrouble.SILENT)
    else:
        await group_health.well()
