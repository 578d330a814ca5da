"""An enterprise's hints as of now: each rule applied to its facts, in finished words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from bureau.engine.laws import law
from bureau.engine.risks.facts import Facts, gather
from bureau.engine.risks.measures import MEASURES
from bureau.engine.risks.rules import Rule, risks
from bureau.engine.rules import Rules
from bureau.ports.core import Core
from bureau.ports.registration import Taxpayer
from bureau.texts import LANGUAGES, joined, say
from sync.models import RiskHint, RiskHints, Texts

ORDER: Final = {"high": 0, "medium": 1, "low": 2}
STATES: Final = {"hint": 0, "clear": 1, "none": 2}


def record(core: Core, taxpayer: Taxpayer, rules: Rules) -> RiskHints:
    """All of them, hints first."""
    facts = gather(core, taxpayer, rules, risks().months_back)
    rows = hints(facts)
    return RiskHints(
        name=taxpayer.name,
        taxpayer=taxpayer.taxpayer,
        rows=rows,
        count=sum(row.state == "hint" for row in rows),
        as_of=core.now,
    )


def hints(facts: Facts) -> list[RiskHint]:
    """Each rule applied, in the order in which they are shown."""
    rows = [_hint(rule, facts) for rule in risks().rules]
    return sorted(rows, key=lambda row: (STATES[row.state], ORDER[row.grade]))


def _hint(rule: Rule, facts: Facts) -> RiskHint:
    found = MEASURES[rule.measure].compare(facts, rule.limits)
    state: Literal["hint", "clear", "none"] = (
        "none" if found.hit is None else "hint" if found.hit else "clear"
    )
    compared: Texts = say("risk.nothing")
    if found.hit is not None:
        compared = {
            lang: rule.compared[lang].format(
                **{name: v if isinstance(v, str) else v[lang] for name, v in found.values.items()}
            )
            for lang in LANGUAGES
        }
    return RiskHint(
        rule=rule.id,
        title=rule.title,
        state=state,
        grade=rule.grade,
        compared=compared,
        why=rule.why,
        law=joined([cited(name, at) for name, at in _by_text(rule).items()], "semicolon"),
        mend=rule.mend,
        service=rule.service,
    )


def cited(name: str, clauses: Sequence[int]) -> Texts:
    """Title and clauses as they are cited."""
    text = law(name)
    at = joined([dict.fromkeys(LANGUAGES, str(clause)) for clause in clauses])
    return say(f"risk.law.{text.unit}", title=text.title, at=at)


def _by_text(rule: Rule) -> dict[str, list[int]]:
    """The clauses of each text that it stands on."""
    found: dict[str, list[int]] = {}
    for one in rule.law:
        found.setdefault(one.text, []).append(one.clause)
    return found
