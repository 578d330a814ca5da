"""How visits went, from the spool to the centre: told once, never in the way, and thrown away rather than in the way."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sync.errors import BureauRejected
from sync.models import VisitUse
from sync.use import FOLDER, UseSpool
from tests.sync.bureau_double import BureauDouble
from tests.sync.running import RETURN, agent_of, bureau, double, queue, running, terminal, until
from tests.sync.support import Terminal

__all__ = ["bureau", "double", "terminal"]
"""Fixtures that this file uses by their names."""


def visit(number: int) -> VisitUse:
    return VisitUse(
        id=f"{number:032x}",
        began=datetime(2026, 10, 12, 1, 30, tzinfo=UTC),
        lang="zh-CN",
        mode="standard",
        signed_in="no",
        seconds=float(number),
        services=[],
    )


def test_a_spool_gives_back_what_it_got_in_order_and_lets_the_oldest_go(tmp_path: Path) -> None:
    spool = UseSpool(tmp_path, kept=3)
    assert spool.oldest() == []
    for number in range(5):
        spool.append(visit(number))
    found = spool.oldest()
    assert [one.seconds for _, one in found] == [2.0, 3.0, 4.0]
    spool.remove([found[0][0], found[0][0]])
    assert [one.seconds for _, one in spool.oldest(1)] == [3.0]


def test_what_cannot_be_read_is_thrown_away_and_the_rest_is_told(tmp_path: Path) -> None:
    spool = UseSpool(tmp_path)
    spool.append(visit(1))
    (tmp_path / FOLDER / "00-torn.json").write_text('{"id": ')
    (tmp_path / FOLDER / "01-other.json").write_text('{"id": "x"}')
    (tmp_path / FOLDER / "02-half.new").write_text("{")
    assert [one.seconds for _, one in spool.oldest()] == [1.0]
    assert sorted(path.suffix for path in (tmp_path / FOLDER).iterdir()) == [".json", ".new"]


def test_visits_are_told_once_behind_everything_that_people_wait_for(
    terminal: Terminal, double: BureauDouble
) -> None:
    spool = UseSpool(terminal.state)
    for number in range(120):
        spool.append(visit(number))
    queue(terminal, ("TAX", RETURN))
    agent = agent_of(terminal, double.url)
    try:
        agent.watch()
        assert agent.tell_use() is False, "an effect waits"
        assert len(spool.oldest()) == 100
    finally:
        agent.close()
        agent.client.close()
    with running(terminal, double.url):
        until(lambda: not spool.oldest())
    assert [len(report) for report in double.ledger["use"]] == [100, 20]
    assert [one for report in double.ledger["use"] for one in report] == [f"{n:032x}" for n in range(120)]


def test_a_centre_that_is_away_or_does_not_know_the_call_keeps_them(
    terminal: Terminal, double: BureauDouble
) -> None:
    spool = UseSpool(terminal.state)
    spool.append(visit(1))
    double.fault("/v1/use", status=404, times=1)
    agent = agent_of(terminal, double.url)
    try:
        agent.watch()
        agent.upload()
        with pytest.raises(BureauRejected):
            agent.tell_use()
        assert len(spool.oldest()) == 1
        assert agent.tell_use() is True
        assert spool.oldest() == []
        assert agent.tell_use() is False
    finally:
        agent.close()
        agent.client.close()


def test_what_the_centre_does_not_read_is_not_sent_for_ever(terminal: Terminal, double: BureauDouble) -> None:
    spool = UseSpool(terminal.state)
    spool.append(visit(1))
    double.fault("/v1/use", status=422, times=-1)
    with running(terminal, double.url):
        until(lambda: not spool.oldest())
        time.sleep(0.1)
    assert double.ledger["use"] == []
