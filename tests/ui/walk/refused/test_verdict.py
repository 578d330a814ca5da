"""A refused visit counts only when the page says this refusal in these words, and nothing was booked."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bureau.engine.refusals import refusal
from config.texts import Texts
from ui.walk import visitor
from ui.walk.refused.books import accepted, changed
from ui.walk.refused.page import met
from ui.walk.refused.reason import Reason
from ui.walk.visitor import Visitor
from ui.walk.wish import Seen, Wish

REASON = Reason("invoice.collect", "law", "how")
GREYED = Reason("invoice.collect", "law", "how", choice="roles.not-allowed")
HOME = {"large": [], "tiles": [], "wide": None}


def page(code: str, lang: str = "zh-CN", **values: str) -> dict[str, Any]:
    no = refusal(code, **values)
    return {"tone": "refused", "body": [no.text[lang], no.next_step[lang]]}


@pytest.mark.parametrize("lang", ["zh-CN", "en-US"])
def test_the_words_of_the_refusal_with_its_figures_are_recognised(lang: str) -> None:
    assert met("arrears", REASON, lang, [page("arrears", lang, amount="4,299.57")]) == []
    assert met("limitReached.again", REASON, lang, [page("limitReached", lang, reason="x", how="y")]) == []


def test_another_refusal_another_language_or_none_is_a_bad_walk() -> None:
    assert len(met("arrears", REASON, "zh-CN", [page("noApproval")])) == 2
    assert len(met("arrears", REASON, "en-US", [page("arrears", amount="1.00")])) == 2
    assert met("arrears", REASON, "zh-CN", []) == [
        "the refusal arrears did not happen: no page refused anything"
    ]


def test_a_page_that_does_not_say_what_to_do_next_is_a_bad_walk() -> None:
    silent = {"tone": "refused", "body": page("arrears", amount="1.00")["body"][:1]}
    (problem,) = met("arrears", REASON, "zh-CN", [silent])
    assert problem.endswith("not refusal.arrears.next")


def test_a_greyed_choice_has_to_say_why() -> None:
    words = Texts("zh-CN").get("roles.not-allowed", who="办税员")
    assert met("mayNotCollect", GREYED, "zh-CN", [{"options": [{"reason": words}]}]) == []
    (problem,) = met("mayNotCollect", GREYED, "zh-CN", [{"options": [{"reason": ""}]}])
    assert "mayNotCollect" in problem


def test_what_was_booked_printed_or_charged_all_the_same_is_found() -> None:
    before: dict[str, list[dict[str, Any]]] = {"declaration": [], "payments": [], "printed": []}
    assert changed(before, {**before}) == []
    after = {**before, "payments": [{"order_no": "O1"}], "reservation": [{"reservation": "R1"}]}
    assert [problem.split()[-2] for problem in changed(before, after)] == ["payments", "reservation"]


def test_what_the_centre_accepted_of_a_refused_visit_is_found() -> None:
    rows = [{"kind": "matter.submit", "key": "k", "state": state} for state in ("refused", "accepted")]
    assert accepted(rows) == ["the visit was refused, and yet the centre accepted matter.submit k"]


class Body:
    """Finger and album that only remember; ``leave`` is there for who gave something."""

    def __init__(self, signed_in: bool = True) -> None:
        self.did: list[str] = []
        self.signed_in = signed_in

    def tap(self, name: str) -> None:
        self.did.append(name)

    def take(self, name: str) -> Path:
        self.did.append(f"picture {name}")
        return Path(name)

    def find(self, name: str) -> object | None:
        return object() if name != "leave" or self.signed_in else None


def before_the_page(body: Body, monkeypatch: pytest.MonkeyPatch, told: list[Any], **wishes: Any) -> Visitor:
    monkeypatch.setattr(visitor, "Finger", lambda _window: body)
    wish = Wish("invoice.collect", {}, **wishes)
    return Visitor(wish, SimpleNamespace(), body, body, Seen, refused=told.append)  # type: ignore[arg-type]


@pytest.mark.parametrize(("signed_in", "ways"), [(True, ["leave", "leave:yes"]), (False, [])])
def test_who_is_refused_reads_it_goes_home_and_leaves(
    monkeypatch: pytest.MonkeyPatch, signed_in: bool, ways: list[str]
) -> None:
    told: list[Any] = []
    body = Body(signed_in)
    refused = before_the_page(body, monkeypatch, told, refused="arrears")
    no = page("arrears", amount="1.00")
    refused._once(Seen("message", 4, "", no))
    refused._once(Seen("home", 5, "", HOME))
    assert told == [no]
    assert body.did == ["picture refused", "main", "picture home-again", *ways]
    assert refused.ended == ("" if signed_in else "walked away")  # the farewell page is still to come


def test_who_finds_their_enterprise_greyed_reads_why_and_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    body = Body()
    refused = before_the_page(body, monkeypatch, told, refused="mayNotCollect", taxpayer="91A")
    greyed = {"id": "0", "note": "91A", "enabled": False, "reason": "no"}
    other = {"id": "1", "note": "91B", "enabled": True, "reason": ""}
    choose = {"shape": "list", "options": [greyed, other], "action": "Continue", "selected": []}
    refused._once(Seen("choose", 3, "", choose))
    assert told == [choose]
    assert body.did == ["picture refused", "leave", "leave:yes"]
