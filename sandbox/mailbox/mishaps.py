"""The bad days of the mail server."""

from sandbox.faults import Fault, Faults

KNOWN, REFUSED, GREYLISTED = "known", "550 unknown", "451 come later"
UP, DOWN, SLOW, TOO_LARGE = "up", "down", "slow 3000 ms", "552 too large"


def mail_faults() -> Faults:
    return Faults(
        addresses=Fault("Addresses are", (KNOWN, REFUSED, GREYLISTED)),
        server=Fault("The mail server is", (UP, DOWN, SLOW, TOO_LARGE)),
    )
