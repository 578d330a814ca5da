"""Refusals of roles, mandates, guardians, phones and registrations."""

from __future__ import annotations

from collections.abc import Mapping

from bureau.city.cast import PERSONAS
from bureau.city.guardians import WARD
from ui.walk.refused.reason import Reason

NUMBER = {person.id: person.number for person in PERSONAS}
MANDATES = "民法典第一百六十五条、第一百四十四条"
GUARDIANS = "民法典第二十七条、第二十八条"
TEMPORARY = "税收征收管理法第十五条；税务登记管理办法"
BINDING = "国家税务总局公告2021年第21号（办税人员实名）"


def _delegates(number: str, how: str, **more: object) -> Reason:
    return Reason("identity.delegate", MANDATES, how, wishes={"answers": {"number": number}}, **more)  # type: ignore[arg-type]


PEOPLE: Mapping[str, Reason] = {
    "attorneyUnknown": _delegates(NUMBER["sun-li"], "the attorney was never enrolled"),
    "attorneySelf": _delegates(NUMBER["li-xiulan"], "they give their own number"),
    "mandateMinor": _delegates(WARD.number, "the attorney is a child"),
    "mandateHeld": _delegates(NUMBER["gao-wei"], "her son has her mandate already", persona="wang-guifen"),
    "feedbackSayWhy": Reason(
        "feedback.track",
        "纳税服务投诉管理办法",
        "another answer is asked for, and not why",
        wishes={"options": ("angry",), "answers": {"again": "yes", "words": ""}},
    ),
    "guardianHeld": Reason(
        "identity.guardian",
        GUARDIANS,
        "she is entered as the guardian already",
        "xu-wen",
        wishes={"answers": {"name": WARD.name, "number": WARD.number}},
    ),
    "wardUnknown": Reason(
        "identity.guardian",
        GUARDIANS,
        "name and number are of two children",
        wishes={"answers": {"name": WARD.name}},
    ),
    "wardOfAge": Reason(
        "identity.guardian",
        GUARDIANS,
        "a parent of somebody who is of age",
        wishes={
            "answers": {
                "name": next(p.name for p in PERSONAS if p.id == "tang-yue"),
                "number": NUMBER["tang-yue"],
            }
        },
    ),
    "candidateUnknown": Reason(
        "identity.bind-role",
        BINDING,
        "who is to be bound was never enrolled",
        wishes={"answers": {"number": NUMBER["sun-li"]}},
    ),
    "issuingPhoneOfAnother": Reason(
        "invoice.phone-bind",
        "数电票业务规则：一部手机一个人",
        "the phone is bound by somebody else",
        wishes={"answers": {"mobile": next(p.mobile for p in PERSONAS if p.id == "xu-wen")}},
    ),
    "wardSelf": Reason(
        "identity.guardian",
        GUARDIANS,
        "they give their own name and number",
        wishes={
            "answers": {
                "name": next(p.name for p in PERSONAS if p.id == "lin-tao"),
                "number": NUMBER["lin-tao"],
            }
        },
    ),
    "wardUnderAge": Reason(
        "identity.guardian",
        GUARDIANS,
        "a guardian of an adult, and the ward is a child",
        wishes={"answers": {"kind": "adult"}},
    ),
    "phoneOfAnother": Reason(
        "identity.enrol",
        BINDING,
        "the phone is on file for somebody else, who has it at hand",
        wishes={"answers": {"mobile": next(p.mobile for p in PERSONAS if p.id == "tang-yue")}},
    ),
    "temporaryNameTells": Reason(
        "registration.temporary",
        TEMPORARY,
        "there is a telephone number in the name of the business",
        wishes={"answers": {"name": "翠湖书摊654321"}},
    ),
    "temporaryHeld": Reason(
        "registration.temporary",
        TEMPORARY,
        "they registered at the visit before",
        "wang-guifen",
        after=("registration.temporary",),
    ),
}
