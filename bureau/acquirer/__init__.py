"""A test acquirer: a payment company in one process, with real orders, a real ledger and every known fault."""
