"""What happens to a flow: what a person does (``Intent``) and what came of an effect (``Outcome``)."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Action(enum.StrEnum):
    """Everything a person can do; the bridge has one slot for each."""

    BEGIN = "begin"  # attract was touched
    OPEN = "open"  # value: service id, from home
    CHOOSE = "choose"  # value: option id
    COUNT = "count"  # value: the number
    EDIT = "edit"  # value: row id whose keypad opens; empty closes
    FILL = "fill"  # value: row id, text
    PROCEED = "proceed"  # the main button
    SECOND = "second"  # the second button or a quiet link; value: its id
    CHANGE = "change"  # value: step id, from review
    PAGE = "page"  # value: page number of a sheet
    BACK = "back"
    LEAVE = "leave"  # sign out
    EXPIRE = "expire"  # nobody answered the idle warning
    LANGUAGE = "language"  # value: tag
    MODE = "mode"  # value: standard, elder
    CALL_STAFF = "callStaff"
    TALK = (
        "talk"  # a key of the line that stands over every page while an officer is talked to; value: its id
    )


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing a person did on the page with that ``serial``; an older serial is a double press and ignored."""

    action: Action
    value: str = ""
    text: str = ""
    serial: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the effect ``effect_id``: data, or a fault with its id."""

    effect_id: str
    data: Mapping[str, Any]
    fault: str = ""
    partial: bool = False  # progress; more will come
    kept_at: str = ""  # the centre is away: the data is what it said at that moment


Event = Intent | Outcome
