"""Setting papers: what comes out, whose templates are used, and what strangers' words may do."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import date
from pathlib import Path
from threading import get_ident

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot import i18n
from bot.documents import typesetter as module
from bot.documents.letters import printable
from bot.documents.tables import Column, TablePaper, table_file
from bot.documents.template_files import TemplateBroken, Templates
from bot.documents.typesetter import Typesetter, set_pdf, set_png
from tests.documents.pages import Pages

MARKUP = '#panic("x") $x^2$ *bold* _it_ [a] \\ "q" // no /* c */ `raw` @ref <label> = 1 | ~'
ON = date(2026, 11, 22)


def paper(*rows: list[str], title: str = "Receipts") -> TablePaper:
    columns = [Column("What", width="1"), Column("Sum", "right")]
    return TablePaper(title, "Romashka", columns, rows, on=ON)


async def test_a_table_is_archival_tagged_and_numbered(typesetter: Typesetter) -> None:
    rows = [[f"Line {number}", "1 500,00 ₽"] for number in range(100)]
    with i18n.speaking("en"):
        file = await table_file(typesetter, "receipts.pdf", paper(*rows))
    pages = Pages(file.content)
    assert (file.name, file.media) == ("receipts.pdf", "application/pdf")
    assert pages.is_archival
    assert pages.is_tagged
    assert len(pages.texts) == 3
    for number, text in enumerate(pages.texts, 1):
        assert f"Page {number} of 3" in text
        assert "What" in text, "the heading stands on every page"
    assert "Line 99" in pages.texts[-1]


async def test_the_same_paper_is_the_same_file(typesetter: Typesetter) -> None:
    first, second = [await table_file(typesetter, "a.pdf", paper(["a", "1"])) for _ in range(2)]
    assert first == second


async def test_markup_comes_out_as_text(typesetter: Typesetter) -> None:
    file = await table_file(typesetter, "a.pdf", paper([MARKUP, MARKUP], title=MARKUP))
    assert Pages(file.content).words.count(MARKUP) == 4  # the footer repeats the title


async def test_what_has_no_place_to_break_is_broken(typesetter: Typesetter) -> None:
    file = await table_file(typesetter, "a.pdf", paper(["W" * 300, "1"]))
    assert "W" * 300 in "".join(Pages(file.content).words.split())


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_name_can_be_printed(name: str) -> None:
    assert set_pdf(Templates.shipped(), "table.typ", paper([name, "1"], title=name or "-").data())


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Ңөү ў і ₽ № «»", "Ңөү ў і ₽ № «»"),
        ("и\u0306", "й"),
        ("a\u200bb\u202ec\ufe0f", "abc"),
        ("a\x00\x07b", "a b"),
        ("Line 中文 🎉🎉", "Line \ufffd \ufffd"),
    ],
)
def test_what_has_no_shape_gives_way(written: str, printed: str) -> None:
    assert printable({"name": [written, 1, None]}) == {"name": [printed, 1, None]}


async def test_pictures_are_made_of_every_page(typesetter: Typesetter) -> None:
    rows = [[f"Line {number}", "1"] for number in range(60)]
    pictures = await typesetter.png("table.typ", paper(*rows).data())
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)
    assert len(set_png(Templates.shipped(), "table.typ", paper().data())) == 1


async def test_papers_are_set_off_the_loop(typesetter: Typesetter, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    monkeypatch.setattr(module, "set_pdf", lambda *_: threads.append(get_ident()))
    await asyncio.gather(*[typesetter.pdf("table.typ", {}) for _ in range(20)])
    assert get_ident() not in threads
    assert len(set(threads)) <= module.THREADS


def test_own_template_stands_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (tmp_path / "table.typ").write_text(
        '#import "paper.typ": *\n#show: frame\n#image("logo.svg", alt: "logo")\nOurs: #paper.title'
    )
    templates = Templates.with_own(tmp_path)
    assert "Ours: Receipts" in Pages(set_pdf(templates, "table.typ", paper().data())).words


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hello\n\n#nonsense\n", "table.typ, line 3: unknown variable: nonsense"),
        ("#let x = (1", "table.typ, line 1: unclosed delimiter"),
        ('#image("../secret.png")', 'line 1: path `"../secret.png"` would escape the project root (cannot'),
        ('\n#import "@preview/cetz:0.3.4"', 'line 2: packages such as "@preview/cetz:0.3.4" are not fetched'),
    ],
)
def test_a_broken_template_names_its_line(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "table.typ").write_text(text)
    with pytest.raises(TemplateBroken) as caught:
        set_pdf(Templates.with_own(tmp_path), "table.typ", paper().data())
    assert says in str(caught.value)


def test_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(TemplateBroken, match="is not a folder"):
        Templates.with_own(tmp_path / "nowhere")


async def test_the_shipped_one_helps_out_and_the_log_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "table.typ").write_text("#nonsense")
    setter = Typesetter(Templates.with_own(tmp_path))
    with capture_logs() as logs:
        first, second = [await table_file(setter, "a.pdf", paper(["Line", "1"])) for _ in range(2)]
    setter.close()
    assert first == second
    assert "Line" in Pages(first.content).words
    assert [(line["event"], line["trouble"]) for line in logs] == [
        ("documents.template_broken", "table.typ, line 1: unknown variable: nonsense")
    ]


def test_typst_is_loaded_with_the_first_paper_alone() -> None:
    code = "import sys, bot.documents.press; print('typst' in sys.modules, 'segno' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
