"""What a reminder says."""

from __future__ import annotations

from datetime import date

from bureau.engine.messages import Values, message_of
from bureau.engine.names import day_name
from bureau.engine.reminding.matters import Open
from bureau.engine.reminding.rungs import Rung
from bureau.ports.notices import Message
from kiosk.domain.ids import Fen
from kiosk.domain.money import format_yuan


def reminder(one: Open, rung: Rung, taxpayer: str, day: date, term: int) -> Message:
    """A return or payment that is due soon, late, demanded, or with an officer, as of ``day``.

    A demand gives its ``term`` in days, which counts from when it is signed for: no day would hold after that.
    """
    left = (one.limit - day).days
    word = ("ahead" if left else "today") if rung.ahead else rung.name
    values: Values = {
        "taxpayer": taxpayer,
        "tax": one.taxes,
        "period": one.period,
        "at": one.at,
        "limit": day_name(one.limit),
        "left": str(left),
        "days": str(-left),
        "term": str(term),
        "amount": format_yuan(Fen(one.amount_fen)),
        "late_fee": format_yuan(Fen(one.late_fee_fen)),
        "total": format_yuan(Fen(one.amount_fen + one.late_fee_fen)),
    }
    deadline = one.limit if rung.ahead else rung.until
    return message_of(f"{one.what}-{word}", None, values, deadline=deadline, matter=one.matter)
