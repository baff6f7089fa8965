"""Changes to messages that were sent: edits and deletions."""

from __future__ import annotations

from sandbox import clock
from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields, Json
from sandbox.telegram.markup import read_markup
from sandbox.telegram.methods.registry import method
from sandbox.telegram.methods.sends import caption_content, media_content, text_content
from sandbox.telegram.model import Chat, Message
from sandbox.telegram.world import World

MEDIA = ("photo", "document", "video", "caption", "caption_entities")
TOO_OLD_TO_DELETE = 48 * 3600
SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@method("editMessageText")
def edit_message_text(world: World, fields: Fields) -> Json:
    chat, message = _editable(world, fields)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    return _changed(world, chat, message, fields, text_content(fields), replaced=("text", "entities"))


@method("editMessageCaption")
def edit_message_caption(world: World, fields: Fields) -> Json:
    chat, message = _editable(world, fields)
    if not {"photo", "document", "video", "voice"} & message.body.keys():
        raise bad_request("there is no caption in the message to edit")
    return _changed(
        world, chat, message, fields, caption_content(fields), replaced=("caption", "caption_entities")
    )


@method("editMessageMedia")
def edit_message_media(world: World, fields: Fields) -> Json:
    chat, message = _editable(world, fields)
    if not {"photo", "document", "video"} & message.body.keys():
        raise bad_request("there is no media in the message to edit")
    content = media_content(world, fields, fields.decoded("media") or {})
    return _changed(world, chat, message, fields, content, replaced=MEDIA)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, fields: Fields) -> Json:
    chat, message = _editable(world, fields)
    return _changed(world, chat, message, fields, {}, replaced=())


@method("deleteMessage")
def delete_message(world: World, fields: Fields) -> bool:
    chat = world.open_to_bot(fields.text("chat_id"))
    message = chat.messages.get(fields.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    _may_delete(world, chat, message)
    return world.remove(chat, message.id)


@method("deleteMessages")
def delete_messages(world: World, fields: Fields) -> bool:
    """Those that are not there are skipped."""
    chat = world.open_to_bot(fields.text("chat_id"))
    numbers = fields.decoded("message_ids")
    if not isinstance(numbers, list) or not 1 <= len(numbers) <= 100:
        raise bad_request("wrong number of message identifiers")
    found = [chat.messages[int(number)] for number in numbers if int(number) in chat.messages]
    for message in found:
        _may_delete(world, chat, message)
    for message in found:
        world.remove(chat, message.id)
    return True


def _may_delete(world: World, chat: Chat, message: Message) -> None:
    ours = message.body["from"]["id"] == world.bot_id
    if clock.seconds() - message.body["date"] > TOO_OLD_TO_DELETE:
        raise bad_request("message can't be deleted for everyone")
    if not ours and not chat.private and "can_delete_messages" not in chat.bot_rights:
        raise bad_request("message can't be deleted")


def _editable(world: World, fields: Fields) -> tuple[Chat, Message]:
    chat = world.open_to_bot(fields.text("chat_id"))
    message = chat.messages.get(fields.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message.body["from"]["id"] != world.bot_id or not message.editable:
        raise bad_request("message can't be edited")
    return chat, message


def _changed(
    world: World, chat: Chat, message: Message, fields: Fields, content: Json, *, replaced: tuple[str, ...]
) -> Json:
    """The new body; a keyboard that is not sent again is gone, as in Telegram."""
    markup = read_markup(fields, private=chat.private, invoice="invoice" in message.body)
    if markup.client:
        raise bad_request("inline keyboard expected")
    dropped = {*replaced, "reply_markup"}
    body = {k: v for k, v in message.body.items() if k not in dropped} | content
    if markup.inline:
        body["reply_markup"] = markup.inline
    if body == message.body:
        raise bad_request(SAME)
    # Taking the keyboard off or changing it alone does not mark a message as edited for people.
    message.edited = message.edited or bool(replaced)
    message.body = body | {"edit_date": clock.seconds()}
    world.touch(chat, message)
    return message.body
