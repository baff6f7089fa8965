"""Settings, one for each line of .env.example; only commands/ and app/ read them."""

from __future__ import annotations

import base64
import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic import model_validator as after_all
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnparsedSettings

from bot.domain.errors import SettingsError
from bot.domain.states import Role
from bot.gateways.addresses import OutsideUrl, is_near
from bot.gateways.base import BotAccess
from bot.gateways.registry import ProviderSettings
from bot.gateways.setting_values import Ids, Networks, Zone

TELEGRAM = "https://api.telegram.org"
HOW_TO_MAKE_ONE = 'make one: python -c "import secrets; print(secrets.token_urlsafe(48))"'
HOW_TO_SIGN = (
    "make one, and give it to your endpoint as well: "
    "python -c \"import base64, os; print('whsec_' + base64.b64encode(os.urandom(32)).decode())\""
)
PLAINER = {
    "missing": "is missing",
    "too_short": "is too short",
    "int_parsing": "is not a whole number",
    "literal_error": "is not known",
    "string_pattern_mismatch": "is of another shape",
}
"""pydantic's words for the commonest mistakes, said more simply."""


def _token(token: SecretStr) -> SecretStr:
    if re.fullmatch(r"\d+:[\w-]+", token.get_secret_value(), re.ASCII) is None:
        raise ValueError("is not a bot token")
    return token


def _webhook_secret(secret: SecretStr) -> SecretStr:
    if re.fullmatch(r"[\w-]{16,256}", secret.get_secret_value(), re.ASCII) is None:
        raise ValueError("is not 16 to 256 of A-Z, a-z, 0-9, _ and -")
    return secret


