"""Screens of orders by a form: the list, each question, the summary, an order's own page."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.domain.catalogue import Tariff
from bot.domain.form_terms import AnswerKind, MadeToOrder, Question
from bot.domain.order_forms import Answer, FormState
from bot.domain.states import OrderState
from bot.i18n import _, money_of_all, said, shown
from bot.i18n.form_standing import mark
from bot.keyboards.buttons import BACK, Place, Row, go, handle, keyboard, page_turner, tap
from bot.keyboards.pay import CancelOrder, PayRest
from bot.services.made_to_order.views import FormView
from bot.services.paging import Page

SKIP = "order:skip"
READY = "order:ready"
KEEP = "order:keep"
KNOWN = "order:known"
LATER = "order:later"
SEND_IN = "order:sendin"
CHANGE = "order:change"
WHO_PAYS = "order:payer"
SEND_REPLY = "order:reply"
TITLE_ON_BUTTON = 40
FILES_IN_ROW = 5


class PickTariff(CallbackData, prefix="ordertariff"):
    tariff: str


class PickOption(CallbackData, prefix="orderoption"):
    """An answer to a choice, by its name in the catalogue."""

    name: str


class RemoveFile(CallbackData, prefix="orderunfile"):
    """One of the files that are here, by a short name of its id."""

    file: str


class ChangeAnswer(CallbackData, prefix="orderanswer"):
    question: str


class OpenForm(CallbackData, prefix="orderform"):
    form: int
    anew: bool = False


class OpenMade(CallbackData, prefix="ordermade"):
    """An order that was made without a form."""

    order: int
    anew: bool = False


class FillIn(CallbackData, prefix="orderfill"):
    """Go on with a form that was left."""

    form: int
    anew: bool = False


class ReplyToReviewer(CallbackData, prefix="orderreply"):
    form: int
    anew: bool = False


class Withdraw(CallbackData, prefix="orderundo"):
    """`sure` once it was asked whether it is meant."""

    form: int
    sure: bool = False


def orders(page: Page[FormView], titles: Sequence[str], *, can_order: bool) -> InlineKeyboardMarkup:
    rows = [
        [tap(f"{mark(view)} {shown(title, TITLE_ON_BUTTON)}", _opens(view))]
        for view, title in zip(page.items, titles, strict=True)
    ]
    new = [go(_("New order"), Place.ORDER)] if can_order else []
    return keyboard(*rows, page_turner(page.page, page.pages), new, back=Place.MENU)


def _opens(view: FormView) -> CallbackData:
    if view.form is not None:
        return OpenForm(form=view.form.id)
    assert view.order is not None
    return OpenMade(order=view.order.id)


def tariffs(offered: Sequence[Tariff]) -> InlineKeyboardMarkup:
    rows = ([tap(said(each.title), PickTariff(tariff=each.id))] for each in offered)
    return keyboard(*rows, back=BACK)


def question(asked: Question, given: Answer | None, known: str = "") -> InlineKeyboardMarkup:
    """`known` is what we know of the customer and would take for an answer."""
    here = given is not None and not given.is_empty
    options = [[tap(said(each.title), PickOption(name=each.name))] for each in asked.options]
    may_skip = not asked.required and not (asked.kind.is_file and here)
    return keyboard(
        *options,
        [tap(shown(known), KNOWN)] if known else [],
        *_files(given),
        _go_on(asked) if here else [],
        [tap(_("Skip"), SKIP)] if may_skip else [],
        [tap(_("Save and go on later"), LATER)],
        back=BACK,
    )


def _go_on(asked: Question) -> Row:
    return [tap(_("Ready"), READY)] if asked.kind.is_file else [tap(_("Leave it so"), KEEP)]


def _files(given: Answer | None) -> list[Row]:
    """What takes each away again: five in a row leave a word no room on a telephone."""
    files = given.files if given is not None else ()
    buttons = [
        tap(f"✖️ {number}", RemoveFile(file=handle(file.file_id))) for number, file in enumerate(files, 1)
    ]
    return [buttons[start : start + FILES_IN_ROW] for start in range(0, len(buttons), FILES_IN_ROW)]


def takes_known(asked: Question) -> bool:
    """Whether it asks for what we may know of the customer already."""
    return asked.kind in (AnswerKind.EMAIL, AnswerKind.PHONE)


def summary(*, has_payers: bool) -> InlineKeyboardMarkup:
    """`has_payers` where somebody else than the customer himself may pay."""
    return keyboard(
        [tap(_("Send in"), SEND_IN)],
        [tap(_("Change an answer"), CHANGE)],
        [tap(_("Who pays?"), WHO_PAYS)] if has_payers else [],
        [tap(_("Save and go on later"), LATER)],
        back=BACK,
    )


def which_answer(made: MadeToOrder) -> InlineKeyboardMarkup:
    rows = (
        [tap(shown(said(each.title), TITLE_ON_BUTTON), ChangeAnswer(question=each.name))]
        for each in made.form
    )
    return keyboard(*rows, back=BACK)


def one(view: FormView) -> InlineKeyboardMarkup:
    """An order's own page: whatever can be done about it now."""
    return keyboard(*_of_form(view), pay_row(view), _undo_row(view), back=Place.ORDERS)


def _of_form(view: FormView) -> list[Row]:
    form = view.form
    if form is None:
        return []
    undo = [tap(_("Cancel this order"), Withdraw(form=form.id))]
    if form.state is FormState.FILLING:
        return [[tap(_("Go on"), FillIn(form=form.id))], undo]
    if form.state is not FormState.REVIEW:
        return []
    reply = [tap(_("Answer"), ReplyToReviewer(form=form.id))] if form.question else []
    return [reply, undo]


def _undo_row(view: FormView) -> Row:
    """Of an order that nobody had to approve."""
    order = view.order
    if view.form is not None or order is None or order.state is not OrderState.AWAITING:
        return []
    return [tap(_("Cancel the order"), CancelOrder(order=order.id))]


def pay_row(view: FormView) -> Row:
    order = view.order
    if order is None or order.state is not OrderState.AWAITING:
        return []
    return [pay_button(order.id, money_of_all(order.prices))]


def pay_button(order_id: int, amount: str, *, anew: bool = False) -> InlineKeyboardButton:
    """Straight to the methods: the order keeps its price."""
    return tap(_("Pay {amount}", amount=amount), PayRest(order=order_id, anew=anew))


def sure(form_id: int) -> InlineKeyboardMarkup:
    return keyboard([tap(_("Yes, cancel it"), Withdraw(form=form_id, sure=True))], back=BACK)


def replying(form_id: int, *, written: bool) -> InlineKeyboardMarkup:
    """Below the reviewer's question; it can be withdrawn here as well."""
    send = [tap(_("Send the answer"), SEND_REPLY)] if written else []
    return keyboard(send, [tap(_("Cancel this order"), Withdraw(form=form_id))], back=BACK)


def waits(form_id: int) -> InlineKeyboardMarkup:
    """Under the reminder of a form that was left."""
    menu = go(_("Menu"), Place.MENU, anew=True)
    return keyboard([tap(_("Go on"), FillIn(form=form_id, anew=True))], [menu], menu=False)
