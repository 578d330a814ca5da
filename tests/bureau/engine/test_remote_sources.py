"""What the library says to an officer who answers somebody is what terminals say, with what officers wrote since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bureau.engine.laws import laws
from bureau.engine.remote import sources
from bureau.engine.remote.sources import Finder
from bureau.errors import CoreLacks
from bureau.ports.core import Core
from config import library as libraries
from config.library import Library, limits, words
from config.readings import readings
from kiosk import consultation
from kiosk.domain.consult.ask import Consultation
from sync.models import LibraryAnswer, LibraryEdited, LibrarySource

DAY = date(2026, 10, 12)
ASKED = "缴税能用微信、银行卡吗"
NAME = "pay-how"


class Cored:
    """A core system whose officers wrote this; None: it keeps none of it."""

    def __init__(self, edited: LibraryEdited | None) -> None:
        self.edited = edited

    @property
    def knowledge(self) -> Any:
        raise CoreLacks("no such port")


def small(edited: Any) -> Consultation:
    """One answer and what it cites: the whole library takes seconds to be opened."""
    texts = {name: laws().texts[name] for name in ("pay-guide", "collection-rules")}
    library = Library(texts, {NAME: laws().answers[NAME]})
    folder = libraries.BUILT_IN
    return Consultation(
        library if edited is None else edited(library),
        words.load(folder / "words.yaml"),
        limits.load(folder / "limits.yaml"),
        readings(),
    )


def written(text: str) -> LibraryEdited:
    said = {"zh-CN": text, "en-US": text}
    answer = LibraryAnswer(
        number=4, name=NAME, question={"zh-CN": ASKED, "en-US": "May I pay by phone?"}, also={}, answer=said,
        sources=[LibrarySource(text="pay-guide", clause=1)], service=None, since=DAY, until=None,
    )  # fmt: skip
    return LibraryEdited(as_of=datetime.now(UTC), version=text, notices=[], answers=[answer])


def test_it_is_opened_anew_beside_whoever_asks_and_says_meanwhile_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consultation, "opened", lambda _kept, edited, stamp: small(edited))
    monkeypatch.setattr(sources.showing, "edited", lambda core: core.edited or core.knowledge)
    finder = Finder(tmp_path)

    def found(edited: LibraryEdited | None) -> list[str]:
        core: Core = Cored(edited)  # type: ignore[assignment]
        said = finder.find_now(core, ASKED, "zh-CN", DAY)
        if finder._opening is not None:
            finder._opening.join()
        return [one.text["zh-CN"][:7] for one in said if one.id == NAME]

    assert found(None) == [] and found(None) == ["终端上三种：手"]
    since = written("只收码和卡。")
    assert found(since) == ["终端上三种：手"], "as it is being opened"
    assert found(since) == ["只收码和卡。"]
    assert [one.id for one in finder.find(None, ASKED, "zh-CN", DAY)][0] == NAME
    assert found(None) == ["终端上三种：手"], "it is as it was shipped"
