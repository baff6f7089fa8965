"""The questions every provider answers. Subclass `GatewayContract` and give it a `street`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, urlencode

import pytest

from bot.domain.errors import BadCallback
from bot.domain.events import Callback, Event, EventKind, Hint, Paid, Refunded, Refused, Unfinished
from bot.domain.money import Money
from bot.domain.periods import now
from bot.domain.references import new_reference
from bot.gateways.base import Gateway, Item, Link, LinkRequest

RECORDED = Path(__file__).parent / "recorded"
PRICE = Money(99000, "RUB")


class Street(Protocol):
    """The provider's side of the street: what payers, strangers and the cabinet do there."""

    gateway: Gateway

    async def pay(self, link: Link) -> Callback: ...
    async def refuse(self, link: Link) -> Callback | None:
        """None from a provider that is silent about it."""

    async def refund(self, link: Link, amount: Money) -> Callback | None: ...
    async def foreign(self, amount: Money) -> Callback: ...
    async def another_shop(self) -> Callback: ...
    async def pretended(self) -> Callback: ...
    def forged(self) -> Callback: ...
    def altered(self, callback: Callback, *, amount: Money, reference: str) -> Callback: ...


def asked(
    amount: Money = PRICE,
    reference: str = "",
    method: str = "yookassa",
    items: tuple[Item, ...] = (),
    email: str = "",
    phone: str = "",
    title: str = "WhatsApp +7 900, 1 month",
) -> LinkRequest:
    return LinkRequest(
        reference=reference or new_reference(),
        method=method,
        amount=amount,
        title=title,
        return_url="https://pay.example.org/return/abc",
        language="ru",
        items=items,
        email=email,
        phone=phone,
    )


def recorded(name: str) -> Callback:
    """A request as it came over the wire, kept word for word: head, empty line, body."""
    head, _, body = (RECORDED / name).read_bytes().partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    pairs = (line.split(": ", 1) for line in lines)
    return Callback(body, {name.lower(): value for name, value in pairs})


async def proven(gateway: Gateway, callback: Callback) -> Event | None:
    """What the books would hear of it; None where nothing is believed or nothing has ended."""
    try:
        told = await gateway.read_callback(callback)
        if isinstance(told, Hint):
            answer = await gateway.ask_hint(told) if told.final else None
            return None if isinstance(answer, Unfinished) else answer
    except BadCallback:
        return None
    return told


def lacking(callback: Callback) -> Iterator[tuple[str, Callback]]:
    """The callback without one of its fields, each in turn; those inside its objects too."""
    for query, raw in ((False, callback.body), (True, callback.query.encode())):
        for name, rest in _less_one(raw):
            yield name, replace(callback, **({"query": rest.decode()} if query else {"body": rest}))


def _less_one(raw: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        whole = json.loads(raw)
    except ValueError:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True)
        for at, (name, _) in enumerate(pairs):
            yield name, urlencode(pairs[:at] + pairs[at + 1 :]).encode()
        return
    for path in _paths(whole):
        less = json.loads(raw)
        inner = less
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]
        yield ".".join(path), json.dumps(less).encode()


def _paths(whole: object) -> Iterator[tuple[str, ...]]:
    if isinstance(whole, dict):
        for name, inner in whole.items():
            yield (name,)
            yield from ((name, *rest) for rest in _paths(inner))


