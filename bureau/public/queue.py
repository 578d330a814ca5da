"""Where whoever holds a queue number sees their place, ``/q/…``; the page asks again by itself while it waits."""

from __future__ import annotations

import uuid
from typing import Final

from fastapi.responses import Response

from bureau.public.site import Visit

AGAIN_S: Final = 30


def place(visit: Visit, key: str) -> Response:
    """The place of the number with this key."""
    try:
        key = str(uuid.UUID(key))
    except ValueError:
        return visit.message("absent", 404)
    found = visit.site.records.queue_place(key)
    if found is None:
        return visit.message("absent", 404)
    state = "over" if found.over and found.state in ("waiting", "called") else found.state
    page = visit.page("queue.html", place=found, state=state)
    if state in ("waiting", "called"):
        page.headers["Refresh"] = str(AGAIN_S)
    return page
