"""What `python -m bot check` says of an operator's templates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app.papers import open_typesetter
from bot.config import Settings
from bot.documents.checkup import look_at_templates
from bot.documents.samples import samples
from bot.documents.tables import Column, TablePaper, table_file
from bot.documents.template_files import SHIPPED
from bot.domain.catalogue import Catalogue
from bot.domain.catalogue_file import read_catalogue
from tests.documents.pages import Pages

ALL = "autopay_forecast.typ, chart.typ, invoice.typ, paper.typ, receipt.typ, table.typ, takings.typ"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(Path(__file__).parents[2] / "catalog.example.toml")


def findings(folder: Path, catalogue: Catalogue) -> Sequence[str]:
    return [str(finding) for finding in look_at_templates(folder, catalogue)]


def test_each_shipped_template_is_tried(catalogue: Catalogue) -> None:
    tried = {name for name, _ in samples(catalogue)}
    assert tried == {path.name for path in SHIPPED.glob("*.typ")} - {"paper.typ", "chart.typ"}
    assert findings(SHIPPED, catalogue) == [f"ok     templates: {ALL} of {SHIPPED}"]


def test_a_broken_one_is_told_with_its_line_and_hint(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "invoice.typ").write_text('#import "paper.typ": *\n#show: frame\n\n#paper.titel\n')
    told = findings(tmp_path, catalogue)
    assert told[0].startswith(
        'wrong  templates: invoice.typ, line 4: dictionary does not contain key "titel"'
    )
    assert told[0].endswith("mend it; until then the shipped one is used")


def test_a_broken_frame_is_told_once(tmp_path: Path, catalogue: Catalogue) -> None:
    frame = (SHIPPED / "paper.typ").read_text().replace('paper: "a4"', 'paper: "a44"')
    (tmp_path / "paper.typ").write_text(frame)
    told = findings(tmp_path, catalogue)
    assert len(told) == 1
    assert told[0].startswith("wrong  templates: paper.typ, line ")


def test_a_font_that_is_not_there_is_worth_a_note(tmp_path: Path, catalogue: Catalogue) -> None:
    frame = (SHIPPED / "paper.typ").read_text().replace('"Noto Sans", ', '"Our Sans", "Noto Sans", ')
    (tmp_path / "paper.typ").write_text(frame)
    assert any("unknown font family: our sans" in told for told in findings(tmp_path, catalogue))


def test_a_misspelt_name_is_worth_a_note(tmp_path: Path, catalogue: Catalogue) -> None:
    (tmp_path / "invoise.typ").write_text("Hello")
    (first, _) = findings(tmp_path, catalogue)
    assert first == (f"note   templates: invoise.typ stands in for none of ours: they are {ALL}")


def test_a_folder_that_is_not_there_is_wrong(tmp_path: Path, catalogue: Catalogue) -> None:
    (told,) = findings(tmp_path / "papers", catalogue)
    assert told.startswith("wrong  templates:")
    assert "is not a folder" in told


async def test_the_bot_starts_without_it_all_the_same(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, bot_token="42:A", secret_key="k" * 40, templates_path=tmp_path / "papers"
    )
    with capture_logs() as logs:
        typesetter = open_typesetter(settings)
    file = await table_file(typesetter, "a.pdf", TablePaper("Hello", "Seller", [Column("What")], rows=()))
    typesetter.close()
    assert "Hello" in Pages(file.content).words
    assert [line["event"] for line in logs] == ["documents.templates_unread"]
