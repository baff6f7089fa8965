"""A stand-in for Robokassa on one machine: its page, ResultURL, OpStateExt, refunds and second receipts."""

from sandbox.robokassa.app import create_app
from sandbox.robokassa.settings import ShopSettings

__all__ = ["ShopSettings", "create_app"]
