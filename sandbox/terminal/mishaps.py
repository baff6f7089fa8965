"""The networks' bad days."""

from sandbox.faults import Fault, Faults

ONCE, TWICE, AT_ONCE, LOST, LATE = "once", "sent twice", "15 at once", "answer lost", "late 10 s"
ASKED, LEFT_OUT = "asked", "left out"
COMPLETE, ONE_MISSING, ONE_MORE, OTHER_SUM, ZEROS_LOST = (
    "complete",
    "one missing",
    "one more",
    "another sum",
    "zeros lost",
)


def terminal_faults() -> Faults:
    return Faults(
        check=Fault("Check before paying", (ASKED, LEFT_OUT)),
        pay=Fault("Pay", (ONCE, TWICE, AT_ONCE, LOST, LATE)),
        register=Fault("Register of the day", (COMPLETE, ONE_MISSING, ONE_MORE, OTHER_SUM, ZEROS_LOST)),
    )
