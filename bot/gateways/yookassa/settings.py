"""What has to be set for YooKassa, and the buttons it gives. No SDK here: every command reads it."""

from __future__ import annotations

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot.gateways.addresses import FORWARD_MEND, OutsideUrl
from bot.gateways.base import Method

LOOPBACK = ("127.0.0.1", "localhost", "::1")

KINDS = {
    "yookassa": "",
    "yookassa_card": "bank_card",
    "yookassa_sbp": "sbp",
    "yookassa_sberpay": "sberbank",
    "yookassa_tpay": "tinkoff_bank",
    "yookassa_yoomoney": "yoo_money",
    "yookassa_mobile": "mobile_balance",
}
"""Method → the kind of payment at YooKassa; "" is the shop's page with whatever it offers."""

SCHEMES = {"yookassa": ("mir", "visa", "mastercard", "sbp"), "yookassa_card": ("mir", "visa", "mastercard"),
           "yookassa_sbp": ("sbp",)}  # fmt: skip

BY_PHONE = ("yookassa_mobile",)
"""Paid from a phone's balance: YooKassa needs its number, and the payer answers a text message."""

MethodName = Literal[
    "yookassa", "yookassa_card", "yookassa_sbp", "yookassa_sberpay",
    "yookassa_tpay", "yookassa_yoomoney", "yookassa_mobile",
]  # fmt: skip


class YooKassaSettings(BaseModel):
    """One shop. `YOOKASSA__…` in the environment; each setting is explained in docs/providers/yookassa.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shop_id: str = Field(
        pattern=r"^\d{1,20}$", description="write the shop's number, its cabinet shows it: digits only"
    )
    secret_key: SecretStr = Field(min_length=1, description="make one in the cabinet: Integration → API keys")
    api_url: str = Field(
        "https://api.yookassa.ru/v3",
        description="leave it out, or begin with https://; http:// is for test shops and this machine",
    )
    methods: tuple[MethodName, ...] = Field(
        default=("yookassa",), description=f"write a list of: {', '.join(KINDS)}; [] hides the buttons"
    )
    receipts: Literal["off", "yookassa", "register"] = Field(
        "off", description="write off, yookassa or register"
    )
    tax_system_code: int | None = Field(
        None,
        ge=1,
        le=6,
        description='write a number from 1 to 6, only with receipts from your own "register"',
    )
    forward_url: OutsideUrl = Field("", description=FORWARD_MEND, validate_default=False)
    connect_timeout: float = Field(5, gt=0, le=60, description="write seconds, such as 5")
    ask_timeout: float = Field(10, gt=0, le=120, description="write seconds, such as 10")
    act_timeout: float = Field(35, gt=0, le=120, description="write seconds, such as 35")

    @property
    def test(self) -> bool:
        """A test shop, as its key says: its money is pretence and is booked as if it were real."""
        return self.secret_key.get_secret_value().startswith("test_")

    def offered(self) -> tuple[Method, ...]:
        """The buttons of this shop, in the order they were set."""
        return tuple(
            Method(
                name=name,
                provider="yookassa",
                currencies=("RUB",),
                schemes=SCHEMES.get(name, ()),
                needs_contact=self.receipts != "off",
                needs_email=self.receipts == "yookassa",
                needs_phone=name in BY_PHONE,
            )
            for name in self.methods
        )

    @model_validator(mode="after")
    def _key_travels_safely(self) -> Self:
        address = urlsplit(self.api_url)
        safe = address.scheme == "https" or self.test or address.hostname in LOOPBACK
        if address.scheme not in ("http", "https") or not address.hostname or not safe:
            raise ValueError("api_url: is not a safe address")
        return self

    @model_validator(mode="after")
    def _tax_system_has_a_register(self) -> Self:
        if self.tax_system_code is not None and self.receipts != "register":
            raise ValueError("tax_system_code: YooKassa's own receipts ignore it")
        return self
