"""Autopays in a few words for operators: how they stand, and why charges fail."""

from __future__ import annotations

from bot.domain.autopays import AutopayReason
from bot.domain.refusals import Refusal
from bot.i18n.catalogues import N_, _

_FAILED: dict[str, str] = {
    Refusal.NO_FUNDS: N_("no money on the card"),
    Refusal.LIMIT: N_("the card's limit"),
    Refusal.CARD_DATA: N_("the card's data are wrong"),
    Refusal.CARD_EXPIRED: N_("the card has expired"),
    Refusal.CARD_BLOCKED: N_("the card is blocked"),
    Refusal.ASK_BANK: N_("the bank refused"),
    Refusal.BANK_SILENT: N_("the bank was silent"),
    Refusal.NOT_CONFIRMED: N_("the bank wants the customer"),
    Refusal.SECURITY: N_("suspected of fraud"),
    Refusal.COUNTRY: N_("the card's country"),
    Refusal.LINK_EXPIRED: N_("never reached the bank"),
    Refusal.CARD_REMOVED: N_("consent taken back at the bank"),
}
_PAUSED: dict[str, str] = {
    AutopayReason.CUSTOMER: N_("by the customer"),
    AutopayReason.RETRIES_EXHAUSTED: N_("all tries failed"),
    AutopayReason.GRACE_PERIOD_EXPIRED: N_("unpaid for too long"),
    AutopayReason.HARD_DECLINED: N_("the bank refused for good"),
    AutopayReason.CARD_UNLINKED: N_("its card was unlinked"),
    AutopayReason.CARD_EXPIRED: N_("the card has expired"),
    AutopayReason.PRICE_CHANGED: N_("the price has risen"),
    AutopayReason.UNDELIVERABLE: N_("the customer can't be told"),
    AutopayReason.TARIFF_GONE: N_("no longer sold"),
    AutopayReason.CONNECTOR_GONE: N_("the connector is gone"),
    AutopayReason.PAYER_CHANGED: N_("another payer"),
    AutopayReason.DEBT: N_("a debt"),
    AutopayReason.OPERATOR: N_("by an operator"),
    AutopayReason.BLOCKED: N_("the customer is blocked"),
    AutopayReason.TAKEN_BACK: N_("a charge was taken back"),
    AutopayReason.REFUNDED: N_("it was refunded"),
    AutopayReason.NO_CONTACT: N_("no address for receipts"),
    AutopayReason.REVOKED: N_("the customer took the consent back"),
    AutopayReason.FORGOTTEN: N_("the customer's data were deleted"),
    AutopayReason.NOT_SAVED: N_("the card was not saved"),
}
_OTHER = N_("another reason")


def failed_because(refusal: str) -> str:
    """«нет денег на карте»."""
    return _(_FAILED.get(refusal, _OTHER))


def paused_because(reason: str) -> str:
    """«карта отвязана»."""
    return _(_PAUSED.get(reason, _OTHER))
