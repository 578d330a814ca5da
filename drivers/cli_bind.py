"""``kiosk devices bind``: which of the things plugged in plays which role."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from config.settings import DevicesSettings
from drivers.binding import bindings, machine, probing, udev
from drivers.binding.bindings import Binding
from drivers.binding.identity import Kind, Port
from drivers.binding.proposing import Candidate, Proposal, propose
from drivers.cli_common import Config, Json, role_of, said, settings_of
from drivers.devices import registry
from drivers.errors import DriverConfigError

Take = Annotated[
    list[str] | None,
    typer.Option("--role", "-r", help="ROLE=NODE, such as idReader=/dev/ttyUSB1; more than once."),
]
Rules = Annotated[
    str, typer.Option("--udev", help=f"Write udev rules to this file ({udev.FILE}), or - for the screen.")
]


def bind(
    config: Config = None,
    role: Take = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take every sure proposal.")] = False,
    probe: Annotated[bool, typer.Option(help="Ask at every serial port who is there.")] = True,
    rules: Rules = "",
    as_json: Json = False,
) -> None:
    """Find the hardware: show what is plugged in, ask who it is, and bind roles to it.

    Without --yes and --role a person is asked about each role. --json only shows. The device program must be
    stopped, or its ports are in use and nobody can be asked.
    """
    with said():
        settings = settings_of(config)
        ports = machine.ports()
        named = _named(role or [], ports, settings)
        candidates = _candidates(ports, probe, quiet=as_json)
        roles = _roles(settings)
        kinds = {driver: kind for driver in roles.values() if (kind := registry.traits(driver).node)}
        roles = {role: driver for role, driver in roles.items() if driver in kinds}
        if not roles:
            typer.echo("no service of devices.toml names a port that could be bound", err=True)
        proposals = propose(roles, candidates, frozenset(probing.probes()), kinds, asked=probe)
        if as_json:
            typer.echo(json.dumps(_shown(candidates, proposals), ensure_ascii=False))
            return
        _show(candidates)
        known = dict(bindings.read(settings.bindings_file))
        chosen = _given(named, candidates)
        ask = not yes and not role and _somebody_there()
        for proposal in proposals:
            if proposal.role not in chosen and (found := _decided(proposal.after(chosen), yes, ask)):
                chosen[proposal.role] = found
        if ask:
            _share(proposals, chosen)
        _once(chosen)
        known = _kept(known, chosen) | chosen
        if chosen:
            _written(settings.bindings_file, lambda file: bindings.write(file, known.values()))
            for binding in chosen.values():
                typer.echo(f"{binding.role:17} is {binding.identity}")
            typer.echo(f'written to {settings.bindings_file}; in devices.toml: port = "kiosk/<role>"')
        if rules:
            _rules(rules, known)
        if missing := [p.after(chosen) for p in proposals if p.role not in known]:
            for line in _unbound(missing, offered=not (ask or yes)):
                typer.echo(line, err=True)
            raise typer.Exit(1)


def _roles(settings: DevicesSettings) -> dict[str, str]:
    """Roles whose device has a node on this machine, with their drivers: its ``port``, or a camera's ``uri``."""
    return {
        str(service.role): service.driver
        for service in settings.services
        if isinstance(service.options.get("port"), str)
        or str(service.options.get("uri", "")).startswith(("/dev", "kiosk/", "usb:"))
    }


def _candidates(ports: Sequence[Port], probe: bool, quiet: bool) -> list[Candidate]:
    asked = probing.probes() if probe else {}
    found = []
    for port in ports:
        if not quiet and probe and port.identity.kind is Kind.SERIAL:
            typer.echo(f"asking at {port.node} …", err=True)
        serial = port.identity.kind is Kind.SERIAL and asked
        try:
            found.append(Candidate(port, probing.ask(port.node, asked) if serial else None))
        except probing.PortInUse:
            found.append(Candidate(port, busy=True))
    return found


def _show(candidates: list[Candidate]) -> None:
    if not candidates:
        typer.echo("nothing is plugged in that could be bound", err=True)
    for candidate in candidates:
        port, answer = candidate.port, candidate.answer
        said = answer.text if answer is not None else "in use" if candidate.busy else port.said or "-"
        typer.echo(f"{port.node:20} {port.identity!s:45} {f'{port.maker} {port.name}'.strip():30} {said}")


def _named(words: list[str], ports: Sequence[Port], settings: DevicesSettings) -> dict[str, str]:
    """What ``--role`` says, before anybody is asked: role → node.

    Raise ``DriverConfigError`` for a role or a port that is not there.
    """
    there = [port.node for port in ports]
    found = {}
    for word in words:
        name, sign, node = word.partition("=")
        if not sign:
            raise DriverConfigError(f"--role {word}: write ROLE=NODE, such as idReader=/dev/ttyUSB1")
        role = role_of(settings, name)
        if node not in there:
            known = ", ".join(there) or "nothing"
            raise DriverConfigError(f"--role {word}: there is no port '{node}'; there is {known}")
        found[role] = node
    return found


def _given(named: Mapping[str, str], candidates: list[Candidate]) -> dict[str, Binding]:
    """Those roles bound."""
    there = {candidate.port.node: candidate for candidate in candidates}
    return {role: Proposal(role, "", (there[node],), "").binding(there[node]) for role, node in named.items()}


