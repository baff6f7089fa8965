import asyncio
import csv
import json
import os
import signal
import socket
import sys
from dataclasses import astuple
from datetime import date, timedelta
from pathlib import Path

import aiohttp
import pytest

from sandbox import bot_process
from sandbox.bot_process import BotDied
from sandbox.demo_books import METERED, write_charges, write_connectors
from sandbox.ports import Ports, PortTaken, free_ports
from sandbox.runner import ImportFailed, running_sandbox

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in_bot.py")))


async def test_whole_street_is_up_and_goes_down(tmp_path: Path) -> None:
    async with running_sandbox(tmp_path, program=STAND_IN) as sandbox, aiohttp.ClientSession() as browser:
        pid = sandbox.bot.pid
        for address in (
            sandbox.at.page,
            f"{sandbox.at.bank}/cabinet",
            f"{sandbox.at.terminal}/faults",
            f"{sandbox.at.seller}/cabinet",
            f"{sandbox.at.webpay}/cabinet",
        ):
            async with browser.get(address) as answer:
                assert answer.status == 200
        assert await sandbox.books() == (0, "books are clean\n")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert '"event": "bot.ready"' in (tmp_path / "bot.log").read_text()


async def test_bot_sees_its_settings_and_nothing_of_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_WEBHOOK_URL", "https://example.org/telegram")
    async with running_sandbox(tmp_path, program=STAND_IN):
        first_line = (tmp_path / "bot.log").read_text().splitlines()[0]
    seen = json.loads(first_line)["seen"]
    assert {"BOT_TOKEN", "YOOKASSA__API_URL", "OPERATORS__OWNER"} <= set(seen)
    assert "TELEGRAM_WEBHOOK_URL" not in seen


async def test_secret_key_outlives_a_restart_but_not_a_fresh_start(tmp_path: Path) -> None:
    keys = []
    for fresh in (False, False, True):
        async with running_sandbox(tmp_path / "demo", fresh=fresh, program=STAND_IN) as sandbox:
            keys.append((sandbox.folder / "secret_key").read_text())
    assert keys[0] == keys[1] != keys[2]


async def test_fresh_start_empties_no_folder_but_its_own(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    async with running_sandbox(tmp_path, fresh=True, program=STAND_IN):
        assert (tmp_path / "thesis.txt").exists()


async def test_bot_that_cannot_start_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(BotDied, match=r"exit code 2[\s\S]*SECRET_KEY is too short"):
        async with running_sandbox(tmp_path, program=STAND_IN, settings={"BEHAVIOUR": "dies at once"}):
            pass


async def test_bot_that_dies_later_is_noticed(tmp_path: Path) -> None:
    async with running_sandbox(tmp_path, program=STAND_IN, settings={"BEHAVIOUR": "dies later"}) as sandbox:
        assert await sandbox.bot.wait() == 1
        assert "out of memory" in str(sandbox.bot.death("has stopped"))


async def test_bot_deaf_to_a_polite_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_process, "STOPS_WITHIN", 0.2)
    async with running_sandbox(tmp_path, program=STAND_IN, settings={"BEHAVIOUR": "deaf"}) as sandbox:
        assert await sandbox.bot.stop() == -signal.SIGKILL


async def test_failed_import_tells_why_and_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="imported"):
        async with running_sandbox(tmp_path, program=STAND_IN, settings={"IMPORT_EXIT": "2"}):
            pass
    async with running_sandbox(tmp_path, program=STAND_IN) as sandbox:
        assert (sandbox.folder / "connectors.csv").exists()


async def test_taken_port_is_named(tmp_path: Path) -> None:
    ports = free_ports()
    with socket.create_server(("127.0.0.1", ports.bank)), pytest.raises(PortTaken, match=str(ports.bank)):
        async with running_sandbox(tmp_path, ports=ports, program=STAND_IN):
            pass


async def test_command_line_says_kindly_that_a_port_is_taken(tmp_path: Path) -> None:
    ports = free_ports()
    with socket.create_server(("127.0.0.1", ports.page)):
        command = ["-m", "sandbox", "--port-base", str(ports.page), "--folder", str(tmp_path)]
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stderr=asyncio.subprocess.PIPE
        )
        _, said = await process.communicate()
    assert process.returncode == 1
    assert f"Port {ports.page} is taken".encode() in said
    assert b"Traceback" not in said


def test_ports_stand_in_a_row() -> None:
    ports = astuple(Ports.from_base(8080))
    assert sorted(ports) == list(range(8080, 8080 + len(ports)))


def test_demo_connectors_have_dates_around_today(tmp_path: Path) -> None:
    written = write_connectors(tmp_path / "connectors.csv", date(2026, 2, 27))
    with written.open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows["wa-7001"]["paid_until"] == "2026-03-04"
    assert rows["line-7003"]["paid_until"] == "2026-02-25"
    assert rows["sip-7004"]["paid_until"] == ""
    header = written.read_text(encoding="utf-8").splitlines()[0]
    assert header == "id,kind,title,tariff,paid_until,telegram_id,phone,email"


@pytest.mark.parametrize("today", [date(2026, 2, 27), date(2026, 3, 1), date(2026, 1, 2)])
def test_demo_charges_are_of_this_and_the_last_month(tmp_path: Path, today: date) -> None:
    written = write_charges(tmp_path / "charges.csv", today)
    with written.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    assert {row["started_at"][:7] for row in rows} == {f"{last:%Y-%m}", f"{today:%Y-%m}"}
    assert max(row["started_at"][:10] for row in rows) <= today.isoformat()
    assert {row["connector"] for row in rows} == set(METERED)
    assert len({(row["connector"], row["started_at"]) for row in rows}) == len(rows)
