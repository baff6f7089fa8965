"""Whatever services note in the audit log, somebody knows how it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.domain.order_forms import FormState
from bot.i18n.deed_words import DEEDS
from bot.services.acts import customer_moves, dates, moving_money

SAID_ELSEWHERE: dict[str, set[str]] = {
    "MOVED": {customer_moves.MOVED},
    "ACTION": {dates.ACTION},
    "action": {"invoiced_for", "sum_asked_for"},
    "_ASKED[act]": set(moving_money._ASKED.values()),
    "f'autopay_{how}'": {"autopay_connected", "autopay_changed"},
    "f'form_{to.value}'": {f"form_{to.value}" for to in (FormState.APPROVED, FormState.REJECTED)},
    "f'statement_line_{what}'": {
        f"statement_line_{what}" for what in ("to_invoice", "to_balance", "not_ours")
    },
}
"""What a call of `note` names by a variable."""


def noted() -> set[str]:
    found: set[str] = set()
    for path in Path("bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("audit.note"):
                found |= set(_verbs(node.args[1]))
    return found


def _verbs(said: ast.expr) -> Iterator[str]:
    match said:
        case ast.Constant(value=str(verb)):
            yield verb
        case ast.IfExp(body=body, orelse=orelse):
            yield from _verbs(body)
            yield from _verbs(orelse)
        case _:
            yield from SAID_ELSEWHERE[ast.unparse(said)]


def test_every_deed_that_is_noted_reads_in_words() -> None:
    found = noted()
    assert {"card_closed", "marked_paid", "customer_moved", "form_approved"} <= found
    assert found - set(DEEDS) == set()
