"""Checklists of the navigator: a service of the catalogue, whole, with what its own file says it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from config.catalogue import shipped
from config.catalogue.basics import REQUIRED_LANGUAGES
from ui.walk.paper import read_slip
from ui.walk.rules.parties import Evidence, Rows

STEP: Final = "navigate"


def checklists_say_what_the_service_takes(e: Evidence) -> Iterable[str]:
    """What is printed names one service and each thing to bring for it, and nothing follows it, so it has no code.

    On what came out stand as many of them, one a line.
    """
    came = {r["key"] for r in e.phase("slip", "outcome") if r["body"].get("outcome") == "printed"}
    expected: Counter[int] = Counter()
    for record in checklists(e):
        blocks = record["body"]["data"]["blocks"]
        if any(block["type"] == "qr" for block in blocks):
            yield f"{record['key']}: a checklist has a code"
        things = _things(blocks)
        if things is None:
            yield f"{record['key']}: the checklist is that of no service"
        elif record["key"] in came:
            expected[things] += 1
    slips = [read_slip(e.folder / "printed" / slip["file"]) for slip in e.sheets("slip")] if expected else []
    shown = Counter(sum(_numbered("".join(line.fields)) for line in lines) for lines in slips)
    for things in sorted((expected - shown).keys()):
        yield f"no sheet that came out has {things} things to bring"


def checklists(e: Evidence) -> Rows:
    """The slips journalled by services that ask what somebody wants to do."""
    opened = {r["transaction"]: r["body"]["service"] for r in e.phase("service.opened", "note")}
    return [r for r in e.phase("slip", "intent") if _asks(opened.get(r["transaction"], ""))]


def _asks(service: str) -> bool:
    return service in shipped() and any(step.kind == STEP for step in shipped()[service].service.steps)


def _things(blocks: Iterable[Mapping[str, Any]]) -> int | None:
    """How many things the service takes whose list these blocks are; None: that of no service."""
    said = [str(block.get("text", "")) for block in blocks]
    numbered = [text.partition(". ")[2] for text in said if _numbered(text)]
    for published in shipped().values():
        for lang in REQUIRED_LANGUAGES:
            service = published.service
            whole = service.title[lang] in said and service.summary[lang] in said
            if whole and numbered == [thing[lang] for thing in service.brings]:
                return len(numbered)
    return None


def _numbered(text: str) -> bool:
    number, dot, _ = text.partition(".")
    return bool(dot) and number.strip().isdigit() and len(number.strip()) == 1
