"""The customer's chat in the browser, as one would tell it: says, taps, sees."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Locator, Page, expect

ALBUM_OR_MESSAGE = "(ancestor::*[@data-album]|self::*)[1]"


class Chat:
    """The customer's pane of the chat page, and a picture of it at every turn of the story."""

    def __init__(self, page: Page, pictures: Path, story: str) -> None:
        self._page = page
        self._pictures = pictures
        self._story = story
        self.pane = page.get_by_role("region", name="Customer's chat")
        self._mine = self.pane.locator(".message.mine")

    @property
    def answers(self) -> Locator:
        """What came after the customer's last words."""
        return self._mine.last.locator(f"xpath={ALBUM_OR_MESSAGE}/following-sibling::*")

    async def says(self, text: str) -> None:
        said = await self._mine.count()
        box = self.pane.get_by_role("textbox", name="Message")
        await box.fill(text)
        await box.press("Enter")
        await expect(self._mine).to_have_count(said + 1)

    async def sends(self, *files: Path) -> None:
        said = await self._mine.count()
        await self.pane.get_by_label("Send files or pictures").set_input_files(files)
        await expect(self._mine).not_to_have_count(said)

    async def taps(self, *buttons: str) -> None:
        for text in buttons:
            button = self._page.get_by_role("button", name=text)
            await self.answers.filter(has=button).last.get_by_role("button", name=text).first.click()

    async def sees(self, *words: str) -> None:
        for text in words:
            await expect(self.answers.filter(has_text=text).last).to_be_visible()

    async def kept(self, name: str) -> None:
        await self._page.screenshot(path=self._pictures / f"{self._story}-{name}.png")
