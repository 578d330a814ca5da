"""A paper laid under the document camera or into the scanner for the code on it: where no code reader can be used."""

from __future__ import annotations

from typing import Final

from config.catalogue.models import ScanStep
from kiosk.flow.pages import Choice, Page, PagesPage
from kiosk.steps.base import Ctx

CAMERA, SCANNER = "documentCamera", "documentScanner"
LAY: Final = "lay"
"""The way from the code reader to the camera or scanner."""
STOP: Final = "stop"
BUSY = ("reading", "printed")
STATES = ("ready", *BUSY, "unread")
SHEETS = ("invoice", "certificate", "voucher", "notice", "taxpayer")
"""Codes on whole sheets (A4), which camera and scanner see; slips and tickets are too small, titles stand on phones."""


def device(ctx: Ctx[ScanStep]) -> str:
    """The role that sees a sheet here: the camera first, as nothing is drawn in; empty where none works."""
    if ctx.step.reads not in SHEETS:
        return ""
    return next((role for role in (CAMERA, SCANNER) if ctx.state.world.devices.get(role)), "")


def choice(ctx: Ctx[ScanStep]) -> Choice:
    """The way there, among the other ways of the reader's page."""
    role = device(ctx)
    note = "scan.lay.note.invoice" if prints(ctx) else "scan.lay.note"
    return Choice(LAY, ctx.t(f"scan.lay.{role}"), ctx.t(note), icon="scan")


def prints(ctx: Ctx[ScanStep]) -> bool:
    """Whether what is printed on the sheet is read where it has no code: of an invoice alone."""
    return ctx.step.reads == "invoice"


def fault_words(ctx: Ctx[ScanStep], fault: str) -> str:
    """Why a sheet could not be looked at, and what to do."""
    if device(ctx) == SCANNER:
        return ctx.told("pages.scanner", fault, "device")
    return ctx.told("pages.camera", fault, "device")


def page(ctx: Ctx[ScanStep], state: str, message: str, other: Choice | None) -> Page:
    """Where to lay it; ``other`` is the way on without a code."""
    role = device(ctx) or CAMERA
    busy = state in BUSY
    lead = ctx.t("scan.laid.print") if prints(ctx) else ctx.say(ctx.step.lead)
    return PagesPage(
        **ctx.owner(),
        title=ctx.t(f"scan.laid.title.{state}"),
        lead=lead if state == "ready" else "",
        action="" if busy else ctx.t(f"scan.laid.action.{state}"),
        second=Choice(STOP, ctx.t("scan.laid.stop")) if busy else other,
        state="again" if state == "unread" else "reading" if busy else state,
        message=message,
        preview=state == "reading" and role == CAMERA,
        illustration=role,
        where=ctx.t(f"pages.where.{role}"),
        tips=tuple(ctx.t(f"pages.tip.{role}.{n}") for n in (1, 2, 3)),
    )
