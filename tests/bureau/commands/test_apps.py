"""Official software at the command line: from the proposal in a file to its withdrawal."""

from __future__ import annotations

from pathlib import Path

from tests.bureau.commands.shell import Run, as_json
from tests.bureau.engine.test_apps import PROPOSAL


def test_it_is_proposed_reviewed_published_and_withdrawn(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "stamp.yaml"
    file.write_text(PROPOSAL, "utf-8")
    done = as_json(run("apps", "propose", str(file), "--officer", "周审核", "--json"))
    assert (done["app"], done["state"], done["reviewed_by"]) == ("stamp-helper", "proposed", None)
    entry = ("stamp-helper", "1.0")
    said = ("--finding", "已核查", "--finding-en", "Checked")
    assert "another officer" in run("apps", "review", *entry, "--officer", "周审核", *said, code=1).stderr
    assert "is reviewed" in run("apps", "review", *entry, "--officer", "吴批准", *said).stdout
    assert "is published" in run("apps", "publish", *entry, "--officer", "吴批准").stdout
    listed = [(one["app"], one["version"]) for one in as_json(run("apps", "list", "--json"))]
    assert entry in listed and ("export-helper", "0.9.0") not in listed
    why = ("--reason", "停止维护", "--reason-en", "No longer maintained")
    assert (
        as_json(run("apps", "withdraw", *entry, "--officer", "周审核", *why, "--json"))["state"]
        == "withdrawn"
    )
    trail = as_json(run("apps", "history", "stamp-helper", "--json"))
    assert [(one["did"], one["officer"]) for one in trail] == [
        ("proposed", "周审核"), ("reviewed", "吴批准"), ("published", "吴批准"), ("withdrawn", "周审核"),
    ]  # fmt: skip
    assert "停止维护" in run("apps", "history", "stamp-helper").stdout
    assert "no software" in run("apps", "history", "nothing", code=1).stderr
    assert "export-helper" in run("apps", "list", "--all").stdout


def test_a_file_that_is_none_says_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "stamp.yaml"
    file.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in run("apps", "propose", str(file), "--officer", "周审核", code=1).stderr
    file.write_bytes(b"#" * 70_000)
    assert "more than" in run("apps", "propose", str(file), "--officer", "周审核", code=1).stderr
