"""Strings behind the scene, for tests: pay, look at what was paid, fetch a statement."""

from datetime import date

from aiohttp import web

from sandbox.bank.files import FORMS, file_of
from sandbox.bank.keys import FAULTS, TRANSFERS
from sandbox.bank.statement import statement
from sandbox.bank.wishes import BadWish, Typed
from sandbox.clock import today


def control_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/control/transfers", list_transfers),
        web.post("/control/pay", pay),
        web.get("/statements/{form}", statement_file),
    ]


async def list_transfers(request: web.Request) -> web.Response:
    return web.json_response([each.shown() for each in request.app[TRANSFERS].made])


async def pay(request: web.Request) -> web.Response:
    """Fields of the form; the receiver is the seller's account of `currency`, the day today, unless said."""
    transfers = request.app[TRANSFERS]
    wish = {name: str(value) for name, value in (await request.json()).items()}
    currency = wish.pop("currency", "RUB")
    receiver = next((each for each in transfers.accounts if each.currency == currency), None)
    usual = {"payer_account": "40702810900000002851", "day": today().isoformat()}
    if receiver is not None:
        usual |= {"account": receiver.number, "bic": receiver.bic}
    try:
        transfer = Typed(usual | wish).transfer(transfers)
    except BadWish as refusal:
        return web.json_response({"error": str(refusal)}, status=400)
    transfers.made.append(transfer)
    return web.json_response(transfer.shown())


async def statement_file(request: web.Request) -> web.Response:
    """`?account=&since=&until=`; the seller's first account and today unless said."""
    transfers, faults = request.app[TRANSFERS], request.app[FAULTS]
    form = FORMS.get(request.match_info["form"])
    account = transfers.of_seller(request.query.get("account") or transfers.accounts[0].number)
    if form is None or account is None:
        raise web.HTTPNotFound
    try:
        since, until = (
            date.fromisoformat(request.query.get(name) or str(today())) for name in ("since", "until")
        )
    except ValueError:
        raise web.HTTPBadRequest(text="days are written like 2026-11-18") from None
    told = statement(transfers, account, min(since, until), until, faults)
    name, content = file_of(form, told, faults["statement"].value)
    answer = web.Response(body=content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
