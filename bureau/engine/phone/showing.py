"""A service's review on a phone: the same facts under the same headings as at the terminal."""

from __future__ import annotations

from dataclasses import dataclass

from bureau.engine.phone.reading import Data
from config.catalogue.models import Format, LabelledValue, ReviewedValue, ReviewStep
from kiosk.domain.formatting import format_value
from kiosk.domain.paths import look
from sync.models import Texts


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact in words. ``note`` is why it is so."""

    label: Texts
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """Facts under one heading."""

    title: Texts
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What the review says; ``total`` is its sum."""

    sections: tuple[Section, ...]
    total: Fact | None


def reviewed(step: ReviewStep, data: Data, lang: str) -> Reviewed:
    """The review of ``data`` in that language; what is not known has no row."""
    sections = []
    for section in step.sections:
        facts = [_fact(row, data, lang) for row in section.rows if not _left_out(row, data)]
        if shown := tuple(fact for fact in facts if fact.value):
            sections.append(Section(section.title, shown))
    total = _fact(step.total, data, lang) if step.total is not None else None
    return Reviewed(tuple(sections), total if total is not None and total.value else None)


def _left_out(row: ReviewedValue, data: Data) -> bool:
    return row.seldom and not look(data, row.value)


def _fact(row: LabelledValue, data: Data, lang: str) -> Fact:
    until = look(data, row.until) if row.until else None
    value = format_value(row.format, look(data, row.value), until, lang)
    basis = look(data, row.basis) if isinstance(row, ReviewedValue) and row.basis else None
    note = format_value(Format.TEXTS, basis or row.note or None, None, lang)
    return Fact(row.label, f"¥{value}" if value and row.format is Format.MONEY else value, note)
