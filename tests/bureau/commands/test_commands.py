"""The command line as an operator meets it, on SQLite; the engine below it is tested on both stores."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bureau import cli
from bureau.commands.common import opened
from bureau.errors import AcquirerUnreachable
from bureau.fleet.terminals import Terminals
from bureau.opening import business_clock, open_keys
from sync.models import Heartbeat
from sync.models.alarms import CabinetEvent, Reading
from tests.bureau import stores
from tests.bureau.commands.shell import CODE, HANDS, Run, as_json, enrol


def test_a_city_is_made_once_and_its_cast_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUREAU_STATE_DIR", str(tmp_path / "new"))
    cast = tmp_path / "deep" / "personas.json"
    wanted = ["--seed", "7", "--as-of", "2026-10-12", "--personas", str(cast), "--people", "5", "--enterprises", "1",
              "--terminal", "A-07", "--json"]  # fmt: skip
    made = CliRunner().invoke(cli.app_of("generate"), wanted)
    assert made.exit_code == 0, made.output
    found = json.loads(made.stdout)
    assert found["city"]["made"] is True
    (terminal,) = found["loaded"]
    assert terminal["units"]["unit1"] == {"code": CODE, "kind": "04", "first": "00274801", "count": 312}
    personas = json.loads(cast.read_text("utf-8"))
    assert {"id", "name", "card", "faceSeed", "mobile", "roles", "note"} <= set(personas[0])
    again = json.loads(CliRunner().invoke(cli.app_of("generate"), wanted).stdout)
    assert again["city"]["made"] is False and again["loaded"] == []
    other = CliRunner().invoke(cli.app_of("generate"), ["--seed", "8", "--as-of", "2026-10-12"])
    assert other.exit_code == 1
    assert "another city" in other.stderr


def test_stock_goes_its_ways_with_two_people(run: Run) -> None:
    enrol(run)
    moved = as_json(run("stock", "load", "A-07", "unit1", CODE, "00274801", "20", *HANDS, "--json"))
    assert (moved["last"], moved["count"]) == ("00274820", 20)
    run("stock", "unload", CODE, "00274811", "00274812", *HANDS)
    run("stock", "spoil", CODE, "00274813", "00274813", *HANDS, "--cause", "torn")
    listed = run("stock", "list", "--place", "A-07").stdout
    assert "00274801-00274810      10  onHand" in listed
    assert as_json(run("stock", "check", "--json")) == {"problems": []}
    found = f"{CODE}:00274801-00274810"
    run("stock", "reconcile", "A-07", "unit1", found, *HANDS, code=3)
    assert "LOCKED" in run("stock", "list").stdout
    (case,) = as_json(run("cases", "list", "--json"))
    closing = ("cases", "close", case["case_no"], "--outcome", "no-difference", "--note", "found again")
    assert "another officer" in run(*closing, "--officer", HANDS[1], code=1).stderr
    assert "count the unit again" in run(*closing, "--officer", "li-yuan", code=1).stderr
    fetch = ("stock", "fetch", "A-07", "unit1", CODE, "00274820", "00274820", *HANDS)
    assert "was not found by the last count" in run(*fetch, code=1).stderr
    whole = (found, f"{CODE}:00274814-00274820")
    assert run("stock", "reconcile", "A-07", "unit1", *whole, *HANDS).stdout.strip() == "BALANCED"
    run(*fetch)
    assert "count-differs" in run("cases", "list").stdout
    assert "is closed: no-difference" in run(*closing, "--officer", "li-yuan").stdout
    assert as_json(run("stock", "check", "--json")) == {"problems": []}
    assert "nothing is in dispute" in run("stock", "disputes").stdout


def test_mistakes_are_one_line_and_say_what_to_do(run: Run) -> None:
    enrol(run)
    for arguments, words in (
        (("stock", "load", "A-07", "unit1", CODE, "1", "1", *HANDS), "as printed"),
        (
            ("stock", "load", "A-07", "unit1", CODE, "00274801", "1", "--operator", "x", "--witness", "X"),
            "else",
        ),
        (("stock", "release", CODE, "00274801", "00274801", *HANDS), "not all quarantined"),
        (("stock", "settle", "63", *HANDS, "--cause", "counted"), "bureau stock disputes"),
        (("terminal", "enrol-code", "A-07", "--hall", "H-99"), "no hall"),
        (("terminal", "suspend", "Z-99"), "terminal list"),
        (("effects", "show", "nothing"), "has arrived"),
        (("payments", "reconcile", "2026-10-12"), "no answer"),
    ):
        result = run(*arguments, code=1)
        assert words in result.stderr
        assert "Traceback" not in result.output


def test_nothing_is_loaded_that_cannot_be(run: Run) -> None:
    """A movement stays in the ledger for ever, so a slip of the hand is found before."""
    enrol(run)
    before = as_json(run("stock", "list", "--json"))
    for place, unit, code, first, count, kind, words in (
        ("A-70", "unit1", CODE, "00274801", "5", "04", "`bureau terminal list`"),
        ("A-07", 'unit"; drop', CODE, "00274801", "5", "04", "unit1 to unit9"),
        ("A-07", "unit0", CODE, "00274801", "5", "04", "unit1 to unit9"),
        ("A-07", "unit1", "abc", "00274801", "5", "04", "10 or 12 digits"),
        ("A-07", "unit1", "0530126001041", "00274801", "5", "04", "10 or 12 digits"),
        ("A-07", "unit1", "053012600106", "00274801", "5", "04", "says kind 11"),
        ("A-07", "unit1", "153012600101", "00274801", "5", "99", "one of 01, 04, 11"),
        ("A-07", "unit1", CODE, "00000000", "5", "04", "as printed"),
        ("A-07", "unit1", CODE, "99999999", "2", "04", "at most 1;"),
        ("A-07", "unit1", CODE, "00274801", "9" * 30, "04", "count them again"),
        ("A-07", "unit1", CODE, "00274801", "5001", "04", "at most 5000"),
        ("shelf", "unit1", CODE, "00274801", "5", "04", "load `shelf 1`"),
    ):
        result = run("stock", "load", place, unit, code, first, count, *HANDS, "--kind", kind, code=1)
        assert words in result.stderr and "Traceback" not in result.output
    assert as_json(run("stock", "list", "--json")) == before
    code = "053012700104"  # of next year, new to the books
    run("stock", "load", "shelf", "1", code, "00000001", "10000", *HANDS, "--kind", "04")
    run("stock", "load", "A-07", "unit3", code, "00000001", "5000", *HANDS)
    assert as_json(run("stock", "check", "--json")) == {"problems": []}


def test_wrong_arguments_end_in_one_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = socket.create_server(("127.0.0.1", 0))
    port = str(taken.getsockname()[1])
    (tmp_path / "file").touch()
    below = str(tmp_path / "file" / "below")
    for arguments, words in (
        (("stock", "reconcile", "A-07", "unit1", "abc", *HANDS), "CODE:FIRST-LAST"),
        (("stock", "unload", CODE, "2", "1", *HANDS), "as printed"),
        (("terminal", "enrol-code", ""), "label"),
        (("terminal", "enrol-code", "A 7; drop"), "label"),
        (("generate", "--personas", below), "another path"),
        (("generate", "--as-of", "0001-01-01"), "from 2000"),
        (("generate", "--as-of", "9999-12-31"), "from 2000"),
        (("generate", "--terminal", "a;b"), "label"),
        (("acquirer", "--port", port, "--db", str(tmp_path / "a.db")), "another path, address or port"),
        (("acquirer", "--port", "0", "--db", str(tmp_path)), "--db"),
        (("effects", "show", "\udcff"), "UTF-8"),
    ):
        result = run(*arguments, code=1)
        assert words in result.stderr, result.output
        assert "Traceback" not in result.output and result.exception.__class__ is SystemExit
    taken.close()
    for arguments in (
        ("terminal", "enrol-code", "A-07", "--minutes", "9" * 15),
        ("acquirer", "--port", "0", "--offset-s", "1e300"),
    ):
        assert "less than or equal" in run(*arguments, code=2).stderr
    monkeypatch.setenv("BUREAU_STATE_DIR", below)
    assert "another path" in run("terminal", "list", code=1).stderr


def test_mistakes_in_the_settings_are_told_all_at_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUREAU_PORT", "0")
    monkeypatch.setenv("BUREAU_CITY__AS_OF", "tomorrow")
    errors = run("city", code=2).stderr
    assert "BUREAU_PORT" in errors and "BUREAU_CITY__AS_OF" in errors


def test_terminals_codes_and_the_empty_lists(run: Run) -> None:
    code = as_json(run("terminal", "enrol-code", "A-07", "--json"))
    assert len(code["code"].replace("-", "")) == 12
    assert "no terminal" in run("terminal", "list").stdout
    assert run("effects", "list").stdout.count("\n") == 1  # the city's own, of a slip that somebody holds
    assert "no notice" in run("notices").stdout
    assert "nothing is open" in run("cases", "list").stdout
    assert "no order" in run("payments", "list").stdout
    assert as_json(run("city", "--json"))["city"]["seed"] == stores.SEED
    assert "incarnation" in run("renew").stdout


def test_one_terminal_is_shown_with_its_devices(run: Run, tmp_path: Path) -> None:
    assert "terminal list" in run("terminal", "show", "A-07", code=1).stderr
    enrol(run)
    with opened(None) as (settings, database):
        clock = business_clock(settings)
        terminals = Terminals(database, open_keys(settings), clock, settings.public_url)
        assert "heard of    never" in run("terminal", "show", "A-07").stdout
        devices = {"idReader": "online", "documentPrinter": "paperOut"}
        terminals.heartbeat(
            Heartbeat(
                terminal="A-07",
                sent_at=clock.now(),
                devices=devices,
                queue_depth=2,
                software="tax-kiosk/1",
                due={"documentPrinter": ["cleaning", "fuser"]},
                readings={"cabinetDoor": Reading(value="open", source="auxiliaries", age_s=3.2)},
                events=[
                    CabinetEvent(sensor="cabinetDoor", value="open", at=clock.now()),
                    CabinetEvent(sensor="safeDoor", value="open", at=clock.now(), staff="li-na"),
                ],
            )
        )
    shown = run("terminal", "show", "A-07").stdout
    assert "documentPrinter      paperOut" in shown and "waiting     2" in shown
    assert as_json(run("terminal", "show", "A-07", "--json"))["devices"] == devices
    assert "documentPrinter: cleaning, fuser" in shown
    assert "cabinetDoor          open  (auxiliaries, 3 s old)" in shown
    assert "ALARM       cabinetDoor open" in shown
    assert "safeDoor open" in shown and "li-na signed in" in shown
    assert "1 ALARM 2 due" in run("terminal", "list").stdout
    assert as_json(run("terminal", "list", "--json"))[0]["due"] == {"documentPrinter": ["cleaning", "fuser"]}


def test_help_names_every_part_and_an_unknown_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["--help"])
    shown = capsys.readouterr().out
    assert all(f"bureau {name}" in shown for name in cli.PARTS)
    with pytest.raises(SystemExit) as ended:
        cli.main(["nonsense"])
    assert ended.value.code == 2
    assert "no command 'nonsense'" in capsys.readouterr().err


def test_the_acquirers_silence_is_a_known_mistake() -> None:
    assert "query the order again" in str(AcquirerUnreachable("test"))
