"""The running bot: three doors open one after the other, and close again without losing what is in hand."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime

import structlog
from aiogram.exceptions import TelegramAPIError
from aiohttp import web

from bot.app.chat import Chat, build_chat
from bot.app.kassir import Kassir, open_kassir
from bot.app.papers import open_typesetter
from bot.app.telegram_door import TelegramDoor
from bot.config import Settings
from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.domain import periods
from bot.handlers.commands import introduce
from bot.handlers.operators.commands import introduce_to_operators
from bot.i18n import choose_default, set_zone, speaking
from bot.i18n.networks import name_networks
from bot.letters.chat import set_chat_link
from bot.listener.api import create_api
from bot.listener.app import create_app
from bot.listener.documents import Documents
from bot.listener.health import Health, Silence
from bot.listener.metrics import LaneState, Metrics, QueueState, StepState
from bot.listener.server import Listener
from bot.middlewares.watch import Reach, Timed
from bot.services.provider_health import ProviderHealthService
from bot.workers.clock import Chore, Clock
from bot.workers.delivery import Delivery
from bot.workers.mailing import Mailing
from bot.workers.moved_clock import MovedClock, set_clock
from bot.workers.outbox import OutboxWorker
from bot.workers.webhooks import WebhookWorker

SECONDS_TO_STOP = 9
SECONDS_TELEGRAM_MAY_BE_SILENT = 600
SECONDS_FOR_TELEGRAM = 10

log = structlog.get_logger()


async def run(settings: Settings) -> None:
    """Everything, until SIGTERM or SIGINT."""
    choose_default(settings.default_locale)
    set_zone(settings.timezone)
    stop = _stop_signal()
    if settings.clock_url:
        await set_clock(settings.clock_url)
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        heard: list[Callable[[str, str, float], None]] = [metrics.provider_call]
        house = open_kassir(settings, lambda *call: _tell(heard, *call), metrics.transaction)
        kassir = await stack.enter_async_context(house)
        name_networks(kassir.catalogue)
        providers = ProviderHealthService(kassir.database)
        heard.append(providers.heard)
        chat = build_chat(kassir)
        stack.push_async_callback(chat.close)
        await Doors(kassir, chat, metrics, providers).serve_until(stop)


def keep_quick() -> None:
    """What start-up made is never looked through again as garbage: that stops all for a third of a second.
    And the loop waits 1 ms, not 5, for its turn beside a thread that is busy with the books.
    """
    gc.freeze()
    sys.setswitchinterval(0.001)


def _tell(
    heard: list[Callable[[str, str, float], None]], provider: str, outcome: str, seconds: float
) -> None:
    for listener in heard:
        listener(provider, outcome, seconds)


class Doors:
    """Telegram, HTTP and the clock, open at the same time."""

    def __init__(
        self, kassir: Kassir, chat: Chat, metrics: Metrics, providers: ProviderHealthService
    ) -> None:
        self._kassir = kassir
        self._chat = chat
        silence = Silence(SECONDS_TELEGRAM_MAY_BE_SILENT)
        self._health = Health(
            {"books": self._books_answer, "telegram": silence}, remarks=kassir.house.group_health.problems
        )
        chat.bot.session.middleware(Reach(silence.well, silence.failed))
        chat.dispatcher.update.outer_middleware(Timed(metrics.tap))
        self._telegram = TelegramDoor(chat, kassir.database, kassir.settings)
        self._typesetter = open_typesetter(kassir.settings)
        self._press = Press(Sources(kassir.house, kassir.catalogue, self._typesetter))
        self._listener = self._build_listener(metrics)
        self._outbox = self._build_outbox()
        self._webhooks = WebhookWorker(kassir.webhooks)
        self._clock = Clock(self._chores(providers))
        self._moved_clock = self._build_moved_clock()
        self._greeted = False

    async def serve_until(self, stop: asyncio.Event) -> None:
        """Open the doors, say "ready", wait, close them."""
        await self._chat.dialogs.start()
        await self._kassir.house.outbox.take_back()
        await self._kassir.house.hanging.move_in(await self._kassir.house.outbox.group())
        await self._kassir.webhooks.take_back()
        await self._listener.start()
        self._kassir.database.when_committed(self._outbox.wake)
        self._kassir.database.when_committed(self._webhooks.wake)
        loops = [self._outbox.run(), self._webhooks.run(), self._clock.run()]
        if self._moved_clock:
            loops.append(self._moved_clock.run())
        workers = [asyncio.create_task(loop) for loop in loops]
        await self._greet_telegram()
        self._telegram.open()
        self._health.ready()
        keep_quick()
        log.info(
            "bot.ready",
            port=self._listener.port,
            telegram=self._telegram.way,
            providers=list(self._kassir.gateways),
        )
        await stop.wait()
        await self._close(workers)

    async def _close(self, workers: list[asyncio.Task[None]]) -> None:
        """Take nothing new, finish what is in hand, and be gone in time."""
        log.info("bot.stopping")
        self._health.stopping()
        if self._moved_clock:
            self._moved_clock.stop()
        self._clock.stop()
        self._outbox.stop()
        self._webhooks.stop()
        try:
            async with asyncio.timeout(SECONDS_TO_STOP):
                await asyncio.gather(self._telegram.close(), self._listener.stop(), *workers)
                await self._kassir.house.autopay_charging.finish()
        except TimeoutError:
            log.warning("bot.stopped_late")
        for task in workers:
            task.cancel()
        self._typesetter.close()
        log.info("bot.stopped")

    async def _greet_telegram(self) -> None:
        """Say who we are, once; a Telegram that does not answer keeps nobody from paying."""
        if self._greeted:
            return
        try:
            async with asyncio.timeout(SECONDS_FOR_TELEGRAM):
                await self._chat.learn_name()
                set_chat_link(self._chat.link)
                await introduce(self._chat.bot, self._kassir.catalogue)
                if group := await self._kassir.house.outbox.group():
                    await introduce_to_operators(self._chat.bot, group)
                self._greeted = True
        except (TelegramAPIError, TimeoutError) as trouble:
            log.warning("telegram.silent", why=type(trouble).__name__)

    async def _books_answer(self) -> bool:
        await self._kassir.house.outbox.group()
        return True

    def _chores(self, providers: ProviderHealthService) -> list[Chore]:
        house = self._kassir.house
        return [
            Chore("greet_telegram", 60, self._greet_telegram),
            Chore("expire_orders", 30, house.orders.expire),
            Chore("announce_autopays", 5, house.autopay_steps.do_due),
            Chore("charge_autopays", 5, house.autopay_charging.charge_due),
            Chore("look_after_charges", 600, house.unknown_charges.tell_due),
            Chore("unlink_cards", 30, house.saved_cards.tell_providers),
            Chore("describe_cards", 10, house.saved_cards.describe_new),
            Chore("ask_after_payments", 5, house.inquiries.ask_due),
            Chore("ask_after_refunds", 5, house.refunds.ask_due),
            Chore("form_invoices", 30, house.billing.form_due),
            Chore("issue_receipts", 5, house.offset_receipts.issue_due),
            Chore("ask_after_fiscal_receipts", 15, house.fiscal.ask_due),
            Chore("remind_of_renewals", 15, house.renewals.remind_due),
            Chore("remind_of_forms", 600, house.waiting_forms.remind_due),
            Chore("tell_of_expiring_cards", 600, house.card_expiry.tell_due),
            Chore("tell_of_providers", 5, providers.tell_news),
            Chore("read_registers", 60, house.register_folders.read_new),
            Chore("settle_statements", 60, house.statements.settle),
            Chore("advance_arrears", 60, house.arrears.advance),
            Chore("advance_suspensions", 60, house.suspensions.advance),
            Chore("keep_takings", 60, house.takings.keep_days),
            Chore("raise_reviews", 60, house.reviews.raise_overdue),
            Chore("raise_order_work", 600, house.order_work.raise_overdue),
            Chore("tell_summary", 60, house.to_do.tell_due),
            Chore("keep_search_words", 60, house.records.keep_words),
            Chore("raise_cards", 30, house.hanging.raise_due),
            Chore("forget_people", 600, house.personal_data.carry_out),
            Chore("forget_forms", 3600, house.waiting_forms.forget_abandoned),
            Chore("forget_answers", 3600, house.waiting_forms.forget_answers),
            Chore("forget_raw_callbacks", 3600, house.upkeep.forget_raw_callbacks),
            Chore("forget_document_links", 3600, house.document_links.purge),
            Chore("forget_webhooks", 3600, house.upkeep.forget_webhooks),
            Chore("forget_email_codes", 3600, house.email_codes.forget_old),
            Chore("forget_api_answers", 3600, house.seller.forget_answers),
            Chore("forget_old_dialogs", 86_400, self._chat.dialogs.purge),
        ]

    def _build_outbox(self) -> OutboxWorker:
        delivery = Delivery(
            self._chat.bot,
            self._kassir.house.outbox,
            speak=speaking,
            operators_language=self._kassir.settings.default_locale,
            topics=self._kassir.settings.operators_topics.numbers,
            press=self._press,
            health=self._kassir.house.group_health,
            quiet=self._is_quiet,
        )
        return OutboxWorker(self._kassir.house.outbox, delivery, self._build_mailing())

    def _is_quiet(self) -> bool:
        """Whether the group makes no sound now, by the seller's clock."""
        hours, zone = self._kassir.catalogue.desk.quiet, self._kassir.settings.timezone
        return hours is not None and hours.includes(periods.now().astimezone(zone).time())

    def _build_moved_clock(self) -> MovedClock | None:
        url = self._kassir.settings.clock_url
        return MovedClock(url, self._catch_up) if url else None

    async def _catch_up(self) -> None:
        """All that is due by now happens: chores first, then whom they have something to say."""
        await self._clock.catch_up()
        await asyncio.gather(self._outbox.run_dry(), self._webhooks.run_dry())

    def _build_mailing(self) -> Mailing | None:
        mail = self._kassir.mail
        return Mailing(mail, self._press, speak=speaking, seller=mail.sender.name) if mail else None

    def _build_listener(self, metrics: Metrics) -> Listener:
        settings, house = self._kassir.settings, self._kassir.house
        token = settings.metrics_token
        app = create_app(
            callbacks=house.callbacks,
            links=house.links,
            orders=house.order_links,
            terminals=house.terminals,
            catalogue=self._kassir.catalogue,
            chat_link=self._chat.link,
            health=self._health,
            metrics=metrics,
            trusted_proxies=settings.trusted_proxies,
            metrics_token=token.get_secret_value() if token else "",
            outbox=self._lanes,
            webhooks=self._queues,
            autopays=self._steps,
            api=self._build_api(),
            documents=Documents(
                house.document_links, self._press, self._kassir.catalogue.seller.name, self._chat.link
            ),
        )
        self._telegram.mount(app)
        return Listener(app, host=settings.listen_host, port=settings.listen_port)

    def _build_api(self) -> web.Application | None:
        token, house = self._kassir.settings.api_token, self._kassir.house
        if token is None:
            return None
        return create_api(
            house.seller,
            house.instalments,
            house.connector_links,
            house.webhook_history,
            house.statements,
            token=token.get_secret_value(),
            chat_link=lambda start: self._chat.link(start) if self._chat.name else "",
            tariffs=self._kassir.catalogue.tariffs,
        )

    async def _lanes(self) -> list[LaneState]:
        backlog = await self._kassir.house.outbox.backlog()
        return [LaneState(lane.value, waits.count, _age(waits.oldest)) for lane, waits in backlog.items()]

    async def _steps(self) -> list[StepState]:
        backlog = await self._kassir.house.autopay_reports.backlog()
        return [StepState(waits.step, waits.autopays, _age(waits.oldest)) for waits in backlog]

    async def _queues(self) -> list[QueueState]:
        queues = await self._kassir.webhooks.queues()
        return [
            QueueState(address, queue.due, queue.dead, _age(queue.oldest))
            for address, queue in queues.items()
        ]


def _age(since: datetime | None) -> float:
    return (periods.now() - since).total_seconds() if since else 0


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
