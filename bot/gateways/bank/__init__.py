"""Bank transfers: invoices out, statements in."""
