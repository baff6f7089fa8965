"""Which providers there are. The only module that knows their names; each is imported when it is used."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from bot.gateways.base import Gateway, Method, OnCall
from bot.gateways.robokassa.settings import RobokassaSettings
from bot.gateways.yookassa.settings import YooKassaSettings


class ProviderSettings(BaseModel):
    """A block for each provider; one without its block is off and its buttons are absent."""

    yookassa: YooKassaSettings | None = None
    robokassa: RobokassaSettings | None = None

    @property
    def forward_urls(self) -> dict[str, str]:
        """Who is handed on the shop's other sales, by provider."""
        blocks = ((name, getattr(self, name)) for name in ProviderSettings.model_fields)
        return {name: block.forward_url for name, block in blocks if getattr(block, "forward_url", "")}


def offered_methods(settings: ProviderSettings) -> Mapping[str, Method]:
    """The buttons a customer can press, by name, in the order they are shown. Imports no provider."""
    methods: list[Method] = []
    if settings.yookassa is not None:
        methods += settings.yookassa.offered()
    if settings.robokassa is not None:
        methods += settings.robokassa.offered()
    return {method.name: method for method in methods}


def open_gateways(settings: ProviderSettings, on_call: OnCall = lambda *_: None) -> dict[str, Gateway]:
    """Build a gateway for each provider that has its settings, by the provider's name."""
    gateways: dict[str, Gateway] = {}
    if settings.yookassa is not None:
        from bot.gateways.yookassa.gateway import YooKassa

        gateways["yookassa"] = YooKassa(settings.yookassa, on_call)
    if settings.robokassa is not None:
        from bot.gateways.robokassa.gateway import Robokassa

        gateways["robokassa"] = Robokassa(settings.robokassa, on_call)
    return gateways
