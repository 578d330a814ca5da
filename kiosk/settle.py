"""``kiosk settle``: what ``kiosk run`` does at its start, for a technician and for tests: recover, settle, end."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from config.errors import ConfigError
from config.settings import load_terminal
from kiosk.wiring import settle
from sync.errors import SyncError


def main(argv: list[str]) -> int:
    """Exit status 0 when nothing is left open."""
    parser = argparse.ArgumentParser(prog="kiosk settle", description=__doc__)
    parser.add_argument("--config", type=Path, help="kiosk.toml (default: $KIOSK_CONFIG)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long to wait for receipts")
    options = parser.parse_args(argv)
    try:
        left = asyncio.run(settle(load_terminal(options.config, os.environ), options.seconds))
    except (ConfigError, SyncError, LookupError, OSError) as error:
        print(f"kiosk settle: {error}", file=sys.stderr)
        return 2
    print("everything is settled" if not left else f"{left} effects are not settled yet")
    return 1 if left else 0
