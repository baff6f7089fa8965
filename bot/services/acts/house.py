"""The acts of operators, joined: `house.acts`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.services.acts.autopays import AutopayActs
from bot.services.acts.blocking import BlockingActs
from bot.services.acts.dates import DateActs
from bot.services.house_parts import Parts
from bot.services.surroundings import Surroundings
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Acts:
    """A service for each topic, by the alphabet."""

    autopays: AutopayActs
    blocking: BlockingActs
    dates: DateActs


def build_acts(database: Database, around: Surroundings, parts: Parts) -> Acts:
    return Acts(
        autopays=AutopayActs(database, parts.desk),
        blocking=BlockingActs(database, parts.desk),
        dates=DateActs(database, parts.desk, around.zone),
    )
