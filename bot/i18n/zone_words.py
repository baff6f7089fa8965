"""Time zones as people know them: by a city, and by what the clock shows there."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_timezone_location

from bot.i18n.catalogues import LANGUAGES, language
from bot.i18n.cities import CITIES

FARTHEST_WEST, FARTHEST_EAST = -12, 14
MOST_FOUND = 6


def city_of(zone: str) -> str:
    """«Владивосток» of "Asia/Vladivostok", «UTC+5» of a zone that is but a difference."""
    fixed = re.fullmatch(r"Etc/GMT([+-])(\d+)", zone)
    if fixed:
        return f"UTC{'-' if fixed[1] == '+' else '+'}{fixed[2]}"  # these are named the wrong way round
    return str(get_timezone_location(zone, locale=language(), return_city=True))


def there(zone: str, at: datetime) -> str:
    """«Владивосток, 18:05»: by the clock on the wall a zone is known best."""
    return f"{city_of(zone)}, {at.astimezone(ZoneInfo(zone)):%H:%M}"


def find_zones(words: str) -> list[str]:
    """Zones of the cities that are called so, or begin so, in any of our languages; also of "+5"."""
    if (zone := _by_difference(words)) is not None:
        return [zone]
    wanted = _plain(words)
    if not wanted:
        return []
    cities = _cities()
    if wanted in cities:
        return [cities[wanted]]
    return list(dict.fromkeys(zone for city, zone in cities.items() if city.startswith(wanted)))[:MOST_FOUND]


def _by_difference(words: str) -> str | None:
    found = re.fullmatch(r"(?:utc|gmt)?\s*([+\-−])\s*(\d{1,2})(?::?00)?", words.strip().lower(), re.ASCII)
    if not found:
        return None
    hours = int(found[2]) if found[1] == "+" else -int(found[2])
    return f"Etc/GMT{-hours:+d}" if FARTHEST_WEST <= hours <= FARTHEST_EAST else None


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Some 1 500 names; the zones' own come last: what is called as a zone is meant to be that zone."""
    known = {_plain(city): zone for zone, cities in CITIES.items() for city in cities}
    for code in LANGUAGES:
        for zone, names in Locale.parse(code).time_zones.items():
            if "city" in names and zone != "Etc/Unknown":
                known[_plain(names["city"])] = zone
    for zone in map(str, Locale.parse("ru").time_zones):  # English names those that are called otherwise
        if not zone.startswith("Etc/"):
            known.setdefault(_plain(zone.rpartition("/")[2]), zone)
            known[_plain(zone)] = zone
    return known


def _plain(words: str) -> str:
    """«  Орёл», «орел» and «Ростов на Дону» as one spells them in a hurry."""
    return re.sub(r"[\s_\-–]+", " ", words.casefold().replace("ё", "е")).strip()
