"""What a provider is told of a payment that was written down."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.catalogue import Catalogue
from bot.domain.customers import Customer
from bot.domain.orders import Order
from bot.domain.payments import Payment
from bot.gateways.base import LinkRequest
from bot.services.pay_links import PayLinks
from bot.services.receipts.items import title_and_items


@dataclass(frozen=True, slots=True)
class Begun:
    """A payment that is written down, with what the provider needs to know of it."""

    payment: Payment
    order: Order | None
    customer: Customer
    code: str = ""
    page_token: str = field(default="", repr=False)
    """Of the saved card that he pays with, where its provider can show it on the page."""


def link_request(begun: Begun, catalogue: Catalogue, links: PayLinks) -> LinkRequest:
    payment, order, customer = begun.payment, begun.order, begun.customer
    title, items = title_and_items(catalogue, order, payment.amount, customer.language)
    return LinkRequest(
        reference=payment.reference,
        method=payment.method,
        amount=payment.amount,
        title=title,
        return_url=links.return_url(payment),
        notify_url=links.notify_url(payment),
        language=customer.language,
        items=items,
        email=customer.email,
        phone=customer.phone,
        saves_card=payment.saves_card,
        page_token=begun.page_token,
    )
