from __future__ import annotations

import logging
import threading
import time

import pytest

from bureau.engine.housekeeping import Chore, Housekeeping
from bureau.errors import AcquirerUnreachable


def test_trouble_is_logged_when_it_begins_and_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kiosk.bureau")
    failing = True

    def work() -> None:
        if failing:
            raise AcquirerUnreachable("test")

    chore = Chore("resolver", 1.0, work)
    for _ in range(3):
        chore.do()
    failing = False
    for _ in range(2):
        chore.do()
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "fails" in caplog.messages[0] and "works again" in caplog.messages[1]
    assert not caplog.records[0].exc_info


def test_one_failing_chore_does_not_stop_the_others() -> None:
    done = threading.Event()

    def broken() -> None:
        raise RuntimeError("ours")

    chores = Housekeeping([Chore("broken", 0.0, broken), Chore("good", 0.0, done.set)])
    chores.start()
    assert done.wait(10)
    chores.stop()


def test_stopping_before_it_began_is_fine() -> None:
    Housekeeping([]).stop()


def test_a_chore_that_does_not_end_is_waited_for_only_so_long() -> None:
    begun, over = threading.Event(), threading.Event()

    def endless() -> None:
        begun.set()
        over.wait(60)

    chores = Housekeeping([Chore("endless", 0.0, endless)], patience_s=0.2)
    chores.start()
    assert begun.wait(10)
    before = time.monotonic()
    chores.stop()
    assert time.monotonic() - before < 20 and not over.is_set()
    over.set()
