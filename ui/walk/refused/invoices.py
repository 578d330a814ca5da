"""Refusals of invoices: collected, checked, handed in, issued by the bureau, and of prizes for them."""

from __future__ import annotations

from collections.abc import Mapping

from ui.walk.refused.preparing import (
    OFFICER,
    beyond_the_used,
    cancelled_order,
    operated,
    scanning,
    taken_back,
    ticket_with_another_code,
    ukey_ended,
    written_on,
)
from ui.walk.refused.reason import Reason

SUPPLY = "发票管理办法第十五条；实施细则"
BOOKS = "财会〔2020〕6号（防止电子会计凭证重复入账）"
ARREARS = "税收征收管理法第七十二条"
ISSUED = "税务机关代开增值税发票管理办法（国税发〔2004〕153号）"

INVOICES: Mapping[str, Reason] = {
    "unfiledPeriod": Reason("invoice.collect", ARREARS, "the enterprise is two returns behind", "zhao-min"),
    "arrears": Reason("invoice.collect", ARREARS, "the quarter before last is not paid", "chen-jing"),
    "noApproval": Reason(
        "invoice.collect", SUPPLY, "no kind of invoice was approved", "shen-zhizhou", "拾光"
    ),
    "limitReached": Reason("invoice.collect", SUPPLY, "it holds all the blanks it may, unused", "lin-tao"),
    "mayNotCollect": Reason(
        "invoice.collect", SUPPLY, "a tax agent is no collector", "xie-an", choice="roles.not-allowed"
    ),
    "taxpayerAbnormal": Reason(
        "invoice.collect",
        "税收征收管理法实施细则；国家税务总局公告2019年第48号（非正常户）",
        "the enterprise is in abnormal state",
        "qian-sheng",
        choice="roles.state.abnormal",
    ),
    "pickUpUnknown": Reason(
        "invoice.pick-up", SUPPLY, "they mistype the code", wishes={"answers": {"code": "K7M2Q9XE"}}
    ),
    "pickUpCancelled": Reason(
        "invoice.pick-up", SUPPLY, "the order was approved and taken back", prepared=cancelled_order
    ),
    "orderNoStock": Reason(
        "invoice.pick-up",
        SUPPLY,
        "the order is of special invoices, which this terminal does not hold",
        prepared=operated("order", "approve", "{taxpayer}", "01", "2", *OFFICER),
    ),
    "pickedUp": Reason(
        "invoice.pick-up", SUPPLY, "they picked it up at the visit before", after=("invoice.pick-up",)
    ),
    "numbersNotHeld": Reason(
        "invoice.return",
        SUPPLY,
        "the numbers are not of the enterprise",
        wishes={"answers": {"first": "00999001", "last": "00999002"}},
    ),
    "numbersBackwards": Reason(
        "invoice.return",
        SUPPLY,
        "they give the last number before the first",
        wishes={"answers": {"first": "00999002", "last": "00999001"}},
    ),
    "numbersUsed": Reason(
        "invoice.return",
        SUPPLY,
        "the invoice was issued, and its data uploaded",
        "lin-tao",
        prepared=written_on,
    ),
    "numbersNotUploaded": Reason(
        "invoice.check-used", SUPPLY, "one of the numbers was not issued", prepared=beyond_the_used
    ),
    "limitReached.again": Reason(
        "invoice.collect",
        SUPPLY,
        "used ones were checked and as many new ones collected at two visits before: all it may hold again",
        "lin-tao",
        after=("invoice.check-used", "invoice.collect"),
    ),
    "caseOpen": Reason(
        "invoice.quota",
        "税务行政许可、税务事项一事一办",
        "the application of the visit before waits for an officer",
        after=("invoice.quota",),
    ),
    "nothingChanged": Reason(
        "registration.change",
        "税务登记管理办法第十七条",
        "they change nothing",
        wishes={"answers": {"phone": "", "bank": "", "account": "", "address": ""}},
    ),
    "issueSpecialPerson": Reason(
        "invoice.issue",
        f"{ISSUED}第五条",
        "a natural person wants a special invoice",
        wishes={"answers": {"kind": "special"}},
    ),
    "issueGeneral": Reason(
        "invoice.issue", f"{ISSUED}第二条", "a general taxpayer issues its own", "he-mulan", "恒泰"
    ),
    "issueOwnOrdinary": Reason(
        "invoice.issue", f"{ISSUED}第二条", "it issues ordinary invoices itself", "chen-mo", "禾木"
    ),
    "issueOwnSpecial": Reason(
        "invoice.issue",
        f"{ISSUED}第二条",
        "it issues special invoices itself",
        "dong-hao",
        "启明",
        wishes={"answers": {"kind": "special"}},
    ),
    "issueBuyerName": Reason(
        "invoice.issue",
        "发票管理办法第二十一条",
        "the name is not the one registered under the number",
        wishes={"answers": {"name": "yunchuan"}},
    ),
    "redWhole": Reason(
        "invoice.red",
        "国家税务总局公告2024年第11号（红字数电票）",
        "a mistake on the invoice, and they take back a part of it",
        wishes={"answers": {"reason": "mistake", "amount_fen": "1"}},
    ),
    "deviceLost": Reason(
        "invoice.device",
        "税控专用设备管理规定",
        "its loss was reported at a counter",
        prepared=ukey_ended("lost"),
    ),
    "lotteryBusiness": Reason(
        "lottery.draw",
        "有奖发票活动规则",
        "a special invoice",
        prepared=scanning(lambda sale: sale["kind"] == "special" and sale["state"] == "valid"),
    ),
    "lotteryTakenBack": Reason(
        "lottery.draw",
        "有奖发票活动规则",
        "a red-letter invoice has taken it back",
        prepared=taken_back,
    ),
    "ticketUnknown": Reason(
        "lottery.claim",
        "有奖发票活动规则",
        "the claim code is not the ticket's",
        prepared=ticket_with_another_code,
    ),
    "lotteryDrawn": Reason(
        "lottery.draw", "有奖发票活动规则", "it was drawn for at the visit before", after=("lottery.draw",)
    ),
    "ticketClaimed": Reason(
        "lottery.claim", "有奖发票活动规则", "it was claimed at the visit before", after=("lottery.claim",)
    ),
    "bookingOfAnother": Reason(
        "invoice.book",
        BOOKS,
        "the buyer on the invoice is another enterprise",
        prepared=scanning(lambda sale: bool(sale["buyer_number"]) and sale["state"] == "valid"),
    ),
    "bookingNotValid": Reason(
        "invoice.book", BOOKS, "all of the invoice was taken back by a red-letter one", prepared=taken_back
    ),
    "bookingUnknown": Reason(
        "invoice.book",
        BOOKS,
        "they correct the amount to another",
        wishes={"answers": {"amount_fen": "1.23"}},
    ),
    "bookingNone": Reason(
        "invoice.book",
        BOOKS,
        "they take back a mark that the enterprise never made",
        wishes={"answers": {"booked_as": "withdrawn"}},
    ),
    "bookingDone": Reason(
        "invoice.book", BOOKS, "they marked it at the visit before", after=("invoice.book",)
    ),
}
