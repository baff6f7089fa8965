"""A walk along another company's instructions: what each line of them takes in Kassir, tap by tap."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page

from sandbox.runner import Sandbox
from tests.browser import DESKTOP
from tests.e2e.chat import Chat

SOURCES = Path("docs/sources.md")
HEAD = ("№", "The page says", "In Kassir", "Taps", "Typed")


async def chat_of(customer: int, street: Sandbox, browser: Browser) -> Page:
    """Whatever is copied there can be read from the clipboard."""
    context = await browser.new_context(viewport=DESKTOP, locale="ru-RU", reduced_motion="reduce")
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = await context.new_page()
    await page.goto(f"{street.at.page}/?as={customer}")
    return page


@dataclass
class Step:
    line: str
    here: str
    taps: int = 0
    typed: int = 0


class Walk:
    """Counts a customer's taps and answers, on whatever page; what others do is not counted."""

    def __init__(self, name: str, page: Page, pictures: Path) -> None:
        self._name = name
        self._pictures = pictures
        self._steps: list[Step] = []
        self.goes_on_in(page)

    def goes_on_in(self, page: Page) -> None:
        """The chat stands on that page from now on."""
        self.page = page
        self.chat = Chat(page, self._pictures, self._name)

    def step(self, line: str, here: str) -> None:
        """From here on it is about this line of the page."""
        self._steps.append(Step(line, here))

    async def starts(self) -> None:
        """The first press in a chat with a bot."""
        await self.presses(self.chat.pane.get_by_role("button", name="Start", exact=True))

    async def taps(self, *buttons: str) -> None:
        """One after the other, each on the screen that the one before has brought."""
        for button in buttons:
            await self.chat.taps(button)
            self._steps[-1].taps += 1

    async def says(self, *answers: str) -> None:
        for answer in answers:
            await self.chat.says(answer)
            self._steps[-1].typed += 1

    async def sends(self, *files: Path) -> None:
        """Chosen together, so that they are an album."""
        await self.chat.sends(*files)
        self._steps[-1].taps += 1

    async def sees(self, *words: str) -> None:
        await self.chat.sees(*words)

    async def presses(self, *places: Locator) -> None:
        """Outside the chat."""
        for place in places:
            await place.click()
            self._steps[-1].taps += 1

    async def fills(self, box: Locator, words: str) -> None:
        await box.fill(words)
        self._steps[-1].typed += 1

    async def opens(self, link: Locator) -> Page:
        """What the link opens in a tab of its own."""
        async with self.page.context.expect_page() as opening:
            await self.presses(link)
        return await opening.value

    def counts(self, taps: int) -> None:
        """What was done for the customer without a pointer, such as reading where a link leads."""
        self._steps[-1].taps += taps

    def table(self) -> str:
        rows = [
            (str(number), step.line, step.here, str(step.taps), str(step.typed))
            for number, step in enumerate(self._steps, start=1)
        ]
        taps, typed = sum(step.taps for step in self._steps), sum(step.typed for step in self._steps)
        lines = [HEAD, ("---",) * len(HEAD), *rows, ("", "", "**all**", f"**{taps}**", f"**{typed}**")]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)

    def ends(self) -> None:
        """Print the table; the one in the docs is the same, to the tap."""
        table = self.table()
        print(f"\n{table}")  # noqa: T201 (to be read with pytest -s)
        assert table in SOURCES.read_text(encoding="utf-8"), f"{SOURCES} wants this table:\n{table}"
