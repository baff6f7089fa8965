"""Requisites of payers: kept as typed, checked by country, never shared, changed by their customer alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import CustomerError, NotYours
from bot.domain.invoices import Delivery
from bot.domain.payer_details import PayerDetails
from bot.services.house import House
from bot.storage.database import Database
from tests.payers import ANNA_HERSELF, IVANOV, ROMASHKA
from tests.services.conftest import ANNA, BOB


async def test_an_organisation_is_kept_in_its_normal_form(house: House) -> None:
    typed = replace(ROMASHKA, name='  ООО «Ромашка»\n| "Север"\u200b', tax_number="ИНН 7707083893")
    payer = await house.payers.save(ANNA, None, typed)
    assert await house.payers.details(ANNA, payer.id) == ROMASHKA
    assert payer.can_be_invoiced
    assert payer.shown_name == ROMASHKA.name
    assert payer.delivery is Delivery.EMAIL
    assert [each.id for each in await house.payers.of_customer(ANNA)] == [payer.id]


async def test_an_equal_tax_number_makes_another_payer(house: House) -> None:
    mine = await house.payers.save(ANNA, None, ROMASHKA)
    again = await house.payers.save(ANNA, None, ROMASHKA)
    theirs = await house.payers.save(BOB, None, ROMASHKA)
    assert len({mine.id, again.id, theirs.id}) == 3
    with pytest.raises(NotYours):
        await house.payers.details(BOB, mine.id)
    with pytest.raises(NotYours):
        await house.payers.save(BOB, mine.id, ROMASHKA)


async def test_a_person_is_always_the_customer_himself(house: House) -> None:
    payer = await house.payers.save(ANNA, None, ANNA_HERSELF)
    assert payer.id == (await house.balance.payers(ANNA))[0].id
    assert (await house.payers.save(ANNA, None, replace(ANNA_HERSELF, name="Петрова Анна"))).id == payer.id
    with pytest.raises(CustomerError, match="payer_kind_stays"):
        await house.payers.save(ANNA, payer.id, ROMASHKA)
    firm = await house.payers.save(ANNA, None, IVANOV)
    with pytest.raises(CustomerError, match="payer_kind_stays"):
        await house.payers.save(ANNA, firm.id, ANNA_HERSELF)


async def test_a_payer_added_by_its_name_gets_its_requisites_later(house: House) -> None:
    firm = await house.balance.add_payer(ANNA, "OOO Romashka")
    assert await house.payers.of_customer(ANNA) == []
    payer = await house.payers.save(ANNA, firm.id, ROMASHKA)
    assert payer.id == firm.id
    assert payer.can_be_invoiced


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(ROMASHKA, tax_number="7707083894"), "tax_number_mistyped"),
        (replace(ROMASHKA, tax_number=""), "tax_number_digits"),
        (replace(ROMASHKA, kpp=""), "bad_kpp"),
        (replace(IVANOV, kpp="773601001"), "kpp_not_for_this"),
        (replace(ROMASHKA, name="я" * 161), "payer_name_too_long"),
        (replace(ROMASHKA, name=" \u200b "), "title_missing"),
        (replace(ROMASHKA, address="я" * 301), "address_too_long"),
        (replace(ROMASHKA, address=""), "bad_address"),
        (replace(ROMASHKA, email="почта@example.com"), "bad_email"),
        (replace(ROMASHKA, email="a@example.com\r\nBcc: b@example.com"), "bad_email"),
    ],
)
async def test_wrong_requisites_are_told_and_nothing_is_kept(
    house: House, wrong: PayerDetails, code: str
) -> None:
    with pytest.raises(CustomerError) as refusal:
        await house.payers.save(ANNA, None, wrong)
    assert refusal.value.code == code
    assert await house.payers.of_customer(ANNA) == []


async def test_the_longest_name_and_address_are_taken(house: House) -> None:
    long = replace(ROMASHKA, name="я" * 160, address="я" * 300)
    payer = await house.payers.save(ANNA, None, long)
    assert payer.details == long


async def test_a_proved_address_is_proved_anew_when_it_changes(house: House, database: Database) -> None:
    payer = await house.payers.save(ANNA, None, ROMASHKA)
    await database.write(lambda tx: tx.payers.prove_email(payer.id, ROMASHKA.email))
    await database.write(lambda tx: tx.payers.choose_delivery(payer.id, Delivery.CHAT))
    same = await house.payers.save(ANNA, payer.id, replace(ROMASHKA, name="ООО Ромашка"))
    assert same.email_proved
    assert same.delivery is Delivery.CHAT
    other = await house.payers.save(ANNA, payer.id, replace(ROMASHKA, email="other@example.com"))
    assert not other.email_proved
