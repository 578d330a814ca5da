"""The command line as an operator types it, for the tests of its parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from typer.testing import Result

from bureau.city.stock import code_of
from bureau.commands.common import opened
from bureau.fleet.terminals import Terminals
from bureau.opening import business_clock, open_keys
from sync.crypto import b64
from sync.identity import TerminalKeys
from sync.models import Enrolment
from tests.bureau import stores

Run = Callable[..., Result]
CODE = code_of("04", stores.DAY.year)
HANDS = ("--operator", "段丽", "--witness", "蒋明")


def as_json(result: Result) -> Any:
    return json.loads(result.stdout)


def enrol(run: Run, asset: str = "A-07") -> None:
    code = as_json(run("terminal", "enrol-code", asset, "--json"))["code"]
    with opened(None) as (settings, database):
        keys = TerminalKeys.generate()
        public, sealing = b64(keys.signing.public_key), b64(keys.sealing.public)
        Terminals(database, open_keys(settings), business_clock(settings), settings.public_url).enrol(
            Enrolment(code=code, public_key=public, sealing_key=sealing, asset=asset)
        )
