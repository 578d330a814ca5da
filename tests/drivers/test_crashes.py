"""The power is cut before and after every commit and every motion; afterwards each sheet is accounted for."""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from config.crashpoints import VARIABLE
from drivers import app, crashpoints  # noqa: F401 - the services register their points
from tests.drivers.crash_program import CODE, JOBS, PAPER

KILLED = -9
RECOVERY = {
    "dispense.interrupted": "devices:after:dispense.feed",
    "dispense.reconciled": "devices:before:dispense.rest:2",
    "print.settle": "devices:after:print.begin",
    "payment.resolved": "devices:after:payment.begin",
}
"""Points that are passed only by a program that finds what another left open: how that one died."""
POINTS = sorted(crashpoints.registered())


@pytest.fixture(scope="module")
def programs():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.drivers.crash_program"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )

    def run(folder, plan, trap="-"):
        process.stdin.write(f"{folder} {plan} {trap}\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    yield run
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


@pytest.fixture
def folder():
    """In memory where there is such a place: a kill loses nothing that was written, flushed or not."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        yield Path(name)


def _die(programs, folder, when, point):
    """Let the program work until it is killed at the point."""
    trap = f"devices:{when}:{point}"
    if point in RECOVERY:
        assert programs(folder, "work", RECOVERY[point]) == KILLED
        assert programs(folder, "look", trap) == KILLED, "the point is not passed"
    else:
        assert programs(folder, "work", trap) == KILLED, "the point is not passed"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", POINTS)
def test_after_a_power_cut_every_sheet_every_page_and_every_fen_is_accounted_for(
    folder, programs, point, when
):
    _die(programs, folder, when, point)
    assert programs(folder, "look") == 0, (folder / "log.txt").read_text()
    told = json.loads((folder / "told.json").read_text())
    _page_printed_once(folder, told)
    # The journal holds what was entered before the cut and nothing else: never a door that was not seen.
    assert told["doors"] in ([], ["open"], ["locked", "open"])
    _charged_once(folder, told)
    _batch_closed_once(folder, told)
    if told["moves"]:
        machine = json.loads((folder / "machine.json").read_text())
        _numbers_are_conserved(told)
        _sheets_lie_where_the_book_says(told, machine)
        _unit_dispenses_only_when_it_may(told, machine)


def _page_printed_once(folder, told):
    file = folder / "pages.json"
    pages = json.loads(file.read_text()) if file.exists() else []
    assert len(pages) == len(set(pages)) <= 1
    if told["paper"]["known"]:
        assert told["paper"]["outcome"] == ("printed" if pages else "notPrinted")
    else:
        assert not pages


def _charged_once(folder, told):
    file = folder / "charges.json"
    charges = json.loads(file.read_text()) if file.exists() else []
    assert len(charges) <= 1
    if told["payment"]["known"]:
        assert told["payment"]["payment"]["outcome"] == ("approve" if charges else "endApplication")
    else:
        assert not charges


def _batch_closed_once(folder, told):
    """A batch whose closing is entered is known as closed or not, with what the terminal has counted."""
    file = folder / "closings.json"
    closings = json.loads(file.read_text()) if file.exists() else []
    assert len(closings) <= 1
    settlement = told["settlement"]
    if settlement["known"]:
        assert settlement["state"] == ("settled" if closings else "notSettled")
        if closings:
            assert (settlement["terminal"]["saleAmount"], settlement["agrees"]) == (4200, True)
    else:
        assert not closings


def _numbers_are_conserved(told):
    found = Counter(sheet["number"] for sheet in told["sheets"])
    unit = told["units"]["unit1"]
    if unit.get("next"):
        found.update(f"{n:08}" for n in range(int(unit["next"]), int(unit["last"]) + 1))
    assert found == Counter(f"{n:08}" for n in range(1, 21))


def _sheets_lie_where_the_book_says(told, machine):
    places = {
        name: {tuple(sheet) for sheet in machine[name]} for name in ("tray", "taken", "reject", "retract")
    }
    anywhere = {
        "transport": set().union(*({tuple(s) for s in machine[p]} for p in ("path", "gate", "reject")))
    }
    for key, job in told["jobs"].items():
        if not job["known"]:
            continue
        # The counters tell of every cut: where they agree with the book, nobody is asked to look.
        assert job["state"] in ("dispensing", "partial", "presented", "taken", "retracted"), key
        for item in job["items"]:
            sheet = (CODE, item["number"])
            if item.get("fault") in ("numberMismatch", "doubleFeed") or item["position"] == "unknown":
                continue
            if item.get("read") not in (None, item["number"]):
                continue
            where = {"tray": places["taken" if job["state"] == "taken" else "tray"]} | anywhere
            assert (
                sheet
                in (where | {"reject": places["reject"], "retract": places["retract"]})[item["position"]]
            )


def _unit_dispenses_only_when_it_may(told, machine):
    unit, stack = told["units"]["unit1"], machine["stacks"]["unit1"]
    if unit["status"] == "ok" and not machine["path"] and not machine["gate"]:
        assert stack[0][1] == unit["next"]


def test_without_a_power_cut_the_day_ends_as_planned(folder, programs):
    assert programs(folder, "work") == 0, (folder / "log.txt").read_text()
    assert programs(folder, "look") == 0, (folder / "log.txt").read_text()
    told = json.loads((folder / "told.json").read_text())
    states = {key: job.get("state") for key, job in told["jobs"].items()}
    assert states == {
        "job-taken-01": "taken",
        "job-retract-2": "retracted",
        "job-wrong-03": "partial",
        "job-jammed-4": "partial",
        "job-front-05": None,
    }
    assert told["paper"]["outcome"] == "printed"
    assert told["doors"] == ["locked", "open"]
    assert told["payment"]["payment"]["outcome"] == "approve"
    assert set(JOBS) == set(told["jobs"])
    assert PAPER


def test_the_environment_sets_the_trap_of_this_program_and_no_other():
    line = "from drivers import crashpoints as c; c.hit('after', 'print.begin'); print('alive')"
    for value, status in (("devices:after:print.begin", KILLED), ("journal:after:print.begin", 0), ("", 0)):
        done = subprocess.run(
            [sys.executable, "-c", line], env={**os.environ, VARIABLE: value}, capture_output=True
        )
        assert done.returncode == status
