"""Scanned pages: laying one down, the camera looking, a page to judge, one that is blurred, all that are kept."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from config.texts import Texts
from kiosk.flow.pages import Choice, PagesPage, Screen
from ui.samples.frame import Look

STEPS = (("验证", "Identify"), ("选择", "Case"), ("材料", "Papers"), ("提交", "Submit"))
SERVICE = ("补充材料", "Supply papers")
A4 = (620, 877)
INK, PAPER = 60, 250


@cache
def _drawn(lines: int, blurred: bool = False) -> str:
    """A page of grey bars for print, as base64 of a JPEG: nobody's document."""
    page = Image.new("L", A4, PAPER)
    pen = ImageDraw.Draw(page)
    pen.rectangle((180, 70, 440, 96), fill=INK)
    for line in range(lines):
        top = 160 + line * 34
        pen.rectangle((70, top, 550 - (line * 97) % 210, top + 12), fill=INK + 50)
    pen.rectangle((70, 760, 550, 762), fill=INK)
    if blurred:
        page = page.filter(ImageFilter.GaussianBlur(7))
    file = BytesIO()
    page.save(file, "JPEG", quality=70)
    return base64.b64encode(file.getvalue()).decode()


def papers(look: Look) -> dict[str, Screen]:
    """The samples by name."""
    t, words = look.t, Texts(look.lang)
    around = {"service": t(*SERVICE), "steps": look.steps(2, *STEPS)}
    ready = PagesPage(
        title=t("请把第一页平放到高拍仪下", "Lay the first page under the camera"),
        lead=t("一页一页来，每拍一页都给您看。", "Page by page; you see each one."),
        action=words.get("pages.action.ready"),
        where=words.get("pages.where.documentCamera"),
        tips=tuple(words.get(f"pages.tip.documentCamera.{n}") for n in (1, 2, 3)),
    )
    reading = replace(
        ready,
        state="reading",
        title=words.get("pages.title.reading", number=2),
        lead="",
        action="",
        preview=True,
        second=Choice("stop", words.get("pages.stop")),
    )
    shown = replace(
        ready,
        state="shown",
        title=words.get("pages.title.shown", number=2),
        lead="",
        action=words.get("pages.action.shown"),
        second=Choice("again", words.get("pages.again")),
        quiet=(Choice("remove", words.get("pages.remove"), icon="x"),),
        picture="p1",
        papers={"p1": _drawn(16)},
    )
    again = replace(
        shown,
        state="again",
        title=words.get("pages.title.again"),
        action=words.get("pages.action.again"),
        second=Choice("keep", words.get("pages.keep")),
        quiet=(),
        message=words.get("pages.flaw.blur"),
        papers={"p1": _drawn(16, blurred=True)},
    )
    names = [f"p{number}" for number in range(1, 8)]
    kept = replace(
        ready,
        state="list",
        title=words.get("pages.title.list", count=len(names)),
        lead="",
        action=words.get("pages.action.list", count=len(names)),
        second=Choice("more", words.get("pages.more")),
        choices=tuple(
            Choice(str(place), words.get("pages.number", number=place + 1), icon=name)
            for place, name in enumerate(names)
        ),
        papers={name: _drawn(6 + place) for place, name in enumerate(names)},
    )
    two = replace(
        kept,
        title=words.get("pages.title.list", count=2),
        action=words.get("pages.action.list", count=2),
        choices=kept.choices[:2],
    )
    return {
        "pages": look.screen(ready, **around),
        "pages-reading": look.screen(reading, **around),
        "pages-shown": look.screen(shown, **around),
        "pages-again": look.screen(again, **around),
        "pages-list": look.screen(kept, **around),
        "pages-two": look.screen(two, **around),
    }
