"""A Telegram for one machine: a Bot API server, people to talk to, and a page to be them."""

from sandbox.telegram.app import create_app
from sandbox.telegram.demo import DEMO_CUSTOMERS, DEMO_GROUP, desk_settings
from sandbox.telegram.model import Group, Person

__all__ = ["DEMO_CUSTOMERS", "DEMO_GROUP", "Group", "Person", "create_app", "desk_settings"]
