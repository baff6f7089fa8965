"""The networks' language: what is asked in a query or a form, and the XML that comes back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree

from sandbox.terminal.networks import Network

DONE = 0
NOT_FINAL = {1, 90}


class NoAnswer(Exception):
    """Nothing came, or nothing that could be read: to a network both are silence."""


@dataclass(frozen=True)
class Answer:
    result: int
    comment: str = ""
    prv_txn: str = ""
    payer: str = ""

    @property
    def final(self) -> bool:
        return self.result not in NOT_FINAL


def check_fields(txn_id: str, account: str, amount: Decimal) -> dict[str, str]:
    return {"command": "check", "txn_id": txn_id, "account": account, "sum": f"{amount:.2f}"}


def pay_fields(txn_id: str, at: datetime, account: str, amount: Decimal) -> dict[str, str]:
    """`at` is told by the network's own clock."""
    return {
        "command": "pay",
        "txn_id": txn_id,
        "txn_date": f"{at:%Y%m%d%H%M%S}",
        "account": account,
        "sum": f"{amount:.2f}",
    }


def read_answer(network: Network, txn_id: str, status: int, body: bytes) -> Answer:
    """Raise NoAnswer for everything that is not an answer to this very question."""
    if status != 200:
        raise NoAnswer(f"HTTP {status}")
    try:
        said = ElementTree.fromstring(body)
        result = int(said.findtext("result", ""))
    except (ElementTree.ParseError, ValueError) as broken:
        raise NoAnswer(f"no XML that could be read: {broken}") from broken
    if said.findtext(network.number) != txn_id:
        raise NoAnswer(f"{network.number} is not {txn_id}")
    fields = said.find("fields")
    payer = next((field.text or "" for field in fields), "") if fields is not None else ""
    return Answer(result, said.findtext("comment", ""), said.findtext("prv_txn", ""), payer)
