"""The reports as rows of named values: what is shown, written as CSV or JSON, and downloaded, is one and the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from bureau.analytics.reports import Analytics, in_order
from bureau.analytics.scope import Scope
from bureau.errors import ScopeError
from config.catalogue import Catalogue

Row = Mapping[str, object]
UNSAFE: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a text for a formula by (OWASP, CSV injection)."""


def sheet(name: str, reports: Analytics, scope: Scope, catalogue: Catalogue, service: str = "") -> list[Row]:
    """A report's rows; raises ``ScopeError`` (``report``, ``service``) for one that there is not."""
    if name not in SHEETS:
        raise ScopeError("report", f"there is no report {name!r}; there are: {', '.join(SHEETS)}")
    if name == "steps" and service not in catalogue:
        raise ScopeError("service", "name a service of the catalogue, such as invoice.collect")
    return SHEETS[name](reports, scope, catalogue, service)


def as_csv(rows: Sequence[Row]) -> str:
    """CSV with a heading; nothing when there are no rows. What would run as a formula is led by an apostrophe."""
    if not rows:
        return ""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return file.getvalue()


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(UNSAFE) else value


def _days(reports: Analytics, scope: Scope, _: Catalogue, __: str) -> list[Row]:
    return [_row(one) for one in reports.use.by_day(scope)]


def _hours(reports: Analytics, scope: Scope, _: Catalogue, __: str) -> list[Row]:
    return [
        {"weekday": day, "hour": hour, "visits": visits}
        for day, of in enumerate(reports.use.by_hour(scope), 1)
        for hour, visits in enumerate(of)
        if visits
    ]


def _ways(reports: Analytics, scope: Scope, _: Catalogue, __: str) -> list[Row]:
    return [_row(one) for one in reports.use.how(scope)]


def _services(reports: Analytics, scope: Scope, _: Catalogue, __: str) -> list[Row]:
    return [{**_row(one), "done_share": round(one.done_share, 3)} for one in reports.use.services(scope)]


def _steps(reports: Analytics, scope: Scope, catalogue: Catalogue, service: str) -> list[Row]:
    order = [step.id for step in catalogue[service].service.steps]
    return [_row(one) for one in in_order(reports.use.steps(scope, service), order)]


def _why(reports: Analytics, scope: Scope, _: Catalogue, service: str) -> list[Row]:
    return [_row(one) for one in reports.use.why(scope, service)]


def _waiting(reports: Analytics, scope: Scope, _: Catalogue, __: str) -> list[Row]:
    return [
        {"hall": of.hall, "hour": hour, **_row(waited)}
        for of in reports.waiting.halls(scope)
        for hour, waited in [(None, of.all), *of.by_hour.items()]
    ]


def _terminals(reports: Analytics, scope: Scope, _: Catalogue, __: str) -> list[Row]:
    return [
        {
            **{name: value for name, value in _row(one).items() if name != "hall_name"},
            "done_share": round(one.done_share, 3),
            "trouble_share": round(one.trouble_share, 3),
            "worse": " ".join(one.worse),
        }
        for one in reports.peers.terminals(scope)
    ]


def _topics(reports: Analytics, scope: Scope, _: Catalogue, __: str) -> list[Row]:
    return [
        {
            "source": one.source,
            "topic": one.topic,
            "rises": one.rises,
            "week": one.weeks[-1],
            "usual": round(one.usual, 1),
            "weeks": " ".join(map(str, one.weeks)),
        }
        for one in reports.topics.weeks(scope.last)
    ]


def _ratings(reports: Analytics, scope: Scope, _: Catalogue, __: str) -> list[Row]:
    return [
        {**_row(one), "satisfied_share": round(one.satisfied_share, 3)}
        for one in reports.ratings.services(scope)
    ]


def _supplies(reports: Analytics, scope: Scope, _: Catalogue, __: str) -> list[Row]:
    return [
        {
            **{name: value for name, value in _row(one).items() if name not in ("hall_name", "forecast")},
            "per_day": round(one.forecast.per_day, 1) if one.forecast else None,
            "empty": one.forecast and one.forecast.empty,
            "fill_by": one.forecast and one.forecast.fill_by,
        }
        for one in reports.supplies.left(scope)
    ]


SHEETS: Final[Mapping[str, Callable[[Analytics, Scope, Catalogue, str], list[Row]]]] = {
    "days": _days,
    "hours": _hours,
    "ways": _ways,
    "services": _services,
    "steps": _steps,
    "why": _why,
    "waiting": _waiting,
    "terminals": _terminals,
    "topics": _topics,
    "ratings": _ratings,
    "supplies": _supplies,
}
"""``steps`` is of one service, ``why`` may be; ``waiting`` has a row without an hour for each hall's whole day."""


def _row(one: Any) -> dict[str, object]:
    return {field.name: getattr(one, field.name) for field in fields(one)}
