"""A bank statement dropped into the group, with the real bot fetching it from Telegram."""

from __future__ import annotations

from sandbox.driver import Person
from sandbox.runner import Sandbox
from tests.e2e.customers import clean_books
from tests.statements import Transfer, one_c


async def test_statement_is_told_and_its_lines_are_decided(street: Sandbox, owner: Person) -> None:
    content = one_c(Transfer("990.00", "за связь"), Transfer("5.00", "возврат", number="58"))
    await owner.sends_file("kl_to_1c.txt", content, "text/plain")
    told = await owner.sees("Суммы сходятся с банком")
    assert "ждут решения: 2" in told["body"]["text"]
    card = await owner.sees("Строки выписки ждут решения: 1 из 2")
    await owner.taps("Не наше", message=card)
    await owner.taps("Да", message=await owner.sees("1 из 2"))
    last = await owner.sees("1 из 1")
    await owner.taps("Не наше", message=last)
    await owner.taps("Да", message=await owner.sees("1 из 1"))
    await owner.sees("Решены все строки")
    await owner.sends_file("kl_to_1c.txt", content, "text/plain")
    await owner.sees("Этот же файл уже загружали")
    assert "clean" in await clean_books(street)
