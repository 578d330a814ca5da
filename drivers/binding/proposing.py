"""Which port should play which role: by what answered there, and by what is left over. Pure; a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drivers.binding.bindings import Binding
from drivers.binding.identity import Kind, Port
from drivers.binding.probing import Answer


@dataclass(frozen=True, slots=True)
class Candidate:
    """A port, and who answered there. ``busy``: another program holds it, nobody was asked."""

    port: Port
    answer: Answer | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to bind a role to: one port, or several to choose from, or none, and why."""

    role: str
    driver: str
    choices: tuple[Candidate, ...]
    why: str

    @property
    def sure(self) -> Candidate | None:
        """The one port, if it is one."""
        return self.choices[0] if len(self.choices) == 1 else None

    def binding(self, candidate: Candidate) -> Binding:
        """The role bound to one of the choices."""
        said = candidate.answer.text if candidate.answer is not None else candidate.port.said
        return Binding(self.role, candidate.port.identity, said)


def propose(
    roles: Mapping[str, str],
    candidates: Sequence[Candidate],
    with_probe: frozenset[str],
    kinds: Mapping[str, Kind],
) -> list[Proposal]:
    """A proposal for each role of ``roles`` (role → driver); ``with_probe`` are the drivers that can be asked for.

    ``kinds`` is what a driver's device is plugged in as.

    A port that answered belongs to a driver that asked; only what answered nobody is left for a driver that
    cannot ask.
    """
    found = [_answered(role, driver, candidates) for role, driver in roles.items() if driver in with_probe]
    silent = [c for c in candidates if c.answer is None and not c.busy]
    for role, driver in roles.items():
        if driver not in with_probe:
            left = tuple(c for c in silent if c.port.identity.kind is kinds[driver])
            why = "nobody else is left" if left else "no port is left"
            found.append(Proposal(role, driver, left, f"{driver} cannot be asked; {why}"))
    return sorted(found, key=lambda proposal: list(roles).index(proposal.role))


def _answered(role: str, driver: str, candidates: Sequence[Candidate]) -> Proposal:
    fitting = tuple(c for c in candidates if c.answer is not None and c.answer.driver == driver)
    if not fitting:
        held = ", ".join(c.port.node for c in candidates if c.busy)
        why = (
            f"{held} in use; stop the device program"
            if held
            else "nothing answered; check its power and cable"
        )
        return Proposal(role, driver, (), why)
    if len(fitting) > 1:
        return Proposal(role, driver, fitting, f"{len(fitting)} ports answered; choose one")
    answer = fitting[0].answer
    assert answer is not None
    return Proposal(role, driver, fitting, f"{answer.text}, at {answer.baud} baud")
