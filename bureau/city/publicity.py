"""The city's published cases: of several kinds and offices, one whose end is asked for, one removed, one that waits.

Names, numbers and documents are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from bureau.city.numbers import credit_code, resident_number
from bureau.engine.publicity.deciding import BORN
from bureau.engine.publicity.rules import rules
from bureau.engine.reference.context import REGION, Type
from bureau.ports.publicity import CaseState, Standing
from config.clock import CHINA
from kiosk.domain.own_numbers import make_number
from sync.models import Texts

Row = dict[str, object]
FIRST, SECOND = "段丽", "蒋明"
AREA = "530103"


def _said(chinese: str, english: str) -> Texts:
    return {"zh-CN": chinese, "en-US": english}


INSPECTION: Final = _said("云川市税务局第一稽查局", "First Inspection Bureau, Yunchuan")
NORTH: Final = _said("云川市税务局第二稽查局", "Second Inspection Bureau, Yunchuan")


@dataclass(frozen=True, slots=True)
class Held:
    """One case; ``days`` before the city's day it was published, or (none) entered two days ago."""

    name: str
    reason: str
    days: int
    facts: Texts
    decision: Texts
    authority: Texts = field(default_factory=lambda: INSPECTION)
    responsible: str = ""
    standing: Standing = "legal-representative"
    address: str = ""
    state: CaseState = "published"
    ground: str = ""


HELD: Final = (
    Held(
        "云川鼎泽商贸有限公司", "special-invoices", 410,
        _said("2022年至2023年，没有真实业务，对外虚开增值税专用发票 86 份，税额 412 万元。",
              "In 2022 and 2023 it issued 86 special invoices without any trade behind them, tax 4.12 million yuan."),
        _said("定性虚开，罚款 50 万元，移送司法机关。依据：发票管理办法。",
              "Found to be false invoices; fined 500,000 yuan and sent to the prosecutors. Rules on Invoices."),
        responsible="冯建业", address="云川市高新区创业路 18 号",
    ),
    Held(
        "云川恒昌建材经营部", "ordinary-invoices", 255,
        _said("2021年至2022年，虚开增值税普通发票 143 份，金额 618 万元。",
              "In 2021 and 2022 it issued 143 false ordinary invoices over 6.18 million yuan."),
        _said("定性虚开，没收违法所得，罚款 30 万元。依据：发票管理办法。",
              "Found to be false invoices; gains seized, fined 300,000 yuan. Rules on Invoices."),
        NORTH, "蔡志强", "head", "云川市城北区建材街 6 号",
    ),
    Held(
        "云川金穗农产品加工厂", "evasion", 96,
        _said("隐瞒销售收入 1,480 万元，少缴税款 187 万元，占当年应纳税额 34%。",
              "It hid sales of 14.8 million yuan and paid 1.87 million too little, 34 % of the year's tax."),
        _said("追缴税款和滞纳金，罚款 187 万元。依据：税收征收管理法第六十三条。",
              "Tax and surcharge recovered, fined 1.87 million yuan. Tax Collection Law art. 63."),
        NORTH, "罗仲明", address="云川市河湾镇粮库路 3 号",
    ),
    Held(
        "云川远航进出口有限公司", "refund-fraud", 720,
        _said("用虚假单证申报出口退税，骗取退税款 236 万元。",
              "It claimed export refunds by false papers and took 2.36 million yuan."),
        _said("追缴已退税款，罚款 236 万元，停止退税两年。依据：税收征收管理法第六十六条。",
              "Refunds recovered, fined 2.36 million yuan, no refunds for two years. Tax Collection Law art. 66."),
        responsible="丁海涛", address="云川市南桥区港务路 29 号", state="removal-asked", ground="paid",
    ),
    Held(
        "云川汇通运输服务部", "absconded", 330,
        _said("受让虚开发票抵扣税款，检查期间走逃，去向不明。",
              "It deducted false invoices and disappeared while it was inspected."),
        _said("确认走逃（失联），追缴税款 64 万元。依据：税收征收管理法。",
              "Found to have absconded; 640,000 yuan of tax to be recovered. Tax Collection Law."),
        responsible="杜广林", standing="actual", address="云川市书院区驿前街 2 号",
    ),
    Held(
        "马得胜", "helping", 150,
        _said("为他人提供银行账户，帮助隐瞒收入，造成少缴税款 132 万元。",
              "He lent bank accounts by which others hid income; 1.32 million yuan of tax was not paid."),
        _said("没收违法所得，罚款 20 万元。依据：税收征收管理法实施细则第九十三条。",
              "Gains seized, fined 200,000 yuan. Implementation Rules of the Tax Collection Law art. 93."),
    ),
    Held(
        "云川顺达矿业有限公司", "dodging", 1200,
        _said("欠税 310 万元，转移银行存款，妨碍追缴。", "It owed 3.1 million yuan and moved its deposits away."),
        _said("追缴欠税，罚款 155 万元。依据：税收征收管理法第六十五条。",
              "Arrears recovered, fined 1.55 million yuan. Tax Collection Law art. 65."),
        responsible="宋长河", address="云川市河湾镇矿山路 1 号",
    ),
    Held(
        "云川瑞丰餐饮管理有限公司", "evasion", 300,
        _said("用个人账户收款不入账，少缴税款 108 万元。",
              "It took money on private accounts and paid 1.08 million too little."),
        _said("追缴税款和滞纳金，罚款 54 万元。依据：税收征收管理法第六十三条。",
              "Tax and surcharge recovered, fined 540,000 yuan. Tax Collection Law art. 63."),
        responsible="袁丽华", address="云川市书院区翠湖路 40 号", state="removed", ground="paid",
    ),
    Held(
        "云川万联票据印务部", "forged-invoices", 0,
        _said("私自印制发票 2,300 份对外出售。", "It printed 2,300 invoices on its own and sold them."),
        _said("没收发票和设备，罚款 50 万元。依据：发票管理办法。",
              "Invoices and machines seized, fined 500,000 yuan. Rules on Invoices."),
        responsible="谢启文", address="云川市城北区印刷厂路 9 号", state="entered",
    ),
)  # fmt: skip


