"""A paper as its reader has it: words, pictures of the pages, and what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pypdfium2
from PIL.Image import Image


@dataclass(frozen=True)
class Pages:
    """A PDF, opened."""

    content: bytes

    @cached_property
    def _document(self) -> pypdfium2.PdfDocument:
        return pypdfium2.PdfDocument(self.content)

    @cached_property
    def texts(self) -> list[str]:
        """Of each page, each line's end as it is set."""
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in self._document]

    @property
    def words(self) -> str:
        """All of it in one line, however lines were broken."""
        return " ".join(" ".join(self.texts).replace("\u200b", "").split())

    def picture(self, page: int = 0, ppi: int = 144) -> Image:
        image: Image = self._document[page].render(scale=ppi / 72).to_pil()
        return image

    @property
    def is_archival(self) -> bool:
        """Whether it says that it is PDF/A-2b."""
        return b"<pdfaid:part>2</pdfaid:part>" in self.content and (
            b"<pdfaid:conformance>B</pdfaid:conformance>" in self.content
        )

    @property
    def is_tagged(self) -> bool:
        return bool(pypdfium2.raw.FPDFCatalog_IsTagged(self._document.raw))
