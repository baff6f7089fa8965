"""All services on one set of books, joined: what app/ hands to the doors, and what tests speak to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.acts.house import Acts, build_acts
from bot.services.arrears import ArrearsService
from bot.services.audit import AuditService
from bot.services.autopay.charging import AutopayCharging
from bot.services.autopay.choice import AutopayChoice
from bot.services.autopay.reports import AutopayReportService
from bot.services.autopay.steps import AutopaySteps
from bot.services.autopays import AutopayService
from bot.services.balance import BalanceService
from bot.services.bank import BankService
from bot.services.billing import BillingService
from bot.services.bills import BillPost
from bot.services.books import BooksService
from bot.services.bridges import BridgeService
from bot.services.callbacks import CallbackService
from bot.services.card_expiry import CardExpiryService
from bot.services.card_keepers import CardKeeperService
from bot.services.checkouts import CheckoutService
from bot.services.codes import CodeService
from bot.services.complaints import ComplaintService
from bot.services.connector_links import ConnectorLinkService
from bot.services.connectors import ConnectorService
from bot.services.customers import CustomerService
from bot.services.day_closings import DayClosingService
from bot.services.day_lists import DayLists
from bot.services.delivery import DeliveryService
from bot.services.desk import DeskService
from bot.services.document_links import DocumentLinks
from bot.services.email_codes import EmailCodeService
from bot.services.group_health import GroupHealthService
from bot.services.hanging import HangingService
from bot.services.house_parts import build_charging, build_parts
from bot.services.inquiries import InquiryService
from bot.services.instalments import InstalmentService
from bot.services.invoices import InvoiceService
from bot.services.links import LinkService
from bot.services.made_to_order.forms import OrderFormService
from bot.services.made_to_order.reviews import ReviewService
from bot.services.made_to_order.waiting import WaitingForms
from bot.services.made_to_order.work import OrderWorkService
from bot.services.menu import MenuService
from bot.services.notice_choices import NoticeChoiceService
from bot.services.order_links import OrderLinkService
from bot.services.orders import OrderService
from bot.services.outbox import OutboxService
from bot.services.paper_requests import PaperRequestService
from bot.services.payer_details import PayerService
from bot.services.payments import PaymentService
from bot.services.personal_data import PersonalDataService
from bot.services.promises import PromiseService
from bot.services.promos import PromoService
from bot.services.receipts.fiscal import FiscalService
from bot.services.receipts.of_payments import PaymentReceiptService
from bot.services.receipts.offset_receipts import OffsetReceiptService
from bot.services.reconcile import ReconcileService
from bot.services.records import RecordService
from bot.services.refund.outcomes import RefundOutcomeService
from bot.services.refund.plans import RefundPlans
from bot.services.refund.requests import RefundRequestService
from bot.services.refund.wishes import RefundWishService
from bot.services.refunds import RefundService
from bot.services.register_folders import RegisterFolders
from bot.services.registers import RegisterService
from bot.services.renewals import RenewalService
from bot.services.saved_cards import SavedCardService
from bot.services.seller_api import SellerService
from bot.services.settlement import SettlementService
from bot.services.statement.desk import StatementDesk
from bot.services.statements import StatementService
from bot.services.subscribers import SubscriberService
from bot.services.surroundings import Surroundings
from bot.services.suspensions import SuspensionService
from bot.services.takings import TakingsService
from bot.services.talk import TalkService
from bot.services.terminals import TerminalService
from bot.services.to_do import ToDoService
from bot.services.unknown_charges import UnknownCharges
from bot.services.upkeep import UpkeepService
from bot.services.usage import UsageService
from bot.services.webhook_history import WebhookHistoryService
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class House:
    """Each topic's service, by the alphabet; a door asks for the ones it needs by these names."""

    acts: Acts
    arrears: ArrearsService
    audit: AuditService
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
    card_keepers: CardKeeperService
    checkouts: CheckoutService
    codes: CodeService
    complaints: ComplaintService
    connector_links: ConnectorLinkService
    connectors: ConnectorService
    customers: CustomerService
    day_closings: DayClosingService
    delivery: DeliveryService
    desk: DeskService
    document_links: DocumentLinks
    email_codes: EmailCodeService
    fiscal: FiscalService
    group_health: GroupHealthService
    hanging: HangingService
    inquiries: InquiryService
    instalments: InstalmentService
    invoices: InvoiceService
    links: LinkService
    menu: MenuService
    notice_choices: NoticeChoiceService
    offset_receipts: OffsetReceiptService
    order_forms: OrderFormService
    order_links: OrderLinkService
    order_work: OrderWorkService
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
    records: RecordService
    refund_outcomes: RefundOutcomeService
    refund_requests: RefundRequestService
    refund_wishes: RefundWishService
    refunds: RefundService
    register_folders: RegisterFolders
    registers: RegisterService
    renewals: RenewalService
    reviews: ReviewService
    saved_cards: SavedCardService
    seller: SellerService
    settlement: SettlementService
    statement_desk: StatementDesk
    statements: StatementService
    subscribers: SubscriberService
    suspensions: SuspensionService
    takings: TakingsService
    talk: TalkService
    terminals: TerminalService
    to_do: ToDoService
    unknown_charges: UnknownCharges
    upkeep: UpkeepService
    usage: UsageService
    waiting_forms: WaitingForms
    webhook_history: WebhookHistoryService


