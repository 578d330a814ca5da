"""Every service carried from a touch to paper, some of them also in the other language, mode and orientation."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

import ui
from drivers.receipt import parse_receipt
from drivers.receipt_raster import render, to_png
from kiosk.stack import command
from tests.journeys.plan import PROMISED
from tests.shipped import CATALOGUE
from ui.walk import checker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

TOUR = {
    "certificate": "certificate.iit-record",
    "invoices": "invoice.collect",
    "declare": "declare.vat-small",
    "due": "pay.due",
    "arrears": "pay.arrears",
    "nil": "declare.zero",
    "quota": "declare.fixed-quota",
    "stamp": "declare.stamp",
    "deed": "declare.deed",
    "bought-car": "declare.vehicle-purchase",
    "car": "declare.vehicle-vessel",
    "rent": "declare.rental",
    "correction": "declare.correct",
    "settlement": "declare.iit-annual",
    "insurance": "declare.social-insurance",
    "returns": "query.declarations",
    "obligations": "query.due",
    "payments": "query.payments",
}
TOUR.update({name: name for name in CATALOGUE if name not in TOUR.values()})
"""Every service of the catalogue, one after the other at two terminals of one centre."""
ENGLISH = {
    f"english {service}": service
    for service in (
        "declare.correct",
        "document.sign-for",
        "materials.supply",
        "certificate.verify",
        "invoice.collect",
        "invoice.device",
    )
}
"""Between them they have every kind of page that a visit comes to at the terminal alone."""
WALKS = {
    "continued-en": ["invoice.issue", "--goes-on", "--lang", "en-US", "--mode", "elder"],
    "fetched-en": [
        *(
            "certificate.reissue",
            "--choose",
            "replace",
            "--choose",
            "phone",
            "--lang",
            "en-US",
            "--mode",
            "elder",
        ),
    ],
    "certificate-en": ["certificate.iit-record", "--staff", "--lang", "en-US", "--orientation", "landscape"],
    "declared-certified": ["certificate.vehicle-purchase", "--after", "declare.vehicle-purchase"],
    "over-another-core": [
        *("invoice.collect", "--firm", "91990199MA6000001K", "--lang", "en-US", "--core"),
        f"{shlex.quote(sys.executable)} -m tests.standin.core tests/standin/books.json",
    ],
    "declare-offline": ["declare.vat-small", "--staff", "--mode", "elder", "--offline"],
}
"""Each on a stack of its own."""
REFUSED = {f"refused {code}": code for code in ("unfiledPeriod", "limitReached", "notNil", "mayNotCollect")}
"""Each by another part of the centre, and one at a greyed choice; on one stack."""
Walked = Callable[[str], Path]


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Walk once a session by name; the folder of the evidence."""
    done: dict[str, Path] = {}
    base = tmp_path_factory.mktemp("walks")

    def run(name: str, *words: str) -> Path:
        if name not in done:
            out = base / name
            env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
            line = command("kiosk", "walk", *words, "--out", str(out))
            ran = subprocess.run(line, env=env, capture_output=True, text=True, timeout=1450, check=False)
            (base / f"{name}.log").write_text(ran.stdout + ran.stderr)
            done[name] = out
        return done[name]

    def walk(name: str) -> Path:
        if name in TOUR:
            out = run("tour", "--all") / TOUR[name]
        elif name in ENGLISH:
            out = run("english", *ENGLISH.values(), "--lang", "en-US", "--mode", "elder") / ENGLISH[name]
        elif name in REFUSED:
            out = (
                run("refused", *(w for code in REFUSED.values() for w in ("--refused", code))) / REFUSED[name]
            )
        else:
            out = run(name, *WALKS[name])
        assert (out / "verdict.json").exists(), "\n".join(log.read_text() for log in base.glob("*.log"))
        return out

    return walk


@pytest.mark.parametrize("name", [*TOUR, *ENGLISH, *WALKS, *REFUSED])
def test_a_visitor_gets_it_done_and_all_parties_agree(walked: Walked, name: str) -> None:
    verdict = json.loads((walked(name) / "verdict.json").read_text())
    assert verdict["problems"] == []
    assert verdict["ok"] is True


def test_the_tour_is_of_every_service_and_its_index_shows_each(walked: Walked) -> None:
    index = (walked("certificate").parent / "index.html").read_text()
    assert set(TOUR.values()) == set(CATALOGUE)
    assert f"{len(TOUR)} of {len(TOUR)} walks are good" in index
    for name, service in TOUR.items():
        pictures = [*walked(name).glob("[0-9][0-9]-*.png"), *(walked(name) / "printed").glob("*.png")]
        assert len(pictures) > 6
        assert all(f"{service}/{path.relative_to(walked(name))}" in index for path in pictures)