def _decided(proposal: Proposal, yes: bool, ask: bool) -> Binding | None:
    """What a person says to a proposal, or what --yes does; a port that several roles want waits for ``_share``."""
    sure = proposal.sure
    if not ask:
        return proposal.binding(sure) if yes and sure is not None else None
    if proposal.shared or not proposal.choices:
        return None
    if sure is not None:
        _show_choices([f"{sure.port.node} {sure.port.identity}"])
        return proposal.binding(sure) if typer.confirm(f"{proposal.role}: {proposal.why}. Bind it?") else None
    _show_choices([f"{candidate.port.node} {candidate.port.identity}" for candidate in proposal.choices])
    wanted = _number(f"{proposal.role}: {proposal.why}", len(proposal.choices))
    return proposal.binding(proposal.choices[wanted - 1]) if wanted else None


def _share(proposals: Sequence[Proposal], chosen: dict[str, Binding]) -> None:
    """Ask once for each port that several roles want, which of them it is."""
    for port in dict.fromkeys(c for p in proposals if p.after(chosen).shared for c in p.choices):
        left = [p.after(chosen) for p in proposals if p.role not in chosen]
        wanting = [p for p in left if p.said is None and port in p.choices]
        if wanting:
            _show_choices([f"{p.role} ({p.driver})" for p in wanting])
            wanted = _number(f"{port.port.node} {port.port.identity}: which is it", len(wanting))
            if wanted:
                chosen[wanting[wanted - 1].role] = wanting[wanted - 1].binding(port)


def _show_choices(choices: Sequence[str]) -> None:
    for number, choice in enumerate(choices, 1):
        typer.echo(f"  {number}: {choice}")


def _number(question: str, last: int) -> int:
    """A number from 0 (none) to ``last``, asked for until it is one."""
    while True:
        wanted = typer.prompt(f"{question}; number, 0 for none", type=int, default=0)
        if 0 <= wanted <= last:
            return int(wanted)
        typer.echo(f"there is no {wanted}; give a number from 0 to {last}", err=True)


def _unbound(missing: Sequence[Proposal], *, offered: bool) -> list[str]:
    """One line for ports that the same roles want, and one for roles that want for the same.

    ``offered``: nobody was asked about what is sure, so it waits for ``--yes``.
    """
    ports: dict[str, list[str]] = {}
    reasons: dict[str, list[str]] = {}
    for proposal in missing:
        if proposal.shared:
            nodes = ", ".join(candidate.port.node for candidate in proposal.choices)
            ports.setdefault(nodes, []).append(proposal.role)
        else:
            reasons.setdefault(_reason(proposal, offered), []).append(proposal.role)
    return [
        *(
            f"{nodes}: may be {', '.join(roles)}, which cannot be asked; say which with --role ROLE=NODE"
            for nodes, roles in ports.items()
        ),
        *(f"not bound: {', '.join(roles)}: {why}" for why, roles in reasons.items()),
    ]


def _reason(proposal: Proposal, offered: bool) -> str:
    """Why a role is not bound, or how to bind it."""
    if not offered or proposal.sure is None:
        return proposal.why
    return f"found {proposal.sure.port.node} ({proposal.why}); take it with --yes"


def _somebody_there() -> bool:
    return sys.stdin.isatty()


def _kept(known: Mapping[str, Binding], chosen: Mapping[str, Binding]) -> dict[str, Binding]:
    """What was bound before, without roles whose port is another's now; that is told."""
    owners = {binding.identity: role for role, binding in chosen.items()}
    kept = dict(known)
    for role, binding in known.items():
        if (owner := owners.get(binding.identity, role)) != role and role not in chosen:
            typer.echo(f"{role} is not bound any more: its port is the {owner}'s now", err=True)
            del kept[role]
    return kept


def _written(file: Path, write: Callable[[Path], object]) -> None:
    try:
        write(file)
    except OSError as error:
        raise DriverConfigError(
            f"{file} cannot be written: {error.strerror}; run this as root, or give another path"
        ) from None


def _once(chosen: Mapping[str, Binding]) -> None:
    """Refuse to let one port play two roles."""
    owners: dict[Any, str] = {}
    for role, binding in chosen.items():
        if (other := owners.setdefault(binding.identity, role)) != role:
            raise DriverConfigError(
                f"{role} and {other} would be the same device ({binding.identity}); name one with --role"
            )


def _rules(where: str, chosen: Mapping[str, Binding]) -> None:
    text = udev.rules(chosen.values())
    if where == "-":
        typer.echo(text, nl=False)
    else:
        _written(Path(where), lambda file: file.write_text(text, "utf-8"))
        typer.echo(f"rules written to {where}; then: udevadm control --reload && udevadm trigger")


def _shown(candidates: list[Candidate], proposals: list[Proposal]) -> dict[str, Any]:
    return {
        "ports": [
            {
                "node": c.port.node,
                "identity": {k: str(getattr(c.port.identity, k)) for k in c.port.identity.__slots__},
                "maker": c.port.maker,
                "name": c.port.name,
                "driver": c.answer.driver if c.answer else None,
                "baud": c.answer.baud if c.answer else None,
                "answer": c.answer.text if c.answer else None,
                "busy": c.busy,
            }
            for c in candidates
        ],
        "proposals": [
            {"role": p.role, "driver": p.driver, "nodes": [c.port.node for c in p.choices], "why": p.why}
            for p in proposals
        ],
    }
