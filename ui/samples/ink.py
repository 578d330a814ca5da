"""A statement before it is signed, while the pad waits, and with the ink to be looked at."""

from __future__ import annotations

import base64
from dataclasses import replace
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from config.texts import Texts
from kiosk.flow.pages import Choice, Screen, SignPage
from ui.samples.frame import Look

STEPS = (("验证", "Identify"), ("手机", "Phone"), ("核对", "Check"), ("签名", "Sign"), ("回单", "Receipt"))
SERVICE = ("实名信息采集", "Real-name enrolment")
PAD = (1152, 480)


@cache
def _drawn() -> str:
    """Loops of a pen, as base64 of a PNG: nobody's name."""
    page = Image.new("L", PAD, 255)
    pen = ImageDraw.Draw(page)
    for place in range(6):
        left = 150 + place * 140
        pen.arc((left, 120, left + 170, 340), 150, 420, fill=0, width=9)
        pen.line((left + 40, 330, left + 150, 150), fill=0, width=7)
    file = BytesIO()
    page.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def ink(look: Look) -> dict[str, Screen]:
    """The samples by name."""
    t, words = look.t, Texts(look.lang)
    around = {"service": t(*SERVICE), "steps": look.steps(3, *STEPS)}
    ready = SignPage(
        title=t("请看清楚，再签名", "Please read, then sign"),
        lead=t("您签的就是下面这段话。", "This is what you sign, word for word."),
        action=words.get("sign.action.ready"),
        where=words.get("sign.where"),
        heading=t("实名信息采集确认书", "Statement of real-name enrolment"),
        paragraphs=(
            t(
                "本人确认以下信息真实，由本人持本人证件当面办理。",
                "I confirm that the following is true and that I am here in person with my own document.",
            ),
            t(
                "本人同意税务机关为办税身份验证采集和使用这些信息，信息有变化时及时更新。",
                "I agree that the tax bureau collects and uses it to tell who I am in tax matters, "
                "and I will tell of any change.",
            ),
        ),
        facts=(
            (t("姓名", "Name"), t("李秀兰", "LINDQVALE MARGARETHA JOHANNA")),
            (t("证件号码", "Document no."), "530***********0027"),
            (t("手机号", "Mobile number"), "139****0007"),
        ),
        day=t("2026年10月12日", "12 Oct 2026"),
    )
    again = Choice("again", words.get("sign.again"))

    def state(name: str, **changed: object) -> SignPage:
        told = {"title": words.get(f"sign.title.{name}"), "lead": "", "action": "", "state": name}
        return replace(ready, **{**told, **changed})  # type: ignore[arg-type]

    writing = state(
        "writing",
        lead=words.get("sign.where"),
        action=words.get("sign.action.writing"),
        second=again,
        message=words.get("sign.state.writing"),
    )
    shown = state(
        "shown", action=words.get("sign.action.shown"), second=again, picture="ink", papers={"ink": _drawn()}
    )
    wrong = state("again", action=words.get("sign.action.again"), message=words.get("sign.fault.refused"))
    return {
        "sign": look.screen(ready, **around),
        "sign-opening": look.screen(state("opening", message=words.get("sign.state.opening")), **around),
        "sign-writing": look.screen(writing, **around),
        "sign-away": look.screen(state("away", message=words.get("sign.state.away")), **around),
        "sign-shown": look.screen(shown, **around),
        "sign-again": look.screen(wrong, **around),
    }
