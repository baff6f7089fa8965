"""Letters over real SMTP: locks, logins, what each answer means, and headers nobody can break."""

from __future__ import annotations

import asyncio
import email.utils
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.documents import File
from bot.domain.errors import ProviderRefused, ProviderUnavailable
from bot.gateways import mail
from bot.gateways.envelopes import Envelope, pack
from bot.gateways.mail import LetterTooLarge, SmtpMail
from bot.gateways.mail_settings import MailServer, Sender
from tests.gateways.post_office import PASSWORD, USER, post_office, trusting

SENDER = Sender("Канал+", "pay@kanal.example")
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
LETTER = Envelope(
    to="anna@example.org",
    reference="r" * 22,
    language="ru",
    subject="Счёт 2026-000123 от 22 ноября 2026",
    text="Здравствуйте!\n.\nТочка в строке не кончает письма.\n",
    html="<p>Здравствуйте!</p>",
    files=(File("отчёт.pdf", "application/pdf", PDF),),
)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def sender_to(port: int, query: str = "?starttls=off", **more: Any) -> SmtpMail:
    calls = more.pop("calls", [])
    return SmtpMail(
        MailServer.at(f"smtp://127.0.0.1:{port}{query}"), SENDER, lambda *call: calls.append(call), **more
    )


async def test_a_letter_arrives_as_it_was_written() -> None:
    calls: list[tuple[str, str, float]] = []
    async with post_office() as office:
        post = sender_to(office.port, calls=calls)
        await post.send(LETTER)
        await post.close()
    (letter,) = office.letters
    assert letter["subject"] == LETTER.subject
    assert letter["from"] == "Канал+ <pay@kanal.example>"
    assert letter["to"] == letter["x-went-to"] == "anna@example.org"
    assert letter["message-id"] == f"<{'r' * 22}@kanal.example>"
    assert letter["auto-submitted"] == "auto-generated"
    assert email.utils.parsedate_to_datetime(letter["date"]).tzinfo is not None
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert text.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html
    (paper,) = letter.iter_attachments()
    assert (paper.get_filename(), paper.get_content_type(), paper.get_content()) == (
        "отчёт.pdf", "application/pdf", PDF,
    )  # fmt: skip
    assert [call[:2] for call in calls] == [("mail", "ok")]


async def test_a_table_keeps_its_charset() -> None:
    table = "номер;сумма\r\n1;990\r\n".encode()
    message = pack(
        Envelope(
            "a@example.org", "r", "ru", "s", "t", "h", (File("a/b.csv", "text/csv; charset=utf-8", table),)
        ),
        SENDER,
    )
    (part,) = message.iter_attachments()
    assert (part.get_filename(), part.get_content_charset()) == ("a-b.csv", "utf-8")
    assert part.get_payload(decode=True) == table


@pytest.mark.parametrize("tls", [False, True], ids=["starttls", "tls"])
async def test_locked_and_with_a_password(authority: trustme.CA, tls: bool) -> None:
    async with post_office(authority=authority, tls=tls, login=True) as office:
        scheme = "smtps" if tls else "smtp"
        server = MailServer.at(f"{scheme}://pay%40example.org:hush%2Fhush@127.0.0.1:{office.port}")
        post = SmtpMail(server, SENDER, lambda *_: None, trust=trusting(authority))
        await post.send(LETTER)
        health = await post.check()
        await post.close()
    assert office.users == [USER, USER]
    assert (health.well, len(office.letters)) == (True, 1)
    assert health.remark == f"127.0.0.1:{office.port} answers, {'TLS' if tls else 'STARTTLS'}, logged in"


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # the server's broken handshake
@pytest.mark.parametrize("tls", [False, True], ids=["starttls", "tls"])
async def test_a_strange_certificate_gets_nothing(authority: trustme.CA, tls: bool) -> None:
    async with post_office(authority=authority, tls=tls) as office:
        server = MailServer.at(f"{'smtps' if tls else 'smtp'}://127.0.0.1:{office.port}")
        post = SmtpMail(server, SENDER, lambda *_: None)
        with pytest.raises(ProviderUnavailable):
            await post.send(LETTER)
        health = await post.check()
    assert office.letters == []
    assert not health.well
    assert "certificate" in health.remark


async def test_a_server_without_starttls_gets_nothing() -> None:
    async with post_office() as office:
        post = sender_to(office.port, "")
        with pytest.raises(ProviderUnavailable):
            await post.send(LETTER)
        health = await post.check()
    assert office.letters == []
    assert "offers no STARTTLS" in health.remark


async def test_a_wrong_password_is_ours_to_mend_and_never_told(authority: trustme.CA) -> None:
    async with post_office(authority=authority, login=True) as office:
        server = MailServer.at(f"smtp://{USER.replace('@', '%40')}:wrongsecret@127.0.0.1:{office.port}")
        post = SmtpMail(server, SENDER, lambda *_: None, trust=trusting(authority))
        with pytest.raises(ProviderUnavailable) as trouble:
            await post.send(LETTER)
        health = await post.check()
    assert "does not take this user and password" in health.remark
    assert "wrongsecret" not in f"{trouble.value!r} {health.remark} {server!r}"
    assert trouble.value.__suppress_context__
    assert PASSWORD not in health.remark


async def test_nobody_answers() -> None:
    async with post_office() as office:
        port = office.port
    post = sender_to(port)
    with pytest.raises(ProviderUnavailable) as trouble:
        await post.send(LETTER)
    assert trouble.value.retry_after is None
    assert "cannot be reached" in (await post.check()).remark


