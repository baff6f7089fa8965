"""Which providers are on, which buttons they give, and what it costs to know that."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from bot.gateways.registry import ProviderSettings, offered_methods, open_gateways

SHOP = {"shop_id": "100500", "secret_key": "live_key"}


def settings(**more: object) -> ProviderSettings:
    return ProviderSettings.model_validate({"yookassa": SHOP | more})


async def test_without_a_button_its_callbacks_are_still_taken() -> None:
    switched_off = settings(methods=[])
    assert offered_methods(switched_off) == {}
    assert list(open_gateways(switched_off)) == ["yookassa"]


def test_provider_without_settings_is_off() -> None:
    assert offered_methods(ProviderSettings()) == {}
    assert open_gateways(ProviderSettings()) == {}


async def test_provider_with_settings_gives_its_buttons_in_order() -> None:
    wanted = settings(methods=["yookassa_sbp", "yookassa"], receipts="yookassa")
    offered, gateways = offered_methods(wanted), open_gateways(wanted)
    assert list(offered) == ["yookassa_sbp", "yookassa"]
    assert gateways["yookassa"].methods == tuple(offered.values())
    assert offered["yookassa"].needs_email
    assert offered["yookassa"].currencies == ("RUB",)
    await gateways["yookassa"].close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"shop_id": "my shop"},
        {"secret_key": ""},
        {"api_url": "http://api.yookassa.ru/v3"},
        {"api_url": "ftp://127.0.0.1/v3"},
        {"api_url": "api.yookassa.ru"},
        {"methods": ["cash"]},
        {"receipts": "yes"},
        {"tax_system_code": 2},
        {"receipts": "register", "tax_system_code": 7},
        {"ask_timeout": 0},
        {"secret": "typo"},
    ],
)
def test_wrong_setting_is_refused_without_showing_the_key(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refusal:
        settings(**wrong)
    assert "live_key" not in str(refusal.value)


def test_plain_http_is_for_test_shops_and_this_machine() -> None:
    assert settings(api_url="http://127.0.0.1:8081/v3").yookassa
    assert settings(secret_key="test_key", api_url="http://sandbox:8081/v3").yookassa


def test_knowing_the_buttons_imports_neither_sdk_nor_http() -> None:
    look = (
        "import sys; from bot.gateways.registry import *; "
        "offered_methods(ProviderSettings(yookassa={'shop_id': '1', 'secret_key': 'k'})); "
        "print([name for name in ('yookassa', 'requests', 'aiohttp', 'structlog') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


ROBOKASSA = {"login": "demo-shop", "password1": "first_key", "password2": "second_key"}


def robokassa(**more: object) -> ProviderSettings:
    return ProviderSettings.model_validate({"robokassa": ROBOKASSA | more})


async def test_robokassa_offers_what_its_shop_can() -> None:
    wanted = robokassa(methods=["robokassa", "robokassa_sbp"], sbp_label="SBPPSR", receipts="robokassa")
    offered, gateways = offered_methods(wanted), open_gateways(wanted)
    assert list(offered) == ["robokassa", "robokassa_sbp"]
    page = offered["robokassa"]
    assert page.schemes == ("mir", "visa", "mastercard", "sbp")
    assert (page.needs_email, page.refunds, page.saves_cards, page.offsets) == (True, False, False, False)
    whole = robokassa(
        password3="third_key", recurring=True, receipts="robokassa", site="https://shop.example"
    )
    page = offered_methods(whole)["robokassa"]
    assert (page.refunds, page.saves_cards, page.offsets, page.asks) == (True, True, True, True)
    await gateways["robokassa"].close()


def test_hash_is_sha256_unless_said_otherwise_in_any_spelling() -> None:
    assert robokassa().robokassa is not None
    assert [s.robokassa.hash for s in (robokassa(), robokassa(hash="sha-512")) if s.robokassa] == [
        "SHA256",
        "SHA512",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "my shop"},
        {"password2": "first_key"},
        {"test_password2": "second_key"},
        {"test": True},
        {"test": True, "test_password1": "third_key"},
        {"hash": "CRC32"},
        {"base_url": "http://auth.robokassa.ru"},
        {"services_url": "ftp://127.0.0.1"},
        {"fiscal_url": "ws.roboxchange.com"},
        {"methods": ["robokassa_card"]},
        {"card_label": "a b"},
        {"receipts": "yes"},
        {"sno": "osn"},
        {"receipts": "smz", "sno": "osn"},
        {"site": "shop.example"},
        {"password": "typo"},
    ],
)
def test_wrong_robokassa_setting_is_refused_without_showing_a_password(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refusal:
        robokassa(**wrong)
    assert "_key" not in str(refusal.value.errors(include_input=False, include_url=False))
