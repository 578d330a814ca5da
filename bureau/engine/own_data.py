"""What is held of a person in words: since when, until when, on which legal basis, and whether it can be deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from bureau.engine.names import day_in_words
from bureau.ports.privacy import Held, HeldKind
from bureau.texts import say
from sync.models import DataRow, Texts

Rule = Literal["asked", "enrolled", "ten", "three"]
RULES: Final[Mapping[HeldKind, Rule]] = {
    "phone": "asked",
    "mailbox": "asked",
    "scan": "asked",
    "identity": "enrolled",
    "role": "ten",
    "return": "ten",
    "payment": "ten",
    "income": "ten",
    "source": "ten",
    "insurance": "ten",
    "vehicle": "ten",
    "invoice": "ten",
    "certificate": "ten",
    "case": "ten",
    "prize": "ten",
    "notice": "ten",
    "visit": "ten",
    "access": "three",
}
"""How long a kind is kept.

``asked``: until its person has it deleted (个人信息保护法, arts. 15 and 47). ``enrolled``: as long as the person is
registered (art. 13, para. 1, no. 3: a duty by law). ``ten``: ten years after the last entry (税收征收管理法实施细则,
art. 29).
``three``: three years (个人信息保护法, art. 56).
"""
YEARS: Final[Mapping[Rule, int]] = {"ten": 10, "three": 3}


def erasable(kind: HeldKind) -> bool:
    """Whether it is deleted when its person asks for it; everything else the law has the bureau keep."""
    return RULES[kind] == "asked"


def basis(kind: HeldKind) -> Texts:
    """The article on which it is kept."""
    return say(f"held.basis.{RULES[kind]}")


def title(kind: HeldKind) -> Texts:
    """What it is called."""
    return say(f"held.{kind}")


def row(held: Held) -> DataRow:
    """One kind as its person sees it."""
    rule = RULES[held.kind]
    until = say(f"held.until.{rule}")
    if rule in YEARS:
        last = held.last
        day = last.replace(
            year=last.year + YEARS[rule], day=min(last.day, 28) if last.month == 2 else last.day
        )
        until = say("held.until.day", day=day_in_words(day))
    return DataRow(
        id=held.kind,
        title=title(held.kind),
        count=held.count,
        since=held.first,
        until=until,
        basis=basis(held.kind),
        erasable=rule == "asked",
        why_not=None if rule == "asked" else say("held.why-not", law=basis(held.kind)),
    )
