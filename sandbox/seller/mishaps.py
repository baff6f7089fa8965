"""The bad days of the seller's endpoint."""

from sandbox.faults import Fault, Faults

AT_ONCE, SLOW, TROUBLE, GONE, DOWN, LOST = "at once", "after 8 s", "500", "410", "down", "heard, answer lost"


def seller_faults() -> Faults:
    return Faults(webhooks=Fault("Webhooks are answered", (AT_ONCE, SLOW, TROUBLE, GONE, DOWN, LOST)))
