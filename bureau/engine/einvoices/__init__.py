"""Issued invoices, checked by anybody."""
