"""Sending, editing and deleting by a real aiogram Bot, with Telegram's limits and refusals."""

from __future__ import annotations

import struct
from collections.abc import Awaitable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.types import (
    BufferedInputFile,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

from sandbox.driver import Person, Telegram

ANNA = 1001
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 40, 30) + b"\0" * 9


@pytest.fixture(autouse=True)
async def started(anna: Person, telegram: Telegram) -> None:
    await anna.says("/start")


@pytest.fixture
async def unlimited(telegram: Telegram) -> None:
    await telegram.faults(limits="off")


def inline(**button: Any) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Press", **button)]])


async def refusal(call: Awaitable[object]) -> str:
    with pytest.raises(TelegramBadRequest) as refused:
        await call
    return refused.value.message


async def test_longest_text_passes_and_one_more_does_not(bot: Bot) -> None:
    sent = await bot.send_message(ANNA, "<b>" + "я" * 4096 + "</b>", parse_mode="HTML")
    assert sent.text == "я" * 4096
    assert "message is too long" in await refusal(bot.send_message(ANNA, "я" * 4097))
    assert "message text is empty" in await refusal(bot.send_message(ANNA, "<b> </b>", parse_mode="HTML"))


async def test_longest_caption_passes_and_one_more_does_not(bot: Bot) -> None:
    file = BufferedInputFile(b"x", "a.txt")
    await bot.send_document(ANNA, file, caption="я" * 1024)
    assert "caption is too long" in await refusal(bot.send_document(ANNA, file, caption="я" * 1025))


async def test_html_that_does_not_parse_is_refused(bot: Bot) -> None:
    assert "can't parse entities" in await refusal(bot.send_message(ANNA, "<b>x", parse_mode="HTML"))


@pytest.mark.usefixtures("unlimited")
async def test_buttons_are_measured_in_bytes_and_need_an_action(bot: Bot) -> None:
    await bot.send_message(ANNA, "x", reply_markup=inline(callback_data="я" * 32))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({}, "Text buttons are unallowed"),
        ({"url": "no link"}, "Wrong HTTP URL"),
        ({"copy_text": CopyTextButton.model_construct(text="x" * 257)}, "BUTTON_COPY_TEXT_INVALID"),
        ({"pay": True}, "BUTTON_TYPE_INVALID"),
    ]
    for button, why in wrong:
        assert why in await refusal(bot.send_message(ANNA, "x", reply_markup=inline(**button)))


