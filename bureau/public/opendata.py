"""Open data (数据开放) to read and to take along: ``/open``, ``/open/SET/PERIOD`` and its two files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from fastapi.responses import Response

from bureau.opendata.package import LICENCE, anonymity, meaning, package
from bureau.opendata.releases import Release
from bureau.opendata.schema import Row
from bureau.opendata.sets import SETS
from bureau.public.look import HEADERS
from bureau.public.site import Visit

SHOWN: Final = 100
"""So many rows stand on a page; all are in the file."""
OPEN: Final = {
    **{name: value for name, value in HEADERS.items() if name != "X-Robots-Tag"},
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-cache",
}
"""Others' catalogues and pages may have it; whoever keeps it asks again, as it may be withdrawn."""


def listed(visit: Visit) -> Response:
    """Every set, with the periods of which it is open."""
    open_now = visit.site.open_data.published() if visit.site.open_data else ()
    periods = {name: [one.period for one in open_now if one.dataset == name] for name in SETS}
    return _opened(visit.page("open.html", sets=SETS.values(), periods=periods, licence=LICENCE))


def shown(visit: Visit, dataset: str, period: str) -> Response:
    """One release: what it tells, how it was made anonymous, its columns and first rows."""
    found = visit.site.opened(dataset, period)
    if found is None:
        return visit.message("absent", 404)
    releases, release = found
    rows = releases.rows(release)
    page = visit.page(
        "open_release.html",
        release=release,
        example=f"{release.columns[-1].name}:{rows[0][-1]}",
        rows=_said(visit, release, rows[:SHOWN]),
        anonymity=anonymity(release),
        licence=LICENCE,
        wide=True,
    )
    return _opened(page)


def table(visit: Visit, dataset: str, period: str) -> Response:
    """Its file."""
    found = visit.site.opened(dataset, period)
    if found is None:
        return visit.message("absent", 404)
    releases, release = found
    return _file(releases.file(release), "text/csv; charset=utf-8", f"{release.release}.csv", release.sha256)


def described(visit: Visit, dataset: str, period: str) -> Response:
    """Its data package, beside the file."""
    found = visit.site.opened(dataset, period)
    if found is None:
        return visit.message("absent", 404)
    releases, release = found
    told = package(release, len(releases.file(release)), visit.site.bureau)
    content = f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()
    return _file(content, "application/json", "datapackage.json", f"{release.sha256}-package")


def _said(visit: Visit, release: Release, rows: Sequence[Row]) -> list[list[str]]:
    return [
        [visit.say(meaning(column, value)) for column, value in zip(release.columns, row, strict=True)]
        for row in rows
    ]


def _file(content: bytes, media: str, name: str, tag: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "ETag": f'"{tag}"'}
    return _opened(Response(content, media_type=media, headers=headers))


def _opened(response: Response) -> Response:
    del response.headers["X-Robots-Tag"]
    response.headers.update(OPEN)
    return response
