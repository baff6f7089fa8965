"""The line to the seller: asks, pays, and asks again while the answer is not final, as networks do."""

import asyncio
import base64
import itertools
from collections.abc import Iterator
from typing import Any

import aiohttp

from sandbox.faults import Faults
from sandbox.terminal.mishaps import AT_ONCE, LATE, LEFT_OUT, LOST, TWICE
from sandbox.terminal.networks import Network
from sandbox.terminal.operations import Operation, Stage, Talk
from sandbox.terminal.protocol import Answer, NoAnswer, check_fields, pay_fields, read_answer

ANSWER_WITHIN = aiohttp.ClientTimeout(total=15)
PAUSES: tuple[float, ...] = (1, 2, 4, 8, 15, 30, 60, 300)


class Line:
    """Keeps every operation of this run; payments go on in the background until their answer is final."""

    def __init__(self, bot_url: str, faults: Faults) -> None:
        self.operations: dict[str, Operation] = {}
        self._bot_url = bot_url
        self._faults = faults
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(timeout=ANSWER_WITHIN)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    async def check(self, operation: Operation) -> None:
        """Who is this code? The answer stays with the operation; silence may be asked again."""
        self.operations[operation.key] = operation
        if self._faults["check"].value == LEFT_OUT:
            operation.stage = Stage.CHECKED
            return
        fields = check_fields(operation.txn_id, operation.account, operation.amount)
        answer = await self._ask(operation, fields)
        if answer is not None:
            operation.note_check(answer)

    def pay(self, operation: Operation) -> asyncio.Task[None]:
        """Money is in the machine: from here on the seller is told until he answers."""
        self.operations[operation.key] = operation
        operation.stage, operation.paid_at = Stage.PAYING, operation.now()
        task = asyncio.create_task(self._tell(operation))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _tell(self, operation: Operation) -> None:
        mishap = self._faults["pay"]
        if mishap.value.split()[0] == LATE.split()[0]:
            await asyncio.sleep(mishap.number)
        if mishap.value == LOST:
            await self._ask(operation, _pay(operation), heard=False)
        copies = {TWICE: 2, AT_ONCE: mishap.number}.get(mishap.value, 1)
        await asyncio.gather(*(self._pay_once(operation) for _ in range(copies)))
        for pause in _pauses():
            if operation.stage is not Stage.PAYING:
                return
            await asyncio.sleep(pause)
            await self._pay_once(operation)

    async def _pay_once(self, operation: Operation) -> None:
        answer = await self._ask(operation, _pay(operation))
        if answer is not None:
            operation.note_pay(answer)

    async def _ask(
        self, operation: Operation, fields: dict[str, str], *, heard: bool = True
    ) -> Answer | None:
        talk = Talk(operation.now(), fields["command"], "no answer yet")
        operation.talks.append(talk)
        try:
            answer = await self.send(operation.network, fields)
        except NoAnswer as silence:
            talk.said = f"no answer: {silence}"
            return None
        talk.said = f"{answer.result} {answer.comment}".strip()
        if not heard:
            talk.said += " (lost on the way)"
            return None
        return answer

    async def send(self, network: Network, fields: dict[str, str]) -> Answer:
        """One request as this network makes it; NoAnswer for silence."""
        assert self._session is not None
        url = f"{self._bot_url}/terminal/{network.name}/{network.secret}"
        content: dict[str, Any] = {"data": fields} if network.posts else {"params": fields}
        if network.password:
            content["headers"] = {"Authorization": f"Basic {_basic(network)}"}
        method = "POST" if network.posts else "GET"
        try:
            async with self._session.request(method, url, allow_redirects=False, **content) as said:
                return read_answer(network, fields["txn_id"], said.status, await said.read())
        except (aiohttp.ClientError, TimeoutError) as failure:
            raise NoAnswer(str(failure) or type(failure).__name__) from failure


def _basic(network: Network) -> str:
    return base64.b64encode(f"{network.name}:{network.password}".encode()).decode()


def _pay(operation: Operation) -> dict[str, str]:
    assert operation.paid_at is not None
    return pay_fields(operation.txn_id, operation.paid_at, operation.account, operation.amount)


def _pauses() -> Iterator[float]:
    return itertools.chain(PAUSES, itertools.repeat(PAUSES[-1]))
