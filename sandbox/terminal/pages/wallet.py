"""The wallet: Services → Others → the seller → account number and sum, as in an app."""

from aiohttp import web

from sandbox.templates import language
from sandbox.terminal.keys import LINE
from sandbox.terminal.networks import NETWORKS, Network, parse_sum
from sandbox.terminal.operations import Operation
from sandbox.terminal.pages.terminal import ready_sums
from sandbox.terminal.pages.view import fill, go, network_of, page, seller, word, wrong

NEIGHBOURS = ("Акме Телеком", "Нива ТВ", "Северный дом")
"""Other firms in the list, so that the seller has to be found."""


def wallet_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/wallet", first),
        web.get("/wallet/{network}", home),
        web.get("/wallet/{network}/services", services),
        web.get("/wallet/{network}/others", others),
        web.get("/wallet/{network}/pay", show),
        web.post("/wallet/{network}/pay", typed),
    ]


async def first(request: web.Request) -> web.Response:
    return go("/wallet/elsom", request)


async def home(request: web.Request) -> web.Response:
    network, lang = network_of(request, wallet=True), language(request)
    another = next(each for each in NETWORKS.values() if each.wallet and each is not network)
    body = fill(
        "wallet_home.html",
        lang,
        network=network.name,
        title=network.title,
        symbol=network.symbol,
        another=another.name,
        another_title=another.title,
    )
    return page(request, network.title, body)


async def services(request: web.Request) -> web.Response:
    network, lang = network_of(request, wallet=True), language(request)
    body = fill("wallet_services.html", lang, network=network.name, title=network.title)
    return page(request, word("services", lang), body)


async def others(request: web.Request) -> web.Response:
    network, lang = network_of(request, wallet=True), language(request)
    firms = "".join(fill("wallet_firm.html", lang, title=title) for title in NEIGHBOURS)
    body = fill(
        "wallet_others.html",
        lang,
        network=network.name,
        title=network.title,
        seller=seller(request),
        firms_html=firms,
    )
    return page(request, word("others", lang), body)


async def show(request: web.Request) -> web.Response:
    return _form(request, network_of(request, wallet=True))


async def typed(request: web.Request) -> web.Response:
    network, form = network_of(request, wallet=True), await request.post()
    account, written = str(form.get("account", "")).strip(), str(form.get("sum", ""))
    amount = parse_sum(written)
    if not account or amount is None:
        return _form(request, network, account, written, "bad_sum" if account else "bad_code")
    operation = Operation(network, account, amount)
    await request.app[LINE].check(operation)
    return go(f"/operations/{operation.key}", request)


def _form(
    request: web.Request, network: Network, account: str = "", amount: str = "", missing: str = ""
) -> web.Response:
    lang = language(request)
    body = fill(
        "wallet_pay.html",
        lang,
        network=network.name,
        title=network.title,
        seller=seller(request),
        symbol=network.symbol,
        account=account,
        amount=amount,
        wrong_html=wrong(word(missing, lang) if missing else ""),
        sums_html=ready_sums(network),
    )
    return page(request, seller(request), body, status=400 if missing else 200)
