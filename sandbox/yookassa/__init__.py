"""A stand-in for YooKassa on one machine: the API, a payment page, notifications, and bad days on demand."""

from sandbox.yookassa.app import create_app

__all__ = ["create_app"]
