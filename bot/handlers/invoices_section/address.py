"""Another way for papers, and their address: typed or picked, then proved by the code that was sent there."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter

from bot.domain.customers import Customer
from bot.domain.email_codes import CodePurpose
from bot.domain.errors import CustomerError
from bot.domain.invoices import Delivery
from bot.handlers.invoices_section.delivery import show_delivery
from bot.handlers.invoices_section.requesting import PaperRequest, show_request
from bot.handlers.invoices_section.scope import Scope, Section, load, wait_at
from bot.i18n import _, shown
from bot.keyboards import papers_delivery as screens
from bot.keyboards.buttons import BACK
from bot.keyboards.payers import MendAddress
from bot.middlewares.visits import Visit
from bot.services.delivery import PayerDelivery

router = Router(name="invoices_address")

ADDRESS_LENGTH = 254


@router.callback_query(Section.delivery, screens.PickDelivery.filter())
async def delivery_picked(visit: Visit, callback_data: screens.PickDelivery) -> None:
    """By e-mail only to an address that was proved: where there is none it is asked for first."""
    scope, way = await load(visit), callback_data.way
    now = await visit.delivery.get(visit.customer_id, scope.payer)
    if way is Delivery.EMAIL and not now.address:
        return await ask_address(visit, scope, by_email=True)
    await visit.delivery.choose(visit.customer_id, scope.payer, way)
    visit.toast = _("Saved.")
    return await show_delivery(visit, scope)


@router.callback_query(StateFilter(Section), F.data == screens.CHANGE_ADDRESS)
async def address_wanted(visit: Visit) -> None:
    """What was being asked for goes on once the address is proved."""
    data = await visit.state.get_data()
    await ask_address(visit, await load(visit), request=data.get("request"))


@router.callback_query(MendAddress.filter(F.proved))
async def address_to_mend(visit: Visit, callback_data: MendAddress) -> None:
    """From the news that a letter was refused."""
    visit.anew = True
    await ask_address(visit, Scope(callback_data.payer))


async def ask_address(visit: Visit, scope: Scope, **then: Any) -> None:
    """`then` says what goes on afterwards: a `request`, or that papers are to come by e-mail (`by_email`)."""
    now = await visit.delivery.get(visit.customer_id, scope.payer)
    if not now.mail_is_on:
        raise CustomerError("mail_is_off")
    known = _known(now, await visit.customers.get(visit.customer_id))
    await wait_at(visit, scope, Section.address, known=known, **then)
    text = _(
        "Send the e-mail address for invoices. A code goes there, and it proves that the address is yours."
    )
    await visit.show(text, screens.address(known))


def _known(now: PayerDelivery, customer: Customer | None) -> list[str]:
    """What may be meant, so that it need not be typed: the payer's own, and the one for receipts."""
    told = (now.payer.email, customer.email if customer else "")
    return [each for each in dict.fromkeys(told) if each and each != now.address]


@router.callback_query(Section.address, screens.PickAddress.filter())
async def address_picked(visit: Visit, callback_data: screens.PickAddress) -> None:
    known = (await visit.state.get_data())["known"]
    if callback_data.place < len(known):
        await _send_code(visit, known[callback_data.place])


@router.message(Section.address, F.text)
async def address_typed(visit: Visit) -> None:
    await _send_code(visit, visit.text)


@router.callback_query(Section.code, F.data == screens.CODE_AGAIN)
async def code_wanted_again(visit: Visit) -> None:
    visit.toast = _("Sent once more.")
    await _send_code(visit, (await visit.state.get_data())["email"])


async def _send_code(visit: Visit, email: str) -> None:
    scope = await load(visit)
    email = await visit.email_codes.send(visit.customer_id, email, CodePurpose.ADDRESS, scope.payer)
    await visit.enter(Section.code, keep=True, email=email)
    await _ask_code(visit, email)


async def _ask_code(visit: Visit, email: str) -> None:
    text = _(
        "A code is on its way to {email}. Send its six digits here. "
        "It may take a few minutes; look among the spam as well.",
        email=shown(email, ADDRESS_LENGTH),
    )
    await visit.show(text, screens.code())


@router.message(Section.code, F.text)
async def code_typed(visit: Visit) -> None:
    await visit.email_codes.prove(visit.customer_id, CodePurpose.ADDRESS, visit.text)
    data, scope = await visit.state.get_data(), await load(visit)
    visit.toast = _("The address is proved.")
    if data.get("by_email"):
        await visit.delivery.choose(visit.customer_id, scope.payer, Delivery.EMAIL)
    if data.get("request"):
        return await show_request(visit, scope, PaperRequest(**data["request"]))
    return await show_delivery(visit, scope)


@router.callback_query(Section.code, F.data.in_({BACK, screens.OTHER_ADDRESS}))
async def other_address_wanted(visit: Visit) -> None:
    data = await visit.state.get_data()
    then = {name: data[name] for name in ("request", "by_email") if data.get(name)}
    await ask_address(visit, await load(visit), **then)


@router.callback_query(Section.address, F.data == BACK)
async def back_from_address(visit: Visit) -> None:
    data, scope = await visit.state.get_data(), await load(visit)
    now = await visit.delivery.get(visit.customer_id, scope.payer)
    if data.get("request") and now.address:
        return await show_request(visit, scope, PaperRequest(**data["request"]))
    return await show_delivery(visit, scope)


async def address_resumed(visit: Visit, scope: Scope) -> None:
    data = await visit.state.get_data()
    if visit.dialog == Section.code.state:
        return await _ask_code(visit, data["email"])
    then = {name: data[name] for name in ("request", "by_email") if data.get(name)}
    return await ask_address(visit, scope, **then)
