"""A dead terminal at the command line: its records from a stick, its stock by paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import cbor2
import pytest

from bureau.commands.common import opened
from bureau.errors import EnrolmentRefused
from bureau.fleet.terminals import Terminals
from bureau.opening import business_clock, open_keys
from bureau.store import tables
from sync.crypto import b64
from sync.identity import TerminalIdentity, TerminalKeys
from sync.models import Enrolment
from tests.bureau.commands.shell import CODE, HANDS, Run, as_json, enrol
from tests.bureau.terminals import Terminal


def test_a_dead_terminal_s_stick_is_taken_in(run: Run, tmp_path: Path) -> None:
    stick = tmp_path / "A-07"
    stick.write_bytes(b"")
    for rubbish in (b"", b"no record", b"\x40", bytes(4096)):
        stick.write_bytes(rubbish)
        assert "no record in it" in run("terminal", "take-in", str(stick), code=1).stderr
    assert "A-08" in run("terminal", "take-in", str(tmp_path / "A-08"), code=2).stderr
    terminal = _enrolled(run)
    run("terminal", "suspend", "A-07")
    for n in range(3):
        terminal.note(str(n))
    assert "`bureau terminal resume A-07` first" in str(_refused(run))
    end = b"\x40"
    stick.write_bytes(b"".join(cbor2.dumps(signed.envelope) for signed in terminal.chain) + end)
    assert "3 records, 0 missing" in run("terminal", "take-in", str(stick)).stdout
    rated = terminal.intent("feedback.rate", {"item": "wait", "level": 5, "reasons": []})
    stick.write_bytes(b"".join(cbor2.dumps(signed.envelope) for signed in terminal.chain) + end)
    left = run("terminal", "take-in", str(stick), "--json", code=3)
    assert [matter["key"] for matter in as_json(left)["undecided"]] == [rated.record.key]
    stick.write_bytes(b"".join(cbor2.dumps(signed.envelope) for signed in terminal.chain[:3])[:-1])
    refused = run("terminal", "take-in", str(stick), code=1).stderr
    assert "in the middle of a record" in refused and "--torn takes in the 2 records before" in refused
    torn = run("terminal", "take-in", str(stick), "--torn", code=3).stdout
    assert "2 records, 0 missing" in torn and "what stood behind is lost" in torn


def _refused(run: Run) -> EnrolmentRefused:
    with pytest.raises(EnrolmentRefused) as caught:
        _enrolled(run)
    return caught.value


def _enrolled(run: Run) -> Terminal:
    """A terminal enrolled over the command line, as far as the centre is concerned."""
    code = as_json(run("terminal", "enrol-code", "A-07", "--json"))["code"]
    keys = TerminalKeys.generate()
    with opened(None) as (settings, database):
        clock = business_clock(settings)
        enrolled = Terminals(database, open_keys(settings), clock, settings.public_url).enrol(
            Enrolment(
                code=code,
                public_key=b64(keys.signing.public_key),
                sealing_key=b64(keys.sealing.public),
                asset="A-07",
            )
        )
    return Terminal(cast("Any", None), keys, TerminalIdentity.of(enrolled, keys), clock)


def test_a_dead_terminals_stock_goes_by_the_centres_paper_and_into_the_safe(run: Run, tmp_path: Path) -> None:
    enrol(run)
    run("stock", "load", "A-07", "unit1", CODE, "00274801", "20", *HANDS)
    drawn = tmp_path / "paper.svg"
    lies = f"unit1={CODE}:00274804-00274820"  # three were issued and wait for its records
    arguments = ("A-07", lies, "--hall", "--svg", str(drawn), *HANDS, "--json")
    made = as_json(run("stock", "hand-over", *arguments))
    assert made["movement"] and not made["case"] and "<svg" in drawn.read_text("utf-8")
    listed = as_json(run("stock", "hand-overs", "--json"))[0]
    assert [n["first"] for _unit, _code, n in listed["waits"]] == ["00274801"]
    assert as_json(run("stock", "take-note", made["paper"], "--json"))["movement"] == made["movement"]
    assert "damaged" in run("stock", "take-note", made["paper"][:-9] + "AAAAAAAAA", code=1).stderr
    again = tmp_path / "again.svg"
    copied = as_json(run("stock", "paper", made["note"], "--svg", str(again), *HANDS, "--json"))
    assert (copied["copy"], copied["paper"]) == (2, made["paper"])
    assert "补打" in again.read_text("utf-8") and "补打" not in drawn.read_text("utf-8")
    assert "copy 3" in run("stock", "paper", made["note"], "--cause", "torn", *HANDS).stdout
    nowhere = ("--svg", str(tmp_path / "nowhere" / "paper.svg"))
    assert "cannot be written" in run("stock", "paper", made["note"], *nowhere, *HANDS, code=1).stderr
    listed = as_json(run("stock", "hand-overs", "--json"))[0]["copies"]
    assert [(copy["copy"], copy["cause"], copy["operator"]) for copy in listed] == [
        (2, "lost", HANDS[1]),
        (3, "torn", HANDS[1]),
    ], "a copy that no sheet came of is not noted"
    alone = ("--operator", "段丽", "--witness", "段丽")
    assert "somebody else" in run("stock", "paper", made["note"], *alone, code=1).stderr
    came = f"{CODE}:00274804-00274819"
    assert "differs" in run("stock", "receive", made["note"], came, *HANDS, code=3).stdout
    run("stock", "receive", made["note"], f"{CODE}:00274820", *HANDS)
    assert (
        "on its way any more (it went to shelf)" in run("stock", "paper", made["note"], *HANDS, code=1).stderr
    )
    assert "no hand-over" in run("stock", "paper", "nothing", *HANDS, code=1).stderr
    assert as_json(run("stock", "check", "--json")) == {"problems": []}
    assert "handover-differs" in run("cases", "list").stdout
    assert "UNIT=CODE" in run("stock", "hand-over", "A-07", "nonsense", *HANDS, code=1).stderr


def test_a_dead_terminals_stock_stays_in_its_hall_and_goes_nowhere_without_its_paper(
    run: Run, tmp_path: Path
) -> None:
    enrol(run)
    enrol(run, "A-09")
    run("stock", "load", "A-07", "unit1", CODE, "00274801", "20", *HANDS)
    lies = ("A-07", f"unit1={CODE}:00274801-00274820")
    drawn = ("--svg", str(tmp_path / "nowhere" / "paper.svg"))
    told = run("stock", "hand-over", *lies, "--to", "A-09", *drawn, *HANDS, code=1).stderr
    assert "nothing was done" in told
    with opened(None) as (_settings, database), database.write() as connection:
        t = tables.terminal
        connection.execute(t.update().where(t.c.terminal == "A-09").values(hall="H-02"))
    assert "another hall" in run("stock", "hand-over", *lies, "--to", "A-09", *HANDS, code=1).stderr
    assert as_json(run("stock", "hand-overs", "--all", "--json")) == []
