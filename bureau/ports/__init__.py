"""The seams of the centre: one module a port, with the plain values that pass through it.

Handlers import these and no tables. The reference engine (``bureau.engine.reference``) implements the core system's
side, gathered in ``core``; a real core system takes its place without a change in terminal or API. Amounts are whole
fen, moments aware, days dates, invoice numbers 8 digits. What may go two ways is said by a typed exception of
``bureau.errors``.
"""
