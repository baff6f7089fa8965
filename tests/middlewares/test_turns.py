"""The limiter on a clock that jumps: what it lets through, in which order, and what it remembers."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.states import Lane
from bot.middlewares.turns import FORGET_FROM, LONGEST_WAIT_EVERY, ChatId, Rates, Turns, is_group
from tests.virtual import run_virtually

GROUP = -1001
LATENESS = 1e-6

Sent = tuple[float, ChatId, Lane]


class Street:
    """Everybody who wants to send, and when they were allowed to."""

    def __init__(self, rates: Rates | None = None) -> None:
        self.turns = Turns(rates)
        self.sent: list[Sent] = []

    async def send(
        self, chat_id: ChatId, lane: Lane = Lane.TAPS, *, at: float = 0.0, counts: bool = True
    ) -> None:
        await asyncio.sleep(at - self.now)
        await self.turns.turn(chat_id, lane, counts=counts)
        self.sent.append((self.now, chat_id, lane))

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def times(self, chat_id: ChatId) -> list[float]:
        return [at for at, chat, _ in self.sent if chat == chat_id]


async def together(*senders: Coroutine[object, object, None]) -> None:
    await asyncio.gather(*senders)


def most_within(seconds: float, times: list[float]) -> int:
    """The fullest window of that length, its far edge left out."""
    times = sorted(times)
    return max(
        (sum(start <= at < start + seconds - LATENESS for at in times[i:]) for i, start in enumerate(times)),
        default=0,
    )


wishes = st.lists(
    st.tuples(
        st.sampled_from([1, 2, 3, 4, 5, GROUP, None]),
        st.sampled_from(list(Lane)),
        st.floats(min_value=0, max_value=20),
        st.booleans(),
    ),
    max_size=120,
)


@given(wishes)
@settings(max_examples=60)
def test_no_window_ever_holds_more_than_telegram_allows(
    wishes: list[tuple[ChatId, Lane, float, bool]],
) -> None:
    street = Street()
    run_virtually(
        together(
            *(
                street.send(chat, lane, at=at, counts=counts or is_group(chat))
                for chat, lane, at, counts in wishes
            )
        )
    )
    counted = Street()
    run_virtually(together(*(counted.send(chat, lane, at=at) for chat, lane, at, _ in wishes)))

    assert len(street.sent) == len(counted.sent) == len(wishes)
    assert most_within(1, [at for at, _, _ in street.sent]) <= 30
    assert most_within(10, [at for at, _, _ in street.sent]) <= 5 + 250
    assert most_within(60, street.times(GROUP)) <= 20
    for chat in (1, 2, 3, 4, 5):
        assert most_within(1, counted.times(chat)) <= 3
        assert most_within(10, counted.times(chat)) <= 3 + 10


def test_a_lone_message_never_waits() -> None:
    street = Street()
    run_virtually(together(*(street.send(7, at=float(second)) for second in range(50))))
    assert street.times(7) == pytest.approx([float(second) for second in range(50)])


def test_the_better_lane_goes_first() -> None:
    street = Street()
    reminders = [street.send(chat, Lane.REMINDERS) for chat in range(1, 400)]
    run_virtually(
        together(*reminders, street.send(1000, Lane.MONEY, at=3), street.send(1001, Lane.TAPS, at=5))
    )
    assert street.times(1000)[0] - 3 < 0.1
    assert street.times(1001)[0] - 5 < 0.1


def test_a_burst_of_taps_finds_the_way_clear_behind_reminders() -> None:
    street = Street()
    reminders = [street.send(chat, Lane.REMINDERS) for chat in range(1, 400)]
    run_virtually(together(*reminders, *(street.send(chat, at=3) for chat in range(1000, 1004))))
    assert all(street.times(chat)[0] - 3 < 0.05 for chat in range(1000, 1004))


def test_no_lane_starves_behind_a_flood_of_better_ones() -> None:
    street = Street()
    flood = [street.send(chat, Lane.MONEY, at=chat / 50) for chat in range(1, 2000)]
    run_virtually(together(*flood, street.send(GROUP, Lane.OPERATORS, at=20)))
    last_of_the_flood = max(at for at, _, lane in street.sent if lane is Lane.MONEY)
    assert street.times(GROUP)[0] < last_of_the_flood - 20
    shares = Counter(lane for _, _, lane in street.sent[:1000])
    assert shares[Lane.MONEY] >= 999


def test_operators_get_every_tenth_turn_while_money_floods() -> None:
    street = Street()
    operators = [street.send(GROUP - n, Lane.OPERATORS) for n in range(10)]
    flood = [street.send(chat, Lane.MONEY, at=0.001) for chat in range(1, 1000)]
    run_virtually(together(*operators, *flood))
    assert max(at for at, _, lane in street.sent if lane is Lane.OPERATORS) < 10 * LONGEST_WAIT_EVERY / 25 + 1


def test_one_slow_chat_holds_up_nobody_else() -> None:
    street = Street()
    slow = [street.send(1) for _ in range(50)]
    others = [street.send(chat, at=1.0) for chat in range(2, 12)]
    run_virtually(together(*slow, *others))
    assert max(street.times(chat)[0] for chat in range(2, 12)) < 1.5


def test_within_a_lane_a_chat_is_served_in_order() -> None:
    turns, order = Turns(), list[int]()

    async def send(number: int) -> None:
        await turns.turn(7, Lane.MONEY)
        order.append(number)

    run_virtually(together(*(send(number) for number in range(30))))
    assert order == list(range(30))


def test_a_refusal_holds_its_chat_alone() -> None:
    street = Street()

    async def scene() -> None:
        street.turns.refused(1, 10)
        assert street.turns.held_for(1) == 10
        assert street.turns.held_for(2) == 0
        await together(street.send(1), street.send(1, counts=False), street.send(2))

    run_virtually(scene())
    assert street.times(1) == pytest.approx([10, 10])
    assert street.times(2) == [0]


def test_a_second_chat_refused_meanwhile_holds_everybody() -> None:
    street = Street()

    async def scene() -> None:
        street.turns.refused(1, 10)
        street.turns.refused(2, 12)
        assert street.turns.held_for(3) == 12
        await together(*(street.send(chat) for chat in range(3, 13)))

    run_virtually(scene())
    times = [at for at, _, _ in street.sent]
    assert times[0] == pytest.approx(12)
    assert all(later - earlier >= 1 / 25 - LATENESS for earlier, later in pairwise(times))


def test_a_waiting_message_learns_of_a_refusal() -> None:
    street = Street()

    async def scene() -> None:
        await together(*(street.send(1) for _ in range(3)))
        waiting = asyncio.create_task(street.send(1))
        await asyncio.sleep(0.5)
        street.turns.refused(1, 30)
        await waiting

    run_virtually(scene())
    assert street.times(1)[-1] == pytest.approx(30.5)


def test_who_leaves_the_queue_costs_nobody_a_turn() -> None:
    street = Street()

    async def scene() -> None:
        await together(*(street.send(1) for _ in range(3)))
        waiting = [asyncio.create_task(street.send(1)) for _ in range(5)]
        await asyncio.sleep(0.1)
        for task in waiting[:4]:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    run_virtually(scene())
    assert street.times(1) == pytest.approx([0, 0, 0, 1])


def test_memory_stays_bounded_over_a_hundred_thousand_chats() -> None:
    rates = Rates(overall=(1e-4, 1), chat=(0.01, 3), group=(0.01, 3))
    street, most = Street(rates), 0

    async def scene() -> None:
        nonlocal most
        for chat in range(1, 100_001):
            await street.turns.turn(chat, Lane.REMINDERS)
            most = max(most, len(street.turns._chats))

    run_virtually(scene())
    assert most <= FORGET_FROM