class GatewayContract:
    """Each provider's tests subclass it with a fixture `street`, a `method` and recorded callbacks."""

    method: str
    price = PRICE
    recordings: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    """Fields without which a callback is a BadCallback; "." leads into an object."""
    lists_movements = True
    tells_test_money = True

    async def begun(self, street: Street) -> tuple[LinkRequest, Link]:
        request = asked(self.price, method=self.method)
        return request, await street.gateway.create_link(request)

    def part(self, minor: int) -> Money:
        """A sum in the currency that this provider takes."""
        return Money(minor, self.price.currency)

    async def known_as(self, street: Street, link: Link) -> str:
        """The provider's id of the payment behind a link, once it was paid."""
        return link.provider_payment

    async def test_one_reference_makes_one_payment(self, street: Street) -> None:
        request, link = await self.begun(street)
        assert (await street.gateway.create_link(request)).provider_payment == link.provider_payment
        assert link.url.startswith(("https://", "http://"))

    async def test_genuine_callback_is_believed(self, street: Street) -> None:
        request, link = await self.begun(street)
        paid = await proven(street.gateway, await street.pay(link))
        assert isinstance(paid, Paid)
        assert (paid.amount, paid.reference, paid.test) == (self.price, request.reference, False)
        known_as = await self.known_as(street, link)
        assert (paid.provider, paid.provider_payment) == (street.gateway.name, known_as)

    async def test_refusal_is_told_with_its_reason(self, street: Street) -> None:
        request, link = await self.begun(street)
        callback = await street.refuse(link)
        refused = (
            await proven(street.gateway, callback)
            if callback is not None
            else await street.gateway.ask(link.provider_payment, request.reference)
        )
        assert isinstance(refused, Refused)
        assert refused.reference == request.reference
        assert refused.code

    async def test_refund_made_elsewhere_names_its_payment(self, street: Street) -> None:
        request, link = await self.begun(street)
        await street.pay(link)
        part = self.part(self.price.minor // 9)
        callback = await street.refund(link, part)
        if callback is None:
            return
        back = await proven(street.gateway, callback)
        assert isinstance(back, Refunded)
        assert (back.amount, back.attempt) == (part, "")
        known_as = await self.known_as(street, link)
        assert (back.provider_payment, back.reference) == (known_as, request.reference)
        assert back.identity.kind is EventKind.REFUNDED

    async def test_forged_callback_is_not_believed(self, street: Street) -> None:
        await self.begun(street)
        assert await proven(street.gateway, street.forged()) is None

    async def test_altered_sum_or_order_is_never_believed(self, street: Street) -> None:
        _, link = await self.begun(street)
        genuine = await street.pay(link)
        truth = await proven(street.gateway, genuine)
        for amount, reference in ((self.part(1), ""), (self.price, new_reference())):
            altered = street.altered(genuine, amount=amount, reference=reference)
            assert (altered.body, altered.query) != (genuine.body, genuine.query)
            assert await proven(street.gateway, altered) in (None, truth)

    async def test_missing_field_never_makes_other_money(self, street: Street) -> None:
        _, link = await self.begun(street)
        genuine = await street.pay(link)
        truth = await proven(street.gateway, genuine)
        refused = set()
        for name, less in lacking(genuine):
            told = await proven(street.gateway, less)
            assert told in (None, truth), name
            refused |= {name} if told is None else set()
        assert set(self.needed) <= refused

    async def test_repeats_are_one_movement(self, street: Street) -> None:
        _, link = await self.begun(street)
        callback = await street.pay(link)
        told = [await proven(street.gateway, callback) for _ in range(3)]
        assert len({event.identity for event in told if isinstance(event, Paid)}) == 1

    async def test_every_door_tells_of_the_same_movement(self, street: Street) -> None:
        before = now() - timedelta(minutes=1)
        request, link = await self.begun(street)
        told = await proven(street.gateway, await street.pay(link))
        assert isinstance(told, Paid)
        for known_as in (link.provider_payment, ""):
            asked_after = await street.gateway.ask(known_as, request.reference, before)
            assert isinstance(asked_after, Paid)
            assert asked_after.identity == told.identity
            assert (asked_after.amount, asked_after.reference) == (told.amount, told.reference)
            assert (asked_after.provider_payment, asked_after.test) == (told.provider_payment, told.test)
        callback = await street.refund(link, self.price)
        back = await proven(street.gateway, callback) if callback is not None else None
        moved = {event.identity for event in (told, back) if isinstance(event, Paid | Refunded)}
        listed = {movement.identity async for movement in street.gateway.movements_since(before)}
        assert moved <= listed if self.lists_movements else not listed

    @pytest.mark.parametrize(
        "junk",
        [b"", b"{}", b"[]", b"null", b"\xff\xfe\x00", b"[" * 50_000, b"1" * 50_000, b'{"a":', b"a=1&b=%ff"],
    )
    async def test_junk_is_a_bad_callback(self, street: Street, junk: bytes) -> None:
        with pytest.raises(BadCallback):
            await street.gateway.read_callback(Callback(junk, {"x-signature": "\u0444"}))
        with pytest.raises(BadCallback):
            await street.gateway.read_callback(Callback(b"", query=junk.decode(errors="replace")))

    async def test_oversized_callback_is_refused(self, street: Street) -> None:
        _, link = await self.begun(street)
        genuine = await street.pay(link)
        with pytest.raises(BadCallback):
            await street.gateway.read_callback(replace(genuine, body=genuine.body + b" " * 200_000))

    async def test_cut_or_damaged_callback_is_the_truth_or_nothing(self, street: Street) -> None:
        _, link = await self.begun(street)
        genuine = await street.pay(link)
        truth = await proven(street.gateway, genuine)
        for at in range(0, len(genuine.body), 7):
            cut = genuine.body[:at]
            damaged = cut + bytes([genuine.body[at] ^ 1]) + genuine.body[at + 1 :]
            for body in (cut, damaged):
                assert await proven(street.gateway, replace(genuine, body=body)) in (None, truth)

    async def test_another_shops_payment_is_not_believed(self, street: Street) -> None:
        assert await proven(street.gateway, await street.another_shop()) is None

    async def test_pretended_money_is_marked_or_not_believed(self, street: Street) -> None:
        event = await proven(street.gateway, await street.pretended())
        assert (isinstance(event, Paid) and event.test) if self.tells_test_money else event is None

    async def test_money_without_our_mark_is_foreign(self, street: Street) -> None:
        event = await proven(street.gateway, await street.foreign(self.part(12300)))
        assert isinstance(event, Paid)
        assert (event.reference, event.amount) == ("", self.part(12300))

    async def test_recorded_callbacks_are_read(self, street: Street) -> None:
        for name in self.recordings:
            told = await street.gateway.read_callback(recorded(name))
            assert told.provider == street.gateway.name
