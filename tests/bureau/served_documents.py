"""A receipt of service signed by hand, as the tests have it."""

from __future__ import annotations

from datetime import date
from typing import Any

from config.catalogue.models import SignStep
from kiosk.domain.masking import mask_name
from tests.bureau import stores
from tests.bureau.enrolling import hand
from tests.bureau.terminals import CAST, Terminal, subject
from tests.shipped import CATALOGUE

SERVICE = "document.sign-for"
FIRM = "91990199MA6WGAGY19"
BOSS = subject("zhao-min", FIRM, "L")


def waiting(terminal: Terminal, who: dict[str, Any] = BOSS) -> list[dict[str, Any]]:
    """The rows of the list, in whatever state."""
    rows: list[dict[str, Any]] = terminal.data("documents.list", who, service=SERVICE)["rows"]
    return rows


def read(terminal: Terminal, document: str, who: dict[str, Any] = BOSS) -> dict[str, Any]:
    """The sheet as the screen shows it."""
    found: dict[str, Any] = terminal.data("certificate.preview", who, {"item": document}, SERVICE)
    return found


def receipt(row: dict[str, Any], persona: str, lang: str = "zh-CN", day: date = stores.DAY) -> str:
    """What the service has somebody sign for this row."""
    step = next(s for s in CATALOGUE[SERVICE].service.steps if isinstance(s, SignStep))
    values = (row["addressee"], row["title"][lang], row["document"], mask_name(CAST[persona].name))
    facts = zip((fact.label[lang] for fact in step.facts), values, strict=True)
    lines = [step.heading[lang], *(line.strip() for line in step.statement[lang].strip().splitlines())]
    return "\n".join([*lines, *(f"{label}: {value}" for label, value in facts), day.isoformat()])


def signature(
    terminal: Terminal,
    row: dict[str, Any],
    who: dict[str, Any] = BOSS,
    persona: str = "zhao-min",
    lang: str = "zh-CN",
    **changed: Any,
) -> dict[str, Any]:
    """The effect's data for a row that was read; ``changed`` overrides."""
    day = changed.get("day", stores.DAY)
    sheet = changed.pop("content_sha256", None) or read(terminal, row["document"], who)["content_sha256"]
    text = changed.pop("text", "") or receipt(row, persona, lang, day)
    return hand(text, lang, document=row["document"], content_sha256=sheet, **changed)