def test_each_kind_of_page_is_walked_in_english(walked: Walked) -> None:
    seen = {
        path.name[3:-4].partition("-")[0]
        for name in (*ENGLISH, "continued-en", "fetched-en")
        for path in walked(name).glob("[0-9][0-9]-*.png")
    }
    host = (Path(ui.__file__).parent / "qml/shell/PageHost.qml").read_text()
    kinds = set(re.findall(r'"(\w+)": \["\w+Page"', host))
    momentary, of_no_visit, pictured_as = "working", "outOfService", {"capture": "face"}
    assert {pictured_as.get(kind, kind) for kind in kinds - {momentary, of_no_visit}} <= seen


@pytest.mark.parametrize(("action", "promised"), PROMISED.items())
def test_what_an_action_of_the_plan_promises_is_walked_to_its_end(
    walked: Walked, action: int, promised: list[str]
) -> None:
    names = {service: name for name, service in TOUR.items()}
    assert set(promised) <= names.keys(), "promised and not in the catalogue"
    for service in promised:
        assert CATALOGUE[service].service.action == action
        assert json.loads((walked(names[service]) / "verdict.json").read_text())["ok"] is True, service


def test_a_walk_leaves_pictures_paper_journal_and_a_contact_sheet(walked: Walked) -> None:
    out = walked("certificate")
    assert len(list(out.glob("[0-9][0-9]-*.png"))) >= 10
    assert (out / "contact-sheet.png").stat().st_size > 10_000
    printed = json.loads((out / "printed" / "index.json").read_text())["items"]
    assert {item["kind"] for item in printed} == {"certificate", "slip"}


def test_the_journal_is_opened_by_the_centre_alone_after_the_wipe(walked: Walked) -> None:
    out = walked("certificate")
    terminals = list((out.parent / "state").iterdir())
    (personas,) = (out.parent / "state").glob("*/personas.json")
    persona = next(p for p in json.loads(personas.read_text()) if p["id"] == "li-xiulan")
    number = persona["card"]["number"]
    assert number in (out / "journal.jsonl").read_text()
    places = [*out.parent.glob("*.log")]
    for terminal in terminals:
        places += [*(terminal / "terminal" / "state").rglob("*"), *(terminal / "logs").glob("*.log")]
    for path in places:
        if path.is_file():
            assert number.encode() not in path.read_bytes(), f"{path} holds an ID number in the clear"


def planted(walked: Walked, name: str, tmp_path: Path) -> Path:
    copy = tmp_path / "evidence"
    shutil.copytree(walked(name), copy, ignore=shutil.ignore_patterns("state"))
    assert checker.check(copy) == []
    return copy


def test_a_changed_printed_figure_turns_the_verdict(walked: Walked, tmp_path: Path) -> None:
    copy = planted(walked, "certificate", tmp_path)
    sheet = next((copy / "printed").glob("*.pdf"))
    writer = PdfWriter(clone_from=PdfReader(sheet))
    writer.add_metadata({"/Title": "another"})
    writer.write(sheet)
    assert any("sealed" in problem for problem in checker.check(copy))


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("declare", r"¥4,095\.84", "¥4,095.85"),
        ("declare-offline", r"¥4,095\.84", "¥409,584.00"),
        ("invoices", r"(\d{8})–\d{8}", r"\1–00270699"),
    ],
)
def test_a_wrong_figure_on_a_slip_turns_the_verdict(
    walked: Walked, tmp_path: Path, name: str, right: str, wrong: str
) -> None:
    """The same slip again, one figure changed on its way to the paper."""
    copy = planted(walked, name, tmp_path)
    journal = [json.loads(line) for line in (copy / "journal.jsonl").read_text().splitlines()]
    blocks = next(
        r["body"]["data"]["blocks"] for r in journal if (r["kind"], r["phase"]) == ("slip", "intent")
    )
    changed = [{**b, "value": re.sub(f"^{right}$", wrong, b["value"])} if "value" in b else b for b in blocks]
    assert changed != blocks
    (slip,) = (copy / "printed").glob("*-slip.png")
    slip.write_bytes(to_png(render(parse_receipt(changed))))
    assert any(slip.name in problem for problem in checker.check(copy))


def test_a_second_charge_turns_the_verdict(walked: Walked, tmp_path: Path) -> None:
    copy = planted(walked, "declare", tmp_path)
    path = copy / "acquirer.json"
    ledger = json.loads(path.read_text())
    again = {**ledger["payments"][-1], "order_no": "ANOTHER"}
    ledger["payments"].append(again)
    path.write_text(json.dumps(ledger))
    assert any("charged" in problem for problem in checker.check(copy))


def test_a_missing_settlement_turns_the_verdict(walked: Walked, tmp_path: Path) -> None:
    copy = planted(walked, "invoices", tmp_path)
    path = copy / "journal.jsonl"
    lines = [
        line
        for line in path.read_text().splitlines()
        if '"settled"' not in line or "invoice.commit" not in line
    ]
    path.write_text("\n".join(lines) + "\n")
    assert any("not settled" in problem for problem in checker.check(copy))
