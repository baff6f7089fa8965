"""All services on one set of books, joined: what app/ hands to the doors, and what tests speak to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.domain.catalogue import Catalogue
from bot.domain.statements import StatementReader
from bot.domain.states import Role
from bot.gateways.base import Gateway
from bot.gateways.network import Network
from bot.services.arrivals import Arrivals
from bot.services.balance import BalanceService
from bot.services.bank import BankService
from bot.services.beginning import Beginning
from bot.services.billing import BillingService
from bot.services.bills import BillPost
from bot.services.books import BooksService
from bot.services.bridges import BridgeService
from bot.services.callbacks import CallbackService
from bot.services.checkouts import CheckoutService
from bot.services.codes import CodeService
from bot.services.complaints import ComplaintService
from bot.services.connector_links import ConnectorLinkService
from bot.services.connectors import ConnectorService
from bot.services.customers import CustomerService
from bot.services.delivery import DeliveryService
from bot.services.desk import DeskService
from bot.services.document_links import DocumentLinks
from bot.services.email_codes import EmailCodeService
from bot.services.fiscal import FiscalService
from bot.services.fulfilment import Fulfilment
from bot.services.inquiries import InquiryService
from bot.services.instalments import InstalmentService
from bot.services.invoices import InvoiceService
from bot.services.links import LinkService
from bot.services.menu import MenuService
from bot.services.methods import Methods
from bot.services.offset_receipts import OffsetReceiptService
from bot.services.orders import OrderService
from bot.services.outbox import OutboxService
from bot.services.paper_orders import PaperOrderService
from bot.services.pay_links import PayLinks
from bot.services.payer_details import PayerService
from bot.services.payment_receipts import PaymentReceiptService
from bot.services.payments import PaymentService
from bot.services.personal_data import PersonalDataService
from bot.services.promises import PromiseService
from bot.services.promos import PromoService
from bot.services.reconcile import ReconcileService
from bot.services.refunds import RefundService
from bot.services.register_folders import RegisterFolders
from bot.services.registers import RegisterService
from bot.services.seller_api import SellerService
from bot.services.settlement import SettlementService
from bot.services.statement_desk import StatementDesk
from bot.services.statements import StatementService
from bot.services.subscribers import SubscriberService
from bot.services.terminals import TerminalService
from bot.services.upkeep import UpkeepService
from bot.services.usage import UsageService
from bot.services.vault import Vault
from bot.services.webhook_history import WebhookHistoryService
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the house stands on: the seller's choices, the providers and the keys."""

    catalogue: Catalogue
    gateways: Mapping[str, Gateway]
    vault: Vault
    zone: ZoneInfo
    public_url: str
    operators: Mapping[int, Role]
    operators_chat: int | None = None
    networks: Mapping[str, Network] = field(default_factory=dict)
    language: str = "ru"
    """Of customers whom the seller names before they have spoken."""
    statement_reader: StatementReader | None = None
    """Reads what banks write; without one no statement is taken."""


@dataclass(frozen=True, slots=True)
class House:
    """Each topic's service; a door asks for the ones it needs by these names."""

    balance: BalanceService
    billing: BillingService
    bank: BankService
    books: BooksService
    bridges: BridgeService
    callbacks: CallbackService
    checkouts: CheckoutService
    codes: CodeService
    complaints: ComplaintService
    connectors: ConnectorService
    connector_links: ConnectorLinkService
    customers: CustomerService
    delivery: DeliveryService
    desk: DeskService
    document_links: DocumentLinks
    email_codes: EmailCodeService
    fiscal: FiscalService
    inquiries: InquiryService
    instalments: InstalmentService
    invoices: InvoiceService
    links: LinkService
    menu: MenuService
    offset_receipts: OffsetReceiptService
    orders: OrderService
    outbox: OutboxService
    paper_orders: PaperOrderService
    payers: PayerService
    payment_receipts: PaymentReceiptService
    payments: PaymentService
    promises: PromiseService
    personal_data: PersonalDataService
    promos: PromoService
    reconcile: ReconcileService
    refunds: RefundService
    seller: SellerService
    registers: RegisterService
    register_folders: RegisterFolders
    settlement: SettlementService
    statements: StatementService
    statement_desk: StatementDesk
    subscribers: SubscriberService
    terminals: TerminalService
    upkeep: UpkeepService
    usage: UsageService
    webhook_history: WebhookHistoryService


