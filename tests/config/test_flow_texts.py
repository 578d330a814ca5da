"""Every word the flow asks for exists in both languages, and no word waits for somebody to ask for it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

import kiosk
from config import texts, yaml_files
from config.catalogue.models import DoneStep
from kiosk.domain.people import Role
from tests.shipped import CATALOGUE

SOURCES = sorted(Path(kiosk.__file__).parent.rglob("*.py"))
TEXTS = Path(texts.__file__).parent
LANGUAGES = ("zh-CN", "en-US")


def flow(lang: str) -> dict[str, str]:
    return dict(yaml_files.read((TEXTS / f"flow.{lang}.yaml").read_text()))


@cache
def asked() -> list[tuple[str, str]]:
    """What the flow's sources ask for; they are parsed by who runs these tests, not by all who collect them."""
    return sorted(set(_found()))


def _found() -> Iterator[tuple[str, str]]:
    """Where, and a pattern of the ids asked for there: ``ctx.t(…)``, ``ctx.told(…)``, ids chosen from a table."""
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        for scope in ast.walk(tree):
            if isinstance(scope, ast.FunctionDef):
                for call in ast.walk(scope):
                    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                        yield from ((f"{path.name}:{call.lineno}", p) for p in _patterns(call, scope))


def _patterns(call: ast.Call, scope: ast.FunctionDef) -> Iterator[str]:
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr == "t" and call.args:
        yield from _ids(call.args[0], scope)
    if call.func.attr == "told" and len(call.args) == 3:
        area, code, otherwise = call.args
        assert isinstance(area, ast.Constant)
        yield f"{re.escape(str(area.value))}\\..+"
        if isinstance(otherwise, ast.Constant):
            yield re.escape(f"{area.value}.{otherwise.value}")


def _ids(node: ast.expr, scope: ast.FunctionDef) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.JoinedStr(values=parts):
            yield "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in parts)
        case ast.IfExp(body=body, orelse=other):
            yield from _ids(body, scope)
            yield from _ids(other, scope)
        case ast.Subscript(value=ast.Name(id=table)):
            yield from _values(table, scope)


def _values(table: str, scope: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and any(
            isinstance(t, ast.Name) and t.id == table for t in node.targets
        ):
            assert isinstance(node.value, ast.Dict)
            for value in node.value.values:
                yield from _ids(value, scope)


def test_the_scan_finds_what_the_flow_asks_for() -> None:
    patterns = {pattern for _, pattern in asked()}
    assert {
        r"farewell\.title",
        r"role\..+",
        r"message\.retry",
        r"pay\.again\..+",
        r"fault\..+\.title",
    } <= patterns
    assert len(patterns) > 150


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_that_is_asked_for_is_there(lang: str) -> None:
    known = texts.catalogue(lang)
    missing = [
        f"{place}: {pattern}"
        for place, pattern in asked()
        if not any(re.fullmatch(pattern, i) for i in known)
    ]
    assert missing == []


def test_no_text_of_the_flow_waits_in_vain() -> None:
    unused = [i for i in flow("zh-CN") if not any(re.fullmatch(pattern, i) for _, pattern in asked())]
    assert unused == []


def test_both_languages_have_the_same_texts_with_the_same_values_and_none_is_empty() -> None:
    chinese, english = flow("zh-CN"), flow("en-US")
    assert set(chinese) == set(english)
    values = re.compile(r"\{(\w+)")
    for text_id, text in chinese.items():
        assert text.strip()
        assert english[text_id].strip()
        assert set(values.findall(text)) == set(values.findall(english[text_id])), text_id
        assert not re.search(r"[\u4e00-\u9fff]", english[text_id]), f"{text_id} is not English"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_service_files_name_has_words(lang: str) -> None:
    known = texts.catalogue(lang)
    for published in CATALOGUE.values():
        service = published.service
        done = next(step for step in service.steps if isinstance(step, DoneStep))
        wanted = [f"take.{thing}" for thing in done.take]
        wanted += [f"role.{role}" for role in service.roles]
        for role in (*service.devices.required, *service.devices.fitted, *service.devices.helpful):
            wanted += [f"closed.{role}", f"banner.{role}", f"banner.{role}.text"]
        assert [i for i in wanted if i not in known] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_answer_of_a_closed_set_has_words(lang: str) -> None:
    known = texts.catalogue(lang)
    from kiosk.steps.rate import REASONS

    take = get_args(get_args(DoneStep.model_fields["take"].annotation)[0])
    sets = {
        "role": [str(role) for role in Role],
        "take": take,
        "rate.reason": REASONS,
        "rate.level": ["1", "2", "3", "4", "5"],
        "pay.state": ["waiting", "asking", "paid", "expired", "declined", "doubt"],
        "closed": ["network", "stock", "unsettled"],
        "banner": ["network", "stock", "unsettled", "network.text", "stock.text", "unsettled.text"],
        "dispense.sheet": ["done", "rejected", "reading", "waiting"],
        "roles.state": ["abnormal", "cancelled"],
        "outOfService": ["storage"],
        "fault": [
            f"{f}.{p}"
            for f in ("unreachable", "busy", "garbled", "rejected", "internal", "in-doubt")
            for p in ("title", "body")
        ],
    }
    assert [f"{area}.{i}" for area, ids in sets.items() for i in ids if f"{area}.{i}" not in known] == []
