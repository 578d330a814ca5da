"""The cabinet's ports over the pipe to a process of their own: every argument and result comes out as it went in."""

from __future__ import annotations

from typing import Any

import cbor2
import pytest

from config.clock import Deadline
from drivers.cabinet_ports import (
    CabinetBoard,
    Color,
    FlashRate,
    Light,
    PowerReading,
    StampCounts,
    StampUnit,
    StartupTime,
    Ups,
    Watchdog,
)
from drivers.hosting_codec import methods_of

SOON = Deadline.after(5)


@pytest.mark.parametrize(
    ("port", "name", "arguments"),
    [
        (CabinetBoard, "set_lights", [{"scanner": Light(FlashRate.SLOW, Color.RED), "pinPad": Light()}]),
        (CabinetBoard, "set_auxiliaries", [{"heating": "on", "volume": 700}]),
        (CabinetBoard, "set_startup", [StartupTime("weekly", 7, 30, weekday=1)]),
        (CabinetBoard, "set_startup", [None]),
        (CabinetBoard, "feed", [60]),
        (Watchdog, "feed", [0]),
        (StampUnit, "stamp", [42]),
    ],
)
def test_arguments(port: type[Any], name: str, arguments: list[object]) -> None:
    method = methods_of(port)[name]
    piped = cbor2.loads(cbor2.dumps(method.dump_arguments([*arguments, SOON], {})))
    assert method.load_arguments(piped)[:-1] == arguments


@pytest.mark.parametrize(
    ("port", "name", "result"),
    [
        (Ups, "read", PowerReading(True, False, charge_percent=87.5)),
        (StampUnit, "counts", StampCounts(7, 3, True)),
        (CabinetBoard, "startup", StartupTime("daily", 6, 0)),
        (CabinetBoard, "startup", None),
    ],
)
def test_results(port: type[Any], name: str, result: object) -> None:
    method = methods_of(port)[name]
    assert method.result.load(cbor2.loads(cbor2.dumps(method.result.dump(result)))) == result
