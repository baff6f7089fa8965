"""Writes statements as banks do, for tests of what reads them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

OURS = "40702810938000000001"
THEIRS = "40702810900000002851"
ACCOUNTS = {OURS: "RUB", "BY13NBRB3600900000002Z00AB00": "BYN"}
PURPOSE = "Оплата по счету INV-2026-000123 от 18.11.2026. Без НДС"


@dataclass(frozen=True)
class Transfer:
    """`minor` came in, or went out where `out` says so; `more` are fields added or put in place of others."""

    number: str = "57"
    minor: int = 150000
    day: str = "18.11.2026"
    name: str = 'ООО "Ромашка"'
    tax_number: str = "7707083893"
    account: str = THEIRS
    purpose: str = PURPOSE
    out: bool = False
    more: dict[str, str] = field(default_factory=dict)

    def but(self, **more: str) -> Transfer:
        return replace(self, more=self.more | more)


def rubles(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def document(each: Transfer, ours: str = OURS) -> str:
    payer, receiver = (ours, each.account) if each.out else (each.account, ours)
    fields = {
        "Номер": each.number,
        "Дата": each.day,
        "Сумма": rubles(each.minor),
        "ПлательщикСчет": payer,
        "ДатаСписано": each.day if each.out else "",
        "Плательщик": "Мы" if each.out else each.name,
        "ПлательщикИНН": each.tax_number,
        "ПолучательСчет": receiver,
        "ДатаПоступило": "" if each.out else each.day,
        "НазначениеПлатежа": each.purpose,
    }
    lines = [f"{name}={value}" for name, value in (fields | each.more).items()]
    return "\n".join(["СекцияДокумент=Платежное поручение", *lines, "КонецДокумента"])


def account(*transfers: Transfer, ours: str = OURS, opening: int = 1_000_000) -> str:
    came = sum(each.minor for each in transfers if not each.out)
    went = sum(each.minor for each in transfers if each.out)
    fields = {
        "ДатаНачала": "18.11.2026",
        "ДатаКонца": "18.11.2026",
        "РасчСчет": ours,
        "НачальныйОстаток": rubles(opening),
        "ВсегоПоступило": rubles(came),
        "ВсегоСписано": rubles(went),
        "КонечныйОстаток": rubles(opening + came - went),
    }
    return "\n".join(
        ["СекцияРасчСчет", *(f"{name}={value}" for name, value in fields.items()), "КонецРасчСчет"]
    )


def exchange(*sections: str, encoding: str = "Windows", accounts: tuple[str, ...] = (OURS,)) -> str:
    """A whole file of these sections, with CR LF at the ends of lines."""
    header = [
        "1CClientBankExchange",
        "ВерсияФормата=1.03",
        f"Кодировка={encoding}",
        "Отправитель=Банк",
        *(f"РасчСчет={each}" for each in accounts),
    ]
    return "\r\n".join("\n".join([*header, *sections, "КонецФайла", ""]).split("\n"))


def one_c(*transfers: Transfer, ours: str = OURS) -> str:
    return exchange(
        account(*transfers, ours=ours), *(document(each, ours) for each in transfers), accounts=(ours,)
    )
