"""The rows of a service's forms on a phone: what may be given, what was typed, what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from config.catalogue.models import FormRowModel, FormStep, Input, OptionModel, RowsModel
from config.texts import Texts as Words
from config.texts import all_texts
from kiosk.domain import inputs
from kiosk.domain.errors import FieldError
from kiosk.domain.ids import Fen
from kiosk.domain.money import yuan
from kiosk.domain.paths import look
from sync.models import Texts

Data = Mapping[str, Mapping[str, Any]]
"""A visit's data: what each step left, by step."""
LONGEST = 200
"""Characters of one row that are read at all."""
FIGURES = (Input.MONEY, Input.COUNT, Input.DIGITS, Input.ACCOUNT, Input.PHONE, Input.NOTICE_CODE)
"""Given by the keys for figures."""


@dataclass(frozen=True, slots=True)
class Option:
    """One that may be chosen."""

    id: str
    title: Texts


@dataclass(frozen=True, slots=True)
class Row:
    """A row on the page. ``name`` tells it from those of all forms; ``error`` is what to mend."""

    name: str
    label: Texts
    note: Texts
    text: str
    error: str
    optional: bool
    input: Input
    most: int
    options: tuple[Option, ...]

    @property
    def figures(self) -> bool:
        """Whether the phone offers its keys for figures."""
        return self.input in FIGURES


@dataclass(frozen=True, slots=True)
class Read:
    """Forms as they were filled in. ``data`` is what they leave, of those rows that have nothing wrong."""

    rows: tuple[Row, ...]
    data: Data

    @property
    def good(self) -> bool:
        """Whether every row can be taken as it is."""
        return not any(row.error for row in self.rows)


@cache
def words_of(lang: str) -> Words:
    """The terminal's own texts in that language: what is wrong is said alike at both."""
    return all_texts()[lang]


def read(
    forms: Sequence[FormStep], typed: Mapping[str, str], known: Data, day: date, lang: str, *, checked: bool
) -> Read:
    """Forms with what was ``typed`` by row (``buyer.name``); ``known`` is what their rows refer to.

    Nothing is wrong yet with a form that is shown for the first time (not ``checked``).
    """
    rows: list[Row] = []
    data: dict[str, dict[str, Any]] = {}
    for form in forms:
        left = data.setdefault(form.id, {})
        for row in form.rows:
            if row.editable != "yes" or row.hidden == "online":
                continue
            text = _clean(row, typed.get(f"{form.id}.{row.id}", ""))
            offered = options(row, known)
            value, error = _value(row, text, offered, known, day, lang)
            rows.append(_shown(form, row, text, error if checked else "", offered))
            left[row.id] = value
            if row.input is Input.OPTION:
                left[f"{row.id}_title"] = next((one.title for one in offered if one.id == value), "")
    return Read(tuple(rows), data)


def options(row: FormRowModel, known: Data) -> tuple[Option, ...]:
    """What an option row offers: the file's own, or the rows of an answer."""
    if row.options_of is None:
        return tuple(_own(option) for option in row.options)
    found = look(known, row.options_of.rows) or ()
    return tuple(_told(row.options_of, one) for one in found)


def _own(option: OptionModel) -> Option:
    return Option(option.id, option.title)


def _told(model: RowsModel, row: Mapping[str, Any]) -> Option:
    return Option(str(row.get(model.row_id, "")), dict(row.get(model.title.field) or {}))


def _value(
    row: FormRowModel, text: str, offered: Sequence[Option], known: Data, day: date, lang: str
) -> tuple[object, str]:
    """The value, and what is wrong with it."""
    say, label = words_of(lang).get, row.label.get(lang) or row.label["zh-CN"]
    if row.input is Input.OPTION and text not in {one.id for one in offered}:
        text = ""
    if not text:
        return None, inputs.missing(row, label, say)
    assert row.input is not None, "the catalogue lets no editable row pass without one"
    try:
        value = inputs.VALUES[row.input](text, day)
    except FieldError as error:
        return None, inputs.misread(row, label, error, say)
    limits = inputs.bounds(row, _known(known, row.min_of), _known(known, row.max_of))
    wrong = inputs.beyond(row, label, value, limits, say) or inputs.mislong(row, label, text, say)
    return (None, wrong) if wrong else (value, "")


def _known(known: Data, path: str | None) -> object:
    return look(known, path) if path else None


def _shown(form: FormStep, row: FormRowModel, text: str, error: str, offered: tuple[Option, ...]) -> Row:
    return Row(
        name=f"{form.id}.{row.id}",
        label=row.label,
        note=row.note,
        text=text,
        error=error,
        optional=row.optional,
        input=row.input or Input.TEXT,
        most=row.max_length or 0,
        options=offered,
    )


def _clean(row: FormRowModel, typed: str) -> str:
    """One line as people mean it; figures and numbers in half-width."""
    text = "".join(char for char in typed[:LONGEST] if not unicodedata.category(char).startswith("C"))
    return (text if row.input is Input.TEXT else unicodedata.normalize("NFKC", text)).strip()


def typed_again(forms: Sequence[FormStep], data: Data) -> Mapping[str, str]:
    """What somebody would have typed for ``data``."""
    found: dict[str, str] = {}
    for form in forms:
        for row in form.rows:
            value = data.get(form.id, {}).get(row.id)
            if value is not None:
                figures = row.input is Input.MONEY
                found[f"{form.id}.{row.id}"] = str(yuan(Fen(int(value))) if figures else value)
    return found
