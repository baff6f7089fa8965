"""Callbacks of every method in a random mixture: repeated, forged, late, short, refunded, by two doors."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector
from bot.domain.errors import CustomerError
from bot.domain.events import Callback, Event, Paid
from bot.domain.money import Money
from bot.domain.payments import Payment
from bot.gateways import invoices
from bot.gateways.base import BotAccess
from bot.gateways.registry import ProviderSettings, open_gateways, open_networks
from bot.services.house import House, build_house
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.tables import accounts, transfers
from bot.storage.tx import Tx
from tests.gateways import robokassa_street, webpay_wire
from tests.gateways.fake import FakeGateway

CUSTOMERS, LINES_EACH, AT_ONCE = 50, 8, 16
CODE_SECRET = "a-secret-path-for-the-network"
NETWORKS = {"elsom": "KGS", "asisnur": "KGS", "erip": "BYN", "kiosk": "RUB"}
METHODS = ("yookassa", "robokassa", "webpay", "terminal", "stars", "telegram_card")

Tell = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class Shares:
    """Of a hundred callbacks so many are like that."""

    repeats: int = 20
    forged: int = 5
    late: int = 5
    short: int = 5
    refunds: int = 5


class Mixture:
    """A house with every provider, and a model of what each of them holds: what came less what went back."""

    def __init__(self, database: Database, seed: int, shares: Shares = Shares()) -> None:
        self.database = database
        self.held: dict[str, Counter[str]] = defaultdict(Counter)
        self.told: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._shares = shares
        self._sent: list[Tell] = []
        self._paid: list[tuple[str, Payment, Money]] = []
        self._numbers = iter(range(100_000_000, 10**9))
        self.yookassa = FakeGateway("yookassa", asks_back=True, currencies=("RUB",))
        self.house = _house(database, self.yookassa)

    async def open(self) -> None:
        for customer in range(1, CUSTOMERS + 1):
            await self.house.customers.greet(customer, name="Anna", language="ru")
        await self.database.write(_add_lines)

    async def run(self, count: int) -> None:
        """Send so many callbacks, some at once."""
        for _ in range(count // AT_ONCE):
            await asyncio.gather(*(self._step() for _ in range(AT_ONCE)))

    async def _step(self) -> None:
        dice, shares = self._random.randrange(100), self._shares
        if dice < shares.repeats and self._sent:
            await self._tell("repeated", self._random.choice(self._sent))
        elif dice < shares.repeats + shares.forged:
            with suppress(CustomerError):
                await self._tell("forged", await self._forgery())
        elif dice < shares.repeats + shares.forged + shares.refunds and self._paid:
            await self._refund(*self._random.choice(self._paid))
        else:
            await self._pay(dice)

    async def _pay(self, dice: int) -> None:
        method, customer = self._random.choice(METHODS), self._random.randint(1, CUSTOMERS)
        try:
            payment = await self._begun(customer, method)
        except CustomerError:  # another order for the same line was faster
            return
        kind, amount = "paid", payment.amount
        if dice >= 95 and payment.order_id:
            kind = "late"
            with suppress(CustomerError):  # it was replaced at this very moment, which is late as well
                await self.house.orders.cancel(customer, payment.order_id)
        elif dice >= 90 and method in ("yookassa", "robokassa", "webpay", "terminal"):
            kind, amount = "short", Money(max(amount.minor // 2, 100), amount.currency)
        tell, source = await self._payer_pays(method, payment, amount)
        self.held[source][amount.currency] += amount.minor
        self._sent.append(tell)
        await self._tell(kind, tell)
        if method in ("yookassa", "webpay", "stars"):
            self._paid.append((method, payment, amount))

    async def _begun(self, customer: int, method: str) -> Payment:
        """A payment for an order, now and then for the balance."""
        currency = {"webpay": "BYN", "stars": "XTR"}.get(method, "RUB")
        if currency != "XTR" and self._random.random() < 0.2:
            payer = (await self.house.balance.payers(customer))[0]
            amount = Money(self._random.randint(1_000, 100_000), currency)
            link = await self.house.payments.start_top_up(customer, payer.id, method, amount)
        else:
            name = "star" if currency == "XTR" else "line"
            line = f"{name}-{customer}-{self._random.randrange(LINES_EACH)}"
            order = await self.house.orders.place(customer, [line], 1)
            link = await self.house.payments.start(customer, order.id, method)
        return (await self.house.payments.details(customer, link.payment_id)).payment

    async def _payer_pays(self, method: str, payment: Payment, amount: Money) -> tuple[Tell, str]:
        """How the provider tells of it, and whose money it is."""
        match method:
            case "robokassa":
                return self._by_callback("robokassa", _robokassa(payment, amount)), "robokassa"
            case "webpay":
                return self._by_callback("webpay", self._webpay(payment, amount, "1")), "webpay"
            case "terminal":
                return await self._by_terminal(payment, amount)
            case "stars" | "telegram_card":
                return self._by_update(method, payment), "stars" if method == "stars" else "yookassa"
        return self._by_callback("yookassa", self.yookassa.pay(payment.reference, amount)), "yookassa"

    def _by_callback(self, provider: str, callback: Callback) -> Tell:
        return lambda: self.house.callbacks.receive(provider, callback)

    def _by_event(self, event: Event) -> Tell:
        return lambda: self.house.settlement.take(event)

    async def _by_terminal(self, payment: Payment, amount: Money) -> tuple[Tell, str]:
        networks = [name for name, currency in NETWORKS.items() if currency == amount.currency]
        network, txn = self._random.choice(networks), str(next(self._numbers))
        code = await self.house.codes.code(payment.customer_id, payment.payer_id)
        query = urlencode(
            {
                "command": "pay",
                "txn_id": txn,
                "txn_date": "20261122120000",
                "account": code.lstrip("0"),
                "sum": amount.decimal(),
            }
        )
        callback = Callback(b"", {}, query, "127.0.0.1")
        return lambda: self.house.terminals.receive(network, CODE_SECRET, callback), network

    def _by_update(self, method: str, payment: Payment) -> Tell:
        """Telegram tells; for a card the shop tells as well, without our mark, before or after."""
        charge = f"charge-{next(self._numbers)}"
        body = {
            "currency": payment.amount.currency,
            "total_amount": payment.amount.minor,
            "invoice_payload": payment.reference,
            "telegram_payment_charge_id": charge,
            "provider_payment_charge_id": charge,
        }
        paid = invoices.told({"message": {"date": 1_795_000_000, "successful_payment": body}})
        assert isinstance(paid, Paid)
        doors = [paid] if method == "stars" else [paid, replace(paid, reference="")]
        self._random.shuffle(doors)

        async def tell() -> None:
            for event in doors:
                await self.house.settlement.take(event)

        return tell

    async def _refund(self, method: str, payment: Payment, amount: Money) -> None:
        """Made in the provider's cabinet, of all that is left, and told at least once."""
        self._paid.remove((method, payment, amount))
        self.held[method][amount.currency] -= amount.minor
        match method:
            case "webpay":
                tell = self._by_callback("webpay", self._webpay(payment, amount, "11"))
            case "stars":
                found = await self.database.read(lambda tx: tx.payments.get(payment.id))
                assert found is not None
                if not found.provider_payment:
                    self.held[method][amount.currency] += amount.minor
                    return
                body = {
                    "currency": "XTR",
                    "total_amount": amount.minor,
                    "invoice_payload": payment.reference,
                    "telegram_payment_charge_id": found.provider_payment,
                }
                gone = invoices.told({"message": {"date": 1_795_000_000, "refunded_payment": body}})
                assert gone is not None
                tell = self._by_event(gone)
            case _:
                tell = self._by_callback("yookassa", self.yookassa.refund_by_hand(payment.reference, amount))
        self._sent.append(tell)
        await self._tell("refund", tell)

    def _webpay(self, payment: Payment, amount: Money, kind: str) -> Callback:
        number = f"{payment.id + 10**8}"
        return webpay_wire.notification(
            batch_timestamp=str(int(datetime.now(UTC).timestamp())),
            currency_id=amount.currency,
            amount=amount.decimal(),
            order_id=number,
            site_order_id=f"K-{payment.reference}",
            transaction_id=number,
            payment_type=kind,
        )

    async def _forgery(self) -> Tell:
        """Everything right but the proof of it."""
        customer, method = (
            self._random.randint(1, CUSTOMERS),
            self._random.choice(("robokassa", "webpay", "terminal")),
        )
        if method == "terminal":
            callback = Callback(b"", {}, "command=pay&txn_id=1&account=001234566&sum=10.00", "127.0.0.1")
            return lambda: self.house.terminals.receive("elsom", "a-guessed-secret-path", callback)
        payment = await self._begun(customer, method)
        genuine = (
            _robokassa(payment, payment.amount)
            if method == "robokassa"
            else self._webpay(payment, payment.amount, "1")
        )
        other = b"OutSum=1" if method == "robokassa" else b"amount=1"
        name = other.split(b"=")[0]
        forged = b"&".join(
            other if part.startswith(name + b"=") else part for part in genuine.body.split(b"&")
        )
        return self._by_callback(method, replace(genuine, body=forged))

    async def _tell(self, kind: str, tell: Tell) -> None:
        self.told[kind] += 1
        await tell()

    async def booked(self) -> dict[str, Counter[str]]:
        """What the ledger says each source holds here: what came from it less what went back to it."""

        def net(tx: Tx) -> dict[str, Counter[str]]:
            found: dict[str, Counter[str]] = defaultdict(Counter)
            for column, sign in ((transfers.c.from_account, 1), (transfers.c.to_account, -1)):
                query = (
                    select(accounts.c.name, accounts.c.currency, func.sum(transfers.c.minor))
                    .join(transfers, column == accounts.c.id)
                    .where(accounts.c.name.startswith("source:"))
                    .group_by(accounts.c.name, accounts.c.currency)
                )
                for name, currency, minor in tx.connection.execute(query):
                    found[name.removeprefix("source:")][currency] += sign * int(minor)
            return found

        return await self.database.read(net)


