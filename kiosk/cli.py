"""``kiosk``: one command whose parts are loaded by name, so that each program imports only what it needs."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from config import heap
from kiosk.command_line import run_part


@dataclass(frozen=True, slots=True)
class Part:
    """A subcommand: where its entry stands (``module:name``) and what it is for."""

    entry: str
    summary: str


PARTS = {
    "run": Part("ui.app:main", "the touchscreen"),
    "screen": Part("kiosk.screen:main", "the touchscreen under its compositor, as systemd starts it"),
    "devices": Part("drivers.cli:app", "the device program, and the technician's bench"),
    "sync": Part("sync.cli:app", "delivery to the centre, enrolment"),
    "walk": Part("ui.walk.cli:main", "a scripted visitor carries a service from touch to paper"),
    "sim": Part("drivers.simulators.cli:app", "hands for the simulated cabinet"),
    "panel": Part("ui.panel.app:main", "the simulated cabinet's hands in a window"),
    "services": Part("kiosk.services_cli:app", "the catalogue: list, show, check"),
    "settle": Part("kiosk.settle:main", "recovers and settles without a screen, then ends"),
    "doctor": Part("kiosk.doctor:main", "what this machine lacks and how to mend it"),
    "demo": Part("ui.demo:main", "bureau, simulated cabinet and terminal together on this machine"),
    "staff-code": Part("kiosk.staff_code:main", "makes the settings line of a staff member's code"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one part with the rest of the arguments; its exit status."""
    heap.keep_steady()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_usage())
        return 0
    name = arguments[0]
    part = PARTS.get(name)
    if part is None:
        print(f"kiosk: no command {name!r}\n\n{_usage()}", file=sys.stderr)
        return 2
    module, _, function = part.entry.partition(":")
    with heap.loading():
        entry = getattr(importlib.import_module(module), function)
    return run_part(entry, f"kiosk {name}", arguments[1:])


def _usage() -> str:
    lines = [f"  kiosk {name:<11} {part.summary}" for name, part in PARTS.items()]
    return "usage: kiosk COMMAND …\n\n" + "\n".join(lines) + "\n\nkiosk COMMAND --help says more."


if __name__ == "__main__":
    sys.exit(main())
