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
from bot.services.arrears import ArrearsService
from bot.services.arrivals import Arrivals
from bot.services.autopay_calls import AutopayCalls
from bot.services.autopay_charge import AutopayCharge
from bot.services.autopay_charging import AutopayCharging
from bot.services.autopay_choice import AutopayChoice
from bot.services.autopay_offers import AutopayOffers
from bot.services.autopay_outcomes import AutopayOutcomes
from bot.services.autopay_pace import AutopayPace
from bot.services.autopay_payments import AutopayPayments
from bot.services.autopay_plan import AutopayPlan
from bot.services.autopay_reports import AutopayReportService
from bot.services.autopay_steps import AutopaySteps
from bot.services.autopay_unknown import UnknownCharges
from bot.services.autopays import AutopayService
from bot.services.balance import BalanceService
from bot.services.bank import BankService
from bot.services.beginning import Beginning
from bot.services.billing import BillingService
from bot.services.bills import BillPost
from bot.services.books import BooksService
from bot.services.bridges import BridgeService
from bot.services.callbacks import CallbackService
from bot.services.card_expiry import CardExpiryService
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
from bot.services.notice_choices import NoticeChoiceService
from bot.services.offset_receipts import OffsetReceiptService
from bot.services.orders import OrderService
from bot.services.outbox import OutboxService
from bot.services.paper_requests import PaperRequestService
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
from bot.services.renewals import RenewalService
from bot.services.saved_cards import SavedCardService
from bot.services.seller_api import SellerService
from bot.services.settlement import SettlementService
from bot.services.statement_desk import StatementDesk
from bot.services.statements import StatementService
from bot.services.subscribers import SubscriberService
from bot.services.suspensions import SuspensionService
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
    """Each topic's service, by the alphabet; a door asks for the ones it needs by these names."""

    arrears: ArrearsService
    autopay_charging: AutopayCharging
    autopay_reports: AutopayReportService
    autopay_steps: AutopaySteps
    autopays: AutopayService
    balance: BalanceService
    bank: BankService
    billing: BillingService
    books: BooksService
    bridges: BridgeService
    callbacks: CallbackService
    card_expiry: CardExpiryService
    checkouts: CheckoutService
    codes: CodeService
    complaints: ComplaintService
    connector_links: ConnectorLinkService
    connectors: ConnectorService
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
    notice_choices: NoticeChoiceService
    offset_receipts: OffsetReceiptService
    orders: OrderService
    outbox: OutboxService
    paper_requests: PaperRequestService
    payers: PayerService
    payment_receipts: PaymentReceiptService
    payments: PaymentService
    personal_data: PersonalDataService
    promises: PromiseService
    promos: PromoService
    reconcile: ReconcileService
    refunds: RefundService
    register_folders: RegisterFolders
    registers: RegisterService
    renewals: RenewalService
    saved_cards: SavedCardService
    seller: SellerService
    settlement: SettlementService
    statement_desk: StatementDesk
    statements: StatementService
    subscribers: SubscriberService
    suspensions: SuspensionService
    terminals: TerminalService
    unknown_charges: UnknownCharges
    upkeep: UpkeepService
    usage: UsageService
    webhook_history: WebhookHistoryService


@dataclass(frozen=True, slots=True)
class _Shared:
    """What more than one service leans on, in the order in which each can be built."""

    fulfilment: Fulfilment
    plan: AutopayPlan
    offers: AutopayOffers
    outcomes: AutopayOutcomes
    settlement: SettlementService
    methods: Methods
    pay_links: PayLinks
    document_links: DocumentLinks
    desk: DeskService
    bank: BankService
    inquiries: InquiryService
    promos: PromoService
    refunds: RefundService
    registers: RegisterService
    invoices: InvoiceService
    payments: PaymentService


