"""The rules of tax handling as pure functions: identifiers, invoices, money, people, tax."""
