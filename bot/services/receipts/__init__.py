"""Receipts of payment and fiscal ones (54-FZ): by a provider, by hand, or for the use of an advance."""
