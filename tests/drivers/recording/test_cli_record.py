"""``kiosk devices record`` of a service of another publisher, and ``replay`` of what was written."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.settings import load_devices
from drivers.app import DeviceProgram
from drivers.cli import app
from drivers.cli_record import _File, _say
from drivers.recording import lines
from drivers.recording.client import recorded
from drivers.recording.replay import Verdict, replay
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


class FullDisk(io.StringIO):
    """Takes the head and one line more."""

    def write(self, text: str) -> int:
        if self.getvalue().count("\n") >= 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


async def test_a_disk_that_is_full_ends_the_recording_and_is_told(tmp_path: Path) -> None:
    disk = FullDisk('{"head": 1}\n')
    disk.seek(0, io.SEEK_END)
    file = _File(tmp_path / "jam.jsonl", disk)

    async def work() -> None:
        for number in range(5):
            file.put(f'{{"t": {number}, "opened": true}}')
        await asyncio.sleep(60)

    with pytest.raises(lines.RecordingError, match=r"No space left.* the 1 lines before stay.*--out"):
        async with asyncio.timeout(20):
            await file.filled(work())
    assert disk.getvalue().count("\n") == 2


async def test_what_ends_the_work_itself_is_told_as_it_is(tmp_path: Path) -> None:
    async def work() -> None:
        raise ConnectionError("the device program has ended")

    with pytest.raises(ConnectionError, match="has ended"):
        await _File(tmp_path / "jam.jsonl", io.StringIO()).filled(work())


def test_a_call_that_did_not_come_or_came_too_much_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    head = lines.head_of("sam-v", "idReader", {}, datetime(2026, 10, 12, tzinfo=UTC))
    right, wrong = {"result": None}, {"raised": "LinkLost"}
    _say(Path("a.jsonl"), Verdict(head, (right, wrong), (right,), ()))
    _say(Path("b.jsonl"), Verdict(head, (), (wrong,), ()))
    said = capsys.readouterr().out
    assert "call 2: expected {'raised': 'LinkLost'}, came to nothing" in said
    assert "call 1: expected nothing, came to {'raised': 'LinkLost'}" in said
