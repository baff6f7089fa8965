"""Whether an operator's templates can be set, before a customer waits for a paper."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.documents.samples import samples
from bot.documents.template_files import TemplateBroken, Templates
from bot.documents.typesetter import try_out
from bot.domain.catalogue import Catalogue
from bot.services.checkup import Finding, note, well, wrong

SUBJECT = "templates"
MEND = "mend it; until then the shipped one is used"


def look_at_templates(folder: Path, catalogue: Catalogue) -> Iterable[Finding]:
    """Each paper is set once of invented facts: a change of paper.typ is a change of all."""
    try:
        templates = Templates.with_own(folder)
    except TemplateBroken as trouble:
        yield wrong(SUBJECT, str(trouble), "look at TEMPLATES_PATH")
        return
    if templates.strangers:
        known = ", ".join(sorted(templates.texts.keys() - set(templates.strangers)))
        yield note(SUBJECT, f"{templates.strangers[0]} stands in for none of ours", f"they are {known}")
    tried = [finding for name, paper in samples(catalogue) for finding in _tried(templates, name, paper)]
    yield from dict.fromkeys(tried)  # a frame that is broken is told once
    if not tried:
        yield well(SUBJECT, f"{', '.join(sorted(templates.own)) or 'none'} of {folder}")


def _tried(templates: Templates, name: str, paper: dict[str, object]) -> Iterable[Finding]:
    try:
        warnings = try_out(templates, name, paper)
    except TemplateBroken as trouble:
        yield wrong(SUBJECT, str(trouble), MEND)
        return
    for warning in warnings:
        yield note(SUBJECT, warning)