def build_house(database: Database, around: Surroundings) -> House:
    """Join the services; nothing is started or opened."""
    catalogue, gateways, zone = around.catalogue, around.gateways, around.zone
    shared = _build_shared(database, around)
    return House(
        arrears=ArrearsService(database, catalogue, zone),
        autopay_charging=_build_charging(database, catalogue, shared),
        autopay_steps=AutopaySteps(database, shared.plan),
        autopays=AutopayService(
            database,
            choice=AutopayChoice(catalogue, shared.methods, shared.offers, shared.fulfilment),
            plan=shared.plan,
            refunds=shared.refunds,
        ),
        autopay_reports=AutopayReportService(database, shared.desk, zone),
        balance=BalanceService(database, catalogue, zone),
        bank=shared.bank,
        billing=BillingService(database, catalogue, zone, BillPost(shared.invoices, catalogue)),
        books=BooksService(database),
        bridges=BridgeService(database, catalogue, shared.desk, zone),
        callbacks=CallbackService(database, gateways, shared.settlement, shared.inquiries, around.vault),
        card_expiry=CardExpiryService(database, zone),
        checkouts=CheckoutService(database, shared.settlement),
        codes=CodeService(database, shared.desk),
        complaints=ComplaintService(database, catalogue),
        connector_links=ConnectorLinkService(database, catalogue, around.vault),
        connectors=ConnectorService(database, catalogue),
        customers=CustomerService(database, catalogue),
        delivery=DeliveryService(database),
        desk=shared.desk,
        document_links=shared.document_links,
        email_codes=EmailCodeService(database, around.vault),
        fiscal=FiscalService(database, gateways),
        inquiries=shared.inquiries,
        instalments=InstalmentService(database),
        invoices=shared.invoices,
        links=LinkService(
            database,
            payments=shared.payments,
            inquiries=shared.inquiries,
            pay_links=shared.pay_links,
            gateways=gateways,
        ),
        menu=MenuService(database, catalogue),
        notice_choices=NoticeChoiceService(database),
        offset_receipts=OffsetReceiptService(database, catalogue, gateways),
        orders=OrderService(
            database,
            catalogue=catalogue,
            methods=shared.methods,
            promos=shared.promos,
            fulfilment=shared.fulfilment,
        ),
        outbox=OutboxService(database, around.operators_chat),
        paper_requests=PaperRequestService(database, shared.document_links, zone),
        payers=PayerService(database),
        payment_receipts=PaymentReceiptService(database, catalogue, zone),
        payments=shared.payments,
        personal_data=PersonalDataService(database),
        promises=PromiseService(database, shared.bank, shared.desk, catalogue.invoicing),
        promos=shared.promos,
        reconcile=ReconcileService(database, gateways, shared.settlement),
        refunds=shared.refunds,
        register_folders=RegisterFolders(database, around.networks, shared.registers),
        registers=shared.registers,
        renewals=RenewalService(database, catalogue, zone),
        saved_cards=SavedCardService(database, methods=shared.methods, plan=shared.plan),
        seller=SellerService(database, catalogue, around.language, zone),
        settlement=shared.settlement,
        statement_desk=StatementDesk(database, shared.bank, shared.desk, zone),
        statements=StatementService(
            database,
            reader=around.statement_reader,
            invoicing=catalogue.invoicing,
            bank=shared.bank,
            desk=shared.desk,
        ),
        subscribers=SubscriberService(database, catalogue),
        suspensions=SuspensionService(database, catalogue, zone),
        terminals=TerminalService(database, around.networks, shared.settlement, around.vault),
        unknown_charges=UnknownCharges(database, shared.settlement, shared.desk),
        upkeep=UpkeepService(database),
        usage=UsageService(database, zone),
        webhook_history=WebhookHistoryService(database),
    )


def _build_shared(database: Database, around: Surroundings) -> _Shared:
    catalogue, zone = around.catalogue, around.zone
    fulfilment = Fulfilment(zone)
    plan = AutopayPlan(catalogue, zone)
    outcomes = AutopayOutcomes(plan)
    methods = Methods(around.gateways)
    offers = AutopayOffers(catalogue, methods, plan)
    arrivals = Arrivals(fulfilment, outcomes, catalogue.seller.statement_name, offers)
    settlement = SettlementService(database, arrivals)
    pay_links = PayLinks(database, around.vault, around.public_url)
    document_links = DocumentLinks(database, around.vault, around.public_url)
    desk = DeskService(database, settlement, around.operators)
    inquiries = InquiryService(database, around.gateways, settlement)
    return _Shared(
        fulfilment=fulfilment,
        plan=plan,
        offers=offers,
        outcomes=outcomes,
        settlement=settlement,
        methods=methods,
        pay_links=pay_links,
        document_links=document_links,
        desk=desk,
        bank=BankService(settlement, around.zone),
        inquiries=inquiries,
        promos=PromoService(database, catalogue, zone),
        refunds=RefundService(database, catalogue=catalogue, gateways=around.gateways, settlement=settlement),
        registers=RegisterService(database, around.networks, settlement, desk),
        invoices=InvoiceService(
            database,
            catalogue=catalogue,
            methods=methods,
            beginning=Beginning(methods, pay_links),
            documents=document_links,
            zone=zone,
        ),
        payments=PaymentService(
            database, catalogue=catalogue, methods=methods, inquiries=inquiries, links=pay_links
        ),
    )


def _build_charging(database: Database, catalogue: Catalogue, shared: _Shared) -> AutopayCharging:
    pace = AutopayPace(database)
    calls = AutopayCalls(
        database,
        catalogue=catalogue,
        methods=shared.methods,
        pace=pace,
        links=shared.pay_links,
        settlement=shared.settlement,
        outcomes=shared.outcomes,
    )
    charge = AutopayCharge(
        database,
        methods=shared.methods,
        fulfilment=shared.fulfilment,
        payments=AutopayPayments(shared.methods, shared.pay_links),
        plan=shared.plan,
        outcomes=shared.outcomes,
        calls=calls,
    )
    return AutopayCharging(database, charge, pace)
