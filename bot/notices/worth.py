"""For how long what needs a person is worth sending."""

from datetime import timedelta

WORTH = timedelta(days=14)
"""A card, or an answer, is worth it for longer than news are."""
