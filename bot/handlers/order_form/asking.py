"""The questions of an order form one by one, and the summary that follows them."""

from __future__ import annotations

from bot.domain.form_answers import first_open
from bot.domain.form_terms import AnswerKind, MadeToOrder, Question
from bot.domain.order_forms import OrderForm
from bot.handlers.order_form.draft import Draft, OrderDialog, wait_at
from bot.i18n.form_words import ordered_words, question_words, summary_words
from bot.keyboards import order_forms as screens
from bot.middlewares.visits import Visit


async def ask_next(visit: Visit, draft: Draft, form: OrderForm) -> None:
    """The first that is open, be it because the catalogue has changed; the summary when none is."""
    question = first_open(made_of(visit, form), form.answers)
    if question is None:
        return await show_summary(visit, draft, form)
    draft.editing = False
    return await ask(visit, draft, form, question)


async def ask_again(visit: Visit, draft: Draft, *, renew: bool = False) -> None:
    """The one that the dialog stands at, unless the catalogue has it no more."""
    form = await visit.order_forms.get(visit.customer_id, draft.form)
    question = made_of(visit, form).question(draft.at)
    if question is None:
        return await ask_next(visit, draft, form)
    return await ask(visit, draft, form, question, renew=renew)


async def ask(
    visit: Visit, draft: Draft, form: OrderForm, question: Question, *, renew: bool = False
) -> None:
    """`renew` changes the screen that stands there already."""
    draft.at = question.name
    await wait_at(visit, draft, OrderDialog.question)
    given = form.answers.get(question.name)
    made = made_of(visit, form)
    text = question_words(made, question, given)
    if question is made.form[0]:
        text = f"{ordered_words(visit.order_forms.tariff(form.tariff), form)}\n\n{text}"
    buttons = screens.question(question, given, await known_of(visit, question))
    await (visit.renew(text, buttons) if renew else visit.show(text, buttons))


async def answered(visit: Visit, draft: Draft, form: OrderForm) -> None:
    """On to the next, or back to the summary where one answer alone was to be changed."""
    if draft.editing:
        draft.editing = False
        return await show_summary(visit, draft, form)
    return await ask_next(visit, draft, form)


async def show_summary(visit: Visit, draft: Draft, form: OrderForm, *, renew: bool = False) -> None:
    made = made_of(visit, form)
    if first_open(made, form.answers) is not None:
        await ask_next(visit, draft, form)
        return
    draft.at = ""
    await wait_at(visit, draft, OrderDialog.summary)
    tariff = visit.order_forms.tariff(form.tariff)
    payers = await visit.connectors.payers(visit.customer_id)
    payer = next((each.shown_name for each in payers if each.id == form.payer_id), "")
    text = summary_words(tariff, form, visit.order_forms.promise(form.tariff), payer)
    buttons = screens.summary(has_payers=len(payers) > 1)
    await (visit.renew(text, buttons) if renew else visit.show(text, buttons))


async def known_of(visit: Visit, question: Question) -> str:
    """What we know of the customer and would take for an answer."""
    if not screens.takes_known(question):
        return ""
    customer = await visit.customers.get(visit.customer_id)
    if customer is None:
        return ""
    return customer.email if question.kind is AnswerKind.EMAIL else customer.phone


def made_of(visit: Visit, form: OrderForm) -> MadeToOrder:
    """CustomerError "form_gone" where the seller makes no such thing any more."""
    made = visit.order_forms.tariff(form.tariff).made_to_order
    assert made is not None
    return made
