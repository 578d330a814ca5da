"""Certificates without the network: the signature in the code by the centre's keys, told with what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bureau.certificates import shortsig
from bureau.certificates.sealing import SoftwareCodeSigner
from config.texts import all_texts
from kiosk.domain.own_numbers import make_number
from kiosk.effects.base import Origin
from kiosk.kept import Kept
from kiosk.paper_check import ASK_EVERY_S, PaperCheck, PaperKeys
from sync.errors import BureauUnreachable
from sync.paper_signature import published
from tests.shipped import CATALOGUE

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
DAY = date(2026, 10, 12)
NUMBER, CODE = make_number("21", "9900", DAY, 42), "7K2M9QX4PD3A8HEW"
MOMENT = datetime(2026, 10, 12, 1, 0, tzinfo=UTC)
SOMEBODY = {"person": {"kind": "resident", "number": "11010519491231002X"}, "taxpayer": None}
ORIGIN = Origin("v", "t", "result", "certificate.verify", "0" * 64, "zh-CN", SOMEBODY)


def signature(amount_fen: int | None = 406_802, key: Ed25519PrivateKey = KEY) -> str:
    return shortsig.make(NUMBER, CODE, DAY, amount_fen, "2c" * 32, SoftwareCodeSigner(key))


class Held:
    """What the terminal keeps: the keys alone."""

    def __init__(self, keys: list[str] | None) -> None:
        self.keys = keys
        self.asked: list[tuple[str, Mapping[str, object], Origin]] = []

    def find(self, query: str, params: dict[str, object], origin: Origin) -> Kept | None:
        self.asked.append((query, params, origin))
        if query != "certificate.keys" or self.keys is None:
            return None
        return Kept({"keys": self.keys, "as_of": MOMENT.isoformat()}, MOMENT)


def params(**other: Any) -> dict[str, object]:
    scanned = {"scanned_number": NUMBER, "scanned_code": CODE, "signature": signature()}
    return {"number": NUMBER, "code": CODE, **scanned, **other}


def asked(held: Held, **other: Any) -> dict[str, Any]:
    found = PaperCheck(held, all_texts()).find("certificate.verify", params(**other), ORIGIN)
    assert found is not None and found.as_of == MOMENT
    return found.data


KNOWN = published([KEY.public_key()])


def test_a_genuine_signature_tells_day_and_amount_and_that_nothing_is_known_of_what_came_after() -> None:
    told = asked(Held(KNOWN))
    assert told["finding"] == "offline-signed"
    assert told["title"]["zh-CN"] == "签名属实；是否仍然有效还不知道"
    assert [fact["value"]["en-US"] for fact in told["facts"]] == ["219900 261012 0000 0424", "12 Oct 2026"]
    assert [fact["value"]["zh-CN"] for fact in told["total"]] == ["¥4,068.02"]
    for lang, words in (
        ("zh-CN", "换开或作废，本机不知道"),
        ("en-US", "replaced or made void since is not known"),
    ):
        assert any(words in statement[lang] for statement in told["statements"])


def test_one_without_an_amount_shows_none() -> None:
    told = asked(Held(KNOWN), signature=signature(None))
    assert (told["finding"], told["total"]) == ("offline-signed", [])


@pytest.mark.parametrize(
    ("keys", "other", "finding"),
    [
        (KNOWN, {"signature": signature(key=STRANGER)}, "offline-unsigned"),
        (published([STRANGER.public_key()]), {}, "offline-unsigned"),
        ([], {}, "offline-unsigned"),
        (KNOWN, {"signature": "AbC_-9"}, "offline-unsigned"),
        (KNOWN, {"scanned_code": CODE[:-1] + "X"}, "offline-typed"),
        (KNOWN, {"scanned_number": None, "scanned_code": None, "signature": None}, "offline-typed"),
        (KNOWN, {"number": NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10)}, "offline-mistyped"),
    ],
)
def test_nothing_else_is_called_signed(keys: list[str], other: dict[str, Any], finding: str) -> None:
    told = asked(Held(keys), **other)
    assert (told["finding"], told["total"]) == (finding, [])


@pytest.mark.parametrize("keys", [None, ["no key"], ["AAAA"]])
def test_without_keys_nothing_is_told(keys: list[str] | None) -> None:
    assert PaperCheck(Held(keys), all_texts()).find("certificate.verify", params(), ORIGIN) is None


def test_the_keys_are_asked_for_by_nobody_in_particular_and_every_other_answer_as_before() -> None:
    held = Held(KNOWN)
    asked(held)
    query, given, origin = held.asked[0]
    assert (query, given, origin.subject) == ("certificate.keys", {}, {})
    PaperCheck(held, all_texts()).find("progress.list", {"a": 1}, ORIGIN)
    assert held.asked[-1] == ("progress.list", {"a": 1}, ORIGIN)


class Centre:
    def __init__(self) -> None:
        self.there = True
        self.asked: list[tuple[str, str]] = []

    async def query(self, name: str, params: Mapping[str, object], origin: Origin) -> Mapping[str, Any]:
        self.asked.append((name, origin.service))
        if not self.there:
            raise BureauUnreachable("gone")
        return {"keys": KNOWN}


async def test_the_keys_are_had_before_anybody_needs_them_and_anew_while_they_last() -> None:
    centre: Any = Centre()
    keys = PaperKeys(centre, CATALOGUE)
    centre.there = False
    await keys.refresh(0.0)
    centre.there = True
    await keys.refresh(10.0)
    await keys.refresh(20.0)
    assert centre.asked == [("certificate.keys", "certificate.verify")] * 2, "tried again, then known"
    await keys.refresh(10.0 + ASK_EVERY_S)
    assert len(centre.asked) == 3
