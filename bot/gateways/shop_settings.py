"""What has to be set for any shop whose API is called. Every command reads it: nothing heavy here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from bot.gateways.addresses import OutsideUrl

if TYPE_CHECKING:
    from bot.gateways.http import Timeouts


class ShopSettings(BaseModel):
    """A provider's block adds its own settings to these."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    forward_url: OutsideUrl = Field(
        "",
        description="write the address that is told of this shop's other sales: https://…, or leave it out",
        validate_default=False,
    )
    connect_timeout: float = Field(5, gt=0, le=60, description="write seconds, such as 5")
    ask_timeout: float = Field(10, gt=0, le=120, description="write seconds, such as 10")
    act_timeout: float = Field(35, gt=0, le=120, description="write seconds, such as 35")

    @property
    def timeouts(self) -> Timeouts:
        from bot.gateways.http import Timeouts

        return Timeouts(self.connect_timeout, self.ask_timeout, self.act_timeout)
