from __future__ import annotations

import ast
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

import kiosk.settle
from config.errors import ConfigError
from kiosk import cli
from kiosk.command_line import run_part
from sync.errors import StoreLocked


def defined(module: str) -> set[str]:
    """Names at the top of a module, without importing it (some parts bring Qt along)."""
    spec = importlib.util.find_spec(module)
    assert spec is not None, f"no module {module}"
    assert spec.origin is not None
    names: set[str] = set()
    for node in ast.parse(Path(spec.origin).read_text()).body:
        match node:
            case ast.FunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names |= {t.id for t in targets if isinstance(t, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case ast.ImportFrom(names=aliases):
                names |= {alias.asname or alias.name for alias in aliases}
    return names


@pytest.mark.parametrize("name", cli.PARTS)
def test_every_part_is_where_the_table_says(name: str) -> None:
    module, _, entry = cli.PARTS[name].entry.partition(":")
    assert entry in defined(module)


@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"]])
def test_help_names_every_part(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 0
    told = capsys.readouterr().out
    assert all(f"kiosk {name}" in told and part.summary in told for name, part in cli.PARTS.items())


def test_an_unknown_part_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["wallk"]) == 2
    told = capsys.readouterr()
    assert "'wallk'" in told.err
    assert "kiosk walk" in told.err
    assert told.out == ""


def test_a_part_gets_the_rest_of_the_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["services", "show", "pay.due"]) == 0
    assert capsys.readouterr().out.startswith("pay.due ")


def test_the_command_line_of_the_process_is_taken_when_none_is_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["kiosk", "services"])
    assert cli.main() == 0
    assert "pay.due" in capsys.readouterr().out


# --- one part -------------------------------------------------------------------------------------------------


def application(work: Callable[[], Any]) -> typer.Typer:
    app = typer.Typer()

    @app.command()
    def first(number: int = 0) -> Any:
        return work()

    @app.command()
    def second() -> None:
        """So that there are two."""

    return app


def exits(status: int) -> Callable[[], Any]:
    def work() -> None:
        raise typer.Exit(status)

    return work


def fails(error: BaseException) -> Callable[[], Any]:
    def work() -> None:
        raise error

    return work


@pytest.mark.parametrize("status", [0, 1, 3])
def test_the_status_of_a_plain_part_is_the_status(status: int) -> None:
    assert run_part(lambda _argv: status, "kiosk x", []) == status


@pytest.mark.parametrize(
    ("work", "status"),
    [
        (lambda: None, 0),
        (lambda: 4, 4),
        (exits(0), 0),
        (exits(1), 1),
        (exits(7), 7),
        (fails(typer.Abort()), 130),
    ],
)
def test_the_status_of_a_typer_part_is_the_status(work: Callable[[], Any], status: int) -> None:
    assert run_part(application(work), "kiosk x", ["first"]) == status


@pytest.mark.parametrize(
    "arguments", [["third"], ["first", "--nope"], ["first", "--number", "many"], ["first", "too", "much"]]
)
def test_what_a_part_does_not_take_is_told_under_its_own_name(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_part(application(lambda: None), "kiosk x", arguments) == 2
    assert "kiosk x" in capsys.readouterr().err


@pytest.mark.parametrize("plain", [True, False])
def test_a_mistake_in_the_configuration_is_told_without_a_traceback(
    plain: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    error = ConfigError.single("kiosk.toml", "bureau.url", "is missing", "write it")
    work = fails(error)
    part: Any = (lambda _argv: work()) if plain else application(work)
    assert run_part(part, "kiosk x", [] if plain else ["first"]) == 2
    told = capsys.readouterr().err
    assert told.strip() == "kiosk.toml: bureau.url: is missing; write it"


def test_a_mistake_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run_part(application(fails(ZeroDivisionError())), "kiosk x", ["first"])


# --- kiosk settle ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("left", "status", "words"), [(0, 0, "everything is settled"), (2, 1, "2 effects")])
def test_settle_says_whether_anything_is_left(
    left: int, status: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[float] = []

    async def settle(_settings: object, seconds: float) -> int:
        asked.append(seconds)
        return left

    monkeypatch.setattr(kiosk.settle, "settle", settle)
    monkeypatch.setattr(kiosk.settle, "load_terminal", lambda _path, _env: object())
    assert kiosk.settle.main(["--seconds", "7"]) == status
    assert asked == [7.0]
    assert words in capsys.readouterr().out


@pytest.mark.parametrize(
    "error",
    [
        ConfigError.single("kiosk.toml", "bureau.url", "is missing", "write it"),
        StoreLocked(Path("journal.db")),
        LookupError("tokens.json has no token"),
        OSError(2, "No such file"),
    ],
)
def test_settle_tells_what_keeps_it_from_settling(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def settle(_settings: object, _seconds: float) -> int:
        raise error

    monkeypatch.setattr(kiosk.settle, "settle", settle)
    monkeypatch.setattr(kiosk.settle, "load_terminal", lambda _path, _env: object())
    assert kiosk.settle.main([]) == 2
    assert str(error) in capsys.readouterr().err
