"""The command line as an operator meets it, on SQLite; the engine below it is tested on both stores."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import cbor2
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from bureau import cli
from bureau.city.cast import FIRMS, PERSONAS
from bureau.city.stock import code_of
from bureau.commands.common import opened
from bureau.engine.reference.work import ReferenceSystem
from bureau.errors import AcquirerUnreachable, EnrolmentRefused
from bureau.fleet.terminals import Terminals
from bureau.opening import business_clock, open_keys
from bureau.ports.matters import NewCase
from bureau.ports.registration import PersonKey
from bureau.store import tables
from kiosk.domain.people import Role
from sync.crypto import b64
from sync.identity import TerminalIdentity, TerminalKeys
from sync.models import Enrolment, Heartbeat
from sync.models.alarms import CabinetEvent, Reading
from tests.bureau import stores
from tests.bureau.terminals import Terminal

Run = Callable[..., Result]
CODE = code_of("04", stores.DAY.year)
HANDS = ("--operator", "段丽", "--witness", "蒋明")


@pytest.fixture
def run(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command over a copy of the city."""
    url = stores.sqlite_city(sqlite_template, tmp_path / "bureau.db")
    for name, value in {
        "BUREAU_STATE_DIR": str(tmp_path / "state"),
        "BUREAU_DATABASE__URL": url,
        "BUREAU_CITY__AS_OF": stores.DAY.isoformat(),
        "BUREAU_ACQUIRER__URL": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)

    def go(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli.app_of(arguments[0]), list(arguments[1:]))
        assert result.exit_code == code, result.output
        return result

    return go


def as_json(result: Result) -> Any:
    return json.loads(result.stdout)


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


def enrol(run: Run, asset: str = "A-07") -> None:
    code = as_json(run("terminal", "enrol-code", asset, "--json"))["code"]
    with opened(None) as (settings, database):
        keys = TerminalKeys.generate()
        public, sealing = b64(keys.signing.public_key), b64(keys.sealing.public)
        Terminals(database, open_keys(settings), business_clock(settings), settings.public_url).enrol(
            Enrolment(code=code, public_key=public, sealing_key=sealing, asset=asset)
        )


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
    whole = (found, f"{CODE}:00274814-00274820")
    assert run("stock", "reconcile", "A-07", "unit1", *whole, *HANDS).stdout.strip() == "BALANCED"
    assert "count-differs" in run("cases").stdout
    assert "nothing is in dispute" in run("stock", "disputes").stdout


def test_a_case_is_listed_shown_and_decided_once(run: Run, tmp_path: Path) -> None:
    (seeded,) = as_json(run("case", "list", "--json"))
    asked = run("case", "ask", seeded["case_no"], "--officer", "周审核", "--for", "灾情证明").stdout
    assert "waits for: 灾情证明" in asked
    run("case", "refuse", seeded["case_no"], "--officer", "周审核", "--reason", "材料不符")
    assert "no case waits" in run("case", "list").stdout
    taxpayer, person = FIRMS[0].taxpayer, next(p for p in PERSONAS if p.id == "he-mulan")
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).write() as work:
            key, now = PersonKey(person.kind, person.number), work.core.now
            role, fields = Role.LEGAL_REPRESENTATIVE, {"address": "云川市书院区文庙街88号"}
            made = work.core.matters.open(
                NewCase("registration.change", "k", key, taxpayer, role, "A-07", fields, now, stores.DAY)
            )
    (listed,) = as_json(run("case", "list", "--json"))
    assert (listed["case_no"], listed["state"]) == (made.case, "open")
    shown = run("case", "show", made.case).stdout
    assert "文庙街88号" in shown and "何木兰" in shown and person.number not in shown
    run("case", "pages", made.case, "--out", str(tmp_path / "pages"), "--officer", "周审核")
    run("case", "show", made.case, "--officer", "吴复核")
    with opened(None) as (settings, database):
        with ReferenceSystem(database, business_clock(settings)).read() as work:
            seen = [(one.look.who, one.look.purpose) for one in work.core.privacy.looks(key, 10)]
    logged_in = getpass.getuser()
    assert seen == [("吴复核", "case.show"), ("周审核", "case.pages"), (logged_in, "case.show")]
    assert (
        "say why" in run("case", "refuse", made.case, "--officer", "周审核", "--reason", " ", code=1).stderr
    )
    assert "staff number" in run("case", "approve", made.case, "--officer", "a;b", code=1).stderr
    done = as_json(run("case", "approve", made.case, "--officer", "周审核", "--json"))
    assert (done["state"], done["decided_by"]) == ("approved", "周审核")
    again = run("case", "refuse", made.case, "--officer", "周审核", "--reason", "太迟", code=1)
    assert "approved already" in again.stderr
    assert "no case 63" in run("case", "show", "63", code=1).stderr
    assert "no case waits" in run("case", "list").stdout
    assert made.case in run("case", "list", "--all").stdout


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
    assert "nothing is open" in run("cases").stdout
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
    assert "handover-differs" in run("cases").stdout
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