def _robokassa(payment: Payment, amount: Money) -> Callback:
    fields = {
        "OutSum": f"{amount.decimal()}0000",
        "InvId": payment.provider_payment,
        "Shp_kassir": payment.reference,
    }
    return robokassa_street.message(fields)


def _house(database: Database, yookassa: FakeGateway) -> House:
    catalogue = read_catalogue(Path("catalog.example.toml"))
    settings = ProviderSettings.model_validate(
        {
            "robokassa": {
                "login": robokassa_street.LOGIN,
                "password1": robokassa_street.PASSWORD1,
                "password2": robokassa_street.PASSWORD2,
            },
            "webpay": {"store_id": "11111111", "secret_key": webpay_wire.SECRET},
            "stars": {"enabled": True},
            "terminals": {
                name: {"secret": CODE_SECRET, "currency": currency, "allow": ["127.0.0.0/8"]}
                for name, currency in NETWORKS.items()
            },
        }
    )
    gateways = open_gateways(settings, bot=BotAccess.of("42:TEST", "http://127.0.0.1:1"))
    card = replace(yookassa.methods[0], name="telegram_card")
    yookassa.methods = (*yookassa.methods, card)
    return build_house(
        database,
        Surroundings(
            catalogue=catalogue,
            gateways=gateways | {"yookassa": yookassa},
            networks=open_networks(settings),
            vault=Vault("a key of the tests, long enough to be one"),
            zone=ZoneInfo("Europe/Moscow"),
            public_url="https://pay.example",
            operators={},
        ),
    )


def _add_lines(tx: Tx) -> None:
    for customer in range(1, CUSTOMERS + 1):
        payer = tx.customers.person(customer)
        for number in range(LINES_EACH):
            for name, tariff in (("line", "line"), ("star", "assistant")):
                id_ = f"{name}-{customer}-{number}"
                tx.connectors.add(Connector(id_, "line", id_, tariff, payer, None, None))
