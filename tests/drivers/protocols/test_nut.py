"""NUT's lines and words: quoting there and back, lists cut anywhere, and a status that says something or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import DeviceNotReady, HardwareFault, ProtocolError
from drivers.protocols.nut import LONGEST_LINE, Lines, quoted, reading, refusal, words
from tests.drivers.protocols.splitting import cuts, fed

printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=40)


@given(st.lists(printable, min_size=1, max_size=5))
def test_what_is_quoted_is_read_back_word_by_word(texts: list[str]) -> None:
    assert words(" ".join(quoted(text) for text in texts)) == texts


def test_a_line_of_upsd_is_read_as_it_is_meant() -> None:
    assert words('VAR cabinet device.mfr "Say \\"UPS\\" \\\\ no"') == [
        "VAR", "cabinet", "device.mfr", 'Say "UPS" \\ no',
    ]  # fmt: skip
    assert words('VAR cabinet ups.test.result ""')[-1] == ""
    for torn in ('VAR cabinet ups.status "OL', "VAR cabinet x \\"):
        with pytest.raises(ProtocolError):
            words(torn)


@given(st.lists(printable, min_size=1, max_size=8), cuts)
def test_lines_are_whole_wherever_the_stream_is_cut(texts: list[str], places: list[int]) -> None:
    stream = "".join(f"{text}\n" for text in texts).encode()
    assert fed(Lines().feed, stream, places) == texts


@given(st.lists(st.binary(max_size=200), max_size=30))
def test_no_stream_breaks_the_reader(pieces: list[bytes]) -> None:
    lines = Lines()
    for piece in pieces:
        try:
            for line in lines.feed(piece):
                words(line)
        except ProtocolError:
            pass


def test_a_line_without_an_end_is_not_kept_for_ever() -> None:
    lines = Lines()
    with pytest.raises(ProtocolError):
        for _ in range(LONGEST_LINE // 64 + 2):
            lines.feed(b"x" * 64)


@pytest.mark.parametrize(
    ("status", "on_battery", "low", "shutdown", "charging"),
    [
        ("OL", False, False, False, None),
        ("OL CHRG", False, False, False, True),
        ("OB DISCHRG", True, False, False, False),
        ("OB LB", True, True, False, False),
        ("FSD OB LB", True, True, True, False),
        ("FSD", False, False, True, None),
        ("OL RB", False, False, False, None),
        ("BYPASS", False, False, False, None),
    ],
)
def test_a_status_says_where_the_power_comes_from(
    status: str, on_battery: bool, low: bool, shutdown: bool, charging: bool | None
) -> None:
    found = reading({"ups.status": status, "battery.charge": "87", "battery.runtime": "much"})
    assert (found.on_battery, found.low, found.shutdown, found.charging) == (
        on_battery,
        low,
        shutdown,
        charging,
    )
    assert found.charge_percent == 87 and found.runtime_s is None
    assert found.replace_battery is ("RB" in status)


@pytest.mark.parametrize("status", ["", "OFF", "CAL", "WAIT", "ol"])
def test_a_status_that_says_neither_is_not_taken_for_mains(status: str) -> None:
    with pytest.raises(ProtocolError):
        reading({"ups.status": status} if status else {})


def test_errors_say_what_to_do() -> None:
    assert isinstance(refusal(["ERR", "DATA-STALE"]), DeviceNotReady)
    assert isinstance(refusal(["ERR", "DRIVER-NOT-CONNECTED"]), DeviceNotReady)
    denied = refusal(["ERR", "ACCESS-DENIED"])
    assert isinstance(denied, HardwareFault) and "upsd.users" in str(denied)
    assert "NEW-ERROR" in str(refusal(["ERR", "NEW-ERROR"]))
    assert isinstance(refusal(["ERR"]), HardwareFault)
