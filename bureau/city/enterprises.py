"""The enterprises of the cast, each with what makes it worth a visit."""

from __future__ import annotations

from random import Random

from bureau.city.characters import Firm, Turnover
from bureau.city.numbers import credit_code

HEMU = "91990199MA607F0M7X"
QINGHE = "91990199MA60NT1K2M"
SHIGUANG = "92990199MA60TE8B5K"
CHENXING = "91990199MA60XK2C3T"
"""Codes of which the mock-ups show the last four characters, and one like them."""


def _code(name: str, prefix: str = "91") -> str:
    """A code that goes with the name, whatever the seed."""
    return credit_code(Random(name), prefix)


HENGTAI = _code("云川恒泰机械进出口有限公司")
FIRMS = (
    Firm(
        HEMU, "云川禾木文具有限公司", "文具用品零售", "the mock-ups' company; last quarter not filed yet",
        (("he-mulan", "L"), ("shen-zhizhou", "T"), ("chen-mo", "TB"), ("zhou-mingyuan", "B")),
        sales=Turnover(128, 35_240_000), filed_last=False, stamp_open=True, held=12, used=20, kinds=("04", "01"),
    ),
    Firm(
        QINGHE, "云川青禾图文设计工作室", "专业设计服务", "filed for the last quarter, not paid yet",
        (("shen-zhizhou", "F"), ("xie-an", "A")), sales=Turnover(64, 41_260_000), paid_last=False, held=4, used=6,
    ),
    Firm(
        SHIGUANG, "云川拾光咖啡店（个体）", "餐饮服务", "no invoices, nothing to pay",
        (("shen-zhizhou", "L"),), approved=False,
    ),
    Firm(
        _code("云川远山建材有限公司"), "云川远山建材有限公司", "建筑材料批发", "two returns behind",
        (("zhao-min", "L"), ("gao-wei", "T")), "江畔区",
        sales=Turnover(41, 28_870_000), filed_last=False, filed_before=False, used=8,
    ),
    Firm(
        CHENXING, "云川晨星茶叶有限公司", "茶叶销售", "holds all the invoices it may, some of them used",
        (("lin-tao", "L"), ("xie-an", "A")), "云岭区", sales=Turnover(37, 19_430_000), held=30, hold=30, used=5,
        unchecked=4, overpaid=True,
    ),
    Firm(
        _code("云川新篁印务有限公司"), "云川新篁印务有限公司", "印刷", "filed and paid; may collect on any day",
        (("ma-yuan", "B"), ("xie-an", "A")), "云岭区", sales=Turnover(72, 50_180_000), held=6, used=14,
        kinds=("04", "01"), ordered=True,
    ),
    Firm(
        _code("云川松间茶舍有限公司"), "云川松间茶舍有限公司", "茶馆服务", "filed for the last quarter, not paid yet",
        (("xu-wen", "F"),), "江畔区", sales=Turnover(56, 33_700_000), paid_last=False, held=3, used=3,
    ),
    Firm(
        _code("云川北斗餐饮管理有限公司"), "云川北斗餐饮管理有限公司", "餐饮服务", "owes the quarter before last",
        (("chen-jing", "T"),), sales=Turnover(88, 47_720_000), filed_last=False, overdue=True, used=4,
    ),
    Firm(
        _code("云川石桥禾润农资有限公司"), "云川石桥禾润农资有限公司", "农业生产资料批发", "in a county town: 5 %",
        (("yang-shun", "T"),), "石桥县", sales=Turnover(43, 38_600_000), filed_last=False, overdue=True, held=5, used=7,
    ),
    Firm(
        _code("云川启明机电配件有限公司"), "云川启明机电配件有限公司", "机电配件批发", "special invoices",
        (("dong-hao", "T"),), "湖东区", sales=Turnover(46, 21_430_000, 21, 16_870_000), filed_last=False,
        held=8, used=9, kinds=("04", "01"),
    ),
    Firm(
        _code("云川白露花艺店", "92"), "云川白露花艺店（个体）", "花卉零售", "at most 300 000 a quarter: exempt",
        (("bai-lu", "L"),), sales=Turnover(37, 26_845_000), filed_last=False, held=2, used=4,
    ),
    Firm(
        _code("云川旧梦服饰有限公司"), "云川旧梦服饰有限公司", "服装零售", "in abnormal state",
        (("qian-sheng", "L"),), "湖东区", state="abnormal", filed_last=False, filed_before=False,
    ),
    Firm(
        HENGTAI, "云川恒泰机械进出口有限公司", "通用机械批发", "general taxpayer; exports what it buys",
        (("he-mulan", "F"),), "湖东区", small_scale=False, sales=Turnover(12, 31_300_000, 40, 237_000_000),
        kinds=("01",),
    ),
)  # fmt: skip
