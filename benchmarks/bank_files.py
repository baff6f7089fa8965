"""Statement files of both formats, read twice as a service does: time, and memory whatever their size."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.report import bar, figure
from bot.domain.statement_keys import LineKeys
from bot.gateways.registry import statement_reader
from tests.gateways.bank.writing import ACCOUNTS, OURS, Transfer, document, entry, envelope, exchange

LINES, LARGE = 50_000, 200_000_000
SECONDS, MOST_MB, MOST_LARGE_MB = 5, 30, 100
APART = "(lines)"
FORMATS: dict[str, tuple[str, Callable[[Transfer], str], str]] = {
    "1C": (exchange(APART), document, "cp1251"),
    "camt.053": (envelope(f"<Stmt><Acct><Id><IBAN>{OURS}</IBAN></Id></Acct>{APART}</Stmt>"), entry, "utf-8"),
}


@dataclass(frozen=True)
class Seen:
    """Processor seconds of either reading; megabytes at the most, beyond those before the file was opened."""

    lines: int
    believing: float
    telling: float
    megabytes: float


def run() -> None:
    with TemporaryDirectory(prefix="kassir-bench-", dir=Path.cwd()) as folder:
        path = Path(folder, "statement")
        for name in FORMATS:
            _usual(name, path)
            _large(name, path)


def _usual(name: str, path: Path) -> None:
    _write(path, name, (Transfer(str(number), 100 + number) for number in range(LINES)))
    seen = _measured(path)
    took = seen.believing + seen.telling
    told = f"{seen.believing:.1f} s + {seen.telling:.1f} s CPU, {path.stat().st_size / 10**6:.0f} MB"
    bar(f"{name}: {seen.lines:,} lines believed and told: {SECONDS} s", told, took <= SECONDS)
    bar(f"  memory: + {MOST_MB} MB", f"{seen.megabytes:+.0f} MB", seen.megabytes <= MOST_MB)


def _large(name: str, path: Path) -> None:
    """All of them differ, so that no identity may be forgotten while the file is read."""
    _template, write, encoding = FORMATS[name]
    each = len(write(Transfer()).encode(encoding)) + 4
    _write(path, name, (Transfer(str(number), 100 + number) for number in range(LARGE // each)))
    seen = _measured(path)
    rate = path.stat().st_size / 10**6 / (seen.believing + seen.telling)
    figure(f"{name}: {path.stat().st_size / 10**6:.0f} MB, {seen.lines:,} lines", f"{rate:.0f} MB a second")
    bar(f"  memory: + {MOST_LARGE_MB} MB", f"{seen.megabytes:+.0f} MB", seen.megabytes <= MOST_LARGE_MB)


def _write(path: Path, name: str, transfers: Iterator[Transfer]) -> None:
    template, write, encoding = FORMATS[name]
    head, tail = template.split(APART)
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(head)
        file.writelines(f"{write(each)}\r\n" for each in transfers)
        file.write(tail)


def _measured(path: Path) -> Seen:
    """In a process of its own, whose memory is nobody else's."""
    command = [sys.executable, "-m", __name__, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Seen(**json.loads(done.stdout))


def measure(path: Path) -> Seen:
    reader, keys, before = statement_reader(), LineKeys(), _most_megabytes()
    begun = time.process_time()
    head = reader.inspect(path, ACCOUNTS)
    believed = time.process_time()
    lines = sum(1 for line in reader.lines(path, head) if keys.key(line))
    told = time.process_time()
    assert lines == head.incoming
    return Seen(lines, believed - begun, told - believed, _most_megabytes() - before)


def _most_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(asdict(measure(Path(sys.argv[1])))))
