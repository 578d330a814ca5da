"""The questions of the navigator lead everywhere and nowhere else, and a slip of a pen in them is told with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import navigator
from config.errors import ConfigError
from tests.shipped import CATALOGUE

ICONS = Path(__file__).parents[2] / "ui/icons"
T = "{zh-CN: 字, en-US: words}"
PAY, ZERO = f"{{service: pay.due, title: {T}}}", f"{{service: declare.zero, title: {T}}}"
SERVICES = ("pay.due", "declare.zero")


def question(name: str, *options: str) -> str:
    return f"  - {{id: {name}, ask: {T}, options: [{', '.join(options)}]}}\n"


def to(name: str, more: str = "icon: help, ") -> str:
    return f"{{to: {name}, {more}title: {T}}}"


def written(folder: Path, *questions: str, omitted: str = "[]", start: str = "a") -> Path:
    path = folder / "navigator.yaml"
    path.write_text(
        f"format: 1\nstart: {start}\nquestions:\n{''.join(questions)}omitted: {omitted}\n", "utf-8"
    )
    return path


def test_what_ships_leads_to_every_service_and_each_icon_is_there() -> None:
    held = navigator.shipped()
    navigator.check(held, CATALOGUE)
    icons = {option.icon for one in held.questions for option in one.options if option.icon}
    assert icons <= {path.stem for path in ICONS.glob("*.svg")}


def test_questions_that_lead_to_every_service_are_read(tmp_path: Path) -> None:
    held = navigator.load(written(tmp_path, question("a", to("b"), PAY), question("b", PAY, ZERO)))
    navigator.check(held, SERVICES)
    assert [option.leads for option in held.question("a").options] == ["b", "pay.due"]


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ([question("b", PAY, ZERO)], "no question is called 'a'"),
        ([question("a", PAY, to("c"))], "no question is called 'c'"),
        ([question("a", PAY, ZERO), question("a", PAY, ZERO)], "a is asked twice"),
        ([question("a", PAY, ZERO), question("b", PAY, ZERO)], "questions.b: no answer leads to it"),
        ([question("a", PAY, to("b")), question("b", ZERO, to("a"))], "leads back to 'a'"),
        ([question("a", PAY, to("a"))], "leads back to 'a'"),
        ([question("a", PAY, PAY)], "pay.due is led to by two answers"),
        ([question("a", PAY)], "at least 2 items"),
        ([question("a", *[PAY] * 9)], "at most 8 items"),
        ([question("a", PAY, to("b", ""))], "leads to a question and has no icon"),
        ([question("a", PAY, f"{{title: {T}}}")], "one of the two"),
        ([question("a", PAY, f"{{to: b, service: pay.due, icon: help, title: {T}}}")], "one of the two"),
        ([question("a", PAY, "{service: pay.due, title: {zh-CN: 字}}")], "no text in en-US"),
        (
            [question(a, PAY, to(b)) for a, b in ("ab", "bc", "cd", "de")] + [question("e", PAY, ZERO)],
            "question 5",
        ),
        (["  - [\n"], "mend the YAML there"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, questions: list[str], said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        navigator.load(written(tmp_path, *questions))


@pytest.mark.parametrize(
    ("questions", "omitted", "said"),
    [
        (question("a", PAY, "{service: pay.dew, title: " + T + "}"), "[]", "'pay.dew' is no service; did you mean"),
        (question("a", PAY, to("b")) + question("b", PAY, ZERO), "[{service: pay.x, why: nobody can begin it}]", "'pay.x' is no"),
        (question("a", PAY, ZERO), "[{service: pay.due, why: nobody can begin it}]", "is led to all the same"),
    ],
)  # fmt: skip
def test_a_leaf_is_a_service_and_is_not_listed_as_left_out(
    tmp_path: Path, questions: str, omitted: str, said: str
) -> None:
    held = navigator.load(written(tmp_path, questions, omitted=omitted))
    with pytest.raises(ConfigError, match=re.escape(said)):
        navigator.check(held, SERVICES)


def test_a_service_that_nothing_leads_to_is_told_unless_it_is_listed_with_why(tmp_path: Path) -> None:
    questions = question("a", PAY, ZERO)
    with pytest.raises(ConfigError, match=re.escape("no answer leads to the service 'pay.arrears'")):
        navigator.check(navigator.load(written(tmp_path, questions)), (*SERVICES, "pay.arrears"))
    listed = written(tmp_path, questions, omitted="[{service: pay.arrears, why: nobody can begin it}]")
    navigator.check(navigator.load(listed), (*SERVICES, "pay.arrears"))
