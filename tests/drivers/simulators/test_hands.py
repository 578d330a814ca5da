"""Every hand at every device: what the table says, the running cabinet takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.simulators.cli import app
from drivers.simulators.errors import ActionRefusedError
from drivers.simulators.hands import ALIASES, CABLE, DEVICES, VERBS, deed, known, usage, verbs_of

HANDS = [(verb, device) for verb, means in VERBS.items() for device in means.at]


@pytest.fixture
async def cabinet(tmp_path: Path) -> AsyncIterator[Cabinet]:
    async with Cabinet(CabinetOptions(tmp_path / "cabinet", speed=200)) as running:
        yield running


async def run(cabinet: Cabinet, *arguments: str) -> tuple[int, str]:
    words = [*arguments, "--dir", str(cabinet.directory)]
    result = await asyncio.to_thread(CliRunner().invoke, app, words)
    return result.exit_code, result.output


async def test_every_verb_is_an_action_that_its_device_has(cabinet: Cabinet) -> None:
    for verb, device in HANDS:
        if device not in cabinet.devices:
            assert device == "smartCard", "only that one needs what a machine may lack"
            continue
        name, what = deed(verb, device)
        try:
            await cabinet.do(name, what.action, **what.parameters)
        except ActionRefusedError:
            pass  # nothing lies there, nothing is asked for: known, and refused now


async def test_every_device_has_a_cable_and_is_listed_with_its_hands(cabinet: Cabinet) -> None:
    code, said = await run(cabinet, "list")
    assert code == 0
    lines = {line.split()[0]: line.split()[1:] for line in said.splitlines()}
    for device in cabinet.devices:
        assert lines[device] == (verbs_of(device) or ["do"])
        if device in DEVICES:
            assert set(CABLE) <= set(cabinet.devices[device].actions())
            assert set(CABLE) <= set(lines[device])
    assert set(cabinet.devices) - set(DEVICES) == {"person", "phone"}
    assert set(json.loads((await run(cabinet, "list", "--json"))[1])) == set(cabinet.devices)


async def test_one_device_is_listed_with_all_that_it_takes(cabinet: Cabinet) -> None:
    code, said = await run(cabinet, "list", "paymentTerminal")
    assert (code, said.splitlines()[0].startswith("pos: empty off on unplug")) == (0, True), said
    assert "do pos paper level=full|low|out" in said
    assert (await run(cabinet, "list", "teapot"))[0] == 2


async def test_hands_by_name_and_by_role(cabinet: Cabinet) -> None:
    assert (await run(cabinet, "empty", "paymentTerminal"))[0] == 0
    assert cabinet.devices["pos"].state()["paper"] == "out"
    assert (await run(cabinet, "tamper", "pinPad"))[0] == 0
    assert (await run(cabinet, "off", "signaturePad"))[0] == 0
    assert cabinet.devices["signaturePad"].state()["power"] == "off"
    assert (await run(cabinet, "open", "board"))[0] == 0
    assert cabinet.board.state()["doors"]["cabinet"] == "open"  # type: ignore[index]
    assert (await run(cabinet, "silent", "mrzReader"))[0] == 0
    assert cabinet.devices["mrzReader"].state()["silent"] is True


async def test_what_makes_no_sense_is_refused_with_what_does(cabinet: Cabinet) -> None:
    code, said = await run(cabinet, "jam", "camera")
    assert code == 2
    assert "receiptPrinter" in said
    assert (await run(cabinet, "unplug", "teapot"))[0] == 2


def test_roles_stand_for_devices() -> None:
    assert {known(role) for role in ALIASES} <= set(DEVICES)
    with pytest.raises(LookupError, match="idReader"):
        known("teapot")


def test_usage_says_what_may_be_left_out() -> None:
    schema = {
        "required": ["level"],
        "properties": {
            "level": {"enum": ["full", "out"]},
            "mm": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "on": {"type": "boolean"},
        },
    }
    assert usage("paper", schema) == "paper level=full|out [mm=number] [on=true|false]"
