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
STATES = ("ready", "reading", "unread")
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
    return Choice(LAY, ctx.t(f"scan.lay.{role}"), ctx.t("scan.lay.note"), icon="scan")


def fault_words(ctx: Ctx[ScanStep], fault: str) -> str:
    """Why a sheet could not be looked at, and what to do."""
    if device(ctx) == SCANNER:
        return ctx.told("pages.scanner", fault, "device")
    return ctx.told("pages.camera", fault, "device")


def page(ctx: Ctx[ScanStep], state: str, message: str, other: Choice | None) -> Page:
    """Where to lay it; ``other`` is the way on without a code."""
    role = device(ctx) or CAMERA
    reading = state == "reading"
    return PagesPage(
        **ctx.owner(),
        title=ctx.t(f"scan.laid.title.{state}"),
        lead=ctx.say(ctx.step.lead) if state == "ready" else "",
        action="" if reading else ctx.t(f"scan.laid.action.{state}"),
        second=Choice(STOP, ctx.t("scan.laid.stop")) if reading else other,
        state="again" if state == "unread" else state,
        message=message,
        preview=reading and role == CAMERA,
        illustration=role,
        where=ctx.t(f"pages.where.{role}"),
        tips=tuple(ctx.t(f"pages.tip.{role}.{n}") for n in (1, 2, 3)),
    )
