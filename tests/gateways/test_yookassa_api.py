"""What YooKassa's answers mean, status by status, and what the log may know of them."""

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest
import structlog
from yookassa import Configuration

from bot.domain.errors import OutcomeUnknown, ProviderError, ProviderRefused, ProviderUnavailable
from tests.gateways.contract import asked
from tests.gateways.scripted import Scripted
from tests.gateways.yookassa_street import SHOP, YooKassaStreet, basic, opened

ID = "2f0c1b7a-000f-5001-8000-1a2b3c4d5e6f"
ERROR = {"type": "error", "id": "e-1", "code": "c", "description": "d", "parameter": "p", "retry_after": 1500}
PAGE = b"<html>502</html>"
ME = {"account_id": SHOP, "status": "enabled", "test": False, "fiscalization": {"enabled": False}}

on_asking, on_acting = "asking", "acting"


async def tried(scripted: Scripted, what: str) -> None:
    async with opened(scripted.base) as gateway:
        if what == on_asking:
            await gateway.ask(ID, "")
        else:
            await gateway.create_link(asked())


@pytest.mark.parametrize(
    ("status", "answer", "when_asking", "when_acting"),
    [
        (200, PAGE, ProviderUnavailable, OutcomeUnknown),
        (200, b"", ProviderUnavailable, OutcomeUnknown),
        (200, [], ProviderUnavailable, OutcomeUnknown),
        (200, b"[" * 100_000, ProviderUnavailable, OutcomeUnknown),
        (200, b" " * 5_000_000, ProviderUnavailable, OutcomeUnknown),
        (200, {}, ProviderUnavailable, OutcomeUnknown),
        (202, {"type": "processing"}, ProviderUnavailable, OutcomeUnknown),
        (302, {}, ProviderUnavailable, OutcomeUnknown),
        (400, ERROR, ProviderRefused, ProviderRefused),
        (400, ERROR | {"parameter": "Idempotence-Key"}, OutcomeUnknown, OutcomeUnknown),
        (400, {"some": "proxy"}, ProviderUnavailable, OutcomeUnknown),
        (401, ERROR, ProviderRefused, ProviderRefused),
        (403, ERROR, ProviderRefused, ProviderRefused),
        (403, PAGE, ProviderUnavailable, OutcomeUnknown),
        (404, ERROR, ProviderRefused, ProviderRefused),
        (404, PAGE, ProviderUnavailable, OutcomeUnknown),
        (405, ERROR, ProviderRefused, ProviderRefused),
        (408, ERROR, ProviderUnavailable, OutcomeUnknown),
        (409, ERROR, ProviderUnavailable, OutcomeUnknown),
        (410, ERROR, ProviderRefused, ProviderRefused),
        (415, ERROR, ProviderRefused, ProviderRefused),
        (429, ERROR, ProviderUnavailable, ProviderUnavailable),
        (429, PAGE, ProviderUnavailable, ProviderUnavailable),
        (500, ERROR, ProviderUnavailable, OutcomeUnknown),
        (502, PAGE, ProviderUnavailable, OutcomeUnknown),
        (503, ERROR, ProviderUnavailable, OutcomeUnknown),
    ],
)
async def test_each_status_is_told_apart(
    status: int, answer: object, when_asking: type[ProviderError], when_acting: type[ProviderError]
) -> None:
    async with Scripted(answer, status=status) as scripted:
        with pytest.raises(ProviderError) as asking:
            await tried(scripted, on_asking)
        with pytest.raises(ProviderError) as acting:
            await tried(scripted, on_acting)
    assert isinstance(asking.value, when_asking)
    assert isinstance(acting.value, when_acting)


async def test_pause_the_provider_asks_for_is_passed_on() -> None:
    async with Scripted(ERROR, status=429) as scripted:
        with pytest.raises(ProviderUnavailable) as refusal:
            await tried(scripted, on_asking)
    assert refusal.value.retry_after == 1.5


async def test_wrong_key_names_the_settings_to_mend() -> None:
    async with Scripted(ERROR, status=401) as scripted:
        with pytest.raises(ProviderRefused, match=r"YOOKASSA__SECRET_KEY.*error e-1"):
            await tried(scripted, on_asking)


