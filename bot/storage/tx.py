"""One unit of work on the books: every query a service may use, on one connection."""

from collections.abc import Set

from sqlalchemy import Connection

from bot.storage.account_history import AccountHistory
from bot.storage.api_answers import ApiAnswers
from bot.storage.arrears import OpenArrears
from bot.storage.attempts import Attempts
from bot.storage.audit_log import AuditLog
from bot.storage.autopay_consents import AutopayConsents
from bot.storage.autopay_reports import AutopayReports
from bot.storage.autopays import Autopays
from bot.storage.billing import Billing
from bot.storage.charge_imports import ChargeImports
from bot.storage.charges import Charges
from bot.storage.connector_links import ConnectorLinks
from bot.storage.connectors import Connectors
from bot.storage.customer_links import CustomerLinks
from bot.storage.customer_moves import CustomerMoves
from bot.storage.customer_notes import CustomerNotes
from bot.storage.customers import Customers
from bot.storage.day_closings import DayClosings
from bot.storage.desk import Audit, Cards, Facts
from bot.storage.documents import Documents
from bot.storage.email_codes import EmailCodes
from bot.storage.erasures import Erasures
from bot.storage.events import Events
from bot.storage.fiscal_receipts import FiscalReceipts
from bot.storage.imports import Imports
from bot.storage.inbox import Inbox
from bot.storage.instalments import Instalments
from bot.storage.invoices import Invoices
from bot.storage.ledger import Ledger
from bot.storage.notice_choices import NoticeChoices
from bot.storage.order_forms import OrderForms
from bot.storage.order_links import OrderLinkRows
from bot.storage.order_work import OrderWorks
from bot.storage.orders import Orders
from bot.storage.outbox import Outbox
from bot.storage.outbox_upkeep import OutboxUpkeep
from bot.storage.payer_joins import PayerJoins
from bot.storage.payers import Payers
from bot.storage.payment_history import PaymentHistory
from bot.storage.payment_receipts import PaymentReceipts
from bot.storage.payments import Payments
from bot.storage.personal_data import PersonalData
from bot.storage.prepared import swift
from bot.storage.promises import Promises
from bot.storage.promos import Promos
from bot.storage.proof import Disagreements
from bot.storage.record_history import RecordHistory
from bot.storage.records import Records
from bot.storage.refund_requests import RefundRequests
from bot.storage.renewals import Renewals
from bot.storage.saved_cards import SavedCards
from bot.storage.search import Search
from bot.storage.seller_feed import SellerFeed
from bot.storage.statement_lines import StatementLines
from bot.storage.statement_matches import StatementMatches
from bot.storage.statements import Statements
from bot.storage.subscribers import Subscribers
from bot.storage.suspensions import Suspensions
from bot.storage.takings import TakingsBooks
from bot.storage.talk import Talk
from bot.storage.to_do import ToDo
from bot.storage.usage import UsageBooks
from bot.storage.webhooks import Webhooks
from bot.storage.webhooks_upkeep import WebhooksUpkeep


class Tx:
    """What a service sees of the books inside one transaction or one snapshot."""

    def __init__(self, connection: Connection, listeners: Set[str] = frozenset()) -> None:
        self.connection = connection
        queries = swift(connection)
        self.customers = Customers(queries)
        self.payers = Payers(queries)
        self.connectors = Connectors(queries)
        self.connector_links = ConnectorLinks(queries)
        self.subscribers = Subscribers(queries)
        self.orders = Orders(queries)
        self.payments = Payments(queries)
        self.payment_history = PaymentHistory(queries)
        self.personal_data = PersonalData(connection)
        self.erasures = Erasures(queries)
        self.fiscal_receipts = FiscalReceipts(queries)
        self.payment_receipts = PaymentReceipts(queries)
        self.promos = Promos(queries)
        self.promises = Promises(connection)
        self.account_history = AccountHistory(connection)
        self.statements = Statements(connection)
        self.statement_lines = StatementLines(connection)
        self.statement_matches = StatementMatches(queries)
        self.attempts = Attempts(queries)
        self.renewals = Renewals(queries)
        self.email_codes = EmailCodes(queries)
        self.events = Events(queries)
        self.ledger = Ledger(queries)
        self.inbox = Inbox(queries)
        self.outbox = Outbox(queries, listeners)
        self.outbox_upkeep = OutboxUpkeep(queries)
        self.cards = Cards(queries)
        self.audit = Audit(queries)
        self.facts = Facts(queries)
        self.charges = Charges(queries)
        self.invoices = Invoices(queries)
        self.documents = Documents(queries)
        self.usage = UsageBooks(queries)
        self.billing = Billing(queries)
        self.instalments = Instalments(queries)
        self.api_answers = ApiAnswers(queries)
        self.seller_feed = SellerFeed(queries)
        self.proof = Disagreements(connection)
        self.imports = Imports(connection)
        self.charge_imports = ChargeImports(connection)
        self.webhooks = Webhooks(queries, listeners)
        self.webhooks_upkeep = WebhooksUpkeep(queries)
        self._open_autopays(queries)
        self._open_desk(queries)

    def _open_autopays(self, queries: Connection) -> None:
        """What charges without being asked each time, and what follows where it cannot."""
        self.arrears = OpenArrears(queries)
        self.autopays = Autopays(queries)
        self.autopay_consents = AutopayConsents(queries)
        self.autopay_reports = AutopayReports(self.connection)
        self.saved_cards = SavedCards(queries)
        self.notice_choices = NoticeChoices(queries)
        self.suspensions = Suspensions(queries)

    def _open_desk(self, queries: Connection) -> None:
        """Orders by a form, and what operators do in their group."""
        self.order_forms = OrderForms(queries)
        self.order_links = OrderLinkRows(queries)
        self.order_work = OrderWorks(queries)
        self.payer_joins = PayerJoins(self.connection)
        self.customer_moves = CustomerMoves(self.connection)
        self.customer_links = CustomerLinks(queries)
        self.customer_notes = CustomerNotes(queries)
        self.records = Records(self.connection)
        self.day_closings = DayClosings(self.connection)
        self.takings = TakingsBooks(self.connection)
        self.to_do = ToDo(self.connection)
        self.record_history = RecordHistory(self.connection)
        self.search = Search(self.connection)
        self.refund_requests = RefundRequests(queries)
        self.talk = Talk(queries)
        self.audit_log = AuditLog(self.connection)
