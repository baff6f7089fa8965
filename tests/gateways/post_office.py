"""A real SMTP server in this process, with the moods of real ones."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "pay@example.org", "hush/hush"


class PostOffice:
    """Keeps what it took; `moods` are its next answers to RCPT or DATA, "" for a good one."""

    def __init__(self) -> None:
        self.port = 0
        self.letters: list[EmailMessage] = []
        self.users: list[str] = []
        self.connections = 0
        self.to_recipients: Iterator[str] = iter(())
        self.to_contents: Iterator[str] = iter(())

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := next(self.to_recipients, ""):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd calls it so)
        if answer := next(self.to_contents, ""):
            return answer
        assert isinstance(envelope.content, bytes)
        envelope.content.decode("ascii")
        letter = message_from_bytes(envelope.content, policy=policy.default)
        letter["X-Went-To"] = ",".join(envelope.rcpt_tos)
        self.letters.append(letter)
        return "250 kept"

    def let_in(self, server: SMTP, session: Session, envelope: Envelope, how: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        fits = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        if fits:
            self.users.append(data.login.decode())
        return AuthResult(success=fits, handled=False)


@asynccontextmanager
async def post_office(
    *, authority: trustme.CA | None = None, tls: bool = False, login: bool = False, largest: int = 10**6
) -> AsyncIterator[PostOffice]:
    """With an authority it locks: by STARTTLS, or with `tls` from the first byte."""
    office = PostOffice()
    lock = _lock(authority) if authority else None

    def answer() -> SMTP:
        office.connections += 1
        return SMTP(
            office,
            hostname="post.example.org",
            data_size_limit=largest,
            tls_context=None if tls else lock,
            require_starttls=bool(lock) and not tls,
            authenticator=office.let_in if login else None,
            auth_required=login and not tls,
            auth_require_tls=bool(lock) and not tls,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(answer, "127.0.0.1", 0, ssl=lock if tls else None)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()


def _lock(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context
