"""Sign in by phone (level 1): type its number, then the code that the centre sent there (手机验证码).

Where the service says so, whoever would rather lays a document on the reader.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from config.catalogue.models import PhoneStep
from kiosk.domain.errors import FieldError
from kiosk.domain.identifiers import check_mobile
from kiosk.domain.masking import mask_mobile
from kiosk.flow.effects import Ask, Note, ReadDocument, StopWaiting
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, FormPage, FormRow, Page
from kiosk.flow.state import After, Message, Person, Phone
from kiosk.steps.asking import unreachable, working
from kiosk.steps.base import Ctx, Go, Move, Titles, fault_message, refusal_message, step_kind
from kiosk.steps.document import Reading, claim_of, reader_page, told
from kiosk.steps.sign_in_notices import told_at_sign_in

NUMBER_LENGTH: Final = 11
RESEND: Final = "resend"
CARD: Final = "card"


class Stage(enum.StrEnum):
    """Where it stands; ``sending`` and ``checking`` wait for the centre, ``card`` for the reader."""

    NUMBER = "number"
    SENDING = "sending"
    CODE = "code"
    CARD = "card"
    CHECKING = "checking"


@dataclass(frozen=True, slots=True)
class Local:
    """Number and code as typed; forgotten with the step."""

    stage: Stage = Stage.NUMBER
    mobile: str = ""
    challenge: str = ""
    digits: int = 6
    code: str = ""
    error: str = ""
    reading: Reading = Reading()


@step_kind("phone")
class SignInByPhone:
    """Who proved a phone earlier in this visit is not asked again."""

    def enter(self, ctx: Ctx[PhoneStep]) -> Move:
        """The number first; without the network no code is sent, so a document is asked for."""
        phone, person = ctx.state.phone, ctx.state.person
        if ctx.step.card and person is not None:
            return Move(go=Go.NEXT, answer=_by_card(person.claim))
        if phone is not None:
            return Move(go=Go.NEXT, answer={"mobile": phone.mobile})
        waits = ctx.state.offline and ctx.step.card
        return _without_codes(ctx) if waits or _only_by_card(ctx) else Move(local=Local())

    def back(self, ctx: Ctx[PhoneStep]) -> Move | None:
        """From the code to the number: it may have been mistyped. Not while the centre's answer is coming."""
        local = _local(ctx)
        if local.stage is Stage.CARD:
            return None if _only_by_card(ctx) else Move(local=Local(), effects=(StopWaiting(),), redraw=True)
        if local.stage is Stage.NUMBER:
            return None
        if local.stage is not Stage.CODE:
            return Move(local=local)
        return Move(local=Local(mobile=local.mobile), redraw=True)

    def on_intent(self, ctx: Ctx[PhoneStep], intent: Intent) -> Move:
        """Digits, the main button, or the code once more."""
        local = _local(ctx)
        typed = "".join(c for c in intent.text if c.isdigit())
        match local.stage, intent.action, intent.value:
            case Stage.NUMBER, Action.FILL, _:
                return Move(local=replace(local, mobile=typed[:NUMBER_LENGTH], error=""))
            case Stage.CODE, Action.FILL, _:
                return Move(local=replace(local, code=typed[: local.digits], error=""))
            case Stage.NUMBER, Action.PROCEED, _:
                return self._send(ctx, local)
            case Stage.NUMBER, Action.SECOND, value if value == CARD and _may_lay_a_card(ctx):
                return Move(local=Local(Stage.CARD), effects=(ReadDocument(),), redraw=True)
            case Stage.CARD, Action.PROCEED, _ if local.reading.state == "failed":
                return Move(local=Local(Stage.CARD), effects=(ReadDocument(),), redraw=True)
            case Stage.CODE, Action.SECOND, value if value == RESEND:
                return self._send(ctx, local)
            case Stage.CODE, Action.PROCEED, _ if len(local.code) == local.digits:
                asked = Ask("phone.check", {"challenge": local.challenge, "code": local.code})
                return Move(local=replace(local, stage=Stage.CHECKING), effects=(asked,), redraw=True)
        return Move(local=local)

    def _send(self, ctx: Ctx[PhoneStep], local: Local) -> Move:
        try:
            mobile = check_mobile(local.mobile)
        except FieldError as error:
            return Move(local=replace(local, error=ctx.t(error.text_id)))
        sending = replace(local, stage=Stage.SENDING, mobile=mobile, error="")
        return Move(local=sending, effects=(Ask("phone.code", {"mobile": mobile}),), redraw=True)

    def on_outcome(self, ctx: Ctx[PhoneStep], outcome: Outcome) -> Move:
        """The code is on its way, or was right; a no stands at the row that it is about."""
        local = _local(ctx)
        if local.stage is Stage.CARD:
            return self._card(ctx, local, outcome)
        if local.stage not in (Stage.SENDING, Stage.CHECKING):
            return Move(local=local)  # a card that was read while they turned back to the number
        if unreachable(outcome) and ctx.service.offline == "queue":
            return replace(_without_codes(ctx), offline=True, redraw=True)
        if unreachable(outcome) and ctx.service.offline == "cached" and _may_lay_a_card(ctx):
            return replace(_without_codes(ctx), redraw=True)  # what follows is answered by what was kept
        if outcome.fault:
            return Move(local=_again(local), message=fault_message(ctx, outcome.fault))
        refusal = outcome.data.get("refusal")
        if isinstance(refusal, Mapping):
            why, then = refusal_message(ctx, refusal).body
            words = ctx.t("phone.no", why=why, next=then)
            return Move(local=replace(_again(local), code="", error=words), redraw=True)
        if local.stage is Stage.CHECKING:
            phone = Phone(local.mobile, local.challenge)
            answer = {"mobile": local.mobile}
            note, message = Note("phone.proven", {}), told_at_sign_in(ctx, outcome.data)
            go = Go.NEXT if message is None else Go.STAY
            return Move(phone=phone, go=go, answer=answer, effects=(note,), message=message)
        sent = replace(
            local,
            stage=Stage.CODE,
            challenge=str(outcome.data["challenge"]),
            digits=int(outcome.data["digits"]),
            code="",
        )
        return Move(local=sent, redraw=True)

    def _card(self, ctx: Ctx[PhoneStep], local: Local, outcome: Outcome) -> Move:
        """Who holds the document, as far as sign-in 1 asks: nobody compares a face."""
        reading, effects = told(ctx, local.reading, outcome)
        if not reading.card:
            return Move(local=replace(local, reading=reading), effects=effects)
        claim = {**claim_of(reading.card), "evidence": "document"}
        note = Note("identified", {"evidence": claim["evidence"], "kind": claim["kind"]})
        return Move(person=Person(claim), go=Go.NEXT, answer=_by_card(claim), effects=(note,))

    def page(self, ctx: Ctx[PhoneStep]) -> Page:
        """One row with its keypad, or a moment's wait."""
        local = _local(ctx)
        match local.stage:
            case Stage.NUMBER:
                return self._number_page(ctx, local)
            case Stage.CODE:
                return self._code_page(ctx, local)
            case Stage.CARD:
                words = Titles(title=ctx.t("phone.card.title"), lead=ctx.t("phone.card.lead"), action="")
                return reader_page(ctx, local.reading, words)
        return working(ctx)

    def _number_page(self, ctx: Ctx[PhoneStep], local: Local) -> FormPage:
        row = FormRow(
            id="mobile",
            label=ctx.t("phone.mobile"),
            value=local.mobile,
            editable=True,
            keypad="phone",
            error=local.error,
            most=NUMBER_LENGTH,
        )
        words = ctx.titles()
        words["action"] = ctx.t("phone.send")
        return FormPage(
            **words,
            action_enabled=len(local.mobile) == NUMBER_LENGTH,
            second=Choice(CARD, ctx.t("phone.card")) if _may_lay_a_card(ctx) else None,
            rows=(row,),
            focused="mobile",
            note=ctx.say(ctx.step.why) if ctx.step.why else ctx.t("phone.why"),
            errors=(local.error,) if local.error else (),
        )

    def _code_page(self, ctx: Ctx[PhoneStep], local: Local) -> FormPage:
        row = FormRow(
            id="sms",
            label=ctx.t("phone.code"),
            value=local.code,
            editable=True,
            keypad="digits",
            error=local.error,
            most=local.digits,
        )
        return FormPage(
            title=ctx.t("phone.code.title"),
            lead=ctx.t("phone.code.lead", mobile=mask_mobile(local.mobile), digits=local.digits),
            action=ctx.t("phone.check"),
            action_enabled=len(local.code) == local.digits,
            second=Choice(RESEND, ctx.t("phone.resend")),
            rows=(row,),
            focused="sms",
            errors=(local.error,) if local.error else (),
        )


def _local(ctx: Ctx[Any]) -> Local:
    local = ctx.state.local
    return local if isinstance(local, Local) else Local()


def _may_lay_a_card(ctx: Ctx[PhoneStep]) -> bool:
    return ctx.step.card and ctx.state.world.devices.get("idReader", False)


def _only_by_card(ctx: Ctx[PhoneStep]) -> bool:
    return (ctx.state.offline or not ctx.state.world.online) and _may_lay_a_card(ctx)


def _without_codes(ctx: Ctx[PhoneStep]) -> Move:
    """No code reaches a phone without the network; a document says who it is all the same, where one may be laid."""
    if _may_lay_a_card(ctx):
        return Move(local=Local(Stage.CARD), effects=(ReadDocument(),))
    body = (ctx.t("phone.offline.body"),)
    return Move(local=Local(), message=Message("info", ctx.t("phone.offline"), body, After.HOME))


def _by_card(claim: Mapping[str, object]) -> dict[str, object]:
    """What a document leaves in place of a number."""
    return {"mobile": "", "name": claim["name"], "number": claim["number"]}


def _again(local: Local) -> Local:
    """Where the person stood before the centre was asked."""
    return replace(local, stage=Stage.CODE if local.challenge else Stage.NUMBER)
