from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from config.catalogue import BUILT_IN
from kiosk.command_line import run_part
from kiosk.services_cli import app
from tests.shipped import CATALOGUE

NAMES = list(CATALOGUE)


def run(*arguments: str) -> int:
    return run_part(app, "kiosk services", list(arguments))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what ships."""
    return Path(shutil.copytree(BUILT_IN, tmp_path / "services"))


def test_the_list_has_every_service_in_the_order_of_the_home_screen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == NAMES


def test_a_script_gets_json_with_titles_hash_and_devices(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in rows] == NAMES
    for row in rows:
        published = CATALOGUE[row["id"]]
        assert row["hash"] == published.hash
        assert row["titles"] == published.service.title
        devices = published.service.devices
        assert row["devices"] == {
            "required": devices.required,
            "one_of": devices.one_of,
            "fitted": devices.fitted,
            "helpful": devices.helpful,
        }
        assert row["roles"] == published.service.roles
        assert row["action"] == published.service.action


def of_every_kind() -> list[str]:
    """Services in whose steps every kind of step is met."""
    met: set[str] = set()
    names = []
    for name, published in CATALOGUE.items():
        kinds = {step.kind for step in published.service.steps}
        if kinds - met:
            names.append(name)
            met |= kinds
    return names


@pytest.mark.parametrize("name", of_every_kind())
def test_a_service_is_shown_step_by_step(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", name) == 0
    head, *steps = capsys.readouterr().out.splitlines()
    published = CATALOGUE[name]
    assert head.split() == [name, published.hash]
    assert [line.split()[1:3] for line in steps] == [[s.kind, s.id] for s in published.service.steps]


def test_a_service_that_is_not_there_is_told_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "pay.deu") == 2
    told = capsys.readouterr().err
    assert "'pay.deu'" in told
    assert all(name in told for name in NAMES)


def test_what_ships_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in sorted(BUILT_IN.glob("*.yaml"))]
    assert run("check", *files) == 0
    assert capsys.readouterr().out.splitlines() == [f"{path}: right" for path in files]


def test_every_mistake_of_every_file_is_told_and_the_right_ones_are_called_right(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoiled, right = folder / "pay.due.yaml", folder / "invoice.collect.yaml"
    text = spoiled.read_text()
    spoiled.write_text(text.replace("kind: rate", "kind: rte").replace("dues: dues.", "dues: deus."))
    missing = folder / "no.such.yaml"
    assert run("check", str(spoiled), str(right), str(missing)) == 1
    told = capsys.readouterr()
    assert told.out == f"{right}: right\n"
    assert f"{spoiled}: steps.8.kind: 'rte' is no kind of step" in told.err
    assert f"{missing}: cannot be read (No such file or directory)" in told.err
    spoiled.write_text(text.replace("dues: dues.", "dues: deus."))
    assert run("check", str(spoiled)) == 1
    assert "did you mean 'dues'?" in capsys.readouterr().err


def test_another_folder_may_be_looked_at(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pay.due.yaml").unlink()
    assert run("--folder", str(folder)) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(NAMES) - 1


def test_a_folder_that_is_not_there_is_told_and_no_empty_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--folder", str(tmp_path / "nowhere")) == 2
    told = capsys.readouterr()
    assert "nowhere: there is no such folder" in told.err
    assert told.out == ""


def test_a_folder_with_a_wrong_file_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "pay.due.yaml").write_text("id: pay.due\n")
    assert run("--folder", str(folder)) == 2
    assert "pay.due.yaml: steps: is missing" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["check"], ["show"], ["nothing"]])
def test_what_is_not_asked_rightly_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    assert "kiosk services" in capsys.readouterr().err
