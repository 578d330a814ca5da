from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from sqlalchemy import func, select

from bureau.app import assemble
from bureau.city.cases import KEY as HANDED_IN
from bureau.city.cast import HEMU
from bureau.errors import EffectInvalid, InProgress, KeyReused, ServiceUnknown
from bureau.store import tables
from config import crashpoints
from config.settings import load_bureau
from sync.effects import open_effect
from sync.models import EffectKind
from tests.bureau import stores
from tests.bureau.conftest import Centre
from tests.bureau.returns import filled
from tests.bureau.terminals import Terminal, subject

SHEN = subject("shen-zhizhou", HEMU, "T")
RATING = {"item": "31530126101200000420", "level": 5, "reasons": []}


def count(centre: Centre, table: Any) -> int:
    """How many there are; of effects those of this test's terminals."""
    query = select(func.count()).select_from(table)
    if table is tables.effect:
        query = query.where(table.c.key != HANDED_IN)
    with centre.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def test_a_repeated_key_gets_the_first_answer_for_ever(terminal: Terminal, centre: Centre) -> None:
    signed = terminal.intent("feedback.rate", RATING)
    first = terminal.send(signed)
    centre.clock.forward(days=400)
    assert terminal.send(signed) == first
    assert count(centre, tables.rating) == 1
    kept = centre.container.submission.answer(first.key, terminal.name)
    assert kept == first


def test_the_same_key_with_another_body_is_refused(terminal: Terminal) -> None:
    signed = terminal.intent("feedback.rate", RATING)
    terminal.send(signed)
    assert signed.record.key is not None
    with pytest.raises(KeyReused):
        terminal.send(terminal.intent("feedback.rate", {**RATING, "level": 1}, key=signed.record.key))


def test_another_terminal_never_sees_the_answer(terminal: Terminal, centre: Centre) -> None:
    answer = terminal.do("feedback.rate", RATING)
    with pytest.raises(KeyReused):
        centre.container.submission.answer(answer.key, "B-01")
    assert centre.container.submission.answer("unknown", terminal.name) is None


def test_a_refusal_is_an_answer_too_and_stays(terminal: Terminal, centre: Centre) -> None:
    terminal.do("feedback.rate", RATING)
    signed = terminal.intent("feedback.rate", RATING)
    first = terminal.send(signed)
    assert first.refusal is not None and first.refusal.code == "ratedAlready"
    assert terminal.send(signed) == first


