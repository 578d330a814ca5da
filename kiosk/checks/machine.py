"""The machine under the software: Debian packages, programs, fonts, clock, ports."""

from __future__ import annotations

import errno
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from kiosk.checks.finding import Finding, Run, fault, note, ok, run

Runner = Callable[[list[str]], Run]
PACKAGE_LIST = Path(__file__).parents[2] / "scripts" / "debian-packages.txt"
"""The one list of Debian packages; absent when the software was installed as a wheel."""
FONTS = ("Noto Sans CJK SC", "Noto Serif CJK SC")
"""Chinese forms of the characters are certain only when the SC family itself is there."""
DISPLAYS = ("cage", "Xorg", "Xtigervnc", "Xvfb")
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this was never set."""


def debian_packages(listing: Path = PACKAGE_LIST, runner: Runner = run) -> Iterator[Finding]:
    """The Debian packages marked ``run`` in the list are installed."""
    try:
        lines = listing.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    wanted = [words[1] for line in lines if (words := line.split("#")[0].split()) and words[0] == "run"]
    asked = runner(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\\n", *wanted])
    if asked.code is None:
        yield note("debian-packages", "this is not Debian, packages were not checked", "use Debian 12")
        return
    there = {line.split()[0] for line in asked.out.splitlines() if line.endswith(" installed")}
    missing = [name for name in wanted if name not in there]
    if missing:
        fix = f"apt-get install --no-install-recommends {' '.join(missing)}"
        yield fault("debian-packages", f"not installed: {', '.join(missing)}", fix)
    else:
        yield ok("debian-packages", f"{len(wanted)} packages are installed")


def display_server(which: Callable[[str], str | None] = shutil.which) -> Iterator[Finding]:
    """There is something to draw on."""
    found = [name for name in DISPLAYS if which(name)]
    if found:
        yield ok("display", f"display server: {', '.join(found)}")
    else:
        fix = "apt-get install cage (a cabinet) or tigervnc-standalone-server (a demonstration)"
        yield fault("display", "there is no display server", fix)


def fonts(runner: Runner = run) -> Iterator[Finding]:
    """The Chinese families that screens, slips and certificates are set in."""
    for family in FONTS:
        matched = runner(["fc-match", "-f", "%{family}", family])
        if matched.code is None:
            yield fault("fonts", "fontconfig is not installed", "apt-get install fontconfig fonts-noto-cjk")
            return
        if family not in matched.out.split(","):
            what = f"the font {family} is not there; {matched.out or 'nothing'} would be used"
            yield fault("fonts", what, "apt-get install fonts-noto-cjk")
        else:
            yield ok("fonts", f"font {family}")


def clock(now: datetime | None = None, runner: Runner = run) -> Iterator[Finding]:
    """The clock was set, and something keeps it right."""
    now = now or datetime.now(UTC)
    if now < EARLIEST:
        fix = "set the clock (timedatectl set-time), and change the board's battery"
        yield fault("clock", f"the clock reads {now:%Y-%m-%d}, so it was never set", fix)
        return
    asked = runner(["timedatectl", "show", "--property=NTPSynchronized", "--value"])
    if asked.code == 0 and asked.out == "yes":
        yield ok("clock", "the clock is kept right over the network")
    else:
        why = "nothing keeps the clock right" if asked.code == 0 else "cannot tell who keeps the clock right"
        yield note("clock", why, "enable systemd-timesyncd, or chrony with the hall's time server")


def port(host: str, number: int) -> Iterator[Finding]:
    """The device program's port is its own, or free for it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1.0)
        if probe.connect_ex((host, number)) == 0:
            yield ok("port", f"port {number} is in use; the device program was found there or not, see below")
            return
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, number))
        except OSError as error:
            yield fault("port", f"port {number} cannot be used: {error.strerror}", _port_fix(error, host))
        else:
            yield ok("port", f"port {number} is free for the device program")


def _port_fix(error: OSError, host: str) -> str:
    if error.errno == errno.EACCES:
        return "choose a port above 1023 in devices.toml"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"this machine has no address {host}; write host = '127.0.0.1' in devices.toml"
    return "stop what uses it, or choose another port in devices.toml and kiosk.toml"
