"""Status objects: checked against the interface, forgotten when too old, and compared part by part."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from drivers.xfs.payload import Payload

log = logging.getLogger("kiosk.devices.status")

UNKNOWN: Final = "unknown"

_complained: set[tuple[str, str]] = set()


def checked(model: type[Payload], found: object) -> dict[str, Any]:
    """What of a driver's object the interface knows; a value it does not know is left out, and told once."""
    if not isinstance(found, Mapping):
        return {}
    try:
        return model.model_validate(dict(found)).wire()
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
    for name in wrong:
        if (model.__name__, name) not in _complained:
            _complained.add((model.__name__, name))
            log.error("a driver sets %s.%s to what the interface does not know", model.__name__, name)
    rest = {name: value for name, value in found.items() if name not in wrong}
    return checked(model, rest) if len(rest) < len(found) else {}


def forgotten(model: type[Payload], known: Mapping[str, Any]) -> dict[str, Any]:
    """The same object with ``unknown`` wherever the interface has that word; what has no such word is left out."""
    result: dict[str, Any] = {}
    for name, value in known.items():
        blank = dict.fromkeys(value, UNKNOWN) if isinstance(value, Mapping) else UNKNOWN
        try:
            result |= model.model_validate({name: blank}).wire()
        except ValidationError:
            continue
    return result


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of ``after`` that differ from ``before``; what vanished cannot be said in an event."""
    result: dict[str, Any] = {}
    for name, value in after.items():
        old = before.get(name)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            if inner := changes(old, value):
                result[name] = inner
        elif value != old or name not in before:
            result[name] = value
    return result