async def test_inline_keyboard_is_echoed_and_reply_keyboard_is_not(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(ANNA, "x", reply_markup=inline(callback_data="1"))
    assert sent.reply_markup and sent.reply_markup.inline_keyboard[0][0].callback_data == "1"
    keyboard = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Share", request_contact=True)]])
    sent = await bot.send_message(ANNA, "y", reply_markup=keyboard)
    assert sent.reply_markup is None
    await anna.taps("Share")
    contact = (await bot.get_updates(timeout=1))[-1].message
    assert contact and contact.contact and contact.contact.user_id == ANNA == contact.chat.id
    await bot.send_message(ANNA, "z", reply_markup=ReplyKeyboardRemove())
    assert (await anna.screen())["keyboard"] is None
    await bot.send_message(ANNA, "why?", reply_markup=ForceReply())
    assert (await anna.screen())["keyboard"]["force_reply"]


async def test_edits_keep_to_the_rules(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(ANNA, "one", reply_markup=inline(callback_data="1"))
    same = bot.edit_message_text(
        "one", chat_id=ANNA, message_id=sent.message_id, reply_markup=sent.reply_markup
    )
    assert "message is not modified" in await refusal(same)
    edited = await bot.edit_message_text("two", chat_id=ANNA, message_id=sent.message_id)
    assert not isinstance(edited, bool) and edited.edit_date and edited.reply_markup is None
    assert "not modified" in await refusal(
        bot.edit_message_reply_markup(chat_id=ANNA, message_id=sent.message_id)
    )
    assert "message to edit not found" in await refusal(
        bot.edit_message_text("x", chat_id=ANNA, message_id=999)
    )
    own = await anna.says("mine")
    assert "can't be edited" in await refusal(
        bot.edit_message_text("x", chat_id=ANNA, message_id=own["body"]["message_id"])
    )


async def test_deleted_message_is_gone_for_both(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(ANNA, "short lived")
    assert await bot.delete_message(ANNA, sent.message_id)
    assert all(m["body"].get("text") != "short lived" for m in (await anna.screen())["messages"])
    assert "message to delete not found" in await refusal(bot.delete_message(ANNA, sent.message_id))
    one = await bot.send_message(ANNA, "1")
    assert await bot.delete_messages(ANNA, [one.message_id, 12345])


async def test_files_travel_both_ways(bot: Bot, anna: Person) -> None:
    sent = await bot.send_document(
        ANNA, BufferedInputFile(b"%PDF-1.7 paper", "Счёт 1.pdf"), caption="Your invoice"
    )
    assert sent.document and sent.document.file_name == "Счёт 1.pdf"
    assert await anna.document() == ("Счёт 1.pdf", b"%PDF-1.7 paper")
    again = await bot.send_document(ANNA, sent.document.file_id)
    assert again.document and again.document.file_name == "Счёт 1.pdf"
    await anna.sends_file("screen.png", PNG, "image/png", photo=True, caption="I paid")
    message = (await bot.get_updates(timeout=1))[-1].message
    assert message and message.photo and (message.photo[-1].width, message.photo[-1].height) == (40, 30)
    downloaded = await bot.download(message.photo[-1])
    assert downloaded and downloaded.read() == PNG


async def test_picture_is_put_in_the_place_of_another(bot: Bot) -> None:
    sent = await bot.send_photo(ANNA, BufferedInputFile(PNG, "a.png"), caption="day")
    other = InputMediaPhoto(media=BufferedInputFile(PNG, "b.png"), caption="week")
    edited = await bot.edit_message_media(other, chat_id=ANNA, message_id=sent.message_id)
    assert not isinstance(edited, bool) and edited.caption == "week" and edited.photo != sent.photo


async def test_photo_must_be_a_picture(bot: Bot) -> None:
    sent = await bot.send_photo(ANNA, BufferedInputFile(PNG, "a.png"))
    assert sent.photo and sent.photo[0].width == 40
    assert "IMAGE_PROCESS_FAILED" in await refusal(bot.send_photo(ANNA, BufferedInputFile(b"x", "a.png")))


async def test_people_send_albums_of_ten(bot: Bot, anna: Person) -> None:
    pictures = [(f"{number}.png", PNG) for number in range(12)]
    await anna.sends_album(pictures, caption="My site")
    heard = [update.message for update in await bot.get_updates(timeout=1)][1:]
    albums = [message.media_group_id for message in heard if message and message.photo]
    assert [albums.count(one) for one in dict.fromkeys(albums)] == [10, 2]
    assert heard[0] and heard[0].caption == "My site" and heard[1] and heard[1].caption is None
    both = await bot.copy_messages(ANNA, ANNA, [message.message_id for message in heard if message][-2:])
    assert len(both) == 2 and (await anna.sees_album(2))[0]["body"]["from"]["id"] == bot.id
    await anna.sends_album([("a.txt", b"1"), ("b.txt", b"2")], mime="text/plain")
    assert len({u.message.media_group_id for u in await bot.get_updates(timeout=1) if u.message}) == 4


async def test_sticker_voice_and_a_file_that_is_not_there(bot: Bot, anna: Person) -> None:
    asked = await bot.send_message(ANNA, "When?")
    await anna.sends_sticker("🎂", reply_to=asked.message_id)
    await anna.sends_voice()
    await anna.claims_file("film.mp4")
    _, sticker, voice, film = [update.message for update in await bot.get_updates(timeout=1)]
    assert sticker and sticker.sticker and sticker.sticker.emoji == "🎂"
    assert sticker.reply_to_message and sticker.reply_to_message.text == "When?"
    assert voice and voice.voice and (await bot.get_file(voice.voice.file_id)).file_path
    assert film and film.document and film.document.file_size == 2 * 1024**3
    assert "file is too big" in await refusal(bot.get_file(film.document.file_id))
    await bot.send_voice(ANNA, voice.voice.file_id)
    forwarded = await bot.forward_message(ANNA, ANNA, film.message_id)
    assert forwarded.document and forwarded.document.file_name == "film.mp4"


async def test_answer_carries_a_picture(bot: Bot, anna: Person) -> None:
    asked = await bot.send_message(ANNA, "Your logo?")
    await anna.sends_file("logo.png", PNG, "image/png", photo=True, reply_to=asked.message_id)
    message = (await bot.get_updates(timeout=1))[-1].message
    assert message and message.photo and message.reply_to_message


async def test_album_mixes_no_documents_with_pictures(bot: Bot) -> None:
    picture, paper = BufferedInputFile(PNG, "a.png"), BufferedInputFile(b"x", "a.txt")
    mixed = bot.send_media_group(ANNA, [InputMediaPhoto(media=picture), InputMediaDocument(media=paper)])
    assert "can't be mixed" in await refusal(mixed)


async def test_album_forward_and_copy(bot: Bot) -> None:
    media = [InputMediaPhoto(media=BufferedInputFile(PNG, f"{n}.png"), caption=str(n)) for n in range(2)]
    album = await bot.send_media_group(ANNA, list(media))
    assert len({message.media_group_id for message in album}) == 1 and album[1].caption == "1"
    forwarded = await bot.forward_message(ANNA, ANNA, album[0].message_id)
    assert forwarded.forward_origin and forwarded.photo
    copied = await bot.copy_message(ANNA, ANNA, album[0].message_id, caption="new")
    assert copied.message_id > forwarded.message_id


async def test_reply_names_what_it_answers(bot: Bot, anna: Person) -> None:
    asked = await anna.says("question")
    number = asked["body"]["message_id"]
    sent = await bot.send_message(ANNA, "answer", reply_parameters=ReplyParameters(message_id=number))
    assert sent.reply_to_message and sent.reply_to_message.text == "question"
    missing = bot.send_message(ANNA, "x", reply_parameters=ReplyParameters(message_id=777))
    assert "message to be replied not found" in await refusal(missing)


async def test_burst_in_one_chat_ends_with_429(bot: Bot) -> None:
    with pytest.raises(TelegramRetryAfter) as refused:
        for number in range(10):
            await bot.send_message(ANNA, str(number))
    assert number == 5 and refused.value.retry_after == 1
    await bot.send_chat_action(ANNA, "typing")


async def test_unknown_chat_and_token(bot: Bot) -> None:
    assert "chat not found" in await refusal(bot.send_message(555, "x"))
