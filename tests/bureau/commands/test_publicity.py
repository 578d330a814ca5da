"""Published cases at the command line: entered, published, their end asked for and confirmed."""

from __future__ import annotations

from pathlib import Path

from tests.bureau.commands.shell import Run, as_json
from tests.bureau.engine.test_publicity import FIRM, PERSON


def test_it_is_entered_published_and_taken_off(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(FIRM, "utf-8")
    done = as_json(run("publicity", "enter", str(file), "--officer", "周审核", "--json"))
    number = done["case_no"]
    assert (done["state"], done["due_by"]) == ("entered", "2026-11-15")
    assert number in run("publicity", "list").stdout, "it waits for an officer"
    assert "another officer" in run("publicity", "publish", number, "--officer", "周审核", code=1).stderr
    assert "until 2029-10-12" in run("publicity", "publish", number, "--officer", "吴批准").stdout
    asked = ("publicity", "withdraw", number, "--ground", "merits", "--officer", "周审核")
    why = ("--reason", "理由不足", "--reason-en", "Not enough")
    assert "another officer" in run(*asked).stdout
    assert "stays published" in run("publicity", "keep", number, "--officer", "吴批准", *why).stdout
    assert as_json(run(*asked, "--json"))["ground"] == "merits"
    assert "taken off" in run("publicity", "confirm", number, "--officer", "吴批准").stdout
    trail = as_json(run("publicity", "history", number, "--json"))
    assert [one["did"] for one in trail] == [
        "entered", "published", "removal-asked", "kept", "removal-asked", "removed",
    ]  # fmt: skip
    assert "理由不足" in run("publicity", "history", number).stdout
    assert "removed" in run("publicity", "list", "--all").stdout
    file.write_text(PERSON, "utf-8")
    person = as_json(run("publicity", "enter", str(file), "--officer", "周审核", "--json"))["case_no"]
    refused = run("publicity", "refuse", person, "--settled", "--officer", "吴批准", *why)
    assert "is not published" in refused.stdout
    assert "no case" in run("publicity", "history", "7", code=1).stderr
    file.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in run("publicity", "enter", str(file), "--officer", "周审核", code=1).stderr
    file.write_bytes(b"#" * 70_000)
    assert "more than" in run("publicity", "enter", str(file), "--officer", "周审核", code=1).stderr
