"""``bureau core check``: the reference engine keeps what the page promises, and so does the stand-in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bureau.cli import app_of
from bureau.conformance.bench import PROMISES, Bench
from bureau.conformance.check import Found, check, lines
from bureau.conformance.manifest import Manifest, read_manifest
from bureau.conformance.wire import Ear
from tests.bureau.conformance.served import over_http
from tests.bureau.conftest import Centre
from tests.standin.running import StandIn

CITY = Path(__file__).with_name("city.toml")
STAND_IN = Path(__file__).parents[2] / "standin" / "check.toml"


def checked(url: str, manifest: Manifest, *ports: str) -> list[Found]:
    ear = Ear(url, 30)
    try:
        return check(Bench(ear, manifest), ports, lambda _: None)
    finally:
        ear.close()


def told(found: list[Found]) -> str:
    """What broke, for a test to show."""
    return "\n".join(line for one in found if one.verdict == "broken" for line in lines(one))


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_reference_engine_keeps_every_promise(centre: Centre) -> None:
    centre.terminal()
    centre.load()
    centre.load("shelf", "1", first="00400001", count=2)
    with over_http(centre.system) as url:
        found = checked(url, read_manifest(CITY))
    assert {one.promise.name for one in found if one.verdict == "held"} == PROMISES.keys(), told(found)


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_stand_in_keeps_every_promise(core: StandIn) -> None:
    found = checked(core.url, read_manifest(STAND_IN))
    assert {one.promise.name for one in found if one.verdict == "held"} == PROMISES.keys(), told(found)


def run(*words: str) -> Result:
    return CliRunner().invoke(app_of("core"), ["check", *words])


def test_one_port_is_asked_alone_and_what_the_manifest_lacks_is_said(core: StandIn, tmp_path: Path) -> None:
    manifest = tmp_path / "check.toml"
    manifest.write_text('terminal = "A-07"\nsilent_s = 2\n')
    done = run(core.url, "--manifest", str(manifest), "--port", "cases", "--port", "payments")
    assert done.exit_code == 0, done.output
    assert "held       cases.same" in done.output
    assert "not asked  payments.held (the manifest has no [person])" in done.output
    assert "returns" not in done.output
    assert done.output.splitlines()[-1].startswith("6 promises held, 0 broken, 0 of methods")
    told = json.loads(run(core.url, "--manifest", str(manifest), "--port", "cases", "--json").stdout)
    assert [(one["promise"], one["verdict"]) for one in told][:1] == [("cases.same", "held")]


def test_a_broken_promise_says_what_to_do(core: StandIn, tmp_path: Path) -> None:
    """Of a person who has no such role: what the integrator sees when manifest and books differ."""
    manifest = tmp_path / "check.toml"
    manifest.write_text(STAND_IN.read_text().replace('role = "T"', 'role = "A"'))
    done = run(core.url, "--manifest", str(manifest), "--port", "registration")
    assert done.exit_code == 1
    at = done.output.index("BROKEN     registration.roles")
    assert [line.split()[0] for line in done.output[at:].splitlines()[1:5]] == ["asked", "came", "page", "do"]


@pytest.mark.parametrize(
    ("text", "words", "says", "status"),
    [
        ("terminal = ", [], "docs/integrating.md describes the manifest", 1),
        ('terminal = "A-07"\nsilent_s = 0\n', [], "silent_s: Input should be greater than 0", 1),
        ('terminal = "A-07"\nsilent_s = 2\nfirm = 1\n', [], "firm: Extra inputs are not permitted", 1),
        ('terminal = "A-07"\nsilent_s = 2\n', [], "the core system gives no answer", 1),
        ('terminal = "A-07"\nsilent_s = 2\n', ["--port", "cash"], "no promise is about 'cash'", 2),
    ],
)
def test_what_cannot_be_checked_is_told_in_one_line(
    text: str, words: list[str], says: str, status: int, tmp_path: Path
) -> None:
    manifest = tmp_path / "check.toml"
    manifest.write_text(text)
    done = run("http://127.0.0.1:1", "--manifest", str(manifest), *words)
    assert says in done.output
    assert len(done.output.splitlines()) == 1
    assert done.exit_code == status
