"""Open data at the command line: from what is due to a data package in a folder."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from tests.bureau.commands.shell import Run, as_json

WHY = ("--reason", "期间不对", "--reason-en", "Another period")


def test_it_is_made_opened_written_and_withdrawn(run: Run, tmp_path: Path) -> None:
    assert "vat-returns" in [one["set"] for one in as_json(run("open", "sets", "--json"))]
    assert "bureau open propose vat-returns 2026-Q2" in run("open", "due").stdout
    made = run("open", "propose", "vat-returns", "2026-Q2", "--officer", "段丽").stdout
    assert "k = 5, l = 2" in made and "another officer publishes it" in made
    name = "vat-returns-2026-Q2-1"
    assert "nothing is open yet" in run("open", "list").stdout
    assert name in run("open", "list", "--all").stdout
    shown = as_json(run("open", "show", name, "--json"))
    assert (
        sum(row["number"] for row in shown["data"])
        == shown["anonymity"]["of"] - shown["anonymity"]["left_out"]
    )
    assert "another officer" in run("open", "publish", name, "--officer", "段丽", code=1).stderr
    assert "/open/vat-returns/2026-Q2" in run("open", "publish", name, "--officer", "蒋明").stdout
    run("open", "export", name, "--out", str(tmp_path / "out"))
    assert "must be proposed" in run("open", "publish", name, "--officer", "蒋明", code=1).stderr
    described = json.loads((tmp_path / "out" / "datapackage.json").read_text("utf-8"))
    digest = sha256((tmp_path / "out" / "data.csv").read_bytes()).hexdigest()
    assert described["resources"][0]["hash"] == f"sha256:{digest}" and described["created"]
    assert "is withdrawn" in run("open", "withdraw", name, "--officer", "蒋明", *WHY).stdout
    assert [one["did"] for one in as_json(run("open", "history", name, "--json"))] == [
        "proposed",
        "published",
        "withdrawn",
    ]
    assert "期间不对" in run("open", "history", name).stdout
    again = run("open", "propose", "vat-returns", "2026-Q2", "--officer", "段丽", code=1).stderr
    assert "was open once" in again


def test_what_cannot_be_done_says_what_can(run: Run) -> None:
    assert (
        "there are: taxpayers" in run("open", "propose", "wages", "2026", "--officer", "段丽", code=1).stderr
    )
    assert (
        "write it like 2026-09" in run("open", "propose", "invoices", "9", "--officer", "段丽", code=1).stderr
    )
    early = run("open", "propose", "invoices", "2026-09", "--officer", "段丽", code=1).stderr
    assert "make it from 2026-10-31 on" in early
    assert "bureau open list --all" in run("open", "show", "nothing", code=1).stderr
    run("open", "propose", "taxpayers", "2025", "--officer", "段丽")
    export = run("open", "export", "taxpayers-2025-1", "--out", "out", code=1).stderr
    assert "only what is open is given away" in export
    assert "is refused" in run("open", "refuse", "taxpayers-2025-1", "--officer", "蒋明", *WHY).stdout
