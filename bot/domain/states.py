"""The lives of things; every change between states is a compare-and-set in storage."""

from enum import StrEnum


class OrderState(StrEnum):
    DRAFT = "draft"
    REVIEW = "review"
    AWAITING = "awaiting"
    PAID = "paid"
    FULFILLED = "fulfilled"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REFUNDED = "refunded"


OPEN_ORDERS = (OrderState.DRAFT, OrderState.REVIEW, OrderState.AWAITING)
"""An open order holds its connectors: a new one for the same connector replaces it."""

PAYABLE_ORDERS = (OrderState.AWAITING, OrderState.EXPIRED)
"""Late money revives an expired order at its frozen price."""


UNPAID_ORDERS = (*OPEN_ORDERS, OrderState.EXPIRED)
"""What money that comes would settle, now or late."""


class PaymentState(StrEnum):
    CREATED = "created"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    UNKNOWN = "unknown"


OPEN_PAYMENTS = (PaymentState.CREATED, PaymentState.PENDING, PaymentState.UNKNOWN)


class Purpose(StrEnum):
    """What money was asked for."""

    ORDER = "order"
    TOP_UP = "top_up"


class AttemptKind(StrEnum):
    REFUND = "refund"
    CHARGE = "charge"
    """An autopay takes money by a saved card."""
    RECEIPT = "receipt"
    """The fiscal receipt for the use of money that came before; it moves none."""


class PromoState(StrEnum):
    """A code a customer entered waits as saved, is held by an order, then used when that is settled."""

    SAVED = "saved"
    HELD = "held"
    USED = "used"
    RELEASED = "released"


class LinkUse(StrEnum):
    """What the seller's link to a connector lets somebody do: pay for it, or make it his own, once."""

    PAY = "pay"
    ATTACH = "attach"


class WebhookState(StrEnum):
    DUE = "due"
    SENT = "sent"
    DEAD = "dead"


class AttemptState(StrEnum):
    CREATED = "created"
    SENT = "sent"
    KNOWN = "known"


class NoticeState(StrEnum):
    DUE = "due"
    SENT = "sent"
    DEAD = "dead"


class Lane(StrEnum):
    """Who goes first when Telegram's limits are near; taps are sent directly and outrank them all."""

    TAPS = "taps"
    MONEY = "money"
    OPERATORS = "operators"
    REMINDERS = "reminders"
    LETTERS = "letters"
    """E-mail: another road, which Telegram's limits do not touch."""


LANE_RANKS = {lane: rank for rank, lane in enumerate(Lane)}
"""The better the lane, the lower its rank."""


class ExtensionCause(StrEnum):
    ORDER = "order"
    IMPORT = "import"
    API = "api"
    OPERATOR = "operator"
    BRIDGE = "bridge"
    """An operator switched it on until a transfer arrives; the days count as paid ones afterwards."""
    SUSPENSION = "suspension"
    """Its customer does without it for a while: what he paid for is still his afterwards."""
    UNDONE = "undone"
    REFUND = "refund"
    """Money for it went back, and its days with it."""


class TransferReason(StrEnum):
    """Why an amount moved between two accounts."""

    PAID = "paid"
    ASSIGNED = "assigned"
    SETTLED = "settled"
    UNSETTLED = "unsettled"
    TAKEN_BACK = "taken_back"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    UNASSIGNED = "unassigned"
    RETURNED = "returned"
    CLEARED = "cleared"
    """An acquirer's lump sum: money that customers' payments brought before."""
    MOVED = "moved"
    """From one payer to another, by an operator's word."""
    JOINED = "joined"
    """From a payer to the one that he was joined into."""
    RELEASED = "released"
    """Out of suspense: an operator said that a transfer is none of ours."""
    WITHDRAWN = "withdrawn"
    """A transfer that was booked to the wrong payer goes back into suspense."""


class EventFate(StrEnum):
    """What became of a movement of money that a provider told of."""

    BOOKED = "booked"
    REVIEW = "review"
    SUSPENSE = "suspense"
    RETURNED = "returned"
    FOREIGN = "foreign"
    TEST = "test"
    CLEARING = "clearing"


class Role(StrEnum):
    VIEWER = "viewer"
    OPERATOR = "operator"
    CASHIER = "cashier"
    OWNER = "owner"

    def includes(self, needed: "Role") -> bool:
        """An owner may do what a cashier may, and so on down."""
        order = list(Role)
        return order.index(self) >= order.index(needed)
