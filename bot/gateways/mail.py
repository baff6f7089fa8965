"""Letters leave by SMTP: RFC 5321, submission RFC 6409, TLS RFC 8314, sizes RFC 1870; read 2026-11-22."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiosmtplib

from bot.domain.errors import ProviderRefused, ProviderUnavailable
from bot.gateways.base import Health, OnCall
from bot.gateways.envelopes import Envelope, pack
from bot.gateways.mail_settings import MailServer, MailSettings, Sender

NAME = "mail"
CALL_SECONDS = 30.0
SEND_SECONDS = 80.0
IDLE_SECONDS = 20.0
GREYLISTED_SECONDS = 300.0
"""A server that says "later" to strangers wants them to come back after five minutes."""

TOO_LARGE = 552
SERVERS_OWN = frozenset({421, 450, 451, 452, 454, 530, 534, 535, 538, 552})
"""Said to a recipient, these are about the server, our login or a full mailbox: nothing is for good."""

_TROUBLES = (aiosmtplib.SMTPException, OSError)


class LetterTooLarge(ProviderRefused):
    """The letter is larger than the server takes; without its files it may pass."""


class SmtpMail:
    """Sends letters one by one, and keeps the last connection for a while: letters seldom come alone."""

    def __init__(
        self, server: MailServer, sender: Sender, on_call: OnCall, *, trust: ssl.SSLContext | None = None
    ) -> None:
        self._server = server
        self.sender = sender
        self._on_call = on_call
        self._trust = trust
        self._idle: aiosmtplib.SMTP | None = None
        self._hanging_up: asyncio.TimerHandle | None = None

    async def send(self, envelope: Envelope) -> None:
        """Hand the letter to the server.

        ProviderRefused: this address will never take it. ProviderUnavailable: try again, after `retry_after`
        where the server put us off. The words of either bear no address and no password.
        """
        message = pack(envelope, self.sender)
        begun, outcome = time.monotonic(), "unavailable"
        try:
            async with asyncio.timeout(SEND_SECONDS), self._connection() as smtp:
                await smtp.sendmail(self.sender.email, envelope.to, message.as_bytes())
            outcome = "ok"
        except _TROUBLES as trouble:
            verdict = _verdict(trouble, envelope.to)
            silent = isinstance(verdict, ProviderUnavailable) and verdict.retry_after is None
            outcome = "unavailable" if silent else "refused"  # "later" is an answer as well
            raise verdict from None  # its text may hold the address
        finally:
            self._on_call(NAME, outcome, time.monotonic() - begun)

    async def check(self) -> Health:
        """Whether the server is reached, locked and lets us in; else the remark says what to mend."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                client = await self._connect()
                with suppress(*_TROUBLES):
                    await client.quit()
        except _TROUBLES as trouble:
            return Health(well=False, test=False, remark=self._mend(trouble))
        lock = "TLS" if self._server.tls else "STARTTLS" if self._server.starttls else "unlocked"
        user = "logged in" if self._server.user else "without a login"
        return Health(well=True, test=False, remark=f"{self._place} answers, {lock}, {user}")

    async def close(self) -> None:
        await self._hang_up()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """The one that is at hand, if it still lives, or a new one; after trouble it is not used again."""
        client = await self._take_idle() or await self._connect()
        try:
            yield client
        except BaseException:  # also when it is cancelled: no connection stays open half way
            client.close()
            raise
        await self._keep(client)

    async def _connect(self) -> aiosmtplib.SMTP:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            local_hostname=self.sender.domain,
            timeout=CALL_SECONDS,
            use_tls=server.tls,
            start_tls=server.starttls,
            tls_context=self._trust or (ssl.create_default_context() if _is_locked(server) else None),
        )
        try:
            await client.connect()
        except BaseException:  # also when it is cancelled: no connection stays open half way
            client.close()
            raise
        return client

    async def _take_idle(self) -> aiosmtplib.SMTP | None:
        client, self._idle = self._idle, None
        if client is None:
            return None
        self._stop_timer()
        try:
            await client.rset()
        except _TROUBLES:
            client.close()
            return None
        return client

    async def _keep(self, client: aiosmtplib.SMTP) -> None:
        if self._idle is not None:
            with suppress(*_TROUBLES):
                await client.quit()
            return
        self._idle = client
        self._stop_timer()
        self._hanging_up = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._drop)

    async def _hang_up(self) -> None:
        self._stop_timer()
        client, self._idle = self._idle, None
        if client is not None:
            with suppress(*_TROUBLES):
                await client.quit()

    def _drop(self) -> None:
        client, self._idle = self._idle, None
        if client is not None:
            client.close()

    def _stop_timer(self) -> None:
        if self._hanging_up is not None:
            self._hanging_up.cancel()
            self._hanging_up = None

    @property
    def _place(self) -> str:
        return f"{self._server.host}:{self._server.port}"

    def _mend(self, trouble: BaseException) -> str:
        match trouble:
            case ssl.SSLCertVerificationError():
                return f"the certificate of {self._place} is not trusted ({trouble.verify_message})"
            case aiosmtplib.SMTPConnectError(__cause__=OSError() as cause):
                return self._mend(cause)
            case aiosmtplib.SMTPAuthenticationError():
                return f"{self._place} does not take this user and password ({trouble.code})"
            case aiosmtplib.SMTPException() if "STARTTLS" in str(trouble).upper():
                return (
                    f"{self._place} offers no STARTTLS, so try smtps://, or ?starttls=off on your own network"
                )
        return f"{self._place} cannot be reached ({type(trouble).__name__})"


def open_mail(settings: MailSettings, on_call: OnCall = lambda *_: None) -> SmtpMail:
    return SmtpMail(settings.server, settings.sender, on_call)


def _is_locked(server: MailServer) -> bool:
    return server.tls or server.starttls


def _verdict(trouble: Exception, address: str) -> ProviderRefused | ProviderUnavailable:
    """Only what the server says for good of this address or this letter is a refusal; all else passes."""
    answer = _answer(trouble)
    if answer is None:
        return ProviderUnavailable(type(trouble).__name__)
    said = _said(answer, address)
    if answer.code == TOO_LARGE and not isinstance(answer, aiosmtplib.SMTPRecipientRefused):
        return LetterTooLarge(said)
    about_us = isinstance(answer, aiosmtplib.SMTPSenderRefused | aiosmtplib.SMTPAuthenticationError)
    about_it = isinstance(answer, aiosmtplib.SMTPRecipientRefused | aiosmtplib.SMTPDataError)
    if about_it and not about_us and answer.code >= 500 and answer.code not in SERVERS_OWN:
        return ProviderRefused(said)
    put_off = GREYLISTED_SECONDS if about_it and answer.code < 500 else None
    return ProviderUnavailable(said, retry_after=put_off)


def _answer(trouble: Exception) -> aiosmtplib.SMTPResponseException | None:
    if isinstance(trouble, aiosmtplib.SMTPRecipientsRefused):
        return trouble.recipients[0] if trouble.recipients else None
    return trouble if isinstance(trouble, aiosmtplib.SMTPResponseException) else None


def _said(answer: aiosmtplib.SMTPResponseException, address: str) -> str:
    """The server's own words help operators; the address in them, and any login, stays where it was."""
    if isinstance(answer, aiosmtplib.SMTPAuthenticationError):
        return f"{answer.code} {type(answer).__name__}"
    words = " ".join(str(answer.message).replace(address, "…").split())
    return f"{answer.code} {words}"[:200]