def _signing_secret(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value().removeprefix("whsec_").rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        key = b""
    if not 24 <= len(key) <= 64:
        raise ValueError("is not whsec_ and 24 to 64 bytes in base64")
    return secret


def _public_address(url: str) -> str:
    """HTTPS everywhere but on one's own machine and network."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("is not an address")
    if parts.scheme == "http" and not is_near(parts.hostname):
        raise ValueError("begins with http://, which anybody on the way can read and change")
    return url.rstrip("/")


Address = Annotated[str, AfterValidator(_public_address)]
SigningSecret = Annotated[SecretStr, AfterValidator(_signing_secret)]


TOPIC = "write the topic's number; the bot says it there: /id"


class Operators(BaseModel):
    """Who may do what in the operators' group; being in the group gives no right."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    owner: Ids = ()
    cashier: Ids = ()
    operator: Ids = ()
    viewer: Ids = ()

    @property
    def roles(self) -> Mapping[int, Role]:
        """Each person's highest role."""
        return {person: role for role in Role for person in getattr(self, role.value)}


class Topics(BaseModel):
    """Forum topics of the operators' group; what has none goes to the general one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    money: int | None = Field(None, ge=1, description=TOPIC)
    talk: int | None = Field(None, ge=1, description=TOPIC)
    house: int | None = Field(None, ge=1, description=TOPIC)

    @property
    def numbers(self) -> Mapping[str, int]:
        """Those that are set, by name."""
        return {name: number for name, number in self if number is not None}


class SellerWebhook(BaseModel):
    """Where the seller's own systems hear of money and connectors, and what signs those messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: OutsideUrl = Field(description="write the address of your endpoint: https://…, or leave both out")
    secret: SigningSecret = Field(description=HOW_TO_SIGN)
    secret_previous: SigningSecret | None = Field(
        None, description="write the secret you had before, or leave it out"
    )

    @property
    def secrets(self) -> tuple[str, ...]:
        """The newest first."""
        both = (self.secret, self.secret_previous)
        return tuple(secret.get_secret_value() for secret in both if secret is not None)


class Settings(ProviderSettings, BaseSettings):
    """A field's description is the mend that a wrong value is answered with."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_nested_delimiter="__",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    bot_token: Annotated[SecretStr, AfterValidator(_token)] = Field(
        description="write the token that @BotFather gave you, such as 123456:AAH…"
    )
    telegram_api_url: Address = Field(
        TELEGRAM, description="leave it out, or write the address of your Bot API server"
    )
    telegram_link_base: Address = Field(
        "https://t.me", description="leave it out, or write the address before /<bot>?start=… in your sandbox"
    )
    telegram_webhook_url: Address | None = Field(
        None, description="write https://<your host>/telegram, or leave it out: the bot then asks for updates"
    )
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = Field(
        None, description=HOW_TO_MAKE_ONE
    )

    database_url: str = Field(
        "sqlite:///var/kassir.db",
        repr=False,
        description="write sqlite:///folder/file.db or postgresql+asyncpg://user:password@host/name",
    )
    dialogs_path: Path | None = Field(None, description="write the path of a file")
    catalog_path: Path = Field(Path("catalog.toml"), description="write the path of your catalogue")

    secret_key: SecretStr = Field(min_length=32, description=HOW_TO_MAKE_ONE)
    secret_key_previous: SecretStr | None = Field(
        None, min_length=32, description="write the SECRET_KEY you had before, or leave it out"
    )
    public_url: Address = Field(
        "",
        validate_default=False,
        description="write the address customers' browsers reach the bot by: https://…",
    )
    listen_host: str = Field(
        "127.0.0.1", min_length=1, description="write 127.0.0.1, or 0.0.0.0 in a container"
    )
    listen_port: int = Field(8080, ge=0, le=65535, description="write a number from 1 to 65535")
    trusted_proxies: Networks = Field((), description='write ["127.0.0.1"] or ["10.0.0.0/8"]')
    api_token: SecretStr | None = Field(None, min_length=32, description=HOW_TO_MAKE_ONE)
    metrics_token: SecretStr | None = Field(None, min_length=16, description=HOW_TO_MAKE_ONE)

    seller_webhook: SellerWebhook | None = None

    operators_chat_id: int | None = Field(
        None, description="write the group's number, such as -1001234567890"
    )
    operators: Operators = Operators()
    operators_topics: Topics = Topics()
    default_locale: Literal["ru", "en", "be", "ky"] = Field("ru", description="write ru, en, be or ky")
    timezone: Zone = Field(
        ZoneInfo("Europe/Moscow"), description="write a name such as Europe/Minsk or Asia/Bishkek"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="write DEBUG, INFO, WARNING or ERROR"
    )

    @property
    def providers(self) -> tuple[str, ...]:
        """The providers that are switched on."""
        return tuple(
            name for name in ProviderSettings.model_fields if isinstance(getattr(self, name), BaseModel)
        )

    @property
    def bot_access(self) -> BotAccess:
        """Where this bot's calls go, for what speaks to Telegram without a dialog."""
        return BotAccess.of(self.bot_token.get_secret_value(), self.telegram_api_url)

    @property
    def dialogs_file(self) -> Path:
        """Dialog state is a file of its own, beside the books where these are a file too."""
        if self.dialogs_path is not None:
            return self.dialogs_path
        scheme, _, place = self.database_url.partition(":///")
        return Path(place).with_name("dialogs.db") if scheme.startswith("sqlite") else Path("var/dialogs.db")

    @property
    def base_url(self) -> str:
        """Where our own pages are; without a public address they are for browsers on this machine."""
        return self.public_url or f"http://127.0.0.1:{self.listen_port}"

    @after_all(mode="after")
    def _webhook_is_locked(self) -> Self:
        if self.telegram_webhook_url and self.telegram_webhook_secret is None:
            raise ValueError(
                "telegram_webhook_secret: is missing: without it anybody could say that he has paid"
            )
        return self

    @after_all(mode="after")
    def _links_lead_somewhere(self) -> Self:
        if self.providers and not self.public_url and self.telegram_api_url == TELEGRAM:
            raise ValueError("public_url: is missing: every link to pay leads there")
        return self


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment, then `.env`; everything that is wrong is told at once, and no value of it."""
    try:
        return Settings(_env_file=env_file)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise SettingsError("\n".join(_sentences(problems))) from None
    except UnparsedSettings as error:
        field = re.search(r'field "(\w+)"', str(error))
        name = field[1].upper() if field else "a setting"
        raise SettingsError(f'{name}: a list in it cannot be read: write ["one", "two"]') from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file} is not UTF-8: save it in that encoding") from None


def _sentences(problems: Iterable[ErrorDetails]) -> Iterable[str]:
    """One for each setting: what follows from a first mistake is not told."""
    told: dict[tuple[str, ...], str] = {}
    for problem in problems:
        path, reason = _reason(problem)
        is_unknown = problem["type"] == "extra_forbidden"
        told.setdefault(path, _unknown(path) if is_unknown else f"{reason}: {_mend(path)}")
    return [f"{_name(path)}: {words}" for path, words in told.items()]


def _reason(problem: ErrorDetails) -> tuple[tuple[str, ...], str]:
    """Where it is and what is wrong; a check of a whole block names its field itself, `field: reason`."""
    path = tuple(part for part in problem["loc"] if isinstance(part, str) and part.islower())
    reason = problem["msg"].removeprefix("Value error, ")
    named = re.match(r"([a-z_.0-9]+): (.*)", reason, re.DOTALL)
    if named and problem["type"] == "value_error":
        return (*path, *named[1].split(".")), named[2]
    return path, PLAINER.get(problem["type"]) or reason[0].lower() + reason[1:]


def _name(path: Iterable[str]) -> str:
    return "__".join(path).upper()


def _mend(path: tuple[str, ...]) -> str:
    model: type[BaseModel] | None = Settings
    field = None
    for part in _without_given_names(path):
        field = model.model_fields.get(part) if model else None
        model = next(iter(_models(field.annotation)), None) if field else None
    return (field and field.description) or "see .env.example"


def _unknown(path: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(_name(path), list(_known_names()), 1, 0.6)
    return (
        f"there is no such setting: did you mean {near[0]}?"
        if near
        else "there is no such setting: take it out"
    )


def _without_given_names(path: tuple[str, ...]) -> tuple[str, ...]:
    """Blocks that the reader names himself, such as networks, are looked up as if they had no name."""
    field = Settings.model_fields.get(path[0]) if path else None
    return (path[0], *path[2:]) if field is not None and _has_given_names(field.annotation) else path


def _has_given_names(annotation: object) -> bool:
    kinds = (annotation, *get_args(annotation))
    return any(get_origin(kind) is dict for kind in kinds)


def _known_names() -> Iterable[str]:
    """Every setting as it is written in the environment."""
    for name, field in Settings.model_fields.items():
        block = next((each for each in _models(field.annotation)), None)
        if block is None:
            yield _name([name])
        else:
            given = ["<name>"] if _has_given_names(field.annotation) else []
            yield from (_name([name, *given, inner]) for inner in block.model_fields)


def _models(annotation: object) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models(each)
