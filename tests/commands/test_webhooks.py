"""What was told to the seller's own systems, and telling it again, as a person types it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.commands.test_commands import csv, seller, settings, typed
from tests.seller import SECRET

__all__ = ["seller"]  # the folder that the commands work in


@pytest.fixture
def moved(seller: Path) -> str:
    """A connector whose date an import has moved; the name of the webhook that tells of it."""
    settings(SELLER_WEBHOOK__URL="http://127.0.0.1:9/hook", SELLER_WEBHOOK__SECRET=SECRET)
    typed("import", "connectors", csv("wa-17,messenger,WhatsApp,whatsapp,2026-12-14,,,"))
    assert typed("webhooks", "list").output == "", "the seller told us of it"
    typed("import", "connectors", "--set-dates", csv("wa-17,messenger,WhatsApp,whatsapp,2027-01-14,,,"))
    (line,) = typed("webhooks", "list").output.splitlines()
    _, _, state, reference, kind, address, connector = line.split()
    assert (state, kind, address, connector) == ("due", "connector.extended", "seller", "wa-17")
    return reference


def ended(state: str, error: str = "") -> None:
    with sqlite3.connect("var/kassir.db") as books:
        books.execute("update webhooks set state = ?, last_error = ?", (state, error))
    books.close()


def test_what_was_given_up_is_listed_with_its_reason_and_sent_again(moved: str) -> None:
    ended("dead", "HTTP 500")
    assert typed("webhooks", "list", "--state", "dead").output.rstrip().endswith("wa-17  HTTP 500")
    assert typed("webhooks", "list", "--state", "sent").output == ""
    assert typed("webhooks", "replay", "--id", moved).output == "1 will be sent again.\n"
    assert typed("webhooks", "replay", "--id", moved).output == "0 will be sent again.\n"
    assert moved in typed("webhooks", "list", "--state", "due", "--connector", "wa-17").output


def test_replay_goes_by_day_and_by_connector(moved: str) -> None:
    ended("sent")
    assert typed("webhooks", "replay", "--connector", "wa-18").output == "0 will be sent again.\n"
    assert typed("webhooks", "replay", "--since", "2099-01-01").output == "0 will be sent again.\n"
    assert typed("webhooks", "replay", "--since", "2020-01-01T10:00").output == "1 will be sent again.\n"


def test_everything_at_once_must_be_meant(seller: Path) -> None:
    refused = typed("webhooks", "replay")
    assert refused.exit_code == 2
    assert "Say which: --since, --connector or --id." in refused.output
