"""Pages of the sandbox: templates of a folder, words in two languages, everything escaped."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

LANGUAGES = ("ru", "en")

Words = Mapping[str, Mapping[str, str]]


def language(request: web.Request, locale: str = "") -> str:
    """As asked in the address, else as the shop asked, else as the browser prefers, else Russian."""
    for wish in (request.query.get("lang", ""), locale, request.headers.get("Accept-Language", "")):
        if wish[:2] in LANGUAGES:
            return wish[:2]
    return "ru"


class Templates:
    def __init__(self, folder: Path, words: Words) -> None:
        self._folder = folder
        self._words = words

    def fill(self, template: str, lang: str, **values: object) -> str:
        """Fill a template: `$t_name` from the words, `$name` from the values, all but `…_html` escaped."""
        texts = {f"t_{name}": escape(said[lang]) for name, said in self._words.items() if name.isidentifier()}
        shown = {
            name: str(value) if name.endswith("_html") else escape(str(value))
            for name, value in values.items()
        }
        source = (self._folder / template).read_text("utf-8")
        return Template(source).substitute(texts | {"lang": lang} | shown)


def answered(html: str, policy: str, *, status: int = 200) -> web.Response:
    """A page that runs nothing of others (`policy`) and is never kept."""
    answer = web.Response(text=html, content_type="text/html", status=status)
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["Cache-Control"] = "no-store"
    return answer
