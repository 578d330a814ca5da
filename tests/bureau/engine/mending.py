"""Returns that the tests correct or take back, as the terminal's form leaves them."""

from __future__ import annotations

from typing import Any

from kiosk.steps.calculators import CALCULATORS
from sync.models import EffectAnswer
from tests.bureau.engine.paying import SHEN
from tests.bureau.terminals import Terminal

CORRECT = "declare.correct"


def listed(terminal: Terminal, who: dict[str, Any]) -> list[dict[str, Any]]:
    """Their returns."""
    found: list[dict[str, Any]] = terminal.data("declarations.list", who, service=CORRECT)["returns"]
    return found


def standing(terminal: Terminal, who: dict[str, Any]) -> dict[str, Any]:
    """The latest return that may be corrected."""
    return next(row for row in listed(terminal, who) if row["correctable"] and row["form"])


def known(terminal: Terminal, declaration: str, who: dict[str, Any]) -> dict[str, Any]:
    """What the form is prefilled with."""
    found: dict[str, Any] = terminal.data(
        "correction.prefill", who, {"declaration": declaration}, service=CORRECT
    )
    return found


def mended(terminal: Terminal, declaration: str, who: dict[str, Any], **typed: Any) -> dict[str, Any]:
    """What is sent once ``typed`` was changed in the form, by the calculator that fills it."""
    day = terminal.clock.now().date()
    figures = CALCULATORS["correction"].derive(known(terminal, declaration, who), typed, day)
    row = next(one for one in listed(terminal, who) if one["declaration"] == declaration)
    return {
        "way": "correct",
        "corrects": declaration,
        **{name: row[name] for name in ("tax", "period_first", "period_last")},
        **{name: figures[name] for name in ("facts", "total_fen", "parameters_hash")},
    }


def taken_back(terminal: Terminal, declaration: str, who: dict[str, Any]) -> dict[str, Any]:
    """What is sent to take a return back: nothing of a form."""
    row = next(one for one in listed(terminal, who) if one["declaration"] == declaration)
    empty = dict.fromkeys(("facts", "total_fen", "parameters_hash"))
    about = {name: row[name] for name in ("tax", "period_first", "period_last")}
    return {"way": "withdraw", "corrects": declaration, **about, **empty}


def costs(terminal: Terminal, data: dict[str, Any], who: dict[str, Any]) -> dict[str, Any]:
    """What the review shows."""
    params = {"declaration": data["corrects"], "facts": data["facts"]}
    found: dict[str, Any] = terminal.data("correction.surcharge", who, params, service=CORRECT)
    return found


def send(
    terminal: Terminal, data: dict[str, Any], who: dict[str, Any] = SHEN, service: str = CORRECT
) -> EffectAnswer:
    """The answer of the centre."""
    return terminal.do("declaration.submit", data, who, service=service)


def code(answer: EffectAnswer) -> str:
    """Of a refusal."""
    assert answer.refusal is not None, answer
    return answer.refusal.code