def test_an_officer_issues_serves_and_withdraws_documents(run: Run, tmp_path: Path) -> None:
    (standing,) = as_json(run("document", "list", "--json"))
    assert standing["state"] == "issued" and standing["document"] in run("document", "list").output
    text, officer = tmp_path / "text.txt", ("--officer", "于岚")
    text.write_text("请来函说明。\n\n逾期依法处理。\n", encoding="utf-8")
    issue = (
        "document",
        "issue",
        standing["taxpayer"],
        *officer,
        "--title",
        "税务事项通知书",
        "--text",
        str(text),
    )
    made = as_json(run(*issue, "--days", "15", "--json"))
    assert (made["state"], made["issued_by"], made["days"]) == ("issued", "于岚", 15)
    serve = ("document", "served", made["document"], *officer, "--on", stores.DAY.isoformat())
    assert "no way" in run(*serve, "--way", "shouted", "--note", "王某", code=1).output
    left = as_json(run(*serve, "--way", "left", "--note", "拒收，见证人王某", "--json"))
    assert (left["state"], left["way"], left["served_on"]) == ("served", "left", stores.DAY.isoformat())
    assert made["document"] in run("document", "withdraw", made["document"], *officer, code=1).output
    gone = as_json(run("document", "withdraw", standing["document"], *officer, "--json"))
    assert (gone["state"], gone["withdrawn_by"]) == ("withdrawn", "于岚") and gone["withdrawn_at"]


def test_an_officer_issues_a_payment_voucher_prints_and_withdraws_it(run: Run, tmp_path: Path) -> None:
    (standing,) = (b for b in as_json(run("bill", "list", "--json")) if b["state"] == "open")
    officer, taxpayer = ("--officer", "于岚"), standing["taxpayer"]
    refused = run("bill", "issue", taxpayer, *officer, code=1)
    assert standing["bill"] in refused.output
    assert as_json(run("bill", "withdraw", standing["bill"], *officer, "--json"))["state"] == "withdrawn"
    made = as_json(run("bill", "issue", taxpayer, *officer, "--days", "5", "--json"))
    assert (made["state"], made["dues"], made["issued_by"]) == ("open", standing["dues"], "于岚")
    one = made["dues"][0]
    run("bill", "withdraw", made["bill"], *officer)
    part = as_json(run("bill", "issue", taxpayer, *officer, "--due", one, "--json"))
    assert part["dues"] == [one]
    sheet = tmp_path / "bill.pdf"
    run("bill", "sheet", part["bill"], "--out", str(sheet))
    text = "".join(page.extract_text() for page in PdfReader(sheet).pages)
    assert part["bill"] in text and taxpayer in text and f"{part['tax_fen'] / 100:,.2f}" in text
    run("bill", "sheet", "44990026101200042185", "--out", str(sheet), code=1)
    assert part["bill"] in run("bill", "list").output
    run("bill", "withdraw", part["bill"], *officer)
    run("bill", "withdraw", part["bill"], *officer, code=1)


def test_a_voucher_of_an_officer_without_a_name_or_for_too_long_is_not_issued(run: Run) -> None:
    (standing,) = (b for b in as_json(run("bill", "list", "--json")) if b["state"] == "expired")
    run("bill", "issue", standing["taxpayer"], "--officer", "/", code=1)
    run("bill", "issue", standing["taxpayer"], "--officer", "于岚", "--days", "16", code=2)
    assert (
        as_json(run("bill", "issue", standing["taxpayer"], "--officer", "于岚", "--json"))["state"] == "open"
    )


def test_a_window_calls_serves_and_passes_over(run: Run) -> None:
    waiting = as_json(run("queue", "list", "--hall", "H-01", "--json"))
    assert waiting and {ticket["state"] for ticket in waiting} == {"waiting"}
    assert all("****" in ticket["visitor"] for ticket in waiting)
    general = [ticket["number"] for ticket in waiting if ticket["line"] == "general"]
    assert len(general) >= 2, "the city has people who wait"
    at = ("--hall", "H-01", "--window", "1")
    assert as_json(run("queue", "call", *at, "--json"))["number"] == general[0]
    assert f"{general[0]} is at window 1" in run("queue", "call", *at, code=1).stderr
    assert as_json(run("queue", "serve", *at, "--json"))["state"] == "served"
    assert general[1] in run("queue", "call", *at).stdout
    assert "did not come" in run("queue", "miss", *at).stdout
    left = [ticket["number"] for ticket in as_json(run("queue", "list", "--hall", "H-01", "--json"))]
    assert left == [ticket["number"] for ticket in waiting if ticket["number"] not in general[:2]]
    every = as_json(run("queue", "list", "--hall", "H-01", "--all", "--json"))
    assert {t["number"]: t["state"] for t in every if t["number"] in general[:2]} == {
        general[0]: "served",
        general[1]: "missed",
    }
    assert "no hall" in run("queue", "list", "--hall", "H-99", code=1).stderr


def test_booked_times_are_listed_and_a_time_is_closed(run: Run) -> None:
    at = ("--hall", "H-02", "--day", "2026-10-13")
    booked = as_json(run("queue", "appointments", *at, "--json"))
    assert booked and {a["state"] for a in booked} == {"open"}
    assert all("****" in a["visitor"] and a["told_by_phone"] for a in booked)
    morning = [a["number"] for a in booked if a["at"][11:13] < "12"]
    assert morning, "the city has people who have booked"
    closed = as_json(run("queue", "close", *at, "--from", "09:00", "--minutes", "180", "--json"))
    assert [a["number"] for a in closed] == morning and {a["state"] for a in closed} == {"closed"}
    left = as_json(run("queue", "close", *at, "--json"))
    assert [a["number"] for a in left] == [a["number"] for a in booked if a["number"] not in morning]
    assert f"{morning[0]}  09:" in run("queue", "appointments", *at).stdout
    assert "is no day" in run("queue", "appointments", "--hall", "H-02", "--day", "soon", code=1).stderr
    assert "is no time" in run("queue", "close", *at, "--from", "soon", code=1).stderr
    assert "over" in run("queue", "close", "--hall", "H-02", "--day", "2026-10-01", code=1).stderr
