"""`python -m sandbox`: the demo. Everything starts, one address is printed, Ctrl-C ends it."""

import asyncio
import signal
import sys
from pathlib import Path

import click

from sandbox.bot_process import BotDied
from sandbox.ports import Ports, PortTaken
from sandbox.runner import ImportFailed, Sandbox, running_sandbox
from sandbox.street import EVERY_BUTTON


@click.command()
@click.option(
    "--port-base", default=8080, show_default=True, help="Chat page here, bot and bank on the next two."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--folder", default=Path("var/demo"), show_default=True, type=click.Path(path_type=Path))
@click.option("--fresh", is_flag=True, help="Forget the books of the last time.")
def main(port_base: int, host: str, folder: Path, *, fresh: bool) -> None:
    """Chat with the real bot in a browser and pay with cards that move no money."""
    try:
        asyncio.run(demo(Ports.from_base(port_base), host, folder, fresh))
    except PortTaken as taken:
        sys.exit(f"{taken} Choose others: python -m sandbox --port-base {port_base + 1000}")
    except (BotDied, ImportFailed) as failure:
        sys.exit(str(failure))


async def demo(ports: Ports, host: str, folder: Path, fresh: bool) -> None:
    stopped = asyncio.create_task(_told_to_stop())
    starting = asyncio.create_task(_run(ports, host, folder, fresh))
    await asyncio.wait({stopped, starting}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        click.echo("Stopping.")
        starting.cancel()
    stopped.cancel()
    await asyncio.gather(starting, return_exceptions=not starting.done())


async def _run(ports: Ports, host: str, folder: Path, fresh: bool) -> None:
    street = running_sandbox(folder, ports=ports, host=host, fresh=fresh, settings=EVERY_BUTTON, charges=True)
    async with street as sandbox:
        click.echo(_welcome(sandbox))
        await sandbox.bot.wait()
        raise sandbox.bot.death("has stopped by itself")


def _welcome(sandbox: Sandbox) -> str:
    return (
        f"The demo is ready: open {sandbox.at.page}/ in a browser. "
        f"(Shop: {sandbox.at.bank}/cabinet, the bot's log: {sandbox.bot.log}; Ctrl-C stops it.)"
    )


async def _told_to_stop() -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()


if __name__ == "__main__":
    main()
