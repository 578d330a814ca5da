"""``kiosk doctor``: looks at everything a terminal needs and says what is missing and how to mend it."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from config.errors import ConfigError
from config.settings import DevicesSettings, TerminalSettings, load_devices, load_terminal
from kiosk.checks import device_program, machine, reach, software, state
from kiosk.checks.finding import Check, Finding, Level, fault, ok

log = logging.getLogger("kiosk.doctor")
SIGNS = {Level.OK: "ok  ", Level.NOTE: "note", Level.FAULT: "FAULT"}
HEALTHY, ILL, USAGE = 0, 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 0 when nothing must be mended, 1 when something must, 2 for a wrong command line."""
    parser = argparse.ArgumentParser(prog="kiosk doctor", description=__doc__)
    parser.add_argument("--config", type=Path, help="kiosk.toml (default: KIOSK_CONFIG)")
    parser.add_argument("--devices", type=Path, help="devices.toml (default: KIOSK_DEVICES_CONFIG)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    parser.add_argument("--quiet", action="store_true", help="only what must be mended")
    try:
        given = parser.parse_args(argv)
    except SystemExit as leaving:
        return HEALTHY if leaving.code in (0, None) else USAGE
    findings = list(examine(given.config, given.devices, os.environ))
    return report(findings, as_json=given.json, quiet=given.quiet, out=sys.stdout)


def examine(
    terminal_file: Path | None, devices_file: Path | None, env: Mapping[str, str]
) -> Iterator[Finding]:
    """Every finding; settings that cannot be used are findings too, and the rest is still looked at."""
    terminal, devices = None, None
    try:
        terminal = load_terminal(terminal_file, env)
    except ConfigError as error:
        yield from _told(error)
    try:
        devices = load_devices(devices_file, env)
    except ConfigError as error:
        yield from _told(error)
    if terminal is not None and devices is not None:
        yield ok("settings", f"settings are complete, profile {terminal.profile}")
    yield from doctor(terminal, devices)


def doctor(terminal: TerminalSettings | None, devices: DevicesSettings | None) -> Iterator[Finding]:
    """Run every check that the settings at hand allow."""
    for check in checks(terminal, devices):
        try:
            yield from check()
        except Exception as error:  # a check that fails must not hide what the others find
            log.exception("a check failed")
            what = f"a check failed: {type(error).__name__}: {error}"
            yield fault("doctor", what, "tell the maintainers; the rest was still checked")


def checks(terminal: TerminalSettings | None, devices: DevicesSettings | None) -> Iterator[Check]:
    """What is looked at, in the order in which it is mended."""
    yield software.python_version
    yield software.packages
    yield software.sqlite
    yield software.qt
    yield software.qt_platform
    yield software.opencv
    yield machine.debian_packages
    yield machine.display_server
    yield machine.fonts
    yield machine.clock
    if terminal is not None:
        production = terminal.profile == "production"
        yield lambda: state.folder(terminal.state_dir, production=production)
        yield lambda: state.databases(terminal.state_dir, terminal.profile)
        yield lambda: state.enrolment(terminal.state_dir)
        yield lambda: state.tokens(terminal.devices.token_file)
        yield lambda: reach.bureau(terminal.bureau)
    if devices is not None:
        yield lambda: machine.port(devices.host, devices.port)
        yield lambda: reach.devices(devices)
    if terminal is not None:
        yield lambda: device_program.device_program(terminal)
    if terminal is not None and devices is not None:
        yield lambda: device_program.bench_alone(terminal, devices)


def report(findings: Sequence[Finding], *, as_json: bool, quiet: bool, out: TextIO) -> int:
    """Write the findings, worst last, and give the exit status."""
    faults = sum(f.level is Level.FAULT for f in findings)
    notes = sum(f.level is Level.NOTE for f in findings)
    if as_json:
        told = {"healthy": faults == 0, "findings": [f.as_map() for f in findings]}
        json.dump(told, out, ensure_ascii=False, indent=2)
        out.write("\n")
        return ILL if faults else HEALTHY
    for finding in sorted(findings, key=lambda f: list(Level).index(f.level)):
        if quiet and finding.level is not Level.FAULT:
            continue
        out.write(f"{SIGNS[finding.level]:<6}{finding.check:<22} {finding.what}\n")
        if finding.fix:
            out.write(f"{'':<28} -> {finding.fix}\n")
    if not quiet or faults:
        out.write(f"{faults} to mend, {notes} to know, {len(findings) - faults - notes} in order\n")
    return ILL if faults else HEALTHY


def _told(error: ConfigError) -> Iterator[Finding]:
    for problem in error.problems:
        place = f"{problem.file}: {problem.key}" if problem.key else problem.file
        yield fault("settings", f"{place}: {problem.problem}", problem.fix)


if __name__ == "__main__":
    sys.exit(main())
