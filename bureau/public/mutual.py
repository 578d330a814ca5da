"""Where a question, an answer or an idea is followed, ``/h/…``: published ones by number, one's own by its key."""

from __future__ import annotations

import re
import uuid

from fastapi.responses import Response

from bureau.ports.public import ContributionShown
from bureau.public.site import Visit
from sync.models import EffectKind

KINDS = (EffectKind.HELP_ASK, EffectKind.HELP_ANSWER, EffectKind.IDEAS_SUBMIT)
"""Effects by which something is written; their keys lead here as well."""
NUMBER = re.compile(r"[0-9]{20}")


def followed(visit: Visit, name: str) -> Response:
    """The page of it; what is not published only who has the key of their slip can see."""
    found = by_name(visit, name)
    return visit.message("absent", 404) if found is None else page(visit, found)


def by_name(visit: Visit, name: str) -> ContributionShown | None:
    """By number or by key."""
    if NUMBER.fullmatch(name):
        found = visit.site.records.contribution(name)
        return found if found is not None and found.state == "published" else None
    try:
        return visit.site.records.contribution(str(uuid.UUID(name)))
    except ValueError:
        return None


def page(visit: Visit, found: ContributionShown) -> Response:
    """What it says, what became of it, and what was answered."""
    return visit.page("mutual.html", shown=found)
