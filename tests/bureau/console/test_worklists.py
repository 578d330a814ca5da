"""What holds for every worklist: its words are there, its inputs are checked, its refusals are told in plain words."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

import bureau
from bureau import errors
from bureau.console.desk import Desk
from bureau.console.map import PLACES
from bureau.console.parts import words
from bureau.console.shell import problem
from bureau.console.worklists import WORKLISTS
from bureau.console.worklists.forms import wrong_with
from bureau.console.worklists.knowledge import KNOWLEDGE, Opened
from bureau.console.worklists.pattern import Input
from bureau.officers.roles import Act, Role
from bureau.ports.knowledge import KnowledgeEntry
from config.clock import CHINA

LANGUAGES = ["zh-CN", "en-US"]
ROOT = Path(bureau.__file__).parent
REFUSALS = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.ActRefused) and kind is not errors.ActRefused
}


def _raised() -> Iterator[tuple[str, str, set[str]]]:
    """Area, code and values of every refusal of an act that the source makes."""
    yield "mutual", "unknown", set()  # ``ContributionUnknown`` names its own
    for path in ROOT.rglob("*.py"):
        text = path.read_text("utf-8")
        if not any(f"{name}(" in text for name in REFUSALS):
            continue
        for node in ast.walk(ast.parse(text)):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
            if not named or named not in REFUSALS or named == "ContributionUnknown":
                continue
            assert isinstance(node, ast.Call)
            code = node.args[0]
            assert isinstance(code, ast.Constant), f"{path}:{node.lineno} gives no code in so many words"
            yield REFUSALS[named].area, str(code.value), {str(one.arg) for one in node.keywords}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_has_its_sentence_with_no_value_that_it_does_not_get(lang: str) -> None:
    told = words()[lang].all()
    known = set()
    for area, code, values in _raised():
        text_id = f"refused.{area}.{code}"
        assert text_id in told, text_id
        named = {name for _, name, _, _ in string.Formatter().parse(told[text_id]) if name}
        assert named <= values, text_id
        known.add(text_id)
    assert len(known) > 20
    assert {text_id for text_id in told if text_id.startswith("refused.")} == known, (
        "nobody says this any more"
    )


def test_what_another_core_refuses_by_a_code_of_its_own_is_told_all_the_same() -> None:
    english = words()["en-US"]
    desk = SimpleNamespace(say=english.get, has=english.all().__contains__)
    told = [problem(cast(Desk, desk), errors.StockRefused(code, numbers="7")) for code in ("seized", "known")]
    assert told == [english.get("refused.stock.other"), english.get("refused.stock.known", numbers="7")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_worklist_role_and_act_has_its_words(lang: str) -> None:
    told = set(words()[lang].all())
    for one in WORKLISTS:
        needed = {f"place.{one.key}", f"{one.key}.title", *(f"{one.key}.tab.{tab}" for tab in one.tabs)}
        needed |= {
            f"{one.key}.{column}" for columns in (one.columns, *one.columns_of.values()) for column in columns
        }
        for deed in (*one.deeds, *one.begin):
            needed |= {deed.words, f"{deed.words}.done"}
        assert needed <= told, needed - told
        assert all(f"{one.key}.none.{tab}" in told or f"{one.key}.none" in told for tab in one.tabs)
    assert {f"role.{role.value}" for role in Role} | {f"role.{role.value}.does" for role in Role} <= told
    assert {f"act.{act.value}" for act in Act} <= told


def test_every_worklist_has_its_place_and_opens_by_the_act_of_it() -> None:
    places = {place.key: place for place in PLACES}
    for one in WORKLISTS:
        assert (places[one.key].path, places[one.key].act) == (one.path, one.see)


@pytest.mark.parametrize(
    ("each", "value", "wrong"),
    [
        (Input("x"), "", "input.missing"),
        (Input("x", optional=True), "", ""),
        (Input("x", most=3), "four", "input.wrong"),
        (Input("x", "choice", options={"a": "A"}), "b", "input.wrong"),
        (Input("x", "ticks", options={"a": "A", "b": "B"}), "a b", ""),
        (Input("x", "ticks", options={"a": "A"}), "a c", "input.wrong"),
        (Input("x", "number", most=500), "500", ""),
        (Input("x", "number", most=500), "501", "input.wrong"),
        (Input("x", "number", most=500), "٣", "input.wrong"),
        (Input("x", "number", most=500), "9" * 5000, "input.wrong"),
        (Input("x", "day"), "2026-02-30", "input.wrong"),
        (Input("x", "day"), "2026-10-12", ""),
        (Input("x", "moment"), "2026-10-12T09:30", ""),
        (Input("x", "moment"), "half past nine", "input.wrong"),
    ],
)
def test_what_a_browser_sends_is_checked(each: Input, value: str, wrong: str) -> None:
    assert wrong_with(each, value) == wrong


def test_what_the_centre_above_published_is_withdrawn_by_nobody_here() -> None:
    withdraw = next(deed for deed in KNOWLEDGE.deeds if deed.act is Act.KNOWLEDGE_WITHDRAW)
    words_of = {"zh-CN": "大厅中午也开", "en-US": "Open at noon"}
    day = date(2026, 10, 12)
    entry = KnowledgeEntry(
        number=1, kind="notice", title=words_of, text=words_of, since=day, until=day, state="published",
        proposed_by="superior", proposed_at=datetime(2026, 10, 12, tzinfo=CHINA),
    )  # fmt: skip
    desk = cast("Desk", SimpleNamespace())
    assert withdraw.offered(desk, Opened(entry, "standing"))
    assert not withdraw.offered(desk, Opened(replace(entry, origin="0123456789abcdef#1"), "standing"))
