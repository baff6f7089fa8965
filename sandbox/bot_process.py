"""The real bot as a child process: started, waited for, watched, stopped."""

import asyncio
import json
import os
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "catalog.example.toml"
BOT = (sys.executable, "-m", "bot")
READY_WITHIN = 120
STOPS_WITHIN = 10
KEPT_FROM_OUTSIDE = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV", "SSL_CERT_FILE")


class BotDied(Exception):
    """The bot ended by itself; the message has its exit code and its last lines."""


class BotProcess:
    def __init__(self, folder: Path, settings: dict[str, str], program: Sequence[str] = BOT) -> None:
        self.log = folder / "bot.log"
        self._folder = folder
        self._program = program
        self._environment = child_environment(settings)
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._last: deque[str] = deque(maxlen=15)
        self._ready = asyncio.Event()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Return once the bot says it is ready; BotDied if it ends or says nothing."""
        self._ready.clear()
        self._process = await self._spawn()
        self._reading = asyncio.create_task(self._read(self._process))
        ready = asyncio.create_task(self._ready.wait())
        died = asyncio.create_task(self.wait())
        done, waiting = await asyncio.wait(
            {ready, died}, timeout=READY_WITHIN, return_when=asyncio.FIRST_COMPLETED
        )
        for task in waiting:
            task.cancel()
        if ready not in done:
            silent = not done
            await self.stop()
            raise self.death("was not ready in time" if silent else "ended before it was ready")

    async def wait(self) -> int:
        """Its exit code, when it has ended and its last words are read."""
        assert self._process is not None and self._reading is not None
        code = await self._process.wait()
        await asyncio.shield(self._reading)
        return code

    async def stop(self) -> int:
        """Ask it to finish; what has not ended in ten seconds is killed. 0 if it never started."""
        if self._process is None:
            return 0
        if self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOPS_WITHIN)
            except TimeoutError:
                self._process.kill()
        return await self.wait()

    async def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        assert self._process is not None
        self._process.kill()
        await self.wait()

    def death(self, how: str) -> BotDied:
        code = self._process.returncode if self._process else None
        lines = "\n".join(f"  {line}" for line in self._last)
        return BotDied(
            f"The bot {how} (exit code {code}). Its last lines, all of them in {self.log}:\n{lines}"
        )

    async def run(self, *command: str) -> tuple[int, str]:
        """Run another command of the bot with the same settings: its exit code and what it printed."""
        process = await self._spawn(*command)
        output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode(errors="replace")

    async def _spawn(self, *command: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *self._program,
            *command,
            cwd=self._folder,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            limit=1 << 20,
            start_new_session=True,  # Ctrl-C is ours to pass on
        )

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        with self.log.open("ab") as log:
            async for line in process.stdout:
                self._note(line, log)

    def _note(self, line: bytes, log: BinaryIO) -> None:
        log.write(line)
        log.flush()
        self._last.append(line.decode(errors="replace").rstrip())
        if b'"bot.ready"' in line and _event(line) == "bot.ready":
            self._ready.set()


def child_environment(settings: dict[str, str]) -> dict[str, str]:
    """Nothing of the caller's own settings reaches the bot: a real token must not answer in the sandbox."""
    kept = {name: os.environ[name] for name in KEPT_FROM_OUTSIDE if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | settings


def _event(line: bytes) -> object:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said.get("event") if isinstance(said, dict) else None
