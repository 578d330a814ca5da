"""An officer at a distance: who waits, who waits too long, a conversation, its end, and the line over other pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from config.texts import Texts
from kiosk.flow.pages import Choice, FormPage, FormRow, Screen
from kiosk.flow.talk_page import SpeechLine, TalkPage
from ui.samples.frame import Look

STATIONS = (("验证", "You"), ("问题", "Question"), ("对话", "Officer"), ("回单", "Receipt"))
NUMBER = "71990026101200000017"


def talking(look: Look) -> dict[str, Screen]:
    """The samples by name."""
    t, texts = look.t, Texts(look.lang)
    around: dict[str, Any] = {
        "service": t("远程帮办", "Ask an officer"),
        "steps": look.steps(2, *STATIONS),
        "can_back": False,
    }
    waiting = TalkPage(
        title=texts.get("officer.waiting.title"),
        lead=texts.get("officer.waiting.lead", minutes=3),
        action=texts.get("officer.call-me"),
        paragraphs=(texts.get("officer.waiting.ahead", count=2),),
        facts=((texts.get("officer.number"), NUMBER),),
    )
    late = replace(
        waiting,
        title=texts.get("officer.late.title"),
        lead=texts.get("officer.late.lead"),
        state="late",
        paragraphs=(texts.get("officer.waiting.late"),),
    )
    talk = _talk(look)
    asked = {
        "talk_text": texts.get("officer.strip.asked"),
        "talk_tone": "asked",
        "talk_keys": (
            Choice("share", texts.get("officer.strip.share")),
            Choice("refuse", texts.get("officer.strip.refuse")),
        ),
    }
    shared = {
        "talk_text": texts.get("officer.strip.shared"),
        "talk_tone": "shared",
        "talk_keys": (Choice("stop", texts.get("officer.strip.stop")),),
    }
    said = texts.get(
        "officer.strip.says", text=t("请点第二行，填您的手机号。", "Please touch the second row, your phone.")
    )
    over = replace(
        talk,
        title=texts.get("officer.over.title"),
        lead=texts.get("officer.over.officer"),
        action=texts.get("officer.go-on"),
        action_icon="",
        second=None,
        state="ended",
        quick=(),
        lines=talk.lines[:3],
    )
    return {
        "talk-waiting": look.screen(waiting, **around),
        "talk-late": look.screen(late, **around),
        "talk": look.screen(talk, **around),
        "talk-asked": look.screen(replace(talk, lines=talk.lines[:2]), **around, **asked),
        "talk-shared": look.screen(replace(talk, lines=talk.lines[:2]), **around, **shared),
        "talk-over": look.screen(over, **around),
        "talk-elsewhere": look.screen(
            _form(look),
            service=t("房屋出租代开", "Rental income"),
            steps=look.steps(1, ("验证", "You"), ("填写", "Fill in"), ("完成", "Done")),
            **{**shared, "talk_text": f"{shared['talk_text']}\n{said}"},
        ),
    }


def _talk(look: Look) -> TalkPage:
    t, texts = look.t, Texts(look.lang)
    me, officer = texts.get("officer.me"), texts.get("officer.officer")
    opens = Choice(
        "open:declare.rental",
        t("房屋出租申报", "Rental income return"),
        t("个人出租住房", "A home let by a person"),
        "home",
    )
    return TalkPage(
        title=texts.get("officer.title"),
        lead=texts.get("officer.lead", number=NUMBER),
        action=texts.get("officer.write"),
        action_icon="edit",
        second=Choice("end", texts.get("officer.end")),
        state="talking",
        lines=(
            SpeechLine(
                False,
                officer,
                t(
                    "您好，我是税务人员，请问有什么可以帮您？",
                    "Hello, I am an officer of the tax bureau. How can I help?",
                ),
            ),
            SpeechLine(True, me, t("房子租出去了，要交什么税？", "I let my flat. Which tax do I owe?")),
            SpeechLine(
                False,
                officer,
                t(
                    "个人出租住房，月租金不超过十万元的，免征增值税。",
                    "A person who lets a home for at most 100,000 yuan a month owes no VAT.",
                ),
                t("个人出租住房要交增值税吗？", "Does a person who lets a home owe VAT?"),
                t(
                    "《关于增值税小规模纳税人减免增值税政策的公告》第 1 条",
                    "Announcement on VAT Relief for Small-scale Taxpayers, article 1",
                ),
            ),
            SpeechLine(False, officer, texts.get("officer.proposes"), opens=opens),
        ),
        quick=tuple(
            Choice(name, texts.get(f"officer.quick.{name}"))
            for name in ("yes", "no", "again", "unclear", "moment", "thanks")
        ),
    )


def _form(look: Look) -> FormPage:
    t = look.t
    return FormPage(
        title=t("请看看，再补几项", "Check these, add the rest"),
        action=t("去核对", "Continue"),
        rows=(
            FormRow("rent", t("月租金", "Rent a month"), "3,200.00", editable=True, keypad="money"),
            FormRow("phone", t("手机号", "Mobile number"), "", editable=True, keypad="phone"),
        ),
    )
