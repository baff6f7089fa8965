"""A stand-in for terminals and e-wallets: a screen, a wallet, the protocol, bad days."""

from sandbox.terminal.app import create_app

__all__ = ["create_app"]
