"""A passport in its reader: what is told meanwhile, what is no passport, the claim, and the language it may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from config.clock import CHINA
from kiosk.domain.formatting import as_date
from kiosk.domain.people import DocumentKind
from kiosk.flow.effects import Effect, ReadPassport
from kiosk.flow.events import Outcome
from kiosk.flow.pages import Choice, ChoosePage, IdentifyPage
from kiosk.steps.base import Ctx, Titles
from kiosk.steps.document import Reading

READER: Final = "mrzReader"
LAYOUT, CODE = "td3", "P"
"""A passport's zone has two lines of 44 characters, the first of which is a P (ICAO Doc 9303-4, 4.2)."""
SWIPE_AGAIN = ("noMedia", "invalidMedia", "invalidData")
"""Faults after which the reader simply waits for the passport once more."""
CHINESE, ENGLISH = "zh-CN", "en-US"
AT_HOME: Final = ("CHN",)
"""Nationalities whose people are asked for no other language."""


def heard(ctx: Ctx[Any], now: Reading, outcome: Outcome) -> tuple[Reading, tuple[Effect, ...]]:
    """What the reader's word makes of it, and what is asked of the reader next."""
    if outcome.partial:
        return Reading("away", ctx.t("passport.fault.deviceNotReady")), ()
    if outcome.fault:
        words = ctx.told("passport.fault", outcome.fault, "device")
        if outcome.fault in SWIPE_AGAIN:
            return Reading("again", words), (ReadPassport(),)
        return Reading("failed", words), ()
    if problem := _problem(ctx, outcome.data):
        return Reading("failed", ctx.t(f"passport.fault.{problem}")), ()
    return Reading("done", card=outcome.data), ()


def reader_page(ctx: Ctx[Any], now: Reading, words: Titles) -> IdentifyPage:
    """Swipe it there; ``words`` are the page's titles."""
    words["action"] = ctx.t("passport.once-more") if now.state == "failed" else ""
    return IdentifyPage(
        **words,
        state=now.state,
        message=now.message,
        illustration=READER,
        where=ctx.t("passport.where"),
        tips=(ctx.t("passport.tip.page"), ctx.t("passport.tip.smooth")),
    )


def claim_of(zone: Mapping[str, Any]) -> dict[str, object]:
    """Whose it is, as the wire's PersonClaim without its evidence.

    A letter of the number that the reader put right makes nobody another: the number has to stand on the invoices too.
    """
    names = (str(zone["familyName"]), str(zone["givenNames"]))
    return {
        "kind": DocumentKind.PASSPORT.value,
        "number": zone["number"],
        "name": " ".join(name for name in names if name),
        "nationality": zone["nationality"],
    }


def languages(ctx: Ctx[Any], claim: Mapping[str, object]) -> Sequence[str]:
    """What the holder of a foreign passport is offered at once, where the screen speaks Chinese; else nothing."""
    offered = [lang for lang in (ENGLISH, CHINESE) if lang in ctx.around.words]
    foreign = claim["nationality"] not in AT_HOME
    return offered if foreign and ctx.state.lang == CHINESE and len(offered) > 1 else ()


def language_page(ctx: Ctx[Any], offered: Sequence[str]) -> ChoosePage:
    """Each language by its own name; a touch is the answer."""
    return ChoosePage(
        title=ctx.t("passport.language"),
        shape="grid",
        columns=2,
        options=tuple(Choice(lang, ctx.around.words[lang].get("passport.language.name")) for lang in offered),
        selected=(ctx.state.lang,),
    )


def _problem(ctx: Ctx[Any], zone: Mapping[str, Any]) -> str | None:
    """No passport, or one that has expired: it is no identification any more (domain note, section 2.1)."""
    if zone["layout"] != LAYOUT or not str(zone["code"]).startswith(CODE):
        return "no-passport"
    today = ctx.around.now().astimezone(CHINA).date()
    if not zone.get("expiry") or as_date(zone["expiry"]) < today:
        return "expired"
    return None
