import base64
import ipaddress
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from bot.config import Settings, load_settings
from bot.domain.errors import SettingsError
from bot.domain.states import Role

ROOT = Path(__file__).parents[1]
KEY = "k" * 40
NEEDED = {"BOT_TOKEN": "42:AAH-secret", "SECRET_KEY": KEY}
NETWORK = {
    "TERMINALS__ELSOM__SECRET": "a-secret-of-tests",
    "TERMINALS__ELSOM__CURRENCY": "KGS",
    "TERMINALS__ELSOM__ALLOW": "192.0.2.7, 10.0.0.0/8",
    "PUBLIC_URL": "https://pay.example.org",
}
SHOP = {"YOOKASSA__SHOP_ID": "100500", "YOOKASSA__SECRET_KEY": "live_hush"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.environ", {})


def settings(**environment: str) -> Settings:
    os.environ.update(NEEDED | environment)
    return load_settings(env_file=None)


def refusal(**environment: str) -> str:
    with pytest.raises(SettingsError) as refused:
        settings(**environment)
    return str(refused.value)


def test_two_settings_are_enough_to_start() -> None:
    found = settings()
    assert found.database_url == "sqlite:///var/kassir.db"
    assert found.providers == ()
    assert found.dialogs_file == Path("var/dialogs.db")
    assert found.base_url == "http://127.0.0.1:8080"
    assert found.timezone.key == "Europe/Moscow"


def test_missing_ones_are_told_together_with_their_mend() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(env_file=None)
    first, second = str(refused.value).splitlines()
    assert first.startswith("BOT_TOKEN: is missing: write the token that @BotFather gave you")
    assert second.startswith("SECRET_KEY: is missing: make one: python -c")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BOT_TOKEN", "hush-hush", "BOT_TOKEN: is not a bot token: write the token"),
        ("SECRET_KEY", "hush-hush", "SECRET_KEY: is too short: make one"),
        ("LISTEN_PORT", "hush-hush", "LISTEN_PORT: is not a whole number: write a number from 1 to 65535"),
        ("LISTEN_PORT", "70000", "LISTEN_PORT: input should be less than or equal to 65535"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "TRUSTED_PROXIES: is not an address or a network such as"),
        ("TRUSTED_PROXIES", "[10", "TRUSTED_PROXIES: is not a list"),
        ("OPERATORS__OWNER", "[1", "OPERATORS__OWNER: is not a list such as [1, 2]"),
        ("OPERATORS__OWNER", "anna", "OPERATORS__OWNER: is not a whole number"),
        ("OPERATORS__BOSS", "[1]", "OPERATORS__BOSS: there is no such setting"),
        ("DEFAULT_LOCALE", "de", "DEFAULT_LOCALE: is not known: write ru, en, be or ky"),
        ("TIMEZONE", "Moscow", "TIMEZONE: is not a time zone: write a name such as Europe/Minsk"),
        ("PUBLIC_URL", "pay.example.org", "PUBLIC_URL: is not an address"),
        ("PUBLIC_URL", "http://pay.example.org", "PUBLIC_URL: begins with http://, which anybody"),
        ("TELEGRAM_WEBHOOK_URL", "https://pay.example.org/telegram", "TELEGRAM_WEBHOOK_SECRET: is missing"),
        ("SELLER_WEBHOOK__URL", "https://cabinet.example", "SELLER_WEBHOOK__SECRET: is missing: make one"),
        ("SELLER_WEBHOOK__URL", "http://cabinet.example", "SELLER_WEBHOOK__URL: begins with http://"),
        ("SELLER_WEBHOOK__SECRET", "whsec_aHVzaC1odXNo", "SELLER_WEBHOOK__SECRET: is not whsec_ and 24"),
        ("TELEGRAM_WEBHOOK_SECRET", "hush-hush", "TELEGRAM_WEBHOOK_SECRET: is not 16 to 256 of"),
        ("YOOKASSA__SHOP_ID", "100500", "YOOKASSA__SECRET_KEY: is missing"),
        (
            "CLOCK_URL",
            "http://192.168.0.7/clock",
            "CLOCK_URL: does not lead to this very machine: take it out",
        ),
        (
            "CLOCK_URL",
            "https://clock.example.org",
            "CLOCK_URL: does not lead to this very machine: take it out",
        ),
        ("CLOCK_URL", "http://127.0.0.1.example.org/", "CLOCK_URL: does not lead to this very machine"),
        ("YOOKASSA__METHODS", "[card", "YOOKASSA: a list in it cannot be read"),
    ],
)
def test_wrong_value_is_named_and_never_repeated(name: str, value: str, said: str) -> None:
    message = refusal(**{name: value})
    assert said in message
    assert "hush-hush" not in message


