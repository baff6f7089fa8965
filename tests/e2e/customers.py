"""What customers do again and again."""

from sandbox.driver import Person
from sandbox.runner import Sandbox

PRICE = "990"


async def ask_for_link(person: Person) -> None:
    """Through Pay to the screen with the link."""
    await person.says("/pay")
    await person.taps("WhatsApp")
    await person.taps("1 месяц")
    await person.taps("Карта или СБП")
    await person.sees_button(f"Оплатить {PRICE}")


async def clean_books(street: Sandbox) -> str:
    """The report, once it says that all is well."""
    code, report = await street.books()
    assert code == 0, report
    return report
