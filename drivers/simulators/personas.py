"""The people who may step up to the simulated cabinet, from a personas file or a small set of our own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from drivers.simulators.base import log
from drivers.simulators.cards import Card
from drivers.simulators.chip_tax import TaxDevice
from drivers.simulators.errors import BadParameterError
from drivers.simulators.face_traits import UNKNOWN, Looks


@dataclass(frozen=True, slots=True)
class Persona:
    """One person with a card, and the tax UKeys of the enterprises they act for."""

    id: str
    name: str
    card: Card
    note: str = ""
    ukeys: tuple[TaxDevice, ...] = ()

    @property
    def seed(self) -> int:
        """Their face."""
        return self.card.seed


_OWN: tuple[dict[str, Any], ...] = (
    {
        "id": "demo-resident",
        "note": "Resident card / 居民身份证",
        "card": {
            "layout": "resident",
            "name": "程小溪",
            "number": "530199199203150028",
            "sex": "2",
            "nation": "01",
            "birth": "1992-03-15",
            "address": "云川市书院区文庙街 7 号",
            "authority": "云川市公安局书院分局",
            "validFrom": "2019-06-01",
            "validTo": "2039-06-01",
        },
    },
    {
        "id": "demo-elder",
        "note": "Card without end / 长期有效",
        "card": {
            "layout": "resident",
            "name": "赵广田",
            "number": "530199194809120031",
            "sex": "1",
            "nation": "03",
            "birth": "1948-09-12",
            "address": "云川市湖东区翠湖路 21 号",
            "authority": "云川市公安局湖东分局",
            "validFrom": "2012-02-01",
            "validTo": None,
        },
    },
    {
        "id": "demo-foreigner",
        "note": "Permanent resident card of 2023 / 外国人永久居留身份证",
        "card": {
            "layout": "foreign-2023",
            "name": "马瑞",
            "latinName": "NOVAK MAREK",
            "number": "932682198501010017",
            "sex": "1",
            "nationality": "CZE",
            "birth": "1985-01-01",
            "validFrom": "2024-01-02",
            "validTo": "2034-01-02",
        },
    },
    {
        "id": "demo-hongkong",
        "note": "Residence permit / 港澳居民居住证",
        "card": {
            "layout": "hk-macau-taiwan",
            "name": "何家明",
            "number": "810000199408230021",
            "sex": "2",
            "birth": "1994-08-23",
            "address": "云川市江畔区滨江路 3 号",
            "authority": "云川市公安局江畔分局",
            "validFrom": "2023-03-01",
            "validTo": "2028-03-01",
            "travelPermit": "H12345678",
            "issueCount": "01",
        },
    },
)


class Cast:
    """The personas of one cabinet; a file is read again when it changes, so that it may be made later."""

    def __init__(self, file: Path | None, today: Callable[[], date]) -> None:
        self._file = file
        self._today = today
        self._seen: int | None = None
        self._people: dict[str, Persona] = {}
        self._passports: dict[str, list[str]] = {}
        if file is None:
            self._people = {one.id: one for one in map(_persona, _OWN)}

    def people(self) -> list[Persona]:
        """Everybody, in the order of the file."""
        self._refresh()
        return list(self._people.values())

    def find(self, who: str) -> Persona:
        """The persona with that id, name or document number; raise ``BadParameterError``."""
        for one in self.people():
            if who in (one.id, one.name, one.card.number):
                return one
        known = ", ".join(self._people) or "nobody; the personas file has not been made yet"
        raise BadParameterError(f"there is no persona {who!r}; known are: {known}")

    def passport(self, who: str) -> list[str]:
        """The lines of the passport of the traveller with that id; raise ``BadParameterError``."""
        self._refresh()
        if who not in self._passports:
            known = ", ".join(self._passports) or "nobody; the personas file names none"
            raise BadParameterError(f"there is no traveller {who!r}; known are: {known}")
        return self._passports[who]

    def looks(self, seed: int) -> Looks:
        """Sex and age that go with a face, when it is one of the personas'."""
        for one in self.people():
            if one.seed == seed:
                return Looks(one.card.sex, self._today().year - int(one.card.birth[:4]))
        return UNKNOWN

    def _refresh(self) -> None:
        if self._file is None or not self._file.exists():
            return
        changed = self._file.stat().st_mtime_ns
        if changed == self._seen:
            return
        content = json.loads(self._file.read_text("utf-8"))
        listed = content["personas"] if isinstance(content, dict) else content
        self._people = {one.id: one for one in map(_persona, (one for one in listed if one["card"]))}
        self._passports = {one["id"]: list(one["passport"]) for one in listed if one.get("passport")}
        self._seen = changed


def _persona(entry: dict[str, Any]) -> Persona:
    """One entry of the file; card fields that a chip does not hold are left out."""
    known = {info.alias or name for name, info in Card.model_fields.items()}
    given = dict(entry["card"])
    if extra := sorted(set(given) - known):
        log.warning("persona %s: the card has no field %s", entry["id"], ", ".join(extra))
    card = {key: value for key, value in given.items() if key in known}
    card.setdefault("faceSeed", entry.get("faceSeed"))
    try:
        checked = Card.model_validate(card)
        ukeys = tuple(TaxDevice.model_validate(one) for one in entry.get("ukeys", ()))
    except ValidationError as error:
        raise BadParameterError(f"persona {entry['id']}: {error.errors()[0]['msg']}") from None
    return Persona(
        str(entry["id"]), str(entry.get("name") or checked.name), checked, str(entry.get("note", "")), ukeys
    )
