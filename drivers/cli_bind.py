"""``kiosk devices bind``: which of the things plugged in plays which role."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from config.settings import DevicesSettings
from drivers.binding import bindings, machine, probing, udev
from drivers.binding.bindings import Binding
from drivers.binding.identity import Kind
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
        candidates = _candidates(probe, quiet=as_json)
        roles = _roles(settings)
        kinds = {driver: kind for driver in roles.values() if (kind := registry.traits(driver).node)}
        roles = {role: driver for role, driver in roles.items() if driver in kinds}
        proposals = propose(roles, candidates, frozenset(probing.probes()), kinds)
        if as_json:
            typer.echo(json.dumps(_shown(candidates, proposals), ensure_ascii=False))
            return
        _show(candidates)
        known = dict(bindings.read(settings.bindings_file))
        chosen = _given(role or [], candidates, settings)
        for proposal in proposals:
            if proposal.role not in chosen and (found := _decided(proposal, yes, bool(role))):
                chosen[proposal.role] = found
        _once(chosen)
        if chosen:
            bindings.write(settings.bindings_file, {**known, **chosen}.values())
            for binding in chosen.values():
                typer.echo(f"{binding.role:17} is {binding.identity}")
            typer.echo(f'written to {settings.bindings_file}; in devices.toml: port = "kiosk/<role>"')
        if rules:
            _rules(rules, {**known, **chosen})
        if missing := [p for p in proposals if p.role not in chosen and p.role not in known]:
            for proposal in missing:
                typer.echo(f"{proposal.role}: not bound: {proposal.why}", err=True)
            raise typer.Exit(1)


def _roles(settings: DevicesSettings) -> dict[str, str]:
    """Roles whose device has a node on this machine, with their drivers: its ``port``, or a camera's ``uri``."""
    return {
        str(service.role): service.driver
        for service in settings.services
        if isinstance(service.options.get("port"), str)
        or str(service.options.get("uri", "")).startswith(("/dev", "kiosk/", "usb:"))
    }


def _candidates(probe: bool, quiet: bool) -> list[Candidate]:
    asked = probing.probes() if probe else {}
    found = []
    for port in machine.ports():
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


def _given(words: list[str], candidates: list[Candidate], settings: DevicesSettings) -> dict[str, Binding]:
    """What ``--role`` says; raise ``DriverConfigError`` for a role or a port that is not there."""
    there = {candidate.port.node: candidate for candidate in candidates}
    found = {}
    for word in words:
        name, sign, node = word.partition("=")
        if not sign:
            raise DriverConfigError(f"--role {word}: write ROLE=NODE, such as idReader=/dev/ttyUSB1")
        role = role_of(settings, name)
        if node not in there:
            known = ", ".join(there) or "nothing"
            raise DriverConfigError(f"--role {word}: there is no port '{node}'; there is {known}")
        found[role] = Proposal(role, "", (there[node],), "").binding(there[node])
    return found


def _decided(proposal: Proposal, yes: bool, given: bool) -> Binding | None:
    """What a person says to a proposal, or what --yes does."""
    sure = proposal.sure
    if yes or given or not sys.stdin.isatty():
        return proposal.binding(sure) if yes and sure is not None else None
    for number, candidate in enumerate(proposal.choices, 1):
        typer.echo(f"  {number}: {candidate.port.node} {candidate.port.identity}")
    if sure is not None:
        return proposal.binding(sure) if typer.confirm(f"{proposal.role}: {proposal.why}. Bind it?") else None
    if not proposal.choices:
        return None
    wanted = typer.prompt(f"{proposal.role}: {proposal.why}; number, 0 for none", type=int, default=0)
    return proposal.binding(proposal.choices[wanted - 1]) if 0 < wanted <= len(proposal.choices) else None


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
        Path(where).write_text(text, "utf-8")
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
