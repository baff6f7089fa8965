"""The shapes of the API: what a request may hold, and what an answer does."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from bot.domain.money import CURRENCIES
from bot.services.connector_fields import LONGEST_ID, LONGEST_WORDS, YEARS
from bot.services.seller_api import MOST_CHARGES

_EXAMPLE: JsonDict = {"title": "WhatsApp +7 999 123-45-67", "tariff": "whatsapp", "telegram_id": 1001}

Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]
"""On one line, without signs that nobody sees."""
Sum = Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$", examples=["990.00"])]
Day = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write it as 2026-12-14T10:30:00+03:00") from None
    if moment.tzinfo is None or moment.year not in YEARS:
        raise ValueError("write it with its zone, as 2026-12-14T10:30:00+03:00")
    return text


Moment = Annotated[
    str, AfterValidator(_moment), Field(max_length=40, json_schema_extra={"format": "date-time"})
]


class Strict(BaseModel):
    """Nothing unknown is taken, and no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PutConnector(Strict):
    """What is said of a connector. What is left out stays as it is; a new one needs title and tariff."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    title: str = Field(
        default_factory=str,
        min_length=1,
        max_length=LONGEST_WORDS,
        description="as the customer knows it, on one line",
    )
    kind: str = Field(
        default_factory=str,
        min_length=1,
        max_length=LONGEST_WORDS,
        description="the tariff's, unless said otherwise",
    )
    tariff: str = Field(
        default_factory=str, min_length=1, max_length=LONGEST_WORDS, description="its id in the catalogue"
    )
    phone: str = Field(
        default_factory=str, max_length=40, description="whose chat may claim it; empty to forget it"
    )
    email: str = Field(default_factory=str, max_length=254, description="empty to forget it")
    telegram_id: int = Field(
        default_factory=int, ge=1, lt=1 << 52, description="the chat it belongs to from now on"
    )
    paid_until: Day = Field(
        default_factory=str,
        description="only with If-Match (the ETag you read), or with If-None-Match: * for a new one",
    )


class Connector(BaseModel):
    """A connector as it stands."""

    id: str
    kind: str
    title: str
    tariff: str
    phone: str
    email: str
    paid_until: date | None
    sequence: int = Field(description="counts its changes; the ETag says the same")
    owned: bool = Field(description="whether it belongs to a customer's chat")
    pay_link: str | None = Field(description="where anybody can pay for it; null where it is not sold")


class Charge(Strict):
    """One use of a metered connector."""

    reference: Text = Field(min_length=1, max_length=64, description="your own id of it")
    connector: Text = Field(min_length=1, max_length=LONGEST_ID)
    started_at: Moment = Field(description="with its zone")
    amount: Sum
    currency: Literal[CURRENCIES]  # type: ignore[valid-type]  # made from the table of currencies
    number: Text = Field("", max_length=40, description="the number called, for instance")
    duration_s: int | None = Field(None, ge=0, lt=1 << 31)
    description: Text = Field("", max_length=200)


class Charges(Strict):
    """Several charges at once: all are taken, or none."""

    charges: list[Charge] = Field(min_length=1, max_length=MOST_CHARGES)


class ChargesTaken(BaseModel):
    added: int
    repeated: int = Field(description="were taken before; nothing changed")


class PutInstalment(Strict):
    """Something sold in parts, as it stands now."""

    connector: Text = Field(min_length=1, max_length=LONGEST_ID)
    title: Text = Field(min_length=1, max_length=LONGEST_WORDS, description="as the customer knows it")
    currency: Literal[CURRENCIES]  # type: ignore[valid-type]  # made from the table of currencies
    total: Sum
    paid: Sum = Field(description="so far; at most the total")
    next_on: Day | None = Field(None, description="the day of the next part; null when all is paid")
    next_amount: Sum | None = Field(None, description="what is due then, where it is known")


class Instalment(BaseModel):
    id: str
    connector: str
    title: str
    currency: str
    total: str
    paid: str
    left: str
    next_on: date | None
    next_amount: str | None


class Replay(Strict):
    """Which webhooks to send again; at least one of these says it."""

    since: Moment | None = Field(None, description="those made at this moment and after")
    connector: str = Field("", max_length=LONGEST_ID, description="those about this connector")
    id: str = Field("", max_length=64, description="the one with this webhook-id")


class Replayed(BaseModel):
    replayed: int = Field(description="how many will be sent again, under the same ids")


class PaidConnector(BaseModel):
    id: str
    months: int
    paid_until: date | None = Field(description="where this payment moved it; null while money is missing")


class Payment(BaseModel):
    """Money that arrived."""

    id: str
    amount: str = Field(description="what really came")
    currency: str
    method: str
    provider: str
    number: str = Field(description="the provider's own id of it")
    purpose: Literal["order", "top_up"]
    autopay: bool = Field(description="whether an autopay charged it")
    state: Literal["succeeded"]
    paid_at: datetime
    refunded: str = Field(description="what went back of it so far, or is on its way")
    connectors: list[PaidConnector]


class Payments(BaseModel):
    """A page, the oldest first."""

    payments: list[Payment]
    next: str | None = Field(description="send it as `since` to go on, now or later")


class Fault(BaseModel):
    pointer: str = Field(description="where in the request (RFC 6901)")
    detail: str


class Problem(BaseModel):
    """Why it was not done (RFC 9457); the type's address leads to what to do."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = None
