"""The card acquirer's daily file: whole, or no file at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bureau.acquirer.card_files import CardFiles
from bureau.errors import AcquirerUnreachable
from config.clock import CHINA
from tests.bureau.doubles import HandClock
from tests.bureau.stores import DAY

ORDER = "41990026101200000017"
WHOLE = f"""order,kind,amount_fen,rrn,at
{ORDER},sale,414704,000000000001,2026-10-12T09:45:03+08:00
{ORDER},void,414704,000000000002,2026-10-12T09:47:03+08:00
END,2,0
"""


def files(tmp_path: Path, text: str | None = None) -> CardFiles:
    if text is not None:
        (tmp_path / f"{DAY:%Y%m%d}.csv").write_text(text, "utf-8")
    return CardFiles(tmp_path, HandClock())


def test_what_was_given_back_counts_with_a_minus(tmp_path: Path) -> None:
    read = files(tmp_path, WHOLE).daily(DAY)
    assert [line.amount_fen for line in read.lines] == [414_704, -414_704]
    assert read.lines[0].order == ORDER
    assert read.lines[0].paid_at == datetime(2026, 10, 12, 9, 45, 3, tzinfo=CHINA)
    assert not read.final, "the day is not over"


def test_a_file_is_final_when_its_day_is_over(tmp_path: Path) -> None:
    (tmp_path / f"{DAY:%Y%m%d}.csv").write_text(WHOLE, "utf-8")
    clock = HandClock()
    clock.forward(days=1)
    assert CardFiles(tmp_path, clock).daily(DAY).final


@pytest.mark.parametrize("length", range(len(WHOLE.rstrip())))
def test_half_a_file_is_no_file(tmp_path: Path, length: int) -> None:
    with pytest.raises(AcquirerUnreachable):
        files(tmp_path, WHOLE[:length]).daily(DAY)


@pytest.mark.parametrize(
    ("was", "instead"),
    [
        ("order,kind", "kind,order"),
        ("sale", "gift"),
        ("414704,000000000001", "-5,000000000001"),
        ("414704,000000000001", "4,147.04,000000000001"),
        ("+08:00\n41", "\n41"),
        ("END,2,0", "END,3,0"),
        ("END,2,0", "END,2,1"),
        ("2026-10-12T09:45:03", "12/10/2026"),
    ],
)
def test_what_is_not_as_agreed_is_said_and_never_half_taken(tmp_path: Path, was: str, instead: str) -> None:
    with pytest.raises(AcquirerUnreachable, match=r"20261012\.csv is not whole"):
        files(tmp_path, WHOLE.replace(was, instead, 1)).daily(DAY)


def test_no_file_and_a_file_of_other_bytes_are_asked_for_again_later(tmp_path: Path) -> None:
    with pytest.raises(AcquirerUnreachable, match="cannot be read"):
        files(tmp_path).daily(DAY)
    (tmp_path / f"{DAY:%Y%m%d}.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AcquirerUnreachable, match="cannot be read"):
        files(tmp_path).daily(DAY)


def test_only_the_terminal_tells_of_an_order(tmp_path: Path) -> None:
    cards = files(tmp_path)
    for ask in (cards.query, cards.close):
        with pytest.raises(AcquirerUnreachable, match="not told"):
            ask(ORDER)
    assert cards.create(ORDER, 5, "x", timedelta(minutes=1).total_seconds()).qr == ""
