"""What an invoice says, and how it follows its order; it is issued in `services/invoices.py`."""
