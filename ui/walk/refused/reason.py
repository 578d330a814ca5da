"""One reason why the bureau refuses a visitor, and how somebody of the demonstration city comes to meet it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kiosk.stack import Stack
from ui.walk.wish import Wish


def code_of(name: str) -> str:
    """The refusal's code in the catalogue; a second way to meet the same has a word more: ``limitReached.again``."""
    return name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Reason:
    """A visit that ends on the page of one refusal.

    ``law`` names the clause, or whose rule it is where none does. ``how`` is how the situation comes about: what the
    city holds, a visit before, a day, or what an operator did; nothing else may bring it about.
    """

    service: str
    law: str
    how: str
    persona: str = ""
    """Who comes; empty: whoever the walks send for the service."""
    firm: str = ""
    """A part of the name of the enterprise that they come for; empty: as in a walk of the service."""
    wishes: Mapping[str, object] = field(default_factory=dict)
    """What they want otherwise than in a walk of the service: fields of ``Wish``, its answers added to the usual."""
    prepared: Callable[[Stack, Wish], Wish] | None = None
    """What only the running centre knows (numbers, codes), or an operator's command before the visit."""
    after: tuple[str, ...] = ()
    """For which services the same person has come before, in this order."""
    as_of: str = ""
    """The business moment, as 2027-01-15T10:00; empty: that of every walk."""
    choice: str = ""
    """The text of the terminal's that stands at the greyed choice, where it says so before the centre is asked."""
