"""Every error of the interface as a problem document (RFC 9457), in both languages, with a stable code."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from bureau import errors
from sync.errors import RecordError, RequestRefused

log = logging.getLogger("kiosk.bureau")

MEDIA_TYPE = "application/problem+json"
RETRY_S = 2


class Problem(BaseModel):
    """RFC 9457. ``code`` is for programs, ``texts`` for people, ``detail`` for the log of whoever asked."""

    type: str = Field(examples=["urn:tax-kiosk:problem:key-reused"])
    title: str
    status: int
    detail: str = ""
    code: str = Field(examples=["key-reused"])
    texts: dict[str, str] = Field(examples=[{"zh-CN": "…", "en-US": "…"}])
    incident: str | None = Field(None, description="Number under which the centre's log has more.")


TEXTS: Mapping[str, tuple[str, str]] = {
    "signature-missing": ("请求没有签名", "The request is not signed"),
    "signature-invalid": ("请求签名无效", "The signature of the request is not valid"),
    "signature-unknown-key": ("没有登记的终端", "This terminal is not enrolled"),
    "signature-clock": ("终端时钟不准", "The terminal's clock is wrong"),
    "signature-replayed": ("重复的请求", "This request was sent before"),
    "terminal-suspended": ("终端已停用", "The terminal is suspended"),
    "terminal-quarantined": ("终端已隔离，请重新登记", "The terminal is quarantined; enrol it again"),
    "centre-suspended": ("该机关已停用", "This centre is suspended"),
    "centre-unknown": ("没有登记的机关", "This centre has not joined"),
    "centre-day": ("日期还没有到", "This day has not begun"),
    "centre-place": ("上下级关系不对", "A centre cannot stand there"),
    "centre-other": ("该机关由其他机关上报", "Another centre tells of this one"),
    "centre-under": ("上级机关没有登记", "The centre above it is not known"),
    "too-many-requests": ("请求过多，请稍候", "Too many requests; wait a little"),
    "body-too-large": ("请求过大", "The request is too large"),
    "media-type": ("不支持的内容类型", "This content type is not taken here"),
    "record-unreadable": ("记录无法读取", "The record cannot be read"),
    "record-other-terminal": ("记录属于另一台终端", "The record belongs to another terminal"),
    "effect-invalid": ("业务数据不完整", "The data are not those of this effect"),
    "effect-unknown": ("没有这笔业务", "There is no such effect"),
    "key-reused": ("编号已用于其他内容", "The key was used for something else"),
    "in-progress": ("正在处理", "It is being worked on"),
    "service-unknown": ("本中心没有这项服务", "This service is not offered here"),
    "query-unknown": ("没有这项查询", "There is no such query"),
    "query-invalid": ("查询参数不对", "The parameters are not those of the query"),
    "request-invalid": ("请求内容不对", "The request is not of the expected form"),
    "chain-fork": ("审计链分叉，终端已隔离", "The audit chain has forked; the terminal is quarantined"),
    "chain-unreadable": ("审计记录无法核对", "The audit records cannot be verified"),
    "document-unknown": ("没有这份文件", "There is no such document"),
    "copies-spent": (
        "这份证明在自助终端上最多打印 {most} 份，已经打完",
        "This certificate is printed {most} times at most, and was",
    ),
    "code-unknown": ("登记码无效", "The enrolment code is not valid"),
    "code-used": ("登记码已用过", "The enrolment code was used"),
    "code-expired": ("登记码已过期", "The enrolment code has run out"),
    "code-other-asset": ("登记码属于另一台设备", "The enrolment code is for another cabinet"),
    "key-invalid": ("终端密钥无效", "The terminal's keys are not usable"),
    "acquirer-silent": ("收款机构暂无回应，请稍候", "The acquirer does not answer now"),
    "busy": ("系统繁忙，请稍候", "The centre is busy; try again soon"),
    "number-invalid": (
        "号码或验证码不对，请核对后再输入",
        "This number or code cannot be right; check what was typed",
    ),
    "registration-unknown": ("没有这个纳税人", "No enterprise has this number"),
    "round-unknown": ("这一天没有开奖", "There is no round of the lottery on this day"),
    "set-not-open": ("这个数据集没有开放这一期", "This set is not open of this period"),
    "question-invalid": ("查询条件不对", "This set cannot be asked so"),
    "not-found": ("没有这个地址", "There is nothing at this address"),
    "method-not-allowed": ("不支持这种操作", "This cannot be done here"),
    "internal": ("系统出现故障，已记录", "Something went wrong here and was recorded"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an error becomes."""

    status: int
    code: str
    retry_after_s: int | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    """What stands in the texts."""


class Blocked(errors.BureauError):
    """Somebody who is known and may not ask now; ``state`` is why."""

    kind: ClassVar[str]

    def __init__(self, name: str, state: str) -> None:
        self.state = state
        super().__init__(f"{self.kind} {name} is {state}; see `bureau {self.kind} list`")


class TerminalBlocked(Blocked):
    """A terminal that is suspended or quarantined."""

    kind = "terminal"


class CentreBlocked(Blocked):
    """A centre below that is suspended."""

    kind = "centre"


