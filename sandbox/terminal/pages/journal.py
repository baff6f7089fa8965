"""The journal: what was said to the bot and what it answered, and the registers of the day."""

from aiohttp import web

from sandbox.templates import language
from sandbox.terminal.keys import LINE
from sandbox.terminal.networks import NETWORKS
from sandbox.terminal.operations import Operation
from sandbox.terminal.pages.view import fill, money, page, word
from sandbox.terminal.register import days_with_payments, register_name

SHOWN = 50
TALKS_SHOWN = 8


def journal_routes() -> list[web.AbstractRouteDef]:
    return [web.get("/journal", show)]


async def show(request: web.Request) -> web.Response:
    lang = language(request)
    operations = list(request.app[LINE].operations.values())
    newest = list(reversed(operations))[:SHOWN]
    body = fill(
        "journal.html",
        lang,
        registers_html=_registers(operations, lang) or f"<p>{word('registers_none', lang)}</p>",
        operations_html="".join(_operation(each, lang) for each in newest)
        or f"<p>{word('journal_empty', lang)}</p>",
    )
    return page(request, word("journal", lang), body)


def _registers(operations: list[Operation], lang: str) -> str:
    return "".join(
        fill(
            "tile.html",
            lang,
            path=f"/registers/{network.name}?day={day}",
            title=network.title,
            detail=register_name(network, day),
        )
        for network in NETWORKS.values()
        for day in days_with_payments(network, operations)
    )


def _operation(operation: Operation, lang: str) -> str:
    talks = "".join(
        fill("talk.html", lang, time=f"{talk.at:%d.%m %H:%M:%S}", command=talk.command, said=talk.said)
        for talk in operation.talks[-TALKS_SHOWN:]
    )
    return fill(
        "journal_operation.html",
        lang,
        title=operation.network.title,
        account=operation.account,
        sum=money(operation.amount, operation.network, lang),
        stage=word(f"stage_{operation.stage.value}", lang),
        stage_name=operation.stage.value,
        txn_id=operation.txn_id,
        talks_html=talks,
    )
