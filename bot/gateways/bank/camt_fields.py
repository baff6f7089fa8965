"""Where the facts stand in a camt.053: one table, read by path, whichever version it is (02 to 13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

STATEMENT = "/Document/BkToCstmrStmt/Stmt"
BALANCE = f"{STATEMENT}/Bal"
ENTRY = f"{STATEMENT}/Ntry"
DETAIL = f"{ENTRY}/NtryDtls/TxDtls"
PARTS = frozenset((STATEMENT, BALANCE, ENTRY, DETAIL))


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


def _by_path() -> Iterator[tuple[str, Wanted]]:
    for part, facts in _PATHS.items():
        for name, paths in facts.items():
            yield from ((f"{part}/{path}", Wanted(part, name)) for path in paths)


FIELDS: Mapping[str, Wanted] = dict(_by_path())
