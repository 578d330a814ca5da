"""A driver is killed by SIGSEGV, or stands still by SIGSTOP, in mid-command: the visit ends in a clear state.

The whole stack runs: centre, cabinet, device program with its drivers apart, the screen in this process. While a
driver dies no call waits in the Qt thread, the other drivers keep their processes, and the one that died comes back
with no hand.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_QUICK_BACKEND", "software")

from drivers.hosting import SILENT_S
from tests.soak.hall import BACK_WITHIN_S, Hall, Upon
from ui.walk.touch import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    hall = Hall(tmp_path_factory.mktemp("hall"))
    try:
        hall.open()
        yield hall
    finally:
        hall.close()


STILL_S = SILENT_S / 2
"""A screen that waited for a driver that stands still would stand until the watch has killed it, ``SILENT_S`` at least."""
CASES = {
    "camera": ("FaceCamera", "capture", "looking"),
    "document printer": ("DocumentPrinter", "print", "printing"),
    "ID card reader": ("IdCardReader", "identify", "reading"),
}


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGSTOP], ids=["SIGSEGV", "SIGSTOP"])
@pytest.mark.parametrize("case", CASES)
def test_a_driver_that_dies_in_mid_command_takes_nothing_with_it(
    hall: Hall, case: str, number: signal.Signals
) -> None:
    service, kind, state = CASES[case]
    before = hall.drivers()
    struck: list[int] = []
    visit = hall.visit(
        hall.wish("certificate.iit-record"),
        Upon(kind, state, lambda hall: struck.append(hall.strike(service, number))),
    )
    assert struck == [before[service]], f"{case} was not struck; the visit passed {visit.trail}"
    assert visit.clear, (visit.lost, visit.ended, visit.trail)
    assert hall.waits.count == 0, hall.waits.places
    # A lock taken in C is seen by no instrument but this: the picture went on while the driver was dead.
    assert max(visit.gaps) < STILL_S, f"the Qt thread stood still for {max(visit.gaps):.1f} s"
    # A visitor who is quick may be gone before the watch has seen that the process stands still.
    wait_until(
        lambda: hall.drivers().get(service, before[service]) != before[service] and hall.all_online(),
        BACK_WITHIN_S,
        f"{service} in a new process",
    )
    after = hall.drivers()
    others = before.keys() - {service}
    assert {name: after[name] for name in others} == {name: before[name] for name in others}
    assert not Path(f"/proc/{struck[0]}").exists(), "the process that was struck is still there"
