"""How values are written for a person: money, months, dates, masked names, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from config.catalogue.models import Format
from config.clock import CHINA
from kiosk.domain.ids import Fen
from kiosk.domain.masking import mask_card, mask_mailbox, mask_mobile, mask_name, mask_number
from kiosk.domain.money import format_yuan

MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CERTIFICATE_GROUPS = (6, 6, 4, 4)
"""Of a certificate: type and region, day, and the running number with its check digit in halves."""


def format_value(how: Format, value: object, until: object, lang: str) -> str:
    """``value`` (and ``until``, for a pair) as text; empty for None."""
    if value is None or value == "":
        return ""
    if how is Format.PERIOD:
        return _period(value, until, lang)
    return _WRITERS[how](value, lang)


def group_number(number: str) -> str:
    """A certificate's number as its sheet has it, ``215301 261012 0000 0427``: what belongs together stays together."""
    if len(number) != sum(_CERTIFICATE_GROUPS):
        return number
    parts, start = [], 0
    for size in _CERTIFICATE_GROUPS:
        parts.append(number[start : start + size])
        start += size
    return " ".join(parts)


def as_date(value: object) -> date:
    """A date from itself, a moment, or ISO text (a month counts as its first day)."""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).date()
    if isinstance(value, date):
        return value
    text = str(value)
    return date.fromisoformat(text if len(text) > 7 else f"{text}-01")


def _texts(value: object, lang: str) -> str:
    """The words stand alone: the centre writes "tax handler" as within a sentence, a label begins with a capital."""
    if not isinstance(value, Mapping):
        return str(value)
    own = str(value.get(lang) or "")
    if not own or lang.startswith("zh"):
        return own or str(value.get("zh-CN", ""))
    return own[:1].upper() + own[1:]


def _date(value: object, lang: str) -> str:
    day = as_date(value)
    if lang.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def _month(value: object, lang: str) -> str:
    day = as_date(value)
    return f"{day.year}年{day.month}月" if lang.startswith("zh") else f"{MONTHS_EN[day.month - 1]} {day.year}"


def _moment(value: object, lang: str) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    local = moment.astimezone(CHINA)
    return f"{_date(local, lang)} {local.hour}:{local.minute:02}"


def _period(first: object, last: object, lang: str) -> str:
    begin, end = as_date(first), as_date(last or first)
    if (begin.year, begin.month) == (end.year, end.month):
        return _month(begin, lang)
    if lang.startswith("zh"):
        tail = f"{end.month}月" if begin.year == end.year else f"{end.year}年{end.month}月"
        return (
            f"{begin.year}年{begin.month} – {tail}"
            if begin.year == end.year
            else f"{_month(begin, lang)} – {tail}"
        )
    if begin.year == end.year:
        return f"{MONTHS_EN[begin.month - 1]} – {MONTHS_EN[end.month - 1]} {end.year}"
    return f"{_month(begin, lang)} – {_month(end, lang)}"


def _percent(value: object, _lang: str) -> str:
    share = Decimal(str(value)) * 100
    return f"{share.normalize():f}%"


def _yes_no(value: object, lang: str) -> str:
    yes = value is True or str(value).lower() in ("yes", "true")
    return ("是" if yes else "否") if lang.startswith("zh") else ("Yes" if yes else "No")


_WRITERS: dict[Format, Callable[[object, str], str]] = {
    Format.TEXT: lambda value, lang: str(value),
    Format.TEXTS: _texts,
    Format.MONEY: lambda value, lang: format_yuan(Fen(int(str(value)))),
    Format.MONTH: _month,
    Format.DATE: _date,
    Format.COUNT: lambda value, lang: str(value),
    Format.PERCENT: _percent,
    Format.NAME: lambda value, lang: mask_name(str(value)),
    Format.NUMBER: lambda value, lang: mask_number(str(value)),
    Format.PHONE: lambda value, lang: mask_mobile(str(value)),
    Format.EMAIL: lambda value, lang: mask_mailbox(str(value)),
    Format.CARD: lambda value, lang: mask_card(str(value)),
    Format.MOMENT: _moment,
    Format.YES_NO: _yes_no,
    Format.STATE: lambda value, lang: str(value),
    Format.CERTIFICATE: lambda value, lang: group_number(str(value)),
}
