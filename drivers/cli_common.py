"""What every command of ``kiosk devices`` shares: its options, its settings, and how mistakes are said."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from config.errors import ConfigError
from config.settings import DeviceClientSettings, DevicesSettings, load_devices, load_terminal
from drivers import bench
from drivers.client import DeviceHub
from drivers.client.errors import DeviceClientError
from drivers.errors import DriverConfigError, StoreError
from drivers.recording.lines import RecordingError
from drivers.transports.link import Tap
from drivers.xfs.auth import TokenFileError

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="devices.toml; default: $KIOSK_DEVICES_CONFIG")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Role = Annotated[str, typer.Argument(help="A role, such as idReader, or a service's name.")]

EX_CONFIG: Final = 78
"""sysexits.h: what an administrator wrote cannot be used."""
EX_UNTRIED: Final = 3
"""Nothing could be tried: all that is known is that the device is connected, or that the recording can be read."""

NOTHING: Final = (
    "no device is configured; describe the cabinet in devices.toml ([[services]], docs/devices.md), "
    "or let `kiosk sim serve` make one"
)

T = TypeVar("T")


def digits(words: str, *lengths: int) -> Callable[[str], str]:
    """A check of an option that takes so many digits; whoever types others is told ``words``."""

    def check(value: str) -> str:
        if not (value.isascii() and value.isdigit() and len(value) in lengths):
            raise typer.BadParameter(f"'{value}': write {words}")
        return value

    return check


@contextmanager
def said() -> Iterator[None]:
    """What goes wrong on purpose is said in words, without a traceback."""
    try:
        yield
    except (ConfigError, DriverConfigError, TokenFileError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EX_CONFIG) from error
    except (StoreError, DeviceClientError, RecordingError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def settings_of(config: Path | None) -> DevicesSettings:
    """The device program's settings, with the services of other publishers that the screen program alone names."""
    settings = load_devices(config, os.environ)
    if config is not None:  # another cabinet's
        return settings
    here = {str(entry.role) for entry in settings.services} | {str(role) for role in settings.roles}
    screens = screen_services(typer.echo)
    roles = {role: uri for role, uri in screens.roles.items() if role not in here}
    tokens = {role: file for role, file in screens.role_token_files.items() if role in roles}
    return settings.model_copy(
        update={
            "roles": {**settings.roles, **roles},
            "role_token_files": {**settings.role_token_files, **tokens},
        }
    )


def screen_services(tell: Callable[..., object] = lambda text, err: None) -> DeviceClientSettings:
    """What ``kiosk.toml`` says of devices; nothing when it cannot be used, and ``tell`` is told so."""
    try:
        return load_terminal(None, os.environ).devices
    except ConfigError as error:
        told = str(error).splitlines()[0]
        tell(f"services of others that the screen program may name are not known: {told}", err=True)
        return DeviceClientSettings(token_file=Path())


def runs(settings: DevicesSettings) -> bool:
    """Whether anybody listens where the device program does."""
    try:
        socket.create_connection((settings.host, settings.port), 1.0).close()
    except OSError:
        return False
    return True


def not_running(settings: DevicesSettings) -> str:
    """What to do when nobody does."""
    return (
        f"the device program does not run (nobody listens at {settings.host}:{settings.port}); "
        "start it with: systemctl start kiosk-devices"
    )


def with_hub(
    settings: DevicesSettings,
    act: Callable[[DeviceHub], Awaitable[T]],
    taps: Mapping[str, Tap] | None = None,
    role: str = "",
) -> T:
    """``act`` with a connection to the running device program, and ``taps`` in those to other publishers.

    Raise ``OSError`` when the program does not run; it need not for ``act`` with one ``role`` that another publisher
    plays. Raise ``DriverConfigError`` when nothing is configured.
    """
    if not (settings.services or settings.roles):
        raise DriverConfigError(NOTHING)
    if settings.services and role not in settings.roles and not runs(settings):
        raise ConnectionError(not_running(settings))
    return asyncio.run(_connected(settings, act, taps))


def with_others(settings: DevicesSettings, act: Callable[[DeviceHub], Awaitable[T]]) -> T:
    """``act`` with a connection to the services of other publishers alone; the device program need not run."""
    return asyncio.run(_connected(settings, act, None))


async def _connected(
    settings: DevicesSettings, act: Callable[[DeviceHub], Awaitable[T]], taps: Mapping[str, Tap] | None
) -> T:
    async with bench.bench(settings, taps) as hub:
        return await act(hub)


def role_of(settings: DevicesSettings, word: str) -> str:
    """The role of a service named by its role or its name; raise ``DriverConfigError`` when none has that name."""
    known = {entry.name.lower(): entry.role for entry in settings.services}
    known |= {entry.role.lower(): entry.role for entry in settings.services}
    known |= {role.lower(): role for role in settings.roles}
    if word.lower() not in known:
        roles = ", ".join(sorted(set(map(str, known.values()))))
        raise DriverConfigError(f"no service '{word}' is configured; there are {roles}" if known else NOTHING)
    return known[word.lower()]