def build_house(database: Database, around: Surroundings) -> House:
    """Join the services; nothing is started or opened."""
    fulfilment = Fulfilment(around.zone)
    settlement = SettlementService(database, Arrivals(fulfilment, around.catalogue.seller.statement_name))
    methods = Methods(around.gateways)
    pay_links = PayLinks(database, around.vault, around.public_url)
    document_links = DocumentLinks(database, around.vault, around.public_url)
    promos = PromoService(database, around.catalogue, around.zone)
    inquiries = InquiryService(database, around.gateways, settlement)
    desk = DeskService(database, settlement, around.operators)
    payments = PaymentService(
        database,
        catalogue=around.catalogue,
        methods=methods,
        inquiries=inquiries,
        links=pay_links,
    )
    bank = BankService(settlement)
    registers = RegisterService(database, around.networks, settlement, desk)
    invoices = InvoiceService(
        database,
        catalogue=around.catalogue,
        methods=methods,
        beginning=Beginning(methods, pay_links),
        documents=document_links,
        zone=around.zone,
    )
    return House(
        balance=BalanceService(database, around.catalogue, around.zone),
        bank=bank,
        billing=BillingService(database, around.catalogue, around.zone, BillPost(invoices, around.catalogue)),
        books=BooksService(database),
        bridges=BridgeService(database, around.catalogue, desk, around.zone),
        callbacks=CallbackService(database, around.gateways, settlement, inquiries, around.vault),
        codes=CodeService(database, desk),
        checkouts=CheckoutService(database, settlement),
        complaints=ComplaintService(database, around.catalogue),
        connectors=ConnectorService(database, around.catalogue),
        connector_links=ConnectorLinkService(database, around.catalogue, around.vault),
        customers=CustomerService(database, around.catalogue),
        delivery=DeliveryService(database),
        desk=desk,
        email_codes=EmailCodeService(database, around.vault),
        document_links=document_links,
        fiscal=FiscalService(database, around.gateways),
        inquiries=inquiries,
        instalments=InstalmentService(database),
        invoices=invoices,
        links=LinkService(
            database,
            payments=payments,
            inquiries=inquiries,
            pay_links=pay_links,
            gateways=around.gateways,
        ),
        menu=MenuService(database, around.catalogue),
        offset_receipts=OffsetReceiptService(database, around.catalogue, around.gateways),
        orders=OrderService(
            database, catalogue=around.catalogue, methods=methods, promos=promos, fulfilment=fulfilment
        ),
        paper_orders=PaperOrderService(database, document_links, around.zone),
        outbox=OutboxService(database, around.operators_chat),
        payers=PayerService(database),
        payment_receipts=PaymentReceiptService(database, around.catalogue, around.zone),
        payments=payments,
        promises=PromiseService(database, bank, desk, around.catalogue.invoicing),
        personal_data=PersonalDataService(database),
        promos=promos,
        reconcile=ReconcileService(database, around.gateways, settlement),
        refunds=RefundService(
            database, catalogue=around.catalogue, gateways=around.gateways, settlement=settlement
        ),
        seller=SellerService(database, around.catalogue, around.language, around.zone),
        registers=registers,
        register_folders=RegisterFolders(database, around.networks, registers),
        settlement=settlement,
        statements=StatementService(
            database,
            reader=around.statement_reader,
            invoicing=around.catalogue.invoicing,
            bank=bank,
            desk=desk,
        ),
        statement_desk=StatementDesk(database, bank, desk, around.zone),
        subscribers=SubscriberService(database, around.catalogue),
        terminals=TerminalService(database, around.networks, settlement, around.vault),
        upkeep=UpkeepService(database),
        usage=UsageService(database, around.zone),
        webhook_history=WebhookHistoryService(database),
    )
