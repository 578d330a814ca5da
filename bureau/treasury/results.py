"""What the banks answer (处理结果), and what it means here."""

from __future__ import annotations

from typing import Final

DONE: Final = "90000"
"""处理成功."""
REVOKED: Final = "24020"
"""业务已撤销: cancelled before, so it is not debited any more."""
NOT_SURE: Final = "94999"
"""Something failed on the way (与主机通讯异常): nobody knows yet."""
NOT_THERE: Final = "24021"
"""The order has not arrived; it may still come."""
DECLINED: Final[dict[str, str]] = {
    "24001": "agreementUnknown",
    "24002": "accountUnknown",
    "24003": "accountClosed",
    "24004": "accountFrozen",
    "24009": "insufficientFunds",
    "24010": "limitExceeded",
}
"""Not debited, and why in our words. A result that is not here leaves the order in doubt: the day's file tells."""
REFUND_REFUSED: Final[dict[str, str]] = {"24101": "refundExceedsCharge", "24102": "refundConflict"}
"""Not given back, and never will be under this number."""
WORDED: Final = {
    DONE: "处理成功",
    REVOKED: "业务已撤销",
    NOT_SURE: "与主机通讯异常",
    NOT_THERE: "无此业务",
    "24001": "协议不存在",
    "24002": "账号不存在",
    "24003": "账户已销户",
    "24004": "账户已冻结",
    "24009": "余额不足",
    "24010": "超过限额",
    "24101": "退库金额超过原金额",
    "24102": "退库凭证号重复",
}
"""附言, for people."""


def result_of(word: str) -> str:
    """The result that stands for a word of ours."""
    return next(result for result, known in (DECLINED | REFUND_REFUSED).items() if known == word)
