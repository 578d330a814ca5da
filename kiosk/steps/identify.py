"""Who is it? Document on the reader, consent, live face (or a member of staff), then what the centre knows."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from config.catalogue.models import IdentifyStep
from kiosk.domain.people import DocumentKind
from kiosk.flow.effects import (
    Ask,
    CheckStaff,
    CompareFace,
    Effect,
    Note,
    ReadDocument,
    ReadPassport,
    StopWaiting,
)
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import CapturePage, Choice, FormPage, FormRow, Page
from kiosk.flow.state import MANDATE, OWN, After, Person
from kiosk.steps import passport
from kiosk.steps.asking import unreachable, working
from kiosk.steps.base import Ctx, Go, Move, fault_message, refusal_message, step_kind
from kiosk.steps.choose.roles import acts_for_others
from kiosk.steps.document import Reading, claim_of, reader_page, told
from kiosk.steps.sign_in_notices import told_at_sign_in

STAFF_PIN_DIGITS = 6


class Stage(enum.StrEnum):
    """Where the identification stands."""

    DOCUMENT = "document"
    LANGUAGE = "language"
    CONSENT = "consent"
    FACE = "face"
    STAFF = "staff"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class Local:
    """Card as read, face tries so far, the staff PIN as typed; forgotten with the step."""

    stage: Stage = Stage.DOCUMENT
    state: str = "waiting"
    message: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)
    tries: int = 0
    pin: str = ""
    claim: Mapping[str, object] = field(default_factory=dict)


@step_kind("identify")
class Identify:
    """Sign-in by a document: of level 3 with a live face, of level 2 by the document alone, a passport's by its zone.

    A face is compared only with consent, and is never the only way.
    """

    def enter(self, ctx: Ctx[IdentifyStep]) -> Move:
        """A person who signed in earlier in this visit is not asked again, unless the step wants them afresh."""
        person = ctx.state.person
        if person is None or ctx.step.fresh or not _strong_enough(ctx, person.claim):
            return Move(local=Local(), effects=(_reading(ctx),))
        if _asks_again(ctx, person):
            return Move(local=Local(Stage.PROFILE, claim=person.claim), effects=(Ask("person.profile"),))
        return Move(go=Go.NEXT, answer=_answer(person.claim))

    def on_intent(self, ctx: Ctx[IdentifyStep], intent: Intent) -> Move:
        """Consent, another way, the staff's PIN, or once more."""
        local = _local(ctx)
        match local.stage, intent.action, intent.value:
            case Stage.DOCUMENT, Action.PROCEED, _ if local.state == "failed":
                return Move(local=Local(), effects=(_reading(ctx),), redraw=True)
            case Stage.LANGUAGE, Action.CHOOSE, lang if lang in passport.languages(ctx, local.claim):
                return replace(self._signed(ctx, local, local.claim), lang=lang)
            case Stage.CONSENT, Action.PROCEED, _:
                return _look(local)
            case ((Stage.CONSENT | Stage.FACE), Action.SECOND, "staff"):
                asked = replace(local, stage=Stage.STAFF, message="", pin="")
                return Move(local=asked, effects=(StopWaiting(),), redraw=True)
            case Stage.FACE, Action.PROCEED, _ if local.state == "again":
                return _look(local)
            case Stage.STAFF, _, _ if local.state == "checking":
                return Move(local=local)  # a second press is not a second try
            case Stage.STAFF, Action.FILL, _:
                digits = "".join(c for c in intent.text if c.isdigit())[:STAFF_PIN_DIGITS]
                return Move(local=replace(local, pin=digits, message=""))
            case Stage.STAFF, Action.PROCEED, _ if len(local.pin) == STAFF_PIN_DIGITS:
                return Move(local=replace(local, state="checking"), effects=(CheckStaff(local.pin),))
        return Move(local=local)

    def on_outcome(self, ctx: Ctx[IdentifyStep], outcome: Outcome) -> Move:
        """The reader, the camera, the staff check or the centre has answered."""
        local = _local(ctx)
        match local.stage:
            case Stage.DOCUMENT:
                return self._document(ctx, local, outcome)
            case Stage.FACE:
                return self._face(ctx, local, outcome)
            case Stage.STAFF:
                return self._staff(ctx, local, outcome)
            case Stage.PROFILE:
                return self._profile(ctx, local, outcome)
        return Move(local=local)

    def _document(self, ctx: Ctx[IdentifyStep], local: Local, outcome: Outcome) -> Move:
        if ctx.step.reads == "passport":
            return self._passport(ctx, local, outcome)
        reading, effects = told(ctx, Reading(local.state, local.message), outcome)
        read = replace(local, state=reading.state, message=reading.message, card=reading.card)
        if not reading.card:
            return Move(local=read, effects=effects)
        if not ctx.step.face:
            return self._signed(ctx, read, {**claim_of(reading.card), "evidence": "document"})
        return Move(local=replace(read, stage=Stage.CONSENT), redraw=True)

    def _passport(self, ctx: Ctx[IdentifyStep], local: Local, outcome: Outcome) -> Move:
        """Whoever comes from abroad is offered their language before anything else."""
        reading, effects = passport.heard(ctx, Reading(local.state, local.message), outcome)
        read = replace(local, state=reading.state, message=reading.message)
        if not reading.card:
            return Move(local=read, effects=effects)
        claim = {**passport.claim_of(reading.card), "evidence": "document"}
        if passport.languages(ctx, claim):
            return Move(local=replace(read, stage=Stage.LANGUAGE, claim=claim), redraw=True)
        return self._signed(ctx, read, claim)

    def _face(self, ctx: Ctx[IdentifyStep], local: Local, outcome: Outcome) -> Move:
        if outcome.partial:
            return Move(local=replace(local, state="comparing"))
        tries = local.tries + 1
        data = outcome.data
        if not outcome.fault and data.get("passed"):
            face = {"matcher": data["matcher"], "score": data["score"], "live": True}
            return self._signed(
                ctx, local, {**claim_of(local.card), "evidence": "document+face", "face": face}
            )
        if outcome.fault == "locked" or data.get("locked"):
            return Move(local=replace(local, tries=tries, state="refused", message=ctx.t("face.locked")))
        if outcome.fault:
            words = ctx.told("face", outcome.fault, "unavailable")
            state = "again" if outcome.fault == "timeout" else "refused"
        else:
            words = ctx.told("face", str(data.get("reason") or "noMatch"), "noMatch")
            state = "refused" if data.get("last") else "again"
        return Move(local=replace(local, tries=tries, state=state, message=words))

    def _staff(self, ctx: Ctx[IdentifyStep], local: Local, outcome: Outcome) -> Move:
        if outcome.fault or not outcome.data.get("passed"):
            wrong = ctx.t("staff.locked" if outcome.fault == "locked" else "staff.wrong")
            return Move(local=replace(local, state="waiting", pin="", message=wrong))
        return self._signed(ctx, local, {**claim_of(local.card), "evidence": "document+staff"})

    def _signed(self, ctx: Ctx[IdentifyStep], local: Local, claim: Mapping[str, object]) -> Move:
        signed = replace(local, stage=Stage.PROFILE, state="done", claim=claim, card={})
        note = Note("identified", {"evidence": claim["evidence"], "kind": claim["kind"]})
        return Move(local=signed, person=Person(claim), effects=(note, Ask("person.profile")), redraw=True)

    def _profile(self, ctx: Ctx[IdentifyStep], local: Local, outcome: Outcome) -> Move:
        if unreachable(outcome) and ctx.service.offline == "queue":
            person = Person(local.claim)
            return Move(person=person, offline=True, go=Go.NEXT, answer=_answer(local.claim))
        if outcome.fault:
            return Move(local=local, message=fault_message(ctx, outcome.fault, After.HOME))
        known = ctx.state.person is not None and ctx.state.person.roles is not None
        refusal = outcome.data.get("refusal")
        if isinstance(refusal, Mapping):
            return Move(local=local, message=refusal_message(ctx, refusal))
        own = {"taxpayer": None, "name": "", "role": OWN, "state": "normal"}
        roles = (
            *outcome.data.get("roles", ()),
            *((own,) if outcome.data.get("own") else ()),
            *({**held, "role": MANDATE} for held in outcome.data.get("mandates", ())),
        )
        person = Person(local.claim, roles, outcome.kept_at)
        offline = bool(outcome.kept_at)
        message = told_at_sign_in(ctx, outcome.data)
        if message is not None and not (known or offline):  # they are told once a visit, by the centre itself
            return Move(person=person, offline=False, answer=_answer(local.claim), message=message)
        return Move(person=person, offline=offline, go=Go.NEXT, answer=_answer(local.claim))

    def page(self, ctx: Ctx[IdentifyStep]) -> Page:
        """Reader, consent, camera, the staff's keypad, or a moment's wait."""
        local = _local(ctx)
        match local.stage:
            case Stage.DOCUMENT:
                draw = passport.reader_page if ctx.step.reads == "passport" else reader_page
                return draw(ctx, Reading(local.state, local.message), ctx.titles())
            case Stage.LANGUAGE:
                return passport.language_page(ctx, passport.languages(ctx, local.claim))
            case Stage.CONSENT | Stage.FACE:
                return self._capture_page(ctx, local)
            case Stage.STAFF:
                return self._staff_page(ctx, local)
        return working(ctx)

    def _capture_page(self, ctx: Ctx[IdentifyStep], local: Local) -> CapturePage:
        consent = local.stage is Stage.CONSENT
        again = local.state == "again"
        action = ctx.t("face.agree") if consent else ctx.t("face.once-more") if again else ""
        state = "consent" if consent else local.state
        return CapturePage(
            title=ctx.t("face.consent.title" if consent else "face.title"),
            lead=ctx.t("face.consent.lead" if consent else "face.lead"),
            action=action,
            state=state,
            message=local.message,
            preview=not consent and local.state in ("looking", "comparing", "again"),
            consent=tuple(ctx.t(f"face.consent.{i}") for i in (1, 2, 3)) if consent else (),
            others=(Choice("staff", ctx.t("face.staff"), ctx.t("face.staff.note"), icon="staff"),),
        )

    def _staff_page(self, ctx: Ctx[IdentifyStep], local: Local) -> FormPage:
        row = FormRow(
            id="pin",
            label=ctx.t("staff.pin"),
            value="●" * len(local.pin),
            editable=True,
            keypad="digits",
            error=local.message,
        )
        return FormPage(
            title=ctx.t("staff.title"),
            lead=ctx.t("staff.lead"),
            action=ctx.t("staff.action"),
            action_enabled=len(local.pin) == STAFF_PIN_DIGITS and local.state != "checking",
            rows=(row,),
            focused="pin",
            errors=(local.message,) if local.message else (),
        )


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()


