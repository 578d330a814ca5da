"""What anybody may know of an enterprise's registration: the terminal and the public page say the same."""

from __future__ import annotations

from bureau.ports.core import Core
from bureau.texts import say
from sync.models import Verified


def verified(core: Core, taxpayer: str) -> Verified | None:
    """Name, state, kind and day of registration as they are now; None when there is no such enterprise."""
    found = core.registration.taxpayer(taxpayer)
    if found is None:
        return None
    return Verified(
        taxpayer=found.taxpayer,
        name=found.name,
        state=say(f"taxpayer-state.{found.state}"),
        taxation=say("taxation.small" if found.small_scale else "taxation.general"),
        registered_on=found.registered_on,
        as_of=core.now,
    )
