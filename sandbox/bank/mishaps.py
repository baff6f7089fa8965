"""The bank's bad days: what is wrong with the next statement, and what stands in it besides."""

from sandbox.faults import Fault, Faults

WHOLE, CUT, WRONG_TOTALS, TWICE = "whole", "cut in the middle", "wrong totals", "rows twice"
NOTHING, LUMP_SUM, OUTGOING, BOTH = "nothing", "acquirer's lump sum", "outgoing ones", "lump sum and outgoing"
OURS, FOREIGN = "the seller's", "somebody else's"


def bank_faults() -> Faults:
    return Faults(
        statement=Fault("Statement", (WHOLE, CUT, WRONG_TOTALS, TWICE)),
        besides=Fault("Lines besides", (NOTHING, LUMP_SUM, OUTGOING, BOTH)),
        account=Fault("Account in it", (OURS, FOREIGN)),
    )
