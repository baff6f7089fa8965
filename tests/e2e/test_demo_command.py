"""`make demo`: one command, one line with the address, a clean end."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from sandbox.bot_process import ROOT
from sandbox.ports import free_ports

STARTS_WITHIN = 100


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[tuple[Process, str]]:
    """The running command and the line it said."""
    base = str(free_ports().page)
    command = ["-m", "sandbox", "--port-base", base, "--folder", str(tmp_path)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=PIPE, stderr=PIPE
    )
    assert process.stdout is not None
    async with asyncio.timeout(STARTS_WITHIN):
        line = (await process.stdout.readline()).decode()
    yield process, line
    if process.returncode is None:
        process.terminate()
    await process.communicate()


async def test_address_is_printed_and_ctrl_c_ends_it(demo: tuple[Process, str], tmp_path: Path) -> None:
    process, line = demo
    address = next(word for word in line.split() if word.startswith("http"))
    async with aiohttp.ClientSession() as browser, browser.get(address) as answer:
        assert "Kassir" in await answer.text()
    process.send_signal(signal.SIGINT)
    output, errors = await process.communicate()
    assert (process.returncode, output, errors) == (0, b"Stopping.\n", b"")
    assert '"event": "bot.stopped"' in (tmp_path / "bot.log").read_text()


async def test_death_of_the_bot_is_told(demo: tuple[Process, str]) -> None:
    process, _ = demo
    os.kill(await child_of(process.pid), signal.SIGKILL)
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert b"The bot has stopped by itself (exit code -9)" in errors
    assert b"Traceback" not in errors


async def child_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
