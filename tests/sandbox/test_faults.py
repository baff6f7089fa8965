import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.faults import Fault, Faults, fault_routes, open_to_other_ports


def some_faults() -> Faults:
    return Faults(
        api=Fault("API answers", ("ok", "500", "slow 2000 ms")),
        notifications=Fault("Notifications", ("normal", "late 10 s")),
    )


def test_first_choice_is_the_good_day() -> None:
    assert some_faults()["api"].value == "ok"


def test_number_in_a_choice_may_be_any_other() -> None:
    faults = some_faults()
    faults.set({"api": "slow 35 ms"})
    assert faults["api"].number == 35
    with pytest.raises(ValueError, match="not one of"):
        faults.set({"api": "501"})


def test_several_are_set_all_or_none() -> None:
    faults = some_faults()
    with pytest.raises(ValueError, match="not one of"):
        faults.set({"api": "500", "notifications": "never"})
    assert faults["api"].value == "ok"


async def test_page_on_another_port_reads_and_sets() -> None:
    app = web.Application(middlewares=[open_to_other_ports])
    app.add_routes(fault_routes(some_faults()))
    async with TestClient(TestServer(app)) as client:
        asked = await client.options("/faults", headers={"Access-Control-Request-Method": "POST"})
        assert asked.status == 204
        assert asked.headers["Access-Control-Allow-Origin"] == "*"
        answer = await client.post("/faults", json={"api": "500"})
        assert (await answer.json())["api"] == {
            "label": "API answers",
            "value": "500",
            "choices": ["ok", "500", "slow 2000 ms"],
        }
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        refused = await client.post("/faults", json={"nonsense": "500"})
        assert refused.status == 400
