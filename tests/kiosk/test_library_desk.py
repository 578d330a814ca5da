"""The library is asked on a thread of its own; of what was asked nothing is kept, logged or told on."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk import consultation
from kiosk.flow.effects import LookUp
from kiosk.library_desk import KEPT, LibraryDesk
from kiosk.looked_up import MOST_FOUND
from tests.kiosk.executor.acting import ended
from tests.kiosk.program import Program, World, world

DAY = "2026-10-12"
SECRET = "我家隔壁老王没交税怎么办"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def desk(state: Path) -> Iterator[LibraryDesk]:
    desk = LibraryDesk(state)
    yield desk
    desk.close()


async def asked(
    desk: LibraryDesk, words: str, lang: str = "zh-CN", day: str = DAY, *, search: bool = False
) -> Any:
    fault, told = await desk.look_up(LookUp(words, lang, day, DAY, search))
    assert fault == ""
    return told


async def test_a_question_is_answered_with_source_clause_day_service_and_what_is_asked_next(
    desk: LibraryDesk,
) -> None:
    told = await asked(desk, "滞纳金怎么算")
    first = told["entries"][0]
    assert told["state"] == "answered" and first["service"] == "pay.arrears" and first["kind"] == "answer"
    source = first["sources"][0]
    assert (source["at"], source["unit"], source["effective"]) == (32, "article", "2001-05-01")
    assert first["since"] == "2001-05-01" and first["more"] and all(m["en-US"] for m in first["more"])
    assert set(first["title"]) == set(first["text"]) == {"zh-CN", "en-US"}


async def test_a_follow_up_asked_in_the_librarys_own_words_is_answered_with_just_that(
    desk: LibraryDesk,
) -> None:
    for lang in ("zh-CN", "en-US"):
        for more in (await asked(desk, "滞纳金怎么算"))["entries"][0]["more"]:
            told = await asked(desk, more[lang], lang)
            assert told["state"] == "answered" and told["entries"][0]["title"] == more


@pytest.mark.parametrize("day", [DAY, "2020-06-01"])
async def test_how_new_the_content_is_counts_to_this_day_whatever_day_is_asked_for(
    desk: LibraryDesk, day: str
) -> None:
    told = await asked(desk, "滞纳金怎么算", day=day)
    assert date(2026, 1, 1) < date.fromisoformat(told["as_of"]) <= date.fromisoformat(DAY)


async def test_what_it_does_not_know_is_told_with_why_and_who_does(desk: LibraryDesk) -> None:
    own = await asked(desk, "我退税到哪了")
    assert (own["state"], own["why"], own["service"]) == ("unsure", "own-data", "refund.track")
    other = await asked(desk, "养老金领多少")
    assert other["why"] == "elsewhere" and "12333" in other["where"]["zh-CN"]


async def test_a_search_finds_the_law_of_the_day(desk: LibraryDesk) -> None:
    now = await asked(desk, "契税", search=True)
    then = await asked(desk, "契税", day="2020-06-01", search=True)
    assert now["state"] == then["state"] == "found" and 0 < len(now["entries"]) <= MOST_FOUND
    for told, day in ((now, DAY), (then, "2020-06-01")):
        for entry in told["entries"]:
            assert entry["since"] <= day and (not entry["until"] or day <= entry["until"])
    assert {e["id"] for e in now["entries"]} != {e["id"] for e in then["entries"]}


async def test_words_that_stand_nowhere_find_nothing(desk: LibraryDesk) -> None:
    assert (await asked(desk, "qqqq zzzz", "en-US", search=True))["state"] == "none"


async def test_it_is_opened_once_and_never_on_the_thread_that_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def slowly(kept: Path, **_edited: object) -> consultation.Consultation:
        threads.append(threading.get_ident())
        assert kept == tmp_path / KEPT
        time.sleep(0.3)
        raise OSError("no such library")

    monkeypatch.setattr(consultation, "opened", slowly)
    desk, ticks = LibraryDesk(tmp_path), 0
    asking = asyncio.ensure_future(desk.look_up(LookUp("税", "zh-CN", DAY, DAY)))
    while not asking.done():
        await asyncio.sleep(0.01)
        ticks += 1
    assert ticks > 5 and threads and threading.get_ident() not in threads
    desk.close()


async def test_a_failure_is_told_by_its_kind_and_not_by_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(kept: Path, **_edited: object) -> consultation.Consultation:
        raise ValueError(SECRET)

    monkeypatch.setattr(consultation, "opened", broken)
    desk = LibraryDesk(tmp_path)
    with caplog.at_level(logging.DEBUG):
        assert await desk.look_up(LookUp(SECRET, "zh-CN", DAY, DAY)) == ("internal", {})
    desk.close()
    assert "ValueError" in caplog.text and SECRET not in caplog.text


async def test_the_file_that_is_kept_is_the_same_whatever_was_asked(desk: LibraryDesk, state: Path) -> None:
    await asked(desk, "契税")
    before = (state / KEPT).read_bytes()
    await asked(desk, SECRET)
    assert (state / KEPT).read_bytes() == before and [p.name for p in state.iterdir()] == [KEPT]
    assert SECRET.encode() not in before


@pytest.fixture
def w() -> Iterator[World]:
    with world() as made:
        yield made


async def test_the_core_asks_it_and_writes_no_record(
    w: World, desk: LibraryDesk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), Program(w, library=desk) as program:
        outcome = await ended(program, LookUp(SECRET, "zh-CN", DAY, DAY))
        assert outcome.fault == "" and outcome.data["state"] in ("answered", "unsure")
        assert program.records() == []
    assert SECRET not in caplog.text
    state = w.terminal.state
    assert not [p for p in state.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]


async def test_a_core_without_a_library_says_that_it_cannot(w: World) -> None:
    with Program(w) as program:
        assert (await ended(program, LookUp("税", "zh-CN", DAY, DAY))).fault == "internal"
