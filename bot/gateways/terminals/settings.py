"""What has to be set for each network, and the one button they give together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)
from pydantic_settings import NoDecode

from bot.domain.errors import BadAmount
from bot.domain.money import Money
from bot.gateways.base import Method, Way
from bot.gateways.setting_values import Networks, Zone, listed

METHOD = "terminal"
CLOCKS = {"KGS": "Asia/Bishkek", "RUB": "Europe/Moscow", "BYN": "Europe/Minsk", "KZT": "Asia/Almaty"}
"""By which clock a network's days go unless its block says otherwise."""

Currency = Literal["KGS", "RUB", "BYN", "KZT"]
Parameter = Literal["command", "txn_id", "account", "sum", "txn_date", "cancelled", "number"]


def _element(name: str) -> str:
    if re.fullmatch(r"[a-zA-Z][\w.-]{0,40}", name, re.ASCII) is None:
        raise ValueError("is not the name of an element")
    return name


def _secret(secret: SecretStr) -> SecretStr:
    if re.fullmatch(r"[\w-]{16,128}", secret.get_secret_value(), re.ASCII) is None:
        raise ValueError("is not 16 to 128 of A-Z, a-z, 0-9, _ and -")
    return secret


class TerminalSettings(BaseModel):
    """One network: `TERMINALS__<NETWORK>__…`. The protocol has no signature, so two locks are wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret: Annotated[SecretStr, AfterValidator(_secret)] = Field(
        description='make one: python -c "import secrets; print(secrets.token_urlsafe(32))"'
    )
    currency: Currency = Field(description="write KGS, RUB, BYN or KZT")
    allow: Networks = Field((), description='write the addresses the network calls from: ["192.0.2.0/24"]')
    user: str = Field("", description="write the name it sends by HTTP Basic, or leave it out")
    password: SecretStr = Field(SecretStr(""), description="write the password that belongs to USER")
    element: Annotated[str, AfterValidator(_element)] = Field(
        "osmp_txn_id", description="write the element that repeats the transaction's number"
    )
    names: Mapping[Parameter, str] = Field(
        {}, description='write {"txn_id": "id"} for parameters that are called otherwise'
    )
    minimum: str = Field("1", description="write a sum such as 10 or 10.00")
    maximum: str | None = Field(None, description="write a sum such as 15000, or leave it out")
    token_sums: Annotated[tuple[str, ...], NoDecode, BeforeValidator(listed)] = Field(
        (), description='write the sums its checks name before the payer chose his: ["1", "10"]'
    )
    timezone: Zone | None = Field(None, description="write a name such as Asia/Bishkek")
    show_payer: bool = Field(True, description="write true or false")
    payer_field: str = Field("ФИО", min_length=1, max_length=40, description="write a title such as ФИО")
    cancel: str = Field("", pattern=r"^\w{0,32}$", description="write its word for a cancel, such as cancel")
    status: str = Field("", pattern=r"^\w{0,32}$", description="write its word for asking, such as status")
    registers: Path | None = Field(None, description="write the folder that its daily registers are put into")

    @property
    def least(self) -> Money:
        return Money.parse(self.minimum, self.currency)

    @property
    def most(self) -> Money | None:
        return Money.parse(self.maximum, self.currency) if self.maximum else None

    @property
    def zone(self) -> ZoneInfo:
        return self.timezone or ZoneInfo(CLOCKS[self.currency])

    @model_validator(mode="after")
    def _sums_are_sums(self) -> Self:
        limits = {
            "minimum": (self.minimum,),
            "maximum": (self.maximum or "1",),
            "token_sums": self.token_sums,
        }
        for name, sums in limits.items():
            if not all(_is_sum(each, self.currency) for each in sums):
                raise ValueError(f"{name}: is not a sum")
        if self.most is not None and self.most < self.least:
            raise ValueError("maximum: is below the minimum")
        return self

    @model_validator(mode="after")
    def _has_a_second_lock(self) -> Self:
        if bool(self.user) != bool(self.password.get_secret_value()):
            raise ValueError("password: belongs together with a user")
        if not self.allow and not self.user:
            raise ValueError(
                "allow: is missing, and USER and PASSWORD are too: a secret path alone is a weak lock"
            )
        return self


def _is_sum(text: str, currency: str) -> bool:
    try:
        return Money.parse(text, currency).minor > 0
    except BadAmount:
        return False


def network_names(blocks: Mapping[str, TerminalSettings], taken: Iterable[str]) -> None:
    """Refuse a name that an account of the books could not tell from another."""
    reserved = {METHOD, *taken}
    for name in blocks:
        if name in reserved or re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) is None or len(name) > 32:
            raise ValueError(f"terminals.{name}: cannot be a network's name")


def offered(blocks: Mapping[str, TerminalSettings]) -> tuple[Method, ...]:
    """The button, once there is any network; its currencies are those of all of them."""
    currencies = tuple(dict.fromkeys(block.currency for block in blocks.values()))
    if not currencies:
        return ()
    return (
        Method(name=METHOD, provider=METHOD, currencies=currencies, way=Way.CODE, refunds=False, asks=False),
    )
