"""The terminal: choose it, type code and sum on its keypad."""

from aiohttp import web

from sandbox.templates import language
from sandbox.terminal.keys import LINE
from sandbox.terminal.networks import NETWORKS, Network, parse_sum
from sandbox.terminal.operations import Operation
from sandbox.terminal.pages.view import fill, go, network_of, page, seller, word, wrong


def terminal_routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", home),
        web.get("/terminal", choose),
        web.get("/terminal/{network}", show),
        web.post("/terminal/{network}", typed),
    ]


async def home(request: web.Request) -> web.Response:
    lang = language(request)
    return page(request, word("street", lang), fill("home.html", lang))


async def choose(request: web.Request) -> web.Response:
    lang = language(request)
    tiles = "".join(
        fill("tile.html", lang, path=f"/terminal/{each.name}", title=each.title, detail=each.symbol)
        for each in NETWORKS.values()
        if not each.wallet
    )
    return page(request, word("choose_network", lang), fill("choose.html", lang, tiles_html=tiles))


async def show(request: web.Request) -> web.Response:
    return _screen(request, network_of(request, wallet=False))


async def typed(request: web.Request) -> web.Response:
    """Who is this code? The next screen shows the answer."""
    network, form = network_of(request, wallet=False), await request.post()
    account, written = str(form.get("account", "")).strip(), str(form.get("sum", ""))
    amount = parse_sum(written)
    if not account or amount is None:
        missing = "bad_sum" if account else "bad_code"
        return _screen(request, network, account, written, missing)
    operation = Operation(network, account, amount)
    await request.app[LINE].check(operation)
    return go(f"/operations/{operation.key}", request)


def _screen(
    request: web.Request, network: Network, account: str = "", amount: str = "", missing: str = ""
) -> web.Response:
    lang = language(request)
    body = fill(
        "keypad.html",
        lang,
        network=network.name,
        title=network.title,
        seller=seller(request),
        symbol=network.symbol,
        account=account,
        amount=amount,
        wrong_html=wrong(word(missing, lang) if missing else ""),
        digits_html="".join(
            f'<button type="button" data-digit="{digit}">{digit}</button>' for digit in "123456789"
        ),
        sums_html=ready_sums(network),
    )
    return page(request, f"{word('terminal', lang)} «{network.title}»", body, status=400 if missing else 200)


def ready_sums(network: Network) -> str:
    return "".join(
        f'<button type="button" data-sum="{note}">{note} {network.symbol}</button>' for note in network.notes
    )
