"""A stand-in for two banks: the payer's, where a transfer is typed, and the seller's, which tells of it."""

from sandbox.bank.accounts import seller_accounts
from sandbox.bank.app import create_app

__all__ = ["create_app", "seller_accounts"]
