"""Folders that networks' registers are put into, by mail, by SFTP or by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import structlog

from bot.domain.periods import machine_seconds, now
from bot.domain.registers import MOST_BYTES
from bot.gateways.network import Network
from bot.services.registers import RegisterService, digest_of
from bot.storage.database import Database, reading, transaction
from bot.storage.tx import Tx

log = structlog.get_logger()

SECONDS_TO_SETTLE = 30
"""A file younger than that may still be being written."""


class RegisterFolders:
    """Each file is compared once, whatever it is called; nothing in the folder is moved or changed."""

    def __init__(
        self, database: Database, networks: Mapping[str, Network], registers: RegisterService
    ) -> None:
        self.database = database
        self._networks = networks
        self._registers = registers

    async def read_new(self) -> int:
        """Compare what was put there since the last look; how many files there were."""
        read = 0
        for network in self._networks.values():
            if network.registers is not None:
                read += await self._read_folder(network.name, network.registers)
        return read

    async def _read_folder(self, network: str, folder: Path) -> int:
        read = 0
        for path in await asyncio.to_thread(_settled_files, folder):
            content = await asyncio.to_thread(path.read_bytes)
            if await self._is_new(network, content):
                report = await self._registers.compare(network, content)
                await self._remember(network, content)
                log.info("register.read", network=network, lines=len(report.register.lines))
                read += 1
        return read

    @reading
    def _is_new(self, tx: Tx, network: str, content: bytes) -> bool:
        return tx.facts.get(_key(network, content)) is None

    @transaction
    def _remember(self, tx: Tx, network: str, content: bytes) -> None:
        tx.facts.set(_key(network, content), now().isoformat())


def _key(network: str, content: bytes) -> str:
    return f"register:{network}:{digest_of(content)}"


def _settled_files(folder: Path) -> list[Path]:
    """Oldest first; what is hidden, too large or still being written is left alone."""
    if not folder.is_dir():
        return []
    found = [(path.stat(), path) for path in folder.iterdir() if path.is_file() and path.name[0] != "."]
    quiet = machine_seconds() - SECONDS_TO_SETTLE
    fit = [(at.st_mtime, path) for at, path in found if at.st_mtime <= quiet and at.st_size <= MOST_BYTES]
    return [path for _, path in sorted(fit)]
