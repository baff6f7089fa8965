"""Joins the parts of the mailbox into one web application, with its SMTP server beside it."""

from aiohttp import web

from sandbox.faults import fault_routes, open_to_other_ports
from sandbox.mailbox.box import Box
from sandbox.mailbox.control import control_routes
from sandbox.mailbox.keys import BOX, FAULTS
from sandbox.mailbox.mishaps import mail_faults
from sandbox.mailbox.pages import page_routes
from sandbox.mailbox.post import post_at


def create_app(smtp_port: int) -> web.Application:
    faults = mail_faults()
    app = web.Application(middlewares=[open_to_other_ports])
    app[BOX] = Box()
    app[FAULTS] = faults
    app.cleanup_ctx.append(post_at(smtp_port))
    app.add_routes([*fault_routes(faults), *control_routes(), *page_routes()])
    return app
