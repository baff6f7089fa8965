"""Which providers there are. The only module that knows their names; each is imported when it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from bot.domain.statements import StatementReader
from bot.gateways.bank import method as bank_method
from bot.gateways.base import BotAccess, Gateway, Method, OnCall
from bot.gateways.network import Network
from bot.gateways.robokassa.settings import RobokassaSettings
from bot.gateways.shop_settings import ShopSettings
from bot.gateways.stars.settings import StarsSettings
from bot.gateways.terminals.settings import TerminalSettings, network_names
from bot.gateways.terminals.settings import offered as terminal_methods
from bot.gateways.webpay.settings import WebPaySettings
from bot.gateways.yookassa import provider_token
from bot.gateways.yookassa.settings import YooKassaSettings


class ProviderSettings(BaseModel):
    """A block for each provider; one without its block is off and its buttons are absent."""

    yookassa: YooKassaSettings | None = None
    robokassa: RobokassaSettings | None = None
    webpay: WebPaySettings | None = None
    telegram_provider_token: SecretStr | None = Field(None, description=provider_token.MEND)
    """Not a provider of its own: the shop's cards, taken by Telegram's own form."""
    stars: StarsSettings | None = None
    terminals: dict[str, TerminalSettings] | None = None
    """By the network's name, which is also the provider that its money comes from."""

    @model_validator(mode="after")
    def _token_is_of_the_shop(self) -> Self:
        if wrong := provider_token.what_is_wrong(self.telegram_provider_token, self.yookassa):
            raise ValueError(f"telegram_provider_token: {wrong}")
        return self

    @model_validator(mode="after")
    def _networks_have_names_of_their_own(self) -> Self:
        network_names(self.terminals or {}, taken=ProviderSettings.model_fields)
        return self

    @property
    def forward_urls(self) -> dict[str, str]:
        """Who is handed on the shop's other sales, by provider."""
        blocks = {name: getattr(self, name) for name in ProviderSettings.model_fields}
        shops = {name: block for name, block in blocks.items() if isinstance(block, ShopSettings)}
        return {name: shop.forward_url for name, shop in shops.items() if shop.forward_url}


def offered_methods(settings: ProviderSettings, transfers: Sequence[str] = ()) -> Mapping[str, Method]:
    """The buttons a customer can press, by name, in the order they are shown. Imports no provider.

    `transfers` are the currencies the seller has a bank account for.
    """
    methods: list[Method] = []
    if settings.yookassa is not None:
        methods += settings.yookassa.offered()
    if settings.robokassa is not None:
        methods += settings.robokassa.offered()
    if settings.webpay is not None:
        methods += settings.webpay.offered()
    if settings.telegram_provider_token is not None:
        methods.append(provider_token.METHOD)
    if settings.stars is not None:
        methods += settings.stars.offered()
    methods += terminal_methods(settings.terminals or {})
    methods += bank_method.offered(transfers)
    return {method.name: method for method in methods}


def open_gateways(
    settings: ProviderSettings,
    on_call: OnCall = lambda *_: None,
    *,
    bot: BotAccess | None = None,
    transfers: Sequence[str] = (),
) -> dict[str, Gateway]:
    """Build a gateway for each provider that has its settings, by the provider's name.

    `bot` is what Telegram's own payments go through; without it they are off. `transfers` are the currencies
    the seller has a bank account for.
    """
    gateways: dict[str, Gateway] = {}
    if settings.yookassa is not None:
        from bot.gateways.yookassa.gateway import YooKassa

        gateways["yookassa"] = YooKassa(settings.yookassa, on_call, settings.telegram_provider_token)
    if settings.robokassa is not None:
        from bot.gateways.robokassa.gateway import Robokassa

        gateways["robokassa"] = Robokassa(settings.robokassa, on_call)
    if settings.webpay is not None:
        from bot.gateways.webpay.gateway import WebPay

        gateways["webpay"] = WebPay(settings.webpay, on_call)
    if settings.stars is not None and bot is not None:
        from bot.gateways.stars.gateway import Stars

        gateways["stars"] = Stars(settings.stars, bot, on_call)
    if settings.terminals:
        from bot.gateways.terminals.gateway import Terminals

        gateways["terminal"] = Terminals(settings.terminals)
        gateways |= {name: Terminals({name: block}, name) for name, block in settings.terminals.items()}
    if transfers:
        from bot.gateways.bank.gateway import Bank

        gateways["bank"] = Bank(transfers)
    return gateways


def statement_reader() -> StatementReader:
    """Reads the files of banks, whichever of the formats it is."""
    from bot.gateways.bank import reading

    return reading


def open_networks(settings: ProviderSettings) -> dict[str, Network]:
    """The networks of terminals and wallets that may call us, by name."""
    if not settings.terminals:
        return {}
    from bot.gateways.terminals.network import OsmpNetwork

    return {name: OsmpNetwork(name, block) for name, block in settings.terminals.items()}
