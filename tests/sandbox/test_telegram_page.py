"""The page in a real browser: chat, group, faults, phone width, keyboard, hostile names."""

from __future__ import annotations

import re
import struct

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LabeledPrice,
    Message,
    PreCheckoutQuery,
    ReplyKeyboardMarkup,
)
from playwright.async_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from sandbox.driver import Person, Telegram
from tests.browser import DESKTOP, PHONE
from tests.sandbox.conftest import StartBot

ANNA = 1001
GROUP = -1001234567890
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 40, 30) + b"\0" * 9


async def opened(browser: Browser, server: str, size: ViewportSize = DESKTOP) -> Page:
    """The page, ready; any error in its scripts fails the test."""
    context = await browser.new_context(viewport=size, permissions=["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
    await page.goto(server)
    for pane in ("customer", "group"):
        await expect(page.locator(f"#{pane} .chat-title bdi")).not_to_be_empty()
    return page


def customer(page: Page) -> Locator:
    return page.get_by_role("region", name="Customer's chat")


def operators(page: Page) -> Locator:
    return page.get_by_role("region", name="Operators' group")


def shop() -> Dispatcher:
    dispatcher = Dispatcher()
    pay = InlineKeyboardButton(text="Pay", callback_data="pay")
    bank = InlineKeyboardButton(text="Bank", url="http://127.0.0.1:1/pay")
    code = InlineKeyboardButton(text="Code", copy_text=CopyTextButton(text="00-17"))

    @dispatcher.message(F.text == "/start")
    async def started(message: Message) -> None:
        keyboard = InlineKeyboardMarkup(inline_keyboard=[[pay], [bank, code]])
        await message.answer(f"Hello <{message.chat.first_name}>", reply_markup=keyboard)

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("Paid 990 ₽")
        await query.answer("Thank you", show_alert=True)

    return dispatcher


async def test_start_tap_and_edit(browser: Browser, server: str, talking: StartBot) -> None:
    await talking(shop())
    page = await opened(browser, server)
    chat = customer(page)
    await chat.get_by_role("button", name="Start").click()
    await expect(chat.get_by_text("Hello <Анна>")).to_be_visible()
    bank = chat.get_by_role("link", name="Bank")
    await expect(bank).to_have_attribute("target", "_blank")
    await chat.get_by_role("button", name="Code").click()
    await expect(chat.get_by_text("Copied: 00-17")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "00-17"
    await chat.get_by_role("button", name="Pay").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Thank you")
    await page.keyboard.press("Enter")
    await expect(chat.get_by_text("Paid 990 ₽")).to_be_visible()
    await expect(chat.get_by_text("edited")).to_be_visible()


async def test_everything_by_keyboard(browser: Browser, server: str, talking: StartBot, anna: Person) -> None:
    await anna.says("hello")
    await talking(shop())
    page = await opened(browser, server)
    chat = customer(page)
    await chat.get_by_label("Message", exact=True).focus()
    await page.keyboard.type("/start")
    await page.keyboard.press("Enter")
    await expect(chat.get_by_role("button", name="Pay")).to_be_visible()
    for _ in range(20):
        await page.keyboard.press("Shift+Tab")
        if await chat.get_by_role("button", name="Pay").evaluate("node => node === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("Thank you")


async def test_hostile_names_and_texts_stay_text(
    browser: Browser, server: str, telegram: Telegram, bot: Bot
) -> None:
    evil = "<img src=x onerror=alert(1)>\u202e👾"
    mallory = await telegram.add_customer(evil, "en")
    await mallory.says("<script>alert(2)</script> javascript:alert(3)")
    link = '<a href="javascript:alert(4)//a.b">press</a>'
    await bot.send_message(mallory.id, f"{link} <b>bold</b>", parse_mode="HTML")
    page = await opened(browser, server)
    await customer(page).get_by_label("Act as").select_option(str(mallory.id))
    await expect(customer(page).get_by_text("<script>alert(2)</script>")).to_be_visible()
    await expect(customer(page).locator("strong")).to_have_text("bold")
    assert await page.locator("main script, main img, main a[href^=javascript]").count() == 0


async def test_contact_keyboard_asks_and_shares(
    browser: Browser, server: str, bot: Bot, anna: Person
) -> None:
    await anna.says("/start")
    share = KeyboardButton(text="Share my phone", request_contact=True)
    await bot.send_message(ANNA, "Your phone?", reply_markup=ReplyKeyboardMarkup(keyboard=[[share]]))
    page = await opened(browser, server)
    await customer(page).get_by_role("button", name="Share my phone", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Share").click()
    await expect(customer(page).get_by_text("+79991234567")).to_be_visible()


async def test_document_opens_in_a_new_tab(browser: Browser, server: str, bot: Bot, anna: Person) -> None:
    await anna.says("/start")
    await bot.send_document(ANNA, BufferedInputFile(b"<script>alert(1)</script>", "bad.html"))
    page = await opened(browser, server)
    link = customer(page).get_by_role("link", name=re.compile("bad.html"))
    answer = await page.request.get(server + str(await link.get_attribute("href")))
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"


async def test_topics_roles_and_forced_reply(
    browser: Browser, server: str, bot: Bot, telegram: Telegram
) -> None:
    await telegram.group.becomes_forum()
    topic = await bot.create_forum_topic(GROUP, "Money")
    await bot.send_message(GROUP, "990 ₽ came", message_thread_id=topic.message_thread_id)
    page = await opened(browser, server)
    group = operators(page)
    await group.get_by_role("button", name="General").click()
    await expect(group.get_by_text("990 ₽ came")).to_be_hidden()
    await group.get_by_role("button", name="Money", exact=True).click()
    await expect(group.get_by_text("990 ₽ came")).to_be_visible()
    await bot.send_message(
        GROUP, "Which order?", message_thread_id=topic.message_thread_id, reply_markup=ForceReply()
    )
    await expect(group.get_by_text("Reply to: Which order?")).to_be_visible()
    await group.get_by_label("Act as").select_option("2002")
    await group.get_by_role("button", name="Reply", exact=True).last.click(force=True)
    await group.get_by_label("Message", exact=True).fill("17")
    await page.keyboard.press("Enter")
    await expect(group.get_by_role("article").last).to_contain_text("17")
    answer = (await bot.get_updates(timeout=1))[-1].message
    assert answer and answer.from_user and answer.from_user.id == 2002
    assert answer.reply_to_message and answer.reply_to_message.text == "Which order?"


async def test_phone_width_has_tabs_and_no_sideways_scrolling(
    browser: Browser, server: str, bot: Bot, anna: Person
) -> None:
    await anna.says("/start")
    await bot.send_message(ANNA, "x" * 300)
    page = await opened(browser, server, PHONE)
    await expect(operators(page)).to_be_hidden()
    await bot.send_message(GROUP, "money")
    tab = page.get_by_role("button", name="Operators")
    await expect(tab).to_contain_text("1")
    await tab.click()
    await expect(operators(page).get_by_text("money")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


async def test_faults_are_switched_and_ended(browser: Browser, server: str, telegram: Telegram) -> None:
    page = await opened(browser, server)
    toggle = page.get_by_role("banner").get_by_role("button", name="Faults")
    await toggle.click()
    panel = page.get_by_role("complementary", name="Faults")
    await panel.get_by_label("Connection").select_option("reset")
    await expect(toggle).to_have_text(re.compile("1"))
    assert (await telegram.get("/faults"))["connection"]["value"] == "reset"
    await panel.get_by_role("button", name="Everything works again").click()
    await expect(panel.get_by_role("button", name="Everything works again")).to_be_disabled()
    assert (await telegram.get("/faults"))["connection"]["value"] == "works"


async def test_link_to_the_bot_opens_the_chat_of_the_same_person(browser: Browser, server: str) -> None:
    page = await opened(browser, server)
    await customer(page).get_by_label("Act as").select_option("1002")
    await page.goto(f"{server}/kassir_demo_bot?start=order-17")
    await expect(customer(page).get_by_label("Act as")).to_have_value("1002")
    await expect(customer(page).get_by_text("/start order-17")).to_be_visible()
    await page.reload()
    await expect(customer(page).get_by_text("/start order-17")).to_have_count(1)


async def test_picture_command_and_invoice(
    browser: Browser, server: str, bot: Bot, anna: Person, talking: StartBot
) -> None:
    dispatcher, heard = Dispatcher(), list[Message]()

    @dispatcher.message()
    async def hear(message: Message) -> None:
        heard.append(message)

    @dispatcher.pre_checkout_query()
    async def agree(query: PreCheckoutQuery) -> None:
        await query.answer(ok=True)

    await anna.says("hello")
    await bot.set_my_commands([BotCommand(command="pay", description="Pay a bill")])
    price = [LabeledPrice(label="Line", amount=250)]
    await bot.send_invoice(ANNA, "Line", "One month", "order:1", "XTR", price)
    await talking(dispatcher)
    page = await opened(browser, server)
    chat = customer(page)
    picture: FilePayload = {"name": "proof.png", "mimeType": "image/png", "buffer": PNG}
    await chat.get_by_label("Send files or pictures").set_input_files([picture])
    await expect(chat.get_by_role("img", name="Picture")).to_be_visible()
    await chat.get_by_role("button", name="Menu").click()
    await chat.get_by_role("button", name="/pay Pay a bill").click()
    await expect(chat.get_by_role("article").last).to_contain_text("/pay")
    await chat.get_by_role("button", name="Pay 250 ★").click()
    await page.get_by_role("dialog").get_by_role("button", name="Pay").click()
    await expect(chat.get_by_text("You paid 250 ★")).to_be_visible()
    assert [message.content_type for message in heard] == ["text", "photo", "text", "successful_payment"]


async def test_pictures_sent_together_stand_together_in_the_name_of_whoever_acts(
    browser: Browser, server: str, bot: Bot
) -> None:
    page = await opened(browser, f"{server}/?desk=2002")
    group = operators(page)
    await expect(group.get_by_label("Act as")).to_have_value("2002")
    await group.get_by_role("button", name="More actions").click()
    await group.get_by_role("button", name="Turn topics on").click()
    await expect(group.get_by_role("button", name="General")).to_be_visible()
    picture: FilePayload = {"name": "site.png", "mimeType": "image/png", "buffer": PNG}
    await group.get_by_label("Act as").select_option("2004")
    await group.get_by_label("Message", exact=True).fill("Логотип")
    await group.get_by_label("Send files or pictures").set_input_files([picture, picture])
    album = group.get_by_role("group", name="Album")
    await expect(album.get_by_role("img", name="Логотип")).to_be_visible()
    await expect(album.get_by_role("link")).to_have_count(2)
    await group.get_by_role("button", name="More actions").click()
    await group.get_by_role("button", name="Send a sticker").click()
    await expect(group.get_by_role("img", name="Sticker 👍")).to_be_visible()
    heard = [update.message for update in await bot.get_updates(timeout=1)]
    assert {m.from_user.id for m in heard if m and m.from_user} == {2004}
    assert len({m.media_group_id for m in heard if m and m.photo}) == 1
    await group.get_by_role("button", name="More actions").click()
    await group.get_by_role("button", name="Remove the bot").click()
    await expect(group.get_by_text("the bot is not in the group")).to_be_visible()


async def test_file_dropped_onto_the_group_is_sent(browser: Browser, server: str) -> None:
    page = await opened(browser, server)
    drop = """() => {
        const files = new DataTransfer();
        files.items.add(new File(["1CClientBankExchange"], "kl_to_1c.txt", { type: "text/plain" }));
        return files;
    }"""
    files = await page.evaluate_handle(drop)
    await operators(page).dispatch_event("drop", {"dataTransfer": files})
    await expect(operators(page).get_by_text("kl_to_1c.txt")).to_be_visible()
    await expect(customer(page).get_by_text("kl_to_1c.txt")).to_have_count(0)
