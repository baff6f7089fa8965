"""What can be counted from outside. Services and gateways know none of it: they call what they are given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

FAST = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5)
SLOW = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 35)


@dataclass(frozen=True, slots=True)
class LaneState:
    """How many notices wait in a lane, and for how many seconds the oldest of them has been due."""

    lane: str
    depth: int
    age: float


@dataclass(frozen=True, slots=True)
class QueueState:
    """How many webhooks to an address wait and were given up, and how old the oldest is that waits."""

    address: str
    due: int
    dead: int
    age: float


@dataclass(frozen=True, slots=True)
class StepState:
    """How many autopays are due for a step, and for how many seconds the first of them has been."""

    step: str
    due: int
    age: float


AutopayProbe = Callable[[], Awaitable[Iterable[StepState]]]
WebhookProbe = Callable[[], Awaitable[Iterable[QueueState]]]
OutboxProbe = Callable[[], Awaitable[Iterable[LaneState]]]


class Metrics:
    """One registry for one process; every method is cheap and may be called from any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry)
        seconds = partial(Histogram, registry=self.registry)
        self._taps = seconds("kassir_tap_seconds", "Taps and messages, answered", ["kind"], buckets=FAST)
        self._callbacks = counter(
            "kassir_callbacks", "Callbacks by what became of them", ["provider", "result"]
        )
        self._forged = counter("kassir_forged_callbacks", "Callbacks nobody should have sent", ["provider"])
        self._requests = seconds(
            "kassir_request_seconds", "HTTP requests by route and status", ["route", "status"], buckets=FAST
        )
        self._provider_calls = seconds(
            "kassir_provider_call_seconds",
            "Calls to providers by how they ended",
            ["provider", "outcome"],
            buckets=SLOW,
        )
        self._transactions = seconds(
            "kassir_transaction_seconds", "Units of work on the books", ["kind", "outcome"], buckets=FAST
        )
        self._depth = gauge("kassir_outbox_depth", "Notices that wait", ["lane"])
        self._age = gauge("kassir_outbox_age_seconds", "How long the oldest has been due", ["lane"])
        self._webhooks = gauge("kassir_webhooks", "Webhooks that wait or were given up", ["address", "state"])
        self._webhooks_age = gauge(
            "kassir_webhooks_age_seconds", "How old the oldest is that waits", ["address"]
        )

        self._autopays = gauge("kassir_autopays_due", "Autopays that are due for a step", ["step"])
        self._autopays_age = gauge(
            "kassir_autopays_due_age_seconds", "How long the first of them has been due", ["step"]
        )

    def tap(self, kind: str, seconds: float) -> None:
        self._taps.labels(kind).observe(seconds)

    def callback(self, provider: str, result: str) -> None:
        self._callbacks.labels(provider, result).inc()
        if result == "forged":
            self._forged.labels(provider).inc()

    def request(self, route: str, status: int, seconds: float) -> None:
        self._requests.labels(route, status).observe(seconds)

    def provider_call(self, provider: str, outcome: str, seconds: float) -> None:
        """A gateway's `on_call`."""
        self._provider_calls.labels(provider, outcome).observe(seconds)

    def transaction(self, kind: str, outcome: str, seconds: float) -> None:
        """`kind` is read or write, `outcome` ok or failed."""
        self._transactions.labels(kind, outcome).observe(seconds)

    def outbox(self, lanes: Iterable[LaneState]) -> None:
        """Replace what is known of every lane; one that is not named is empty."""
        self._depth.clear()
        self._age.clear()
        for state in lanes:
            self._depth.labels(state.lane).set(state.depth)
            self._age.labels(state.lane).set(state.age)

    def webhooks(self, queues: Iterable[QueueState]) -> None:
        """Replace what is known of every address; one that is not named has nothing to send."""
        self._webhooks.clear()
        self._webhooks_age.clear()
        for state in queues:
            self._webhooks.labels(state.address, "due").set(state.due)
            self._webhooks.labels(state.address, "dead").set(state.dead)
            self._webhooks_age.labels(state.address).set(state.age)

    def autopays(self, steps: Iterable[StepState]) -> None:
        """Replace what is known of every step; one that is not named has nothing due."""
        self._autopays.clear()
        self._autopays_age.clear()
        for state in steps:
            self._autopays.labels(state.step).set(state.due)
            self._autopays_age.labels(state.step).set(state.age)

    def text(self) -> bytes:
        return generate_latest(self.registry)
