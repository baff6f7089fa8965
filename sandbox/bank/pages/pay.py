"""The payer's side: a transfer typed by hand, or prefilled by the address (`/?sum=1500&purpose=…`)."""

from collections.abc import Mapping

from aiohttp import web

from sandbox.bank.keys import TRANSFERS
from sandbox.bank.pages.view import fill, go, money, page, word, wrong
from sandbox.bank.transfers import Transfers
from sandbox.bank.wishes import FIELDS, BadWish, Typed
from sandbox.clock import today
from sandbox.templates import language

USUAL = {"payer": "ООО «Ромашка»", "inn": "7707083893", "payer_account": "40702810900000002851"}


def pay_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", show),
        web.post("/", typed),
        web.get("/transfers/{number}", done),
    ]


async def show(request: web.Request) -> web.Response:
    return _form(request, _usual(request.app[TRANSFERS]) | dict(request.query))


async def typed(request: web.Request) -> web.Response:
    transfers = request.app[TRANSFERS]
    values = {name: str(value) for name, value in (await request.post()).items()}
    try:
        transfer = Typed(values).transfer(transfers)
    except BadWish as refusal:
        return _form(request, values, refusal.field)
    transfers.made.append(transfer)
    return go(f"/transfers/{transfer.number}?lang={language(request)}")


async def done(request: web.Request) -> web.Response:
    lang, transfers = language(request), request.app[TRANSFERS]
    number = request.match_info["number"]
    made = next((each for each in transfers.made if str(each.number) == number), None)
    if made is None:
        raise web.HTTPNotFound
    receiver = transfers.of_seller(made.account)
    body = fill(
        "done.html",
        lang,
        number=number,
        payer=made.payer,
        sum=money(made.amount, made.currency, lang),
        account=made.account,
        purpose=made.purpose,
        day=f"{made.day:%d.%m.%Y}",
        raw_day=made.day,
        why=word("done_why" if receiver else "left", lang),
    )
    return page(request, word("done", lang), body)


def _usual(transfers: Transfers) -> dict[str, str]:
    values = USUAL | {"day": today().isoformat()}
    if transfers.accounts:
        values |= {"account": transfers.accounts[0].number, "bic": transfers.accounts[0].bic}
    return values


def _form(request: web.Request, values: Mapping[str, str], missing: str = "") -> web.Response:
    lang = language(request)
    accounts = "".join(
        fill("account.html", lang, number=each.number, bic=each.bic, bank=each.bank, currency=each.currency)
        for each in request.app[TRANSFERS].accounts
    )
    body = fill(
        "pay.html",
        lang,
        wrong_html=wrong(word(f"wrong_{missing}", lang) if missing else ""),
        accounts_html=accounts,
        **{name: values.get(name, "") for name in FIELDS},
        **{f"{name}_is": "true" if name == missing else "false" for name in FIELDS},
    )
    return page(request, word("pay", lang), body, status=400 if missing else 200)
