"""What is typed wrongly at the bench is refused at once, in words, before the device program is asked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from typer.testing import CliRunner

from drivers.bench_advice import advice
from drivers.cli import app
from drivers.cli_record import _File, _tried
from drivers.client import DeviceHub
from drivers.ports import DeviceState

LOAD = {
    "--unit": "unit1",
    "--code": "053002600104",
    "--kind": "04",
    "--first": "00012301",
    "--last": "00012320",
}


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--code", "05300260010", "the 10 or 12 digits"),
        ("--kind", "vat-ordinary", "04 ordinary"),
        ("--kind", "05", "write one of 01 special"),
        ("--first", "12301", "the eight digits"),
        ("--last", "0001232０", "the eight digits"),
    ],
)
def test_numbers_of_invoices_are_typed_as_they_are_printed(option: str, value: str, words: str) -> None:
    typed = [word for pair in {**LOAD, option: value}.items() for word in pair]
    result = CliRunner().invoke(app, ["load", *typed])
    assert result.exit_code == 2
    assert option in result.stderr and words in " ".join(result.stderr.split())


def test_whether_a_payment_was_charged_is_said_by_whoever_enters_it_and_by_nobody_else() -> None:
    result = CliRunner().invoke(app, ["resolve", "P-1"])
    words = " ".join(result.stderr.replace("│", " ").split())
    assert result.exit_code == 2 and "--charged when it has the payment" in words
    assert "--not-charged when it has none. Without a statement enter nothing" in words


def test_that_no_payment_is_in_doubt_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.cli.with_hub", lambda settings, act: [])
    config = tmp_path / "devices.toml"
    config.write_text(SILENT.format(state=tmp_path), "utf-8")
    result = CliRunner().invoke(app, ["unresolved", "-c", str(config)])
    assert (result.exit_code, result.stdout) == (0, "no card payment is in doubt\n")


@pytest.mark.parametrize("command", [["identify", "ups"], ["record", "ups", "-o", "nowhere.jsonl"]])
def test_no_time_at_all_is_refused(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, [*command, "--seconds", "0"])
    assert result.exit_code == 2 and "--seconds" in result.stderr
    assert not list(tmp_path.iterdir())


RECORDINGS = Path(__file__).parent / "recordings"


def changed(tmp_path: Path, change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Path:
    """The recording of a jam, each line changed or left out."""
    texts = (RECORDINGS / "escpos-serial-jam.jsonl").read_text("utf-8").splitlines()
    rest = [json.dumps(line) for text in texts[1:] if (line := change(json.loads(text)))]
    file = tmp_path / "changed.jsonl"
    file.write_text("\n".join([texts[0], *rest]) + "\n", "utf-8")
    return file


def replayed(file: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["replay", str(file)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_a_recording_in_which_nothing_was_asked_is_not_called_ok(tmp_path: Path) -> None:
    file = changed(tmp_path, lambda line: None if line.keys() & {"call", "done"} else line)
    code, told = replayed(file)
    assert code == 3 and "nothing was asked of the driver" in told and "ok" not in told.split()


def test_a_call_that_did_not_end_before_the_recording_did_is_told_by_its_name(tmp_path: Path) -> None:
    file = changed(tmp_path, lambda line: None if "done" in line else line)
    code, told = replayed(file)
    assert code == 3 and "the call 'print_receipt' did not end before the recording did" in told
    assert "nothing was asked" not in told and "ok" not in told.split()
    result = CliRunner().invoke(app, ["replay", "--json", str(file)])
    assert json.loads(result.stdout)["unended"] == ["print_receipt"]


def test_a_file_that_cannot_be_played_keeps_no_other_from_its_verdict(tmp_path: Path) -> None:
    unread, well = tmp_path / "picture", RECORDINGS / "barcode-serial-read.jsonl"
    unread.write_bytes(b"\xff\xd8")
    unplayed = tmp_path / "blank.jsonl"
    unplayed.write_text(
        '{"recording": 1, "driver": "mrz-serial", "role": "mrzReader", "transport": "serial"}\n', "utf-8"
    )
    given = ["replay", str(unread), str(unplayed), str(well)]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 1 and f"ok     {well}" in result.stdout
    assert [line.partition(": ")[0] for line in result.stderr.splitlines()] == [
        f"{unread} is no recording",
        str(unplayed),
    ]
    assert "for reading" in result.stderr
    rows = [json.loads(row) for row in CliRunner().invoke(app, [*given, "--json"]).stdout.splitlines()]
    assert [(row["file"], row["same"]) for row in rows] == [
        (str(unread), False),
        (str(unplayed), False),
        (str(well), True),
    ]
    assert "error" in rows[1] and "error" not in rows[2]


@pytest.mark.parametrize("arguments", [None, [{}], 7, [{"seconds": "soon"}, 1], [1, 2, 3, 4, 5]])
def test_a_call_without_what_it_takes_is_told_in_words(tmp_path: Path, arguments: object) -> None:
    file = changed(tmp_path, lambda line: {**line, "with": arguments} if "call" in line else line)
    code, told = replayed(file)
    assert code == 1 and "the call 'print_receipt'" in told and "record it anew" in told


@pytest.mark.parametrize("name", ["snapshot", "_write", "no_such_call"])
def test_what_is_no_call_of_the_driver_is_not_made(tmp_path: Path, name: str) -> None:
    file = changed(tmp_path, lambda line: {**line, "call": name} if "call" in line else line)
    assert replayed(file)[0] == 1


def test_a_last_line_that_a_power_cut_left_half_written_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "cut.jsonl"
    whole = (RECORDINGS / "escpos-serial-jam.jsonl").read_text("utf-8")
    file.write_text(whole + '{"t": 99.5, "in": "00', "utf-8")
    assert replayed(file)[0] == 0
    file.write_text('{"t": 99.5\n' + whole, "utf-8")
    code, told = replayed(file)
    assert code == 1 and "line 1 is none of a recording" in told


def test_what_is_no_recording_at_all_is_told_with_what_to_do(tmp_path: Path) -> None:
    code, told = replayed(tmp_path / "none.jsonl")
    assert code == 1 and "name a file that `kiosk devices record` wrote" in told
    (tmp_path / "picture").write_bytes(b"\xff\xd8")
    assert "not UTF-8" in replayed(tmp_path / "picture")[1]


def test_every_state_that_is_not_well_has_advice() -> None:
    states = {state.value for state in DeviceState} | {"unknown"}
    well = {"online", "deviceBusy"}
    assert {state for state in states if not advice("ups", state)} == well
    assert "kiosk devices reset ups" in advice("ups", "hardwareError")


SILENT = 'state_dir = "{state}"\n[[services]]\nrole = "idReader"\ndriver = "sam-v"\noptions = {{ port = "/dev/none" }}\n'


@pytest.mark.parametrize("came", [0, 2])
def test_a_recording_that_ctrl_c_ends_is_told_with_what_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, came: int
) -> None:
    config, out = tmp_path / "devices.toml", tmp_path / "idle.jsonl"
    config.write_text(SILENT.format(state=tmp_path), "utf-8")

    async def write(hub: object, role: str, file: _File, seconds: float, trial: bool) -> None:
        for _ in range(came):
            file.put('{"t": 1, "opened": true}')
        raise KeyboardInterrupt

    monkeypatch.setattr("drivers.cli_record._write", write)
    monkeypatch.setattr("drivers.cli_record.with_hub", lambda settings, act: asyncio.run(act(None)))
    given = ["record", "idReader", "-o", str(out), "-c", str(config), "--test"]
    result = CliRunner().invoke(app, given)
    assert out.exists() == bool(came)
    words = f"{came} lines in" if came else "nothing passed the line, so no file is left"
    assert (result.exit_code, words in result.output) == (0 if came else 3, True), result.output


@pytest.mark.parametrize(
    ("role", "seconds", "warned"), [("idReader", "10", True), ("idReader", "30", False), ("ups", "10", False)]
)
def test_a_recording_shorter_than_its_trial_waits_is_told_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str, seconds: str, warned: bool
) -> None:
    config, out = tmp_path / "devices.toml", tmp_path / "short.jsonl"
    config.write_text(SILENT.format(state=tmp_path).replace("idReader", role), "utf-8")

    def nobody(settings: object, act: object) -> None:
        raise ConnectionError("the device program does not run")

    monkeypatch.setattr("drivers.cli_record.with_hub", nobody)
    given = ["record", role, "-o", str(out), "-c", str(config), "--test", "-s", seconds]
    result = CliRunner().invoke(app, given)
    words = f"--seconds {seconds} is too short for --test, which waits 20 s for a hand"
    assert (words in result.stderr.partition("the device program")[0]) is warned, result.stderr


@pytest.mark.parametrize("there", [True, False])
async def test_a_hand_is_asked_for_when_the_device_is_there_and_not_before(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], there: bool
) -> None:
    said: list[str] = []

    async def connected(hub: object, role: str) -> bool:
        assert not capsys.readouterr().out
        return there

    async def try_out(hub: object, role: str, *, paper: bool, hand: bool) -> None:
        said.append(capsys.readouterr().out)

    monkeypatch.setattr("drivers.bench.connected", connected)
    monkeypatch.setattr("drivers.bench.try_out", try_out)
    await _tried(cast(DeviceHub, None), "idReader")
    assert ("lay an ID card on the reader" in said[0]) == there


@pytest.mark.parametrize("command", [["test", "idReader"], ["record", "idReader", "--test", "-o", "x.jsonl"]])
def test_nobody_lays_a_card_down_for_a_program_that_does_not_run(
    tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    config = tmp_path / "devices.toml"
    config.write_text(f"port = {unused_tcp_port}\n" + SILENT.format(state=tmp_path), "utf-8")
    result = CliRunner().invoke(app, [*command, "-c", str(config)])
    assert result.exit_code == 1 and "systemctl start kiosk-devices" in result.output
    assert "lay an ID card" not in result.output


@pytest.mark.parametrize(
    "command", [["status"], ["stock"], ["care"], ["test", "ups"], ["list"], ["bind", "--no-probe"]]
)
def test_a_newcomer_without_a_cabinet_is_told_what_to_write(tmp_path: Path, command: list[str]) -> None:
    config = tmp_path / "devices.toml"
    config.write_text(f'state_dir = "{tmp_path}"\n', "utf-8")
    result = CliRunner().invoke(app, [*command, "-c", str(config)])
    words = "no service of devices.toml" if command[0] == "bind" else "describe the cabinet in devices.toml"
    assert words in result.stderr and "tokens.json" not in result.stderr
    assert result.exit_code == (0 if command[0] in ("list", "bind") else 78)


def test_a_driver_that_nobody_has_is_told_by_the_list_and_refused_at_the_start(
    tmp_path: Path, unused_tcp_port: int
) -> None:
    config = tmp_path / "devices.toml"
    service = '[[services]]\nrole = "idReader"\ndriver = "sam-x"\noptions = { port = "/dev/ttyS9" }\n'
    config.write_text(f'state_dir = "{tmp_path}"\nport = {unused_tcp_port}\n{service}', "utf-8")
    listed = CliRunner().invoke(app, ["list", "--json", "-c", str(config)])
    (row,) = json.loads(listed.stdout)["services"]
    assert (row["status"], row["cause"].split(";")[0]) == ("notRunning", "there is no driver 'sam-x'")
    started = CliRunner().invoke(app, ["run", "-c", str(config)])
    assert started.exit_code == 78 and "there is no driver 'sam-x'; choose one of" in started.stderr
