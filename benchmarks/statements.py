"""A statement of 50 000 lines against 100 000 open invoices: time, memory, how long the writer is held."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from benchmarks.report import bar, figure, heading
from benchmarks.watch import watch
from bot.domain.catalogue_file import read_catalogue
from bot.domain.invoices import InvoiceKind, InvoiceLine, Unit, invoice_number
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.domain.requisites import Party, PartyKind
from bot.gateways.registry import statement_reader
from bot.services.house import build_house
from bot.services.statements import StatementService
from bot.services.surroundings import Surroundings
from bot.services.vault import Vault
from bot.storage.database import Database
from bot.storage.invoices import NewInvoice
from bot.storage.migrate import migrate
from bot.storage.tables import invoice_numbers, invoices, orders
from bot.storage.tx import Tx
from tests.statements import Transfer, one_c

INVOICES, LINES, SURE, BUYERS = 100_000, 50_000, 10_000, 10_000
AT_ONCE = 2_000
YEAR, DAY = 2026, date(2026, 11, 18)
SECONDS, MOST_MS, MOST_MB = 10, 50, 60
ANNA = 1001


@dataclass
class Seen:
    """Seconds until all was matched and the sure lines booked; milliseconds of the longest unit."""

    read: float = 0.0
    matched: float = 0.0
    matched_cpu: float = 0.0
    booked: float = 0.0
    longest: float = 0.0
    longest_cpu: float = 0.0
    before: float = 0.0
    after: float = 0.0
    waiting: int = 0
    adds_up: bool = False
    disagree: int = 0


class Watched(StatementService):
    """Notes when everything was matched, before the first line is booked."""

    matched_at = 0.0
    matched_cpu = 0.0
    held = 0.0

    async def _book(self) -> tuple[int, int]:
        self.matched_at, self.matched_cpu, self.held = time.perf_counter(), time.process_time(), _megabytes()
        return await super()._book()


def run() -> None:
    """Measure in a process of its own, whose memory is nobody else's."""
    heading(f"On SQLite, full sync, {INVOICES:,} open invoices")
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as folder:
        command = [sys.executable, "-m", __name__, folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    seen = Seen(**json.loads(done.stdout))
    figure(f"{LINES:,} lines read and believed", f"{seen.read:.1f} s")
    told = f"{seen.matched:.1f} s, {seen.matched_cpu:.1f} s CPU"
    bar(f"{LINES:,} lines read, kept and matched: {SECONDS} s", told, seen.matched <= SECONDS)
    rate = SURE / max(seen.booked, 0.001)
    figure(f"{SURE:,} sure ones booked, a unit each", f"{seen.booked:.1f} s, {rate:,.0f}/s")
    told = f"{seen.longest_cpu:.1f} ms CPU, {seen.longest:.1f} ms by the clock"
    bar(f"the longest unit of the writer: {MOST_MS} ms", told, seen.longest_cpu <= MOST_MS)
    grown = seen.after - seen.before
    bar(f"memory while it was matched: + {MOST_MB} MB", f"{grown:+.0f} MB", grown <= MOST_MB)
    exact = seen.adds_up and seen.waiting == LINES - SURE and not seen.disagree
    bar(
        "sums are the bank's, books are exact", f"{seen.waiting:,} wait, {seen.disagree} rows disagree", exact
    )


async def measure(folder: Path) -> Seen:
    seen, file = Seen(), folder / "kl_to_1c.txt"
    file.write_bytes(one_c(*map(_transfer, range(LINES))))
    database = Database.connect(f"sqlite:///{folder / 'books.db'}")
    await database.start()
    try:
        await migrate(database)
        await _fill(database)
        gc.freeze()  # as the running bot does once it is ready
        longest = watch(database)
        await _load(database, file, seen)
        seen.longest, seen.longest_cpu = longest.clock, longest.cpu
    finally:
        await database.close()
    return seen


async def _load(database: Database, file: Path, seen: Seen) -> None:
    catalogue = read_catalogue(Path("catalog.example.toml"))
    around = Surroundings(
        catalogue=catalogue,
        gateways={},
        vault=Vault("a key of the benchmark, long enough"),
        zone=ZoneInfo("Europe/Moscow"),
        public_url="https://pay.example",
        operators={},
    )
    house, reader = build_house(database, around), statement_reader()
    invoicing = catalogue.invoicing
    assert invoicing is not None
    begun = time.perf_counter()
    reader.inspect(file, {account.number: account.currency for account in invoicing.accounts})
    seen.read, seen.before = time.perf_counter() - begun, _megabytes()
    service = Watched(database, reader=reader, invoicing=invoicing, bank=house.bank, desk=house.desk)
    begun, begun_cpu = time.perf_counter(), time.process_time()
    report = await service.load(file, file.name)
    seen.booked = time.perf_counter() - service.matched_at
    seen.matched, seen.matched_cpu = service.matched_at - begun, service.matched_cpu - begun_cpu
    seen.after, seen.waiting, seen.adds_up = service.held, report.waiting, report.adds_up
    seen.disagree = len((await house.books.prove()).disagreements)


def _transfer(number: int) -> Transfer:
    """First those that are sure; then, in turns, too little, a fit without a number, a number of nothing."""
    invoice = number * 2
    told, tax_number = invoice_number(YEAR, invoice + 1), _tax_number(invoice)
    amount, purpose = _amount(invoice), f"Оплата по счёту {told} от 18.11.2026. Без НДС"
    if number >= SURE:
        match number % 3:
            case 0:
                amount -= 100
            case 1:
                purpose = "Оплата за услуги связи"
            case _:
                purpose = purpose.replace(told, invoice_number(YEAR - 1, invoice + 1))
    sum_ = f"{amount // 100}.{amount % 100:02}"
    day = DAY - timedelta(days=number % 30)
    return Transfer(sum_, purpose, tax_number, str(number), day)


async def _fill(database: Database) -> None:
    """As many bills as that, each of its own number, sum and buyer; all are copies of the first one."""

    def first(tx: Tx) -> tuple[dict[str, Any], dict[str, Any]]:
        for customer in range(ANNA, ANNA + BUYERS):
            tx.customers.add(customer, name="Anna", language="ru")
            payer_id = tx.customers.person(customer)
        payer_id, total = tx.customers.person(ANNA), Money(_amount(0), "RUB")
        number = tx.invoices.draw_number(YEAR)
        order_id = tx.orders.add(
            reference=new_reference(),
            customer_id=ANNA,
            payer_id=payer_id,
            lines=(),
            prices=(total,),
            full_prices=(total,),
            promo_code="",
            terms_version="",
            expires_at=now() + timedelta(days=3650),
            invoice=number,
        )
        tx.invoices.add(_new(payer_id, total), number=number, order_id=order_id, purpose="")
        rows = (tx.connection.execute(select(table)).one() for table in (orders, invoices))
        order, invoice = (dict(row._mapping) for row in rows)
        return order, invoice

    order, invoice = await database.write(first)
    numbered = update(invoice_numbers).values(last=INVOICES)
    await database.write(lambda tx: tx.connection.execute(numbered).rowcount)
    for start in range(1, INVOICES, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, INVOICES))
        await database.write(partial(_copy, order=order, invoice=invoice, numbers=numbers))


