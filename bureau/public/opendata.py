"""Open data (数据开放) to read and to take along: ``/open``, ``/open/SET/PERIOD`` and its two files."""

from __future__ import annotations

import json
from typing import Final

from fastapi.responses import Response

from bureau.opendata.package import LICENCE, anonymity, meaning, package
from bureau.opendata.releases import Release
from bureau.opendata.sets import SETS
from bureau.public.look import HEADERS
from bureau.public.site import Visit

SHOWN: Final = 100
"""So many rows stand on a page; all are in the file."""


def listed(visit: Visit) -> Response:
    """Every set, with the periods of which it is open."""
    open_now = visit.site.open_data.published() if visit.site.open_data else ()
    periods = {name: [one for one in open_now if one.dataset == name] for name in SETS}
    return visit.page("open.html", sets=SETS.values(), periods=periods, licence=LICENCE)


def shown(visit: Visit, dataset: str, period: str) -> Response:
    """One release: what it tells, how it was made anonymous, its columns and first rows."""
    found = _open(visit, dataset, period)
    if found is None:
        return visit.message("absent", 404)
    columns = found.set.columns
    rows = [
        [visit.say(meaning(column, value)) for column, value in zip(columns, row, strict=True)]
        for row in found.rows[:SHOWN]
    ]
    return visit.page(
        "open_release.html",
        release=found,
        columns=columns,
        rows=rows,
        anonymity=anonymity(found),
        licence=LICENCE,
        wide=True,
    )


def table(visit: Visit, dataset: str, period: str) -> Response:
    """Its file."""
    found = _open(visit, dataset, period)
    if found is None:
        return visit.message("absent", 404)
    return _file(found.csv, "text/csv; charset=utf-8", f"{found.release}.csv")


def described(visit: Visit, dataset: str, period: str) -> Response:
    """Its data package, beside the file."""
    found = _open(visit, dataset, period)
    if found is None:
        return visit.message("absent", 404)
    told = json.dumps(package(found, visit.site.bureau), ensure_ascii=False, indent=2)
    return _file(f"{told}\n".encode(), "application/json", "datapackage.json")


def _open(visit: Visit, dataset: str, period: str) -> Release | None:
    return visit.site.open_data.open(dataset, period) if visit.site.open_data else None


def _file(content: bytes, media: str, name: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=headers)
