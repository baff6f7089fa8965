"""Two thousand invoices one after another: how long each takes, what they hold, and how the loop turns."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from benchmarks.report import bar, figure
from bot import i18n
from bot.app.run import keep_quick
from bot.documents.bank_qr import bank_qr
from bot.documents.invoice import TEMPLATE, invoice_paper
from bot.documents.samples import SAMPLE_OFFER
from bot.documents.typesetter import Typesetter
from bot.domain.invoices import Invoice, invoice_number

PAPERS, LONG, TICK = 2_000, 300, 0.002
MOST_MS, MOST_MB, MOST_LATE_MS = 20, 120, 20


@dataclass(frozen=True)
class Seen:
    """Milliseconds and megabytes; `late` is how much later than asked the loop took its turns."""

    each: list[float]
    cpu: float
    late: list[float]
    long: float
    before: float
    first: float
    all: float


def run() -> None:
    done = subprocess.run([sys.executable, "-m", __name__], stdout=subprocess.PIPE, check=True)
    seen = Seen(**json.loads(done.stdout))
    worst = quantiles(seen.each, n=100)[-1]
    middle = median(seen.each)
    bar(f"a new invoice with its code: {MOST_MS} ms", f"{middle:.1f} ms, p99 {worst:.1f}", middle <= MOST_MS)
    figure("processor time of it, all threads", f"{seen.cpu:.1f} ms")
    late = quantiles(seen.late, n=100)[-1]
    bar(
        f"the loop meanwhile, late by at most {MOST_LATE_MS} ms (p99)",
        f"{late:.1f} ms, at worst {max(seen.late):.1f}",
        late <= MOST_LATE_MS,
    )
    figure(f"an invoice of {LONG} lines", f"{seen.long:.0f} ms")
    grown = seen.first - seen.before
    bar(f"memory with the first one: + {MOST_MB} MB", f"{grown:+.0f} MB", grown <= MOST_MB)
    grown = seen.all - seen.before
    bar(f"memory after {PAPERS:,}: + {MOST_MB} MB", f"{grown:+.0f} MB", grown <= MOST_MB)


async def measure() -> Seen:
    keep_quick()
    setter, before = Typesetter(), megabytes()
    await _typeset(setter, _invoice(0))
    first = megabytes()
    late: list[float] = []
    watch = asyncio.create_task(_lateness(late))
    each: list[float] = []
    started = time.process_time()
    for number in range(1, PAPERS):
        begun = time.perf_counter()
        await _typeset(setter, _invoice(number))
        each.append((time.perf_counter() - begun) * 1000)
    cpu = (time.process_time() - started) * 1000 / len(each)
    watch.cancel()
    held, begun = megabytes(), time.perf_counter()
    await _typeset(setter, replace(_invoice(0), lines=SAMPLE_OFFER.lines[:1] * LONG))
    long = (time.perf_counter() - begun) * 1000
    setter.close()
    return Seen(each, cpu, late, long, before, first, held)


async def _typeset(setter: Typesetter, invoice: Invoice) -> None:
    with i18n.speaking("ru"):
        code = await setter.beside(partial(bank_qr, invoice))
        await setter.pdf(TEMPLATE, invoice_paper(invoice, None, code), invoice.issued_on)


def _invoice(number: int) -> Invoice:
    """Each of its own number, sum and purpose: nothing of one paper can be kept for the next."""
    told = invoice_number(2026, number)
    total = replace(SAMPLE_OFFER.total, minor=SAMPLE_OFFER.total.minor + number)
    lines = tuple(replace(line, title=f"{line.title} {number}") for line in SAMPLE_OFFER.lines)
    return replace(SAMPLE_OFFER, number=told, total=total, lines=lines, purpose=f"Оплата по счёту {told}")


async def _lateness(late: list[float]) -> None:
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(TICK)
        late.append((time.perf_counter() - begun - TICK) * 1000)


def megabytes() -> float:
    with Path("/proc/self/status").open() as status:
        held = next(line for line in status if line.startswith("VmRSS"))
    return int(held.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(measure()))))
