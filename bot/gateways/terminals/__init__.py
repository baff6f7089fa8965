"""Terminals and wallets that speak OSMP's protocol or a near relative of it: docs/providers/terminals.md."""
