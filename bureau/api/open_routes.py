"""``/v1/public/open-data``: the sets that are open, and their rows as programs ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field

from bureau.api.problems import ApiProblem, documented
from bureau.api.public_routes import PROBLEMS, looked_up
from bureau.api.signed import reply
from bureau.opendata.asking import MOST, MOST_TERMS, Question, QuestionError, ask
from bureau.opendata.package import LICENCE
from bureau.opendata.releases import Release
from bureau.opendata.schema import DataSet, Row
from bureau.opendata.sets import SETS
from bureau.public.site import PublicSite
from sync.models import Texts, Wire

NAME = Annotated[str, Path(max_length=40, description="The set, such as vat-returns")]
PERIOD = Annotated[str, Path(max_length=10, description="Such as 2025, 2026-Q2 or 2026-09")]


class OpenColumn(Wire):
    """A column of a set; ``type`` by Table Schema."""

    name: str
    type: str
    title: Texts
    about: Texts


class OpenSet(Wire):
    """A set, its columns, and the periods of which it is open, the latest first."""

    dataset: str
    cycle: str
    title: Texts
    about: Texts
    columns: list[OpenColumn]
    periods: list[str]


class OpenSets(Wire):
    """All sets, and under which licence they may be used."""

    licence: str
    sets: list[OpenSet]


class OpenRows(Wire):
    """Rows of a release, each in the order of ``columns``; ``total``: how many the question has in all."""

    release: str
    period: str
    sha256: str
    columns: list[str]
    total: int
    offset: int
    rows: Annotated[list[list[str | int]], Field(max_length=MOST)]


def open_router(site: PublicSite) -> APIRouter:
    """Routes that anybody may call."""
    router = APIRouter(prefix="/v1/public/open-data", tags=["public"])

    @router.get("", response_model=OpenSets, responses=PROBLEMS)
    async def sets(request: Request) -> Response:
        """The open sets (数据开放): titles, columns, periods. Each release's files lie at ``/open/SET/PERIOD/``."""

        def look() -> OpenSets:
            open_now = site.open_data.published() if site.open_data else ()
            return OpenSets(licence=LICENCE["name"], sets=[_set(of, open_now) for of in SETS.values()])

        return _anywhere(reply(await looked_up(site, request, look)))

    @router.get(
        "/{dataset}/{period}",
        response_model=OpenRows,
        responses=PROBLEMS | documented({404: "This set is not open of this period"}),
    )
    async def rows(
        dataset: NAME,
        period: PERIOD,
        request: Request,
        where: Annotated[
            list[str] | None,
            Query(
                max_length=MOST_TERMS,
                description="``COLUMN:VALUE``; of one column any of its values, of several columns all of them",
            ),
        ] = None,
        order: Annotated[str, Query(max_length=40, description="A column; ``-`` before it: descending")] = "",
        offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    ) -> Response:
        """Rows of a set of a period. Whatever is asked, nothing is told that the file does not tell anybody."""

        def look() -> OpenRows:
            found = site.opened(dataset, period)
            if found is None:
                raise ApiProblem(404, "set-not-open", "this set is not open of this period")
            releases, release = found
            return _rows(releases.rows(release), release, Question(where or (), order, offset, limit))

        return _anywhere(reply(await looked_up(site, request, look)))

    return router


def _anywhere(response: Response) -> Response:
    """Pages of others may ask as well: it is open to everybody, and says nothing of who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _set(of: DataSet, open_now: Sequence[Release]) -> OpenSet:
    return OpenSet(
        dataset=of.name,
        cycle=of.cycle,
        title=of.title,
        about=of.about,
        columns=[
            OpenColumn(name=one.name, type=one.type, title=one.title, about=one.about) for one in of.columns
        ],
        periods=[one.period for one in open_now if one.dataset == of.name],
    )


def _rows(rows: Sequence[Row], release: Release, question: Question) -> OpenRows:
    try:
        answer = ask(rows, release.columns, question)
    except QuestionError as error:
        raise ApiProblem(422, "question-invalid", str(error)) from error
    return OpenRows(
        release=release.release,
        period=release.period,
        sha256=release.sha256,
        columns=[column.name for column in release.columns],
        total=answer.total,
        offset=question.offset,
        rows=[list(row) for row in answer.rows],
    )