def test_slip_in_a_name_is_answered_with_the_name() -> None:
    message = refusal(YOOKASSA__SHOPID="1", **SHOP, PUBLIC_URL="https://pay.example.org")
    assert message == "YOOKASSA__SHOPID: there is no such setting: did you mean YOOKASSA__SHOP_ID?"


def test_slip_in_the_env_file_is_found(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("OPERATOR_CHAT_ID=5\n")
    with pytest.raises(
        SettingsError, match=r"OPERATOR_CHAT_ID: there is no .* did you mean OPERATORS_CHAT_ID"
    ):
        load_settings(env_file)


def test_settings_of_other_programs_in_the_environment_are_let_be() -> None:
    assert settings(PATH="/bin", PAYPASS__LOGIN="later").providers == ()


def test_secrets_do_not_show_when_printed() -> None:
    found = settings(
        DATABASE_URL="postgresql+asyncpg://kassir:hush@db/kassir",
        PUBLIC_URL="https://pay.example.org",
        **SHOP,
    )
    assert "hush" not in f"{found!r} {found}"
    assert KEY not in repr(found)
    assert "AAH-secret" not in repr(found)


def test_provider_is_on_when_its_block_is_there() -> None:
    found = settings(**SHOP, PUBLIC_URL="https://pay.example.org/")
    assert found.providers == ("yookassa",)
    assert found.base_url == "https://pay.example.org"


def test_provider_without_a_public_address_is_refused() -> None:
    assert refusal(**SHOP).startswith("PUBLIC_URL: is missing: every link to pay leads there")


def test_own_bot_api_server_may_do_without_a_public_address() -> None:
    found = settings(**SHOP, TELEGRAM_API_URL="http://127.0.0.1:8081/", LISTEN_PORT="9000")
    assert found.telegram_api_url == "http://127.0.0.1:8081"
    assert found.base_url == "http://127.0.0.1:9000"


def test_empty_is_the_same_as_left_out() -> None:
    assert settings(YOOKASSA__SHOP_ID="", YOOKASSA__SECRET_KEY="", LISTEN_PORT="").listen_port == 8080


def test_lists_are_json_or_commas() -> None:
    found = settings(OPERATORS__OWNER="[1, 2]", OPERATORS__VIEWER="2, 3", TRUSTED_PROXIES="10.0.0.0/8,::1")
    assert found.operators.roles == {1: Role.OWNER, 2: Role.OWNER, 3: Role.VIEWER}
    assert found.trusted_proxies == (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1"))


def test_topics_are_those_that_have_a_number_or_stand_in_for_another() -> None:
    found = settings(OPERATORS_TOPICS__MONEY="5", OPERATORS_TOPICS__REPORTS="7", OPERATORS_TOPICS__TALK="")
    assert found.operators_topics.numbers == {"money": 5, "refunds": 5, "reports": 7}
    assert refusal(OPERATORS_TOPICS__HOUSE="main").startswith("OPERATORS_TOPICS__HOUSE: ")


def test_dialogs_stand_beside_the_books() -> None:
    assert settings(DATABASE_URL="sqlite:////srv/kassir/books.db").dialogs_file == Path(
        "/srv/kassir/dialogs.db"
    )
    assert settings(DATABASE_URL="postgresql+asyncpg://db/kassir").dialogs_file == Path("var/dialogs.db")
    assert settings(DIALOGS_PATH="/tmp/talk.db").dialogs_file == Path("/tmp/talk.db")


def test_example_lists_every_setting_and_no_other() -> None:
    shown = re.findall(
        r"^(?:# )?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(shown) == sorted(every_setting())


def every_setting() -> list[str]:
    names = []
    for name, field in Settings.model_fields.items():
        kinds = (field.annotation, *getattr(field.annotation, "__args__", ()))
        blocks = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
        inner = [
            f"{name}__{field.alias or each}" for block in blocks for each, field in block.model_fields.items()
        ]
        inner += [f"{name}__elsom__{each}" for block in named_blocks(kinds) for each in block.model_fields]
        names += [each.upper() for each in inner or [name]]
    return names


def named_blocks(kinds: Iterable[Any]) -> list[type[BaseModel]]:
    """Of a setting that holds a block for each name, such as a network."""
    return [block for kind in kinds if get_origin(kind) is dict for block in get_args(kind)[1:]]


def test_example_itself_lacks_only_what_is_needed() -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(ROOT / ".env.example")
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == ["BOT_TOKEN", "SECRET_KEY"]


def test_networks_are_named_as_the_seller_likes() -> None:
    found = settings(**NETWORK, TERMINALS__PAY_24__SECRET="1" * 16, TERMINALS__PAY_24__CURRENCY="RUB",
                     TERMINALS__PAY_24__USER="pay", TERMINALS__PAY_24__PASSWORD="0000")  # fmt: skip
    assert found.terminals is not None
    assert list(found.terminals) == ["elsom", "pay_24"]
    assert found.terminals["elsom"].allow == (
        ipaddress.ip_network("192.0.2.7"),
        ipaddress.ip_network("10.0.0.0/8"),
    )
    assert (str(found.terminals["elsom"].zone), str(found.terminals["pay_24"].zone)) == (
        "Asia/Bishkek",
        "Europe/Moscow",
    )
    assert found.terminals["pay_24"].password.get_secret_value() == "0000"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TERMINALS__ELSOM__SECRET", "short", "TERMINALS__ELSOM__SECRET: is not 16 to 128 of"),
        ("TERMINALS__ELSOM__ALLOW", "", "TERMINALS__ELSOM__ALLOW: is missing"),
        ("TERMINALS__ELSOM__ALLOW", "everybody", "TERMINALS__ELSOM__ALLOW: is not an address"),
        ("TERMINALS__ELSOM__CURRENCY", "XTR", "TERMINALS__ELSOM__CURRENCY: is not known: write KGS, RUB"),
        ("TERMINALS__ELSOM__MINIMUM", "1e3", "TERMINALS__ELSOM__MINIMUM: is not a sum: write a sum"),
        ("TERMINALS__ELSOM__MAXIMUM", "0.50", "TERMINALS__ELSOM__MAXIMUM: is below the minimum"),
        ("TERMINALS__ELSOM__USER", "pay", "TERMINALS__ELSOM__PASSWORD: belongs together with a user"),
        ("TERMINALS__ELSOM__ELEMENT", "a b", "TERMINALS__ELSOM__ELEMENT: is not the name of an element"),
        ("TERMINALS__ELSOM__SECRETE", "x", "TERMINALS__ELSOM__SECRETE: there is no such setting"),
    ],
)
def test_mend_of_a_networks_setting_names_the_network(name: str, value: str, said: str) -> None:
    assert refusal(**(NETWORK | {name: value})).startswith(said)


@pytest.mark.parametrize("name", ["YOOKASSA", "TERMINAL", "TERMINALS", "_X", "9", "ЭЛСОМ"])
def test_network_cannot_be_called_as_something_else_is(name: str) -> None:
    block = {key.replace("ELSOM", name): value for key, value in NETWORK.items()}
    assert "cannot be a network's name" in refusal(**block)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("YOOKASSA__SHOP_ID", "my shop", "YOOKASSA__SHOP_ID: is of another shape: write the shop's number"),
        ("YOOKASSA__METHODS", '["cash"]', "YOOKASSA__METHODS: is not known: write a list of: yookassa, "),
        ("YOOKASSA__RECEIPTS", "yes", "YOOKASSA__RECEIPTS: is not known: write off, yookassa or register"),
        ("YOOKASSA__API_URL", "http://api.example", "YOOKASSA__API_URL: is not a safe address: leave it out"),
    ],
)
def test_mend_of_a_setting_inside_a_block_is_its_own(name: str, value: str, said: str) -> None:
    assert refusal(**(SHOP | {name: value, "PUBLIC_URL": "https://pay.example.org"})).startswith(said)