def _copy(tx: Tx, order: dict[str, Any], invoice: dict[str, Any], numbers: range) -> None:
    told = [(number, invoice_number(YEAR, number + 1), _amount(number)) for number in numbers]
    ordered = [
        order
        | {
            "id": n + 1,
            **_owner(n),
            "reference": new_reference(),
            "invoice": name,
            "prices": [["RUB", amount]],
        }
        for n, name, amount in told
    ]
    billed = [
        invoice
        | {
            "id": n + 1,
            "order_id": n + 1,
            **_owner(n),
            "number": name,
            "minor": amount,
            "month": f"m{n}",
            "buyer_tax_number": _tax_number(n),
        }
        for n, name, amount in told
    ]
    tx.connection.execute(insert(orders), ordered)
    tx.connection.execute(insert(invoices), billed)


def _owner(number: int) -> dict[str, int]:
    """The buyers in turn; each is a customer and a payer."""
    return {"customer_id": ANNA + number % BUYERS, "payer_id": 1 + number % BUYERS}


def _new(payer_id: int, total: Money) -> NewInvoice:
    invoicing = read_catalogue(Path("catalog.example.toml")).invoicing
    assert invoicing is not None
    return NewInvoice(
        kind=InvoiceKind.REGULAR,
        customer_id=ANNA,
        payer_id=payer_id,
        total=total,
        vat="none",
        vat_amount=replace(total, minor=0),
        issued_on=DAY,
        valid_until=None,
        seller=invoicing.sellers["RUB"],
        buyer=Party(PartyKind.ORGANISATION, "ООО «Ромашка»", tax_number=_tax_number(0)),
        lines=[InvoiceLine("Связь", 1, Unit.PERIOD, total, total)],
        language="ru",
        reference=new_reference(),
        month="m0",
    )


def _amount(number: int) -> int:
    return 100_000 + number


def _tax_number(number: int) -> str:
    return f"77{number:08}"


def _megabytes() -> float:
    with Path("/proc/self/status").open() as status:
        held = next(line for line in status if line.startswith("VmRSS"))
    return int(held.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(measure(Path(sys.argv[1]))))))
