"""The folder of a walk: its own is emptied, anybody else's is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ui.walk.folder import FolderInUse, is_ours, make_ready
from ui.walk.walk import Options, Verdict, walk


def test_a_new_and_an_empty_folder_become_a_walk_s(tmp_path: Path) -> None:
    for folder in (tmp_path / "a" / "b", tmp_path):
        if folder is tmp_path:
            (tmp_path / "a" / "b" / ".kiosk-walk").unlink()
            (tmp_path / "a" / "b").rmdir()
            (tmp_path / "a").rmdir()
        make_ready(folder)
        assert is_ours(folder)


def test_an_earlier_walk_is_emptied_also_one_that_came_to_no_verdict(tmp_path: Path) -> None:
    make_ready(tmp_path)
    (tmp_path / "state" / "deep").mkdir(parents=True)
    (tmp_path / "01-attract.png").touch()
    (tmp_path / "link").symlink_to(tmp_path / "state", target_is_directory=True)
    make_ready(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == [".kiosk-walk"]


def test_a_verdict_from_before_there_was_a_marker_tells_it_as_well(tmp_path: Path) -> None:
    Verdict(True, "pay.due", "t", 1, 1.0, []).write(tmp_path)
    make_ready(tmp_path)
    assert not (tmp_path / "verdict.json").exists()


@pytest.mark.parametrize("name", ["notes.txt", "verdict.json", ".git/config"])
def test_what_somebody_else_put_there_stays_and_the_way_out_is_told(tmp_path: Path, name: str) -> None:
    theirs = tmp_path / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text(json.dumps({"verdict": "guilty"}))
    with pytest.raises(FolderInUse, match="name a folder that is new or empty"):
        walk(Options("pay.due", tmp_path))
    assert [item for item in tmp_path.rglob("*") if item.is_file()] == [theirs]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with pytest.raises(FolderInUse, match="is a file"):
        make_ready(tmp_path / "x")
