"""Which port should play which role: by what answered there, and by what is left over. Pure; a person decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    """What to bind a role to: one port, or several to choose from, or none, and why.

    ``said`` is what the questions have brought out, None for a driver that cannot be asked. ``rivals`` are other roles
    that nobody can be asked for either: what is left over may be theirs as well.
    """

    role: str
    driver: str
    choices: tuple[Candidate, ...]
    said: str | None
    rivals: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """Why these ports and no other, or what to do where there is none."""
        if self.said is not None:
            return self.said
        if not self.choices:
            return "no port is left; plug it in"
        return f"{self.driver} cannot be asked; {_left(self.choices, self.rivals)}"

    @property
    def shared(self) -> bool:
        """Whether other roles want these ports as well, and nobody can be asked."""
        return bool(self.choices and self.rivals)

    @property
    def sure(self) -> Candidate | None:
        """The one port, if it is one and cannot be another role's. A keyboard never is: it may be the staff's."""
        if len(self.choices) != 1 or self.rivals or self.choices[0].port.identity.kind is Kind.INPUT:
            return None
        return self.choices[0]

    def after(self, chosen: Mapping[str, Binding]) -> Proposal:
        """The same once these roles are bound: their ports are no choice any more, and they want no other."""
        taken = {binding.identity for binding in chosen.values()}
        return replace(
            self,
            choices=tuple(c for c in self.choices if c.port.identity not in taken),
            rivals=tuple(role for role in self.rivals if role not in chosen),
        )

    def binding(self, candidate: Candidate) -> Binding:
        """The role bound to one of the choices."""
        said = candidate.answer.text if candidate.answer is not None else candidate.port.said
        return Binding(self.role, candidate.port.identity, said)


def propose(
    roles: Mapping[str, str],
    candidates: Sequence[Candidate],
    with_probe: frozenset[str],
    kinds: Mapping[str, Kind],
    *,
    asked: bool = True,
) -> list[Proposal]:
    """A proposal for each role of ``roles`` (role → driver); ``with_probe`` are the drivers that can be asked for.

    ``kinds`` is what a driver's device is plugged in as. ``asked``: whether anybody was asked at all; else any port may
    be any role's.

    A port that answered belongs to a driver that asked; only what answered nobody is left for a driver that
    cannot ask.
    """
    askable = {role: driver for role, driver in roles.items() if driver in with_probe}
    found = [_answered(role, driver, candidates, asked) for role, driver in askable.items()]
    silent = [c for c in candidates if c.answer is None and not c.busy]
    unasked = {role: driver for role, driver in roles.items() if role not in askable}
    seekers = unasked if asked else roles
    for role, driver in unasked.items():
        left = tuple(c for c in silent if c.port.identity.kind is kinds[driver])
        rivals = tuple(r for r, other in seekers.items() if r != role and kinds[other] is kinds[driver])
        found.append(Proposal(role, driver, left, None, rivals))
    return sorted(found, key=lambda proposal: list(roles).index(proposal.role))


def _left(left: Sequence[Candidate], rivals: Sequence[str]) -> str:
    """What is to be thought of the ports that answered nobody."""
    if any(c.port.identity.kind is Kind.INPUT for c in left):
        return "any keyboard looks like it, the staff's too; name its port with --role"
    if rivals:
        return f"what is left over may be {', '.join(rivals)} as well; name its port with --role"
    return (
        "it is what is left over" if len(left) == 1 else "several ports are left over; name its with --role"
    )


def _answered(role: str, driver: str, candidates: Sequence[Candidate], asked: bool) -> Proposal:
    fitting = tuple(c for c in candidates if c.answer is not None and c.answer.driver == driver)
    if not fitting:
        held = ", ".join(c.port.node for c in candidates if c.busy)
        why = (
            f"{held} in use; stop the device program"
            if held
            else "nothing answered; check its power and cable"
            if asked
            else "nobody was asked; name its port with --role, or leave out --no-probe"
        )
        return Proposal(role, driver, (), why)
    if len(fitting) > 1:
        return Proposal(role, driver, fitting, f"{len(fitting)} ports answered; choose one")
    answer = fitting[0].answer
    assert answer is not None
    return Proposal(role, driver, fitting, f"{answer.text}, at {answer.baud} baud")
