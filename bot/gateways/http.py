"""How gateways call a provider over HTTP: with time-outs, and a truthful word for every way it can fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import aiohttp
import structlog

from bot.domain.errors import OutcomeUnknown, ProviderRefused, ProviderUnavailable
from bot.gateways.base import OnCall

log = structlog.get_logger(__name__)
T = TypeVar("T")

LARGEST_ANSWER = 4 * 1024 * 1024
MOST_CONNECTIONS = 500
"""High, so that taps do not wait behind callbacks which a slow provider is being asked about."""


class NotUnderstood(Exception):
    """An answer that settles nothing: a proxy's page, a cut body, the provider's own trouble."""


class AnswerLost(OutcomeUnknown):
    """The connection broke before an answer: where a key makes it one operation, send it again at once."""


class NotFound(ProviderRefused):
    """The provider does not know what was asked for."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, for a question, and for a call that acts (longer than the provider's own limit)."""

    connect: float = 5
    ask: float = 10
    act: float = 35


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whole; nothing in it is understood yet."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport(Generic[T]):
    """One provider's API. `read` understands its answers or raises; bodies and secrets are never logged.

    `read` may raise ProviderRefused or ProviderUnavailable where the answer says so, NotUnderstood otherwise.
    Where the address itself is a secret, troubles of the network are named by their type alone.
    """

    def __init__(
        self,
        provider: str,
        base_url: str,
        *,
        headers: Mapping[str, str],
        read: Callable[[Answer], T],
        timeouts: Timeouts | None = None,
        on_call: OnCall,
        secret_address: bool = False,
    ) -> None:
        self._provider = provider
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers)
        self._read = read
        self._timeouts = timeouts or Timeouts()
        self._secret_address = secret_address
        self._on_call = on_call
        self._session: aiohttp.ClientSession | None = None

    async def ask(
        self,
        call: str,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Nothing can have happened, so every trouble is ProviderUnavailable: asking again is safe.

        A GET, or a POST where the provider wants the question in a `body`.
        """
        rest: dict[str, Any] = {"params": query} if body is None else {"data": body, "headers": headers}
        with self._observed(call) as seen:
            try:
                verb = "GET" if body is None else "POST"
                answer = await self._send(verb, path, self._timeouts.ask, seen, **rest)
                return self._read(answer)
            except (aiohttp.ClientError, OSError, NotUnderstood) as trouble:
                raise ProviderUnavailable(f"{call}: {self._named(trouble)}") from self._cause(trouble)

    async def act(self, call: str, path: str, body: bytes, headers: Mapping[str, str]) -> T:
        """POST: once a connection stands, anything but a clear answer is OutcomeUnknown."""
        with self._observed(call) as seen:
            try:
                answer = await self._send("POST", path, self._timeouts.act, seen, data=body, headers=headers)
                return self._read(answer)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as trouble:
                raise ProviderUnavailable(f"{call}: {self._named(trouble)}") from self._cause(trouble)
            except (TimeoutError, NotUnderstood) as trouble:
                raise OutcomeUnknown(f"{call}: {self._named(trouble)}") from self._cause(trouble)
            except (aiohttp.ClientError, OSError) as trouble:
                raise AnswerLost(f"{call}: {self._named(trouble)}") from self._cause(trouble)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(self, verb: str, path: str, seconds: float, seen: _Seen, **rest: Any) -> Answer:
        connect = min(self._timeouts.connect, seconds)
        timeout = aiohttp.ClientTimeout(total=seconds, connect=connect, sock_connect=connect)
        # A redirect is never followed: it would carry the credentials to another house.
        sent = self._opened().request(
            verb, self._base_url + path, timeout=timeout, allow_redirects=False, **rest
        )
        async with sent as response:
            seen.status = response.status
            seen.request_id = response.headers.get("X-Request-Id", "")
            return Answer(response.status, response.headers, await _whole(response))

    def _named(self, trouble: Exception) -> str:
        """Say what happened; aiohttp's time-outs have no text of their own, or one with the address in it."""
        told = str(trouble)
        is_secret = self._secret_address and not isinstance(trouble, NotUnderstood)
        return type(trouble).__name__ if is_secret or not told else f"{type(trouble).__name__}: {told}"

    def _cause(self, trouble: Exception) -> Exception | None:
        return None if self._secret_address else trouble

    def _opened(self) -> aiohttp.ClientSession:
        """Open the session at the first call: it needs the running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS, ttl_dns_cache=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=self._headers,
            )
        return self._session

    @contextmanager
    def _observed(self, call: str) -> Iterator[_Seen]:
        seen = _Seen()
        began = time.perf_counter()
        note, outcome = log.warning, "cancelled"
        try:
            yield seen
            note, outcome = log.debug, "ok"
        except ProviderRefused:
            outcome = "refused"
            raise
        except ProviderUnavailable:
            outcome = "unavailable"
            raise
        except OutcomeUnknown:
            outcome = "unknown"
            raise
        finally:
            took = time.perf_counter() - began
            note("provider.called", provider=self._provider, call=call, outcome=outcome,
                 status=seen.status, request_id=seen.request_id, seconds=round(took, 3))  # fmt: skip
            self._on_call(self._provider, outcome, took)


@dataclass(slots=True)
class _Seen:
    """What the log may know of an answer."""

    status: int = 0
    request_id: str = ""


async def _whole(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise NotUnderstood("the answer is too large")
    return bytes(body)
