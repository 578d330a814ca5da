"""Tax rules as pure functions over effective-dated parameters: Decimal inside, fen outside.

Each tax is rounded once, at its end, half a fen up (domain note, section 6).
"""
