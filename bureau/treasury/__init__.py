"""Debits under agreements by the link of tax office, treasury and banks (财税库银横向联网): docs/treasury.md.

``link`` is the centre's side of the wire, ``book`` and ``service`` are simulated banks that the test acquirer serves.
"""
