"""Hold a code before the reader: an invoice, a certificate, a slip, a voucher; or go on and type what stands there."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from config.catalogue.models import ScanStep
from kiosk.domain import scanned, title_code
from kiosk.domain.draft_codes import LENGTH, check_draft_code
from kiosk.domain.errors import FieldError
from kiosk.domain.formatting import as_date
from kiosk.domain.invoice_qr import parse_invoice_qr
from kiosk.domain.money import fen
from kiosk.domain.notice_codes import parse_notice
from kiosk.domain.title_code import parse_title
from kiosk.flow.effects import Effect, ReadCode, ReadCodesOfPage, ReadInvoice, StopWaiting
from kiosk.flow.events import Action, Intent, Outcome
from kiosk.flow.pages import Choice, Page, ScanPage
from kiosk.flow.state import After
from kiosk.steps import drafts, laid, printed
from kiosk.steps.asking import working
from kiosk.steps.base import ALONE, Ctx, Go, Move, fault_message, refusal_message, step_kind

READER = "barcodeReader"
HOLD_AGAIN = ("noCode", "barcodeInvalid", "invalidData")
"""Faults after which the reader simply waits for the code once more."""
TYPE = "type"
"""The way on without a code."""
CODE = "code"
"""The way to the keys, for the code of what was begun on a phone."""


def _invoice(text: str) -> Mapping[str, object]:
    found = parse_invoice_qr(text)
    return {
        "kind": found.kind_code,
        "code": found.code or "",
        "number": found.number,
        "amount_fen": int(fen(found.amount)),
        "gross_fen": int(fen(found.amount)) if found.amount_with_tax else None,
        "with_tax": found.amount_with_tax,
        "issued": found.issued.isoformat(),
        "check_code": found.check_code or "",
    }


def _certificate(text: str) -> Mapping[str, object]:
    found = scanned.parse_certificate(text)
    return {"number": found.number, "code": found.code, "signature": found.signature}


def _title(text: str) -> Mapping[str, object]:
    found = parse_title(text)
    return {"name": found.name, "taxpayer": found.taxpayer}


def _ticket(text: str) -> Mapping[str, object]:
    number, code = scanned.parse_ticket(text)
    return {"number": number, "code": code}


PARSERS: Mapping[str, Callable[[str], Mapping[str, object]]] = {
    "invoice": _invoice,
    "certificate": _certificate,
    "slip": lambda text: {"key": scanned.parse_slip(text)},
    "number": lambda text: {"number": scanned.parse_number(text)},
    "ticket": _ticket,
    "voucher": lambda text: {"voucher": scanned.parse_voucher(text)},
    "notice": lambda text: {"code": parse_notice(text)},
    "title": _title,
    "taxpayer": lambda text: {"taxpayer": scanned.parse_taxpayer(text)},
    "vin": lambda text: {"vin": scanned.parse_vin(text)},
}
"""What a step's file may ask for (``reads``), and what it leaves; all of it is claimed, nothing proven."""


def _draft(text: str) -> str:
    """The code of what was begun on a phone; empty for any other code, also for one that was misread."""
    try:
        return scanned.parse_draft(text)
    except FieldError:
        return ""


LONGEST: Mapping[str, int] = {"title": title_code.LONGEST, "taxpayer": title_code.LONGEST}
"""Bytes of a code that may be longer than those on our own papers."""


@dataclass(frozen=True, slots=True)
class Local:
    """``state``: waiting, away, again, failed, with what was wrong last in ``message``.

    typing: the ``code`` of what was begun on a phone is typed; opening: the centre is asked for what stands under it;
    ready, reading, printed (no code on it: its print is read), unread: the paper is laid where a camera or scanner
    sees it.
    """

    state: str = "waiting"
    message: str = ""
    code: str = ""


