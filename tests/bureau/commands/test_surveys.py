"""Surveys at the command line: from the proposal in a file to its results."""

from __future__ import annotations

from pathlib import Path

from tests.bureau.commands.shell import Run, as_json
from tests.bureau.engine.test_surveys import PROPOSAL


def test_it_is_proposed_published_and_closed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "door.yaml"
    file.write_text(PROPOSAL, "utf-8")
    done = as_json(run("survey", "propose", str(file), "--officer", "周审核", "--json"))
    assert (done["survey"], done["state"], done["decided_by"]) == ("door", "proposed", None)
    assert "another officer" in run("survey", "publish", "door", "--officer", "周审核", code=1).stderr
    assert "until 2026-10-20" in run("survey", "publish", "door", "--officer", "吴批准").stdout
    assert "door" in [one["survey"] for one in as_json(run("survey", "list", "--json"))]
    assert "门重吗？" in run("survey", "show", "door").stdout
    why = ("--reason", "门已经换了", "--reason-en", "There is another door")
    assert "is closed" in run("survey", "close", "door", "--officer", "周审核", *why).stdout
    trail = as_json(run("survey", "history", "door", "--json"))
    assert [one["did"] for one in trail] == ["proposed", "published", "closed"]
    assert "门已经换了" in run("survey", "history", "door").stdout
    again = run("survey", "refuse", "opening-hours", "--officer", "周审核", *why)
    assert "is refused" in again.stdout
    assert "no survey" in run("survey", "show", "nothing", code=1).stderr


def test_results_have_counts_and_words_and_the_look_is_kept(run: Run) -> None:
    found = as_json(run("survey", "results", "hall-service", "--officer", "段丽", "--json"))
    assert found["answers"] == 64 and sum(found["questions"][0]["chosen"].values()) == 64
    assert sum(hall["answers"] for hall in found["halls"].values()) + found["elsewhere"] == 64
    told = run("survey", "results", "hall-service", "--officer", "段丽").stdout
    assert "今天等了多久？  (64 of 64)" in told and "“字再大一点就好了”" in told
    assert [e["did"] for e in as_json(run("survey", "history", "hall-service", "--json"))][-2:] == [
        "read",
        "read",
    ]


def test_a_file_that_is_none_says_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "door.yaml"
    file.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in run("survey", "propose", str(file), "--officer", "周审核", code=1).stderr
    file.write_bytes(b"#" * 70_000)
    assert "more than" in run("survey", "propose", str(file), "--officer", "周审核", code=1).stderr
