"""Invoices that the bureau issues for others (代开发票)."""
