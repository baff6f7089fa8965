"""Every update of a customer becomes a visit: who it is, in which language, with what at hand."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.methods import SendMessage
from aiogram.types import (
    CallbackQuery,
    InlineKeyboardMarkup,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    TelegramObject,
    User,
)

from bot.domain.catalogue import Catalogue
from bot.i18n import fit, language_of, speaking
from bot.middlewares.invoices import Invoices
from bot.middlewares.living import LivingMessages, answer_tap
from bot.services.acts.house import Acts
from bot.services.autopays import AutopayService
from bot.services.balance import BalanceService
from bot.services.billing import BillingService
from bot.services.bridges import BridgeService
from bot.services.codes import CodeService
from bot.services.complaints import ComplaintService
from bot.services.connector_links import ConnectorLinkService
from bot.services.connectors import ConnectorService
from bot.services.customers import CustomerService
from bot.services.delivery import DeliveryService
from bot.services.desk import DeskService
from bot.services.email_codes import EmailCodeService
from bot.services.instalments import InstalmentService
from bot.services.invoices import InvoiceService
from bot.services.links import LinkService
from bot.services.made_to_order.forms import OrderFormService
from bot.services.menu import MenuService
from bot.services.notice_choices import NoticeChoiceService
from bot.services.orders import OrderService
from bot.services.paper_requests import PaperRequestService
from bot.services.payer_details import PayerService
from bot.services.payments import PaymentService
from bot.services.personal_data import PersonalDataService
from bot.services.promos import PromoService
from bot.services.receipts.of_payments import PaymentReceiptService
from bot.services.refund.requests import RefundRequestService
from bot.services.refund.wishes import RefundWishService
from bot.services.renewals import RenewalService
from bot.services.saved_cards import SavedCardService
from bot.services.subscribers import SubscriberService
from bot.services.suspensions import SuspensionService
from bot.services.talk import TalkService
from bot.services.usage import UsageService

VISIT = "visit_at_hand"
KNOWN_CUSTOMERS = 20_000
KNOWN_FOR = 600.0
"""A language chosen through another replica is noticed after that many seconds."""


@dataclass(slots=True)
class Visit:
    """One tap or message of a customer, and everything a dialog may ask for to answer it."""

    event: CallbackQuery | Message
    bot: Bot
    state: FSMContext
    dialog: str | None
    """The state the dialog stood in when the update came."""
    living: LivingMessages
    guests: Guests
    customers: CustomerService
    autopays: AutopayService
    balance: BalanceService
    bridges: BridgeService
    billing: BillingService
    connectors: ConnectorService
    acts: Acts
    connector_links: ConnectorLinkService
    menu: MenuService
    notice_choices: NoticeChoiceService
    order_forms: OrderFormService
    orders: OrderService
    payers: PayerService
    payment_receipts: PaymentReceiptService
    paper_requests: PaperRequestService
    payments: PaymentService
    personal_data: PersonalDataService
    promos: PromoService
    refund_requests: RefundRequestService
    refund_wishes: RefundWishService
    renewals: RenewalService
    saved_cards: SavedCardService
    subscribers: SubscriberService
    suspensions: SuspensionService
    talk: TalkService
    usage: UsageService
    links: LinkService
    codes: CodeService
    complaints: ComplaintService
    delivery: DeliveryService
    desk: DeskService
    email_codes: EmailCodeService
    catalogue: Catalogue
    instalments: InstalmentService
    invoices: InvoiceService
    telegram_invoices: Invoices
    update_id: int
    """Telegram's number of what happened: the evidence of a consent and of a refusal."""
    toast: str = ""
    """A word that passes: shown over the chat after a tap, above the screen after a message."""
    note: str = ""
    """A word that stays above the next screen."""
    anew: bool = False
    answering: asyncio.Future[None] | None = None
    """The answer to a tap, once it is on its way; a tap is answered once."""

    @property
    def customer_id(self) -> int:
        user = self.event.from_user
        assert user is not None, "channels have no visits"
        return user.id

    @property
    def message(self) -> Message:
        """What the customer sent; only for handlers of messages."""
        assert isinstance(self.event, Message), "a tap is no message"
        return self.event

    @property
    def text(self) -> str:
        return self.message.text or self.message.caption or ""

    async def show(self, text: str, keyboard: InlineKeyboardMarkup) -> int:
        """Show the dialog's next screen below what was noted, and give its message's id."""
        self.answer_tap()
        whole = "\n\n".join(filter(None, (self.note, self.toast, text)))
        self.toast, self.note = "", ""
        try:
            return await self.living.show(self.event, self.bot, whole, keyboard, anew=self.anew)
        finally:
            if self.answering is not None:
                await self.answering

    async def renew(self, text: str, keyboard: InlineKeyboardMarkup) -> None:
        """The same for one message of several: the screen that answered the first of them changes."""
        whole = "\n\n".join(filter(None, (self.note, self.toast, text)))
        if not await self.living.renew(self.bot, self.customer_id, whole, keyboard):
            await self.show(text, keyboard)

    def answer_tap(self) -> None:
        """Begin to stop the button's clock, with the toast if any: early where the screen takes a while."""
        if self.answering is None and isinstance(self.event, CallbackQuery):
            self.answering = asyncio.ensure_future(answer_tap(self.bot, self.event, self.toast))
            self.toast = ""

    async def only_toast(self, words: str) -> None:
        """The screen stays as it is: what was asked for arrives below it."""
        self.toast = words
        self.answer_tap()
        if self.answering is not None:
            await self.answering

    async def say(self, text: str, keyboard: ReplyKeyboardMarkup | ReplyKeyboardRemove) -> None:
        """A message beside the living one: Telegram ties the keyboard below the chat to such."""
        words = SendMessage(chat_id=self.customer_id, text=fit(text), reply_markup=keyboard)
        await self.bot(words)

    async def enter(self, step: State, *, keep: bool = False, **data: Any) -> None:
        """Wait for an answer at this step of a dialog; `keep` what earlier steps left."""
        self.dialog = step.state
        await self.state.set_state(step)
        await (self.state.update_data(data) if keep else self.state.set_data(data))

    async def leave_dialog(self) -> None:
        """Forget where the dialog stood; costs nothing where there was none."""
        if self.dialog is not None:
            self.dialog = None
            await self.state.clear()


