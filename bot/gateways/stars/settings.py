"""Whether Stars are taken, and the button they give."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from bot.domain.money import STARS
from bot.gateways.base import Method, Way

METHOD = Method(
    name="stars",
    provider="stars",
    currencies=(STARS,),
    way=Way.INVOICE,
    tops_up=False,
    offsets=False,
)


class StarsSettings(BaseModel):
    """`STARS__ENABLED`: false takes the button away, while refunds and questions still work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(description="write true, or false to take the button away")

    def offered(self) -> tuple[Method, ...]:
        return (METHOD,) if self.enabled else ()
