"""Official software of the city: what is published, what was withdrawn, and what still waits for its review.

Names and addresses are invented; the hosts end in ``.example``, which no name on the net does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bureau.ports.apps import AppState
from config.clock import CHINA
from sync.models import Texts

Row = dict[str, object]
PROPOSER, REVIEWER = "段丽", "蒋明"
BUREAU: Final[Texts] = {"zh-CN": "云川市税务局", "en-US": "Yunchuan Tax Bureau"}
PHONES: Final[Texts] = {"zh-CN": "安卓、鸿蒙、苹果手机", "en-US": "Android, HarmonyOS, iOS"}
WINDOWS: Final[Texts] = {"zh-CN": "Windows 电脑", "en-US": "Windows"}
BROWSER: Final[Texts] = {"zh-CN": "电脑或手机浏览器", "en-US": "Any browser"}
FOUND: Final[Texts] = {
    "zh-CN": "功能、权限和个人信息保护均已核查",
    "en-US": "Functions, permissions and protection of personal data were checked",
}


@dataclass(frozen=True, slots=True)
class Made:
    """One version; ``days`` before the city's day its review was over."""

    app: str
    version: str
    days: int
    name: Texts
    publisher: Texts
    purpose: Texts
    runs_on: Texts
    path: str
    state: AppState = "published"
    reason: Texts | None = None


def _said(chinese: str, english: str) -> Texts:
    return {"zh-CN": chinese, "en-US": english}


MADE: Final = (
    Made(
        "mobile-bureau", "3.8.0", 210,
        _said("云川税务手机端", "Yunchuan Tax on the phone"), BUREAU,
        _said("在手机上申报、缴税、查进度", "File, pay and follow cases on the phone"),
        PHONES, "mobile", "replaced",
    ),
    Made(
        "mobile-bureau", "3.9.2", 24,
        _said("云川税务手机端", "Yunchuan Tax on the phone"), BUREAU,
        _said("在手机上申报、缴税、查进度", "File, pay and follow cases on the phone"),
        PHONES, "mobile",
    ),
    Made(
        "web-bureau", "2026.9", 38,
        _said("电子税务局网页版", "Online tax bureau"), BUREAU,
        _said("企业全部网上办税事项，免安装", "All online matters of enterprises, nothing to install"),
        BROWSER, "web",
    ),
    Made(
        "personal-tax", "2.4.1", 61,
        _said("个税助手", "Income tax helper"), BUREAU,
        _said("填报专项附加扣除，办年度汇算", "Enter additional deductions, settle the year"),
        PHONES, "personal",
    ),
    Made(
        "withholding", "5.2.0", 45,
        _said("扣缴客户端", "Withholding client"), BUREAU,
        _said("单位代扣代缴个人所得税申报", "Employers file the income tax that they withhold"),
        WINDOWS, "withholding",
    ),
    Made(
        "invoice-desk", "4.1.7", 17,
        _said("开票助手", "Invoice desk"), BUREAU,
        _said("小规模纳税人开具、查验电子发票", "Small-scale taxpayers issue and check e-invoices"),
        PHONES, "invoice",
    ),
    Made(
        "ofd-reader", "1.6.3", 90,
        _said("电子发票阅读器", "E-invoice reader"), _said("云岭软件有限公司", "Yunling Software Ltd."),
        _said("打开、验签和打印 OFD 电子发票", "Opens, verifies and prints OFD e-invoices"),
        _said("Windows、统信、麒麟", "Windows, UOS, Kylin"), "reader",
    ),
    Made(
        "ledger-small", "2.0.5", 52,
        _said("小微记账", "Small ledger"), _said("河湾财税服务合作社", "Hewan Accounting Cooperative"),
        _said("个体工商户记流水账，生成申报底稿", "Keeps the books of individual businesses and drafts returns"),
        PHONES, "ledger",
    ),
    Made(
        "tax-school", "1.3.0", 30,
        _said("税务学堂", "Tax school"), BUREAU,
        _said("看课件、报名课程、做练习", "Courseware, enrolment and exercises"),
        _said("手机浏览器", "Phone browser"), "school",
    ),
    Made(
        "quick-scan", "1.1.0", 140,
        _said("扫票通", "Quick scan"), _said("南桥信息技术有限公司", "Nanqiao Information Technology Ltd."),
        _said("扫描纸质发票并归档", "Scans and files paper invoices"),
        PHONES, "scan", "withdrawn",
        _said("新版本收集通讯录，超出用途，请卸载", "A later version collected contacts: please remove it"),
    ),
    Made(
        "export-helper", "0.9.0", 0,
        _said("出口退税助手", "Export refund helper"), _said("高新软件园企业联合体", "High-tech Park Consortium"),
        _said("整理出口单证，预审退税申报", "Sorts export documents and pre-checks refund returns"),
        WINDOWS, "export", "proposed",
    ),
)  # fmt: skip
"""Each as it stands on the city's day."""


def entries(as_of: date) -> Iterator[Row]:
    """The rows of ``official_app``."""
    for one in MADE:
        steps = dict(_steps(one, as_of))
        yield {
            "app": one.app,
            "version": one.version,
            "name": one.name,
            "publisher": one.publisher,
            "purpose": one.purpose,
            "runs_on": one.runs_on,
            "url": f"https://apps.yunchuan-tax.example/{one.path}",
            "state": one.state,
            "proposed_by": PROPOSER,
            "proposed_at": steps["proposed"],
            "reviewed_by": REVIEWER if "reviewed" in steps else "",
            "reviewed_at": steps.get("reviewed"),
            "finding": FOUND if "reviewed" in steps else None,
            "published_at": steps.get("published"),
            "ended_at": steps.get(one.state) if one.state in ("withdrawn", "replaced") else None,
            "reason": one.reason,
        }


def events(as_of: date) -> Iterator[Row]:
    """The rows of ``official_app_event``, in the order in which it happened."""
    happened = sorted(
        ((at, one, state) for one in MADE for state, at in _steps(one, as_of)), key=lambda step: step[0]
    )
    for number, (at, one, state) in enumerate(happened, start=1):
        yield {
            "number": number,
            "app": one.app,
            "version": one.version,
            "at": at,
            "officer": PROPOSER if state == "proposed" else REVIEWER,
            "did": state,
            "said": {"reviewed": FOUND, "withdrawn": one.reason}.get(state) or {},
        }


def _steps(one: Made, as_of: date) -> Iterator[tuple[AppState, datetime]]:
    """What was done with it up to how it stands, and when."""
    reviewed = datetime.combine(as_of - timedelta(days=one.days), time(10, 20), CHINA)
    yield "proposed", reviewed - timedelta(days=9, hours=1)
    if one.state == "proposed":
        return
    yield "reviewed", reviewed
    yield "published", reviewed + timedelta(hours=5)
    if one.state == "withdrawn":
        yield "withdrawn", reviewed + timedelta(days=one.days - 12)
    elif one.state == "replaced":
        later = next(o for o in MADE if o.app == one.app and o.state == "published")
        yield "replaced", datetime.combine(as_of - timedelta(days=later.days), time(15, 20), CHINA)
