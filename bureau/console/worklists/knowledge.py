"""公告与知识: notices and answers of the consultation, written by one officer and decided by another.

Whoever decides sees each as a terminal shows it, in the terminal's own words, and beside it what is answered today.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final, Literal

from markupsafe import Markup

from bureau.console.desk import Desk
from bureau.console.html import Tone, badge, facts, lines, link, preview
from bureau.console.worklists.pattern import Deed, Input, Sheet, Values, Worklist, both, in_both
from bureau.engine import proposals
from bureau.engine.knowledge import editing, showing
from bureau.engine.knowledge.editing import ABOVE, LONGEST, MOST_ALSO, WAY, KnowledgeDraft
from bureau.engine.laws import laws
from bureau.engine.subjects import today
from bureau.engine.subscribing.topics import subscriptions
from bureau.errors import KnowledgeRefused
from bureau.officers.roles import Act
from bureau.ports.knowledge import KnowledgeEntry
from bureau.ports.system import Work
from config.catalogue import Catalogue
from config.catalogue.models import Format
from config.texts import Texts as Catalogued
from config.texts import languages
from kiosk.domain.formatting import format_value
from sync.models import LibrarySource, Texts

NUMBER: Final = r"[1-9]\d{0,8}"
NAME: Final = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
Stage = Literal["proposed", "refused", "coming", "standing", "over", "withdrawn", "shipped"]
"""Where an entry stands on a day; ``shipped``: an answer of the release, which nobody here has changed."""
TABS: Final[Mapping[str, tuple[Stage, ...]]] = {
    "waiting": ("proposed",),
    "published": ("standing", "coming"),
    "past": ("over", "withdrawn", "refused"),
    "library": ("shipped",),
}
TONES: Final[Mapping[Stage, Tone]] = {"proposed": "warn", "standing": "good"}
LATEST_NAME: Final = 60
SOURCE_LINE: Final = 120
"""Characters of one source as it is written."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry in the list."""

    entry: KnowledgeEntry
    stage: Stage


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry; of an answer also what is answered today, and which version waits, if they are others than this one."""

    entry: KnowledgeEntry
    stage: Stage
    now: KnowledgeEntry | None = None
    waiting: int | None = None


def _stage(entry: KnowledgeEntry, day: date) -> Stage:
    if entry.number == showing.SHIPPED:
        return "shipped"
    if entry.state != "published":
        return entry.state
    if day < entry.since:
        return "coming"
    return "over" if entry.until is not None and entry.until < day else "standing"


# --- the list ---------------------------------------------------------------------------------------------


def _rows(_desk: Desk, work: Work, tab: str) -> Sequence[Row]:
    if tab == "library":
        return [Row(one, "shipped") for one in showing.shipped(laws())]
    day = today(work.core)
    rows = [Row(one, _stage(one, day)) for one in work.core.knowledge.entries()]
    return [row for row in rows if row.stage in TABS[tab]]


def _found_by(row: Row) -> Sequence[str]:
    """All that it says, and all that it is asked as."""
    entry = row.entry
    ways = [way for said in entry.also.values() for way in said]
    return (entry.name, *entry.title.values(), *entry.text.values(), *ways)


def _cells(desk: Desk, row: Row) -> Sequence[object]:
    entry = row.entry
    number = entry.name if row.stage == "shipped" else str(entry.number)
    return (
        link(number, f"/knowledge/{number}"),
        desk.say(f"knowledge.kind-{entry.kind}"),
        desk.told(entry.title),
        _days(desk, entry),
        _badge(desk, row.stage),
    )


def _days(desk: Desk, entry: KnowledgeEntry) -> str:
    if entry.until is None:
        return desk.say("knowledge.from", since=desk.day(entry.since))
    return desk.say("knowledge.from-to", since=desk.day(entry.since), until=desk.day(entry.until))


def _badge(desk: Desk, stage: Stage) -> Markup:
    return badge(desk.say(f"knowledge.is-{stage}"), TONES.get(stage, "plain"))


def _mark(work: Work) -> Hashable:
    day = today(work.core)
    return tuple((one.number, _stage(one, day)) for one in work.core.knowledge.entries())


def _ready(_desk: Desk, _work: Work) -> None:
    """The library is read before somebody writes, and not while a transaction waits for it."""
    laws()


def _waits(_desk: Desk, work: Work) -> tuple[int, int]:
    """Those that nobody decided; late is what should stand already."""
    waiting = [one for one in work.core.knowledge.entries() if one.state == "proposed"]
    return len(waiting), sum(one.since < today(work.core) for one in waiting)


# --- one entry --------------------------------------------------------------------------------------------


def _opened(_desk: Desk, work: Work, _officer: str, number: str) -> Opened:
    day = today(work.core)
    if number.isdecimal():
        entry = editing.there(work.core, int(number))
        now = showing.answered(work.core, entry.name, laws()) if entry.name else None
    else:
        now = showing.answered(work.core, number, laws())
        if now is None:
            raise KnowledgeRefused("unknown", f"there is no answer {number}")
        entry = now
    waiting = editing.waiting(work.core, entry.name) if entry.name else None
    return Opened(
        entry,
        _stage(entry, day),
        None if now == entry else now,
        None if waiting == entry.number else waiting,
    )


def _sheet(desk: Desk, one: Opened) -> Sheet:
    entry = one.entry
    sections = [(desk.say("knowledge.entry"), facts(_facts(desk, one)))]
    sections += [(desk.say(f"knowledge.shown-{lang}"), _shown(desk, entry, lang)) for lang in languages()]
    if one.now is not None and one.stage in ("proposed", "coming"):
        sections.append((desk.say("knowledge.now"), facts(_now(desk, one.now))))
    return Sheet(
        title=desk.told(entry.title), lead=_lead(desk, one), sections=sections, history=_history(desk, entry)
    )


def _lead(desk: Desk, one: Opened) -> str:
    if one.stage == "proposed" and not (_anothers(desk, one) and desk.may(Act.KNOWLEDGE_PUBLISH)):
        return desk.say("knowledge.another")
    return desk.say(f"knowledge.lead-{one.entry.kind}")


def _facts(desk: Desk, one: Opened) -> list[tuple[str, object]]:
    entry = one.entry
    told: list[tuple[str, object]] = [
        (desk.say("knowledge.kind"), desk.say(f"knowledge.kind-{entry.kind}")),
        (desk.say("knowledge.days"), _days(desk, entry)),
        (desk.say("knowledge.state"), _badge(desk, one.stage)),
    ]
    if entry.name:
        shown = link(entry.name, f"/knowledge/{entry.name}") if one.now is not None else entry.name
        told.insert(0, (desk.say("knowledge.name"), shown))
        told.append(
            (
                desk.say("knowledge.also"),
                lines(way for lang in languages() for way in entry.also.get(lang, ())),
            )
        )
    if entry.origin:
        told.append((desk.say("knowledge.origin"), desk.say("knowledge.origin-above")))
    if one.waiting is not None:
        number = str(one.waiting)
        told.append((desk.say("knowledge.waiting"), link(number, f"/knowledge/{number}")))
    if entry.reason is not None:
        told.append((desk.say("knowledge.reason"), lines(desk.in_both(entry.reason))))
    return told


def _now(desk: Desk, now: KnowledgeEntry) -> list[tuple[str, object]]:
    return [
        (desk.say("knowledge.question"), lines(desk.in_both(now.title))),
        (desk.say("knowledge.text"), lines(desk.in_both(now.text))),
        (desk.say("knowledge.days"), _days(desk, now)),
    ]


def _history(desk: Desk, entry: KnowledgeEntry) -> list[tuple[str, str]]:
    """An answer of the release has none."""
    done = [("proposed", entry.proposed_by, entry.proposed_at)] if entry.number != showing.SHIPPED else []
    if entry.decided_at is not None:
        done.append(
            ("refused" if entry.state == "refused" else "published", entry.decided_by, entry.decided_at)
        )
    if entry.withdrawn_at is not None:
        done.append(("withdrawn", entry.withdrawn_by, entry.withdrawn_at))
    above = desk.say("knowledge.above")
    named = {who: above if entry.origin and who == ABOVE else who for _, who, _ in done}
    return [(desk.moment(at), desk.say(f"knowledge.log.{did}", officer=named[who])) for did, who, at in done]


# --- as a terminal shows it -------------------------------------------------------------------------------


@cache
def _terminals() -> Mapping[str, Catalogued]:
    """The words that stand on terminals, by language."""
    return {lang: Catalogued(lang) for lang in languages()}


def _shown(desk: Desk, entry: KnowledgeEntry, lang: str) -> Markup:
    """The page of the consultation or the library; of a notice also the line at the sign-in of who follows them."""
    said = _terminals()[lang]
    told = preview(
        lang,
        entry.title[lang],
        said.get("consult.official"),
        entry.text[lang],
        [
            *((said.get("consult.source"), line) for line in _source_lines(entry, said, lang)),
            (said.get("consult.right"), _right(entry, said, lang)),
            *_does_it(desk, entry, said, lang),
        ],
    )
    if entry.kind == "notice":
        line = said.get("notices.one", title=_topic(lang), text=entry.text[lang])
        told += preview(lang, said.get("notices.title", count=1), "", line, [])
    return told


def _topic(lang: str) -> str:
    """What those follow who are told of notices, as the subscription calls it."""
    return next(topic.title[lang] for topic in subscriptions().topics if topic.of == "announcements")


def _source_lines(entry: KnowledgeEntry, said: Catalogued, lang: str) -> list[str]:
    if entry.kind == "notice":
        return [said.get("consult.source.section", title=entry.title[lang], at=1)]
    found = []
    for source in entry.sources:
        text = laws().texts.get(source.text)
        if text is not None:
            found.append(said.get(f"consult.source.{text.unit}", title=text.title[lang], at=source.clause))
    return found


def _right(entry: KnowledgeEntry, said: Catalogued, lang: str) -> str:
    def shown(day: date) -> str:
        return format_value(Format.DATE, day, None, lang)

    if entry.until is None:
        return said.get("consult.since", day=shown(entry.since))
    return said.get("consult.between", first=shown(entry.since), last=shown(entry.until))


def _does_it(desk: Desk, entry: KnowledgeEntry, said: Catalogued, lang: str) -> list[tuple[str, str]]:
    published = _catalogue(desk).get(entry.service)
    if published is None:
        return []
    return [(said.get("consult.service"), published.service.title[lang])]


def _catalogue(desk: Desk) -> Catalogue:
    return desk.parts.services.current


# --- what can be done -------------------------------------------------------------------------------------


def _notice_inputs(desk: Desk, _known: object) -> Sequence[Input]:
    return (
        *in_both("title", LONGEST["title"]),
        *in_both("text", LONGEST["notice"], "words"),
        Input("since", "day", value=desk.today().isoformat()),
        Input("until", "day"),
    )


def _propose_notice(desk: Desk, work: Work, officer: str, _known: object, values: Values) -> None:
    _propose(
        desk,
        work,
        officer,
        lambda: KnowledgeDraft(
            kind="notice",
            title=both(values, "title"),
            text=both(values, "text"),
            since=date.fromisoformat(values["since"]),
            until=date.fromisoformat(values["until"]),
        ),
    )


def _answer_inputs(desk: Desk, known: Opened | None) -> Sequence[Input]:
    """Empty for a new answer; else what is answered today, to be changed."""
    entry = known.entry if known is not None else None
    title, text = (entry.title, entry.text) if entry is not None else ({}, {})
    also = entry.also if entry is not None else {}
    cited = "\n".join(editing.source_line(source, laws()) for source in entry.sources) if entry else ""
    ways = MOST_ALSO * (WAY[1] + 1)
    named = () if entry is not None else (Input("name", most=LATEST_NAME, like=NAME),)
    return (
        *named,
        *_filled(in_both("title", LONGEST["title"]), title),
        *(
            Input(f"also{end}", "lines", ways, value="\n".join(also.get(lang, ())), optional=True)
            for lang, end in (("zh-CN", ""), ("en-US", "-en"))
        ),
        *_filled(in_both("text", LONGEST["answer"], "words"), text),
        Input("sources", "lines", editing.MOST_SOURCES * SOURCE_LINE, value=cited),
        Input("service", most=LATEST_NAME, value=_called(desk, entry), optional=True),
        Input("since", "day", value=desk.today().isoformat()),
        Input("until", "day", optional=True),
    )


def _filled(several: Sequence[Input], texts: Texts) -> Sequence[Input]:
    return [
        replace(each, value=texts.get("en-US" if each.key.endswith("-en") else "zh-CN", ""))
        for each in several
    ]


def _called(desk: Desk, entry: KnowledgeEntry | None) -> str:
    """The service that does it, by its title in the officer's language."""
    published = _catalogue(desk).get(entry.service) if entry is not None else None
    return desk.told(published.service.title) if published is not None else ""