@pytest.mark.parametrize(
    ("token", "more", "why"),
    [
        ("123:LIVE:1", {}, "needs YOOKASSA__SHOP_ID and YOOKASSA__SECRET_KEY of the same shop"),
        ("123:TEST:1", SHOP, "is a TEST token beside the key of a live shop"),
        (
            "123:LIVE:1",
            SHOP | {"YOOKASSA__SECRET_KEY": "test_key"},
            "is a LIVE token beside the key of a test",
        ),
        ("bot123", SHOP, "is not a provider token: write the token from @BotFather"),
    ],
)
def test_provider_token_that_does_not_fit_the_shop_is_refused(
    token: str, more: dict[str, str], why: str
) -> None:
    told = refusal(PUBLIC_URL="https://a.example", TELEGRAM_PROVIDER_TOKEN=token, **more)
    assert told.startswith(f"TELEGRAM_PROVIDER_TOKEN: {why}")
    assert token not in told


def test_provider_token_is_no_provider_and_is_never_shown() -> None:
    found = settings(PUBLIC_URL="https://a.example", TELEGRAM_PROVIDER_TOKEN="123456:LIVE:hush", **SHOP)
    assert found.providers == ("yookassa",)
    assert "hush" not in repr(found)


def test_stars_may_be_switched_off_without_being_forgotten() -> None:
    found = settings(PUBLIC_URL="https://a.example", STARS__ENABLED="false")
    assert found.providers == ("stars",)
    assert found.stars is not None
    assert found.stars.offered() == ()


