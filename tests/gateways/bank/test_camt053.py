"""camt.053: what banks write, and what they write wrong."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.money import Money
from bot.domain.statements import Remark, StatementHead, StatementLine
from bot.gateways.bank.camt_parts import MOST_DETAILS
from tests.gateways.bank.conftest import Read, Refused
from tests.gateways.bank.writing import (
    OURS,
    PURPOSE,
    THEIRS,
    Transfer,
    balance,
    camt,
    entry,
    envelope,
    statement,
)

CAME = Transfer()
WENT = Transfer("58", 20000, out=True, purpose="Аренда")
DAY = date(2026, 11, 18)


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_incoming_lines_are_read_and_outgoing_ones_counted(read: Read, version: str) -> None:
    head, lines = read(camt(CAME, WENT, version=version))
    assert head == StatementHead(
        format=f"camt.053.001.{version}",
        accounts=(OURS,),
        since=DAY,
        until=DAY,
        incoming=1,
        sums=(Money(150000, "RUB"),),
        outgoing=1,
        encoding="utf-8",
        currencies=("RUB",),
    )
    assert lines == [
        StatementLine(
            OURS, DAY, "57", Money(150000, "RUB"), 'ООО "Ромашка"', "7707083893", THEIRS, PURPOSE, "R57"
        )
    ]


@pytest.mark.parametrize(
    ("told", "written"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("windows-1251", "cp1251"),
        ("windows-1251", "utf-8"),
        ("UTF-8", "cp1251"),
        ("UTF-16", "utf-16"),
    ],
)
def test_letters_are_found_out_from_the_bytes(read: Read, told: str, written: str) -> None:
    text = envelope(statement(CAME), prolog=f'<?xml version="1.0" encoding="{told}"?>')
    _head, lines = read(text.encode(written))
    assert lines[0].purpose == PURPOSE


def batch(*parts: str) -> dict[str, str]:
    return {"NtryDtls": f"<NtryDtls>{''.join(f'<TxDtls>{part}</TxDtls>' for part in parts)}</NtryDtls>"}


def part(sum_: str, reference: str = "", purpose: str = "", currency: str = "RUB") -> str:
    refs = f"<Refs><AcctSvcrRef>{reference}</AcctSvcrRef></Refs>" if reference else ""
    return f'{refs}<Amt Ccy="{currency}">{sum_}</Amt><RmtInf><Ustrd>{purpose}</Ustrd></RmtInf>'


def test_batch_is_taken_apart(read: Read) -> None:
    both = CAME.but(**batch(part("1000.00", "A", "one"), part("500.00", "B", "two")))
    head, lines = read(camt(both))
    assert (head.incoming, head.sums) == (2, (Money(150000, "RUB"),))
    assert [(each.reference, each.amount.minor, each.purpose) for each in lines] == [
        ("A", 100000, "one"),
        ("B", 50000, "two"),
    ]


def test_reference_that_a_batch_shares_is_no_identity(read: Read) -> None:
    _head, lines = read(camt(CAME.but(**batch(part("1000.00", "A"), part("500.00", "A")))))
    assert [each.reference for each in lines] == ["", ""]


@pytest.mark.parametrize(
    "parts",
    [
        [part("1000.00", purpose="one"), part("499.00", purpose="two")],
        [part("1000.00", purpose="one"), "<RmtInf><Ustrd>two</Ustrd></RmtInf>"],
        [part("1000.00", purpose="one"), part("500.00", purpose="two", currency="USD")],
    ],
)
def test_batch_that_does_not_add_up_stays_one_line_of_nobody(read: Read, parts: list[str]) -> None:
    _head, lines = read(camt(CAME.but(**batch(*parts))))
    assert [(each.amount.minor, each.payer_name, each.purpose, each.reference) for each in lines] == [
        (150000, "", "one; two", "R57")
    ]


def test_sum_of_the_only_transfer_is_the_entrys(read: Read) -> None:
    """Charges may lie between the two; what came onto the account counts."""
    _head, lines = read(camt(CAME.but(**batch(part("1510.00", purpose="one")))))
    assert [(each.amount.minor, each.purpose) for each in lines] == [(150000, "one")]


@pytest.mark.parametrize(
    ("inside", "purpose"),
    [
        ("<Ustrd>Оплата</Ustrd><Ustrd>INV-2026-000123</Ustrd>", "Оплата INV-2026-000123"),
        (f"<Ustrd>{'я' * 140}</Ustrd><Ustrd>23</Ustrd>", "я" * 140 + "23"),
        ("<Strd><CdtrRefInf><Ref>INV-2026-000123</Ref></CdtrRefInf></Strd>", "INV-2026-000123"),
        ("<Ustrd>NOTPROVIDED</Ustrd>", "NOTPROVIDED"),
        ("", ""),
    ],
)
def test_purpose_as_banks_write_it(read: Read, inside: str, purpose: str) -> None:
    _head, lines = read(camt(CAME.but(**batch(f"<RmtInf>{inside}</RmtInf>"))))
    assert lines[0].purpose == purpose


def test_entry_without_details_tells_what_it_has(read: Read) -> None:
    _head, lines = read(camt(CAME.but(NtryDtls="<AddtlNtryInf>Зачисление</AddtlNtryInf>")))
    assert (lines[0].purpose, lines[0].payer_name) == ("Зачисление", "")


def test_what_is_pending_or_undoes_something_is_told_and_no_line(read: Read) -> None:
    undone = CAME.but(RvslInd="<RvslInd>true</RvslInd>")
    pending = Transfer("60", 100).but(Sts="<Sts>PDNG</Sts>")
    text = envelope(statement(undone).replace("</Stmt>", entry(pending) + "</Stmt>"))
    head, lines = read(text)
    assert lines == []
    assert (head.incoming, head.sums) == (0, ())
    assert head.remarks == {Remark.TAKEN_BACK: 1, Remark.PENDING: 1}


def test_account_without_totals_is_told(read: Read) -> None:
    bare = f"<Stmt><Acct><Id><Othr><Id>{OURS}</Id></Othr></Id></Acct>{entry(CAME)}</Stmt>"
    head, lines = read(envelope(bare))
    assert len(lines) == 1
    assert head.remarks == {Remark.NO_TOTALS: 1}


def test_overdrawn_account_adds_up(read: Read) -> None:
    text = envelope(statement(CAME, opening=-500_000))
    assert len(read(text)[1]) == 1


def test_other_accounts_lines_are_left_out(read: Read) -> None:
    head, lines = read(envelope(statement(CAME), statement(CAME, ours="40702810000000000009")))
    assert len(lines) == 1
    assert head.remarks == {Remark.OTHER_ACCOUNTS: 1}


def test_line_keeps_the_currency_that_the_bank_tells(read: Read) -> None:
    text = camt(CAME).replace("RUB", "USD")
    head, lines = read(text)
    assert lines[0].amount == Money(150000, "USD")
    assert head.remarks == {Remark.NO_TOTALS: 1}


HEADER = (
    '<AppHdr xmlns="urn:iso:std:iso:20022:tech:xsd:head.001.001.02"><BizMsgIdr>1</BizMsgIdr>'
    "<MsgDefIdr>camt.053.001.08</MsgDefIdr><Sgntr><a><b>c</b></a></Sgntr></AppHdr>"
)


@pytest.mark.parametrize(
    "around",
    [
        '<BizMsgEnvlp xmlns="urn:iso:std:iso:20022:tech:xsd:nvlp.001.001.01">{header}{paper}</BizMsgEnvlp>',
        '<e:BizMsgEnvlp xmlns:e="urn:x"><e:Hdr>{header}</e:Hdr><e:Doc>{paper}</e:Doc></e:BizMsgEnvlp>',
        '<DataPDU xmlns="urn:swift:saa:xsd:saa.2.0"><Header/><Body>{header}{paper}</Body></DataPDU>',
        "<Envelope>{paper}</Envelope>",
    ],
)
def test_statement_is_read_out_of_its_envelope(read: Read, around: str) -> None:
    inside = around.format(header=HEADER, paper=envelope(statement(CAME, WENT), prolog=""))
    head, lines = read(inside)
    assert (head.format, head.outgoing) == ("camt.053.001.08", 1)
    assert (head, lines) == read(camt(CAME, WENT))


def test_statements_of_several_accounts_in_one_envelope_are_all_read(read: Read) -> None:
    other = Transfer("60", 7000)
    second = statement(other, ours="BY13NBRB3600900000002Z00AB00", version="02")
    papers = envelope(statement(CAME), prolog="") + envelope(second, version="02", prolog="")
    head, lines = read(f"<All>{papers}</All>")
    assert (head.incoming, len(head.accounts)) == (2, 2)
    assert [line.number for line in lines] == ["57", "60"]


def wide() -> str:
    return envelope(statement(CAME.but(**batch(*["" for _ in range(MOST_DETAILS + 1)]))))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("<html>", "not_a_statement"),
        ("<a><b></a>", "not_a_statement"),
        (camt(CAME).replace("camt.053", "camt.052"), "not_a_statement"),
        (camt(CAME).replace("camt.053.001.08", "camt.053.002.08"), "not_a_statement"),
        (f"<a>{HEADER}</a>", "not_a_statement"),
        (f"<a>{envelope(statement(CAME), prolog='').replace('053', '054')}</a>", "not_a_statement"),
        (f"<a>{'<b/>' * 2000}{envelope(statement(CAME), prolog='')}</a>", "not_a_statement"),
        (f"<a>{envelope(statement(CAME), prolog='')}", "cut"),
        (envelope(), "no_accounts"),
        (envelope("<Stmt/>"), "no_accounts"),
        (camt(CAME, ours="40702810000000000009"), "foreign_account"),
        (camt(CAME)[:-1], "cut"),
        (camt(CAME) + "<a/>", "bad_xml"),
        (camt(CAME).replace("<Acct>", "<Acc>"), "bad_xml"),
        (camt(CAME).replace(balance("CLBD", 1_150_000), balance("CLBD", 1_150_001)), "balance_differs"),
        (camt(CAME).replace("<NbOfNtries>1<", "<NbOfNtries>2<"), "count_differs"),
        (camt(CAME).replace("<Sum>1500.00<", "<Sum>1500.01<"), "balance_differs"),
        (camt(CAME, WENT).replace(entry(WENT), ""), "outgoing_differs"),
        (camt(CAME.but(Amt='<Amt Ccy="RUB">-1500.00</Amt>')), "bad_sum"),
        (camt(CAME.but(Amt='<Amt Ccy="RUB">1500.001</Amt>')), "bad_sum"),
        (camt(CAME.but(Amt="<Amt>1500.00</Amt>")), "bad_currency"),
        (camt(CAME.but(BookgDt="<BookgDt><Dt>2026-02-31</Dt></BookgDt>")), "bad_day"),
        (camt(CAME.but(CdtDbtInd="")), "bad_xml"),
        (envelope("<a>" * 50 + "</a>" * 50), "bad_xml"),
        (envelope(f"<!-- {'x' * 2_000_000} -->"), "bad_xml"),
        (envelope(statement(CAME), prolog='<!DOCTYPE a [<!ENTITY b "c">]>'), "declarations"),
        (envelope(statement(CAME), prolog='<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "declarations"),
        (
            envelope(statement(CAME), prolog='<?xml version="1.0" encoding="no-such"?>').encode("cp1251"),
            "bad_xml",
        ),
        (wide(), "too_many_details"),
    ],
)
def test_bad_files_are_refused_whole(refused: Refused, content: str | bytes, problem: str) -> None:
    assert refused(content).problem == problem
