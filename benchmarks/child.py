"""A server in a process of its own, whose processor time can be told apart."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.load import ask, get


@dataclass(frozen=True)
class Cpu:
    """Seconds of processor time: of all threads, and of the one with the event loop."""

    process: float
    loop: float

    def each(self, before: Cpu, times: int) -> Cpu:
        """Milliseconds for one of so many since then."""
        share = 1000 / times
        return Cpu((self.process - before.process) * share, (self.loop - before.loop) * share)

    def __str__(self) -> str:
        return f"{self.process:.2f} ms CPU, {self.loop:.2f} of it on the loop"


@dataclass(frozen=True)
class Child:
    """`said` is the line it printed when it was ready; `/bench/…` on its port tells and sets things."""

    said: dict[str, Any]

    @property
    def port(self) -> int:
        return int(self.said["port"])

    async def tell(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(await ask(self.port, get(f"/bench/{path}")))
        return answer

    async def cpu(self) -> Cpu:
        return Cpu(**await self.tell("cpu"))

    async def megabytes(self) -> float:
        """The memory it holds."""
        return float((await self.tell("memory"))["megabytes"])


@contextmanager
def child(module: str, **wishes: object) -> Iterator[Child]:
    """Run `python -m module` with its wishes as JSON until the block ends."""
    command = [sys.executable, "-m", module, json.dumps(wishes)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"{module} did not start")
            yield Child(json.loads(line))
        finally:
            process.terminate()
            process.wait()
