"""Open data in a browser, as files, and asked by a program."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import requests
from fastapi import FastAPI
from playwright.sync_api import Browser

from bureau.api.open_routes import open_router
from bureau.api.problems import add_handlers
from bureau.certificates.office import Trust
from bureau.city.places import DISTRICTS
from bureau.opendata.releases import Release, Releases
from bureau.public.routes import create_router, told
from bureau.public.site import PublicSite
from bureau.store.database import Database
from tests.bureau.doubles import HandClock
from tests.bureau.public.conftest import NAME, Register
from tests.bureau.public.test_browser import AUDIT, browser, visit
from tests.bureau.serving import served

__all__ = ["browser"]
SHOTS = os.environ.get("KIOSK_PUBLIC_SHOTS")
"""A folder for pictures of what is tried here."""


@dataclass
class Open:
    """The pages and the interface over one release that is open, and one that nobody has decided."""

    url: str
    releases: Releases
    release: Release
    waiting: Release

    def get(self, path: str, **asked: object) -> requests.Response:
        with requests.Session() as http:
            http.trust_env = False
            return http.get(self.url + path, params=asked, timeout=10)  # type: ignore[arg-type]


@pytest.fixture
def opened(city_url: str, trust: Trust) -> Iterator[Open]:
    database = Database(city_url)
    releases = Releases(database, HandClock(), [district.name for district in DISTRICTS])
    release = releases.publish(releases.propose("vat-returns", "2026-Q2", "段丽").release, "蒋明")
    waiting = releases.propose("taxpayers", "2025", "段丽")
    site = PublicSite(Register(), trust, NAME, open_data=releases)
    app = FastAPI()
    app.include_router(open_router(site))
    app.include_router(create_router(site))
    add_handlers(app, partial(told, site))
    with served(app) as url:
        yield Open(url, releases, release, waiting)
    database.close()


def test_what_is_open_is_listed_and_what_is_not_is_nowhere(opened: Open) -> None:
    page = opened.get("/open").text
    assert "/open/vat-returns/2026-Q2" in page and "/open/taxpayers/2025" not in page
    assert "还没有开放的期间" in page and "CC-BY" in opened.get("/open/vat-returns/2026-Q2").text
    for rest in ("", "/data.csv", "/datapackage.json"):
        assert opened.get(f"/open/taxpayers/2025{rest}").status_code == 404
    assert opened.get("/v1/public/open-data/taxpayers/2025").status_code == 404
    assert 'href="/open' in opened.get("/").text


def test_the_file_and_its_description_go_together(opened: Open) -> None:
    table = opened.get("/open/vat-returns/2026-Q2/data.csv")
    assert table.content == opened.releases.file(opened.release) and table.headers["Content-Type"].startswith(
        "text/csv"
    )
    described = opened.get("/open/vat-returns/2026-Q2/datapackage.json").json()
    (resource,) = described["resources"]
    assert resource["hash"] == f"sha256:{opened.release.sha256}" and resource["path"] == "data.csv"
    assert resource["bytes"] == len(table.content)
    assert described["anonymity"]["k"] == 5 and described["title@i18n"]["en-US"].startswith("VAT returns")


def test_catalogues_and_pages_of_others_may_have_it(opened: Open) -> None:
    for path in ("/open", "/open/vat-returns/2026-Q2", "/open/vat-returns/2026-Q2/data.csv"):
        with requests.Session() as http:
            http.trust_env = False
            head = http.head(opened.url + path, timeout=10)
        assert head.status_code == 200 and head.content == b""
        assert "X-Robots-Tag" not in head.headers and head.headers["Access-Control-Allow-Origin"] == "*"
        assert (
            head.headers["Cache-Control"] == "no-cache"
            and head.headers["X-Content-Type-Options"] == "nosniff"
        )
    assert head.headers["ETag"] == f'"{opened.release.sha256}"'
    assert opened.get("/v1/public/open-data").headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Robots-Tag" in opened.get("/").headers


def test_a_program_asks_for_rows(opened: Open) -> None:
    sets = opened.get("/v1/public/open-data").json()
    found = {one["dataset"]: one for one in sets["sets"]}
    assert found["vat-returns"]["periods"] == ["2026-Q2"] and found["taxpayers"]["periods"] == []
    _, *rows = csv.reader(io.StringIO(opened.releases.file(opened.release).decode(), newline=""))
    band = rows[0][3]
    answer = opened.get(
        "/v1/public/open-data/vat-returns/2026-Q2", where=f"sales:{band}", order="-number"
    ).json()
    mine = [row for row in rows if row[3] == band]
    assert answer["total"] == len(mine) and sum(row[-1] for row in answer["rows"]) == sum(
        int(r[-1]) for r in mine
    )
    assert answer["columns"][3] == "sales" and answer["sha256"] == opened.release.sha256
    numbers = [row[-1] for row in answer["rows"]]
    assert numbers == sorted(numbers, reverse=True)
    wrong = opened.get("/v1/public/open-data/vat-returns/2026-Q2", where="taxpayer:1")
    assert wrong.status_code == 422 and "there is no column 'taxpayer'" in wrong.json()["detail"]
    assert opened.get("/v1/public/open-data/vat-returns/2026-Q2", limit=2_000).status_code == 422


def test_what_is_withdrawn_is_gone_at_once(opened: Open) -> None:
    opened.releases.withdraw(opened.release.release, "蒋明", {"zh-CN": "有误", "en-US": "wrong"})
    assert opened.get("/open/vat-returns/2026-Q2/data.csv").status_code == 404
    assert "/open/vat-returns" not in opened.get("/open").text


@pytest.mark.parametrize(("size", "lang"), [("phone", "zh-CN"), ("small", "en-US"), ("desk", "en-US")])
def test_no_page_is_clipped(browser: Browser, opened: Open, size: str, lang: str) -> None:
    page = visit(browser, size, lang)
    for name, address in (("sets", "/open"), ("release", "/open/vat-returns/2026-Q2")):
        page.goto(opened.url + address)
        if SHOTS:
            page.screenshot(path=str(Path(SHOTS) / f"open-{name}-{size}-{lang}.png"), full_page=True)
        assert page.evaluate(AUDIT) == [], address
    page.context.close()
