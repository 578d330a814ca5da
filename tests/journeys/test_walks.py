"""The three services carried from a touch to paper, once in each language, mode and orientation that differ most."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from drivers.receipt import parse_receipt
from drivers.receipt_raster import render, to_png
from kiosk.stack import command
from ui.walk import checker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

WALKS = {
    "certificate": ["certificate.iit-record"],
    "certificate-en": ["certificate.iit-record", "--staff", "--lang", "en-US", "--orientation", "landscape"],
    "invoices": ["invoice.collect", "--staff", "--mode", "elder"],
    "declare": ["declare.vat-small"],
    "declare-offline": ["declare.vat-small", "--staff", "--offline"],
}


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Walk once a session by name; the folder of the evidence."""
    done: dict[str, Path] = {}
    base = tmp_path_factory.mktemp("walks")

    def walk(name: str) -> Path:
        if name not in done:
            out = base / name
            env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
            line = command("kiosk", "walk", *WALKS[name], "--out", str(out))
            run = subprocess.run(line, env=env, capture_output=True, text=True, timeout=380, check=False)
            (base / f"{name}.log").write_text(run.stdout + run.stderr)
            assert (out / "verdict.json").exists(), run.stdout + run.stderr
            done[name] = out
        return done[name]

    return walk


@pytest.mark.parametrize("name", WALKS)
def test_a_visitor_gets_it_done_and_all_parties_agree(walked: Callable[[str], Path], name: str) -> None:
    verdict = json.loads((walked(name) / "verdict.json").read_text())
    assert verdict["problems"] == []
    assert verdict["ok"] is True


def test_a_walk_leaves_pictures_paper_journal_and_a_contact_sheet(walked: Callable[[str], Path]) -> None:
    out = walked("certificate")
    assert len(list(out.glob("[0-9][0-9]-*.png"))) >= 10
    assert (out / "contact-sheet.png").stat().st_size > 10_000
    printed = json.loads((out / "printed" / "index.json").read_text())["items"]
    assert {item["kind"] for item in printed} == {"certificate", "slip"}


def test_the_journal_is_opened_by_the_centre_alone_after_the_wipe(walked: Callable[[str], Path]) -> None:
    out = walked("certificate")
    persona = next(
        p for p in json.loads((out / "state" / "personas.json").read_text()) if p["id"] == "li-xiulan"
    )
    number = persona["card"]["number"]
    assert number in (out / "journal.jsonl").read_text()
    for path in [*(out / "state" / "terminal" / "state").rglob("*"), *(out / "state" / "logs").glob("*.log")]:
        if path.is_file():
            assert number.encode() not in path.read_bytes(), f"{path.name} holds an ID number in the clear"


def planted(walked: Callable[[str], Path], name: str, tmp_path: Path) -> Path:
    copy = tmp_path / "evidence"
    shutil.copytree(walked(name), copy, ignore=shutil.ignore_patterns("state"))
    assert checker.check(copy) == []
    return copy


def test_a_changed_printed_figure_turns_the_verdict(walked: Callable[[str], Path], tmp_path: Path) -> None:
    copy = planted(walked, "certificate", tmp_path)
    sheet = next((copy / "printed").glob("*.pdf"))
    writer = PdfWriter(clone_from=PdfReader(sheet))
    writer.add_metadata({"/Title": "another"})
    writer.write(sheet)
    assert any("sealed" in problem for problem in checker.check(copy))


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("declare", "¥4,095.84", "¥4,095.85"),
        ("declare-offline", "¥4,095.84", "¥409,584.00"),
        ("invoices", "00270682–00270686", "00270682–00270687"),
    ],
)
def test_a_wrong_figure_on_a_slip_turns_the_verdict(
    walked: Callable[[str], Path], tmp_path: Path, name: str, right: str, wrong: str
) -> None:
    """The same slip again, one figure changed on its way to the paper."""
    copy = planted(walked, name, tmp_path)
    journal = [json.loads(line) for line in (copy / "journal.jsonl").read_text().splitlines()]
    blocks = next(
        r["body"]["data"]["blocks"] for r in journal if (r["kind"], r["phase"]) == ("slip", "intent")
    )
    changed = [{**b, "value": wrong} if b.get("value") == right else b for b in blocks]
    assert changed != blocks
    (slip,) = (copy / "printed").glob("*-slip.png")
    slip.write_bytes(to_png(render(parse_receipt(changed))))
    assert any(slip.name in problem for problem in checker.check(copy))


def test_a_second_charge_turns_the_verdict(walked: Callable[[str], Path], tmp_path: Path) -> None:
    copy = planted(walked, "declare", tmp_path)
    path = copy / "acquirer.json"
    ledger = json.loads(path.read_text())
    again = {**ledger["payments"][-1], "order_no": "ANOTHER"}
    ledger["payments"].append(again)
    path.write_text(json.dumps(ledger))
    assert any("charged" in problem for problem in checker.check(copy))


def test_a_missing_settlement_turns_the_verdict(walked: Callable[[str], Path], tmp_path: Path) -> None:
    copy = planted(walked, "invoices", tmp_path)
    path = copy / "journal.jsonl"
    lines = [
        line
        for line in path.read_text().splitlines()
        if '"settled"' not in line or "invoice.commit" not in line
    ]
    path.write_text("\n".join(lines) + "\n")
    assert any("not settled" in problem for problem in checker.check(copy))
