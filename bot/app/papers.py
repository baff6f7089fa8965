"""What papers are made with: the templates an operator may change, and the threads that set them."""

from __future__ import annotations

import structlog

from bot.config import Settings
from bot.documents.template_files import TemplateBroken, Templates
from bot.documents.typesetter import Typesetter

log = structlog.get_logger()


def open_typesetter(settings: Settings) -> Typesetter:
    """With the operator's templates; where they cannot be read at all, the shipped ones do."""
    if settings.templates_path is None:
        return Typesetter()
    try:
        return Typesetter(Templates.with_own(settings.templates_path))
    except TemplateBroken as trouble:
        log.error("documents.templates_unread", trouble=str(trouble))
        return Typesetter()
