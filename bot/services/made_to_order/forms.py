"""Orders by a form, the customer's side: it is filled in, sent in, withdrawn; what became of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.catalogue import Catalogue, Tariff
from bot.domain.errors import CustomerError, NotYours
from bot.domain.form_answers import check_file, first_open, read_answer
from bot.domain.form_terms import MadeToOrder, Question
from bot.domain.order_forms import Answer, FormState, OrderForm, SentFile
from bot.domain.states import OrderState
from bot.domain.working_hours import promised_until
from bot.services.blocked import refuse_blocked
from bot.services.made_to_order import reviews
from bot.services.made_to_order.placing import keep_contacts, place_order
from bot.services.made_to_order.views import FormView, view_of
from bot.services.orders import own_order
from bot.services.paging import Page, page_of
from bot.services.payers import own_payer
from bot.services.zones import zone_where
from bot.storage.database import Database, reading, transaction
from bot.storage.order_forms import Listed
from bot.storage.tx import Tx

MOST_LISTED = 200
REPLY_LENGTH = 2000
MOST_REPLY_FILES = 10
MOST_IN_REVIEW = 10
OPEN = (FormState.FILLING, FormState.REVIEW)


class OrderFormService:
    """Every answer is kept when it is given, so a form can be left at any moment and gone on with later."""

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._catalogue = catalogue
        self._zone = zone
        self._tariffs = [tariff.id for tariff in catalogue.made_to_order]

    @reading
    def page(self, tx: Tx, customer_id: int, page: int = 0) -> Page[FormView]:
        """What he ordered or began to order, the newest first."""
        found = tx.order_forms.listed(customer_id, self._tariffs, limit=MOST_LISTED)

        def look(limit: int, offset: int) -> list[FormView]:
            return [view_of(tx, each) for each in found[offset : offset + limit]]

        return page_of(look, len(found), page)

    @reading
    def has_any(self, tx: Tx, customer_id: int) -> bool:
        return bool(tx.order_forms.listed(customer_id, self._tariffs, limit=1))

    @reading
    def look(self, tx: Tx, customer_id: int, form_id: int) -> FormView:
        form = own_form(tx, customer_id, form_id)
        return view_of(tx, Listed(form.id, form.order_id, form.created_at))

    @reading
    def look_at_order(self, tx: Tx, customer_id: int, order_id: int) -> FormView:
        """By its order, whether there is a form behind it or not."""
        order = own_order(tx, customer_id, order_id)
        if not any(line.tariff in self._tariffs for line in order.lines):
            raise NotYours
        form = tx.order_forms.of_order(order.id)
        return view_of(tx, Listed(form.id if form else None, order.id, order.created_at))

    @reading
    def get(self, tx: Tx, customer_id: int, form_id: int) -> OrderForm:
        return own_form(tx, customer_id, form_id)

    @reading
    def filling(self, tx: Tx, customer_id: int, tariff_id: str) -> OrderForm | None:
        """The form of this tariff that he began before and has not sent in."""
        return tx.order_forms.filling(customer_id, tariff_id)

    @transaction
    def begin(self, tx: Tx, customer_id: int, tariff_id: str, months: int) -> OrderForm:
        """Begin a form, or go on with the one that he left, for the period that he chose now."""
        refuse_blocked(tx, customer_id)
        if self.tariff(tariff_id).period(months) is None:
            raise CustomerError("period_gone")
        return tx.order_forms.begin(customer_id, tariff_id, months)

    @transaction
    def answer(self, tx: Tx, customer_id: int, form_id: int, name: str, text: str) -> OrderForm:
        """Keep what was typed or picked in its normal form; a CustomerError says what to send instead."""
        question = self._question(own_form(tx, customer_id, form_id), name)
        value = read_answer(question, text, periods.today(zone_where(tx, customer_id, self._zone)))
        return _keep(tx, customer_id, form_id, name, Answer(value))

    @transaction
    def skip(self, tx: Tx, customer_id: int, form_id: int, name: str) -> OrderForm:
        """Leave a question out where that is allowed; what was answered before is gone."""
        if self._question(own_form(tx, customer_id, form_id), name).required:
            raise CustomerError("answer_needed")
        return _keep(tx, customer_id, form_id, name, Answer())

    @transaction
    def add_file(self, tx: Tx, customer_id: int, form_id: int, name: str, file: SentFile) -> OrderForm:
        """Put a picture or a file to those that are here; of an album each comes by itself."""
        question = self._question(_hold(tx, customer_id, form_id), name)
        check_file(question, file)
        form = own_form(tx, customer_id, form_id)
        files = _files(form, name)
        if file.file_id in [each.file_id for each in files]:
            return form
        if len(files) >= question.files:
            raise CustomerError("form_files_full", most=question.files)
        return _keep(tx, customer_id, form_id, name, Answer(files=(*files, file)))

    @transaction
    def remove_file(self, tx: Tx, customer_id: int, form_id: int, name: str, file_id: str) -> OrderForm:
        """Without its last one the question is not answered any more."""
        form = _hold(tx, customer_id, form_id)
        files = tuple(each for each in _files(form, name) if each.file_id != file_id)
        if files:
            return _keep(tx, customer_id, form_id, name, Answer(files=files))
        tx.order_forms.take_back(form_id, name)
        return own_form(tx, customer_id, form_id)

    @transaction
    def choose_payer(self, tx: Tx, customer_id: int, form_id: int, payer_id: int) -> OrderForm:
        """Let one of his payers pay for it, such as his firm."""
        own_form(tx, customer_id, form_id)
        payer = own_payer(tx, customer_id, payer_id)
        if not tx.order_forms.change(form_id, only_from=[FormState.FILLING], payer_id=payer.id):
            raise CustomerError("form_sent_in")
        return own_form(tx, customer_id, form_id)

    @transaction
    def send_in(self, tx: Tx, customer_id: int, form_id: int) -> OrderForm:
        """Lay it before the operators with its price frozen; a second tap finds it sent."""
        refuse_blocked(tx, customer_id)
        form = own_form(tx, customer_id, form_id)
        if form.state is not FormState.FILLING:
            return form
        if tx.order_forms.count_in_review(customer_id) >= MOST_IN_REVIEW:
            raise CustomerError("too_many_orders", most=MOST_IN_REVIEW)
        tariff = self.tariff(form.tariff)
        made = _made(tariff)
        if first_open(made, form.answers) is not None:
            raise CustomerError("form_incomplete")
        until = self._promise(made)
        sent = {"state": FormState.REVIEW.value, "sent_in_at": periods.now(), "review_until": until}
        if not tx.order_forms.change(form.id, only_from=[FormState.FILLING], **sent):
            return own_form(tx, customer_id, form_id)
        tx.customers.accept_terms(customer_id, self._catalogue.terms.version)
        order_id, payer_id = place_order(tx, tariff, form)
        tx.order_forms.change(form.id, order_id=order_id, payer_id=payer_id)
        keep_contacts(tx, made, form)
        reviews.open_review(tx, own_form(tx, customer_id, form_id), tariff)
        tx.audit.note(customer_id, "form_sent_in", f"form:{form.id}", order=order_id)
        return own_form(tx, customer_id, form_id)

    @transaction
    def withdraw(self, tx: Tx, customer_id: int, form_id: int) -> OrderForm:
        """Give it up until it is approved; twice is once."""
        form = own_form(tx, customer_id, form_id)
        if form.state is FormState.WITHDRAWN:
            return form
        if form.order_id is not None:
            tx.orders.lock(form.order_id)
        gone = {"state": FormState.WITHDRAWN.value, "review_until": None, "question": ""}
        if not tx.order_forms.change(form.id, only_from=OPEN, **gone):
            raise CustomerError("form_decided")
        form = own_form(tx, customer_id, form_id)
        if form.order_id is not None:
            tx.orders.move(form.order_id, to=OrderState.CANCELLED, only_from=OrderState.REVIEW)
            reviews.withdrawn(tx, form)
        tx.audit.note(customer_id, "form_withdrawn", f"form:{form.id}")
        return form

    @transaction
    def reply(self, tx: Tx, customer_id: int, form_id: int, reply: Answer) -> OrderForm:
        """Answer what the reviewer asked; from now on it is the operators' turn again."""
        if reply.is_empty:
            raise CustomerError("words_wanted")
        kept = Answer(reply.value[:REPLY_LENGTH], reply.files[:MOST_REPLY_FILES])
        form = own_form(tx, customer_id, form_id)
        reviews.replied(tx, form, kept, self._catalogue.desk, self._zone)
        return own_form(tx, customer_id, form_id)

    def tariff(self, tariff_id: str) -> Tariff:
        """The tariff of a form; the catalogue may have changed since."""
        tariff = self._catalogue.tariff(tariff_id)
        if tariff is None or tariff.made_to_order is None or not tariff.periods:
            raise CustomerError("form_gone")
        return tariff

    def promise(self, tariff_id: str) -> datetime:
        """By when a form that is sent in now is answered."""
        return self._promise(_made(self.tariff(tariff_id)))

    def _promise(self, made: MadeToOrder) -> datetime:
        return promised_until(periods.now(), made.review_hours, self._catalogue.desk, self._zone)

    def _question(self, form: OrderForm, name: str) -> Question:
        question = _made(self.tariff(form.tariff)).question(name)
        if question is None:
            raise CustomerError("question_gone")
        return question


def own_form(tx: Tx, customer_id: int, form_id: int) -> OrderForm:
    """The customer's form; NotYours for anybody else's and for none."""
    form = tx.order_forms.get_for_customer(form_id, customer_id)
    if form is None:
        raise NotYours
    return form


def _made(tariff: Tariff) -> MadeToOrder:
    assert tariff.made_to_order is not None
    return tariff.made_to_order


def _hold(tx: Tx, customer_id: int, form_id: int) -> OrderForm:
    """The form, held until this unit ends: of an album the pictures come at the same moment."""
    own_form(tx, customer_id, form_id)
    if not tx.order_forms.change(form_id, only_from=[FormState.FILLING]):
        raise CustomerError("form_sent_in")
    return own_form(tx, customer_id, form_id)


def _keep(tx: Tx, customer_id: int, form_id: int, name: str, answer: Answer) -> OrderForm:
    _hold(tx, customer_id, form_id)
    tx.order_forms.answer(form_id, name, answer)
    return own_form(tx, customer_id, form_id)


def _files(form: OrderForm, name: str) -> tuple[SentFile, ...]:
    given = form.answers.get(name)
    return given.files if given is not None else ()
