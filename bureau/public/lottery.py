"""Where anybody looks at a draw of the invoice lottery and checks it, ``/l/…``."""

from __future__ import annotations

from fastapi.responses import Response

from bureau.engine.lottery import drawing
from bureau.ports.public import DrawShown
from bureau.public.site import Visit


def ticket(visit: Visit, number: str) -> Response:
    """The draw of this ticket; its check once the day's seed is published."""
    found = visit.site.records.draw(number, visit.fields.get("c", ""))
    if found is None:
        return visit.message("absent", 404)
    return visit.page("lottery.html", draw=found, agrees=agrees(found))


def agrees(found: DrawShown) -> bool | None:
    """Whether seed, commitment, number and prize belong together; None while the seed is not published."""
    if found.seed is None:
        return None
    seed = bytes.fromhex(found.seed)
    drawn = drawing.number(seed, found.invoice, found.key)
    return (
        drawing.commitment(found.day, found.odds, seed) == found.commitment
        and drawn == found.drawn
        and drawing.prize(found.odds, drawn) == found.prize_fen
    )
