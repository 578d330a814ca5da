"""A fault that was asked for must have left its trace, else the walk shows nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui.walk.faults import FAULTS, Trace
from ui.walk.walk import _traces

MET = {
    "slip-paper-out": ("done-no-slip", None),
    "jam": ("dispense-problem", ("dispense", {"cause": "mediaJammed", "delivered": 2})),
    "wrong-number": ("dispense-problem", ("dispense", {"cause": "numberMismatch"})),
    "double-feed": ("dispense-problem", ("dispense", {"cause": "doubleFeed"})),
    "not-taken": ("dispense-problem", ("dispense", {"cause": "notTaken"})),
    "not-paid": ("pay-expired", ("payment.create", {"state": "expired"})),
    "payment-doubt": ("pay-doubt", ("payment.create", {"state": "doubt", "order": "O1"})),
    "card-declined": ("pay-declined", ("charge", {"state": "declined", "why": "insufficientFunds"})),
    "card-unplugged": ("pay-doubt", ("charge", {"state": "paid", "order": "O1"})),
    "card-power-cut": ("pay-doubt", ("charge", {"state": "ended", "why": "powerLost"})),
    "card-reversed": ("pay-declined", ("charge", {"state": "declined", "why": "reversed"})),
    "debit-short": ("pay-declined", ("payment.create", {"state": "declined", "why": "insufficientFunds"})),
    "debit-account-closed": (
        "pay-declined",
        ("payment.create", {"state": "declined", "why": "accountClosed"}),
    ),
    "debit-doubt": ("pay-doubt", ("payment.create", {"state": "doubt", "order": "O1"})),
    "ukey-pulled": ("ukey-again", ("device.unlock", {"state": "accepted"})),
}
UNDISTURBED = ["01-attract.png", "02-pay-waiting.png", "03-dispense-take.png", "04-done.png"]


def journal(folder: Path, *outcomes: tuple[str, dict[str, object]] | None) -> Path:
    rows = [{"kind": o[0], "phase": "outcome", "body": o[1]} for o in outcomes if o is not None]
    (folder / "journal.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return folder


def test_each_fault_but_none_names_its_trace() -> None:
    assert {name for name, fault in FAULTS.items() if fault.trace} == FAULTS.keys() - {"none"} == MET.keys()


@pytest.mark.parametrize("name", MET)
def test_a_fault_that_was_met_is_recognised(tmp_path: Path, name: str) -> None:
    page, outcome = MET[name]
    assert _traces(name, ["01-attract.png", f"09-{page}.png"], journal(tmp_path, outcome)) == []


@pytest.mark.parametrize("name", MET)
def test_a_visit_that_went_well_has_no_trace_of_it(tmp_path: Path, name: str) -> None:
    well = [
        ("slip", {"outcome": "printed"}),
        ("dispense", {"cause": None}),
        ("payment.create", {"state": "paid"}),
    ]
    (problem,) = _traces(name, UNDISTURBED, journal(tmp_path, *well))
    assert problem.startswith(f"the fault {name} did not happen: the page")


@pytest.mark.parametrize("name", MET)
def test_the_page_alone_is_not_enough(tmp_path: Path, name: str) -> None:
    other = [
        ("slip", {"outcome": "printed"}),
        ("dispense", {"cause": "x"}),
        ("payment.create", {"state": "paid"}),
        ("charge", {"state": "expired"}),
    ]
    (problem,) = _traces(name, [f"09-{MET[name][0]}.png"], journal(tmp_path, *other))
    assert "the journal has" in problem


def test_no_fault_leaves_nothing_to_look_for(tmp_path: Path) -> None:
    assert _traces("none", UNDISTURBED, journal(tmp_path)) == []


def test_a_page_is_not_taken_for_one_whose_name_ends_alike() -> None:
    assert Trace("doubt").missing(["03-doubt.png"], []) == ""
    assert Trace("done-no-slip").missing(["03-done.png"], [])
