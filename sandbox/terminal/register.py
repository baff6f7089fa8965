"""The register of a day, as the network mails it: what was paid, and a last line with the total."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sandbox.terminal.mishaps import ONE_MISSING, ONE_MORE, OTHER_SUM, ZEROS_LOST
from sandbox.terminal.networks import Network
from sandbox.terminal.operations import Operation, Stage, new_txn_id

Line = tuple[str, str, str, str, Decimal]
A_PENNY = Decimal("0.01")


def register_name(network: Network, day: date) -> str:
    return f"{network.name.upper()}_100500_{day:%Y%m%d}1.csv"


def register(network: Network, day: date, operations: Iterable[Operation], fault: str = "") -> str:
    """The successful payments of that day by the network's clock, spoiled as the fault says."""
    lines = [
        _line(operation)
        for operation in operations
        if operation.network is network and operation.stage is Stage.PAID and _day(operation) == day
    ]
    lines = _spoiled(lines, day, fault)
    total = sum((line[-1] for line in lines), Decimal("0.00"))
    rows = ["\t".join((*line[:-1], f"{line[-1]:.2f}")) for line in lines]
    return "\r\n".join([*rows, f"Total:\t{len(lines)}\t{total:.2f}", ""])


def days_with_payments(network: Network, operations: Iterable[Operation]) -> list[date]:
    """Days that have something to tell, the newest first."""
    days = {_day(each) for each in operations if each.network is network and each.stage is Stage.PAID}
    return sorted(days, reverse=True)


def _spoiled(lines: list[Line], day: date, fault: str) -> list[Line]:
    if fault == ONE_MORE:
        extra = lines[-1][3] if lines else "001234566"
        return [*lines, (new_txn_id(), day.isoformat(), "12:00:00", extra, Decimal("77.00"))]
    if not lines:
        return lines
    *rest, last = lines
    if fault == ONE_MISSING:
        return rest
    if fault == OTHER_SUM:
        return [*rest, (*last[:-1], last[-1] + A_PENNY)]
    if fault == ZEROS_LOST:
        return [(*line[:3], line[3].lstrip("0"), line[4]) for line in lines]
    return lines


def _line(operation: Operation) -> Line:
    at = operation.paid_at
    assert at is not None
    return operation.txn_id, f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}", operation.account, operation.amount


def _day(operation: Operation) -> date:
    assert operation.paid_at is not None
    return operation.paid_at.date()