def _service(desk: Desk, words_of: str) -> str:
    """The service of that title, or of that name; raises ``KnowledgeRefused``."""
    if not words_of:
        return ""
    for published in _catalogue(desk).values():
        if words_of in (published.service.id, *published.service.title.values()):
            return published.service.id
    raise KnowledgeRefused("service", f"service: {words_of} is none of the catalogue")


def _propose_answer(desk: Desk, work: Work, officer: str, known: Opened | None, values: Values) -> None:
    name = known.entry.name if known is not None else values["name"]
    if known is None and showing.answered(work.core, name, laws()) is not None:
        raise KnowledgeRefused("there", f"there is an answer {name} already", name=name)
    cited: list[LibrarySource] = editing.sources(values["sources"], laws())
    _propose(
        desk,
        work,
        officer,
        lambda: KnowledgeDraft(
            kind="answer",
            name=name,
            title=both(values, "title"),
            text=both(values, "text"),
            also={lang: _ways(values[key]) for lang, key in (("zh-CN", "also"), ("en-US", "also-en"))},
            sources=cited,
            service=_service(desk, values["service"]),
            since=date.fromisoformat(values["since"]),
            until=date.fromisoformat(values["until"]) if values["until"] else None,
        ),
    )


def _version_inputs(desk: Desk, one: Opened) -> Sequence[Input]:
    return _answer_inputs(desk, one)


