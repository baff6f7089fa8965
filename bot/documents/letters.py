"""Which characters can be printed: PDF/A forbids those without a shape, and any name must come out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

_SHAPELESS = "\N{REPLACEMENT CHARACTER}"

# What Noto Sans has of Latin, Greek, Cyrillic, punctuation, currencies and signs such as № and ™.
_KNOWN = (
    "\n -~\u00a0-\u00ac\u00ae-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03e1\u03f0-\u052f"
    "\u1d00-\u1df9\u1dfb-\u1f15\u2000-\u200a\u2010-\u2027\u202f-\u205e\u2070-\u2071\u2074-\u208e"
    "\u20a0-\u20c0\u2100-\u215f\u2212\ufb00-\ufb06\ufffd"
)
_STRANGE = re.compile(f"[^{_KNOWN}]+")


def printable(data: Any) -> Any:
    """The same data, every text in it fit to be printed; a run of other scripts or emoji becomes one mark."""
    if isinstance(data, str):
        return _STRANGE.sub(_instead, unicodedata.normalize("NFC", data))
    if isinstance(data, Mapping):
        return {name: printable(value) for name, value in data.items()}
    if isinstance(data, list | tuple):
        return [printable(value) for value in data]
    return data


def _instead(found: re.Match[str]) -> str:
    """Marks that only steer others (direction, joining, variants) leave nothing behind, controls a space."""
    kinds = {unicodedata.category(each) for each in found[0] if not "\ufe00" <= each <= "\ufe0f"}
    if kinds <= {"Cf"}:
        return ""
    return " " if kinds <= {"Cf", "Cc", "Zl", "Zp"} else _SHAPELESS