class TooManyRequests(errors.BureauError):
    """More than the configured rate."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        super().__init__(f"more requests than allowed; wait {wait_s:.1f} s")


class ApiProblem(errors.BureauError):
    """A problem that the interface itself sees."""

    def __init__(self, status: int, code: str, detail: str = "") -> None:
        self.status, self.code = status, code
        super().__init__(detail)


def answer_to(error: Exception) -> Answer:
    """Status, code and pause for an error."""
    match error:
        case ApiProblem():
            return Answer(error.status, error.code)
        case RequestRefused():
            return Answer(401, error.code)
        case Blocked():
            return Answer(403, f"{error.kind}-{error.state}")
        case TooManyRequests():
            return Answer(429, "too-many-requests", max(1, round(error.wait_s)))
        case errors.EnrolmentRefused():
            return Answer(403, error.code)
        case errors.CentreRefused():
            return Answer(422, f"centre-{error.code}")
        case errors.InProgress():
            return Answer(409, "in-progress", error.retry_after_s)
        case errors.CopiesSpent():
            return Answer(422, "copies-spent", values={"most": error.most})
        case errors.KeyReused():
            return Answer(422, "key-reused")
        case errors.EffectInvalid():
            return Answer(422, "effect-invalid")
        case errors.ServiceUnknown():
            return Answer(422, "service-unknown")
        case errors.QueryUnknown():
            return Answer(404, "query-unknown")
        case errors.QueryInvalid():
            return Answer(422, "query-invalid")
        case errors.ChainForked():
            return Answer(409, "chain-fork")
        case errors.ChainUnreadable():
            return Answer(422, "chain-unreadable")
        case RecordError():
            return Answer(400, "record-unreadable")
        case errors.AcquirerUnreachable():
            # not 502-504: those tell a terminal that the whole centre is away
            return Answer(500, "acquirer-silent", RETRY_S)
        case DataError():  # no store takes it (a NUL, a number beyond its column): trying again helps nobody
            return Answer(422, "request-invalid")
        case errors.StoreConflict() | errors.CoreUnavailable() | DBAPIError() | PoolTimeout():
            return Answer(503, "busy", RETRY_S)
        case RequestValidationError():
            return Answer(422, "request-invalid")
        case HTTPException():
            known = {404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}
            return Answer(error.status_code, known.get(error.status_code, "request-invalid"))
    return Answer(500, "internal")


def problem_response(error: Exception) -> Response:
    """The document; a 5xx that we did not expect gets an incident number and its traceback in the log."""
    answer = answer_to(error)
    incident = None
    if answer.code in ("internal", "busy"):
        incident = secrets.token_hex(4)
        log.error("incident %s: %s", incident, type(error).__name__, exc_info=error)
    zh, en = (text.format(**answer.values) for text in TEXTS[answer.code])
    problem = Problem(
        type=f"urn:tax-kiosk:problem:{answer.code}",
        title=en,
        status=answer.status,
        detail="" if incident or isinstance(error, DataError | RequestValidationError) else str(error),
        code=answer.code,
        texts={"zh-CN": zh, "en-US": en},
        incident=incident,
    )
    headers = {"Cache-Control": "no-store"}
    if answer.retry_after_s is not None:
        headers["Retry-After"] = str(answer.retry_after_s)
    if isinstance(error, HTTPException) and error.headers is not None:
        headers |= error.headers  # Allow, with a 405
    return JSONResponse(
        problem.model_dump(exclude_none=True), answer.status, headers=headers, media_type=MEDIA_TYPE
    )


def add_handlers(app: FastAPI, page: Callable[[Request, int], Response]) -> None:
    """Let every error of the interface become a problem document, and one of the public's pages a ``page``."""

    async def handle(request: Request, error: Exception) -> Response:
        if request.url.path.startswith("/v1/"):
            return problem_response(error)
        status = answer_to(error).status
        if status >= 500:
            log.error("public page: %s", type(error).__name__, exc_info=error)
        return page(request, status)

    kinds: list[Any] = [Exception, errors.BureauError, RecordError, RequestRefused, DBAPIError, PoolTimeout]
    for kind in (*kinds, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, handle)


WORDS: Mapping[int, str] = {
    400: "The body cannot be read",
    401: "Not signed, signed by somebody unknown, at a wrong time, or sent before",
    403: "The terminal is suspended or quarantined",
    404: "There is nothing of this name",
    405: "This cannot be done at this address; see Allow",
    409: "It cannot be done as things stand",
    413: "The body is larger than taken",
    415: "Another content type is taken here",
    422: "The content is not acceptable; the same request gets the same answer",
    429: "Too many requests; see Retry-After",
    500: "Trouble here; try again",
    503: "The store is away; see Retry-After",
}


def documented(*told: int | Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Problems that a route may answer with, for its description: statuses, or statuses with words of their own."""
    words: dict[int, str] = {}
    for one in told:
        words |= {one: WORDS[one]} if isinstance(one, int) else one
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": said, "content": content} for status, said in words.items()}


RESPONSES = documented(400, 401, 403, 413, 422, 429, 500, 503)
"""What any signed request may be answered with."""
