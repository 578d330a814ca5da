"""A token for each program; the file is made once, read again when it changes, and never half believed."""

import json
import os
import stat

import pytest

from drivers.errors import NotAuthorised
from drivers.xfs.auth import Client, TokenFileError, Tokens, read_tokens, token_of, write_first_tokens
from drivers.xfs.ownership import Ownership


def test_the_first_tokens_are_private_and_give_each_program_its_roles(tmp_path):
    path = tmp_path / "state" / "tokens.json"
    write_first_tokens(path)
    assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0
    clients = {client.name: client for client in read_tokens(path).values()}
    assert set(clients) == {"kiosk-run", "operator", "monitor"}
    assert clients["operator"].operator
    assert not clients["monitor"].may_move
    before = path.read_text()
    write_first_tokens(path)
    assert path.read_text() == before
    assert read_tokens(path)[token_of(path, "operator")] == clients["operator"], "not in the screen's name"
    assert read_tokens(path)[token_of(path, "application")] == clients["kiosk-run"]
    with pytest.raises(TokenFileError):
        token_of(path, "no-such-role")


@pytest.mark.parametrize(
    "content",
    [
        "no json",
        "[]",
        '{"token": "kiosk"}',
        '{"short": {"client": "a", "roles": []}}',
        '{"long-enough-token": {"client": "", "roles": []}}',
        '{"long-enough-token": {"client": "a", "roles": "operator"}}',
    ],
)
def test_a_file_that_is_wrong_is_refused_with_an_example(tmp_path, content):
    path = tmp_path / "tokens.json"
    path.write_text(content)
    with pytest.raises(TokenFileError, match="write"):
        read_tokens(path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(TokenFileError, match="start the device program once"):
        Tokens(tmp_path / "tokens.json")


def _write(path, **tokens):
    path.write_text(json.dumps({token: {"client": name, "roles": []} for token, name in tokens.items()}))
    os.utime(path, ns=(path.stat().st_mtime_ns + 1, path.stat().st_mtime_ns + 1_000_000))


def test_only_the_whole_token_of_the_right_kind_opens(tmp_path):
    path = tmp_path / "tokens.json"
    _write(path, **{"a" * 20: "kiosk-run", "b" * 20: "operator"})
    tokens = Tokens(path)
    assert tokens.client("Bearer " + "a" * 20).name == "kiosk-run"
    assert tokens.client("bearer  " + "b" * 20).name == "operator"
    for shown in (
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer " + "a" * 19,
        "Basic " + "a" * 20,
        "a" * 20,
        "Bearer \udcff",
    ):
        assert tokens.client(shown) is None


def test_a_changed_file_is_read_again_and_a_broken_one_is_not_believed(tmp_path):
    path = tmp_path / "tokens.json"
    _write(path, **{"a" * 20: "kiosk-run"})
    tokens = Tokens(path)
    _write(path, **{"c" * 20: "kiosk-run"})
    assert tokens.client("Bearer " + "a" * 20) is None
    assert tokens.client("Bearer " + "c" * 20)
    path.write_text("{")
    assert tokens.client("Bearer " + "c" * 20)


def test_an_owner_stays_until_it_leaves_or_the_staff_take_over():
    kiosk, other = Client("kiosk", frozenset({"application"})), Client("other", frozenset({"application"}))
    staff = Client("staff", frozenset({"operator"}))
    held = []
    device = Ownership("device", lambda: bool(held))
    device.claim(kiosk, owner_busy=False)
    device.claim(kiosk, owner_busy=True)
    for client, busy in ((other, False), (staff, True)):
        with pytest.raises(NotAuthorised, match="kiosk"):
            device.claim(client, owner_busy=busy)
    held.append("paper in the tray")
    with pytest.raises(NotAuthorised):
        device.claim(staff, owner_busy=False)
    held.clear()
    device.claim(staff, owner_busy=False)
    device.left(kiosk)
    assert device.owner == staff
    device.left(staff)
    device.claim(other, owner_busy=False)
