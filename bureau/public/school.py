"""The tax school on a phone: one's own seat, ``/t/…``, and the courseware of a course, ``/w/…``."""

from __future__ import annotations

import uuid

from fastapi.responses import Response

from bureau.engine.refusals import Refused
from bureau.public.site import Visit
from config.school import courses, taught
from sync.models import Refusal


def seat(visit: Visit, token: str) -> Response:
    """The seat with this token. Looking changes nothing."""
    return _shown(visit, token)


def changed(visit: Visit, token: str, form: dict[str, str]) -> Response:
    """Given back when ``do`` says so; anything else only shows it again."""
    name = _named(token)
    if name is None:
        return visit.message("absent", 404)
    try:
        if form.get("do") == "cancel":
            visit.site.records.give_back_seat(name, visit.site.url)
    except Refused as no:
        return _shown(visit, token, no.refusal)
    return _shown(visit, token)


def courseware(visit: Visit, name: str) -> Response:
    """A course to read: its parts, and each clause that it teaches with the text that it stands in."""
    course = courses().get(name)
    if course is None:
        return visit.message("absent", 404)
    parts = [
        (part.title, [one for one in map(taught, part.cites) if one is not None]) for part in course.parts
    ]
    return visit.page("courseware.html", course=course, parts=parts)


def _shown(visit: Visit, token: str, refusal: Refusal | None = None) -> Response:
    name = _named(token)
    found = visit.site.records.seat(name) if name else None
    if found is None:
        return visit.message("absent", 404)
    return visit.page("seat.html", 409 if refusal else 200, found=found, refusal=refusal, token=name)


def _named(token: str) -> str | None:
    try:
        return str(uuid.UUID(token))
    except ValueError:
        return None
