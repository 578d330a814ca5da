"""What each kind of input is: its keys, what may be typed, and how it is shown; what it means is the domain's."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from config.catalogue.models import Format, Input
from kiosk.domain.errors import FieldError
from kiosk.domain.formatting import as_date, format_value
from kiosk.domain.ids import Fen
from kiosk.domain.mailboxes import ALPHABET
from kiosk.domain.money import parse_typed, yuan
from kiosk.domain.vehicles import PLATE_ALPHABET, PROVINCES, VIN_ALPHABET


@dataclass(frozen=True, slots=True)
class Kind:
    """``keypad`` empty: it is given by touching one of a few. ``fits``: what the keys can make, finished or not."""

    keypad: str
    fits: re.Pattern[str]
    typed: Callable[[object], str] = str
    shown: Callable[[str, str], str] = lambda text, lang: text
    masked: Format | None = None


def known_as(kind: Input, value: object) -> str:
    """What somebody would have typed for a value that is known; empty for none."""
    return "" if value is None or value == "" else KINDS[kind].typed(value)


def grouped(*sizes: int) -> Callable[[str, str], str]:
    """Figures in groups, as they are read aloud: ``138 0000 1234``."""

    def shown(text: str, lang: str) -> str:
        parts, rest = [], text
        for size in sizes:
            parts.append(rest[:size])
            rest = rest[size:]
        return " ".join(filter(None, [*parts, rest]))

    return shown


def _money(text: str, lang: str) -> str:
    try:
        return format_value(Format.MONEY, parse_typed(text), None, lang)
    except FieldError:
        return text


def _as(how: Format) -> Callable[[str, str], str]:
    return lambda text, lang: format_value(how, text, None, lang)


def _yes(value: object) -> str:
    return "yes" if value is True or str(value).lower() in ("yes", "true") else "no"


def _any(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


NEVER = re.compile(r"(?!)")
"""Nothing is typed there."""
KINDS: dict[Input, Kind] = {
    Input.MONEY: Kind(
        "money",
        _any(r"([0-9]{1,9}(\.[0-9]{0,2})?)?"),
        lambda value: str(yuan(Fen(int(str(value))))),
        _money,
    ),
    Input.COUNT: Kind("count", _any("[0-9]{0,9}")),
    Input.DIGITS: Kind("digits", _any("[0-9]{0,32}")),
    Input.ACCOUNT: Kind("digits", _any("[0-9]{0,28}"), shown=grouped(4, 4, 4, 4, 4, 4), masked=Format.CARD),
    Input.PHONE: Kind("phone", _any("[0-9]{0,11}"), shown=grouped(3, 4, 4), masked=Format.PHONE),
    Input.ID: Kind("id", _any("[0-9]{0,17}[0-9X]?"), shown=grouped(6, 8, 4), masked=Format.NUMBER),
    Input.USCC: Kind("uscc", _any("01[0-9]{0,18}|[0-9A-HJ-NPQRTUWXY]{0,18}")),
    Input.NOTICE_CODE: Kind("digits", _any("[0-9]{0,20}"), shown=grouped(4, 4, 4, 4, 4)),
    Input.PLATE: Kind("plate", _any(f"([{PROVINCES}][{PLATE_ALPHABET}]{{0,7}})?")),
    Input.VIN: Kind("vin", _any(f"[{VIN_ALPHABET}]{{0,17}}")),
    Input.EMAIL: Kind("email", _any(f"[{re.escape(ALPHABET)}]{{0,100}}"), masked=Format.EMAIL),
    Input.LETTERS: Kind("letters", _any("[0-9A-Z]{0,32}")),
    Input.DATE: Kind("", NEVER, lambda value: as_date(value).isoformat(), _as(Format.DATE)),
    Input.MONTH: Kind("", NEVER, lambda value: as_date(value).isoformat()[:7], _as(Format.MONTH)),
    Input.YES_NO: Kind("", _any("yes|no"), _yes, _as(Format.YES_NO)),
    Input.OPTION: Kind("", NEVER),
    Input.TEXT: Kind("text", _any(r"[^\x00-\x1f\x7f]{0,100}")),
}
