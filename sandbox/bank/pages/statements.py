"""The seller's side: what came in on some days, the same as a file, and what is to be wrong with it."""

from datetime import date
from decimal import Decimal
from html import escape

from aiohttp import web

from sandbox.bank.accounts import Account
from sandbox.bank.files import FORMS
from sandbox.bank.keys import FAULTS, TRANSFERS
from sandbox.bank.pages.view import fill, go, money, page, word
from sandbox.bank.pages.words import WORDS
from sandbox.bank.transfers import Transfer
from sandbox.clock import today
from sandbox.faults import Fault
from sandbox.templates import language


def statement_routes() -> list[web.AbstractRouteDef]:
    return [web.get("/statements", show), web.post("/statements/faults", change)]


async def show(request: web.Request) -> web.Response:
    lang, transfers = language(request), request.app[TRANSFERS]
    account = transfers.of_seller(request.query.get("account", "")) or next(iter(transfers.accounts), None)
    if account is None:
        raise web.HTTPNotFound(text="the seller has no account")
    since, until = _day(request, "since"), _day(request, "until")
    came = transfers.came_to(account, since, until)
    body = fill(
        "statements.html",
        lang,
        accounts_html="".join(_option(each, chosen=each is account) for each in transfers.accounts),
        since=since,
        until=until,
        forms_html="".join(
            f'<button type="submit" formaction="/statements/{form.name}">{escape(form.title)}</button>'
            for form in FORMS.values()
        ),
        rows_html="".join(_row(each, lang) for each in reversed(came)) or f"<p>{word('none', lang)}</p>",
        total=word(
            "total", lang, sum=money(sum((row.amount for row in came), Decimal(0)), account.currency, lang)
        ),
        faults_html="".join(_fault(name, fault, lang) for name, fault in request.app[FAULTS].items()),
    )
    return page(request, word("statement", lang), body)


async def change(request: web.Request) -> web.Response:
    try:
        request.app[FAULTS].set({name: str(value) for name, value in (await request.post()).items()})
    except ValueError as wrong:
        raise web.HTTPBadRequest(text=str(wrong)) from None
    return go(f"/statements?lang={language(request)}#bad-days")


def _day(request: web.Request, name: str) -> date:
    try:
        return date.fromisoformat(request.query.get(name, ""))
    except ValueError:
        return today()


def _option(account: Account, *, chosen: bool) -> str:
    number, mark = escape(account.number), " selected" if chosen else ""
    return f'<option value="{number}"{mark}>{number} {escape(account.currency)}</option>'


def _row(row: Transfer, lang: str) -> str:
    return fill(
        "row.html",
        lang,
        number=row.number,
        day=f"{row.day:%d.%m.%Y}",
        payer=row.payer,
        tax_number=row.payer_tax_number,
        sum=money(row.amount, row.currency, lang),
        purpose=row.purpose,
    )


def _fault(name: str, fault: Fault, lang: str) -> str:
    title = escape(word(f"fault_{name}", lang))
    buttons = "".join(_choice(name, choice, lang, pressed=choice == fault.value) for choice in fault.choices)
    return f'<div class="choices" role="group" aria-label="{title}"><span>{title}</span>{buttons}</div>'


def _choice(name: str, choice: str, lang: str, *, pressed: bool) -> str:
    mark, title = str(pressed).lower(), escape(WORDS[choice][lang])
    return f'<button name="{name}" value="{escape(choice)}" aria-pressed="{mark}">{title}</button>'