def test_what_fails_for_a_passing_reason_is_not_kept(
    terminal: Terminal, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = terminal.intent("feedback.rate", RATING)

    def disk_full(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr("bureau.engine.reference.answers.ReferenceAnswers.keep", disk_full)
        with pytest.raises(OSError, match="space"):
            terminal.send(signed)
    assert count(centre, tables.rating) == 0
    assert terminal.send(signed).state == "accepted"


def test_data_of_another_kind_are_a_programs_mistake(terminal: Terminal, centre: Centre) -> None:
    with pytest.raises(EffectInvalid):
        terminal.do("feedback.rate", {"item": "x", "level": 6})
    with pytest.raises(ServiceUnknown):
        terminal.do("feedback.rate", RATING, service="no.service")
    assert count(centre, tables.effect) == 0


def test_an_effect_that_is_no_step_of_the_service_is_refused(terminal: Terminal) -> None:
    answer = terminal.do("invoice.reserve", {"kind": "04", "count": 1, "unit": "u", "code": "c", "next_number": "1"},
                         SHEN, service="pay.due")  # fmt: skip
    assert answer.refusal is not None and answer.refusal.code == "notOfThisService"


def test_a_version_never_published_is_judged_by_the_current_one_and_marked(
    terminal: Terminal, centre: Centre
) -> None:
    terminal.do("feedback.rate", RATING, service_hash="ab" * 32)
    terminal.do("feedback.rate", {**RATING, "item": "other"})
    t = tables.effect
    with centre.database.read() as connection:
        query = select(t.c.service_known).where(t.c.key != HANDED_IN).order_by(t.c.key)
        known = connection.execute(query).scalars().all()
    assert known == [False, True]


def test_the_same_key_twice_at_once_is_done_once(terminal: Terminal, centre: Centre) -> None:
    data = terminal.data("iit.record", subject("li-xiulan"), {"first": "2026-01", "last": "2026-09"})
    wanted = {"certificate": "iit-record", "first": "2026-01", "last": "2026-09",
              "content_sha256": data["content_sha256"]}  # fmt: skip
    signed = terminal.intent("certificate.issue", wanted, subject("li-xiulan"))
    drawing, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        drawing.set()
        assert go_on.wait(20)

    centre.office.before = slowly
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(terminal.send, signed)
        assert drawing.wait(20)
        with pytest.raises(InProgress) as busy:
            terminal.send(signed)
        assert busy.value.retry_after_s >= 1
        go_on.set()
        answer = first.result(20)
    assert terminal.send(signed) == answer
    assert count(centre, tables.certificate) == 1


def test_two_processes_with_one_key_do_it_once(
    terminal: Terminal, centre: Centre, make_centre: Callable[..., Centre], city_url: str, backend: str
) -> None:
    """Another process of the centre over the same store; on SQLite writers come one by one anyway."""
    other = make_centre(city_url, "state")
    signed = terminal.intent("feedback.rate", RATING)
    twin = Terminal(other.container, terminal.keys, terminal.identity, terminal.clock)
    barrier = threading.Barrier(2)

    def send(which: Terminal) -> object:
        barrier.wait(20)
        try:
            return which.send(signed).model_dump()
        except InProgress:
            return "in progress"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, [terminal, twin]))
    done = [a for a in answers if a != "in progress"]
    assert done and all(a == done[0] for a in done)
    assert count(centre, tables.rating) == 1


def test_two_returns_of_one_period_at_once_leave_one(terminal: Terminal, centre: Centre) -> None:
    data = filled(terminal.data("vat.prefill", SHEN), 3_400_000)
    other = centre.terminal("B-01")
    barrier = threading.Barrier(2)

    def submit(sender: Terminal, who: dict[str, Any]) -> Any:
        signed = sender.intent("declaration.submit", data, who)
        barrier.wait(20)
        return sender.send(signed)

    with ThreadPoolExecutor(2) as pool:
        mine = pool.submit(submit, terminal, SHEN)
        theirs = pool.submit(submit, other, subject("he-mulan", HEMU, "L"))
        answers = [mine.result(30), theirs.result(30)]
    assert sorted(a.state.value for a in answers) == ["accepted", "duplicate"]
    assert answers[0].result["declaration"] == answers[1].result["declaration"]


def test_every_kind_of_effect_has_its_crash_points() -> None:
    known = crashpoints.names("bureau")
    for kind in EffectKind:
        assert f"bureau:before:{kind.value}" in known
        assert f"bureau:after:{kind.value}" in known


def die(centre: Centre, url: str, envelope: bytes, point: str) -> None:
    """What a forked process does: a centre of its own over the same store, killed at the point."""
    os.environ["KIOSK_CRASHPOINT"] = point
    settings = load_bureau(None, {"BUREAU_STATE_DIR": str(centre.state_dir), "BUREAU_DATABASE__URL": url})
    container = assemble(
        settings,
        clock=centre.clock,
        acquirers=centre.acquirers,
        office=centre.office,
        published=stores.published(),
    )
    container.submission.submit(open_effect(envelope, container.terminals.record_key, container.keys.sealing))


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_beside_the_commit_leaves_all_or_nothing(
    terminal: Terminal, centre: Centre, city_url: str, moment: str
) -> None:
    signed = terminal.intent("feedback.rate", RATING)
    point = f"bureau:{moment}:feedback.rate"
    child = get_context("fork").Process(target=die, args=(centre, city_url, signed.envelope, point))
    child.start()
    child.join(50)
    assert child.exitcode == -signal.SIGKILL
    assert count(centre, tables.rating) == (1 if moment == "after" else 0)
    assert terminal.send(signed).state == "accepted"
    assert count(centre, tables.rating) == 1
    assert count(centre, tables.effect) == 1
