"""Every recording in ``tests/drivers/recordings``: drop a file in, and it is a test of its driver."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.devices import registry, supervised
from drivers.errors import DriverConfigError
from drivers.recording import lines
from drivers.recording.player import Player
from drivers.recording.replay import replay
from drivers.recording.stage import ReplayTap

FOLDER = Path(__file__).parent.parent / "recordings"
FILES = sorted(FOLDER.glob("*.jsonl"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_a_driver_makes_of_a_recording_what_is_expected(file: Path) -> None:
    verdict = await replay(lines.read(file))
    assert verdict.outcomes == verdict.expected, "\n".join(verdict.deviations)
    assert verdict.expected, "a recording without a call is no test"


async def test_what_cannot_be_played_is_said_so() -> None:
    head = '{"recording": 1, "driver": "mrz-serial", "role": "mrzReader", "transport": "serial"}'
    with pytest.raises(DriverConfigError, match="for reading"):
        await replay(lines.parse([head]))


@pytest.mark.parametrize(
    "outcome", ['"result": {"kind": "StraightPage"}', '"raised": "MediaInvalid", "code": "glare"']
)
async def test_what_was_read_off_a_picture_that_is_not_kept_is_not_played(outcome: str) -> None:
    head = (FOLDER / "document-camera-opencv-dark.jsonl").read_text("utf-8").splitlines()[0]
    with pytest.raises(DriverConfigError, match="a matter of the picture"):
        await replay(lines.parse([head, f'{{"t": 1, "done": "read", {outcome}}}']))


def test_every_driver_that_can_be_played_to_has_a_recording_of_a_fault_too() -> None:
    drivers = [lines.read(file).head.driver for file in FILES]
    playable = {name for name in registry.names() if registry.traits(name).wired({}).plays}
    assert {name for name in playable if drivers.count(name) < 2} == set()


def _changed(name: str, change: Callable[[list[str]], list[str]]) -> lines.Recording:
    return lines.parse(change((FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()))


async def test_an_answer_that_was_another_comes_to_another_outcome() -> None:
    def torn(texts: list[str]) -> list[str]:
        """The printer never says that the cut was done."""
        last = max(n for n, text in enumerate(texts) if '"1d7201"' in text)
        return [*texts[: last + 1], *(text for text in texts[last + 1 :] if '"in": "00"' not in text)]

    verdict = await replay(_changed("escpos-serial-printed", torn))
    assert not verdict.same
    assert verdict.outcomes[0]["result"]["outcome"] != "printed"


@pytest.mark.parametrize("name", ["escpos-serial-printed", "xfs4iot-receipt-printer-printed"])
async def test_a_slip_is_played_as_its_service_calls_for_it(name: str) -> None:
    """The service says whether what hangs out is to be cut off first; these were made without."""

    def with_word(texts: list[str]) -> list[str]:
        at = next(n for n, text in enumerate(texts) if '"call": "print_receipt"' in text)
        assert texts[at].endswith("}]}")
        return [*texts[:at], texts[at][:-2] + ", false]}", *texts[at + 1 :]]

    verdict = await replay(_changed(name, with_word))
    assert verdict.same, (verdict.outcomes, verdict.deviations)


async def test_a_search_ends_with_its_connection_however_soon_the_reader_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervised, "FIRST_RETRY_S", 0.01)
    verdict = await replay(lines.read(FOLDER / "sam-v-unplugged.jsonl"))
    assert verdict.same, verdict.outcomes


async def test_what_the_head_expects_is_what_counts() -> None:
    def wished(texts: list[str]) -> list[str]:
        return [
            texts[0][:-1] + ', "expect": [{"result": {"outcome": "printed", "error": null}}]}',
            *texts[1:],
        ]

    assert not (await replay(_changed("escpos-serial-no-paper", wished))).same
    assert (await replay(_changed("escpos-serial-printed", wished))).same


async def test_a_request_that_the_recording_lacks_is_told() -> None:
    def without_sam_id(texts: list[str]) -> list[str]:
        at = next(n for n, text in enumerate(texts) if '"out": "aaaaaa9669000312' in text)
        return [*texts[:at], *texts[at + 2 :]]

    verdict = await replay(_changed("sam-v-read", without_sam_id))
    assert "aa aa aa 96 69 00 03 12" in verdict.deviations[0]
    assert verdict.outcomes[0]["raised"] == "DeviceNotReady"


async def test_the_barcode_readers_port_is_there_as_long_as_the_recording_says() -> None:
    """Longer than the driver waits between two looks at its port."""
    recording = lines.read(FOLDER / "barcode-serial-read.jsonl")
    device = registry.create(
        "barcode-serial",
        {"port": "recording"},
        tap=ReplayTap(Player(recording, registry.traits("barcode-serial").wire())),
    )
    await device.open()
    await device.channel.call(device.channel.check)  # type: ignore[attr-defined]
    await device.close()
