"""The mailbox: letters come by SMTP, are read in a browser, and the server has bad days."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from sandbox.mailbox import create_app
from sandbox.mailbox.driver import Mailbox
from sandbox.ports import free_ports

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


class Street:
    def __init__(self, mailbox: Mailbox, smtp: int) -> None:
        self.mailbox = mailbox
        self.url = mailbox.url
        self._smtp = smtp

    async def send(self, subject: str, *, to: str = "anna@example.org", html: str = "") -> None:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "Канал+ <pay@kanal.example>", to, subject
        letter.set_content("Здравствуйте! Счёт приложен.\n")
        letter.add_alternative(html or "<head></head><p>Здравствуйте! <b>1 500 ₽</b></p>", subtype="html")
        letter.add_attachment(PDF, maintype="application", subtype="pdf", filename="счёт 123.pdf")
        await asyncio.to_thread(self._hand_in, letter)

    def _hand_in(self, letter: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self._smtp, timeout=10) as smtp:
            smtp.send_message(letter)


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    smtp = free_ports().smtp
    async with TestServer(create_app(smtp)) as server, Mailbox(str(server.make_url(""))) as mailbox:
        yield Street(mailbox, smtp)


async def test_a_letter_comes_whole(street: Street) -> None:
    await street.send("Счёт 123")
    letter = await street.mailbox.letter_to("anna@example.org", "Счёт")
    assert letter["from"] == "Канал+ <pay@kanal.example>"
    assert letter["text"] == "Здравствуйте! Счёт приложен.\n"
    assert await street.mailbox.file(letter) == ("счёт 123.pdf", PDF)
    assert await street.mailbox.letters("boris@example.org") == []


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ({"addresses": "550 unknown"}, 550),
        ({"addresses": "451 come later"}, 451),
    ],
)
async def test_addresses_have_bad_days(street: Street, faults: dict[str, str], code: int) -> None:
    await street.mailbox.faults(**faults)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await street.send("Счёт")
    assert refused.value.recipients["anna@example.org"][0] == code
    await street.mailbox.faults(addresses="known")
    await street.send("Счёт")
    assert len(await street.mailbox.letters()) == 1


async def test_the_server_has_bad_days(street: Street) -> None:
    await street.mailbox.faults(server="down")
    with pytest.raises((smtplib.SMTPException, OSError)):
        await street.send("Счёт")
    await street.mailbox.faults(server="552 too large")
    with pytest.raises(smtplib.SMTPDataError):
        await street.send("Счёт", html="x" * 30_000)
    await street.mailbox.faults(server="slow 10 ms")
    await street.send("Счёт")
    assert len(await street.mailbox.letters()) == 1


async def test_a_letter_is_read_with_its_attachment(page: Page, street: Street, pictures: Path) -> None:
    await page.goto(street.url)
    await expect(page.get_by_text("Писем пока нет")).to_be_visible()
    await street.send("Счёт 123")
    await page.get_by_role("link", name="Счёт 123").click()
    await expect(page.get_by_role("heading", name="Счёт 123")).to_be_visible()
    await expect(page.frame_locator("iframe").get_by_text("1 500 ₽")).to_be_visible()
    await page.get_by_text("Текстовая часть").click()
    await expect(page.get_by_text("Счёт приложен.")).to_be_visible()
    await page.screenshot(path=pictures / "mailbox-2-letter.png", full_page=True)
    async with page.expect_download() as loading:
        await page.get_by_role("link", name="скачать").click()
    download = await loading.value
    assert download.suggested_filename == "счёт 123.pdf"
    assert Path(await download.path()).read_bytes() == PDF
    address = await page.get_by_role("link", name="счёт 123.pdf").get_attribute("href")
    opened = await page.request.get(f"{street.url}{address}")
    assert opened.headers["content-type"] == "application/pdf"
    assert opened.headers["content-disposition"].startswith("inline")
    assert await opened.body() == PDF


async def test_letters_of_one_address(page: Page, street: Street, pictures: Path) -> None:
    await street.send("Анне")
    await street.send("Борису", to="boris@example.org")
    await page.goto(street.url)
    await page.screenshot(path=pictures / "mailbox-1-list.png", full_page=True)
    await page.get_by_role("link", name="boris@example.org", exact=True).click()
    await expect(page.get_by_role("link", name="Борису")).to_be_visible()
    await expect(page.get_by_role("link", name="Анне")).to_have_count(0)


async def test_a_letter_runs_nothing_and_fetches_nothing(page: Page, street: Street) -> None:
    callers: list[asyncio.StreamWriter] = []
    spy = await asyncio.start_server(lambda _, writer: callers.append(writer), "127.0.0.1", 0)
    outside = f"http://127.0.0.1:{spy.sockets[0].getsockname()[1]}"
    html = (
        f"<head></head><script>parent.document.title='taken'</script><img src='{outside}/x.png'>"
        f"<link rel='stylesheet' href='{outside}/x.css'><p>Письмо</p>"
    )
    await street.send("<b>Тема</b>", html=html)
    letter = await street.mailbox.letter_to("anna@example.org")
    await page.goto(f"{street.url}/letters/{letter['id']}")
    await expect(page.frame_locator("iframe").get_by_text("Письмо")).to_be_visible()
    await expect(page.get_by_role("heading", name="<b>Тема</b>")).to_be_visible()
    assert await page.title() == "Почта"
    assert callers == []
    spy.close()


async def test_what_is_not_there(street: Street) -> None:
    await street.send("Счёт")
    for path in ("/letters/99", "/letters/1/files/7", "/letters/99/html"):
        async with street.mailbox.session.get(path) as answer:
            assert answer.status == 404
