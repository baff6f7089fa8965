"""What has to be set for Robokassa, and the buttons it gives. Every command reads it: nothing heavy here."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from bot.gateways.addresses import is_locked
from bot.gateways.base import Method
from bot.gateways.shop_settings import ShopSettings

SCHEMES = {
    "robokassa": ("mir", "visa", "mastercard", "sbp"),
    "robokassa_card": ("mir", "visa", "mastercard"),
    "robokassa_sbp": ("sbp",),
}
HASHES = ("MD5", "RIPEMD160", "SHA1", "SHA256", "SHA384", "SHA512")
WHERE = "the shop's cabinet shows it: Technical settings"
ADDRESS = "leave it out, or begin with https://"

MethodName = Literal["robokassa", "robokassa_card", "robokassa_sbp"]


class RobokassaSettings(ShopSettings):
    """One shop. `ROBOKASSA__…` in the environment; each is explained in docs/providers/robokassa.md."""

    login: str = Field(pattern=r"^[\w.-]{1,64}$", description=f"write the shop's identifier, {WHERE}")
    password1: SecretStr = Field(min_length=1, description=f"write password #1, {WHERE}")
    password2: SecretStr = Field(min_length=1, description=f"write password #2, {WHERE}")
    password3: SecretStr | None = Field(None, min_length=1, description="ask Robokassa for password #3")
    test: bool = Field(False, description="write true or false")
    test_password1: SecretStr | None = Field(None, min_length=1, description=f"write it, {WHERE}")
    test_password2: SecretStr | None = Field(None, min_length=1, description=f"write it, {WHERE}")
    hash: Literal["MD5", "RIPEMD160", "SHA1", "SHA256", "SHA384", "SHA512"] = Field(
        "SHA256", description=f"write the one the shop is set to: {', '.join(HASHES)}"
    )
    base_url: str = Field("https://auth.robokassa.ru", description=ADDRESS)
    services_url: str = Field("https://services.robokassa.ru", description=ADDRESS)
    fiscal_url: str = Field("https://ws.roboxchange.com", description=ADDRESS)
    methods: tuple[MethodName, ...] = Field(
        default=("robokassa",),
        description=f"write a list of: {', '.join(SCHEMES)}; [] hides the buttons",
    )
    card_label: str = Field("", pattern=r"^\w{0,40}$", description="write the cabinet's label for cards")
    sbp_label: str = Field("", pattern=r"^\w{0,40}$", description="write the cabinet's label for SBP")
    receipts: Literal["off", "robokassa", "smz"] = Field("off", description="write off, robokassa or smz")
    sno: Literal["", "osn", "usn_income", "usn_income_outcome", "esn", "patent"] = Field(
        "", description="write osn, usn_income, usn_income_outcome, esn or patent, only with receipts"
    )
    site: str = Field(
        "",
        pattern=r"^(https?://\S{1,200})?$",
        description="write the site's address, second receipts name it",
    )
    recurring: bool = Field(False, description="write true once Robokassa has allowed repeated payments")
    charges_per_second: float = Field(
        5, gt=0, le=1000, description="write how many charges a second, such as 5"
    )

    @field_validator("hash", mode="before")
    @classmethod
    def _spelt_alike(cls, value: object) -> object:
        return value.upper().replace("-", "") if isinstance(value, str) else value

    @property
    def labels(self) -> dict[str, str]:
        """Method → what the payment page opens with; "" is the choice of everything the shop offers."""
        return {"robokassa": "", "robokassa_card": self.card_label, "robokassa_sbp": self.sbp_label}

    def offered(self) -> tuple[Method, ...]:
        """The buttons of this shop, in the order they were set."""
        return tuple(
            Method(
                name=name,
                provider="robokassa",
                currencies=("RUB",),
                schemes=SCHEMES[name],
                needs_contact=self.receipts != "off",
                needs_email=self.receipts != "off",
                refunds=self.password3 is not None,
                saves_cards=self.recurring and name != "robokassa_sbp",
                asks=not self.test,
                offsets=self.receipts == "off" or (self.receipts == "robokassa" and bool(self.site)),
            )
            for name in self.methods
        )

    @model_validator(mode="after")
    def _passwords_are_four(self) -> Self:
        """Robokassa tells a test from the real thing by its passwords alone, so they have to differ."""
        tests = (self.test_password1, self.test_password2)
        if self.test and None in tests:
            raise ValueError("test_password1: both test passwords are needed for a shop in test mode")
        given = [p.get_secret_value() for p in (self.password1, self.password2, *tests) if p is not None]
        if len(set(given)) < len(given):
            raise ValueError("password2: every password must be another one, tests too")
        return self

    @model_validator(mode="after")
    def _signatures_travel_safely(self) -> Self:
        for name in ("base_url", "services_url", "fiscal_url"):
            if not is_locked(getattr(self, name)):
                raise ValueError(f"{name}: is not a safe address")
        return self

    @model_validator(mode="after")
    def _buttons_lead_somewhere(self) -> Self:
        for name in self.methods:
            if name != "robokassa" and not self.labels[name]:
                raise ValueError(f"{name.removeprefix('robokassa_')}_label: is needed for the button {name}")
        return self

    @model_validator(mode="after")
    def _receipts_are_whole(self) -> Self:
        if self.sno and self.receipts != "robokassa":
            raise ValueError("sno: is a matter of receipts=robokassa alone")
        return self
