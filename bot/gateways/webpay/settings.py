"""What has to be set for WEBPAY, and the buttons it gives. Nothing heavy here: every command reads it."""

from __future__ import annotations

import hashlib
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator

from bot.gateways.addresses import is_locked
from bot.gateways.base import Method
from bot.gateways.shop_settings import ShopSettings

PAYMENT_HOSTS = {True: "https://securesandbox.webpay.by", False: "https://payment.webpay.by"}
CABINET_HOSTS = {True: "https://sandbox.webpay.by", False: "https://billing.webpay.by"}
"""By `test`: the hosts and the field wsb_test come from one setting, so they never disagree."""

TABS = {"webpay": "", "webpay_erip": "erip"}
"""Method → the tab that opens first; "" is the page's own choice, which is the card."""

SCHEMES = {"webpay": ("visa", "mastercard", "belkart"), "webpay_erip": ("erip",)}

MethodName = Literal["webpay", "webpay_erip"]
Bank = Literal["priorbank", "dabrabyt", "mtbank", "belagroprombank", "sber"]


class WebPaySettings(ShopSettings):
    """One shop. `WEBPAY__…` in the environment; each setting is explained in docs/providers/webpay.md."""

    store_id: str = Field(pattern=r"^\d{1,20}$", description="write the shop's number: digits only")
    secret_key: SecretStr = Field(
        min_length=1,
        description="write the Secret Key of the cabinet (Settings → Company): anything without &",
    )
    test: bool = Field(False, description="write true for the test environment, false for the live one")
    store_name: str = Field("", max_length=64, description="write the name that payers see, up to 64 letters")
    payment_url: str = Field("", description="leave it out: WEBPAY__TEST chooses the host")
    cabinet_url: str = Field("", description="leave it out: WEBPAY__TEST chooses the host")
    methods: tuple[MethodName, ...] = Field(
        default=("webpay",), description=f"write a list of: {', '.join(TABS)}; [] hides the buttons"
    )
    door: Literal["form", "json"] = Field("form", description="write form or json")
    json_path: str = Field(
        "/api/v1/payment", pattern=r"^/[\w/.-]+$", description="write a path such as /api/v1/payment"
    )
    captures_itself: bool = Field(
        False, description="write true where payment type 4 is final, as in shops of one stage; else false"
    )
    transaction_digits: int = Field(
        9, ge=4, le=20, description="write how many digits a transaction number has, the cabinet shows them"
    )
    cabinet_username: str = Field("", max_length=64, description="write the login of the cabinet")
    cabinet_password: SecretStr | None = Field(
        None, min_length=1, description="write the password of the cabinet; both or neither"
    )
    bank: Bank | None = Field(
        None,
        description="write priorbank, dabrabyt, mtbank, belagroprombank or sber: its rules for refunds",
    )
    recurring: bool = Field(False, description="write true once WEBPAY has switched bound cards on")
    charges_per_second: float = Field(
        5, gt=0, le=1000, description="write how many charges a second, such as 5"
    )
    soap_namespace: str = Field(
        "urn:WSBApi", description="write the targetNamespace that <cabinet>/WSBApi?wsdl shows"
    )

    @property
    def payment_host(self) -> str:
        return (self.payment_url or PAYMENT_HOSTS[self.test]).rstrip("/")

    @property
    def cabinet_host(self) -> str:
        return (self.cabinet_url or CABINET_HOSTS[self.test]).rstrip("/")

    @property
    def has_cabinet(self) -> bool:
        """Whether its back office can be asked."""
        return self.cabinet_password is not None

    @property
    def password_digest(self) -> str:
        """What the back office takes for the password: a secret like the password itself."""
        assert self.cabinet_password is not None
        return hashlib.md5(
            self.cabinet_password.get_secret_value().encode(), usedforsecurity=False
        ).hexdigest()

    def offered(self) -> tuple[Method, ...]:
        """The buttons of this shop, in the order they were set."""
        return tuple(
            Method(
                name=name,
                provider="webpay",
                currencies=("BYN",),
                schemes=SCHEMES[name],
                refunds=self.has_cabinet and self.bank is not None,
                saves_cards=self.recurring and name == "webpay",
                asks=self.has_cabinet,
                offsets=False,
            )
            for name in self.methods
        )

    @model_validator(mode="after")
    def _secrets_travel_safely(self) -> Self:
        for name in ("payment_url", "cabinet_url"):
            if not is_locked(getattr(self, name) or PAYMENT_HOSTS[self.test]):
                raise ValueError(f"{name}: is not a safe address")
        return self

    @model_validator(mode="after")
    def _hosts_are_of_one_kind(self) -> Self:
        """A live form at the test host, or the other way round, is a payment nobody hears of."""
        for name, hosts in (("payment_url", PAYMENT_HOSTS), ("cabinet_url", CABINET_HOSTS)):
            if getattr(self, name).rstrip("/") == hosts[not self.test]:
                raise ValueError(f"{name}: is of the other environment than WEBPAY__TEST says")
        return self

    @model_validator(mode="after")
    def _cabinet_opens(self) -> Self:
        if bool(self.cabinet_username) != self.has_cabinet:
            missing = "cabinet_password" if self.cabinet_username else "cabinet_username"
            raise ValueError(f"{missing}: is missing beside the other one")
        if "&" in self.secret_key.get_secret_value():
            raise ValueError("secret_key: has an &, which WEBPAY does not take")
        return self
