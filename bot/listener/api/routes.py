"""The seller's API: connectors by his own ids, charges of metered ones, and the money that arrived."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from aiohttp import web

from bot.domain import seller as said
from bot.domain.billing import Instalment
from bot.domain.money import Money
from bot.domain.seller import ArrivedPayment, ConnectorWords, Fault, Place, SellerAnswer, SellerRefused
from bot.domain.webhooks import Wanted
from bot.listener.api import models, requests
from bot.services.connector_fields import YEARS
from bot.services.connector_links import ConnectorLinkService
from bot.services.instalments import InstalmentService
from bot.services.seller_api import MOST_PAYMENTS, SellerService
from bot.services.webhook_history import WebhookHistoryService

PAGE = 100
_REFERENCE = re.compile(r"[a-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class Api:
    """Translates; what is done is decided by the services. `chat_link` is "" while our name is unknown."""

    seller: SellerService
    instalments: InstalmentService
    links: ConnectorLinkService
    webhooks: WebhookHistoryService
    chat_link: Callable[[str], str]

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/connectors/{id:[\\s\\S]+}", self.get_connector),
            web.put("/connectors/{id:[\\s\\S]+}", self.put_connector),
            web.post("/charges", self.post_charges),
            web.put("/instalments/{id:[\\s\\S]+}", self.put_instalment),
            web.delete("/instalments/{id:[\\s\\S]+}", self.delete_instalment),
            web.get("/payments", self.get_payments),
            web.post("/webhooks/replay", self.post_replay),
        ]

    async def get_connector(self, request: web.Request) -> web.Response:
        return await self._connector(await self.seller.connector(request.match_info["id"]))

    async def put_connector(self, request: web.Request) -> web.Response:
        """Make or change it; the answer is that of a GET, and carries the new ETag."""
        body = await requests.read(request)
        words = body.read_as(models.PutConnector)
        named = {name: getattr(words, name) for name in words.model_fields_set}
        answer = await self.seller.put_connector(
            request.match_info["id"],
            ConnectorWords(**named),
            requests.expected(request),
            requests.once(request, body),
        )
        return await self._connector(answer)

    async def post_charges(self, request: web.Request) -> web.Response:
        """One charge, or several under `charges`."""
        body = await requests.read(request)
        several = isinstance(body.parsed, dict) and "charges" in body.parsed
        found = body.read_as(models.Charges).charges if several else [body.read_as(models.Charge)]
        charges = [_charge(charge) for charge in found]
        answer = await self.seller.add_charges(charges, requests.once(request, body))
        return _answered(answer, answer.body)

    async def put_instalment(self, request: web.Request) -> web.Response:
        """What is said of it is all there is to say: what is left out is empty."""
        words = (await requests.read(request)).read_as(models.PutInstalment)
        answer = await self.instalments.put(_instalment(request.match_info["id"], words))
        return _answered(answer, answer.body)

    async def delete_instalment(self, request: web.Request) -> web.Response:
        await self.instalments.remove(request.match_info["id"])
        return web.Response(status=204)

    async def get_payments(self, request: web.Request) -> web.Response:
        """A page after `since`: the `next` of an earlier answer, or a day or moment to begin with."""
        unknown = set(request.query) - {"since", "limit"}
        if unknown:
            raise SellerRefused("malformed", f"there is no parameter {min(unknown)[:40]!r}")
        since = request.query.get("since")
        place = _place(since) if since is not None else None
        found = await self.seller.payments(place, _limit(request.query.get("limit", str(PAGE))))
        onward = _cursor(found[-1]) if found else since
        return web.json_response({"payments": [_payment(each) for each in found], "next": onward})

    async def post_replay(self, request: web.Request) -> web.Response:
        """Repeated, it sends once more what was heard meanwhile: the seller knows webhooks by their ids."""
        wanted = (await requests.read(request)).read_as(models.Replay)
        if not (wanted.since or wanted.connector or wanted.id):
            raise SellerRefused("invalid", "say which: since, connector or id")
        since = datetime.fromisoformat(wanted.since).astimezone(UTC) if wanted.since else None
        count = await self.webhooks.replay(Wanted(since, wanted.connector, wanted.id))
        return web.json_response({"replayed": count})

    async def _connector(self, answer: SellerAnswer) -> web.Response:
        """The link is made on the way out: as every token, it is not kept in what is repeated."""
        body = dict(answer.body)
        body["pay_link"] = await self._pay_link(body["id"]) if body.pop("payable") else None
        told = _answered(answer, body)
        told.headers["ETag"] = f'"{body["sequence"]}"'
        return told

    async def _pay_link(self, connector_id: str) -> str | None:
        token = await self.links.to_pay(connector_id)
        return self.chat_link(f"c_{token}") or None


def _answered(answer: SellerAnswer, body: dict[str, Any]) -> web.Response:
    headers = {"Idempotent-Replayed": "true"} if answer.repeated else {}
    return web.json_response(body, status=answer.status, headers=headers)


def _charge(charge: models.Charge) -> said.Charge:
    return said.Charge(
        reference=charge.reference,
        connector_id=charge.connector,
        started_at=datetime.fromisoformat(charge.started_at).astimezone(UTC),
        amount=Money.parse(charge.amount, charge.currency),
        number=charge.number,
        duration_s=charge.duration_s,
        description=charge.description,
    )


def _instalment(instalment_id: str, words: models.PutInstalment) -> Instalment:
    next_amount = Money.parse(words.next_amount, words.currency) if words.next_amount else None
    return Instalment(
        id=instalment_id,
        connector_id=words.connector,
        title=words.title,
        total=Money.parse(words.total, words.currency),
        paid=Money.parse(words.paid, words.currency),
        next_on=_next_on(words.next_on) if words.next_on else None,
        next_amount=next_amount,
    )


def _next_on(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SellerRefused("invalid", faults=[Fault("/next_on", "there is no such day")]) from None


def _payment(told: ArrivedPayment) -> dict[str, Any]:
    payment = told.payment
    assert payment.settled_at is not None, "it arrived"
    return {
        "id": payment.reference,
        "amount": told.arrived.decimal(),
        "currency": told.arrived.currency,
        "method": payment.method,
        "provider": payment.provider,
        "number": payment.provider_payment,
        "purpose": payment.purpose.value,
        "autopay": payment.autopay_id is not None,
        "state": payment.state.value,
        "paid_at": payment.settled_at.isoformat(),
        "refunded": told.refunded.decimal(),
        "connectors": [
            {
                "id": line.id,
                "months": line.months,
                "paid_until": line.paid_until.isoformat() if line.paid_until else None,
            }
            for line in told.connectors
        ],
    }


def _cursor(last: ArrivedPayment) -> str:
    assert last.payment.settled_at is not None, "it arrived"
    place = f"{last.payment.settled_at.isoformat()} {last.payment.reference}"
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(text: str) -> Place:
    """A cursor of ours, a day (its first moment, UTC), or a moment with its zone."""
    for read in (_moment, _own_cursor):
        try:
            return read(text)
        except ValueError:
            continue
    raise SellerRefused("malformed", "since is the `next` of an earlier answer, or as 2026-12-14")


def _own_cursor(text: str) -> Place:
    told = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    moment, _, reference = told.partition(" ")
    if _REFERENCE.fullmatch(reference) is None:
        raise ValueError(text)
    return Place(_moment(moment).settled_at, reference)


def _moment(text: str) -> Place:
    if len(text) == len("2026-12-14"):
        day = date.fromisoformat(text)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    else:
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a plus that was not escaped
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError(text)
    return Place(moment.astimezone(UTC))


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= MOST_PAYMENTS:
        raise SellerRefused("malformed", f"limit is a number from 1 to {MOST_PAYMENTS}")
    return int(text)
