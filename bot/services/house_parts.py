"""What more than one service leans on: built once, each of the ones before it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.catalogue import Catalogue
from bot.services.arrivals import Arrivals
from bot.services.autopay.calls import AutopayCalls
from bot.services.autopay.charge import AutopayCharge
from bot.services.autopay.charging import AutopayCharging
from bot.services.autopay.offers import AutopayOffers
from bot.services.autopay.outcomes import AutopayOutcomes
from bot.services.autopay.pace import AutopayPace
from bot.services.autopay.payments import AutopayPayments
from bot.services.autopay.plan import AutopayPlan
from bot.services.bank import BankService
from bot.services.beginning import Beginning
from bot.services.desk import DeskService
from bot.services.document_links import DocumentLinks
from bot.services.fulfilment import Fulfilment
from bot.services.inquiries import InquiryService
from bot.services.invoices import InvoiceService
from bot.services.methods import Methods
from bot.services.money_rights import MoneyRights
from bot.services.order_links import OrderLinks
from bot.services.orders import OrderService
from bot.services.pay_links import PayLinks
from bot.services.payments import PaymentService
from bot.services.promos import PromoService
from bot.services.refunds import RefundService
from bot.services.registers import RegisterService
from bot.services.settlement import SettlementService
from bot.services.surroundings import Surroundings
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Parts:
    """What more than one service leans on, in the order in which each can be built."""

    fulfilment: Fulfilment
    autopay_plan: AutopayPlan
    autopay_offers: AutopayOffers
    autopay_outcomes: AutopayOutcomes
    settlement: SettlementService
    methods: Methods
    pay_links: PayLinks
    order_links: OrderLinks
    document_links: DocumentLinks
    desk: DeskService
    money_rights: MoneyRights
    bank: BankService
    inquiries: InquiryService
    promos: PromoService
    orders: OrderService
    refunds: RefundService
    registers: RegisterService
    invoices: InvoiceService
    payments: PaymentService


def build_parts(database: Database, around: Surroundings) -> Parts:
    catalogue, zone = around.catalogue, around.zone
    fulfilment = Fulfilment(catalogue, zone)
    plan = AutopayPlan(catalogue, zone)
    outcomes = AutopayOutcomes(plan)
    methods = Methods(around.gateways)
    offers = AutopayOffers(catalogue, methods, plan)
    arrivals = Arrivals(fulfilment, outcomes, catalogue.seller.statement_name, offers)
    settlement = SettlementService(database, arrivals)
    pay_links = PayLinks(database, around.vault, around.public_url)
    document_links = DocumentLinks(database, around.vault, around.public_url)
    desk = DeskService(database, settlement, around.operators)
    promos = PromoService(database, catalogue, zone)
    inquiries = InquiryService(database, around.gateways, settlement)
    return Parts(
        fulfilment=fulfilment,
        autopay_plan=plan,
        autopay_offers=offers,
        autopay_outcomes=outcomes,
        settlement=settlement,
        methods=methods,
        pay_links=pay_links,
        order_links=OrderLinks(around.vault, around.public_url),
        document_links=document_links,
        desk=desk,
        money_rights=MoneyRights(desk, catalogue.desk),
        bank=BankService(settlement, around.zone),
        inquiries=inquiries,
        promos=promos,
        orders=OrderService(
            database, catalogue=catalogue, methods=methods, promos=promos, fulfilment=fulfilment
        ),
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


def build_charging(database: Database, catalogue: Catalogue, parts: Parts) -> AutopayCharging:
    pace = AutopayPace(database)
    calls = AutopayCalls(
        database,
        catalogue=catalogue,
        methods=parts.methods,
        pace=pace,
        links=parts.pay_links,
        settlement=parts.settlement,
        outcomes=parts.autopay_outcomes,
    )
    charge = AutopayCharge(
        database,
        methods=parts.methods,
        fulfilment=parts.fulfilment,
        payments=AutopayPayments(parts.methods, parts.pay_links),
        plan=parts.autopay_plan,
        outcomes=parts.autopay_outcomes,
        calls=calls,
    )
    return AutopayCharging(database, charge, pace)
