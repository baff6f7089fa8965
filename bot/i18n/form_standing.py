"""Where an order by a form stands: in a mark, in a line, and with what comes next."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.form_terms import MadeToOrder
from bot.domain.order_forms import FormState, OrderForm, OrderStep, OrderWork
from bot.domain.orders import Order
from bot.domain.states import OrderState
from bot.i18n.catalogues import _
from bot.i18n.figures import day, moment, money_of_all
from bot.i18n.sentences import said
from bot.i18n.strangers import shown
from bot.services.made_to_order.views import FormView

WORDS_LENGTH = 1500


def mark(view: FormView) -> str:
    """One sign for a button of the list."""
    form, order = view.form, view.order
    if form is not None and form.state is FormState.FILLING:
        return "✏️"
    if form is not None and form.state is FormState.REVIEW:
        return "❓" if form.question else "🔎"
    return _MARKS.get(order.state, "✖️") if order is not None else "✖️"


def standing_lines(view: FormView, made: MadeToOrder | None) -> list[str]:
    """How it stands, what is next, and what was said of it last."""
    form = view.form
    if form is not None and form.state is not FormState.APPROVED:
        return _of_form(form)
    return _of_order(view, view.order, made) + _last_step(view.steps) if view.order is not None else []


def _of_form(form: OrderForm) -> list[str]:
    match form.state:
        case FormState.FILLING:
            return [_("It is not sent in yet: your answers are kept.")]
        case FormState.REVIEW if form.question:
            return [_("We have a question: {words}", words=shown(form.question, WORDS_LENGTH))]
        case FormState.REVIEW:
            return [_looked_at(form), _("Next: you get a link to pay by, or a question.")]
        case FormState.REJECTED:
            reason = shown(form.reason, WORDS_LENGTH)
            return [_("We can't take it: {reason}", reason=reason) if reason else _("We can't take it.")]
    return [_("You have cancelled it.")]


def _looked_at(form: OrderForm) -> str:
    if form.review_until is None:
        return _("We are looking at it.")
    return _("We are looking at it and will answer by {moment}.", moment=moment(form.review_until))


def _of_order(view: FormView, order: Order, made: MadeToOrder | None) -> list[str]:
    if order.state in (OrderState.PAID, OrderState.FULFILLED):
        return _of_work(view.work, made)
    if order.state is OrderState.AWAITING:
        first, until = made.after("") if made is not None else None, moment(order.expires_at)
        return [
            _("It waits to be paid until {moment}.", moment=until)
            if view.form is not None
            else _("To be paid by {moment}.", moment=until),
            _("Price: {amount}", amount=money_of_all(order.prices)),
            *([_("Next: {stage}.", stage=said(first.title))] if first else []),
        ]
    closed = _CLOSED.get(order.state)
    return [closed()] if closed is not None else []


def _of_work(work: OrderWork | None, made: MadeToOrder | None) -> list[str]:
    if work is None or made is None:
        return [_("It is paid.")]
    stage, following = made.stage(work.stage), made.after(work.stage)
    lines = [said(stage.title)] if stage is not None else [_("It is paid: we begin.")]
    if work.due_on is not None and work.done_at is None:
        lines[0] = _("{stage}, by {date}", stage=lines[0], date=day(work.due_on))
    if following is not None and work.done_at is None:
        lines.append(_("Next: {stage}.", stage=said(following.title)))
    return lines


def _last_step(steps: tuple[OrderStep, ...]) -> list[str]:
    """What the customer was told when the work moved last."""
    if not steps:
        return []
    last = steps[-1]
    return ["", *filter(None, (shown(last.words, WORDS_LENGTH), last.url))] if last.words or last.url else []


_MARKS = {OrderState.AWAITING: "💳", OrderState.PAID: "🛠", OrderState.FULFILLED: "✅"}
_CLOSED: dict[OrderState, Callable[[], str]] = {
    OrderState.REVIEW: lambda: _("We are looking at it."),
    OrderState.EXPIRED: lambda: _("Its time to be paid is over. Order it once more, or write to us."),
    OrderState.CANCELLED: lambda: _("It is cancelled."),
    OrderState.REPLACED: lambda: _("Another order has taken its place."),
    OrderState.REFUNDED: lambda: _("Its money went back."),
}
