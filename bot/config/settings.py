"""The settings themselves; each is a line of .env.example."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.config.values import Address, BotToken, LoopbackUrl, SigningSecret, WebhookSecret
from bot.domain.states import Role
from bot.gateways.addresses import OutsideUrl
from bot.gateways.base import BotAccess
from bot.gateways.mail_settings import MailSettings
from bot.gateways.registry import ProviderSettings
from bot.gateways.setting_values import Ids, Networks, Zone

TELEGRAM = "https://api.telegram.org"
HOW_TO_MAKE_ONE = 'make one: python -c "import secrets; print(secrets.token_urlsafe(48))"'
HOW_TO_SIGN = (
    "make one, and give it to your endpoint as well: "
    "python -c \"import base64, os; print('whsec_' + base64.b64encode(os.urandom(32)).decode())\""
)
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
    """Forum topics of the operators' group; what has none goes where it went before there was one for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    money: int | None = Field(None, ge=1, description=TOPIC)
    talk: int | None = Field(None, ge=1, description=TOPIC)
    house: int | None = Field(None, ge=1, description=TOPIC)
    orders: int | None = Field(None, ge=1, description=TOPIC)
    refunds: int | None = Field(None, ge=1, description=TOPIC)
    reports: int | None = Field(None, ge=1, description=TOPIC)

    @property
    def numbers(self) -> Mapping[str, int]:
        """Where each name leads to; without a topic at all it is the general one."""
        instead = {"orders": self.talk, "refunds": self.money, "reports": self.money}
        asked = {name: number or instead.get(name) for name, number in self}
        return {name: number for name, number in asked.items() if number is not None}


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

    bot_token: BotToken = Field(description="write the token that @BotFather gave you, such as 123456:AAH…")
    telegram_api_url: Address = Field(
        TELEGRAM, description="leave it out, or write the address of your Bot API server"
    )
    telegram_link_base: Address = Field(
        "https://t.me", description="leave it out, or write the address before /<bot>?start=… in your sandbox"
    )
    telegram_webhook_url: Address | None = Field(
        None, description="write https://<your host>/telegram, or leave it out: the bot then asks for updates"
    )
    telegram_webhook_secret: WebhookSecret | None = Field(None, description=HOW_TO_MAKE_ONE)

    database_url: str = Field(
        "sqlite:///var/kassir.db",
        repr=False,
        description="write sqlite:///folder/file.db or postgresql+asyncpg://user:password@host/name",
    )
    dialogs_path: Path | None = Field(None, description="write the path of a file")
    catalog_path: Path = Field(Path("catalog.toml"), description="write the path of your catalogue")
    templates_path: Path | None = Field(
        None, description="write the path of a folder with your own .typ files, or leave it out"
    )

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
    smtp: MailSettings | None = None

    operators_chat_id: int | None = Field(
        None, description="write the group's number, such as -1001234567890"
    )
    operators: Operators = Operators()
    operators_topics: Topics = Topics()
    default_locale: Literal["ru", "en", "be", "ky"] = Field("ru", description="write ru, en, be or ky")
    timezone: Zone = Field(
        ZoneInfo("Europe/Moscow"), description="write a name such as Europe/Minsk or Asia/Bishkek"
    )
    clock_url: LoopbackUrl | None = Field(
        None, description="take it out: it is for the sandbox alone, which moves the time"
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

    @model_validator(mode="after")
    def _webhook_is_locked(self) -> Self:
        if self.telegram_webhook_url and self.telegram_webhook_secret is None:
            raise ValueError(
                "telegram_webhook_secret: is missing: without it anybody could say that he has paid"
            )
        return self

    @model_validator(mode="after")
    def _links_lead_somewhere(self) -> Self:
        if self.providers and not self.public_url and self.telegram_api_url == TELEGRAM:
            raise ValueError("public_url: is missing: every link to pay leads there")
        return self