@step_kind("scan")
class Scan:
    """Read, understand, go on; a code of another kind is told and the reader waits again."""

    def enter(self, ctx: Ctx[ScanStep]) -> Move:
        """The reader waits for a code; where none works the paper is laid under a camera, or its number typed."""
        if ctx.state.world.devices.get(READER):
            return _waiting()
        if laid.device(ctx):
            return Move(local=Local("ready"))
        if ctx.step.typed and not ctx.step.drafts:
            return Move(go=Go.NEXT, answer={"scanned": False, ALONE: True})
        return _waiting()

    def on_intent(self, ctx: Ctx[ScanStep], intent: Intent) -> Move:
        """Once more, or without a code."""
        local = ctx.state.local
        assert isinstance(local, Local), "entered"
        match intent.action, intent.value:
            case Action.PROCEED, _ if local.state == "failed":
                return _waiting()
            case Action.SECOND, laid.LAY if laid.device(ctx) and local.state not in laid.STATES:
                return Move(local=Local("ready"), effects=(StopWaiting(),), redraw=True)
            case Action.PROCEED, _ if local.state in ("ready", "unread"):
                return Move(local=Local("reading"), effects=(_look(ctx),), redraw=True)
            case Action.SECOND, laid.STOP if local.state in laid.BUSY:
                return Move(local=Local("ready"), effects=(StopWaiting(),), redraw=True)
            case Action.SECOND, value if value == TYPE and ctx.step.typed:
                return Move(go=Go.NEXT, effects=(StopWaiting(),), answer={"scanned": False})
            case Action.SECOND, value if value == CODE and ctx.step.drafts:
                return Move(local=Local("typing"), effects=(StopWaiting(),), redraw=True)
        return self._typed(ctx, local, intent) if local.state == "typing" else Move(local=local)

    def _typed(self, ctx: Ctx[ScanStep], local: Local, intent: Intent) -> Move:
        """The keys, the main button, or back to the reader."""
        match intent.action, intent.value:
            case Action.FILL, _:
                return Move(local=Local("typing", code=intent.text[:LENGTH]))
            case Action.SECOND, drafts.SCAN:
                return _waiting()
            case Action.PROCEED, _:
                try:
                    return self._open(check_draft_code(local.code))
                except FieldError as error:
                    return Move(local=replace(local, message=ctx.t(error.text_id)))
        return Move(local=local)

    def back(self, ctx: Ctx[ScanStep]) -> Move | None:
        """From the keys, or from where the paper is laid, to the reader."""
        local = ctx.state.local
        if not isinstance(local, Local):
            return None
        if local.state in laid.STATES and ctx.state.world.devices.get(READER):
            return replace(_waiting(), effects=(StopWaiting(), ReadCode()))
        return _waiting() if local.state == "typing" else None

    def _open(self, code: str) -> Move:
        return Move(local=Local("opening", code=code), effects=(drafts.ask_for(code),), redraw=True)

    def _opened(self, ctx: Ctx[ScanStep], local: Local, outcome: Outcome) -> Move:
        """What was begun; a no says what to do next, and then the reader waits again."""
        if outcome.fault:
            return Move(local=local, message=fault_message(ctx, outcome.fault))
        refusal = outcome.data.get("refusal")
        if isinstance(refusal, Mapping):
            return Move(local=local, message=refusal_message(ctx, refusal, After.RETRY))
        answer = {"scanned": True, "draft": local.code, "drafted": outcome.data["drafted"]}
        return Move(go=Go.NEXT, answer=answer)

    def on_outcome(self, ctx: Ctx[ScanStep], outcome: Outcome) -> Move:
        """A code, or why there is none."""
        local = ctx.state.local
        assert isinstance(local, Local), "entered"
        if local.state == "opening":
            return self._opened(ctx, local, outcome)
        if local.state in laid.STATES:
            return self._laid(ctx, outcome)
        if outcome.partial:
            state = str(outcome.data.get("state", "away"))
            message = ctx.t("scan.state.away") if state == "away" else ""
            return Move(local=replace(local, state=state, message=message))
        if outcome.fault:
            return self._again(ctx, outcome.fault, ctx.told("scan.fault", outcome.fault, "device"))
        try:
            return self._understood(ctx, str(outcome.data["data"]))
        except FieldError as error:
            return self._again(ctx, "invalidData", _why(ctx, error))

    def _laid(self, ctx: Ctx[ScanStep], outcome: Outcome) -> Move:
        """The first code on the sheet that is one of those asked for; else what is printed, or why there is nothing."""
        if outcome.partial:
            return Move(local=Local("printed"), redraw=True)
        if outcome.fault:
            return Move(local=Local("unread", laid.fault_words(ctx, outcome.fault)), redraw=True)
        why = ctx.t("scan.laid.none")
        for code in outcome.data["codes"]:
            try:
                return self._understood(ctx, str(code["data"]))
            except FieldError as error:
                why = _why(ctx, error)
        read = outcome.data.get("print")
        if read is not None and "figures" in read:
            return Move(go=Go.NEXT, answer=printed.answer(read))
        if read is not None:
            why = ctx.told("scan.print", read["flaw"], "away")
        return Move(local=Local("unread", why), redraw=True)

    def _understood(self, ctx: Ctx[ScanStep], data: str) -> Move:
        """Go on with what a code says; raises ``FieldError`` when it is another, or not whole."""
        text = scanned.decoded(base64.b64decode(data), LONGEST.get(ctx.step.reads, scanned.LONGEST))
        if ctx.step.drafts and (code := _draft(text)):
            return self._open(code)
        return Move(go=Go.NEXT, answer={**PARSERS[ctx.step.reads](text), "scanned": True})

    def page(self, ctx: Ctx[ScanStep]) -> Page:
        """Where to hold it, and the other way."""
        local = ctx.state.local
        assert isinstance(local, Local), "entered"
        if local.state == "opening":
            return working(ctx)
        if local.state == "typing":
            return drafts.typing_page(ctx, local.code, local.message)
        if local.state in laid.STATES:
            other = Choice(TYPE, ctx.t("scan.type")) if ctx.step.typed else None
            return laid.page(ctx, local.state, local.message, other)
        words = ctx.titles()
        words["action"] = ctx.t("scan.once-more") if local.state == "failed" else ""
        return ScanPage(
            **words,
            **ctx.owner(),
            state=local.state,
            message=local.message,
            where=ctx.t("scan.where"),
            tips=() if local.message else (ctx.t("scan.tip.flat"), ctx.t("scan.tip.near")),
            others=self._others(ctx),
        )

    def _others(self, ctx: Ctx[ScanStep]) -> tuple[Choice, ...]:
        ways = []
        if laid.device(ctx):
            ways.append(laid.choice(ctx))
        if ctx.step.drafts:
            ways.append(Choice(CODE, ctx.t("draft.type"), ctx.t("draft.type.note"), icon="phone"))
        if ctx.step.typed:
            ways.append(Choice(TYPE, ctx.t("scan.type"), ctx.t("scan.type.note"), icon="edit"))
        return tuple(ways)

    def _again(self, ctx: Ctx[Any], fault: str, words: str) -> Move:
        if fault in HOLD_AGAIN:
            return Move(local=Local("again", words), effects=(ReadCode(),))
        return Move(local=Local("failed", words))


def _waiting() -> Move:
    return Move(local=Local(), effects=(ReadCode(),), redraw=True)


def _look(ctx: Ctx[ScanStep]) -> Effect:
    """Of an invoice the print as well, where no code is seen."""
    if laid.prints(ctx):
        return ReadInvoice(laid.device(ctx), as_date(ctx.around.now()).isoformat())
    return ReadCodesOfPage(laid.device(ctx))


def _why(ctx: Ctx[ScanStep], error: FieldError) -> str:
    return ctx.t(f"scan.other.{ctx.step.reads}") if error.code == "other" else ctx.t(error.text_id)
