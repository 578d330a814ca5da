"""``kiosk walk`` and ``kiosk demo`` say what is wrong with their arguments in one line, before anything starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import ui.demo
import ui.walk.cli

WALK = ["pay.due", "--out"]


@pytest.mark.parametrize("main", [ui.walk.cli.main, ui.demo.main])
@pytest.mark.parametrize(
    ("moment", "says"), [("notadate", "write it as 2026-10-12T09:42"), ("0001-01-01", "write one from 2001")]
)
def test_a_moment_that_is_none_is_told_with_how_to_write_one(
    main: Callable[[list[str]], int],
    moment: str,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = (
        [*WALK, str(tmp_path / "out")] if main is ui.walk.cli.main else ["--dir", str(tmp_path / "out")]
    )
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--as-of", moment])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out").exists()


def test_somebody_who_is_not_of_the_cast_is_told_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        ui.walk.cli.main([*WALK, str(tmp_path / "out"), "--persona", "nobody"])
    assert ended.value.code == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert "'nobody'" in told
    assert "chen-jing" in told
    assert not (tmp_path / "out").exists()


def test_a_folder_of_somebody_else_s_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").touch()
    assert ui.walk.cli.main([*WALK, str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"kiosk walk: {tmp_path} holds files")
    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name a service, several, or --all"),
        (["pay.due", "--all"], "name a service, several, or --all"),
        (["pay.due", "pay.dues"], "there is no service 'pay.dues'"),
        (["pay.due", "pay.arrears", "--goes-on"], "--goes-on is for one service: name that one alone"),
        (["--all", "--fault", "jam"], "--fault is for one service"),
        (["--all", "--offline"], "--offline is for one service"),
        (["--all", "--card", "debit"], "--card is for one service"),
        (["--all", "--debit"], "--debit is for one service"),
        (["--all", "--core", "http://127.0.0.1:1"], "--core is for one service"),
        (["pay.due", "pay.arrears", "--firm", "91"], "--firm is for one service"),
        (["--refused", "unheardOf"], "invalid choice: 'unheardOf'"),
        (["pay.due", "--refused", "arrears"], "--refused knows who comes and for what: leave pay.due out"),
        (["--all", "--refused", "all"], "--refused knows who comes and for what: leave --all out"),
        (["--refused", "arrears", "--goes-on"], "leave --goes-on out"),
        (["pay.due", "--then", "pay.arrears", "pay.due"], "in a row (--then) each walk is of one service"),
        (["pay.due", "--then"], "in a row (--then) each walk is of one service"),
        (["--all", "--then", "pay.due"], "in a row (--then) each walk is of one service"),
        (["pay.due", "--then", "--refused", "arrears"], "in a row (--then) each walk is of one service"),
        (["pay.due", "--then", "pay.due", "--seed", "8"], "a row (--then) has one day and one seed"),
        (["pay.due", "--fault", "payment-doubt", "--then", "pay.due"], "--fault needs a stack of its own"),
        (["pay.due", "--then", "invoice.verify", "--torn", "camera"], "--torn needs a stack of its own"),
    ],
)
def test_one_service_several_or_all_of_them(
    words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        ui.walk.cli.main([*words, "--out", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out").exists()
