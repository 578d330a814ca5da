"""``kiosk devices record`` of a service of another publisher, and ``replay`` of what was written."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path

from typer.testing import CliRunner

from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.cli import app
from drivers.recording import lines
from drivers.recording.client import recorded
from drivers.recording.replay import replay
from tests.drivers.xfs.vendor import Vendor


async def test_another_publisher_s_service_is_recorded_and_played_to_our_client(tmp_path: Path) -> None:
    vendor, out = Vendor(), tmp_path / "codes.jsonl"
    await vendor.start()
    config = tmp_path / "devices.toml"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config.write_text(
        f'state_dir = "{tmp_path}"\nport = {port}\n[roles]\nbarcodeReader = "{vendor.uri("Barcode")}"\n'
    )
    program = DeviceProgram(load_devices(config, {}))
    await program.start()
    try:
        given = [
            "record",
            "barcodeReader",
            "-o",
            str(out),
            "-s",
            "3",
            "--note",
            "to see it",
            "-c",
            str(config),
        ]
        recording = asyncio.create_task(asyncio.to_thread(lambda: CliRunner().invoke(app, given)))
        async with asyncio.timeout(20):
            while not vendor.services["Barcode"].clients:
                await asyncio.sleep(0.01)
        await vendor.services["Barcode"].change(scanner="inoperative")
        result = await recording
    finally:
        await program.stop()
        await vendor.stop()
    assert result.exit_code == 0, result.output
    read = lines.read(out)
    (session,) = recorded(read)
    assert [name for name, _ in session.commands][:2] == ["Common.Capabilities", "Common.Status"]
    assert session.unsolicited == ["Common.StatusChangedEvent"]
    assert "127.0.0.1" not in read.dump()
    verdict = await replay(read)
    assert verdict.same, verdict.outcomes


async def test_a_completion_that_was_another_is_told() -> None:
    folder = Path(__file__).parent.parent / "recordings"
    texts = (folder / "xfs4iot-answered.jsonl").read_text("utf-8").splitlines()
    read = lines.parse(texts)
    (session,) = recorded(read)
    found = [outcome for _, outcome in session.commands]
    assert {"completion": "unsupportedCommand"} in found and {"completion": "canceled"} in found
    head = {**json.loads(texts[0]), "expect": [{"completion": "success"} for _ in session.outcomes]}
    assert not (await replay(lines.parse([json.dumps(head), *texts[1:]]))).same
