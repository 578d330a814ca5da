"""What must be reachable: the centre with a clock like ours, and every device that is configured."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from config.settings import CentreSettings, DevicesSettings, ServiceSettings
from kiosk.checks.finding import Finding, fault, note, ok

CLOCK_NOTE_S = 5
CLOCK_FAULT_S = 300
"""Requests carry a time and are refused beyond five minutes (domain note, section 10)."""
ENDPOINTS = {"ipp": 631, "ipps": 631, "http": 80, "https": 443, "rtsp": 554, "socket": 9100}
"""The port of an address that names none."""


def bureau(settings: CentreSettings, now: datetime | None = None) -> Iterator[Finding]:
    """The centre answers, over a connection that is trusted, and its clock agrees with ours."""
    import requests  # late: a doctor must be able to speak on a machine that lacks it

    verify: str | bool = str(settings.ca_file) if settings.ca_file else True
    if settings.ca_file and not settings.ca_file.is_file():
        fix = "put the authority's certificate there, or correct bureau.ca_file"
        yield fault("bureau", f"{settings.ca_file} is not there", fix)
        return
    try:
        answer = requests.get(
            f"{settings.url}/v1/time",
            timeout=(settings.connect_timeout_s, settings.read_timeout_s),
            verify=verify,
            allow_redirects=False,
        )
    except requests.exceptions.SSLError as error:
        fix = "set bureau.ca_file to the certificate authority of the centre, and check the clock"
        yield fault("bureau", f"{settings.url} is not trusted: {_reason(error)}", fix)
        return
    except requests.RequestException as error:
        fix = "check the network cable, name server and bureau.url; the terminal works offline until then"
        yield fault("bureau", f"{settings.url} does not answer: {_reason(error)}", fix)
        return
    if answer.is_redirect or answer.status_code >= 500:
        what = f"{settings.url} answered {answer.status_code}; something else may stand in between"
        yield fault("bureau", what, "check for a proxy or a login page on this network")
        return
    yield ok("bureau", f"{settings.url} answers")
    yield from clock_difference(answer.headers.get("Date", ""), now or datetime.now(UTC))


def clock_difference(date_header: str, now: datetime) -> Iterator[Finding]:
    """How far our clock is from the one in an HTTP ``Date``."""
    try:
        theirs = parsedate_to_datetime(date_header)
    except ValueError:
        return
    apart = (now - theirs).total_seconds()
    what = f"this clock is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} the centre's"
    if abs(apart) > CLOCK_FAULT_S:
        fix = "set the clock right; the centre refuses what is more than five minutes off"
        yield fault("bureau-clock", what, fix)
    elif abs(apart) > CLOCK_NOTE_S:
        yield note("bureau-clock", what, "enable systemd-timesyncd, or chrony with the hall's time server")
    else:
        yield ok("bureau-clock", "this clock agrees with the centre's")


def devices(settings: DevicesSettings) -> Iterator[Finding]:
    """Every configured device is plugged in where its table says."""
    if not settings.services:
        fix = "describe the cabinet in devices.toml ([[services]]), or use kiosk sim serve to have one made"
        yield note("devices", "no device is configured", fix)
    for service in settings.services:
        yield from device(service, settings.bindings_file)


def device(service: ServiceSettings, bindings: Path | None = None) -> Iterator[Finding]:
    """One device: its serial line, its address, or its video node."""
    check = f"device.{service.role}"
    options = service.options
    place = str(options.get("port", options.get("device", "")))
    address = str(options.get("uri", options.get("url", "")))
    named = place if place.startswith("kiosk/") else address
    if named.startswith("kiosk/") and bindings is not None:
        yield _bound(check, service.name, named, bindings)
    elif place.startswith("/"):
        yield _node(check, service.name, Path(place))
    elif address.startswith("/"):
        yield _node(check, service.name, Path(address))
    elif "://" in address:
        parts = urlsplit(address)
        yield _endpoint(
            check, service.name, parts.hostname or "", parts.port or ENDPOINTS.get(parts.scheme, 0)
        )
    elif "host" in options:
        number = place if place.isdigit() else "9100"
        yield _endpoint(check, service.name, str(options["host"]), int(number))
    else:
        yield note(check, f"{service.name}: cannot tell where it is plugged in", "see kiosk devices --help")


def _bound(check: str, name: str, place: str, bindings: Path) -> Finding:
    """A device that is found by what it is bound to (`kiosk devices bind`)."""
    from drivers.binding import finding  # late: a doctor must be able to speak on a machine that lacks it
    from drivers.errors import DeviceError

    try:
        return _node(check, name, Path(finding.node(finding.bound(place, bindings))))
    except DeviceError as error:
        return fault(check, f"{name}: {error}", "plug it in where it belongs, or run kiosk devices bind")


def _node(check: str, name: str, path: Path) -> Finding:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        fix = "plug it in and switch it on, or correct the path in devices.toml (ls -l /dev/serial/by-id)"
        return fault(check, f"{name}: {path} is not there ({error.strerror})", fix)
    if not stat.S_ISCHR(mode):
        return fault(check, f"{name}: {path} is no device", "correct the path in devices.toml")
    if not os.access(path, os.R_OK | os.W_OK):
        fix = "add the user to the group of that device (dialout, video), or install systemd/udev"
        return fault(check, f"{name}: {path} may not be used by this user", fix)
    return ok(check, f"{name}: {path} is there")


def _endpoint(check: str, name: str, host: str, number: int) -> Finding:
    try:
        with socket.create_connection((host, number), timeout=3.0):
            return ok(check, f"{name}: {host}:{number} answers")
    except OSError as error:
        fix = "switch it on and check its cable and address, or correct devices.toml"
        return fault(check, f"{name}: {host}:{number} does not answer ({error.strerror or error})", fix)


def _reason(error: Exception) -> str:
    """The innermost reason, without addresses of memory."""
    inner: BaseException = error
    while (cause := inner.__cause__ or inner.__context__) is not None:
        inner = cause
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    return str(inner).partition("(")[0].strip() or type(inner).__name__
