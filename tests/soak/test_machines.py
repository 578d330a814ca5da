"""What the campaign of the state machines takes for granted."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.kept import ROOT
from tests.soak.machines import MACHINES

EXAMPLES = 3


@pytest.mark.parametrize("name", [name for name, machine in MACHINES.items() if machine.apart])
def test_a_machine_runs_nothing_of_what_it_is_kept_apart_from(name: str) -> None:
    machine, ran = MACHINES[name], set()

    def seen(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            ran.add(frame.f_code.co_filename)

    rules = machine.load()
    few = settings(rules.TestCase.settings, max_examples=EXAMPLES, database=None, phases=[Phase.generate])
    before = sys.getprofile()
    threading.setprofile(seen)
    sys.setprofile(seen)
    try:
        run_state_machine_as_test(rules, settings=few)
    finally:
        sys.setprofile(before)
        threading.setprofile(None)
    ours = {str(Path(path).relative_to(ROOT)) for path in ran if Path(path).is_relative_to(ROOT)}
    assert any(path.startswith("drivers/services/") for path in ours), (
        "nothing of the drivers was seen to run"
    )
    assert not [path for path in ours for apart in machine.apart if Path(path).is_relative_to(apart)]
