"""Start and memory of the whole bot, and the start of its short commands, against `import aiogram`."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.report import bar, figure
from tests.telegram import TOKEN, fake_telegram

TIMES = 5
IMPORT = "import aiogram; print('\"ready\"', flush=True); input()"
BOT = "import sys; sys.modules['rich'] = None; from bot.commands import main; main()"
"""As it is where nobody develops: structlog takes rich along wherever it finds it."""
NO_AIOGRAM = f"import sys; sys.modules['aiogram'] = None; {BOT}"
"""An import of aiogram fails here, and the command with it."""


@dataclass(frozen=True)
class Start:
    """Seconds until it said that it is ready, those of the processor, and what it holds in memory then."""

    seconds: float
    cpu: float
    megabytes: float


async def started(environment: Mapping[str, str], *arguments: str) -> Start:
    """Start Python so, wait for the ready line, weigh it, end it."""
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while b'"bot.ready"' not in (line := await process.stdout.readline()):
                if not line:
                    raise RuntimeError(f"{' '.join(arguments)} did not start")
        return Start(time.perf_counter() - begun, _cpu(process.pid), _resident(process.pid))
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _cpu(process: int) -> float:
    """User and system time of all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def finished(environment: Mapping[str, str], *arguments: str) -> tuple[float, int]:
    """Seconds of processor time it took, and its exit code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, stdout=DEVNULL, stderr=DEVNULL
    )
    code = await process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, code


def best(starts: list[Start]) -> Start:
    """What the start itself costs: whatever is more was the neighbours' work."""
    return Start(
        min(start.seconds for start in starts),
        min(start.cpu for start in starts),
        min(start.megabytes for start in starts),
    )


async def measure(folder: Path) -> None:
    async with fake_telegram() as telegram:
        environment = dict(os.environ) | {
            "BOT_TOKEN": TOKEN,
            "SECRET_KEY": "a key of the benchmarks, long enough",
            "TELEGRAM_API_URL": telegram.url,
            "DATABASE_URL": f"sqlite:///{folder / 'books.db'}",
            "CATALOG_PATH": "catalog.example.toml",
            "LISTEN_PORT": "0",
        }
        await started(environment, "-c", BOT)  # lays out the books and warms the caches
        pairs = [
            (await started(environment, "-c", IMPORT), await started(environment, "-c", BOT))
            for _ in range(TIMES)
        ]
        alone, whole = best([pair[0] for pair in pairs]), best([pair[1] for pair in pairs])
        figure(
            "import aiogram",
            f"{alone.seconds:.2f} s, {alone.cpu:.2f} of the processor's, {alone.megabytes:.0f} MB",
        )
        bar(
            "start to ready: 1.6 of import aiogram",
            f"{whole.seconds:.2f} s, {whole.seconds / alone.seconds:.2f}; CPU {whole.cpu / alone.cpu:.2f}",
            whole.seconds <= 1.6 * alone.seconds,
        )
        more = whole.megabytes - alone.megabytes
        bar("memory when idle: 60 MB more", f"{whole.megabytes:.0f} MB, {more:.0f} more", more <= 60)
        await measure_commands(environment)


async def measure_commands(environment: Mapping[str, str]) -> None:
    nothing = min([(await finished(environment, "-c", "pass"))[0] for _ in range(TIMES)])
    figure("Python alone", f"{nothing:.2f} s of the processor's")
    for command in ("--help", "books"):
        runs = [await finished(environment, "-c", NO_AIOGRAM, command) for _ in range(TIMES)]
        seconds = min(run[0] for run in runs)
        without = all(code == 0 for _, code in runs)
        bar(
            f"{command}: 0.5 s, without aiogram",
            f"{seconds:.2f} s of the processor's",
            seconds <= 0.5 and without,
        )


def run() -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    run()
