"""What officers wrote is put into the library that lies on the terminal, and counts on its days alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config import library as libraries
from config.library import Library
from kiosk import consultation
from kiosk.effects.base import Origin
from kiosk.flow.effects import LookUp
from kiosk.kept import Kept
from kiosk.library_desk import LibraryDesk
from kiosk.library_edited import applied, stamp
from kiosk.library_fetched import QUERY, Edited
from sync.models import LibraryAnswer, LibraryEdited, LibraryNotice, LibrarySource
from tests.shipped import CATALOGUE

DAY = date(2026, 10, 12)
NAME = "pay-doubt"


def said(words: str) -> dict[str, str]:
    return {"zh-CN": words, "en-US": words}


def notice(since: date = DAY, days: int = 5) -> LibraryNotice:
    return LibraryNotice(
        number=7, title=said("午间延时"), text=said("午间延时服务照常办理"), issuer=said("税务局"),
        published=DAY, since=since, until=since + timedelta(days),
    )  # fmt: skip


def answer(number: int, since: date, text: str = "pay-guide", **changed: Any) -> LibraryAnswer:
    return LibraryAnswer(
        **{
            "number": number, "name": NAME, "question": said(f"第 {number} 版问题"), "also": {}, "answer": said(f"第 {number} 版"),
            "sources": [LibrarySource(text=text, clause=1)], "service": "pay.due", "since": since, "until": None, **changed,
        }
    )  # fmt: skip


def edited(*answers: LibraryAnswer, notices: tuple[LibraryNotice, ...] = ()) -> LibraryEdited:
    at = datetime(2026, 10, 12, tzinfo=UTC)
    return LibraryEdited(as_of=at, version="v1", notices=list(notices), answers=list(answers))


@pytest.fixture(scope="module")
def shipped() -> Library:
    return libraries.load()


def right_on(library: Library, day: date) -> list[str]:
    """Which versions of the answer are right on that day."""
    return [
        one.answer["zh-CN"][:3]
        for name, one in library.answers.items()
        if name.startswith(NAME) and one.since <= day and (one.until is None or day <= one.until)
    ]


def test_each_day_has_one_version_and_the_current_one_has_the_name(shipped: Library) -> None:
    first, second = answer(4, DAY + timedelta(2)), answer(9, DAY + timedelta(5), until=DAY + timedelta(8))
    said_now = shipped.answers[NAME].answer["zh-CN"][:3]
    for today in (DAY, DAY + timedelta(3), DAY + timedelta(6), DAY + timedelta(20)):
        library = applied(shipped, edited(second, first), today)
        assert right_on(library, DAY + timedelta(1)) == [said_now]
        assert right_on(library, DAY + timedelta(2)) == right_on(library, DAY + timedelta(4)) == ["第 4"]
        assert right_on(library, DAY + timedelta(8)) == ["第 9"]
        assert right_on(library, DAY + timedelta(9)) == [], (
            "the last version has ended, and none is put in its place"
        )
        assert all(name == one.id for name, one in library.answers.items())
        assert all(other in library.answers for one in library.answers.values() for other in one.more)
    assert applied(shipped, edited(first), DAY).answers[NAME].answer["zh-CN"][:3] == said_now
    assert applied(shipped, edited(first), DAY + timedelta(2)).answers[NAME].answer == said("第 4 版")


def test_the_same_first_day_is_that_of_the_later_version(shipped: Library) -> None:
    library = applied(shipped, edited(answer(4, DAY), answer(9, DAY)), DAY)
    assert right_on(library, DAY) == ["第 9"]
    new = applied(shipped, edited(answer(4, DAY, name="wholly-new")), DAY).answers["wholly-new"]
    assert new.answer == said("第 4 版") and new.more == () and new.topics


def test_what_cites_a_text_that_is_not_here_changes_nothing(shipped: Library) -> None:
    for source in ("not-here", "pay-guide"):
        wrong = answer(4, DAY, sources=[LibrarySource(text=source, clause=998)])
        assert applied(shipped, edited(wrong), DAY) == shipped


def test_what_is_no_entry_of_this_release_leaves_the_others_as_they_are(shipped: Library) -> None:
    strange = answer(4, DAY, also={"zh-CN": ["字"]})
    backwards = notice().model_copy(update={"until": DAY - timedelta(1)})
    library = applied(shipped, edited(strange, answer(5, DAY, name="sound"), notices=(backwards,)), DAY)
    assert library.answers.pop("sound").answer == said("第 5 版")
    assert library == shipped


def test_a_notice_is_a_text_of_the_library(shipped: Library) -> None:
    text = applied(shipped, edited(notices=(notice(),)), DAY).texts["bureau-notice-7"]
    assert text.in_force(DAY) and text.in_force(DAY + timedelta(5)) and not text.in_force(DAY + timedelta(6))
    assert (str(text.kind), text.published, text.clauses[0].text) == (
        "notice",
        DAY,
        said("午间延时服务照常办理"),
    )


def test_it_is_another_library_only_where_it_says_something_else() -> None:
    coming = edited(answer(4, DAY + timedelta(2)))
    assert stamp(None, DAY) == stamp(edited(), DAY) == ""
    assert stamp(coming, DAY) == stamp(coming, DAY + timedelta(1)) != stamp(coming, DAY + timedelta(2))
    other = coming.model_copy(update={"version": "v2"})
    assert stamp(coming, DAY) != stamp(other, DAY)
    assert stamp(coming, DAY) == stamp(coming.model_copy(update={"as_of": datetime.now(UTC)}), DAY)


class Keeps:
    """What the terminal keeps: that, or nothing."""

    def __init__(self, data: dict[str, Any] | None) -> None:
        self.data, self.asked = data, list[tuple[str, str]]()

    def find(self, query: str, params: dict[str, object], origin: Origin) -> Kept | None:
        assert not params
        self.asked.append((query, origin.service))
        return None if self.data is None else Kept(self.data, datetime.now(UTC))


def test_it_is_read_from_what_the_centre_signed() -> None:
    wanted = edited(answer(4, DAY))
    keeps = Keeps(wanted.model_dump(mode="json"))
    assert Edited(keeps, CATALOGUE, "zh-CN")() == wanted
    assert keeps.asked == [(QUERY, "consult.ask")]
    assert Edited(Keeps(None), CATALOGUE, "zh-CN")() is None
    assert Edited(Keeps({"version": 3}), CATALOGUE, "zh-CN")() is None, "of a centre of a later release"


async def test_the_desk_opens_the_library_anew_when_something_else_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stands: list[LibraryEdited | None] = [None]
    made: list[str] = []
    really = consultation.opened

    def opened(*args: Any, **kwargs: Any) -> consultation.Consultation:
        made.append(str(kwargs.get("stamp", "")))
        return really(*args, **kwargs)

    monkeypatch.setattr(consultation, "opened", opened)
    desk = LibraryDesk(tmp_path, lambda: stands[0])

    async def found(words: str, day: date) -> list[str]:
        wanted = LookUp(words, "zh-CN", day.isoformat(), day.isoformat(), search=True)
        fault, told = await desk.look_up(wanted)
        assert fault == ""
        return [entry["title"]["zh-CN"] for entry in told["entries"]]

    assert "午间延时" not in await found("午间延时服务", DAY)
    stands[0] = edited(answer(4, DAY + timedelta(1)), notices=(notice(),))
    assert (await found("午间延时服务", DAY))[0] == "午间延时"
    assert "第 4 版问题" not in await found("第 4 版问题", DAY)
    assert "第 4 版问题" in await found("第 4 版问题", DAY + timedelta(1)), "it has begun by itself"
    assert await found("第 4 版问题", DAY + timedelta(1)) and len(made) == 3 == len(set(made))
    desk.close()
    again = consultation.opened(
        tmp_path / "consultation.kept", edited=lambda _: pytest.fail("made anew"), stamp=made[-1]
    )
    assert again.last_published(DAY) == DAY
