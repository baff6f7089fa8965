"""A stand-in for terminals and e-wallets: a screen, a wallet, the protocol, bad days."""

from sandbox.terminal.app import create_app
from sandbox.terminal.networks import bot_settings

__all__ = ["bot_settings", "create_app"]
