"""The form in which staff tell which invoices they put into a unit of the dispenser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from kiosk.domain.errors import FieldError
from kiosk.domain.invoice_codes import InvoiceKind, check_code, check_invoice_number
from kiosk.staff.views import Entry

FIELDS: Final = ("code", "first", "count")
LENGTHS: Final = {"code": 12, "first": 8, "count": 4}
PAPER: Final = frozenset(
    {
        InvoiceKind.SPECIAL,
        InvoiceKind.MOTOR_VEHICLE,
        InvoiceKind.ORDINARY,
        InvoiceKind.ROLL,
        InvoiceKind.USED_VEHICLE,
    }
)
"""Kinds that come on paper."""
NUMBER_DIGITS: Final = 8
"""发票号码 of a paper invoice (domain note, section 2.3)."""


class NotLoadable(Exception):
    """What was typed names no invoices; ``field`` is the row, ``text_id`` what to tell the person."""

    def __init__(self, field: str, text_id: str) -> None:
        super().__init__(text_id)
        self.field, self.text_id = field, text_id


@dataclass(frozen=True, slots=True)
class Loading:
    """What was typed so far for one unit."""

    unit: str
    values: tuple[str, str, str] = ("", "", "")
    focused: str = "code"
    wrong: str = ""
    problem: str = ""

    def focus(self, field: str) -> Loading:
        """Go on typing in that row."""
        return replace(self, focused=field) if field in FIELDS else self

    def press(self, key: str) -> Loading:
        """A key of the keypad: a digit, ``back`` or ``clear``."""
        at = FIELDS.index(self.focused)
        text = self.values[at]
        if key == "back":
            text = text[:-1]
        elif key == "clear":
            text = ""
        elif key.isdigit() and len(text) < LENGTHS[self.focused]:
            text += key
        values = [*self.values]
        values[at] = text
        return replace(self, values=(values[0], values[1], values[2]), wrong="", problem="")

    def ask(self) -> tuple[str, InvoiceKind, str, str]:
        """Code, kind, first and last number. Raises ``NotLoadable`` for what cannot be."""
        code, first, count = self.values
        try:
            kind = check_code(code).kind
        except FieldError as error:
            raise NotLoadable("code", error.text_id) from None
        if kind not in PAPER:
            raise NotLoadable("code", "bench.load.badKind")
        try:
            check_invoice_number(first)
        except FieldError as error:
            raise NotLoadable("first", error.text_id) from None
        if not count or int(count) < 1:
            raise NotLoadable("count", "bench.load.badCount")
        last = int(first) + int(count) - 1
        if last >= 10**NUMBER_DIGITS:
            raise NotLoadable("count", "bench.load.tooMany")
        return code, kind, first, f"{last:0{NUMBER_DIGITS}}"

    def refused(self, error: NotLoadable) -> Loading:
        """The same with the row that is wrong."""
        return replace(self, wrong=error.field, problem=error.text_id, focused=error.field)

    def rows(self, t: Callable[..., str]) -> tuple[Entry, ...]:
        """As the page shows it, with the last number as soon as it follows."""
        return tuple(
            Entry(
                field,
                t(f"bench.load.{field}"),
                value,
                field == self.focused,
                t(self.problem) if field == self.wrong else "",
                self._hint(t) if field == "count" else "",
            )
            for field, value in zip(FIELDS, self.values, strict=True)
        )

    def _hint(self, t: Callable[..., str]) -> str:
        try:
            return t("bench.load.last", number=self.ask()[3])
        except NotLoadable:
            return ""
