"""How answers are written: looked at in every one of the check."""

from __future__ import annotations

from bureau.conformance.bench import in_every_answer

in_every_answer(
    "wire.amounts",
    "Amounts are whole fen.",
    "Write integers: 126000 for ¥1,260.00. A number with a point has been a floating-point number on the way.",
)
in_every_answer(
    "wire.values",
    "Days `2026-10-12`, enumerations by value, bytes in base64 (URL alphabet), dataclasses as objects.",
    "Write the value as the method's result type is declared in `bureau/ports`.",
)
in_every_answer(
    "wire.moments",
    "Moments are written with their offset.",
    "Write 2026-10-12T09:42:00+08:00, not the local time alone.",
)
in_every_answer(
    "wire.outcomes",
    'An outcome is `409 {"error": NAME, "values": {…}}` with a name and the values of the table of outcomes.',
    "Answer 409 for the outcomes of the table alone, each with exactly its values; anything else is trouble (500).",
)
