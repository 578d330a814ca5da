"""What officers do with notices and answers: one proposes, another publishes or refuses, either may withdraw.

House practice; plan action 13 asks for notices and knowledge that are kept current. An answer cites at least one clause
of the library that is in force on its first day, as those that are shipped do. What it says is never changed: another
version of an answer is another entry of the same name, and takes the place of the one before from its first day on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Final

from pydantic import Field

from bureau.engine import proposals
from bureau.engine.proposals import Draft
from bureau.engine.subjects import today
from bureau.errors import KnowledgeRefused
from bureau.ports.core import Core
from bureau.ports.knowledge import KnowledgeEntry, KnowledgeKind, KnowledgeState
from bureau.texts import LANGUAGES
from config.library import Library
from config.library.models import LawText
from sync.models import LibrarySource, Texts

ABOVE: Final = "superior"
"""In place of an officer's name: who proposed and decided stands in the books of the centre above (上级机关)."""
LONGEST: Final = {"title": 24, "notice": 80, "answer": 140, "reason": 60}
"""Characters of Chinese that fit on the screen at the largest letters; other languages have three times as many."""
AHEAD: Final = timedelta(days=366)
"""So far ahead something may begin to hold, and so long a notice may stand."""
MOST_SOURCES: Final = 4
"""As the answers that are shipped have."""
MOST_ALSO: Final = 20
"""More ways of asking, of each language."""
WAY: Final = (2, 80)
"""The least and the most characters of one of them."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]


class KnowledgeDraft(Draft):
    """What an officer proposes: a notice with its last day, or an answer with its name and sources."""

    kind: KnowledgeKind
    title: Texts
    text: Texts
    since: date
    until: date | None = None
    name: Name | None = None
    also: dict[str, list[str]] = Field(default_factory=dict)
    sources: list[LibrarySource] = Field(default_factory=list)
    service: str = ""


def draft(raw: str, library: Library, services: Collection[str]) -> KnowledgeDraft:
    """The proposal in a file; raises ``DecisionRefused`` with what has to be mended."""
    return checked(proposals.of_yaml(KnowledgeDraft, raw), library, services)


def checked(made: KnowledgeDraft, library: Library, services: Collection[str]) -> KnowledgeDraft:
    """The proposal, if all it says fits the screen and what it names is there; raises ``DecisionRefused``."""
    proposals.said("title", made.title, LONGEST["title"], 2)
    proposals.said("text", made.text, LONGEST[made.kind], 2)
    if made.until is not None and made.until < made.since:
        raise KnowledgeRefused("order", "until: give a day that is not before since")
    if made.kind == "notice":
        _notice(made)
    else:
        _answer(made, library, services)
    return made


def propose(core: Core, officer: str, wanted: KnowledgeDraft) -> KnowledgeEntry:
    """Enter it; raises ``KnowledgeRefused``, also while another version of the same answer waits."""
    core.knowledge.lock()
    day = today(core)
    if wanted.since < day or wanted.since > day + AHEAD:
        raise KnowledgeRefused(
            "days", f"since: give a day from today on, within the next {AHEAD.days}", days=AHEAD.days
        )
    if wanted.name is not None and waiting(core, wanted.name) is not None:
        raise KnowledgeRefused(
            "waits", f"{wanted.name}: another version of it waits to be decided", name=wanted.name
        )
    entry = KnowledgeEntry(
        number=0,
        kind=wanted.kind,
        title=wanted.title,
        text=wanted.text,
        since=wanted.since,
        until=wanted.until,
        state="proposed",
        proposed_by=officer,
        proposed_at=core.now,
        name=wanted.name or "",
        also=wanted.also,
        sources=tuple(wanted.sources),
        service=wanted.service,
    )
    return core.knowledge.add(entry)


def waiting(core: Core, name: str) -> int | None:
    """The number of the version of this answer that nobody has decided."""
    entries = core.knowledge.entries()
    return next((one.number for one in entries if one.name == name and one.state == "proposed"), None)


def publish(core: Core, number: int, officer: str) -> KnowledgeEntry:
    """Have every terminal show it from its first day on; raises ``DecisionRefused``, also for who proposed it."""
    entry = _another(core, number, officer)
    if entry.until is not None and entry.until < today(core):
        raise KnowledgeRefused("over", f"{number} was to end on {entry.until}; propose it with other days")
    return _changed(core, replace(entry, state="published", decided_by=officer, decided_at=core.now))


def refuse(core: Core, number: int, officer: str, reason: Texts) -> KnowledgeEntry:
    """Do not show it; raises ``DecisionRefused``, also for who proposed it."""
    entry = _another(core, number, officer)
    proposals.said("reason", reason, LONGEST["reason"])
    done = replace(entry, state="refused", decided_by=officer, decided_at=core.now, reason=reason)
    return _changed(core, done)


def withdraw(core: Core, number: int, officer: str, reason: Texts) -> KnowledgeEntry:
    """Show it no longer; an answer is what it was before this version. Raises ``DecisionRefused``."""
    entry = _at(core, number, "published")
    if entry.origin:
        raise KnowledgeRefused(
            "above", f"{number} was published by the centre above, which alone withdraws it"
        )
    if entry.until is not None and entry.until < today(core):
        raise KnowledgeRefused("ended", f"{number} ended on {entry.until} by itself")
    proposals.said("reason", reason, LONGEST["reason"])
    done = replace(entry, state="withdrawn", withdrawn_by=officer, withdrawn_at=core.now, reason=reason)
    return _changed(core, done)


def there(core: Core, number: int) -> KnowledgeEntry:
    """The entry of this number; raises ``KnowledgeRefused``."""
    entry = core.knowledge.find(number)
    if entry is None:
        raise KnowledgeRefused("unknown", f"there is no entry {number}; see: bureau knowledge list --all")
    return entry


def sources(written: str, library: Library) -> list[LibrarySource]:
    """Sources as officers write them, one a line: a text's title, number or name, a space, and the clause.

    Raises ``KnowledgeRefused`` with the line that names nothing, or more than one text.
    """
    found = []
    for place, line in enumerate(filter(None, map(str.strip, written.splitlines())), 1):
        words, _, clause = line.rpartition(" ")
        texts = _called(words.strip().strip("《》"), library)
        if not clause.isascii() or not clause.isdecimal() or not 0 < int(clause[:4]) < 1000 or not texts:
            raise KnowledgeRefused(
                "source", f"line {place}: no text of the library and its clause", line=place
            )
        if len(texts) > 1:
            raise KnowledgeRefused("sourceTwice", f"line {place}: several texts are called so", line=place)
        found.append(LibrarySource(text=texts[0].id, clause=int(clause)))
    return found


def source_line(source: LibrarySource, library: Library) -> str:
    """A source as ``sources`` reads it; the title, unless others are called so."""
    text = library.texts.get(source.text)
    if text is None or len(_called(text.title["zh-CN"], library)) > 1:
        return f"{source.text} {source.clause}"
    return f"《{text.title['zh-CN']}》 {source.clause}"


def _called(words: str, library: Library) -> Sequence[LawText]:
    if words in library.texts:
        return [library.texts[words]]
    return [text for text in library.texts.values() if words and words in (text.number, *text.title.values())]


def _notice(made: KnowledgeDraft) -> None:
    if made.until is None:
        raise KnowledgeRefused("until", "until: say to which day the notice stands")
    if made.until - made.since > AHEAD:
        raise KnowledgeRefused("long", f"until: a notice stands {AHEAD.days} days at most", days=AHEAD.days)
    if made.name or made.also or made.sources or made.service:
        raise KnowledgeRefused("notice", "a notice has no name, sources, service or other ways of asking")


def _answer(made: KnowledgeDraft, library: Library, services: Collection[str]) -> None:
    if not made.name:
        raise KnowledgeRefused("name", "name: give the answer's name in the library, or a new one")
    if made.service and made.service not in services:
        raise KnowledgeRefused("service", f"service: {made.service} is none of the catalogue")
    if not 1 <= len(made.sources) <= MOST_SOURCES:
        raise KnowledgeRefused(
            "sources", f"sources: cite one to {MOST_SOURCES} clauses of the library", count=MOST_SOURCES
        )
    for source in made.sources:
        text = library.texts.get(source.text)
        if text is None or text.clause(source.clause) is None:
            raise KnowledgeRefused(
                "clause", f"sources: {source.text} has no clause {source.clause}", clause=source.clause
            )
        if not text.in_force(made.since):
            raise KnowledgeRefused(
                "force",
                f"sources: {source.text} is not in force on {made.since}",
                title=text.title["zh-CN"],
                english=text.title["en-US"],
            )
    least, most = WAY
    for lang, said in made.also.items():
        sound = all(least <= len(one) <= most and one.isprintable() for one in said)
        if lang not in LANGUAGES or len(said) > MOST_ALSO or not sound:
            raise KnowledgeRefused(
                "also",
                f"also.{lang}: {MOST_ALSO} ways at most, each of {least} to {most} characters",
                count=MOST_ALSO,
                most=most,
            )


def _at(core: Core, number: int, state: KnowledgeState) -> KnowledgeEntry:
    return proposals.held(core.knowledge, lambda: there(core, number), f"entry {number}", state)


def _another(core: Core, number: int, officer: str) -> KnowledgeEntry:
    """One that is proposed, in the hands of another officer."""
    entry = _at(core, number, "proposed")
    proposals.by_another(officer, entry.proposed_by)
    return entry


def _changed(core: Core, entry: KnowledgeEntry) -> KnowledgeEntry:
    core.knowledge.change(entry)
    return entry
