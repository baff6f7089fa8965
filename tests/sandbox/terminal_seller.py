"""A seller who takes payment codes, as small as can be: knows one code, and may fall silent."""

from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.terminal.app import create_app
from sandbox.terminal.driver import Terminals

CODE = "001234566"
PAYER = "А*** <П.>"


class Seller:
    """`async with Seller() as seller`: his door, and the street of terminals that knocks at it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers: list[int] = []
        """Results to give before the true one; -1 is a crash."""
        self.credited: dict[str, str] = {}

    async def __aenter__(self) -> Seller:
        door = web.Application()
        door.router.add_route("*", "/terminal/{network}/{secret}", self._answer)
        self._door = TestServer(door)
        await self._door.start_server()
        self._street = TestServer(create_app(str(self._door.make_url("")), "Канал+"))
        await self._street.start_server()
        self.url = str(self._street.make_url("")).rstrip("/")
        self.terminals = await Terminals(self.url).__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.terminals.__aexit__(None, None, None)
        await self._street.close()
        await self._door.close()

    async def _answer(self, request: web.Request) -> web.Response:
        fields = dict((await request.post()) if request.method == "POST" else request.query)
        said = {name: str(value) for name, value in fields.items()}
        self.asked.append((request.method, said))
        result = self.answers.pop(0) if self.answers else self._result(said)
        if result < 0:
            return web.Response(status=500)
        number = "txn_id" if request.match_info["network"] in ("kassa", "tenge") else "osmp_txn_id"
        credit = self.credited.get(said["txn_id"], "")
        shown = PAYER.replace("<", "&lt;").replace(">", "&gt;")
        text = (
            f"<response><{number}>{said['txn_id']}</{number}><prv_txn>{credit}</prv_txn>"
            f'<result>{result}</result><fields><field1 name="ФИО">{shown}</field1></fields></response>'
        )
        return web.Response(text=text, content_type="text/xml")

    def _result(self, said: dict[str, str]) -> int:
        if said["account"] != CODE:
            return 5
        if said["command"] == "pay":
            self.credited.setdefault(said["txn_id"], str(2016 + len(self.credited)))
        return 0