@dataclass(frozen=True, slots=True)
class _Guest:
    names: tuple[str, str | None]
    language: str
    until: float


class Guests:
    """Who was met lately and which language they chose, so that a tap needs no question to the books."""

    def __init__(self, known: int = KNOWN_CUSTOMERS) -> None:
        self._known = known
        self._guests: OrderedDict[int, _Guest] = OrderedDict()

    async def language(self, user: User, customers: CustomerService) -> str:
        """The language of somebody known, or whom we meet now."""
        guest = self._guests.get(user.id)
        if guest is None or guest.names != _names(user) or guest.until < monotonic():
            guest = await self._meet(user, customers)
        return guest.language

    def forget(self, customer_id: int) -> None:
        """Something about him changed."""
        self._guests.pop(customer_id, None)

    async def _meet(self, user: User, customers: CustomerService) -> _Guest:
        language = language_of(user.language_code)
        name, username = _names(user)
        customer = await customers.greet(user.id, name=name, language=language, username=username or "")
        guest = _Guest((name, username), customer.language, monotonic() + KNOWN_FOR)
        self._guests[user.id] = guest
        if len(self._guests) > self._known:
            self._guests.popitem(last=False)
        return guest


async def hand_over(
    handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
    _event: TelegramObject,
    data: dict[str, Any],
) -> Any:
    """Inner middleware: handlers are functions of a visit, filters before them saw the bare event."""
    return await handler(data[VISIT], data)


class Visits(BaseMiddleware):
    """Outer middleware of the customers' router; what happens in groups passes it by."""

    def __init__(self, living: LivingMessages, guests: Guests) -> None:
        self._living = living
        self._guests = guests

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        assert isinstance(event, CallbackQuery | Message)
        user = event.from_user
        if user is None or not _is_private(event):
            return UNHANDLED
        if isinstance(event, Message):
            self._living.saw(event.chat.id, event.message_id)
        with speaking(await self._guests.language(user, data["customers"])):
            data[VISIT] = self._visit(event, data)
            return await handler(event, data)

    def _visit(self, event: CallbackQuery | Message, data: dict[str, Any]) -> Visit:
        return Visit(
            event=event,
            bot=data["bot"],
            state=data["state"],
            dialog=data["raw_state"],
            living=self._living,
            guests=self._guests,
            customers=data["customers"],
            autopays=data["autopays"],
            balance=data["balance"],
            bridges=data["bridges"],
            billing=data["billing"],
            connectors=data["connectors"],
            acts=data["acts"],
            connector_links=data["connector_links"],
            menu=data["menu"],
            notice_choices=data["notice_choices"],
            order_forms=data["order_forms"],
            orders=data["orders"],
            payers=data["payers"],
            payment_receipts=data["payment_receipts"],
            paper_requests=data["paper_requests"],
            payments=data["payments"],
            personal_data=data["personal_data"],
            promos=data["promos"],
            renewals=data["renewals"],
            saved_cards=data["saved_cards"],
            subscribers=data["subscribers"],
            suspensions=data["suspensions"],
            talk=data["talk"],
            usage=data["usage"],
            links=data["links"],
            codes=data["codes"],
            complaints=data["complaints"],
            delivery=data["delivery"],
            desk=data["desk"],
            refund_requests=data["refund_requests"],
            refund_wishes=data["refund_wishes"],
            email_codes=data["email_codes"],
            catalogue=data["catalogue"],
            instalments=data["instalments"],
            invoices=data["invoices"],
            telegram_invoices=data["telegram_invoices"],
            update_id=data["event_update"].update_id,
        )


def _names(user: User) -> tuple[str, str | None]:
    return user.full_name, user.username


def _is_private(event: CallbackQuery | Message) -> bool:
    message = event.message if isinstance(event, CallbackQuery) else event
    return message is not None and message.chat.type == "private"
