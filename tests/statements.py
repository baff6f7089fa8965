"""Files as a bank writes them, for tests about what becomes of their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

OURS = "40702810938000000001"
"""The seller's account in the example catalogue."""
FIRM = "7707083893"
DAY = date(2026, 11, 18)


@dataclass(frozen=True)
class Transfer:
    """One incoming payment order."""

    amount: str
    purpose: str = ""
    tax_number: str = FIRM
    number: str = "57"
    day: date = DAY
    payer: str = 'ООО "Ромашка"'


def one_c(*transfers: Transfer, account: str = OURS, total: str = "", encoding: str = "cp1251") -> bytes:
    """A whole exchange file; `total` other than the sum of its lines makes it lie."""
    came = total or _sum([each.amount for each in transfers])
    days = [each.day for each in transfers] or [DAY]
    since, until = (f"{each:%d.%m.%Y}" for each in (min(days), max(days)))
    lines = [
        "1CClientBankExchange",
        "ВерсияФормата=1.03",
        "Кодировка=Windows",
        f"ДатаНачала={since}",
        f"ДатаКонца={until}",
        f"РасчСчет={account}",
        "СекцияРасчСчет",
        f"ДатаНачала={since}",
        f"ДатаКонца={until}",
        f"РасчСчет={account}",
        "НачальныйОстаток=0.00",
        f"ВсегоПоступило={came}",
        "ВсегоСписано=0.00",
        f"КонечныйОстаток={came}",
        "КонецРасчСчет",
    ]
    for each in transfers:
        lines += _document(each, account)
    return "\r\n".join([*lines, "КонецФайла", ""]).encode(encoding)


def _document(transfer: Transfer, account: str) -> list[str]:
    day = f"{transfer.day:%d.%m.%Y}"
    return [
        "СекцияДокумент=Платежное поручение",
        f"Номер={transfer.number}",
        f"Дата={day}",
        f"Сумма={transfer.amount}",
        "ПлательщикСчет=40702810900000002851",
        f"ПлательщикИНН={transfer.tax_number}",
        f"Плательщик={transfer.payer}",
        f"ПолучательСчет={account}",
        f"ДатаПоступило={day}",
        f"НазначениеПлатежа={transfer.purpose}",
        "КонецДокумента",
    ]


def _sum(amounts: Sequence[str]) -> str:
    minor = sum(int(amount.replace(".", "")) for amount in amounts)
    return f"{minor // 100}.{minor % 100:02}"
