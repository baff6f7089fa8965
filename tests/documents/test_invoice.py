"""The invoice on paper, read as its buyer, his bank and his telephone read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import zxingcpp

from bot import i18n
from bot.documents.bank_qr import payment_text
from bot.documents.press import Press
from bot.documents.registry import Sources
from bot.documents.typesetter import Typesetter
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from bot.domain.documents import Enclosure, File
from bot.domain.errors import NotYours
from bot.domain.invoices import Invoice, InvoiceKind, InvoiceLine, InvoiceState, Unit
from bot.domain.money import Money
from bot.domain.requisites import BankAccount, Party, PartyKind, SellerDetails
from bot.domain.texts import Text
from tests.documents.invoices import BUYER, OFFER, SELLER
from tests.documents.pages import Pages

MARKUP = 'ООО "Ро|машка" #panic("x") $x$ *b* _i_ [a] \\ // /* `r` @r <l> = ~'
EXAMPLE = Path(__file__).parents[2] / "catalog.example.toml"
BELARUS = SellerDetails(
    Party(PartyKind.ORGANISATION, "ООО «Лён»", "BY", "200988541"),
    BankAccount("BYN", "BY13NBRB3600900000002Z00AB00", "Нацыянальны банк", "NBRBBY2X"),
)
KYRGYZSTAN = SellerDetails(
    Party(PartyKind.ORGANISATION, "ОсОО «Гүл»", "KG", "01234567890123"),
    BankAccount("KGS", "1234567890123456", "Оптима Банк", "109018"),
)


class Issued:
    """What the press needs of the InvoiceService."""

    def __init__(self, invoice: Invoice) -> None:
        self._invoice = invoice

    async def document(self, invoice_id: int) -> Invoice:
        if invoice_id != self._invoice.id:
            raise NotYours
        return self._invoice


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(EXAMPLE)


async def made(typesetter: Typesetter, catalogue: Catalogue, invoice: Invoice, language: str = "en") -> File:
    house = cast(Any, SimpleNamespace(invoices=Issued(invoice)))
    press = Press(Sources(house, catalogue, typesetter))
    return await press.make(Enclosure("invoice", {"invoice_id": invoice.id}), language)


async def test_an_offer_says_all_that_a_bank_and_a_bookkeeper_want(
    typesetter: Typesetter, catalogue: Catalogue
) -> None:
    file = await made(typesetter, catalogue, OFFER)
    pages = Pages(file.content)
    assert (file.name, file.media) == ("Счёт INV-2026-000123.pdf", "application/pdf")
    assert pages.is_archival
    assert pages.is_tagged
    for words in (
        "Счёт-оферта № INV-2026-000123 от 18 ноября 2026 г.",
        "БИК 044525225",
        "Корр. счёт 30101810400000000225",
        "Расч. счёт 40702810938000000001",
        'ООО "Ромашка", ИНН 7707083893, КПП 773601001, ОГРН 1027700132195, 101000, Москва',
        "ООО «Василёк», ИНН 7728168971, КПП 772801001, 117312, Москва",
        "1 WhatsApp +7 999 123-45-67 3 мес. 990,00 2 970,00",
        "2 SIP line, 6 месяцев 1 период 1 000,00 1 000,00",
        "3 Оплачено ранее −70,00",
        "Без НДС",
        "3 900,00 ₽",
        "Три тысячи девятьсот рублей 00 копеек, без НДС",
        OFFER.purpose,
        "применяется упрощённая система налогообложения",
        "действителен до 23 ноября 2026",
        "https://example.org/terms",
        "Генеральный директор Примерова А. А.",
        "Стр. 1 из 1",
    ):
        assert words in pages.words.replace("\xa0", " "), words


async def test_its_code_is_read_back_from_the_page(typesetter: Typesetter, catalogue: Catalogue) -> None:
    page = Pages((await made(typesetter, catalogue, OFFER)).content).picture()
    found = zxingcpp.read_barcodes(page)
    assert [code.bytes for code in found] == [payment_text(OFFER)]


@pytest.mark.parametrize(
    ("language", "seller", "vat", "says"),
    [
        ("ru", SELLER, "22", "Три тысячи девятьсот рублей 00 копеек, в том числе НДС 22 % — 703,28 ₽"),
        ("ru", SELLER, "5", "в том числе НДС 5 % — 703,28 ₽"),
        ("en", SELLER, "10", "VAT 10% included"),
        ("be", BELARUS, "20", "Тры тысячы дзевяцьсот беларускіх рублёў 00 капеек, у тым ліку ПДВ 20 %"),
        ("ky", KYRGYZSTAN, "12", "Үч миң тогуз жүз сом 00 тыйын, анын ичинде КНС 12 %"),
        ("en", SELLER, "7", "Three thousand nine hundred Russian roubles 00 kopecks, VAT 7% included"),
    ],
)
async def test_every_language_country_and_rate(
    typesetter: Typesetter, catalogue: Catalogue, language: str, seller: SellerDetails, vat: str, says: str
) -> None:
    currency = seller.account.currency
    lines = tuple(
        replace(line, price=Money(line.price.minor, currency), amount=Money(line.amount.minor, currency))
        for line in OFFER.lines
    )
    total, inside = Money(390000, currency), Money(70328, currency)
    invoice = replace(
        OFFER, language=language, seller=seller, vat=vat, vat_amount=inside, total=total, lines=lines
    )
    words = Pages((await made(typesetter, catalogue, invoice)).content).words.replace("\xa0", " ")
    assert says in words
    assert "упрощённая" not in words, "the ground is for those who charge no VAT"
    if seller is BELARUS:
        assert "УНП 200988541" in words
        assert "IBAN BY13 NBRB 3600 9000 0000 2Z00 AB00" in words
    if seller is KYRGYZSTAN:
        assert "109018" in words
        assert "сом" in words


async def test_a_month_is_a_bill_and_no_offer(typesetter: Typesetter, catalogue: Catalogue) -> None:
    price = Money(99050, "RUB")
    lines = (
        InvoiceLine("Line 1", 1, Unit.USAGE, price, price, uses=21, seconds=61),
        InvoiceLine("Line 2", 1, Unit.USAGE, price, price, uses=2),
    )
    bill = replace(OFFER, kind=InvoiceKind.REGULAR, month="2026-10", valid_until=None, lines=lines)
    words = Pages((await made(typesetter, catalogue, bill)).content).words.replace("\xa0", " ")
    assert "Счёт № INV-2026-000123 от 18 ноября 2026 г." in words
    assert "Период октябрь 2026" in words
    assert "Line 1: 21 запись, 1:01 1 услуга 990,50 990,50" in words
    assert "Line 2: 2 записи 1" in words
    assert "оферты" not in words


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (InvoiceState.PAID, "Оплачен"),
        (InvoiceState.PART_PAID, "Оплачен частично"),
        (InvoiceState.VOID, "Аннулирован, не оплачивайте"),
    ],
)
async def test_what_is_not_to_be_paid_in_full_says_so_and_has_no_code(
    typesetter: Typesetter, catalogue: Catalogue, state: InvoiceState, says: str
) -> None:
    pages = Pages((await made(typesetter, catalogue, replace(OFFER, state=state))).content)
    assert says in pages.words
    assert zxingcpp.read_barcodes(pages.picture()) == []


async def test_markup_in_every_field_is_text(typesetter: Typesetter, catalogue: Catalogue) -> None:
    party = replace(BUYER, name=MARKUP, address=MARKUP)
    account = replace(SELLER.account, bank=MARKUP)
    seller = SellerDetails(
        party, account, replace(SELLER.signer, name=MARKUP) if SELLER.signer else None, MARKUP
    )
    line = replace(OFFER.lines[0], title=MARKUP)
    invoice = replace(OFFER, seller=seller, buyer=party, purpose=MARKUP, lines=(line,))
    assert catalogue.invoicing is not None
    braces = replace(catalogue.invoicing, offer=Text({"ru": "{0} {number} {x.y}" + MARKUP}))
    content = (await made(typesetter, replace(catalogue, invoicing=braces), invoice)).content
    printed = "".join(Pages(content).words.split())
    assert printed.count("".join(MARKUP.split())) == 11
    assert "{0}INV-2026-000123{x.y}" in printed
    assert [code.bytes for code in zxingcpp.read_barcodes(Pages(content).picture())] == [
        payment_text(invoice)
    ]


async def test_three_hundred_lines_and_long_addresses(typesetter: Typesetter, catalogue: Catalogue) -> None:
    lines = tuple(replace(OFFER.lines[0], title=f"Line {number}") for number in range(300))
    invoice = replace(OFFER, lines=lines, buyer=replace(BUYER, name="Щ" * 160, address="Ы" * 300))
    pages = Pages((await made(typesetter, catalogue, invoice)).content)
    assert len(pages.texts) > 5
    for number, text in enumerate(pages.texts, 1):
        assert f"Стр. {number} из {len(pages.texts)}" in text
        assert "Кол-во" in text or number == len(pages.texts)
    assert "300 Line 299 3 мес." in pages.words
    assert "Ы" * 300 in "".join(pages.words.split())


async def test_a_person_without_requisites_gets_a_paper(typesetter: Typesetter, catalogue: Catalogue) -> None:
    seller = replace(SELLER, signer=None, registration="", party=Party(PartyKind.PERSON, "Иван Ы."))
    invoice = replace(OFFER, buyer=Party(PartyKind.PERSON, "Анна"), seller=seller, language="")
    words = Pages((await made(typesetter, replace(catalogue, invoicing=None), invoice, "ru")).content).words
    assert "Покупатель Анна Действует до" in words.replace("\xa0", " ")


async def test_somebody_elses_is_refused(typesetter: Typesetter, catalogue: Catalogue) -> None:
    house = cast(Any, SimpleNamespace(invoices=Issued(OFFER)))
    with pytest.raises(NotYours):
        await Press(Sources(house, catalogue, typesetter)).make(Enclosure("invoice", {"invoice_id": 8}), "ru")
    assert i18n.language() == "ru"
