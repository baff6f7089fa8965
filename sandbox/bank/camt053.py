"""Writes camt.053.001.08, as banks' client programs do."""

from xml.sax.saxutils import escape

from sandbox.bank.statement import Statement
from sandbox.bank.transfers import Transfer

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def write(statement: Statement) -> str:
    day, account = statement.until.isoformat(), statement.account
    incoming = sum(not row.outgoing for row in statement.rows)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}"><BkToCstmrStmt>\n'
        f"<GrpHdr><MsgId>PRILIV-{day}</MsgId><CreDtTm>{day}T23:59:59</CreDtTm></GrpHdr>\n"
        f"<Stmt><Id>{day}</Id><CreDtTm>{day}T23:59:59</CreDtTm>"
        f"<FrToDt><FrDtTm>{statement.since}T00:00:00</FrDtTm><ToDtTm>{day}T23:59:59</ToDtTm></FrToDt>\n"
        f"<Acct><Id>{_number(account.number)}</Id><Ccy>{account.currency}</Ccy></Acct>\n"
        f"{_balance(statement, 'OPBD', f'{statement.opening:.2f}', statement.since.isoformat())}"
        f"{_balance(statement, 'CLBD', f'{statement.closing:.2f}', day)}"
        f"<TxsSummry><TtlCdtNtries><NbOfNtries>{incoming}</NbOfNtries><Sum>{statement.came:.2f}</Sum></TtlCdtNtries>"
        f"<TtlDbtNtries><NbOfNtries>{len(statement.rows) - incoming}</NbOfNtries>"
        f"<Sum>{statement.went:.2f}</Sum></TtlDbtNtries></TxsSummry>\n"
        f"{''.join(_entry(row) for row in statement.rows)}</Stmt></BkToCstmrStmt></Document>\n"
    )


def _balance(statement: Statement, code: str, sum_: str, day: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{statement.account.currency}">{sum_}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>\n"
    )


def _entry(row: Transfer) -> str:
    known = row.payer_tax_number
    tax_number = f"<Id><OrgId><Othr><Id>{known}</Id></Othr></OrgId></Id>" if known else ""
    side = "Cdtr" if row.outgoing else "Dbtr"
    return (
        f'<Ntry><Amt Ccy="{row.currency}">{row.amount:.2f}</Amt>'
        f"<CdtDbtInd>{'DBIT' if row.outgoing else 'CRDT'}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{row.day}</Dt></BookgDt><AcctSvcrRef>{row.reference}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{row.number}</EndToEndId></Refs><RltdPties>"
        f"<{side}><Pty><Nm>{escape(row.payer)}</Nm>{tax_number}</Pty></{side}>"
        f"<{side}Acct><Id>{_number(row.payer_account)}</Id></{side}Acct></RltdPties>"
        f"<RmtInf><Ustrd>{escape(row.purpose)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
    )


def _number(account: str) -> str:
    return f"<IBAN>{account}</IBAN>" if account[:2].isalpha() else f"<Othr><Id>{account}</Id></Othr>"
