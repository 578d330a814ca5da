"""``make walks`` walks what docs/walks.md says: each service in each look, each fault, and no walk that is none."""

from __future__ import annotations

import subprocess
from itertools import product
from pathlib import Path

import pytest

import ui.walk.cli
from tests.shipped import CATALOGUE
from ui.walk.faults import FAULTS
from ui.walk.refused.table import REASONS

SCRIPT = Path(__file__).parents[3] / "scripts" / "walks.sh"


@pytest.fixture(scope="module")
def listed() -> list[str]:
    done = subprocess.run(["bash", str(SCRIPT), "--list"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_every_line_is_a_walk_and_none_is_walked_twice(listed: list[str]) -> None:
    for line in listed:
        ui.walk.cli._options([*line.split(), "--out", "out"])
    assert len(set(listed)) == len(listed)


def test_every_service_is_walked_in_each_look(listed: list[str]) -> None:
    for lang, mode, side in product(("zh-CN", "en-US"), ("standard", "elder"), ("portrait", "landscape")):
        assert f"--all --lang {lang} --mode {mode} --orientation {side}" in listed


def test_every_fault_is_walked_and_a_slip_without_paper_in_every_service(listed: list[str]) -> None:
    struck = {(line.split()[0], line.split("--fault ")[1].split()[0]) for line in listed if "--fault" in line}
    assert {fault for _, fault in struck} == FAULTS.keys() - {"none"}
    slips = {name for name, told in CATALOGUE.items() if any(s.kind == "slip" for s in told.service.steps)}
    assert slips == {service for service, fault in struck if fault == "slip-paper-out"}
    paying = {name for name, told in CATALOGUE.items() if any(s.kind == "pay" for s in told.service.steps)}
    assert paying == {service for service, fault in struck if fault == "payment-doubt"}


def test_staff_a_late_return_and_another_year_are_walked(listed: list[str]) -> None:
    assert any("--staff" in line for line in listed)
    assert "declare.vat-small --as-of 2026-11-20T10:00" in listed
    assert any(line.startswith("certificate") and "--as-of 2027" in line for line in listed)


def test_who_was_refused_and_who_collects_again_are_walked_in_both_languages(listed: list[str]) -> None:
    for walk in ("--refused all", "invoice.collect --after invoice.check-used"):
        assert {walk, f"{walk} --lang en-US --mode elder"} <= set(listed)


def test_an_invoice_without_a_code_is_walked_under_the_camera_and_in_the_scanner(listed: list[str]) -> None:
    assert {line.split()[2] for line in listed if " --torn " in line} == {"camera", "scanner"}


def test_the_documents_give_the_number_of_walks(listed: list[str]) -> None:
    tours = sum(line.startswith("--all") for line in listed)
    refused = sum(line.startswith("--refused all") for line in listed)
    walks = tours * len(CATALOGUE) + refused * len(REASONS) + len(listed) - tours - refused
    assert f"{walks} walks" in (SCRIPT.parents[1] / "docs" / "walks.md").read_text()
