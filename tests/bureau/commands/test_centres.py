"""Centres below and above at the command line: a code is made, a centre joins with it, tells, and is suspended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bureau.api.app import create_app
from bureau.commands.common import opened
from bureau.levels.centres import Centres
from bureau.levels.wire import JoinCentre
from bureau.opening import business_clock, open_keys
from sync.crypto import b64, new_signer
from tests.bureau import stores
from tests.bureau.commands.shell import Run, as_json
from tests.bureau.conftest import Centre
from tests.bureau.serving import served

CITY = "15301000000"
NAMES = ("--name", "云川市税务局", "--name-en", "Yunchuan Tax Service", "--officer", "段丽")


def test_a_centre_joins_tells_and_is_suspended(
    run: Run,
    make_centre: Callable[..., Centre],
    sqlite_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = stores.sqlite_city(sqlite_template, tmp_path / "province.db")
    province = make_centre(url, state="province")
    with served(create_app(province.container)) as address:
        assert "write superior.url" in run("superior", "join", "2222-2222-2222", code=1).stderr
        monkeypatch.setenv("BUREAU_SUPERIOR__URL", address)
        assert "no centre above was joined" in run("superior", "show").stdout
        assert "bureau superior join" in run("superior", "tell", code=1).stderr
        code, _ = province.container.centres.make_code(
            CITY, {"zh-CN": "云川市税务局", "en-US": "Yunchuan"}, "段丽", 5
        )
        assert as_json(run("superior", "join", code, "--json"))["centre"] == CITY
        assert "not yet" in run("superior", "show").stdout
        assert "2026-10-12T" in run("superior", "tell").stdout
        assert as_json(run("superior", "show", "--json"))["heard_at"]
        province.container.centres.set_state(CITY, "suspended", "查")
        assert "centre-suspended" in run("superior", "tell", code=1).stderr


def test_what_is_below_is_listed_suspended_and_resumed(run: Run) -> None:
    assert "no centre has joined" in run("centre", "list").stdout
    made = as_json(run("centre", "code", CITY, *NAMES, "--json"))
    assert made["centre"] == CITY and len(made["code"]) == len("XXXX-XXXX-XXXX")
    assert "eleven digits" in run("centre", "code", "1530", *NAMES, code=1).stderr
    assert "2 to 80" in run("centre", "code", CITY, "--name", "x", *NAMES[2:], code=1).stderr
    why = ("--officer", "段丽", "--reason", "查")
    assert "joined here" in run("centre", "suspend", CITY, *why, code=1).stderr
    with opened(None) as (settings, database):
        key = b64(new_signer("ed25519")[0].public_key)
        centres = Centres(database, open_keys(settings), business_clock(settings))
        centres.join(JoinCentre(code=made["code"], public_key=key))
    assert "not heard of yet" in run("centre", "list").stdout
    assert "suspended" in run("centre", "suspend", CITY, *why).stdout
    (one,) = as_json(run("centre", "list", "--json"))
    assert (one["state"], one["reason"], one["name"]["zh-CN"]) == ("suspended", "查 (段丽)", "云川市税务局")
    run("centre", "resume", CITY, "--officer", "段丽")
    assert as_json(run("centre", "list", "--json"))[0]["state"] == "active"
