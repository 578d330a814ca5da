from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from config import crashpoints
from config.crashpoints import TRACE, VARIABLE, Trap


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "before:x.intent",
        "devices:during:x",
        "devices:before:",
        "devices:after:x:0",
        "a:b:c:d:e",
        ":after:x",
    ],
)
def test_a_trap_that_is_written_wrongly_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write AREA:before"):
        Trap.parse(text)


def test_a_trap_snaps_at_the_passing_it_was_set_for() -> None:
    snapped: list[bool] = []
    trap = Trap.parse("devices:after:Print.Begin:2", lambda: snapped.append(True))
    for _ in range(3):
        trap.passed("devices", "before", "print.begin")
        trap.passed("devices", "after", "print.finish")
        trap.passed("journal", "after", "print.begin")
        trap.passed("devices", "after", "print.begin")
    assert snapped == [True]


def test_points_are_told_as_the_variable_spells_them() -> None:
    crashpoints.register("test", "Thing.done", "nothing is at stake")
    assert crashpoints.names("test") == ("test:before:thing.done", "test:after:thing.done")
    assert crashpoints.registered("test") == {"Thing.done": "nothing is at stake"}


def passing(**env: str) -> int:
    line = "from config import crashpoints as c\nwith c.around('test', 'Thing.done'): pass"
    return subprocess.run([sys.executable, "-c", line], env=env, check=False).returncode


def test_the_environment_kills_at_its_point_and_nowhere_else() -> None:
    assert passing(**{VARIABLE: "test:before:thing.done"}) == -9
    assert passing(**{VARIABLE: "test:after:thing.done:2"}) == 0
    assert passing() == 0


def test_what_is_passed_can_be_written_down(tmp_path: Path) -> None:
    trace = tmp_path / "passed"
    assert passing(**{TRACE: str(trace), VARIABLE: "test:after:thing.done"}) == -9
    assert trace.read_text().split() == ["test:before:thing.done", "test:after:thing.done"]
