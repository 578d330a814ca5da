"""What the running device program says of each device: the doctor asks as the screen would."""

from __future__ import annotations

import asyncio
import importlib
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Protocol, get_args
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.role_tokens import read_tokens
from config.settings import DevicesSettings, Role, TerminalSettings
from kiosk.checks.finding import Finding, fault, note, ok

CLIENT_NAME = "kiosk-run"
ANSWER_WITHIN_S = 3.0
LOOK_EVERY_S = 0.1
STARTING = frozenset({"unknown", "starting"})
_WRONG = "named to a service that has no"


class Told(Protocol):
    """The state of one role."""

    @property
    def device(self) -> str:
        """XFS4IoT device state, or ``unknown``."""
        ...

    @property
    def details(self) -> Mapping[str, Any]:
        """What is known besides."""
        ...


class Hub(Protocol):
    """The part of ``drivers.client.DeviceHub`` that is used here."""

    async def start(self) -> None:
        """Connect."""
        ...

    async def close(self) -> None:
        """Disconnect."""
        ...

    def status(self, role: str) -> Told:
        """What is known of ``role``."""
        ...


Connect = Callable[[str, str, Mapping[str, str]], Hub]


def device_program(settings: TerminalSettings, connect: Connect | None = None) -> Iterator[Finding]:
    """The device program runs, lets us in, and tells the state of every device it has."""
    parts = urlsplit(settings.devices.publisher)
    place = (parts.hostname or "127.0.0.1", parts.port or (443 if parts.scheme == "wss" else 80))
    with socket.socket() as probe:
        probe.settimeout(1.0)
        if probe.connect_ex(place) != 0:
            fix = "systemctl start kiosk-devices, or kiosk devices run"
            yield note(
                "device-program", f"the device program does not run at {settings.devices.publisher}", fix
            )
            return
    token = own_token(settings)
    if token is None:
        file = settings.devices.token_file
        what = f"{settings.devices.publisher} is there, but {file} has no token for {CLIENT_NAME}"
        fix = (
            "remove that file and start kiosk devices, it makes a new one"
            if file.exists()
            else "name the device program's own file in devices.token_file, or start kiosk devices anew"
        )
        yield fault("device-program", what, fix)
        return
    elsewhere = {str(role): uri for role, uri in settings.devices.roles.items()}
    try:
        theirs = read_tokens(settings.devices.role_token_files)
    except ConfigError as error:
        for problem in error.problems:
            yield fault("device-program", f"{problem.file} {problem.problem}", problem.fix)
        return
    hub = (connect or partial(_hub, theirs))(settings.devices.publisher, token, elsewhere)
    states = asyncio.run(_states(hub))
    known = {role: state for role, state in states.items() if state != "unknown"}
    if not known:
        what = f"the device program at {settings.devices.publisher} tells nothing"
        yield fault("device-program", what, "see its log: journalctl -u kiosk-devices")
    for role, state in known.items():
        if state == "online":
            yield ok(f"device-program.{role}", f"{role} is online")
        else:
            fix = "look at the device, then at journalctl -u kiosk-devices"
            if state.startswith(_WRONG):
                fix = "name another URI in [devices.roles], or a driver xfs4iot-… in devices.toml"
            yield fault(f"device-program.{role}", f"{role} is {state}", fix)


def bench_alone(terminal: TerminalSettings, devices: DevicesSettings) -> Iterator[Finding]:
    """Services of other publishers that ``devices.toml`` names and the screen program does not use."""
    for role, uri in devices.roles.items():
        if (used := terminal.devices.roles.get(role)) != uri:
            instead = f"uses {used}" if used else "does not use it"
            what = f"{role} is {uri} for the bench (devices.toml), and the screen {instead}"
            fix = "name it in [devices.roles] of kiosk.toml too, or with a driver xfs4iot-… in devices.toml"
            yield note(f"device-program.{role}", what, fix)


def own_token(settings: TerminalSettings) -> str | None:
    """This terminal's token for the device program, None when there is none to be read."""
    try:
        tokens = json.loads(settings.devices.token_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(tokens, dict):
        return None
    clients = {token: of for token, of in tokens.items() if isinstance(of, dict)}
    return next((token for token, of in clients.items() if of.get("client") == CLIENT_NAME), None)


async def _states(hub: Hub) -> dict[str, str]:
    """The state of every role, once none is starting any more or the time is over."""
    roles = get_args(Role)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + ANSWER_WITHIN_S
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await hub.start()
    except (TimeoutError, OSError):
        return {}
    try:
        while True:
            states = {role: _word(hub.status(role)) for role in roles}
            if loop.time() >= deadline or not STARTING & set(states.values()):
                return states
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        await hub.close()


def _word(told: Told) -> str:
    """The device's state, or which interface the service has not that is named for its role."""
    connection = told.details.get("connection")
    lacking = connection.get("lacking") if isinstance(connection, Mapping) else ""
    return f"{_WRONG} {lacking}" if lacking else told.device


def _hub(theirs: Mapping[str, str], publisher: str, token: str, roles: Mapping[str, str]) -> Hub:
    module = importlib.import_module("drivers.client")
    hub: Hub = module.DeviceHub(publisher, token, roles, role_tokens=theirs)
    return hub
