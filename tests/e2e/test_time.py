"""The time of the street: the bot lives by it and does what was due on the way."""

from datetime import timedelta

from sandbox.clock_driver import StreetTime
from sandbox.driver import Person
from sandbox.runner import Sandbox


async def test_skipped_week_is_lived_through(street: Sandbox, anna: Person) -> None:
    async with StreetTime(street.at.page) as time:
        before = await time.now()
        assert timedelta(days=7) <= await time.skip(days=7) - before < timedelta(days=7, minutes=2)
    code, report = await street.books()
    assert code == 0, report
