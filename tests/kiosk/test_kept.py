"""What the centre allows to be kept is found again by the same question alone, sealed, and for its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.effects.base import Origin
from kiosk.kept import FOLDER, KeptAnswers, question
from sync.crypto import Ed25519Signer, Signer
from sync.kept import asked_of, make_word
from sync.models import QueryAnswer
from tests.kiosk.program import PERSON, TAXPAYER, folder
from tests.sync.support import BUREAU_SIGNER, CLOCK, NUMBER, Terminal, make_terminal

QUERY = "invoice.title"
DATA: dict[str, Any] = {
    "name": "云川禾木文具有限公司",
    "taxpayer": TAXPAYER,
    "as_of": "2026-10-12T10:00:00+08:00",
}
WHO: dict[str, Any] = {"person": PERSON, "phone": None, "taxpayer": TAXPAYER, "role": "L"}
ORIGIN = Origin("v", "t", "title", "invoice.title-code", "0" * 64, "zh-CN", WHO)
NOW = CLOCK.now()


class Kiosk:
    """One terminal's kept answers, at a moment that can be moved."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal, self.now = terminal, NOW
        self.kept = KeptAnswers(terminal.state, terminal.identity, terminal.keystore, lambda: self.now)

    def keep(
        self,
        data: dict[str, Any] = DATA,
        signer: Signer = BUREAU_SIGNER,
        terminal: str = "T-0007",
        at: datetime = NOW,
    ) -> None:
        asked = question({}, ORIGIN)
        word = make_word(terminal, asked_of(QUERY, asked), data, at, at + timedelta(hours=24), signer)
        self.kept.keep(QUERY, asked, QueryAnswer(data=data, keep=word))

    def found(self, origin: Origin = ORIGIN, **params: object) -> dict[str, Any] | None:
        answer = self.kept.find(QUERY, params, origin)
        return None if answer is None else answer.data

    def files(self) -> list[Path]:
        return sorted((self.terminal.state / FOLDER).iterdir())


@pytest.fixture
def kiosk() -> Iterator[Kiosk]:
    with folder() as state:
        yield Kiosk(make_terminal(state))


def test_the_same_question_is_answered_with_its_moment(kiosk: Kiosk) -> None:
    kiosk.keep()
    answer = kiosk.kept.find(QUERY, {}, ORIGIN)
    assert answer is not None and (answer.data, answer.as_of) == (DATA, NOW)
    again = KeptAnswers(kiosk.terminal.state, kiosk.terminal.identity, kiosk.terminal.keystore, lambda: NOW)
    assert again.find(QUERY, {}, ORIGIN) == answer


@pytest.mark.parametrize(
    "other",
    [
        {"service": "query.due"},
        {"subject": {**WHO, "role": "T"}},
        {"subject": {**WHO, "taxpayer": "91990199MA607F0M7X"}},
        {"subject": {**WHO, "person": {**PERSON, "number": "11010519491231002X"}}},
    ],
)
def test_nobody_else_and_nothing_else_is_answered(kiosk: Kiosk, other: dict[str, Any]) -> None:
    kiosk.keep()
    assert kiosk.found(replace(ORIGIN, **other)) is None
    assert kiosk.found(year=2026) is None
    assert kiosk.found() == DATA


def test_the_later_answer_takes_the_place_of_the_earlier(kiosk: Kiosk) -> None:
    kiosk.keep()
    kiosk.keep({**DATA, "name": "云川新名文具有限公司"})
    assert kiosk.found() == {**DATA, "name": "云川新名文具有限公司"}
    assert len(kiosk.files()) == 1


def test_it_ends_with_its_day(kiosk: Kiosk) -> None:
    kiosk.keep()
    kiosk.now = NOW + timedelta(hours=24) - timedelta(seconds=1)
    assert kiosk.found() == DATA
    kiosk.now = NOW - timedelta(days=400)
    assert kiosk.found() is None  # a clock that was set back makes it no younger
    kiosk.now = NOW + timedelta(hours=24)
    assert kiosk.found() is None
    kiosk.kept.forget_old()
    assert kiosk.files() == []


def test_what_the_centre_did_not_sign_for_this_terminal_is_not_kept(kiosk: Kiosk) -> None:
    kiosk.keep(signer=Ed25519Signer.generate())
    kiosk.keep(terminal="T-0008")
    kiosk.kept.keep(QUERY, question({}, ORIGIN), QueryAnswer(data=DATA))
    assert kiosk.files() == [] and kiosk.found() is None


def test_a_file_that_was_changed_is_thrown_away(kiosk: Kiosk) -> None:
    kiosk.keep()
    (path,) = kiosk.files()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    assert kiosk.found() is None
    assert kiosk.files() == []


def test_the_disk_does_not_tell_who_was_here(kiosk: Kiosk) -> None:
    kiosk.keep()
    (path,) = kiosk.files()
    content = path.read_bytes()
    for word in (NUMBER, TAXPAYER, "云川", QUERY):
        assert word.encode() not in content and word not in path.name
    assert path.stat().st_mode & 0o077 == 0 and path.parent.stat().st_mode & 0o077 == 0
