"""A transaction that the database undid in favour of another is run again as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from bureau.errors import StoreConflict

TRIES: Final = 3
Result = TypeVar("Result")


def run_again(work: Callable[[], Result]) -> Result:
    """What ``work`` gives; ``work`` is one transaction from its beginning to its end.

    Raises ``StoreConflict`` when it was undone three times.
    """
    for _ in range(1, TRIES):
        try:
            return work()
        except StoreConflict:  # chosen as a deadlock's victim: nothing was done
            continue
    return work()
