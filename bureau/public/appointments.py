"""Where whoever holds the slip of a booked time sees, moves or cancels it, ``/a/…``."""

from __future__ import annotations

import uuid
from datetime import datetime

from fastapi.responses import Response

from bureau.engine.refusals import Refused
from bureau.public.site import Visit
from sync.models import Refusal


def booking(visit: Visit, token: str) -> Response:
    """The booked time with this token. Looking changes nothing."""
    return _shown(visit, token)


def changed(visit: Visit, token: str, form: dict[str, str]) -> Response:
    """Moved to ``at``, or cancelled when ``do`` says so; anything else only shows it again."""
    if _named(token) is None:
        return visit.message("absent", 404)
    try:
        if form.get("do") == "cancel":
            visit.site.records.change_appointment(token, None)
        elif (at := _moment(form.get("at", ""))) is not None:
            visit.site.records.change_appointment(token, at)
    except Refused as no:
        return _shown(visit, token, no.refusal)
    return _shown(visit, token)


def _shown(visit: Visit, token: str, refusal: Refusal | None = None) -> Response:
    name = _named(token)
    found = visit.site.records.appointment(name) if name else None
    if found is None:
        return visit.message("absent", 404)
    return visit.page("appointment.html", 409 if refusal else 200, found=found, refusal=refusal, token=name)


def _named(token: str) -> str | None:
    try:
        return str(uuid.UUID(token))
    except ValueError:
        return None


def _moment(given: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        return None
    return at if at.tzinfo is not None else None