def _propose_version(desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    _propose_answer(desk, work, officer, one, values)


def _ways(written: str) -> list[str]:
    return [line.strip() for line in written.splitlines() if line.strip()]


def _propose(desk: Desk, work: Work, officer: str, build: Callable[[], KnowledgeDraft]) -> None:
    wanted = editing.checked(proposals.made(build), laws(), _catalogue(desk).keys())
    editing.propose(work.core, officer, wanted)


def _publish(_desk: Desk, work: Work, officer: str, one: Opened, _values: Values) -> None:
    editing.publish(work.core, one.entry.number, officer)


def _refuse(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    editing.refuse(work.core, one.entry.number, officer, both(values, "reason"))


def _withdraw(_desk: Desk, work: Work, officer: str, one: Opened, values: Values) -> None:
    editing.withdraw(work.core, one.entry.number, officer, both(values, "reason"))


def _reason(_desk: Desk, _one: Opened) -> Sequence[Input]:
    return in_both("reason", LONGEST["reason"])


def _anothers(desk: Desk, one: Opened) -> bool:
    return one.stage == "proposed" and one.entry.proposed_by != desk.officer.login


def _changeable(_desk: Desk, one: Opened) -> bool:
    """What is answered today, while no other version of it waits to be decided."""
    current = one.now is None and one.stage in ("standing", "over", "shipped")
    return one.entry.kind == "answer" and current and one.waiting is None


def _current(work: Work, one: Opened) -> KnowledgeEntry | None:
    work.core.knowledge.lock()
    if one.entry.number == showing.SHIPPED:
        return showing.answered(work.core, one.entry.name, laws())
    return work.core.knowledge.find(one.entry.number)


KNOWLEDGE: Final = Worklist(
    key="knowledge",
    see=Act.KNOWLEDGE_SEE,
    tabs=tuple(TABS),
    columns=("number", "kind", "title-shown", "days", "state"),
    rows=_rows,
    cells=_cells,
    open=_opened,
    sheet=_sheet,
    shown=lambda one: one.entry,
    current=_current,
    mark=_mark,
    waits=_waits,
    found_by=_found_by,
    number=f"{NUMBER}|{NAME}",
    deeds=(
        Deed(Act.KNOWLEDGE_PUBLISH, "knowledge.publish", _publish, offered=_anothers),
        Deed(Act.KNOWLEDGE_REFUSE, "knowledge.refuse", _refuse, _reason, _anothers, kind="danger"),
        Deed(
            Act.KNOWLEDGE_PROPOSE,
            "knowledge.version",
            _propose_version,
            _version_inputs,
            _changeable,
        ),
        Deed(
            Act.KNOWLEDGE_WITHDRAW,
            "knowledge.withdraw",
            _withdraw,
            _reason,
            lambda _desk, one: one.stage in ("coming", "standing") and not one.entry.origin,
            kind="danger",
        ),
    ),
    begin_with=_ready,
    begin=(
        Deed(
            Act.KNOWLEDGE_PROPOSE,
            "knowledge.notice",
            _propose_notice,
            _notice_inputs,
            details=lambda values: {"kind": "notice", "since": values["since"]},
        ),
        Deed(
            Act.KNOWLEDGE_PROPOSE,
            "knowledge.answer",
            _propose_answer,
            _answer_inputs,
            details=lambda values: {"kind": "answer", "name": values["name"]},
        ),
    ),
)
