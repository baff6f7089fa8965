"""The seller's own cabinet: its connectors, «•••» → Pay beside each, and the webhooks it got."""

from sandbox.seller.app import create_app

__all__ = ["create_app"]
