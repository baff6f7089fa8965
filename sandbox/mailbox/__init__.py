"""A mailbox for everybody: an SMTP server that takes every letter, and a page to read them."""

from sandbox.mailbox.app import create_app

__all__ = ["create_app"]
