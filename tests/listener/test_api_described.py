"""A fuzzer reads the API's own description and finds nothing it does not say, and no trouble of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from bot.domain.catalogue import Catalogue
from bot.listener.api.description import describe
from bot.services.house import House
from bot.storage.database import Database
from tests.listener.api_door import BEARER, SellerSystem, opened

EXAMPLES = 25
"""For each operation, of good requests and of bad ones: a few seconds in all."""

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
async def seller(house: House, catalogue: Catalogue) -> AsyncIterator[SellerSystem]:
    async with opened(house, catalogue) as system:
        yield system


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/connectors/{id}"),
        ("PUT", "/connectors/{id}"),
        ("POST", "/charges"),
        ("GET", "/payments"),
        ("PUT", "/instalments/{id}"),
        ("DELETE", "/instalments/{id}"),
    ],
)
async def test_a_fuzzer_finds_no_5xx_and_nothing_undocumented(
    seller: SellerSystem, catalogue: Catalogue, method: str, path: str, mode: GenerationMode
) -> None:
    url = f"http://127.0.0.1:{seller.port}/api/v1"
    operation = schemathesis.openapi.from_dict(describe(catalogue.tariffs))[path][method]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(base_url=url, headers=BEARER, checks=CHECKS)

    await asyncio.to_thread(ask)


def test_the_description_is_whole(catalogue: Catalogue) -> None:
    schema = schemathesis.openapi.from_dict(describe(catalogue.tariffs))
    schema.validate()
