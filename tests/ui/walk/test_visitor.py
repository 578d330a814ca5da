"""The visitor before a code that is paid and still shown: waits for ever, or loses patience as people do."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ui.walk import payer, visitor
from ui.walk.visitor import Visitor
from ui.walk.wish import Seen, Wish


class Body:
    """Fingers, hands and album that only remember."""

    def __init__(self, *_: object) -> None:
        self.did: list[str] = []

    def tap(self, name: str) -> None:
        self.did.append(f"tap {name}")

    def do(self, device: str, action: str, **_: Any) -> None:
        self.did.append(f"{device} {action}")

    def take(self, name: str) -> Path:
        self.did.append(f"picture {name}")
        return Path(name)


@pytest.fixture
def body(monkeypatch: pytest.MonkeyPatch) -> Body:
    made = Body()
    monkeypatch.setattr(visitor, "Finger", lambda _window: made)
    monkeypatch.setattr(payer, "read_code", lambda picture: "http://code")
    return made


def before_the_code(body: Body, **wishes: Any) -> Visitor:
    wish = Wish("pay.due", {}, **wishes)
    return Visitor(wish, SimpleNamespace(), body, body, Seen)  # type: ignore[arg-type]


WAITING, DOUBT = Seen("pay", 7, "waiting"), Seen("pay", 8, "doubt")
PAID = ["picture pay-waiting", "phone pay"]


def test_a_patient_visitor_pays_once_and_waits(body: Body) -> None:
    patient = before_the_code(body)
    for _ in range(3):
        patient._once(WAITING)
    assert body.did == PAID


def test_an_impatient_one_touches_the_way_on_once_and_reads_the_doubt(body: Body) -> None:
    impatient = before_the_code(body, patience_s=0.0)
    for _ in range(4):
        impatient._once(WAITING)
    impatient._once(DOUBT)
    assert body.did == [*PAID, "tap second:later", "picture pay-doubt", "tap main"]


def test_patience_lasts_as_long_as_it_should(body: Body) -> None:
    waiting = before_the_code(body, patience_s=3600.0)
    for _ in range(4):
        waiting._once(WAITING)
    assert body.did == PAID


def test_whoever_does_not_pay_goes_on_at_once(body: Body) -> None:
    before_the_code(body, pay=False)._once(WAITING)
    assert body.did == ["picture pay-waiting", "tap second:later"]
