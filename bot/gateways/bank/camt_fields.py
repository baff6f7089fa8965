"""Where the facts stand in a camt.053: one table, read by path, whichever version it is (02 to 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

STATEMENT = "/Document/BkToCstmrStmt/Stmt"
BALANCE = f"{STATEMENT}/Bal"
ENTRY = f"{STATEMENT}/Ntry"
DETAIL = f"{ENTRY}/NtryDtls/TxDtls"


class Wanted(NamedTuple):
    """`part` is the path of the part that the fact belongs to."""

    part: str
    name: str


_PERSON = ("RltdPties/Dbtr", "RltdPties/Dbtr/Pty")
"""Since version 08 a party stands one element deeper."""

_PATHS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    STATEMENT: {
        "account": ("Acct/Id/IBAN", "Acct/Id/Othr/Id"),
        "currency": ("Acct/Ccy",),
        "since": ("FrToDt/FrDtTm",),
        "until": ("FrToDt/ToDtTm",),
        "came": ("TxsSummry/TtlCdtNtries/Sum",),
        "came_count": ("TxsSummry/TtlCdtNtries/NbOfNtries",),
        "went": ("TxsSummry/TtlDbtNtries/Sum",),
        "went_count": ("TxsSummry/TtlDbtNtries/NbOfNtries",),
    },
    BALANCE: {
        "code": ("Tp/CdOrPrtry/Cd",),
        "amount": ("Amt",),
        "side": ("CdtDbtInd",),
    },
    ENTRY: {
        "amount": ("Amt",),
        "side": ("CdtDbtInd",),
        "reversal": ("RvslInd",),
        "status": ("Sts", "Sts/Cd"),
        "day": ("BookgDt/Dt", "BookgDt/DtTm"),
        "value_day": ("ValDt/Dt", "ValDt/DtTm"),
        "reference": ("AcctSvcrRef",),
        "number": ("NtryRef",),
        "purpose": ("AddtlNtryInf",),
    },
    DETAIL: {
        "amount": ("Amt",),
        "named_amount": ("AmtDtls/TxAmt/Amt",),
        "side": ("CdtDbtInd",),
        "reference": ("Refs/AcctSvcrRef",),
        "end_to_end": ("Refs/EndToEndId",),
        "instruction": ("Refs/InstrId",),
        "name": tuple(f"{person}/Nm" for person in _PERSON),
        "tax_number": tuple(
            f"{person}/Id/{kind}/Othr/Id" for person in _PERSON for kind in ("OrgId", "PrvtId")
        ),
        "account": ("RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id"),
        "purpose": ("RmtInf/Ustrd",),
        "creditor_reference": ("RmtInf/Strd/CdtrRefInf/Ref",),
        "remark": ("AddtlTxInf",),
    },
}


@dataclass(slots=True)
class Place:
    """An element that counts, or leads to one that does; `part` is set where a part begins."""

    wanted: Wanted | None = None
    part: str = ""
    inside: dict[str, Place] = field(default_factory=dict)


NOWHERE = Place()
"""Every element that is not in the table, and all that is in it."""


def places(space: str) -> Place:
    """The table as a tree by tag, as the parser writes tags of that namespace."""
    top = Place()
    for part, facts in _PATHS.items():
        _place(top, part, space).part = part
        for name, paths in facts.items():
            for path in paths:
                _place(top, f"{part}/{path}", space).wanted = Wanted(part, name)
    return top


def _place(top: Place, path: str, space: str) -> Place:
    place = top
    for name in path.strip("/").split("/"):
        place = place.inside.setdefault(f"{space}{name}", Place())
    return place
