"""The acts of operators, joined: `house.acts`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.acts.autopays import AutopayActs
from bot.services.acts.blocking import BlockingActs
from bot.services.acts.caller_orders import CallerOrders
from bot.services.acts.callers import CallerActs
from bot.services.acts.customer_moves import MoveActs
from bot.services.acts.dates import DateActs
from bot.services.acts.made_for_callers import MadeForCallers
from bot.services.acts.moving_money import MoneyActs
from bot.services.acts.notes import NoteActs
from bot.services.acts.papers import PaperActs
from bot.services.acts.payers_joined import PayerActs
from bot.services.house_parts import Parts
from bot.services.surroundings import Surroundings
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Acts:
    """A service for each topic, by the alphabet."""

    autopays: AutopayActs
    blocking: BlockingActs
    caller_orders: CallerOrders
    callers: CallerActs
    dates: DateActs
    made_for_callers: MadeForCallers
    money: MoneyActs
    moves: MoveActs
    notes: NoteActs
    papers: PaperActs
    payers: PayerActs


def build_acts(database: Database, around: Surroundings, parts: Parts) -> Acts:
    callers = CallerActs(database, parts.desk, around.vault, around.language)
    return Acts(
        autopays=AutopayActs(database, parts.desk),
        blocking=BlockingActs(database, parts.desk),
        caller_orders=CallerOrders(
            database,
            parts.desk,
            catalogue=around.catalogue,
            orders=parts.orders,
            links=parts.order_links,
            invoices=parts.invoices,
            payments=parts.payments,
            callers=callers,
        ),
        callers=callers,
        dates=DateActs(database, parts.desk, around.zone),
        made_for_callers=MadeForCallers(
            database,
            parts.desk,
            catalogue=around.catalogue,
            links=parts.order_links,
            callers=callers,
            zone=around.zone,
        ),
        money=MoneyActs(
            database,
            parts.desk,
            rights=parts.money_rights,
            settlement=parts.settlement,
            fulfilment=parts.fulfilment,
            methods=parts.methods,
            autopays=parts.autopay_outcomes,
        ),
        moves=MoveActs(database, parts.desk),
        notes=NoteActs(database, parts.desk),
        papers=PaperActs(
            database,
            parts.desk,
            documents=parts.document_links,
            links=parts.order_links,
            merchant=around.catalogue.seller.statement_name,
        ),
        payers=PayerActs(database, parts.desk),
    )
