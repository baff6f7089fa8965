"""What was sold in parts, as a screen tells it."""

from __future__ import annotations

from bot.domain.billing import Instalment
from bot.i18n.catalogues import _
from bot.i18n.figures import day, money
from bot.i18n.strangers import shown
from bot.services.paging import Page


def instalment_words(page: Page[Instalment]) -> str:
    """Each with its total, what is paid and left, and the next part."""
    if not page.total:
        return _("There are no instalments.")
    return "\n\n".join([_("Instalments"), *(_one(each) for each in page.items)])


def _one(instalment: Instalment) -> str:
    lines = [
        f"▪ {shown(instalment.title)}",
        _("Total: {amount}", amount=money(instalment.total)),
        _("Paid: {paid} · left: {left}", paid=money(instalment.paid), left=money(instalment.left)),
        _next(instalment),
    ]
    return "\n".join(filter(None, lines))


def _next(instalment: Instalment) -> str:
    if instalment.next_on is None:
        return ""
    if instalment.next_amount is None:
        return _("Next part: {date}", date=day(instalment.next_on))
    return _(
        "Next part: {date}, {amount}", date=day(instalment.next_on), amount=money(instalment.next_amount)
    )