@pytest.mark.parametrize("size", [24, 32, 40, 64])
@pytest.mark.parametrize("end", ["", "padded"])
def test_secret_of_webhooks_is_taken_as_it_was_made(size: int, end: str) -> None:
    text = base64.b64encode(bytes(range(size))).decode()
    made = "whsec_" + (text if end else text.rstrip("="))
    found = settings(SELLER_WEBHOOK__URL="https://cabinet.example/hook?a=1", SELLER_WEBHOOK__SECRET=made)
    assert found.seller_webhook is not None
    assert found.seller_webhook.secrets == (made,)
    assert made not in repr(found)


MAIL = {
    "SMTP__URL": "smtp://pay%40example.org:hu%2Fsh@mail.example.org",
    "SMTP__FROM": "Канал+ <pay@example.org>",
}


def test_mail_takes_two_lines() -> None:
    found = settings(**MAIL).smtp
    assert found is not None
    assert (found.server.host, found.server.port, found.server.user, found.server.password) == (
        "mail.example.org", 587, "pay@example.org", "hu/sh",
    )  # fmt: skip
    assert (found.server.starttls, found.server.tls) == (True, False)
    assert (found.sender.name, found.sender.email, found.sender.domain) == (
        "Канал+", "pay@example.org", "example.org",
    )  # fmt: skip
    assert "hush" not in repr(found) + repr(found.server)
    assert "hu" not in repr(found).replace("**", "")


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "starttls"),
    [
        ("smtps://mail.example.org", "mail.example.org", 465, True, False),
        ("smtp://127.0.0.1:2525?starttls=off", "127.0.0.1", 2525, False, False),
        ("smtp://a:b@10.0.0.7?starttls=off", "10.0.0.7", 587, False, False),
    ],
)
def test_how_mail_is_locked(url: str, host: str, port: int, tls: bool, starttls: bool) -> None:
    found = settings(**MAIL | {"SMTP__URL": url}).smtp
    assert found is not None
    server = found.server
    assert (server.host, server.port, server.tls, server.starttls) == (host, port, tls, starttls)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (
            "SMTP__URL",
            "https://hush@mail.example.org",
            "is not an address: write smtp://user:password@host:587",
        ),
        ("SMTP__URL", "smtp://:99999999", "is not an address"),
        ("SMTP__URL", "smtp://u:hush@mail.example.org?starttls=off", "would send its password"),
        ("SMTP__URL", "smtp://u:hush@mail.example.org?startls=off", "has an option"),
        ("SMTP__FROM", "Канал+", "is not a name and an address: write the name and the address"),
        ("SMTP__FROM", "Анна <анна@example.org>", "is not a name and an address"),
        ("SMTP__FROM", "", "is missing: write the name and the address"),
        ("SMTP__FORM", "x", "did you mean SMTP__FROM"),
    ],
)
def test_mail_that_is_written_wrong(name: str, value: str, says: str) -> None:
    told = refusal(**MAIL | {name: value})
    assert name in told
    assert says in told
    assert "hush" not in told
