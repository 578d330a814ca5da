"""A film made of facts: in step with the calls, going on as it was, lost and found again as it was recorded."""

from __future__ import annotations

import pytest

from drivers.devices.filming import FilmWire
from drivers.errors import LinkLost, ProtocolError
from drivers.imaging.facts import FrameFacts
from drivers.recording.film import FilmPlayer
from drivers.recording.lines import Head, Line, Recording


def seen(t: float, digest: str, brightness: float = 90.0) -> Line:
    return Line(t, "in", FrameFacts(64, 48, brightness, 40.0, digest * 32).dump().hex())


def film(*lines: Line) -> FilmPlayer:
    return FilmPlayer(Recording(Head("camera-opencv", "faceCamera", "http", {}, "", {}), lines), FilmWire())


def digests(player: FilmPlayer, count: int) -> list[str]:
    return [player.picture().sha256[:2] for _ in range(count)]


def test_the_pictures_come_in_order_and_then_others_like_the_last() -> None:
    player = film(Line(0, "opened"), seen(0.01, "aa"), seen(0.02, "bb", 12.0))
    assert player.open() is not None
    assert digests(player, 2) == ["aa", "bb"]
    more = [player.picture() for _ in range(3)]
    assert len({one.sha256 for one in more}) == 3 and {one.brightness for one in more} == {12.0}


def test_a_film_that_stood_still_goes_on_standing_still() -> None:
    player = film(Line(0, "opened"), seen(0.01, "aa"), seen(0.02, "aa"))
    player.open()
    assert digests(player, 5) == ["aa"] * 5


def test_nothing_behind_a_call_is_shown_before_the_call_was_made() -> None:
    player = film(Line(0, "opened"), seen(0.01, "aa"), Line(0.02, "call", "picture"), seen(0.03, "bb"))
    player.until(2)
    player.open()
    assert not player.passed(2)
    assert digests(player, 1) == ["aa"] and player.passed(2)
    assert digests(player, 1) != ["bb"]
    player.until(4)
    assert digests(player, 1) == ["bb"]


def test_what_was_seen_while_nobody_looks_now_passes_unseen() -> None:
    lines = (Line(0, "opened"), seen(0.01, "aa"), seen(0.02, "bb"), Line(0.03, "closed", "closed"))
    player = film(*lines, Line(1, "opened"), seen(1.01, "cc"))
    player.open()
    assert digests(player, 1) == ["aa"]
    player.close()
    assert player.passed(4)
    player.open()
    assert digests(player, 1) == ["cc"]


def test_a_loss_is_told_where_it_was_and_ends_where_the_camera_came_back() -> None:
    lines = (Line(0, "opened"), seen(0.01, "aa"), Line(0.02, "closed", "lost"))
    player = film(*lines, Line(0.03, "opened"), seen(0.04, "bb"), Line(0.05, "closed", "lost"))
    for expected in ("aa", "bb"):
        assert player.open() is not None
        assert digests(player, 1) == [expected]
        with pytest.raises(LinkLost):
            player.picture()
    assert (player.lost, player.open()) == (2, None)


def test_a_run_that_is_over_waits_for_no_picture() -> None:
    player = film(Line(0, "opened"), seen(0.01, "aa"))
    player.open()
    player.end()
    with pytest.raises(LinkLost, match="ended"):
        player.picture()


def test_what_is_no_picture_is_told_with_its_line() -> None:
    with pytest.raises(ProtocolError, match="line 3"):
        film(Line(0, "opened"), Line(0.1, "in", b"{}".hex()))