def _look(local: Local) -> Move:
    looking = replace(local, stage=Stage.FACE, state="looking", message="")
    effect = CompareFace(photo=str(local.card["photo"]), number=str(local.card["number"]))
    return Move(local=looking, effects=(effect,), redraw=True)


def _reading(ctx: Ctx[IdentifyStep]) -> Effect:
    return ReadPassport() if ctx.step.reads == "passport" else ReadDocument()


def _strong_enough(ctx: Ctx[IdentifyStep], claim: Mapping[str, object]) -> bool:
    """By the document that the step asks for, with as much evidence."""
    of_passport = claim["kind"] == DocumentKind.PASSPORT.value
    if of_passport is not (ctx.step.reads == "passport"):
        return False
    return not ctx.step.face or claim["evidence"] in ("document+face", "document+staff")


def _asks_again(ctx: Ctx[IdentifyStep], person: Person) -> bool:
    """Whether the centre is asked for the roles of who signed in already.

    It is where it was away at the time, by each service that keeps the answer for when it will be, and where somebody
    may act for others: a principal's first return makes them a taxpayer, and a mandate may be over.
    """
    online, cached = ctx.state.world.online, ctx.service.offline == "cached"
    if person.roles is None:
        return online or cached
    return online and (cached or acts_for_others(person, ctx.service) or bool(person.kept_at))


def _answer(claim: Mapping[str, object]) -> dict[str, object]:
    return {"name": claim["name"], "number": claim["number"], "kind": claim["kind"]}
