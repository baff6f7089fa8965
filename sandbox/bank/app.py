"""Joins the parts of the stand-in into one web application."""

from collections.abc import Sequence

from aiohttp import web

from sandbox.bank.accounts import Account
from sandbox.bank.control import control_routes
from sandbox.bank.keys import FAULTS, TRANSFERS
from sandbox.bank.mishaps import bank_faults
from sandbox.bank.pages import page_routes
from sandbox.bank.transfers import Transfers
from sandbox.faults import fault_routes, open_to_other_ports


def create_app(accounts: Sequence[Account]) -> web.Application:
    """`accounts` are the seller's; a transfer to any other leaves this street."""
    faults = bank_faults()
    app = web.Application(middlewares=[open_to_other_ports])
    app[FAULTS] = faults
    app[TRANSFERS] = Transfers(tuple(accounts))
    app.add_routes([*fault_routes(faults), *control_routes(), *page_routes()])
    return app
