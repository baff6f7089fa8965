"""What a measurement found, and whether its bar holds."""

from __future__ import annotations

_missed: list[str] = []


def heading(words: str) -> None:
    print(f"\n{words}", flush=True)


def figure(name: str, value: str) -> None:
    print(f"  {name:<64} {value}", flush=True)


def bar(name: str, value: str, holds: bool) -> None:
    """A figure with a bar to hold."""
    figure(name, f"{value:<60} {'holds' if holds else 'MISSED'}")
    if not holds:
        _missed.append(name)


def missed() -> list[str]:
    """The bars that did not hold in this run."""
    return list(_missed)
