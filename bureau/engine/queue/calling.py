"""What the windows do: call the next, have served, pass over who did not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bureau.engine.queue.rules import Window, rules
from bureau.engine.queue.taking import shown
from bureau.engine.queue.waiting import hall_now
from bureau.engine.subjects import today
from bureau.errors import QueueRefused
from bureau.ports.core import Core
from bureau.ports.queue import QueueState, QueueTicket


def call(core: Core, hall: str, window: int) -> QueueTicket | None:
    """Call the next by the rule (``waiting``) to the window; None: nobody waits. Raises ``QueueRefused``."""
    found = _window(core, hall, window)
    if (there := _there(core, hall, window)) is not None:
        raise QueueRefused(
            f"{shown(there, rules())} is at window {window}: `bureau queue serve` or `miss` it first"
        )
    ticket = hall_now(core, hall, rules()).next(found)
    if ticket is None:
        return None
    called = replace(ticket, state="called", window=window, called_at=core.now)
    core.queue.change(called)
    return called


def end(core: Core, hall: str, window: int, state: QueueState) -> QueueTicket:
    """Whoever was called to the window was ``served``, or ``missed`` it; raises ``QueueRefused``."""
    _window(core, hall, window)
    there = _there(core, hall, window)
    if there is None:
        raise QueueRefused(f"nobody was called to window {window}: `bureau queue call` first")
    done = replace(there, state=state, ended_at=core.now)
    core.queue.change(done)
    return done


def listed(core: Core, hall: str) -> Sequence[QueueTicket]:
    """All numbers of today, in the order in which they were taken; raises ``QueueRefused``."""
    if hall not in core.queue.halls():
        raise QueueRefused(_no_hall(core, hall))
    return core.queue.of_day(hall, today(core))


def _window(core: Core, hall: str, window: int) -> Window:
    """The window, with the hall's queue held."""
    if not core.queue.lock(hall):
        raise QueueRefused(_no_hall(core, hall))
    windows = rules().of_hall(hall)
    found = next((one for one in windows if one.window == window), None)
    if found is None:
        known = ", ".join(str(one.window) for one in windows)
        raise QueueRefused(f"hall {hall} has no window {window}; known: {known}")
    return found


def _no_hall(core: Core, hall: str) -> str:
    return f"there is no hall {hall!r}; known: {', '.join(core.queue.halls())}"


def _there(core: Core, hall: str, window: int) -> QueueTicket | None:
    """Who was called to the window and is there now."""
    numbers = core.queue.of_day(hall, today(core))
    return next((t for t in numbers if t.state == "called" and t.window == window), None)
