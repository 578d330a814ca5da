"""What holds a service file together across its steps; each mistake with its key and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from config.catalogue.mistakes import Mistake
from config.catalogue.models import (
    ChooseStep,
    FormRowModel,
    FormStep,
    IdentifyStep,
    LabelledValue,
    ListStep,
    PhoneStep,
    ReviewStep,
    Service,
    SignStep,
    Step,
    SubmitStep,
    UkeyStep,
)
from config.catalogue.phone_checks import phone_mistakes
from config.catalogue.row_checks import form_mistakes, list_mistakes, offer_mistakes, option_mistakes
from config.errors import did_you_mean

PATHS = frozenset(
    {
        "value",
        "scanned",
        "until",
        "of",
        "dues",
        "bill",
        "notice",
        "document",
        "pages",
        "reservation",
        "unit",
        "reference",
        "reference_or",
        "rows",
        "min_of",
        "max_of",
        "as_of",
        "code",
        "order",
        "title_of",
        "note_of",
        "form_of",
        "sheet",
        "words",
        "topic",
        "day",
        "once",
    }
)
"""Fields that hold the place of a value in the visit's data, where they hold text."""
ASKING = ("months", "entitlement", "dues")
"""Sources whose options come from the centre."""
NAMED = {"pay": "pay", "slip": "slip", "roles": "enterprise", "share": "share", "collect": "collect"}
"""Steps that others look for by name: by kind, and by source for a choice."""
ACTING = ("phone", "pages", "sign", "submit", "pay", "print", "dispense", "ukey", "continue", "collect")
"""Kinds of steps that need the centre itself: no kept answer takes its place, and no row is picked without it."""


SIGNING_IN = ("identify", "phone")
"""Kinds of steps that ask who stands there."""
PAD = "signaturePad"
SIGNED = ("text", "sha256", "signature", "lang", "signed_on")
"""What a signature is checked by; all of it is handed in."""
MOST_STATEMENT = {"zh-CN": 150, "en-US": 420}
"""Of a statement: as much as stands beside six facts and the pad in letters for who needs larger ones."""


def mistakes(service: Service) -> Iterator[Mistake]:
    """Everything that no model of one step can see."""
    if service.audience == "enterprise" and not service.roles:
        yield Mistake("roles", "is missing", "name the roles that may use it, such as [L, F, T]")
    if service.behalf:
        yield from _for_nobody(service)
    if service.unnamed and (service.sign_in != "0" or any(step.kind in SIGNING_IN for step in service.steps)):
        fix = 'write sign_in: "0" and take the steps away that ask who it is, or leave unnamed out'
        yield Mistake("unnamed", "is of nobody, and somebody is asked for", fix)
    if not service.steps[0].mark:
        yield Mistake("steps.0.mark", "is missing", "name the first station of the progress line")
    yield from phone_mistakes(service)
    known: dict[str, Step] = {}
    for index, step in enumerate(service.steps):
        key = f"steps.{index}"
        if step.id in known:
            fix = "give each step a name of its own"
            yield Mistake(
                f"{key}.id", f"{step.id!r} is the name of step {[*known].index(step.id)} already", fix
            )
        known[step.id] = step
        if service.offline == "cached" and _acts(step) and "none-picked" not in step.unless:
            fix = "write offline: online, or queue, or take the step away"
            yield Mistake(f"{key}.kind", f"is {step.kind}, which no kept answer can do", fix)
        asks = getattr(step, "ask", None)
        if (
            asks is not None
            and asks.kept
            and (service.offline != "queue" or service.sign_in != "0" or asks.params)
        ):
            fix = "leave kept out: it is for a question of nobody, without params, in a service with offline: queue"
            yield Mistake(f"{key}.ask.kept", "is not for this question", fix)
        wanted = NAMED.get(step.source if isinstance(step, ChooseStep) else step.kind)
        if wanted is not None and step.id != wanted:
            yield Mistake(f"{key}.id", f"is {step.id!r}", f"call this step {wanted!r}: others look for it")
        yield from _incomplete(key, step)
        if isinstance(step, SignStep):
            yield from _unsigned(key, step, service, index)
        for place, path in _paths(key, step):
            if (head := path.split(".", 1)[0]) not in known:
                yield Mistake(place, f"no step up to here is called {head!r}", did_you_mean(head, known))
            elif place.endswith(".change"):
                yield from _leads_nowhere(place, path, known[head])


def _acts(step: Step) -> bool:
    """Whether it needs the centre itself; where a card may be laid nobody needs the code that it sends to a phone."""
    return step.kind in ACTING and not (isinstance(step, PhoneStep) and step.card)


def _for_nobody(service: Service) -> Iterator[Mistake]:
    """It may be used for others, and cannot be."""
    asking = [step for step in service.steps if isinstance(step, ChooseStep) and step.source == "roles"]
    if not asking:
        yield Mistake("behalf", "has no step that asks for whom", "add a choose step with source: roles")
    elif ("for-oneself" in asking[0].unless) is (service.audience == "enterprise"):
        fix = "write unless: [for-oneself] there for a service of persons, and leave it out for one of enterprises"
        yield Mistake(
            "behalf", "asks for whom where nobody has to be asked, or does not where all must be", fix
        )
    if service.audience == "enterprise" and not {"own", "self"} & set(service.roles):
        yield Mistake(
            "behalf", "is for who acts in their own name", "name own or self among the roles, or leave it out"
        )
    if service.sign_in not in ("3", "R") or service.offline == "queue":
        fix = "a mandate is looked at by the centre, and who uses it by their face: leave it out, or ask for both"
        yield Mistake(
            "behalf", f"needs more than sign_in: {service.sign_in}, offline: {service.offline}", fix
        )