async def test_redirect_does_not_carry_the_key_elsewhere() -> None:
    async with Scripted({}) as elsewhere:
        async with Scripted({}, status=302, headers={"Location": elsewhere.base}) as scripted:
            with pytest.raises(ProviderUnavailable):
                await tried(scripted, on_asking)
            assert scripted.requests[0].headers["Authorization"] == basic()
        assert elsewhere.requests == []


async def test_request_bears_our_reference_as_its_key() -> None:
    request = asked()
    async with Scripted({}) as scripted, opened(scripted.base) as gateway:
        with pytest.raises(OutcomeUnknown):
            await gateway.create_link(request)
        assert scripted.requests[0].headers["Idempotence-Key"] == request.reference
        assert scripted.requests[0].path == "/v3/payments"


@pytest.mark.parametrize(
    ("change", "receipts", "remark"),
    [
        ({}, "off", f"shop {SHOP} answers"),
        ({"account_id": "7"}, "off", "YOOKASSA__SHOP_ID"),
        ({"test": True}, "off", "is live, YooKassa says the opposite"),
        ({"status": "disabled"}, "off", "disabled"),
        ({"fiscalization": {"enabled": True}}, "off", "YOOKASSA__RECEIPTS"),
        ({"fiscalization_enabled": True}, "off", "YOOKASSA__RECEIPTS"),
        ({"fiscalization": {"enabled": True}}, "yookassa", f"shop {SHOP} answers"),
        ({}, "register", "issues no receipts"),
    ],
)
async def test_check_names_what_to_mend(change: dict[str, object], receipts: str, remark: str) -> None:
    async with Scripted(ME | change) as scripted, opened(scripted.base, receipts=receipts) as gateway:
        health = await gateway.check()
    assert remark in health.remark
    assert health.well is ("answers" in remark)
    assert "\n" not in health.remark


async def test_call_that_is_given_up_is_told_as_such() -> None:
    outcomes: list[str] = []
    async with (
        Scripted({}, delay=3) as scripted,
        opened(
            scripted.base, on_call=lambda _, outcome, __: outcomes.append(outcome), ask_timeout=60
        ) as gateway,
    ):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(gateway.ask(ID, ""), 0.1)
    assert outcomes == ["cancelled"]


async def test_slow_answers_do_not_hold_up_the_others() -> None:
    pending = {"id": ID, "status": "pending"}
    async with (
        Scripted(pending, delay=0.5) as scripted,
        opened(scripted.base, ask_timeout=9, connect_timeout=9) as gateway,
    ):
        began = time.perf_counter()
        await asyncio.gather(*(gateway.ask(ID, "") for _ in range(120)))
        assert time.perf_counter() - began < 5


async def test_list_whose_cursor_stands_still_ends() -> None:
    page = {"type": "list", "items": [], "next_cursor": "same"}
    async with Scripted(page) as scripted, opened(scripted.base) as gateway:
        assert await gateway.ask("", "reference") is not None
        assert len(scripted.requests) == 2


@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_log_knows_neither_secrets_nor_people(status: int, log_lines: Callable[[], str]) -> None:
    trouble = Scripted(ERROR, status=status, headers={"X-Request-Id": "r-77"})
    async with trouble as scripted, opened(scripted.base, "live_Sup3rSecret") as gateway:
        with pytest.raises(ProviderError):
            request = asked(email="anna@example.org", phone="+79000000000", title="Anna's line")
            await gateway.create_link(request)
    lines = log_lines()
    for private in ("Sup3rSecret", basic(), "anna", "7900", "Anna", "Authorization"):
        assert private not in lines
    for wanted in ("provider.called", "yookassa", "create_payment", str(status), "r-77"):
        assert wanted in lines


@pytest.fixture
def log_lines() -> Iterator[Callable[[], str]]:
    with structlog.testing.capture_logs() as entries:
        yield lambda: repr(entries)


async def test_sdk_is_left_without_credentials_and_without_a_log(street: YooKassaStreet) -> None:
    await street.gateway.create_link(asked())
    assert Configuration.account_id is None
    assert Configuration.secret_key is None
    assert Configuration.logger is None
