"""What the panel shows of a cabinet: its devices, how each is, and what can be done to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from config.texts import Texts

CABLE: Final = ("unplug", "replug", "clear", "silent", "garbage", "link")
"""What can be done to every device; shown after what only this one has."""
QUIET: Final = ("link", "url", "uri", "path", "plugged", "silent", "linkFaults", "counts")
"""Facts that say nothing to a person, or are shown otherwise."""
ILL: Final = frozenset(
    {"off", "out", "open", "jam", "jammed", "error", "black", "covered", "frozen", "broken"}
)
"""Values that are trouble, whatever they are of."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that an action takes. ``shape``: ``choice`` (one of ``options``), ``switch``, ``number``, ``text``."""

    name: str
    label: str
    shape: str
    value: str
    options: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do. ``common``: every device has it."""

    name: str
    title: str
    fields: tuple[Field, ...]
    common: bool


@dataclass(frozen=True, slots=True)
class Device:
    """One device: how it is in one word (``tone`` ok, low or bad), its facts, and its deeds."""

    name: str
    title: str
    tone: str
    facts: tuple[tuple[str, str], ...]
    deeds: tuple[Deed, ...]


def devices(
    actions: Mapping[str, Mapping[str, Any]], state: Mapping[str, Any], texts: Texts
) -> tuple[Device, ...]:
    """The cabinet as its control interface tells it (``GET /actions`` and ``GET /state``)."""
    known: Mapping[str, Mapping[str, Any]] = state.get("devices", {})
    return tuple(_device(name, schemas, known.get(name, {}), texts) for name, schemas in actions.items())


def parameters(deed: Deed, typed: Mapping[str, str]) -> dict[str, object]:
    """What to send for what was typed. Raises ``ValueError`` naming the field that holds no number."""
    found: dict[str, object] = {}
    for field in deed.fields:
        text = typed.get(field.name, field.value).strip()
        if text:
            found[field.name] = _typed(field, text)
    return found


def _typed(field: Field, text: str) -> object:
    if field.shape == "switch":
        return text == "true"
    if field.shape != "number":
        return text
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise ValueError(field.label) from None


def _device(name: str, schemas: Mapping[str, Any], state: Mapping[str, Any], texts: Texts) -> Device:
    deeds = [_deed(action, schema, texts) for action, schema in schemas.items()]
    deeds.sort(key=lambda deed: (deed.common, CABLE.index(deed.name) if deed.common else 0))
    facts = tuple(_facts(state, texts))
    return Device(name, _word(texts, "device", name), _tone(state), facts, tuple(deeds))


def _tone(state: Mapping[str, Any]) -> str:
    if state.get("plugged") is False or any(isinstance(v, str) and v in ILL for v in state.values()):
        return "bad"
    troubled = state.get("silent") or state.get("linkFaults") or state.get("fault") or state.get("corrupt")
    return "low" if troubled or "low" in state.values() else "ok"


def _facts(state: Mapping[str, Any], texts: Texts) -> Sequence[tuple[str, str]]:
    """Plain values as they are; of lists how many there are."""
    found = []
    for name, value in state.items():
        if name in QUIET or value is None or isinstance(value, Mapping):
            continue
        shown = str(len(value)) if isinstance(value, list | tuple) else _plain(value)
        found.append((_word(texts, "fact", name), shown))
    return found


def _plain(value: object) -> str:
    return {True: "✓", False: "–"}[value] if isinstance(value, bool) else str(value)


def _deed(name: str, schema: Mapping[str, Any], texts: Texts) -> Deed:
    needed = set(schema.get("required", ()))
    fields = tuple(
        _field(field, spec, field in needed, texts) for field, spec in schema.get("properties", {}).items()
    )
    return Deed(name, _word(texts, "action", name), fields, name in CABLE)


def _field(name: str, spec: Mapping[str, Any], needed: bool, texts: Texts) -> Field:
    kinds = [spec, *spec.get("anyOf", ())]
    options = next((tuple(map(str, kind["enum"])) for kind in kinds if "enum" in kind), ())
    types = {str(kind.get("type")) for kind in kinds}
    if options:
        shape = "choice"
    elif "boolean" in types:
        shape = "switch"
    elif types & {"integer", "number"}:
        shape = "number"
    else:
        shape = "text"
    return Field(name, _word(texts, "field", name), shape, _default(spec, options), options, needed)


def _default(spec: Mapping[str, Any], options: tuple[str, ...]) -> str:
    value = spec.get("default")
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return options[0] if options and "default" not in spec else ""
    return str(value)


def _word(texts: Texts, kind: str, name: str) -> str:
    """The person's word for it; a name that has none yet is shown as it is."""
    known = f"panel.{kind}.{name}"
    return texts.get(known) if known in texts.all() else name
