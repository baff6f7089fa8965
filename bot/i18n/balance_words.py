"""What can be said of a balance: the account card and the lines of its history."""

from __future__ import annotations

from datetime import date

from bot.domain.catalogue import Catalogue
from bot.domain.states import TransferReason
from bot.i18n.catalogues import N_, _
from bot.i18n.figures import day, money, short_day, today
from bot.i18n.sentences import card_title, method_title
from bot.i18n.strangers import shown
from bot.services.balance import AccountCard
from bot.services.paging import Page
from bot.storage.account_history import HistoryLine


def account_words(card: AccountCard) -> str:
    """How much there is, how long it lasts, and what to put on it."""
    lines = [shown(card.payer.title)] if card.payer.title else []
    lines += [_what_is_there(card), "", _("Charged this period: {amount}", amount=money(card.charged))]
    if card.enough_until and card.enough_until > today():
        lines.append(_("Enough until {date}", date=day(card.enough_until)))
    if card.due:
        lines.append(
            _(
                "Due next: {title}, {date}, {amount}",
                title=shown(card.due.title),
                date=day(card.due.on) if card.due.on else _("now"),
                amount=money(card.due.price),
            )
        )
    if card.recommended:
        lines.append(_("Recommended top-up: {amount}", amount=money(card.recommended)))
    return "\n".join(lines)


def _what_is_there(card: AccountCard) -> str:
    if card.balance.minor < 0:
        return _("Debt: {amount}. The next payment covers it first.", amount=money(-card.balance))
    return _("Balance: {amount}", amount=money(card.balance))


def history_words(catalogue: Catalogue, page: Page[HistoryLine]) -> str:
    if not page.total:
        return _("Nothing has moved on this balance yet.")
    head = _("Statement, the newest first.")
    return "\n\n".join([head, *(_line(catalogue, line) for line in page.items)])


_REASONS = {
    TransferReason.ASSIGNED: N_("put here by an operator"),
    TransferReason.MOVED: N_("moved by an operator"),
    TransferReason.JOINED: N_("joined from another balance"),
    TransferReason.TAKEN_BACK: N_("taken back by the bank"),
    TransferReason.REFUNDING: N_("sent back to you"),
    TransferReason.RETURNED: N_("sent back to you"),
    TransferReason.REFUND_FAILED: N_("could not be sent back"),
    TransferReason.UNASSIGNED: N_("was put here by mistake"),
    TransferReason.WITHDRAWN: N_("was put here by mistake"),
}


def _line(catalogue: Catalogue, line: HistoryLine) -> str:
    """«14.11.26: +990 ₽», and below it «Банковская карта, Мир *4444, № 2d4d…»."""
    sign = "+" if line.amount.minor > 0 else ""
    what = ", ".join(filter(None, _facts(catalogue, line)))
    return f"{short_day(line.at)}: {sign}{money(line.amount)}\n{what}"


def _facts(catalogue: Catalogue, line: HistoryLine) -> list[str]:
    if line.kind is TransferReason.SETTLED:
        bought = [_bought(title, until) for title, until in zip(line.titles, line.untils, strict=True)]
        return [*bought, _("promo code {code}", code=shown(line.promo)) if line.promo else ""]
    if line.kind is TransferReason.UNSETTLED:
        return [_("back from {what}", what=", ".join(shown(title) for title in line.titles))]
    reason = _REASONS.get(line.kind)
    return [
        _(reason) if reason else "",
        method_title(catalogue, line.method) if line.method else "",
        card_title(line.card) if line.card else "",
        _("No. {number}", number=shown(line.number)) if line.number else "",
    ]


def _bought(title: str, until: date | None) -> str:
    """«WhatsApp +7…, до 14 декабря 2026»; of somebody else's line no date is told."""
    return _("{what}, until {date}", what=shown(title), date=day(until)) if until else shown(title)
