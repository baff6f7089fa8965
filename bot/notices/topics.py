"""Names of the operators' forum topics; each operators' notice names the one that it belongs to."""

MONEY = "money"
TALK = "talk"
ORDERS = "orders"
REFUNDS = "refunds"
REPORTS = "reports"
HOUSE = "house"
