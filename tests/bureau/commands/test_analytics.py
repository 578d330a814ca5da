"""What the halls' days look like, at the command line: as text, JSON and CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.bureau.commands.shell import Run, as_json

OF = ("--from", "2026-10-05", "--to", "2026-10-11")


@pytest.mark.parametrize(
    "report", ["days", "hours", "ways", "services", "why", "waiting", "terminals", "topics", "ratings"]
)
def test_every_report_is_there_as_text_json_and_csv(run: Run, report: str) -> None:
    of = OF[2:] if report == "topics" else OF
    rows = as_json(run("analytics", "show", report, *of, "--json"))
    lines = list(csv.DictReader(run("analytics", "show", report, *of, "--csv").stdout.splitlines()))
    assert len(lines) == len(rows)
    text = run("analytics", "show", report, *of).stdout
    assert text.count("\n") == max(1, len(rows))
    if rows:
        assert list(lines[0]) == list(rows[0])
    else:
        assert "nothing was counted" in text
    assert rows or report in ("hours", "ways", "services", "why", "terminals", "ratings")


def test_a_service_is_shown_step_by_step_also_when_nobody_used_it(run: Run) -> None:
    assert as_json(run("analytics", "show", "steps", "pay.due", *OF, "--json")) == []


def test_what_cannot_be_shown_is_told(run: Run) -> None:
    assert "there are: days, hours" in run("analytics", "show", "nothing", code=1).stderr
    assert "name a service" in run("analytics", "show", "steps", *OF, code=1).stderr
    assert "is no day" in run("analytics", "show", "days", "--to", "soon", code=1).stderr
    assert (
        "exchange them"
        in run("analytics", "show", "days", "--from", "2026-10-12", "--to", "2026-10-01", code=1).stderr
    )
    assert "choose a later" in run("analytics", "show", "days", "--from", "2020-01-01", code=1).stderr


def test_a_feed_is_taken_in(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "hotline.csv"
    file.write_text("day,topic,number\n2026-10-10,发票,40\n2026-10-02,发票,2\n")
    assert as_json(run("analytics", "feed", str(file), "--name", "12366", "--json"))["lines"] == 2
    found = as_json(run("analytics", "show", "topics", "--to", "2026-10-11", "--json"))
    assert (found[0]["source"], found[0]["week"], found[0]["rises"]) == ("feed:12366", 40, True)
    file.write_text("day,topic,number\nyesterday,发票,40\n")
    assert "line 2" in run("analytics", "feed", str(file), "--name", "12366", code=1).stderr


def test_a_topic_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "hotline.csv"
    file.write_text("day,topic,number\n2026-10-10,=1+1,4\n")
    run("analytics", "feed", str(file), "--name", "12366")
    told = run("analytics", "show", "topics", "--to", "2026-10-11", "--csv").stdout
    assert ",'=1+1," in told
    assert ",=1+1," not in told
