"""1CClientBankExchange: what banks write, and what they write wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.domain.errors import BadStatement
from bot.domain.money import Money
from bot.domain.statements import Remark, StatementHead, StatementLine
from bot.gateways.bank import reading
from tests.gateways.bank.conftest import Read, Refused
from tests.gateways.bank.writing import (
    ACCOUNTS,
    OURS,
    PURPOSE,
    THEIRS,
    Transfer,
    account,
    document,
    exchange,
    one_c,
)

CAME = Transfer()
WENT = Transfer("58", 20000, out=True, purpose="Аренда")


def test_incoming_lines_are_read_and_outgoing_ones_counted(read: Read) -> None:
    head, lines = read(one_c(CAME, WENT))
    day = date(2026, 11, 18)
    assert head == StatementHead(
        format="1c",
        accounts=(OURS,),
        since=day,
        until=day,
        incoming=1,
        sums=(Money(150000, "RUB"),),
        outgoing=1,
        encoding="cp1251",
        currencies=("RUB",),
    )
    assert lines == [
        StatementLine(OURS, day, "57", Money(150000, "RUB"), 'ООО "Ромашка"', "7707083893", THEIRS, PURPOSE)
    ]


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("told", ["Windows", "DOS"])
def test_letters_are_found_out_from_the_bytes(read: Read, encoding: str, told: str) -> None:
    """The header alone is never believed."""
    text = exchange(account(CAME), document(CAME), encoding=told)
    head, lines = read(text.encode(encoding))
    assert (head.encoding, lines[0].payer_name) == (encoding, 'ООО "Ромашка"')


@pytest.mark.parametrize("ends", ["\n", "\r", "\r\n"])
def test_any_line_ends_do(read: Read, ends: str) -> None:
    _head, lines = read(one_c(CAME).replace("\r\n", ends))
    assert [each.purpose for each in lines] == [PURPOSE]


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"Сумма": "1500"}, "amount", Money(150000, "RUB")),
        ({"Сумма": "1500,00"}, "amount", Money(150000, "RUB")),
        ({"Сумма": "1 500,0"}, "amount", Money(150000, "RUB")),
        ({"ДатаПоступило": "19.11.2026", "Дата": "17.11.2026"}, "booked_on", date(2026, 11, 19)),
        ({"НазначениеПлатежа": "a=b=c; НДС=22%"}, "purpose", "a=b=c; НДС=22%"),
        ({"НазначениеПлатежа": ""}, "purpose", ""),
        (
            {"НазначениеПлатежа": f"  два\tпробела\x00  {'я' * 100_000}"},
            "purpose",
            f"два пробела {'я' * 1988}",
        ),
        (
            {"ПлательщикИНН": "", "Плательщик": 'ИНН 7707083893 ООО "Ромашка"'},
            "payer_tax_number",
            "7707083893",
        ),
        ({"Плательщик": 'ИНН 7707083893 КПП 773601001 ООО "Ромашка"'}, "payer_name", 'ООО "Ромашка"'),
        (
            {"Плательщик": "ИНН 500100732259/ Иванов Иван//г Москва//"},
            "payer_name",
            "Иванов Иван//г Москва//",
        ),
        ({"ПлательщикИНН": "0"}, "payer_tax_number", ""),
        ({"ПлательщикИНН": "", "Плательщик": ""}, "payer_tax_number", ""),
        ({"Плательщик": "", "Плательщик1": "Запасное имя"}, "payer_name", "Запасное имя"),
        ({"ПлательщикСчет": "", "ПлательщикРасчСчет": THEIRS}, "payer_account", THEIRS),
        ({"ПолучательСчет": "30101810400000000225", "ПолучательРасчСчет": OURS}, "account", OURS),
    ],
)
def test_fields_as_banks_write_them(read: Read, more: dict[str, str], field: str, value: object) -> None:
    _head, lines = read(exchange(account(CAME), document(CAME.but(**more))))
    assert getattr(lines[0], field) == value


def test_purpose_in_pieces_is_put_together(read: Read) -> None:
    words = CAME.but(
        НазначениеПлатежа="", НазначениеПлатежа1="Оплата по счету", НазначениеПлатежа2="INV-2026-000123"
    )
    cut = CAME.but(
        НазначениеПлатежа="",
        НазначениеПлатежа1="Оплата по счету-оферте INV-2026-0001",
        НазначениеПлатежа2="23 от 18.11.2026",
    )
    _head, lines = read(exchange(account(words, cut), document(words), document(cut)))
    assert [each.purpose for each in lines] == [
        "Оплата по счету INV-2026-000123",
        "Оплата по счету-оферте INV-2026-000123 от 18.11.2026",
    ]


def test_purpose_with_line_ends_goes_on(read: Read) -> None:
    _head, lines = read(one_c(CAME).replace("от 18.11", "от\r\n18.11"))
    assert lines[0].purpose == PURPOSE


def test_foreign_kinds_and_sections_are_passed_over(read: Read) -> None:
    strange = document(CAME).replace("Платежное поручение", "СБП")
    other = "СекцияПрочее\nСумма=999\nКонецПрочего"
    _head, lines = read(exchange(account(CAME), other, strange))
    assert len(lines) == 1


def test_what_has_not_arrived_yet_is_no_line(read: Read) -> None:
    waits = CAME.but(ДатаПоступило="")
    head, lines = read(exchange(account(), document(waits)))
    assert (head.incoming, lines) == (0, [])


def test_several_days_and_accounts_add_up_each(read: Read) -> None:
    byn = "BY13NBRB3600900000002Z00AB00"
    alien = "40702810000000000009"
    text = exchange(
        account(CAME, WENT),
        account(CAME, opening=1_130_000),
        account(CAME, ours=byn),
        account(CAME, ours=alien),
        *(
            document(each, ours)
            for each, ours in [(CAME, OURS), (WENT, OURS), (CAME, OURS), (CAME, byn), (CAME, alien)]
        ),
    )
    head, lines = read(text)
    assert head.sums == (Money(150000, "BYN"), Money(300000, "RUB"))
    assert [each.account for each in lines] == [OURS, OURS, byn]
    assert head.remarks == {Remark.OTHER_ACCOUNTS: 1}


def test_missing_totals_and_empty_documents_are_told(read: Read) -> None:
    nothing = CAME.but(Сумма="0.00")
    head, lines = read(exchange(document(CAME), document(nothing)))
    assert len(lines) == 1
    assert head.remarks == {Remark.NO_TOTALS: 1, Remark.NO_MONEY: 1}


def test_balances_alone_prove_the_sum(read: Read, refused: Refused) -> None:
    only_balances = account(CAME).replace("ВсегоПоступило=1500.00", "ВсегоПоступило=")
    head, _lines = read(exchange(only_balances, document(CAME)))
    assert not head.remarks
    assert refused(exchange(only_balances)).problem == "balance_differs"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "not_a_statement"),
        ("Здравствуйте", "not_a_statement"),
        ("1CClientBankExchangeX\n", "not_a_statement"),
        (b"PK\x03\x04....", "archive"),
        (one_c(CAME).removesuffix("КонецФайла\r\n"), "cut"),
        (one_c(CAME).replace("КонецДокумента\r\n", ""), "cut"),
        (exchange(account(CAME, WENT), document(CAME)), "outgoing_differs"),
        (exchange(account(CAME, CAME), document(CAME)), "incoming_differs"),
        (
            exchange(account(CAME).replace("КонечныйОстаток=11500", "КонечныйОстаток=11600"), document(CAME)),
            "balance_differs",
        ),
        (one_c(CAME, ours="40702810000000000009"), "foreign_account"),
        (exchange(accounts=()), "no_accounts"),
        (one_c(CAME.but(Сумма="-1500.00")), "bad_sum"),
        (one_c(CAME.but(Сумма="1500.001")), "bad_sum"),
        (one_c(CAME.but(Сумма="")), "bad_sum"),
        (one_c(CAME.but(ДатаПоступило="31.02.2026")), "bad_day"),
        (one_c(CAME) + one_c(CAME), "after_end"),
        (one_c(CAME).replace("Ромашка", "Р" * (1 << 20)), "long_line"),
        (b"\xef\xbb\xbf" + one_c(CAME).encode("cp1251"), "bad_letters"),
        (one_c(CAME).encode()[:-9], "cut"),
    ],
)
def test_bad_files_are_refused_whole(refused: Refused, content: str | bytes, problem: str) -> None:
    assert refused(content).problem == problem


def test_refusal_says_where_and_what(refused: Refused) -> None:
    wrong = refused(exchange(account(CAME, CAME), document(CAME)))
    assert wrong.line == 6
    assert wrong.blanks == {"line": 6, "account": OURS, "told": "3000.00", "found": "1500.00"}


def test_too_large_a_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(reading.MOST_BYTES + 1)
    with pytest.raises(BadStatement, match="too_large"):
        reading.inspect(path, ACCOUNTS)
