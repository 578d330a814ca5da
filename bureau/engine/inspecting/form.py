"""What is filled in on the spot, as it is sealed; and the digest of what two officers confirm and one person signs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from bureau.engine.inspecting.rules import Kind, rules
from bureau.errors import InspectionRefused
from bureau.ports.core import Core
from bureau.ports.inspections import Inspection, Picture
from bureau.ports.materials import Vault
from sync.models import Texts

LONGEST: Final = {"findings": 300, "notice": 40, "name": 20, "capacity": 20, "refusal": 60}
"""Characters."""
COUNT_MOST: Final = 1_000_000


class Part(BaseModel):
    """Root of what is sealed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Unfiled(Part):
    """A return that was not filed by its limit."""

    what: Texts
    limit: date


class Owed(Part):
    """What is past its limit and not paid; ``late_fee_fen`` as of the day on which it was read."""

    what: Texts
    limit: date
    amount_fen: int
    late_fee_fen: int


class Run(Part):
    """Consecutive invoices that the ledger has with the taxpayer; ``written``: in its issuing data."""

    code: str
    kind: Texts
    first: str
    last: str
    count: int
    written: bool

    @property
    def key(self) -> str:
        """What names it within one form."""
        return f"{self.code}-{self.first}"


class Known(Part):
    """What the centre knew when the visit began."""

    read_at: datetime
    name: str
    state: str
    address: str
    head: str
    unfiled: tuple[Unfiled, ...]
    owed: tuple[Owed, ...]
    runs: tuple[Run, ...]


class Signed(Part):
    """Who was met, and their hand (``ink`` in its compact form, base64), or why they refused to sign."""

    name: str
    capacity: str
    ink: str = ""
    refusal: str = ""
    at: datetime
    officer: str


class Entered(Part):
    """What the officers fill in; anything may be missing until it is confirmed.

    ``counted``: by the runs' keys, how many of them are blank and there.
    """

    cards: bool = False
    notice: Annotated[str, Field(max_length=LONGEST["notice"])] = ""
    answers: Mapping[str, str] = Field(default_factory=dict)
    counted: Mapping[str, Annotated[int, Field(ge=0, le=COUNT_MOST)]] = Field(default_factory=dict)
    findings: Annotated[str, Field(max_length=LONGEST["findings"])] = ""
    outcome: str = ""


class Form(Part):
    """All of it."""

    known: Known
    entered: Entered = Entered()
    signed: Signed | None = None


def opened(core: Core, vault: Vault, number: str) -> Form | None:
    """The form of a visit; None while nothing was saved. Raises ``RecordError`` for what another key sealed."""
    sealed = core.inspections.form(number)
    return None if sealed is None else Form.model_validate_json(vault.open(_name(number), sealed))


def keep(core: Core, vault: Vault, number: str, form: Form) -> None:
    """Seal it in place of what was there."""
    core.inspections.keep_form(number, vault.seal(_name(number), form.model_dump_json().encode()))


def _name(number: str) -> str:
    return f"inspection:{number}"


def kind_of(inspection: Inspection) -> Kind:
    """Its kind; raises ``InspectionRefused`` for one that the file has no longer."""
    found = rules().kinds.get(inspection.kind)
    if found is None:
        raise InspectionRefused("kind", f"there is no kind {inspection.kind!r} of inspections any more")
    return found


def checked(kind: Kind, known: Known, entered: Entered) -> Entered:
    """What was filled in, if the form of this kind has it; raises ``InspectionRefused``."""
    for key, value in entered.answers.items():
        question = kind.questions.get(key)
        if question is None or (question.answers and value not in question.answers):
            raise InspectionRefused("answer", f"{key}: {value!r} is no answer of this form")
        if question.most and len(value) > question.most:
            raise InspectionRefused(
                "words-long", f"{key}: at most {question.most} characters", most=question.most
            )
    if entered.outcome and entered.outcome not in kind.outcomes:
        raise InspectionRefused("answer", f"outcome: one of {', '.join(kind.outcomes)}")
    if set(entered.counted) - {run.key for run in known.runs}:
        raise InspectionRefused("answer", "counted: the ledger has no such numbers with this taxpayer")
    for text in (entered.notice, entered.findings, *entered.answers.values()):
        if not all(sign.isprintable() or sign == "\n" for sign in text):
            raise InspectionRefused("answer", "without control characters")
    return entered


def missing(kind: Kind, form: Form, pictures: int) -> list[str]:
    """What has to be filled in before it can be signed or confirmed: keys of the console's words, or of questions."""
    entered = form.entered
    outcome = kind.outcomes.get(entered.outcome)
    nobody = outcome is not None and outcome.absent  # to whom identification could be shown
    found = [] if entered.cards or nobody else ["cards"]
    found += ["notice"] if kind.notice and not entered.notice.strip() else []
    found += [
        f"question:{key}"
        for key, question in kind.questions.items()
        if not question.optional and not entered.answers.get(key, "").strip()
    ]
    if kind.counts:
        found += [f"run:{run.key}" for run in form.known.runs if run.key not in entered.counted]
    if outcome is None:
        return [*found, "outcome"]
    if (outcome.finding or noticed(kind, form)) and not entered.findings.strip():
        found.append("findings")
    return found + (["pictures"] if pictures < outcome.pictures else [])


def noticed(kind: Kind, form: Form) -> list[Texts]:
    """The answers and counts that are told among what was found."""
    found = [
        question.answers[value].title
        for key, question in kind.questions.items()
        if (value := form.entered.answers.get(key, "")) in question.answers
        and question.answers[value].finding
    ]
    return found + [run.kind for run in differing(form)]


def differing(form: Form) -> list[Run]:
    """Runs of which not as many are there as the ledger has."""
    counted = form.entered.counted
    return [run for run in form.known.runs if run.key in counted and counted[run.key] != run.count]


def digest(inspection: Inspection, form: Form, pictures: Sequence[Picture]) -> str:
    """SHA-256 over everything that a person signs: order, what was known, what was filled in, and the pictures."""
    said = {
        "inspection": [
            inspection.number,
            inspection.taxpayer,
            inspection.kind,
            inspection.basis,
            inspection.reason,
            inspection.day.isoformat(),
            inspection.first,
            inspection.second,
        ],
        "known": form.known.model_dump(mode="json"),
        "entered": form.entered.model_dump(mode="json"),
        "pictures": [picture.sha256 for picture in pictures],
    }
    return _sha256(said)


def whole(inspection: Inspection, form: Form, pictures: Sequence[Picture]) -> str:
    """SHA-256 over that and the signature: what each of the officers confirms."""
    signed = form.signed.model_dump(mode="json") if form.signed is not None else None
    return _sha256([digest(inspection, form, pictures), signed])


def _sha256(value: object) -> str:
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
