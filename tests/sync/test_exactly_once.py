"""Killed in mid-send, over and over: every effect arrives, none twice, each taxpayer's in order."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.crashpoints import VARIABLE
from sync.journal import Phase
from sync.pace import Pace
from tests.sync.bureau_double import BureauDouble
from tests.sync.processes import Child, Say, fork
from tests.sync.running import RETURN, agent_of, drain, queue
from tests.sync.support import Terminal, entry, make_terminal, new_key

PACE = Pace(
    poll_s=0.02, heartbeat_s=0.2, retry_first_s=0.01, retry_last_s=0.05, probe_cap_s=0.05, spread_s=0.01
)


@pytest.fixture(scope="module")
def bureau() -> Iterator[BureauDouble]:
    bureau = BureauDouble({})
    yield bureau
    bureau.close()


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return make_terminal(tmp_path)


@pytest.fixture
def double(bureau: BureauDouble, terminal: Terminal) -> BureauDouble:
    bureau.reset(terminal)
    return bureau


def sync_process(terminal: Terminal, url: str, env: dict[str, str] | None = None) -> Child:
    """``kiosk sync`` as a process of its own."""

    def work(say: Say) -> None:
        agent = agent_of(terminal, url, PACE)
        say("ready")
        agent.run(lambda status: say(f"left:{status.queue}") if status.idle else None)

    return fork(work, env)


def in_order(double: BureauDouble) -> bool:
    applied = double.ledger["applied"]
    for taxpayer in {line["taxpayer"] for line in applied}:
        seqs = [line["seq"] for line in applied if line["taxpayer"] == taxpayer]
        if seqs != sorted(seqs):
            return False
    return True


@pytest.mark.parametrize("point", ["before:send", "after:send", "before:receipt", "after:receipt"])
def test_killed_at_each_point_of_a_delivery_it_happens_exactly_once(
    terminal: Terminal, double: BureauDouble, point: str
) -> None:
    keys = queue(terminal, *[(f"T{n % 2}", RETURN) for n in range(6)])
    for count in (1, 2, 3):
        child = sync_process(terminal, double.url, {VARIABLE: f"sync:{point}:{count}"})
        child.end()
        assert child.was_killed
        assert len(double.applied()) == len(set(double.applied()))
    assert drain(terminal, double.url).idle
    assert sorted(double.applied()) == sorted(keys)
    assert in_order(double)


def test_killed_at_random_while_answers_are_slow_and_lost_it_happens_exactly_once(
    terminal: Terminal, double: BureauDouble
) -> None:
    dice = random.Random(3)
    double.tell("set", {"delay_s": 0.01})
    keys: list[str] = []
    for _ in range(12):
        keys += queue(terminal, *[(f"T{dice.randrange(3)}", RETURN) for _ in range(3)])
        double.fault("/v1/effects", 502, times=dice.randrange(3), after=True)
        child = sync_process(terminal, double.url)
        child.wait_for("ready")
        time.sleep(dice.uniform(0.0, 0.15))
        child.kill()
        child.end()
    double.tell("faults", [])
    assert drain(terminal, double.url, 20.0).idle
    assert sorted(double.applied()) == sorted(keys)
    assert in_order(double)
    books = double.ledger
    assert books["chains"]["T-0007/e1f00000000000a1"] == 2 * len(keys)


def test_killed_kiosk_and_killed_sync_together_lose_nothing_that_was_promised(
    terminal: Terminal, double: BureauDouble
) -> None:
    dice = random.Random(9)

    def kiosk(say: Say) -> None:
        with terminal.journal(ballast_bytes=0) as journal:
            while True:
                key = new_key()
                intent = entry(Phase.INTENT, key, taxpayer=f"T{dice.randrange(3)}")
                journal.append_all([intent, entry(Phase.HANDOVER, key)])
                say(f"slip:{key}")  # the slip is in the person's hand
                time.sleep(0.005)

    promised: list[str] = []
    for _ in range(5):
        sync, screen = sync_process(terminal, double.url), fork(kiosk)
        screen.wait_for("slip:")
        time.sleep(dice.uniform(0.05, 0.2))
        for child in (screen, sync) if dice.random() < 0.5 else (sync, screen):
            child.kill()
        promised += [word.removeprefix("slip:") for word in screen.end()]
        sync.end()
    assert drain(terminal, double.url, 20.0).idle
    applied = double.applied()
    assert set(promised) <= set(applied)
    assert len(applied) == len(set(applied))
    assert in_order(double)
    with terminal.journal() as journal:
        journal.verify()