def build_house(database: Database, around: Surroundings) -> House:
    """Join the services; nothing is started or opened."""
    catalogue, gateways, zone = around.catalogue, around.gateways, around.zone
    parts = build_parts(database, around)
    refund_plans = RefundPlans(catalogue, gateways)
    autopay_reports = AutopayReportService(database, parts.desk, zone)
    takings = TakingsService(database, parts.desk, autopay_reports, zone)
    return House(
        acts=build_acts(database, around, parts),
        arrears=ArrearsService(database, catalogue, zone),
        audit=AuditService(database, parts.desk, zone),
        autopay_charging=build_charging(database, catalogue, parts),
        autopay_reports=autopay_reports,
        autopay_steps=AutopaySteps(database, parts.autopay_plan),
        autopays=AutopayService(
            database,
            choice=AutopayChoice(catalogue, parts.methods, parts.autopay_offers, parts.fulfilment),
            plan=parts.autopay_plan,
            refunds=parts.refunds,
        ),
        balance=BalanceService(database, catalogue, zone),
        bank=parts.bank,
        billing=BillingService(database, catalogue, zone, BillPost(parts.invoices, catalogue)),
        books=BooksService(database),
        bridges=BridgeService(database, catalogue, parts.desk, zone),
        callbacks=CallbackService(database, gateways, parts.settlement, parts.inquiries, around.vault),
        card_expiry=CardExpiryService(database, zone),
        card_keepers=CardKeeperService(database, parts.desk),
        checkouts=CheckoutService(database, parts.settlement),
        codes=CodeService(database, parts.desk),
        complaints=ComplaintService(database, catalogue),
        connector_links=ConnectorLinkService(database, catalogue, around.vault),
        connectors=ConnectorService(database, catalogue),
        customers=CustomerService(database, catalogue),
        day_closings=DayClosingService(
            database,
            desk=parts.desk,
            lists=DayLists(database, gateways, parts.inquiries, zone),
            settlement=parts.settlement,
        ),
        delivery=DeliveryService(database),
        desk=parts.desk,
        document_links=parts.document_links,
        email_codes=EmailCodeService(database, around.vault),
        fiscal=FiscalService(database, gateways),
        group_health=GroupHealthService(database, around.operators),
        hanging=HangingService(database),
        inquiries=parts.inquiries,
        instalments=InstalmentService(database),
        invoices=parts.invoices,
        links=LinkService(
            database,
            payments=parts.payments,
            inquiries=parts.inquiries,
            pay_links=parts.pay_links,
            gateways=gateways,
        ),
        menu=MenuService(database, catalogue),
        notice_choices=NoticeChoiceService(database),
        offset_receipts=OffsetReceiptService(database, catalogue, gateways),
        order_forms=OrderFormService(database, catalogue, zone),
        order_links=OrderLinkService(database, methods=parts.methods, payments=parts.payments),
        order_work=OrderWorkService(database, parts.desk, zone),
        orders=parts.orders,
        outbox=OutboxService(database, around.operators_chat),
        paper_requests=PaperRequestService(database, parts.document_links, zone),
        payers=PayerService(database),
        payment_receipts=PaymentReceiptService(database, catalogue, zone),
        payments=parts.payments,
        personal_data=PersonalDataService(database),
        promises=PromiseService(database, parts.bank, parts.desk, catalogue.invoicing),
        promos=parts.promos,
        reconcile=ReconcileService(database, gateways, parts.settlement),
        records=RecordService(database, parts.desk),
        refund_outcomes=RefundOutcomeService(
            database,
            desk=parts.desk,
            rights=parts.money_rights,
            refunds=parts.refunds,
            settlement=parts.settlement,
        ),
        refund_requests=RefundRequestService(
            database,
            desk=parts.desk,
            rights=parts.money_rights,
            plans=refund_plans,
            refunds=parts.refunds,
            zone=zone,
        ),
        refund_wishes=RefundWishService(database, catalogue, refund_plans),
        refunds=parts.refunds,
        register_folders=RegisterFolders(database, around.networks, parts.registers),
        registers=parts.registers,
        renewals=RenewalService(database, catalogue, zone),
        reviews=ReviewService(
            database, desk=parts.desk, catalogue=catalogue, links=parts.order_links, zone=zone
        ),
        saved_cards=SavedCardService(database, methods=parts.methods, plan=parts.autopay_plan),
        seller=SellerService(database, catalogue, around.language, zone),
        settlement=parts.settlement,
        statement_desk=StatementDesk(database, parts.bank, parts.desk, zone),
        statements=StatementService(
            database,
            reader=around.statement_reader,
            invoicing=catalogue.invoicing,
            bank=parts.bank,
            desk=parts.desk,
        ),
        subscribers=SubscriberService(database, catalogue),
        suspensions=SuspensionService(database, catalogue, zone),
        takings=takings,
        to_do=ToDoService(database, desk=parts.desk, takings=takings, terms=catalogue.desk, zone=zone),
        talk=TalkService(database, parts.desk, catalogue.desk, zone),
        terminals=TerminalService(database, around.networks, parts.settlement, around.vault),
        unknown_charges=UnknownCharges(database, parts.settlement, parts.desk),
        upkeep=UpkeepService(database),
        usage=UsageService(database, zone),
        waiting_forms=WaitingForms(database, catalogue, zone),
        webhook_history=WebhookHistoryService(database),
    )
