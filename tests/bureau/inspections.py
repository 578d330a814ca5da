"""Visits as tests have them: ordered, filled in, signed and confirmed by two officers."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from typing import Any

from PIL import Image

from bureau.engine.inspecting import recording
from bureau.engine.inspecting.form import Entered, digest, opened, whole
from bureau.engine.inspecting.pictures import encoded_anew
from bureau.engine.inspecting.recording import Met, Officers, Order
from bureau.engine.reference.work import ReferenceSystem
from bureau.engine.subjects import today
from bureau.ports.inspections import Inspection
from bureau.ports.materials import Vault
from kiosk.domain.ids import uuid7
from kiosk.domain.signing import Stroke
from tests.bureau import stores

ANNA, BEN, CARL = "jian-cha", "tong-xing", "di-san"
OFFICERS = Officers(ANNA, "检一", BEN, "检二")
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "address": {"sign": "shown", "work": "working"},
    "absent": {"sign": "none", "work": "empty", "neighbours": "物业说搬走半年了"},
    "blanks": {"keeping": "safe", "book": "kept", "lent": "none"},
    "general": {"books": "whole", "income": "same", "seen": "总账、明细账"},
}
BASES = {"address": "registration", "blanks": "invoices", "general": "powers"}


def photo(width: int = 640, height: int = 480, kind: str = "JPEG", **save: Any) -> bytes:
    """A picture with something to see on it."""
    picture = Image.new("RGB", (width, height), (200, 60, 30))
    picture.paste((20, 90, 200), (0, 0, width // 2, height // 2))
    out = io.BytesIO()
    picture.save(out, kind, **save)
    return out.getvalue()


def strokes(count: int = 60) -> tuple[Stroke, ...]:
    """A wave of some length, in two goes."""
    points = [(500 + n * 60, 1500 + round(600 * math.sin(n / 4)), n * 15) for n in range(count)]
    return Stroke(tuple(points[: count // 2])), Stroke(tuple(points[count // 2 :]))


HAND = Met("赵敏", "法定代表人", (9600, 4000), strokes())


class Desk:
    """What two officers do with visits, over a store."""

    def __init__(self, system: ReferenceSystem, vault: Vault, officers: Officers = OFFICERS) -> None:
        self.system, self.vault, self.law = system, vault, stores.published()[1]
        self.officers = officers

    def order(self, taxpayer: str, kind: str = "address", **changed: Any) -> Inspection:
        with self.system.write() as work:
            wanted = {
                "taxpayer": taxpayer, "kind": kind, "basis": BASES[kind], "reason": "多期未申报", "day": today(work.core),
            } | changed  # fmt: skip
            return recording.order(work.core, uuid7(), self.officers, Order(**wanted))

    def now(self, number: str) -> Inspection:
        with self.system.read() as work:
            return recording.there(work.core, number)

    def entered(self, number: str, outcome: str, **changed: Any) -> Entered:
        """A form that is whole, of whatever kind."""
        with self.system.read() as work:
            one = recording.there(work.core, number)
            form = recording.opened(work.core, self.vault, self.law, one)
        answers = ANSWERS["absent" if outcome == "absent" else one.kind]
        counted = {run.key: run.count for run in form.known.runs} if one.kind == "blanks" else {}
        values = {
            "cards": True, "notice": "" if one.kind == "address" else "云税检通〔2026〕12 号", "answers": answers,
            "counted": counted, "outcome": outcome, "findings": "现场没有人" if outcome == "absent" else "",
        } | changed  # fmt: skip
        return Entered.model_validate(values)

    def save(
        self, number: str, entered: Entered, officer: str = "", revision: int | None = None
    ) -> Inspection:
        of = self.now(number).revision if revision is None else revision
        with self.system.write() as work:
            return recording.save(
                work.core, self.vault, self.law, number, officer or self.officers.first, of, entered
            )

    def picture(self, number: str, raw: bytes = b"", officer: str = "", key: str = "") -> Inspection:
        jpeg = encoded_anew(raw or photo())
        with self.system.write() as work:
            return recording.add_picture(
                work.core, self.vault, self.law, number, officer or self.officers.first, key or uuid7(), jpeg
            )

    def digests(self, number: str) -> tuple[str, str]:
        """Of what a person signs, and of what officers confirm."""
        with self.system.read() as work:
            one, pictures = recording.there(work.core, number), work.core.inspections.pictures(number)
            form = opened(work.core, self.vault, number)
        assert form is not None
        return digest(one, form, pictures), whole(one, form, pictures)

    def sign(self, number: str, met: Met = HAND, officer: str = "") -> Inspection:
        content, _ = self.digests(number)
        with self.system.write() as work:
            return recording.sign(
                work.core, self.vault, self.law, number, officer or self.officers.first, content, met
            )

    def confirm(self, number: str, officer: str, content: str = "") -> Inspection:
        of = content or self.digests(number)[1]
        with self.system.write() as work:
            return recording.confirm(work.core, self.vault, number, officer, of)

    def confirmed(self, taxpayer: str, kind: str = "address", outcome: str = "found", **changed: Any) -> str:
        """Filled in, signed where somebody was met, and confirmed by both; its number."""
        number = self.order(taxpayer, kind).number
        self.save(number, self.entered(number, outcome, **changed))
        if outcome == "absent":
            self.picture(number)
        else:
            self.sign(number)
        self.confirm(number, self.officers.first)
        self.confirm(number, self.officers.second)
        return number
