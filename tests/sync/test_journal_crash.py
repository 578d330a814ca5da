"""Killed at any moment, the journal holds every commit it acknowledged, whole, in order, and nothing torn."""

from __future__ import annotations

import random
import time
from itertools import product
from pathlib import Path

import pytest

from config.crashpoints import VARIABLE
from sync.errors import SyncError
from sync.journal import Journal, Phase, commit_points
from tests.depth import some
from tests.sync.processes import Say, fork
from tests.sync.support import Terminal, entry, make_terminal, new_key


def check(terminal: Terminal, acknowledged: int) -> int:
    """Open what a killed writer left; how many records there are."""
    with terminal.journal() as journal:
        journal.verify()
        count = journal.head.seq - 1
        assert count >= acknowledged, "an acknowledged commit is gone"
        journal.append(entry(Phase.NOTE))
        return count


def test_killed_at_random_moments_no_acknowledged_commit_is_lost(tmp_path: Path) -> None:
    dice = random.Random(20261012)
    terminal = make_terminal(tmp_path)

    def work(say: Say) -> None:
        with terminal.journal() as journal:
            say(f"open:{journal.head.seq}")
            while True:
                key = new_key()
                say(journal.append(entry(Phase.INTENT, key)).record.seq)
                batch = [entry(Phase.OUTCOME, key), entry(Phase.SETTLED, key), entry(Phase.NOTE)]
                say(journal.append_all(batch)[-1].record.seq)

    total = 0
    for _ in range(20):
        child = fork(work)
        child.wait_for("open:")
        time.sleep(dice.uniform(0.0, 0.06))
        child.kill()
        acks = [int(word) for word in child.end() if word.isdecimal()]
        assert child.was_killed
        total = check(terminal, acks[-1] if acks else total)
    assert total > 20


def visit(terminal: Terminal, kind: str, say: Say) -> None:
    """One effect through all its phases, each in a commit of its own but the last two."""
    key = new_key()
    with terminal.journal() as journal:
        say(f"key:{key}")
        journal.append(entry(Phase.INTENT, key, kind=kind))
        say("intent")
        journal.append(entry(Phase.HANDOVER, key, kind=kind))
        say("handover")
        journal.append_all([entry(Phase.OUTCOME, key, kind=kind), entry(Phase.SETTLED, key, kind=kind)])
        say("outcome")
        say("settled")


COMMITS = [["intent"], ["handover"], ["outcome", "settled"]]
"""The phases of an effect, by the commit they are written in."""
POINTS = [
    point
    for point in commit_points.names()
    if point.rpartition(".")[2] in sum(COMMITS, []) and not point.startswith("print.")
]


@pytest.mark.parametrize(("point", "moment"), some(list(product(POINTS, ["before", "after"])), 60))
def test_killed_at_a_named_commit_the_effect_is_where_it_should_be(
    tmp_path: Path, point: str, moment: str
) -> None:
    terminal = make_terminal(tmp_path)
    kind, _, phase = point.rpartition(".")
    child = fork(lambda say: visit(terminal, kind, say), {VARIABLE: f"journal:{moment}:{point}"})
    words = child.end()
    assert child.was_killed, f"the commit was never passed: {words}"
    key = words[0].removeprefix("key:")
    with terminal.journal() as journal:
        journal.verify()
        history = journal.effect(key)
        reached = [str(r.record.phase) for r in history.records] if history else []
    number = next(i for i, commit in enumerate(COMMITS) if phase in commit)
    assert reached == sum(COMMITS[: number + (moment == "after")], [])
    assert reached[: len(words) - 1] == words[1:], "what was acknowledged is there"


def test_the_second_passing_can_be_chosen_and_a_senseless_variable_is_an_error(tmp_path: Path) -> None:
    terminal = make_terminal(tmp_path)

    def work(say: Say) -> None:
        with terminal.journal() as journal:
            for number in range(5):
                journal.append(entry(Phase.NOTE, kind="Beat"))
                say(number)

    child = fork(work, {VARIABLE: "journal:after:beat.NOTE:3"})
    assert child.end() == ["0", "1"]
    assert child.was_killed
    assert check(terminal, 3) == 3


def test_a_writer_that_was_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    terminal = make_terminal(tmp_path)

    def work(say: Say) -> None:
        with terminal.journal():
            say("open")
            time.sleep(60)

    child = fork(work)
    child.wait_for("open")
    with pytest.raises(SyncError, match="another program"):
        terminal.journal()
    child.kill()
    child.end()
    terminal.journal().close()


def test_killed_while_the_file_is_made_the_next_start_makes_it(tmp_path: Path) -> None:
    for number in range(12):
        terminal = make_terminal(tmp_path / str(number))
        child = fork(lambda say, terminal=terminal: Journal.close(terminal.journal()))
        time.sleep(number * 0.001)
        child.kill()
        child.end()
        check(terminal, 0)
