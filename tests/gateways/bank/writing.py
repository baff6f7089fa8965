"""Writes statements as banks do, for tests of what reads them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

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
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


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


def entry(each: Transfer, version: str = "08") -> str:
    """As the older and the newer versions write it; `more` are whole elements, by the name they replace."""
    deep = ("<Pty>", "</Pty>") if version >= "08" else ("", "")
    status = "<Cd>BOOK</Cd>" if version >= "08" else "BOOK"
    day, month, year = each.day.split(".")
    parts = {
        "Amt": f'<Amt Ccy="RUB">{rubles(each.minor)}</Amt>',
        "CdtDbtInd": f"<CdtDbtInd>{'DBIT' if each.out else 'CRDT'}</CdtDbtInd>",
        "Sts": f"<Sts>{status}</Sts>",
        "BookgDt": f"<BookgDt><Dt>{year}-{month}-{day}</Dt></BookgDt>",
        "AcctSvcrRef": f"<AcctSvcrRef>R{each.number}</AcctSvcrRef>",
        "NtryDtls": (
            f"<NtryDtls><TxDtls><Refs><EndToEndId>{each.number}</EndToEndId></Refs>"
            f"<RltdPties><Dbtr>{deep[0]}<Nm>{escape(each.name)}</Nm><Id><OrgId><Othr><Id>{each.tax_number}</Id>"
            f"</Othr></OrgId></Id>{deep[1]}</Dbtr><DbtrAcct><Id><Othr><Id>{each.account}</Id></Othr></Id></DbtrAcct>"
            f"</RltdPties><RmtInf><Ustrd>{escape(each.purpose)}</Ustrd></RmtInf></TxDtls></NtryDtls>"
        ),
    }
    return f"<Ntry>{''.join((parts | each.more).values())}</Ntry>"


def balance(code: str, minor: int) -> str:
    side = "CRDT" if minor >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='RUB'>{rubles(abs(minor))}</Amt>"
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>2026-11-18</Dt></Dt></Bal>"
    )


def statement(*transfers: Transfer, ours: str = OURS, opening: int = 1_000_000, version: str = "08") -> str:
    came = [each.minor for each in transfers if not each.out]
    went = [each.minor for each in transfers if each.out]
    return (
        f"<Stmt><Id>1</Id><Acct><Id><Othr><Id>{ours}</Id></Othr></Id><Ccy>RUB</Ccy></Acct>"
        f"{balance('OPBD', opening)}{balance('CLBD', opening + sum(came) - sum(went))}<TxsSummry>"
        f"<TtlCdtNtries><NbOfNtries>{len(came)}</NbOfNtries><Sum>{rubles(sum(came))}</Sum></TtlCdtNtries>"
        f"<TtlDbtNtries><NbOfNtries>{len(went)}</NbOfNtries><Sum>{rubles(sum(went))}</Sum></TtlDbtNtries>"
        f"</TxsSummry>{''.join(entry(each, version) for each in transfers)}</Stmt>"
    )


def envelope(
    *statements: str, version: str = "08", prolog: str = '<?xml version="1.0" encoding="UTF-8"?>'
) -> str:
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return (
        f'{prolog}<Document xmlns="{space}"><BkToCstmrStmt>{"".join(statements)}</BkToCstmrStmt></Document>'
    )


def camt(*transfers: Transfer, ours: str = OURS, version: str = "08") -> str:
    return envelope(statement(*transfers, ours=ours, version=version), version=version)
