"""A case in words: how near its last day is, how it stands, and what it holds in the words of its form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge
from bureau.ports.matters import MatterCase
from config.catalogue.forms import FormRowModel, FormStep, Input
from config.catalogue.models import Service
from kiosk.domain.masking import mask_mobile, mask_number

SOON_DAYS: Final = 2
"""A case whose last day is that near is told apart."""
LONG_NUMBER: Final = re.compile(r"\d{7,}[0-9Xx]")
MASKED: Final = {Input.PHONE: mask_mobile, Input.ID: mask_number, Input.ACCOUNT: mask_number}
"""What is shown to no officer as a whole: who decides does not need it."""


def due_badge(desk: Desk, due_on: date) -> Markup:
    """How near the last day is, in words."""
    left = (due_on - desk.today()).days
    tone: Tone = "bad" if left < 0 else "warn" if left <= SOON_DAYS else "plain"
    key = "case.overdue" if left < 0 else "case.today" if left == 0 else "case.left"
    return badge(desk.say(key, days=abs(left)), tone)


def state_badge(desk: Desk, case: MatterCase) -> Markup:
    """Open, approved or refused."""
    tones: dict[str, Tone] = {"open": "plain", "approved": "good", "refused": "bad"}
    return badge(desk.say(f"case.is-{case.state}"), tones[case.state])


def decided_by(desk: Desk, officer: str | None) -> str:
    """Who decided; the centre itself where nobody had to."""
    return desk.say("case.by-system") if officer in (None, "", "system") else str(officer)


def fields_in_words(
    service: Service | None, fields: Mapping[str, object], lang: str
) -> list[tuple[str, str]]:
    """Each field under its row's label and, where it is one of a row's options, as that option; masked where personal.

    A field of no row (worked out by the centre, or of an earlier version of the service) keeps its own name; whatever
    in it may be a phone, an account or a document's number is masked.
    """
    rows = {row.id: row for row in _rows(service)} if service is not None else {}
    told = []
    for name, value in fields.items():
        row = rows.get(name)
        if row is None:
            told.append((name, LONG_NUMBER.sub(lambda found: mask_number(found[0]), _plain(value))))
            continue
        told.append((row.label[lang], _in_row(row, value, lang)))
    return told


def _in_row(row: FormRowModel, value: object, lang: str) -> str:
    option = next((one for one in row.options if one.id == value), None)
    if option is not None:
        return option.title[lang]
    if row.input is Input.MONEY and isinstance(value, int):
        return f"{Decimal(value) / 100:,.2f}"
    mask = MASKED.get(row.input) if row.input is not None else None
    return mask(_plain(value)) if mask is not None else _plain(value)


def _rows(service: Service) -> Iterator[FormRowModel]:
    for step in service.steps:
        if isinstance(step, FormStep):
            yield from step.rows


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return str(value)
