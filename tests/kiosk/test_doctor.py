"""``kiosk doctor`` as a whole: what it prints, and how it ends."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import doctor
from kiosk.checks.finding import Level, fault, note, ok

FINDINGS = [
    fault("bureau", "does not answer", "check the cable"),
    ok("python", "Python"),
    note("clock", "?", "ntp"),
]


def test_the_worst_is_written_last_and_the_exit_status_says_so() -> None:
    out = io.StringIO()
    assert doctor.report(FINDINGS, as_json=False, quiet=False, out=out) == 1
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["ok", "note", "->", "FAULT", "->", "1"]
    assert lines[-1] == "1 to mend, 1 to know, 1 in order"


def test_notes_alone_are_healthy() -> None:
    assert doctor.report(FINDINGS[1:], as_json=False, quiet=False, out=io.StringIO()) == 0


def test_quiet_tells_what_must_be_mended_alone() -> None:
    out = io.StringIO()
    assert doctor.report(FINDINGS[1:], as_json=False, quiet=True, out=out) == 0
    assert out.getvalue() == ""


def test_json_is_for_programs() -> None:
    out = io.StringIO()
    assert doctor.report(FINDINGS, as_json=True, quiet=False, out=out) == 1
    told = json.loads(out.getvalue())
    assert told["healthy"] is False
    assert told["findings"][0] == {
        "check": "bureau",
        "level": "fault",
        "what": "does not answer",
        "fix": "check the cable",
    }


def test_settings_that_cannot_be_used_are_findings_and_the_rest_is_still_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('profle = "x"\n[bureau]\nurl = 1\n', encoding="utf-8")
    seen = []
    monkeypatch.setattr(doctor, "doctor", lambda terminal, devices: seen.append((terminal, devices)) or [])
    found = list(doctor.examine(path, None, {"HOME": str(tmp_path)}))
    assert [f.level for f in found] == [Level.FAULT, Level.FAULT]
    assert f"{path}: profle: is not a setting" in {f.what for f in found}
    assert seen[0][0] is None
    assert seen[0][1] is not None


def test_a_check_that_breaks_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setattr(doctor, "checks", lambda t, d: iter([broken, lambda: [ok("x", "fine")]]))
    assert [f.level for f in doctor.doctor(None, None)] == [Level.FAULT, Level.OK]


def test_a_wrong_command_line_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main(["--no-such"]) == 2
    assert doctor.main(["--help"]) == 0
    assert "--json" in capsys.readouterr().out


def test_the_command_runs_on_this_machine_without_loading_qt(tmp_path: Path) -> None:
    code = """import sys
from kiosk import doctor
status = doctor.main(["--json"])
assert "PySide6" not in sys.modules
sys.exit(status)"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 1, done.stderr
    told = {f["check"]: f["level"] for f in json.loads(done.stdout)["findings"]}
    assert told["enrolment"] == "fault"
    assert told["qt"] == told["opencv"] == told["sqlite"] == "ok"
