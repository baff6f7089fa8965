"""A stand-in for WEBPAY on one machine: payment page, notifications, cabinet and its back office."""

from sandbox.webpay.app import create_app
from sandbox.webpay.settings import ShopSettings

__all__ = ["ShopSettings", "create_app"]