def _unsigned(key: str, step: SignStep, service: Service, index: int) -> Iterator[Mistake]:
    """A second signature, one without a pad, that nothing hands in, or whose text does not fit on the page."""
    if PAD not in (*service.devices.required, *service.devices.fitted):
        yield Mistake(
            "devices", f"does not name {PAD}", f"write fitted: [{PAD}], which step {step.id!r} needs"
        )
    later = [s for s in service.steps[index + 1 :] if isinstance(s, SubmitStep)]
    handed = {path for s in later for path in s.data.values() if isinstance(path, str)}
    if any(isinstance(earlier, SignStep) for earlier in service.steps[:index]):
        fix = "have one statement signed in a service: the centre makes the text of that one anew"
        yield Mistake(f"{key}.kind", "is the second sign step", fix)
    if missing := [name for name in SIGNED if f"{step.id}.{name}" not in handed]:
        fix = f"name {', '.join(f'{step.id}.{name}' for name in missing)} in the data of a submit after it"
        yield Mistake(f"{key}.id", "is signed and not handed in whole", fix)
    for lang, most in MOST_STATEMENT.items():
        if (length := len(step.statement.get(lang, ""))) > most:
            fix = f"say it in {most} characters; more belongs into a review before it"
            yield Mistake(f"{key}.statement.{lang}", f"has {length} characters", fix)


def _leads_nowhere(place: str, path: str, step: Step) -> Iterator[Mistake]:
    """A Change that should open a row which nobody can change."""
    _, _, row = path.partition(".")
    if not row:
        return
    rows = [r.id for r in step.rows if r.editable != "no"] if isinstance(step, FormStep) else []
    if row not in rows:
        problem = f"step {step.id!r} has no row {row!r} that can be changed"
        yield Mistake(place, problem, did_you_mean(row, rows) if rows else f"write {step.id}")


def _incomplete(key: str, step: BaseModel) -> Iterator[Mistake]:
    """Fields that only some steps of a kind need."""
    match step:
        case ChooseStep(source="count", of=None):
            yield Mistake(f"{key}.of", "is missing", "name the step whose choice says how many are allowed")
        case ChooseStep(ask=None, source=source) if source in ASKING:
            yield Mistake(f"{key}.ask", "is missing", f"name the query that brings the {source}")
        case ChooseStep(source="rows", offer=None):
            yield Mistake(f"{key}.offer", "is missing", "say where the rows stand, and which field names one")
        case ChooseStep(source="rows", empty=None):
            yield Mistake(f"{key}.empty", "is missing", "write title and body for when there is not one row")
        case ChooseStep(source="rows", offer=offer) if offer is not None:
            yield from offer_mistakes(f"{key}.offer", offer)
        case ChooseStep(source="options", options=options):
            if not options:
                yield Mistake(f"{key}.options", "is missing", "name the options")
            yield from option_mistakes(f"{key}.options", options)
        case IdentifyStep(reads="passport", face=True):
            yield Mistake(
                f"{key}.face", "compares a face with a zone", "write face: false beside reads: passport"
            )
        case UkeyStep(does="write", order=None):
            yield Mistake(f"{key}.order", "is missing", "name the step that had the order made")
        case FormStep():
            yield from form_mistakes(key, step)
        case ListStep():
            yield from list_mistakes(key, step)
        case ReviewStep(sheet=sheet, paper=paper) if sheet is not None and paper is not None:
            yield Mistake(f"{key}.paper", "stands beside a sheet", "keep one of the two")
        case ReviewStep(sheet=sheet) if sheet is not None and sheet.bars:
            columns = [column.field for column in sheet.columns]
            if sheet.bars not in columns:
                yield Mistake(f"{key}.sheet.bars", "is no column", did_you_mean(sheet.bars, columns))


def _paths(key: str, model: BaseModel) -> Iterator[tuple[str, str]]:
    """Every path below ``model`` with its key."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        place = f"{key}.{name}"
        if isinstance(value, str) and (
            name in PATHS or (name == "change" and isinstance(model, LabelledValue) and value)
        ):
            yield place, value
        elif isinstance(model, FormRowModel) and name in ("earliest", "latest") and _is_path(value):
            yield place, value
        elif isinstance(value, BaseModel):
            yield from _paths(place, value)
        elif isinstance(value, list):
            for index, one in enumerate(value):
                if isinstance(one, BaseModel):
                    yield from _paths(f"{place}.{index}", one)
        elif isinstance(value, dict) and name in ("params", "data"):
            yield from ((f"{place}.{n}", v) for n, v in value.items() if isinstance(v, str))


def _is_path(day: str | None) -> bool:
    return day is not None and day != "today" and not day[:1].isdigit()
