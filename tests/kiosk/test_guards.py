from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk import staff_code
from kiosk.guards import Tries, pin_hash, staff_of, subject_of
from tests.depth import examples


class Seconds:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_the_last_try_allowed_locks(seconds: Seconds, limit: int) -> None:
    tries = Tries(limit, 1800, seconds)
    told = []
    for _ in range(limit):
        assert not tries.locked("a")
        told.append(tries.failed("a"))
    assert told == [False] * (limit - 1) + [True]
    assert tries.locked("a")


def test_it_unlocks_at_the_very_second_and_counts_from_nothing(seconds: Seconds) -> None:
    tries = Tries(2, 1800, seconds)
    tries.failed("a")
    tries.failed("a")
    seconds.now += 1799.999
    assert tries.locked("a")
    seconds.now += 0.001
    assert not tries.locked("a")
    assert not tries.failed("a"), "one failure after the lock is one failure"
    assert not tries.locked("a")


def test_only_the_one_who_failed_is_locked(seconds: Seconds) -> None:
    tries = Tries(1, 60, seconds)
    tries.failed("a")
    assert (tries.locked("a"), tries.locked("b")) == (True, False)


def test_a_success_forgets_failures_but_opens_no_lock(seconds: Seconds) -> None:
    tries = Tries(2, 60, seconds)
    tries.failed("a")
    tries.succeeded("a")
    assert not tries.failed("a")
    tries.failed("a")
    tries.succeeded("a")
    assert tries.locked("a")


def test_the_wall_clock_has_no_say(seconds: Seconds) -> None:
    """Setting the machine's clock ahead opens no lock: only seconds that passed do."""
    tries = Tries(1, 60, seconds)
    tries.failed("a")
    assert tries.locked("a")
    seconds.now += 59
    assert tries.locked("a")


@settings(max_examples=examples(50))
@given(st.lists(st.sampled_from(["fail", "succeed", "wait"]), max_size=30))
def test_in_any_order_nobody_gets_more_tries_than_allowed_in_a_row(events: list[str]) -> None:
    seconds = Seconds()
    tries, since = Tries(3, 100, seconds), 0
    for event in events:
        if event == "wait":
            seconds.now += 40
        elif tries.locked("a"):
            since = 0
        elif event == "fail":
            since += 1
            assert tries.failed("a") == (since == 3)
            since %= 3
        else:
            tries.succeeded("a")
            since = 0


def test_a_person_s_name_in_the_counter_tells_nobody_who_it_is() -> None:
    number = "11010519491231002X"
    salted = subject_of(number, b"one")
    assert salted == subject_of(number, b"one")
    assert salted != subject_of(number, b"two")
    assert number not in salted
    assert re.fullmatch(r"[0-9a-f]{64}", salted)


def test_a_code_is_kept_as_salted_scrypt_and_found_again() -> None:
    one, two = pin_hash("246810", b"1" * 16), pin_hash("246810", b"2" * 16)
    assert one != two
    assert re.fullmatch(r"scrypt:[0-9a-f]{32}:[0-9a-f]{64}", one), "the form that the settings file takes"
    pins = {"zhang": one, "li": pin_hash("135791", b"3" * 16)}
    assert staff_of("246810", pins) == "zhang"
    assert staff_of("135791", pins) == "li"
    assert staff_of("246811", pins) is None
    assert staff_of("246810", {}) is None


# --- kiosk staff-code -----------------------------------------------------------------------------------------


class Keyboard:
    def __init__(self, line: str) -> None:
        self._line = line

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        return self._line


@pytest.mark.parametrize("name", ["zhang", "张伟", "Zhang Wei", 'O"Neil'])
def test_the_line_for_the_settings_file_is_toml_and_opens_with_the_code(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import tomllib

    monkeypatch.setattr("sys.stdin", Keyboard("246810\n"))
    assert staff_code.main([name]) == 0
    pins = tomllib.loads(capsys.readouterr().out)["staff"]["pins"]
    assert staff_of("246810", pins) == name


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "12 456", "１２３４５６", "12345²"])
def test_what_is_no_code_of_six_digits_is_refused(
    code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Keyboard(code + "\n"))
    assert staff_code.main(["zhang"]) == 1
    told = capsys.readouterr()
    assert "6 digits" in told.err
    assert told.out == ""


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["--help"]])
def test_without_a_name_it_says_how_it_is_used(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert staff_code.main(arguments) == 2
    assert "usage" in capsys.readouterr().err
