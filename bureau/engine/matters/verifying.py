"""What anybody may know of an enterprise's registration: the terminal and the public page say the same."""

from __future__ import annotations

from bureau.engine.names import state_name
from bureau.engine.subjects import today
from bureau.ports.core import Core
from bureau.texts import say
from sync.models import Verified


def verified(core: Core, taxpayer: str) -> Verified | None:
    """Name, state, kind and day of registration as they are now; None when there is no such enterprise.

    Nobody is asked about a person who is taxpayer in their own name, under the number of their document.
    """
    found = core.registration.taxpayer(taxpayer)
    if found is None or core.registration.owner(taxpayer) is not None:
        return None
    return Verified(
        taxpayer=found.taxpayer,
        name=found.name,
        state=state_name(found, today(core)),
        taxation=say("taxation.small" if found.small_scale else "taxation.general"),
        registered_on=found.registered_on,
        valid_until=found.ends_on,
        as_of=core.now,
    )
