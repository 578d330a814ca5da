"""The payload of every command there is."""

from __future__ import annotations

import importlib
import json
import pkgutil

from pydantic import ValidationError

import drivers.xfs.messages
from drivers.xfs.catalogue import AnyCommand, Command
from tests.fuzz.oracles import refused_by

PARSES = ("drivers.xfs.payload",)


def _commands() -> list[AnyCommand]:
    package = drivers.xfs.messages
    modules = [
        importlib.import_module(f"{package.__name__}.{m.name}")
        for m in pkgutil.iter_modules(package.__path__)
    ]
    found = {c.name: c for m in modules for c in vars(m).values() if isinstance(c, Command)}
    return [found[name] for name in sorted(found)]


COMMANDS = _commands()


def check(data: bytes) -> None:
    """Any JSON object as any command's payload: the payload, or ``ValidationError``; and again the same."""
    if len(data) < 2:
        return
    command = COMMANDS[int.from_bytes(data[:2], "big") % len(COMMANDS)]
    try:
        value = json.loads(data[2:])
    except (ValueError, RecursionError):
        return
    payload = refused_by(ValidationError, lambda: command.payload.model_validate(value))
    if payload is not None:
        wire = payload.wire()
        assert command.payload.model_validate(json.loads(json.dumps(wire))).wire() == wire


def seeds() -> list[bytes]:
    """An empty payload for each command, and words the commands know."""
    keys = sorted({field.alias or name for c in COMMANDS for name, field in c.payload.model_fields.items()})
    values = ("0", "1", '"unit1"', '"AA=="', "true", '{"unit1":{}}', '["qrCode"]', '"019a0000-0000-7000"')
    filled = [("{" + ",".join(f'"{key}":{value}' for key in keys) + "}").encode() for value in values]
    numbers = [number.to_bytes(2, "big") for number in range(len(COMMANDS))]
    return [number + b"{}" for number in numbers] + [
        number + text for number in numbers[::4] for text in filled
    ]
