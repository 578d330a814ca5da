"""The stamp unit's words: what is not of the protocol is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.protocols import stamp
from drivers.protocols.stamp import Ink, Result, Sensors, UnitState


@given(
    st.sampled_from(list(UnitState)),
    st.sampled_from(list(Ink)),
    st.booleans(),
    st.booleans(),
    st.integers(0, 999_999_999),
    st.integers(0, stamp.LAST_JOB),
)
def test_sensors_are_read_as_they_were_written(
    state: UnitState, ink: Ink, feeder: bool, bed: bool, impressions: int, job: int
) -> None:
    body = f"S|{state}|{ink}|{'sheets' if feeder else 'empty'}|{'sheet' if bed else 'empty'}|{impressions}|{job:08d}"
    assert stamp.sensors(body) == Sensors(state, ink, feeder, bed, impressions, job)


@pytest.mark.parametrize(
    "body",
    [
        "S|idle|ok|sheets|empty|12",
        "S|idle|ok|sheets|empty|12|7",
        "S|idle|ok|sheets|empty|-1|00000007",
        "S|idle|ok|sheets|paper|12|00000007",
        "S|asleep|ok|sheets|empty|12|00000007",
        "S|idle|blue|sheets|empty|12|00000007",
        "S|idle|ok|sheets|empty|１２|00000007",
        "U|idle|ok|sheets|empty|12|00000007",
        "",
    ],
)
def test_what_is_no_answer_to_s_is_refused(body: str) -> None:
    with pytest.raises(ProtocolError):
        stamp.sensors(body)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60))
def test_no_text_breaks_the_reader(body: str) -> None:
    for read in (stamp.sensors, stamp.identity, lambda text: stamp.moved(text, "F")):
        try:
            read(body)
        except ProtocolError:
            pass


def test_a_stamp_is_answered_with_its_own_number() -> None:
    assert stamp.stamping(42) == "K00000042"
    assert stamp.moved("K00000042|ok", "K00000042") is Result.OK
    for body in ("K00000041|ok", "K|ok", "K00000042|empty", "K00000042|perhaps"):
        with pytest.raises(ProtocolError):
            stamp.moved(body, "K00000042")
    for job in (0, -1, 100_000_000):
        with pytest.raises(ValueError, match="number"):
            stamp.stamping(job)
