"""The seller's own systems, as the settings name them."""

from __future__ import annotations

from bot.config import Settings
from bot.domain.webhooks import SELLER, Endpoint


def endpoints(settings: Settings) -> dict[str, Endpoint]:
    """Where webhooks and foreign callbacks go; nothing is written for what is not set."""
    found = {provider: Endpoint(url) for provider, url in settings.forward_urls.items()}
    if settings.seller_webhook is not None:
        found[SELLER] = Endpoint(settings.seller_webhook.url, settings.seller_webhook.secrets)
    return found
