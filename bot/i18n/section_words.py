"""What the invoices section says of itself."""

from __future__ import annotations

from datetime import datetime

from bot.i18n.catalogues import _
from bot.i18n.figures import moment
from bot.i18n.strangers import shown
from bot.services.subscribers import Subscriber


def subscriber_title(whose: Subscriber) -> str:
    """«Абонент: +7 495…», or «Все абоненты: ООО Ромашка»."""
    if whose.connector is None:
        return _("All subscribers: {payer}", payer=shown(whose.payer.shown_name))
    return _("Subscriber: {title}", title=shown(whose.connector.title))


def closed_words(opens_at: datetime) -> str:
    return _(
        "⏸ From the 1st to the 3rd of a month its invoices are formed, so copies, links, detail and charges "
        "can't be ordered. That opens on {moment}. Your invoices stay here.",
        moment=moment(opens_at),
    )
