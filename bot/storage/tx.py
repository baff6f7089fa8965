"""One unit of work on the books: every query a service may use, on one connection."""

from sqlalchemy import Connection

from bot.storage.attempts import Attempts
from bot.storage.connectors import Connectors
from bot.storage.customers import Customers
from bot.storage.desk import Audit, Cards, Facts
from bot.storage.events import Events
from bot.storage.imports import Imports
from bot.storage.inbox import Inbox
from bot.storage.ledger import Ledger
from bot.storage.orders import Orders
from bot.storage.outbox import Outbox
from bot.storage.outbox_upkeep import OutboxUpkeep
from bot.storage.payments import Payments
from bot.storage.proof import Disagreements


class Tx:
    """What a service sees of the books inside one transaction or one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.customers = Customers(connection)
        self.connectors = Connectors(connection)
        self.orders = Orders(connection)
        self.payments = Payments(connection)
        self.attempts = Attempts(connection)
        self.events = Events(connection)
        self.ledger = Ledger(connection)
        self.inbox = Inbox(connection)
        self.outbox = Outbox(connection)
        self.outbox_upkeep = OutboxUpkeep(connection)
        self.cards = Cards(connection)
        self.audit = Audit(connection)
        self.facts = Facts(connection)
        self.proof = Disagreements(connection)
        self.imports = Imports(connection)
