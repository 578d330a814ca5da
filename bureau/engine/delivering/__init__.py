"""Paper invoices that a courier brings: what may be ordered, and what becomes of an order."""
