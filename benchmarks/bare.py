"""Servers with nothing of ours in them: a handler that answers, and a bank that knows every payment."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from aiohttp import web

PAYMENT = {
    "status": "succeeded",
    "paid": True,
    "test": False,
    "recipient": {"account_id": "100500", "gateway_id": "1"},
    "created_at": "2026-12-14T11:00:00.000Z",
    "captured_at": "2026-12-14T11:05:00.000Z",
    "payment_method": {
        "type": "bank_card",
        "id": "2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f",
        "saved": False,
        "status": "active",
        "card": {
            "first6": "220000",
            "last4": "4444",
            "expiry_year": "2030",
            "expiry_month": "12",
            "card_type": "Mir",
        },
    },
    "authorization_details": {"rrn": "617123456789", "auth_code": "A1B2C3"},
}
"""The rest of a paid payment: the sum and the mark come from whoever made it."""


class Bank:
    """Remembers what it was asked to make and calls all of it paid; it answers after `delay` seconds."""

    def __init__(self) -> None:
        self._answers: dict[str, bytes] = {}
        self.delay = 0.0
        self.asked = 0

    async def make(self, request: web.Request) -> web.Response:
        made = self.paid(await request.json())
        begun = made | {"status": "pending", "paid": False}
        begun["confirmation"] = {"type": "redirect", "confirmation_url": f"https://bank.example/{made['id']}"}
        del begun["captured_at"]
        return web.json_response(begun)

    def paid(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """A payment as it is wanted, and paid."""
        number = f"{len(self._answers):08x}-000f-5001-8000-1a2b3c4d5e6f"
        made = {"id": number, "amount": wanted["amount"], "metadata": wanted["metadata"], **PAYMENT}
        self._answers[number] = json.dumps(made).encode()
        return made

    async def tell(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.delay:
            await asyncio.sleep(self.delay)
        known = self._answers.get(request.match_info["number"])
        if known is None:
            return web.json_response({"type": "error", "code": "not_found"}, status=404)
        return web.Response(body=known, content_type="application/json")

    async def change(self, request: web.Request) -> web.Response:
        self.delay = float(request.query.get("delay", self.delay))
        return web.json_response({"asked": self.asked})


async def cpu(_request: web.Request) -> web.Response:
    """All threads together, and the loop's own: this handler runs in it."""
    return web.json_response({"process": time.process_time(), "loop": time.thread_time()})


async def memory(_request: web.Request) -> web.Response:
    return web.json_response({"megabytes": _megabytes()})


def _megabytes() -> float:
    """What this process holds now."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def nothing(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(text="OK")


def bare_app(bank: Bank) -> web.Application:
    app = web.Application()
    app.router.add_post("/nothing", nothing)
    app.router.add_post("/v3/payments", bank.make)
    app.router.add_get("/v3/payments/{number}", bank.tell)
    app.router.add_get("/bench/bank", bank.change)
    app.router.add_get("/bench/cpu", cpu)
    return app


async def serve(app: web.Application) -> None:
    """Say where, and answer until nobody wants it any more."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(json.dumps({"port": runner.addresses[0][1]}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(bare_app(Bank())))
