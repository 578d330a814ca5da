"""A city kept for the stacks that begin with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from kiosk.cities import FOLDER, begun_with


class Begun:
    """A stack's places, and how often a city was generated for them."""

    def __init__(self, root: Path, waits: Barrier | None = None) -> None:
        self.root, self.generated, self._waits = root, 0, waits
        (root / "bureau").mkdir(parents=True)

    def begin(self, name: str = "2026-10-12-7") -> None:
        places = {"bureau": self.root / "bureau", "personas.json": self.root / "personas.json"}
        begun_with(name, places, self._generate)

    def _generate(self) -> None:
        if self._waits is not None:
            self._waits.wait(10)
        self.generated += 1
        (self.root / "bureau" / "keys").mkdir()
        (self.root / "bureau" / "keys" / "sealing").write_text("sealed")
        (self.root / "personas.json").write_text("[]")

    @property
    def whole(self) -> bool:
        return (self.root / "bureau/keys/sealing").read_text() + (
            self.root / "personas.json"
        ).read_text() == "sealed[]"


def test_one_is_generated_and_the_next_begins_with_a_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").mkdir()
    monkeypatch.setenv(FOLDER, str(tmp_path / "kept"))
    first, second, other_day = (Begun(tmp_path / name) for name in ("first", "second", "other"))
    first.begin()
    (first.root / "bureau/keys/sealing").write_text("changed since")
    second.begin()
    other_day.begin("2026-10-13-7")
    assert (first.generated, second.generated, other_day.generated) == (1, 0, 1)
    assert second.whole and other_day.whole


def test_without_a_folder_each_generates_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER)
    first, second = Begun(tmp_path / "first"), Begun(tmp_path / "second")
    first.begin()
    second.begin()
    assert (first.generated, second.generated) == (1, 1)


def test_two_at_once_each_have_it_whole_and_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").mkdir()
    monkeypatch.setenv(FOLDER, str(tmp_path / "kept"))
    together = Barrier(2)
    both = [Begun(tmp_path / name, together) for name in ("first", "second")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Begun.begin, both))
    assert all(one.whole for one in both)
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["2026-10-12-7"]
