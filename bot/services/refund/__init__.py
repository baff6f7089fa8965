"""The way of a refund, from a wish or a proposal to its end; money moves in `services/refunds.py`."""
