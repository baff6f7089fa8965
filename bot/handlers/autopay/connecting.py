"""The consent: what exactly is agreed to, shown before each connecting and each change of what is taken."""

from __future__ import annotations

from aiogram import F, Router

from bot.domain.errors import NotYours
from bot.domain.saved_cards import SavedCard
from bot.handlers.autopay.draft import Autopay, Draft, draft_of, load, offer_after, offer_of, wait_at
from bot.handlers.autopay.one import show_one
from bot.handlers.particulars import accept_terms, contact_words, needs, take_contact
from bot.i18n import _, money
from bot.i18n.autopay_words import (
    agreement,
    agreement_words,
    autopay_line,
    interval_words,
    offer_refusal,
    target_of,
)
from bot.keyboards import autopay as screens
from bot.keyboards import autopay_taps as taps
from bot.keyboards.buttons import Place, handle
from bot.middlewares.visits import Visit
from bot.services.autopay.views import AutopayOffer

router = Router(name="autopay_connecting")


@router.callback_query(taps.PickOffer.filter())
async def offer_picked(visit: Visit, callback_data: taps.PickOffer) -> None:
    visit.anew = callback_data.anew
    offers = await visit.autopays.offers(visit.customer_id)
    offer = next((each for each in offers if _is_meant(each, callback_data)), None)
    if offer is None:
        raise NotYours
    await show_consent(visit, draft_of(offer))


def _is_meant(offer: AutopayOffer, picked: taps.PickOffer) -> bool:
    if picked.connector:
        return offer.connector_id is not None and handle(offer.connector_id) == picked.connector
    return offer.connector_id is None and (offer.payer_id, offer.amount.currency) == (
        picked.payer,
        picked.currency,
    )


@router.callback_query(taps.ConnectAfter.filter())
async def connect_after_tapped(visit: Visit, callback_data: taps.ConnectAfter) -> None:
    visit.anew = callback_data.anew
    draft = draft_of(await offer_after(visit, callback_data.payment))
    draft.payment = callback_data.payment
    await show_consent(visit, draft)


@router.callback_query(taps.AgreePrice.filter())
async def price_tapped(visit: Visit, callback_data: taps.AgreePrice) -> None:
    """The same autopay at today's price."""
    visit.anew = callback_data.anew
    await show_consent(visit, Draft(autopay=callback_data.autopay))


async def show_consent(visit: Visit, draft: Draft) -> None:
    """What would be agreed to; where it cannot be had, why, and what helps."""
    offer = await offer_of(visit, draft)
    if draft.is_new and offer.standing is not None:
        return await show_one(visit, offer.standing.autopay.id)
    await wait_at(visit, draft, Autopay.consent)
    back, (card, balance_first) = back_from(draft), draft.source(offer)
    if offer.refusal:
        await visit.show(f"{target_of(offer)}\n\n{offer_refusal(offer)}", screens.refused(back))
    elif card is None and not balance_first:
        buttons = screens.no_card(offer, change=not draft.is_new, back=back)
        await visit.show(_no_card_words(offer, change=not draft.is_new), buttons)
    elif card is None or not await _ask_contact(visit, draft, card):
        zone = await _zone(visit)
        words = agreement_words(visit.catalogue, offer, card, balance_first=balance_first, zone=zone)
        await visit.show(words, screens.consent(offer, words, change=not draft.is_new, back=back))
    return None


@router.callback_query(Autopay.consent, taps.Agree.filter())
async def agreed(visit: Visit, callback_data: taps.Agree) -> None:
    """To the words that stood there and no others: where they would be different now, they are shown anew."""
    draft = await load(visit)
    offer = await offer_of(visit, draft)
    card, balance_first = draft.source(offer)
    agreed_to = agreement(
        visit.catalogue,
        offer,
        card,
        balance_first=balance_first,
        zone=await _zone(visit),
        update_id=visit.update_id,
    )
    if handle(agreed_to.text) != callback_data.seen:
        visit.note = _("Something has changed meanwhile. Please read it once more.")
        return await show_consent(visit, draft)
    await accept_terms(visit)
    if draft.autopay:
        view = await visit.autopays.change(visit.customer_id, draft.autopay, agreed_to)
        done = _("✅ Changed.")
    else:
        view = await visit.autopays.connect(
            visit.customer_id, draft.connector or None, draft.payer, agreed_to
        )
        done = _("✅ Autopay is connected.")
    await visit.leave_dialog()
    await visit.show(f"{done} {autopay_line(view)}", screens.connected(view))
    return None


async def _ask_contact(visit: Visit, draft: Draft, card: SavedCard) -> bool:
    """Every charge owes a receipt where the seller makes them: its address is asked for with the consent."""
    method = visit.autopays.method_of(card)
    draft.contact = needs(method) if method is not None else ""
    question = await contact_words(visit, draft.contact)
    if question:
        await wait_at(visit, draft, Autopay.contact)
        await visit.show(question, screens.refused(back_from(draft)))
    return bool(question)


@router.message(Autopay.contact, F.contact | F.text)
async def contact_sent(visit: Visit) -> None:
    draft = await load(visit)
    await take_contact(visit, draft.contact)
    await show_consent(visit, draft)


def back_from(draft: Draft) -> str | Place:
    """To what it was opened from."""
    if draft.autopay:
        return taps.OpenAutopay(autopay=draft.autopay).pack()
    return Place.MENU if draft.only_thing or draft.payment else Place.AUTOPAY


async def _zone(visit: Visit) -> str:
    customer = await visit.customers.get(visit.customer_id)
    return customer.zone if customer else ""


def _no_card_words(offer: AutopayOffer, *, change: bool) -> str:
    told = [f"{target_of(offer)}: {money(offer.amount)} {interval_words(offer.interval)}"]
    if change:
        told.append(_("Another card is saved when you pay with it and tick “Remember the card”."))
    else:
        told.append(_("There is no saved card yet. Pay now, and the card is saved with that payment."))
    if offer.connector_id:
        told.append(_("Or let it be paid from the balance alone, as long as there is enough on it."))
    return "\n\n".join(told)
