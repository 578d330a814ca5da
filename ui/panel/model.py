"""What the panel shows of a cabinet: its devices, how each is, and what can be done to it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import east_asian_width

from config.texts import Texts

CABLE: Final = ("unplug", "replug", "clear", "silent", "garbage", "link")
"""What can be done to every device; shown after what only this one has."""
QUIET: Final = ("link", "url", "uri", "path", "plugged", "silent", "linkFaults", "counts")
"""Facts that say nothing to a person, or are shown otherwise."""
NARROW: Final = 11
"""Half-width characters that a choice has room for beside its name."""
ILL: Final = frozenset(
    {"off", "out", "open", "jam", "jammed", "error", "black", "covered", "frozen", "broken"}
)
"""Values that are trouble, whatever they are of."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value that an action takes.

    ``shape``: ``choice`` (one of ``options``, each shown by its word in ``labels``), ``card`` (the same, of whole cards
    as JSON), ``switch``, ``number``, ``list`` (words with spaces between them), ``text``. ``wide``: its words need the
    whole width of the deed.
    """

    name: str
    label: str
    shape: str
    value: str
    options: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    needed: bool = False
    wide: bool = False


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
    actions: Mapping[str, Mapping[str, Any]],
    state: Mapping[str, Any],
    texts: Texts,
    people: Sequence[Mapping[str, Any]] = (),
    own: Sequence[Mapping[str, Any]] = (),
) -> tuple[Device, ...]:
    """The cabinet as its control interface tells it (``GET /actions``, ``GET /state`` and ``GET /personas``).

    ``own`` are cards from files, newest last; the newest is the one that lies ready.
    """
    known: Mapping[str, Mapping[str, Any]] = state.get("devices", {})
    writer = _Writer(texts, people, own)
    return tuple(writer.device(name, schemas, known.get(name, {})) for name, schemas in actions.items())


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
    if field.shape == "card":
        return json.loads(text)
    if field.shape == "list":
        return text.split()
    if field.shape != "number":
        return text
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise ValueError(field.label) from None


def _tone(state: Mapping[str, Any]) -> str:
    if state.get("plugged") is False or any(isinstance(v, str) and v in ILL for v in state.values()):
        return "bad"
    troubled = state.get("silent") or state.get("linkFaults") or state.get("fault") or state.get("corrupt")
    return "low" if troubled or "low" in state.values() else "ok"


class _Writer:
    """Puts the cabinet's own names into the person's words; a name without one is shown as it is."""

    def __init__(
        self, texts: Texts, people: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]]
    ) -> None:
        self._texts, self._known, self._people = texts, texts.all(), people
        self._own, self._cards = own, [*(one["card"] for one in people), *own]

    def device(self, name: str, schemas: Mapping[str, Any], state: Mapping[str, Any]) -> Device:
        """One device, with all that can be done to it."""
        deeds = [self._deed(action, schema) for action, schema in schemas.items()]
        deeds.sort(key=lambda deed: (deed.common, CABLE.index(deed.name) if deed.common else 0))
        return Device(name, self._word("device", name), _tone(state), tuple(self._facts(state)), tuple(deeds))

    def _facts(self, state: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
        """Plain values in words; of lists how many there are."""
        found = []
        for name, value in state.items():
            if name in QUIET or value is None or isinstance(value, Mapping):
                continue
            shown = str(len(value)) if isinstance(value, list | tuple) else self._plain(name, value)
            found.append((self._word("fact", name), shown))
        return found

    def _plain(self, name: str, value: object) -> str:
        return {True: "✓", False: "–"}[value] if isinstance(value, bool) else self._option(name, str(value))

    # --- fields ----------------------------------------------------------------------------------------

    def _deed(self, name: str, schema: Mapping[str, Any]) -> Deed:
        needed = set(schema.get("required", ()))
        fields = tuple(
            self._field(field, spec, field in needed) for field, spec in schema.get("properties", {}).items()
        )
        return Deed(name, self._word("action", name), fields, name in CABLE)

    def _field(self, name: str, spec: Mapping[str, Any], needed: bool) -> Field:
        label = self._word("field", name)
        if name == "persona" and self._people:
            people = tuple(str(one["id"]) for one in self._people)
            return Field(name, label, "choice", people[0], people, self._names(), needed, wide=True)
        if _is_card(spec) and self._cards:
            cards = tuple(json.dumps(card, ensure_ascii=False) for card in self._cards)
            lying = cards[-1] if self._own else cards[0]
            return Field(name, label, "card", lying, cards, self._card_names(), needed, wide=True)
        options = _options(spec)
        value = _default(spec, options)
        if options and not value:
            options = ("", *options)  # nothing is chosen, and nothing is sent
        labels = tuple(self._option(name, option) for option in options)
        wide = max(map(_width, labels), default=0) > NARROW
        return Field(name, label, _shape(spec, options), value, options, labels, needed, wide)

    def _names(self) -> tuple[str, ...]:
        return tuple(
            self._texts.get(
                "panel.person", name=one["name"], layout=self._option("layout", str(one["layout"]))
            )
            for one in self._people
        )

    def _card_names(self) -> tuple[str, ...]:
        """Whose each card is; what no persona has is a card of one's own."""
        mine = (
            self._texts.get("panel.ownCard", name=card.get("name") or card.get("latinName") or card["number"])
            for card in self._own
        )
        return (*self._names(), *mine)

    # --- words -----------------------------------------------------------------------------------------

    def _option(self, field: str, value: str) -> str:
        """A value in words: what it means in this field, else what it means anywhere."""
        for text_id in (f"panel.option.{field}.{value}", f"panel.option.{value}"):
            if text_id in self._known:
                return self._texts.get(text_id)
        return value

    def _word(self, kind: str, name: str) -> str:
        known = f"panel.{kind}.{name}"
        return self._texts.get(known) if known in self._known else name


def _width(label: str) -> int:
    """In half-width characters."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in label)


def _kinds(spec: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [spec, *spec.get("anyOf", ())]


def _is_card(spec: Mapping[str, Any]) -> bool:
    return any(str(kind.get("$ref", "")).endswith("/Card") for kind in _kinds(spec))


def _options(spec: Mapping[str, Any]) -> tuple[str, ...]:
    return next((tuple(map(str, kind["enum"])) for kind in _kinds(spec) if "enum" in kind), ())


def _shape(spec: Mapping[str, Any], options: Sequence[str]) -> str:
    types = {str(kind.get("type")) for kind in _kinds(spec)}
    if options:
        return "choice"
    if "boolean" in types:
        return "switch"
    if "array" in types:
        return "list"
    return "number" if types & {"integer", "number"} else "text"


def _default(spec: Mapping[str, Any], options: Sequence[str]) -> str:
    value = spec.get("default")
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return options[0] if options and "default" not in spec else ""
    return str(value)
