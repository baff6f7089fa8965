"""What has to be set for YooKassa, and the buttons it gives. No SDK here: every command reads it."""

from __future__ import annotations

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from bot.gateways.addresses import is_locked
from bot.gateways.base import Method
from bot.gateways.shop_settings import ShopSettings

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

NEVER_SAVED = ("yookassa_mobile",)
"""What YooKassa cannot charge again without its payer; all others it can keep."""

BY_PHONE = ("yookassa_mobile",)
"""Paid from a phone's balance: YooKassa needs its number, and the payer answers a text message."""

MethodName = Literal[
    "yookassa", "yookassa_card", "yookassa_sbp", "yookassa_sberpay",
    "yookassa_tpay", "yookassa_yoomoney", "yookassa_mobile",
]  # fmt: skip


class YooKassaSettings(ShopSettings):
    """One shop. `YOOKASSA__…` in the environment; each setting is explained in docs/providers/yookassa.md."""

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
    recurring: bool = Field(False, description="write true once YooKassa's manager has allowed autopayments")
    charges_per_second: float = Field(5, gt=0, le=1000, description="write a number above 0, such as 5")

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
                saves_cards=self.recurring and name not in NEVER_SAVED,
            )
            for name in self.methods
        )

    @model_validator(mode="after")
    def _key_travels_safely(self) -> Self:
        address = urlsplit(self.api_url)
        is_pretence = self.test and address.scheme == "http" and bool(address.hostname)
        if not is_locked(self.api_url) and not is_pretence:
            raise ValueError("api_url: is not a safe address")
        return self

    @model_validator(mode="after")
    def _tax_system_has_a_register(self) -> Self:
        if self.tax_system_code is not None and self.receipts != "register":
            raise ValueError("tax_system_code: YooKassa's own receipts ignore it")
        return self
