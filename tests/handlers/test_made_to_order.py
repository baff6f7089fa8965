"""What becomes of an order by a form, as its customer sees it: decided, paid, worked on; and the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.domain.catalogue import Catalogue, Paper, Period, Tariff
from bot.domain.catalogue_file import read_catalogue
from bot.domain.customers import Connector
from bot.domain.money import Money
from bot.domain.order_forms import OrderForm, OrderStep
from bot.domain.periods import now
from bot.domain.states import OrderState
from bot.domain.texts import Text
from bot.gateways.bank.gateway import Bank
from bot.gateways.base import Gateway
from bot.keyboards.order_forms import pay_button
from bot.services.house import House
from bot.storage.database import Database
from bot.storage.tx import Tx
from tests.gateways.fake import FakeGateway
from tests.handlers.conftest import ANNA, OWNER
from tests.handlers.rig import Person
from tests.payers import ROMASHKA

ANSWERS = {
    "about": "Меню",
    "systems": "both",
    "email": "anna@example.org",
    "phone": "+375291234567",
}


@pytest.fixture
def webpay() -> FakeGateway:
    return FakeGateway("webpay", currencies=("BYN",))


@pytest.fixture
def gateways(webpay: FakeGateway) -> list[Gateway]:
    return [webpay, Bank(("RUB", "BYN"))]


async def sent_in(house: House) -> OrderForm:
    form = await house.order_forms.begin(ANNA, "app", 12)
    for name, text in ANSWERS.items():
        await house.order_forms.answer(ANNA, form.id, name, text)
    for name in ("site", "languages", "logo", "texts", "wanted_by"):
        await house.order_forms.skip(ANNA, form.id, name)
    return await house.order_forms.send_in(ANNA, form.id)


async def approved(house: House) -> OrderForm:
    form = await sent_in(house)
    (card,) = await house.desk.open_cards(OWNER)
    await house.reviews.approve(OWNER, card.id)
    return form


async def open_order(anna: Person) -> None:
    await anna.says("/orders")
    await anna.taps("Мобильное приложение под ключ")


def plain(anna: Person) -> str:
    return anna.screen.text.replace("\N{NO-BREAK SPACE}", " ")


async def test_an_approved_order_is_paid_from_its_page(
    anna: Person, house: House, webpay: FakeGateway
) -> None:
    form = await approved(house)
    assert form.order_id is not None
    await open_order(anna)
    assert "Заявка одобрена, ждём оплату до" in anna.screen.text
    assert "Дальше: В работе" in anna.screen.text
    assert "Отменить заявку" not in anna.screen.buttons
    await anna.taps("Оплатить 590")
    assert "Как удобнее заплатить?" in anna.screen.text
    await anna.taps("WEBPAY")
    for words in ("Мобильное приложение под ключ: 12 месяцев", "Принятый заказ не возвращается", "590 Br"):
        assert words in plain(anna), words
    assert "Промокод" not in anna.screen.buttons
    assert (await house.orders.get(ANNA, form.order_id)).state is OrderState.AWAITING
    (sale,) = webpay.sales.values()
    await house.callbacks.receive("webpay", webpay.pay(sale.reference))
    await open_order(anna)
    assert "Оплачено, приступаем к работе" in anna.screen.text
    assert "Дальше: В работе" in anna.screen.text
    await anna.says("/menu")
    assert not [text for text in anna.screen.buttons if "Ещё раз" in text], "it is ordered anew by its form"
    await anna.says("/history")
    await anna.taps("✅")
    assert "590 Br зачислены, работаем над заказом: /orders" in plain(anna)


async def test_the_work_is_told_with_its_day_and_what_was_said(
    anna: Person, house: House, sqlite_database: Database, webpay: FakeGateway
) -> None:
    form = await approved(house)
    assert form.order_id is not None
    link = await house.payments.start(ANNA, form.order_id, "webpay")
    payment = await sqlite_database.read(lambda tx: tx.payments.get(link.payment_id))
    assert payment is not None
    await house.callbacks.receive("webpay", webpay.pay(payment.reference))

    def work(tx: Tx) -> None:
        assert form.order_id is not None
        due = date(2030, 12, 14)
        tx.order_work.move(form.order_id, to="working", only_from="", due_on=due, done_at=None)
        step = OrderStep("working", due, "Рисуем", "https://example.org/see", None, 1, now())
        tx.order_work.add_step(form.order_id, step)

    await sqlite_database.write(work)
    await open_order(anna)
    assert "В работе, до 14 декабря 2030" in plain(anna)
    assert "Дальше: " in plain(anna)
    assert "Рисуем" in anna.screen.text
    assert "https://example.org/see" in anna.screen.text


async def test_an_order_that_nobody_had_to_approve_is_paid_or_cancelled(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    def import_app(tx: Tx) -> None:
        payer = tx.customers.person(ANNA)
        tx.connectors.add(Connector("app-1", "app", "Приложение 1", "app", payer, None, None))

    await sqlite_database.write(import_app)
    order = await house.orders.place(ANNA, ["app-1"], 12)
    await open_order(anna)
    assert "Ждёт оплаты до" in anna.screen.text
    assert "Оплатить 590" in " ".join(anna.screen.buttons)
    await anna.taps("Отменить заказ")
    assert (await house.orders.get(ANNA, order.id)).state is OrderState.CANCELLED


async def test_a_rejected_one_says_why_and_can_be_ordered_anew(anna: Person, house: House) -> None:
    await sent_in(house)
    (card,) = await house.desk.open_cards(OWNER)
    await house.reviews.reject(OWNER, card.id, "Такого не делаем")
    await open_order(anna)
    assert "Мы не можем взять этот заказ: Такого не делаем" in anna.screen.text
    await anna.taps("Назад")
    await anna.taps("Новый заказ")
    assert "Вопрос 1 из 9" in anna.screen.text


async def test_an_unpaid_one_is_not_among_the_connectors(anna: Person, house: House) -> None:
    await sent_in(house)
    await anna.says("/pay")
    assert not [text for text in anna.screen.buttons if "приложение" in text]
    await anna.says("/menu")
    await anna.taps("Коннекторы")
    assert not [text for text in anna.screen.buttons if "приложение" in text]


async def test_others_see_nothing_of_it(bob: Person, house: House) -> None:
    form = await sent_in(house)
    await bob.says("/orders")
    assert "Question 1 of 9" in bob.screen.text
    await bob.taps_data(f"orderform:{form.id}:0")
    assert "Nothing of yours was found" in bob.screen.text


class TestSeveralTariffs:
    """Two things are made to order, one of them for several periods, and the law wants a consent."""

    @pytest.fixture
    def catalogue(self) -> Catalogue:
        known = read_catalogue(Path("catalog.example.toml"))
        app = known.tariffs["app"]
        assert app.made_to_order is not None
        two = (Period(1, (Money(5000, "BYN"),)), Period(12, (Money(50000, "BYN"),)))
        site: Tariff = replace(app, id="site", title=Text({"ru": "Сайт"}), periods=two)
        consents = {"BY": Paper("1", Text({"ru": "Согласны на обработку?"}))}
        return replace(known, tariffs={"app": app, "site": site, **known.tariffs}, consents=consents)

    async def test_what_is_to_be_chosen_is_asked_first(self, anna: Person, house: House) -> None:
        await anna.says("/order")
        assert "Что сделать для вас?" in anna.screen.text
        await anna.taps("Сайт")
        assert "На какой срок?" in anna.screen.text
        await anna.taps("12 месяцев")
        assert "Согласны на обработку?" in anna.screen.text
        await anna.taps("Назад")
        assert "Что сделать для вас?" in anna.screen.text
        await anna.taps("Сайт")
        await anna.taps("1 месяц")
        await anna.taps("Даю согласие")
        assert "Вопрос 1 из 9" in anna.screen.text
        customer = await house.customers.get(ANNA)
        assert customer is not None
        assert customer.consented_at is not None
        form = await house.order_forms.filling(ANNA, "site")
        assert form is not None
        assert form.months == 1


async def test_a_long_list_has_pages(anna: Person, house: House) -> None:
    for _ in range(9):
        form = await sent_in(house)
        await house.order_forms.withdraw(ANNA, form.id)
    await anna.says("/orders")
    assert len([text for text in anna.screen.buttons if "приложение" in text]) == 8
    await anna.taps("›")
    assert len([text for text in anna.screen.buttons if "приложение" in text]) == 1


async def test_an_order_whose_time_is_over_says_so(
    anna: Person, house: House, sqlite_database: Database
) -> None:
    form = await approved(house)
    assert form.order_id is not None
    await sqlite_database.write(
        lambda tx: tx.orders.move(form.order_id or 0, to=OrderState.EXPIRED, only_from=OrderState.AWAITING)
    )
    await open_order(anna)
    assert "Срок оплаты прошёл" in anna.screen.text


async def test_the_notices_button_leads_to_the_methods(anna: Person, house: House) -> None:
    form = await approved(house)
    assert form.order_id is not None
    await anna.says("/menu")
    await anna.taps_data(pay_button(form.order_id, "590 Br", anew=True).callback_data or "")
    assert "Как удобнее заплатить?" in anna.screen.text
    await anna.taps("Назад")
    assert "Заказать услугу" in anna.screen.buttons


async def test_a_firm_pays_an_approved_order_by_an_invoice(anna: Person, house: House) -> None:
    firm = await house.payers.save(ANNA, None, ROMASHKA)
    form = await house.order_forms.begin(ANNA, "app", 12)
    await house.order_forms.choose_payer(ANNA, form.id, firm.id)
    form = await approved(house)
    assert form.order_id is not None
    await open_order(anna)
    await anna.taps("Оплатить 590")
    await anna.taps("Счёт для организации")
    assert "ООО «Ромашка»" in anna.screen.text
    await anna.taps("Выставить счёт")
    issued = await house.invoices.of_order(ANNA, form.order_id)
    assert issued is not None
    assert issued.order_id == form.order_id, "the reviewed order itself, with its work behind it"
