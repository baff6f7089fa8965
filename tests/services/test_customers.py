from bot.services.house import House
from bot.storage.database import Database

IMPORTED = 1009


async def test_imported_customer_gets_his_language_with_his_first_word(
    house: House, database: Database
) -> None:
    await database.write(lambda tx: tx.customers.add(IMPORTED, name="", language="ru"))
    customer = await house.customers.greet(IMPORTED, name="Carol", language="en")
    assert (customer.name, customer.language) == ("Carol", "en")


async def test_chosen_language_stays_whatever_telegram_says(house: House) -> None:
    await house.customers.greet(IMPORTED, name="Carol", language="en")
    await house.customers.choose_language(IMPORTED, "ky")
    customer = await house.customers.greet(IMPORTED, name="Caroline", language="en")
    assert (customer.name, customer.language) == ("Caroline", "ky")
