"""``kiosk staff-code``: turns a staff member's six digits into the line for the settings file."""

from __future__ import annotations

import getpass
import json
import os
import sys

from kiosk.guards import pin_hash
from kiosk.steps.identify import STAFF_PIN_DIGITS


def main(argv: list[str]) -> int:
    """Ask for the digits twice (or read them from standard input) and print ``name = "scrypt:…"``."""
    if len(argv) != 1 or argv[0].startswith("-"):
        print("usage: kiosk staff-code NAME   (asks for the code; nothing is stored)", file=sys.stderr)
        return 2
    pin = getpass.getpass("six digits: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    if len(pin) != STAFF_PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        print(f"the code has exactly {STAFF_PIN_DIGITS} digits", file=sys.stderr)
        return 1
    if sys.stdin.isatty() and getpass.getpass("once more: ") != pin:
        print("the two are not the same", file=sys.stderr)
        return 1
    name = json.dumps(argv[0], ensure_ascii=False)  # quoted: a bare TOML key knows neither Chinese nor blanks
    print(f'[staff.pins]\n{name} = "{pin_hash(pin, os.urandom(16))}"')
    return 0
