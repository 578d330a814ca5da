"""A page as a map with lowerCamel keys, the form in which QML takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from kiosk.flow.pages import Page, Screen
from kiosk.staff.views import StaffView

FRAME = (
    "service",
    "steps",
    "can_back",
    "can_leave",
    "online",
    "network_text",
    "status_note",
    "terminal",
    "hall",
    "bureau",
    "lang",
    "mode",
    "ready",
    "notice_title",
    "notice_text",
    "talk_text",
    "talk_tone",
    "talk_keys",
)
"""What stands around the page; idle times and serial have bridges of their own."""


@cache
def camel(name: str) -> str:
    """``can_back`` is ``canBack`` in QML."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def to_map(value: object) -> Any:
    """Dataclasses become maps, tuples lists, the rest stays. A page also tells its ``kind``."""
    if is_dataclass(value) and not isinstance(value, type):
        drawn = (f for f in fields(value) if f.metadata.get("drawn", True))
        made = {camel(f.name): to_map(getattr(value, f.name)) for f in drawn}
        return {"kind": value.kind, **made} if isinstance(value, Page | StaffView) else made
    if isinstance(value, tuple | list):
        return [to_map(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_map(item) for key, item in value.items()}
    return value


def frame_map(screen: Screen) -> dict[str, Any]:
    """What stands around the page, with lowerCamel keys."""
    return {camel(name): to_map(getattr(screen, name)) for name in FRAME}


BLANK: dict[str, Any] = to_map(Page())
"""Before the first screen, and while a visit is wiped."""
BLANK_FRAME = frame_map(Screen(Page()))
