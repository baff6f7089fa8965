"""What must be known of a customer before he pays: terms, consent, and how to reach him."""

from __future__ import annotations

from bot.domain.customers import Customer
from bot.domain.errors import CustomerError
from bot.gateways.base import Method
from bot.i18n import N_, _, said
from bot.middlewares.visits import Visit
from bot.services.methods import MethodOffer

EITHER, EMAIL, PHONE = "any", "email", "phone"

_QUESTIONS = {
    EITHER: N_("Where shall the receipt go? Send an e-mail address or a phone number."),
    EMAIL: N_("Where shall the receipt go? Send an e-mail address."),
    PHONE: N_("Which phone number shall pay? Send it with the country code."),
}


async def accept_terms(visit: Visit) -> None:
    """Paying accepts the present version; the summary says so, and the order keeps it."""
    customer = await visit.customers.get(visit.customer_id)
    if customer is None or customer.terms_version != visit.catalogue.terms.version:
        await visit.customers.accept_terms(visit.customer_id)


async def consent_words(visit: Visit, currency: str) -> str:
    """What he is asked to agree to before he pays in that currency; "" where nothing is left to ask."""
    paper = visit.catalogue.consent_for(currency)
    if paper is None:
        return ""
    customer = await visit.customers.get(visit.customer_id)
    if customer is not None and customer.consented_at is not None:
        return ""
    asked = said(paper.text) or _("We need your consent to the processing of your personal data.")
    return "\n\n".join(filter(None, (asked, paper.url)))


def needs(offer: MethodOffer | Method) -> str:
    """The contacts a method cannot do without, in words for the dialog's state."""
    wanted = [PHONE] if offer.needs_phone else []
    if offer.needs_email:
        wanted.append(EMAIL)
    elif offer.needs_contact and not offer.needs_phone:
        wanted.append(EITHER)
    return " ".join(wanted)


async def contact_words(visit: Visit, wanted: str) -> str:
    """The question for the first contact that is missing; "" where all are known."""
    missing = await _missing(visit, wanted)
    return _(_QUESTIONS[missing]) if missing else ""


async def take_contact(visit: Visit, wanted: str) -> None:
    """Keep what was typed, or whatever contact card was sent: it finds no connectors here."""
    if visit.message.contact is not None:
        number = visit.message.contact.phone_number
        await visit.customers.set_phone(visit.customer_id, number if number.startswith("+") else f"+{number}")
        return
    missing = await _missing(visit, wanted)
    if missing != PHONE and (missing == EMAIL or "@" in visit.text):
        await visit.customers.set_email(visit.customer_id, visit.text)
    elif missing == PHONE or any(letter.isdecimal() for letter in visit.text):
        await visit.customers.set_phone(visit.customer_id, visit.text)
    else:
        raise CustomerError("bad_contact")


async def _missing(visit: Visit, wanted: str) -> str:
    if not wanted:
        return ""
    customer = await visit.customers.get(visit.customer_id)
    return next((each for each in wanted.split() if not _is_known(customer, each)), "")


def _is_known(customer: Customer | None, wanted: str) -> bool:
    if customer is None:
        return False
    if wanted == EITHER:
        return bool(customer.email or customer.phone)
    return bool(customer.email if wanted == EMAIL else customer.phone)
