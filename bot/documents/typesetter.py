"""typst, in a few threads beside the loop. Data goes in as JSON and comes out as text, never as markup.

https://typst.app/docs/reference/, typst 0.15, read in November 2026.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from bot.documents.letters import printable
from bot.documents.template_files import TemplateBroken, Templates, diagnosed

if TYPE_CHECKING:
    from typst import Fonts, TypstWarning

T = TypeVar("T")

THREADS = 2
ARCHIVAL = "a-2b"
SHARP = 144
"""Pixels to the inch of a picture: sharp on a telephone."""

log = structlog.get_logger()


class Typesetter:
    """Sets papers; where an operator's template fails, the shipped one is used and the log says so once."""

    def __init__(self, templates: Templates | None = None, *, threads: int = THREADS) -> None:
        self._shipped = Templates.shipped()
        self._templates = templates or self._shipped
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="typesetter")
        self._told: set[str] = set()

    async def pdf(self, template: str, paper: Mapping[str, Any], on: date | None = None) -> bytes:
        """A tagged PDF/A-2b; with a date the same paper is the same file, byte for byte."""
        return await self.beside(partial(self._set_pdf, template, paper, on))

    async def png(self, template: str, paper: Mapping[str, Any]) -> list[bytes]:
        """A picture of each page, for charts and for looking at."""
        return await self.beside(partial(self._set_png, template, paper))

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def beside(self, work: Callable[[], T]) -> T:
        """Have something slow done in the same few threads."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def _set_pdf(self, template: str, paper: Mapping[str, Any], on: date | None) -> bytes:
        return self._own_or_shipped(template, lambda templates: set_pdf(templates, template, paper, on))

    def _set_png(self, template: str, paper: Mapping[str, Any]) -> list[bytes]:
        return self._own_or_shipped(template, lambda templates: set_png(templates, template, paper))

    def _own_or_shipped(self, template: str, typeset: Callable[[Templates], T]) -> T:
        if self._templates.own:
            try:
                return typeset(self._templates)
            except TemplateBroken as trouble:
                self._tell(template, trouble)
        return typeset(self._shipped)

    def _tell(self, template: str, trouble: TemplateBroken) -> None:
        if template not in self._told:
            self._told.add(template)
            log.error("documents.template_broken", template=template, trouble=str(trouble))


def set_pdf(templates: Templates, template: str, paper: Mapping[str, Any], on: date | None = None) -> bytes:
    """Set it here and now; raises TemplateBroken."""
    moment = datetime.combine(on, time(), UTC) if on else None
    made, _ = _typeset(templates, template, paper, format="pdf", pdf_standards=ARCHIVAL, timestamp=moment)
    assert isinstance(made, bytes)
    return made


def set_png(templates: Templates, template: str, paper: Mapping[str, Any]) -> list[bytes]:
    made, _ = _typeset(templates, template, paper, format="png", ppi=SHARP)
    return made if isinstance(made, list) else [made]


def try_out(templates: Templates, template: str, paper: Mapping[str, Any]) -> list[str]:
    """What typst warns of, such as a font that is not there; raises TemplateBroken."""
    _made, warnings = _typeset(templates, template, paper, format="pdf", pdf_standards=ARCHIVAL)
    return [diagnosed(template, warning.diagnostic, warning.hints) for warning in warnings]


def _typeset(
    templates: Templates, template: str, paper: Mapping[str, Any], **how: Any
) -> tuple[bytes | list[bytes], list[TypstWarning]]:
    """A compiler a paper: one that was built of bytes fails when it is used again."""
    from typst import Compiler, TypstError

    sources: Any = {**templates.texts, "main": f'#include "{template}"'.encode()}
    compiler = Compiler(sources, root=templates.folder, font_paths=_fonts())
    text = json.dumps(printable(paper), ensure_ascii=False)
    try:
        made, warnings = compiler.compile_with_warnings(sys_inputs={"paper": text}, **how)
    except TypstError as error:
        raise TemplateBroken(diagnosed(template, error.diagnostic, error.hints)) from None
    assert made is not None  # it is, where no file is named to write to
    return made, warnings


@cache
def _fonts() -> Fonts:
    """Noto Sans knows the letters of our four languages, and ₽ and ₸; this machine's own are not used."""
    import fontpkg_noto_sans
    from typst import Fonts

    return Fonts(include_system_fonts=False, font_paths=[fontpkg_noto_sans.ROOT / "files"])
