"""What each kind of input means: the value of what was typed, and the words for a value beyond its limits.

The same for the rows of a terminal's form and for those of a page on a phone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Protocol

from config.catalogue.models import Format, FormRowModel, Input
from kiosk.domain.errors import FieldError
from kiosk.domain.formatting import as_date, format_value
from kiosk.domain.identifiers import check_mobile, check_registered, check_resident_id
from kiosk.domain.mailboxes import check_mailbox
from kiosk.domain.money import fen, parse_typed
from kiosk.domain.notice_codes import check_code
from kiosk.domain.vehicles import check_plate, check_vin

Check = Callable[[str, date], object]
"""Makes a value of what was typed, given the day; raises ``FieldError``."""
Bounds = tuple[int | None, int | None]
"""The least and the most, in fen or a number."""


class Said(Protocol):
    """The texts of one language (``config.texts``)."""

    def __call__(self, text_id: str, **values: object) -> str:
        """The text with its values filled in."""
        ...


def _plain(text: str, today: date) -> str:
    return text.strip()


def _count(text: str, today: date) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise FieldError("form", "field.count.form")
    return int(text)


VALUES: Mapping[Input, Check] = {
    Input.MONEY: lambda text, today: int(parse_typed(text)),
    Input.COUNT: _count,
    Input.DIGITS: _plain,
    Input.ACCOUNT: _plain,
    Input.PHONE: lambda text, today: check_mobile(text),
    Input.ID: lambda text, today: check_resident_id(text, today).number,
    Input.USCC: lambda text, today: check_registered(text).code,
    Input.NOTICE_CODE: lambda text, today: check_code(text).code,
    Input.PLATE: lambda text, today: check_plate(text),
    Input.VIN: lambda text, today: check_vin(text),
    Input.EMAIL: lambda text, today: check_mailbox(text),
    Input.LETTERS: _plain,
    Input.DATE: lambda text, today: as_date(text).isoformat(),
    Input.MONTH: lambda text, today: text,
    Input.YES_NO: lambda text, today: text == "yes",
    Input.OPTION: _plain,
    Input.TEXT: _plain,
}
TOUCHED = (Input.DATE, Input.MONTH, Input.YES_NO, Input.OPTION)
"""Chosen, not typed."""


def missing(row: FormRowModel, label: str, say: Said) -> str:
    """The words for an empty row; none where it may stay empty."""
    if row.optional:
        return ""
    return say("form.choose" if row.input in TOUCHED else "form.empty", label=label)


def misread(row: FormRowModel, label: str, error: FieldError, say: Said) -> str:
    """The words for what is no value of the row's kind."""
    return say("form.amount.wrong", label=label) if row.input is Input.MONEY else say(error.text_id)


def beyond(row: FormRowModel, label: str, value: object, bounds: Bounds, say: Said) -> str:
    """The words for a figure that is too small or too large; none for one that fits, or that is no figure."""
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    least, most = bounds
    if least is not None and value < least:
        return say("form.less", label=label, limit=_limit(row, least))
    if most is not None and value > most:
        return say("form.more", label=label, limit=_limit(row, most))
    return ""


def mislong(row: FormRowModel, label: str, text: str, say: Said) -> str:
    """The words for a text that is too short or too long."""
    least, most = row.min_length or 0, row.max_length or len(text)
    if least <= len(text) <= most:
        return ""
    if row.min_length == row.max_length:
        return say("form.length", label=label, count=least)
    if len(text) < least:
        return say("form.short", label=label, count=least)
    return say("form.long", label=label, count=most)


def bounds(row: FormRowModel, least_known: object, most_known: object) -> Bounds:
    """The limits of a figure: the file's, drawn closer by what stands at ``min_of`` and ``max_of``."""
    return _closest(max, row, row.min, least_known), _closest(min, row, row.max, most_known)


def _closest(
    pick: Callable[[list[int]], int], row: FormRowModel, fixed: int | None, known: object
) -> int | None:
    found = [known] if isinstance(known, int) else []
    if fixed is not None:
        found.append(int(fen(Decimal(fixed))) if row.input is Input.MONEY else fixed)
    return pick(found) if found else None


def _limit(row: FormRowModel, limit: int) -> str:
    return f"¥{format_value(Format.MONEY, limit, None, '')}" if row.input is Input.MONEY else str(limit)
