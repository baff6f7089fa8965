"""The listener on a real socket, with services that answer as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import aiohttp
import pytest

from bot import i18n
from bot.domain.catalogue import Catalogue
from bot.domain.errors import NotYours
from bot.domain.events import Callback, Proof
from bot.domain.money import Money
from bot.domain.orders import Order, OrderLine
from bot.domain.payments import Payment
from bot.domain.states import OrderState, PaymentState, Purpose
from bot.listener.app import create_app
from bot.listener.health import Health
from bot.listener.metrics import Metrics
from bot.listener.server import Listener
from bot.services.callbacks import Reply
from bot.services.links import LinkKind, LinkView
from bot.services.terminals import TerminalReply
from tests.services.conftest import catalogue, count, fake, hinting, house, operators  # noqa: F401 (fixtures)

TOKEN = "a1" * 20
MOMENT = datetime(2026, 12, 14, 11, 5, tzinfo=UTC)
PRICE = Money(99000, "RUB")
BANK = "https://bank.example/pay?order=1"
PAYMENT = Payment(
    id=7,
    reference="ref",
    customer_id=1,
    payer_id=1,
    order_id=3,
    purpose=Purpose.ORDER,
    method="fake",
    provider="fake",
    amount=PRICE,
    state=PaymentState.PENDING,
    url=BANK,
    provider_payment="22e12f66-000f",
    refusal="",
    proof=Proof(card="Mir *4444", rrn="630012345678"),
    created_at=MOMENT,
    expires_at=None,
    settled_at=MOMENT,
    asked=0,
    link_reference="ref",
    link_fingerprint="",
    message_id=None,
)
ORDER = Order(
    id=3,
    reference="order",
    customer_id=1,
    payer_id=1,
    state=OrderState.AWAITING,
    prices=(PRICE,),
    lines=(OrderLine("c1", "Анна <b> +7 999 123-45-67", "whatsapp", 1, (PRICE,)),),
    use_balance=False,
    created_at=MOMENT,
    expires_at=MOMENT,
)


@dataclass
class CallbacksStub:
    """Takes every callback down; `act` decides what becomes of it."""

    seen: list[tuple[str, Callback]] = field(default_factory=list)
    act: Callable[[Callback], Awaitable[Reply]] | None = None

    async def receive(self, provider: str, callback: Callback) -> Reply:
        self.seen.append((provider, callback))
        return await self.act(callback) if self.act else Reply(200, "OK", "booked")


@dataclass
class LinksStub:
    """Knows TOKEN alone; `kind` says how it stands, `renewed` how often it was begun anew."""

    kind: LinkKind = LinkKind.LIVE
    payment: Payment = PAYMENT
    order: Order = ORDER
    language: str = "ru"
    asked: list[str] = field(default_factory=list)
    renewed: int = 0
    form: dict[str, str] = field(default_factory=dict)
    code: str = ""
    error: Exception | None = None

    async def open_link(self, token: str) -> LinkView:
        self.asked.append("open")
        return self._view(token)

    async def result(self, token: str) -> LinkView:
        self.asked.append("result")
        return self._view(token)

    async def token_behind(self, provider: str, callback: Callback) -> str:
        """A browser whose query says `proof=good` is known."""
        return TOKEN if (provider, callback.query) == ("acme", "proof=good") else ""

    async def renew_link(self, token: str) -> LinkView:
        self.asked.append("renew")
        view = self._view(token)
        self.renewed += 1
        self.kind = LinkKind.LIVE
        return replace(view, kind=LinkKind.LIVE, url=BANK, form=self.form)

    def _view(self, token: str) -> LinkView:
        if self.error is not None:
            raise self.error
        if token != TOKEN:
            raise NotYours
        url = BANK if self.kind is LinkKind.LIVE else ""
        form = self.form if url else {}
        code = self.code if self.kind is LinkKind.LIVE else ""
        url = "" if code else url
        return LinkView(self.kind, self.payment, self.order, self.language, url, form=form, code=code)


class TerminalsStub:
    """Knows no network."""

    async def receive(self, name: str, secret: str, callback: Callback) -> TerminalReply:
        return TerminalReply(b"", "forged")


@dataclass
class Door:
    """What a test holds of a running listener."""

    listener: Listener
    http: aiohttp.ClientSession
    callbacks: CallbacksStub
    links: LinksStub
    health: Health
    metrics: Metrics

    def count(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0


def chat_link(start: str) -> str:
    return f"https://t.me/kassir_bot{'?start=' + start if start else ''}"


@pytest.fixture
async def door(catalogue: Catalogue) -> AsyncIterator[Door]:  # noqa: F811 (a fixture takes it by name)
    callbacks, links, health, metrics = CallbacksStub(), LinksStub(), Health(), Metrics()
    i18n.choose_default("ru")
    app = create_app(
        callbacks=callbacks,
        links=links,
        terminals=TerminalsStub(),
        catalogue=catalogue,
        chat_link=chat_link,
        health=health,
        metrics=metrics,
        trusted_proxies=["127.0.0.2/32"],
    )
    listener = Listener(app, host="127.0.0.1", port=0, seconds_for_head=0.5, seconds_to_finish=2)
    await listener.start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{listener.port}") as http:
        yield Door(listener, http, callbacks, links, health, metrics)
    await listener.stop()