async def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "SEND_SECONDS", 0.1)
    held: list[asyncio.StreamWriter] = []

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    with pytest.raises(ProviderUnavailable):
        await sender_to(server.sockets[0].getsockname()[1]).send(LETTER)
    for writer in held:
        writer.close()
    server.close()


@pytest.mark.parametrize(
    ("at", "answer", "kind", "retry_after"),
    [
        ("rcpt", "451 4.7.1 Greylisted, come again", ProviderUnavailable, 300),
        ("rcpt", "452 4.2.2 mailbox full", ProviderUnavailable, 300),
        ("rcpt", "550 5.1.1 <anna@example.org>: no such user", ProviderRefused, None),
        ("rcpt", "553 5.1.3 bad address", ProviderRefused, None),
        ("rcpt", "552 5.2.2 mailbox full", ProviderUnavailable, None),
        ("rcpt", "530 5.7.0 authentication required", ProviderUnavailable, None),
        ("data", "451 4.3.0 later", ProviderUnavailable, 300),
        ("data", "554 5.7.1 looks like spam", ProviderRefused, None),
        ("data", "552 5.3.4 too large", LetterTooLarge, None),
    ],
)
async def test_what_an_answer_means(
    at: str, answer: str, kind: type[Exception], retry_after: float | None
) -> None:
    async with post_office() as office:
        if at == "rcpt":
            office.to_recipients = iter([answer])
        else:
            office.to_contents = iter([answer])
        post = sender_to(office.port)
        with pytest.raises(kind) as trouble:
            await post.send(LETTER)
        await post.send(LETTER)
        await post.close()
    assert getattr(trouble.value, "retry_after", None) == retry_after
    assert type(trouble.value) is kind
    assert "anna@example.org" not in str(trouble.value)
    assert str(trouble.value).startswith(answer[:3])
    assert len(office.letters) == 1


async def test_a_letter_above_the_servers_size_is_not_carried_there() -> None:
    async with post_office(largest=5000) as office:
        post = sender_to(office.port)
        with pytest.raises(LetterTooLarge):
            await post.send(LETTER)
        await post.close()
    assert office.letters == []


async def test_letters_share_a_connection_while_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    async with post_office() as office:
        post = sender_to(office.port)
        for _ in range(3):
            await post.send(LETTER)
        assert office.connections == 1
        await asyncio.gather(*(post.send(LETTER) for _ in range(4)))
        assert len(office.letters) == 7
        monkeypatch.setattr(mail, "IDLE_SECONDS", 0.0)
        before = office.connections
        await post.send(LETTER)
        await asyncio.sleep(0.01)
        await post.send(LETTER)
        assert office.connections == before + 1
        await post.close()


async def test_a_connection_the_server_closed_is_made_anew() -> None:
    async with post_office() as office:
        post = sender_to(office.port)
        await post.send(LETTER)
        assert post._idle is not None
        post._idle.close()
        await asyncio.sleep(0)
        await post.send(LETTER)
        await post.close()
    assert len(office.letters) == 2


@pytest.mark.parametrize(
    "nasty",
    ["a\r\nBcc: eve@example.org", "a\nX: y", "a\x0b\x0c\x1c\x85\u2028b", "\ud800", "=?utf-8?q?a=0Ab?="],
)
async def test_no_name_can_add_a_header(nasty: str) -> None:
    async with post_office() as office:
        post = SmtpMail(
            MailServer.at(f"smtp://127.0.0.1:{office.port}?starttls=off"),
            Sender(nasty, "pay@kanal.example"),
            lambda *_: None,
        )
        await post.send(
            Envelope(
                "a@example.org", "ref", "ru", nasty, nasty, nasty, (File(nasty, "application/pdf", b"1"),)
            )
        )
        await post.close()
    (letter,) = office.letters
    assert letter["x-went-to"] == "a@example.org"
    assert letter["bcc"] is letter["x"] is None
    assert {name.lower() for name in letter} == {
        "from", "to", "subject", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
        "content-language", "mime-version", "content-type", "x-went-to",
    }  # fmt: skip


@pytest.mark.parametrize(
    "address", ["анна@example.org", "a b@example.org", "a@b\r\nRCPT TO:<eve@example.org>"]
)
async def test_an_address_that_is_none_is_refused_before_the_server(address: str) -> None:
    async with post_office() as office:
        post = sender_to(office.port)
        with pytest.raises(ProviderRefused):
            await post.send(Envelope(address, "ref", "ru", "s", "t", "h"))
    assert office.connections == 0


@given(st.text(max_size=300), st.text(max_size=300), st.text(min_size=1, max_size=150), st.text(max_size=100))
def test_whatever_people_write_survives_the_journey(subject: str, text: str, name: str, sender: str) -> None:
    letter = Envelope(
        "a@example.org", "ref", "ru", subject, text, text, (File(name, "application/pdf", PDF),)
    )
    wire = pack(letter, Sender(sender, "pay@kanal.example")).as_bytes()
    wire.decode("ascii")
    read = message_from_bytes(wire, policy=policy.default)
    assert read.keys() == pack(LETTER, SENDER).keys()
    assert read["to"] == "a@example.org"
    assert read["from"].addresses[0].addr_spec == "pay@kanal.example"
    assert "".join(read["subject"].split()) == "".join(pack(letter, SENDER)["subject"].split())
    (paper,) = read.iter_attachments()
    assert paper.get_content() == PDF
