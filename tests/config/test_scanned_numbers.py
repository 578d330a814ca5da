"""Numbers that forms ask for: each stands in the table of docs/service-files.md, and what a paper says as a code is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.catalogue.models import FormRowModel, FormStep, Input, ScanStep, Service
from tests.shipped import CATALOGUE

TABLE = Path(__file__).parents[2] / "docs" / "service-files.md"
NUMBERS = {
    Input.DIGITS,
    Input.ACCOUNT,
    Input.LETTERS,
    Input.USCC,
    Input.ID,
    Input.VIN,
    Input.PLATE,
    Input.NOTICE_CODE,
}
ACTIONS = range(4, 12)
OURS = {
    "证明编号": "certificate",
    "验证码": "certificate",
    "发票号码": "invoice",
    "校验码": "invoice",
    "受理编号": "number",
    "申报受理编号": "number",
    "缴款凭证号码": "voucher",
    "缴款码": "notice",
    "奖券号码": "ticket",
}
"""What the numbers that our own papers carry as a code are called in forms, and what reads them."""


def asked(service: Service) -> Iterator[tuple[FormStep, FormRowModel]]:
    for step in service.steps:
        if isinstance(step, FormStep):
            yield from ((step, r) for r in step.rows if r.editable != "no" and r.input in NUMBERS)


def read_by(service: Service, row: FormRowModel) -> str:
    """What the scan step reads that the row is prefilled from; empty: none."""
    heads = [place.partition(".")[0] for place in (row.scanned, row.value) if place]
    scans = {step.id: step.reads for step in service.steps if isinstance(step, ScanStep)}
    return next((scans[head] for head in heads if head in scans), "")


def table() -> dict[tuple[str, str], str]:
    """Service and field, and what the table says reads it; empty where it says why not."""
    part = TABLE.read_text(encoding="utf-8").partition("### Which numbers are read")[2].partition("\n## ")[0]
    found: dict[tuple[str, str], str] = {}
    for line in part.splitlines():
        if not line.startswith("| `"):
            continue
        fields, _, how = line.strip("| ").split(" | ")
        service, *rows = re.findall("`([^`]+)`", fields)
        reads = re.match("`([a-z]+)`", how)
        for row in rows:
            assert (service, row) not in found, f"{service} {row} stands twice"
            found[service, row] = reads[1] if reads else ""
    return found


ROWS = [
    (service.id, f"{step.id}.{row.id}", row.label["zh-CN"], read_by(service, row))
    for service in (CATALOGUE[name].service for name in CATALOGUE)
    if service.action in ACTIONS
    for step, row in asked(service)
]


def test_the_table_names_every_number_that_is_asked_for_and_what_reads_it() -> None:
    assert table() == {(service, row): reads for service, row, _, reads in ROWS}


@pytest.mark.parametrize(("service", "row", "label", "reads"), [r for r in ROWS if r[2] in OURS])
def test_a_number_that_our_own_papers_carry_as_a_code_is_read_from_it(
    service: str, row: str, label: str, reads: str
) -> None:
    assert reads == OURS[label], f"{service} has {row} typed: give it a scan step"