def entries(random: Random, as_of: date) -> Iterator[Row]:
    """The rows of ``offender_case``."""
    for place, one in enumerate(HELD):
        entered, published = _days(one, as_of)
        firm, over = bool(one.responsible), one.state == "removed"
        born = date(1968 + place * 2, 3 + place, 11 + place)
        number = resident_number(AREA, born, 2 * place + 101)
        hidden = f"{number[:6]}{BORN}{number[14:]}"
        yield {
            "case_no": number_of(place, as_of),
            "kind": "organisation" if firm else "person",
            "name": one.name,
            "code": credit_code(random) if firm else hidden,
            "address": one.address,
            "sex": None if firm else "male",
            "responsible": one.responsible,
            "responsible_as": one.standing if firm else None,
            "responsible_sex": ("female" if one.responsible.endswith("华") else "male") if firm else None,
            "responsible_number": hidden if firm else "",
            "reason": one.reason,
            "facts": one.facts,
            "decision": one.decision,
            "authority": one.authority,
            "document": f"云税稽罚〔{entered.year}〕{21 + place} 号",
            "served_on": entered - timedelta(days=3),
            "state": one.state,
            "entered_by": FIRST,
            "entered_at": datetime.combine(entered, time(10, 5), CHINA),
            "decided_by": SECOND if published else "",
            "published_on": published,
            "until": rules().until(published) if published else None,
            "asked_by": FIRST if one.ground else "",
            "ground": one.ground,
            "ended_by": SECOND if over else "",
            "ended_on": as_of - timedelta(days=20) if over else None,
            "said": None,
        }


def events(as_of: date) -> Iterator[Row]:
    """The rows of ``offender_case_event``, in the order in which it happened."""
    happened: list[tuple[datetime, str, str, str, Row]] = []
    for place, one in enumerate(HELD):
        case_no, (entered, published) = number_of(place, as_of), _days(one, as_of)
        happened.append((datetime.combine(entered, time(10, 5), CHINA), case_no, FIRST, "entered", {}))
        if published:
            happened.append((datetime.combine(published, time(9), CHINA), case_no, SECOND, "published", {}))
        if one.ground:
            asked = datetime.combine(as_of - timedelta(days=23), time(15), CHINA)
            happened.append((asked, case_no, FIRST, "removal-asked", {"ground": one.ground}))
        if one.state == "removed":
            ended = datetime.combine(as_of - timedelta(days=20), time(11), CHINA)
            happened.append((ended, case_no, SECOND, "removed", {"ground": one.ground}))
    for number, (at, case_no, officer, did, said) in enumerate(sorted(happened, key=lambda h: h[0]), start=1):
        yield {"number": number, "case_no": case_no, "at": at, "officer": officer, "did": did, "said": said}


def number_of(place: int, as_of: date) -> str:
    """The number of the case at that place, given on the day on which it was entered."""
    entered, _ = _days(HELD[place], as_of)
    return make_number(Type.OFFENDER, REGION, entered, place + 1)


def _days(one: Held, as_of: date) -> tuple[date, date | None]:
    """When it was entered and published."""
    if one.state == "entered":
        return as_of - timedelta(days=2), None
    published = as_of - timedelta(days=one.days)
    return published - timedelta(days=6), published
