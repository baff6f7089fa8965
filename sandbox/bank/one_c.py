"""Writes 1CClientBankExchange, as banks' client programs do."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.bank.statement import Statement
from sandbox.bank.transfers import Transfer


@dataclass(frozen=True)
class _Side:
    name: str
    tax_number: str
    account: str
    bic: str

    def lines(self, side: str) -> Iterator[str]:
        yield f"{side}Счет={self.account}"
        yield f"{side}=ИНН {self.tax_number} {self.name}" if self.tax_number else f"{side}={self.name}"
        yield f"{side}ИНН={self.tax_number}"
        yield f"{side}1={self.name}"
        yield f"{side}РасчСчет={self.account}"
        yield f"{side}БИК={self.bic}"


def write(statement: Statement, encoding: str) -> str:
    lines = [
        "1CClientBankExchange",
        "ВерсияФормата=1.03",
        f"Кодировка={encoding}",
        "Отправитель=Банк «Прилив»",
        "Получатель=",
        f"ДатаНачала={statement.since:%d.%m.%Y}",
        f"ДатаКонца={statement.until:%d.%m.%Y}",
        f"РасчСчет={statement.account.number}",
        *_account(statement),
        *(line for row in statement.rows for line in _document(statement, row)),
        "КонецФайла",
        "",
    ]
    return "\r\n".join(lines)


def _account(statement: Statement) -> Iterator[str]:
    yield "СекцияРасчСчет"
    yield f"ДатаНачала={statement.since:%d.%m.%Y}"
    yield f"ДатаКонца={statement.until:%d.%m.%Y}"
    yield f"РасчСчет={statement.account.number}"
    yield f"НачальныйОстаток={statement.opening:.2f}"
    yield f"ВсегоПоступило={statement.came:.2f}"
    yield f"ВсегоСписано={statement.went:.2f}"
    yield f"КонечныйОстаток={statement.closing:.2f}"
    yield "КонецРасчСчет"


def _document(statement: Statement, row: Transfer) -> Iterator[str]:
    """The seller is the receiver, or the payer of what went out."""
    seller, day = statement.account, f"{row.day:%d.%m.%Y}"
    ours = _Side(seller.holder, seller.tax_number, row.account, seller.bic)
    theirs = _Side(row.payer, row.payer_tax_number, row.payer_account, "044030827")
    payer, receiver = (ours, theirs) if row.outgoing else (theirs, ours)
    yield "СекцияДокумент=Платежное поручение"
    yield f"Номер={row.number}"
    yield f"Дата={day}"
    yield f"Сумма={row.amount:.2f}"
    yield f"ДатаСписано={day if row.outgoing else ''}"
    yield from payer.lines("Плательщик")
    yield f"ДатаПоступило={'' if row.outgoing else day}"
    yield from receiver.lines("Получатель")
    yield "ВидОплаты=01"
    yield f"НазначениеПлатежа={row.purpose}"
    yield "Очередность=5"
    yield "КонецДокумента"
