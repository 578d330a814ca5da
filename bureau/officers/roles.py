"""What officers do (岗位), and what each may see and change at the centre.

Duties that check each other lie in different roles: who gives roles decides no case, and who reads the trail changes
nothing. One officer may hold several; where the law wants two officers, the engine asks for two names all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """An officer's role at the centre."""

    RECEPTION = "reception"
    """受理岗: looks into cases and asks for what is missing."""
    APPROVAL = "approval"
    """审批岗: approves, grants and refuses."""
    COMPLAINTS = "complaints"
    """投诉岗: decides complaints about service, looks into low ratings (差评)."""
    TIP_OFFS = "tip-offs"
    """检举岗: reads and decides tip-offs; nobody else sees that there are any."""
    MODERATION = "moderation"
    """互动审核岗: reads, publishes and answers what taxpayers ask and propose."""
    TRAINING = "training"
    """培训岗: plans the tax school's courses and marks who came."""
    REFUNDS = "refunds"
    """退库岗: orders refunds that another officer has allowed, and enters what the treasury says."""
    STOCK = "stock"
    """发票库存岗: keeps the blank invoices; approves to nobody how many they may have."""
    SURVEYS = "surveys"
    """调查岗: proposes surveys, ends them, reads what was answered."""
    OFFENDERS = "offenders"
    """失信案件岗: enters cases of grave offenders whose decisions were served, asks for their end."""
    SOFTWARE = "software"
    """软件岗: proposes versions of official software, withdraws what is published."""
    KNOWLEDGE = "knowledge"
    """公告知识岗: writes notices and answers of the consultation, withdraws what is published."""
    OPEN_DATA = "open-data"
    """数据开放岗: makes releases of open data, withdraws what is open."""
    LOTTERY = "lottery"
    """奖池岗: proposes pools of the invoice lottery, closes them, publishes seeds, enters what became of prizes."""
    PUBLISHING = "publishing"
    """发布岗: decides whether what others propose is shown at every terminal; proposes nothing."""
    REMOTE = "remote"
    """远程帮办岗: talks to people at terminals by text, and calls back who found nobody."""
    INSPECTIONS = "inspections"
    """检查岗: orders visits, goes along by twos, records what is found; asks for and enters the abnormal state."""
    ANALYSIS = "analysis"
    """运行分析岗: sees what the halls' days look like, of nobody."""
    AUDITOR = "auditor"
    """内审岗: reads the trail of all officers."""
    ADMINISTRATOR = "administrator"
    """系统管理岗: invites officers, gives and takes roles."""


class Act(StrEnum):
    """Something that a role allows; the trail calls it by this word."""

    CASES_SEE = "cases.see"
    CASE_ASK = "case.ask"
    CASE_PAGES = "case.pages"
    CASE_APPROVE = "case.approve"
    CASE_GRANT = "case.grant"
    CASE_REFUSE = "case.refuse"
    COMPLAINTS_SEE = "complaints.see"
    COMPLAINT_ACCEPT = "complaint.accept"
    COMPLAINT_REFUSE = "complaint.refuse"
    COMPLAINT_TRANSFER = "complaint.transfer"
    COMPLAINT_LONGER = "complaint.longer"
    COMPLAINT_EXTEND = "complaint.extend"
    COMPLAINT_ANSWER = "complaint.answer"
    RATINGS_SEE = "ratings.see"
    RATING_FOLLOW = "rating.follow"
    TIP_OFFS_SEE = "tip-offs.see"
    TIP_OFF_ACCEPT = "tip-off.accept"
    TIP_OFF_REFUSE = "tip-off.refuse"
    TIP_OFF_TRANSFER = "tip-off.transfer"
    TIP_OFF_LONGER = "tip-off.longer"
    TIP_OFF_EXTEND = "tip-off.extend"
    TIP_OFF_ANSWER = "tip-off.answer"
    MUTUAL_SEE = "mutual.see"
    MUTUAL_PUBLISH = "mutual.publish"
    MUTUAL_REFUSE = "mutual.refuse"
    MUTUAL_MERGE = "mutual.merge"
    MUTUAL_CONFIRM = "mutual.confirm"
    MUTUAL_ANSWER = "mutual.answer"
    MUTUAL_KNOWLEDGE = "mutual.knowledge"
    MUTUAL_REPLY = "mutual.reply"
    SCHOOL_SEE = "school.see"
    SCHOOL_PLAN = "school.plan"
    SCHOOL_MOVE = "school.move"
    SCHOOL_CANCEL = "school.cancel"
    SCHOOL_MARK = "school.mark"
    REFUNDS_SEE = "refunds.see"
    REFUND_ORDER = "refund.order"
    REFUND_PAID = "refund.paid"
    REFUND_RETURNED = "refund.returned"
    REFUND_AGAIN = "refund.again"
    STOCK_SEE = "stock.see"
    STOCK_RECEIVE = "stock.receive"
    STOCK_HAND_OUT = "stock.hand-out"
    STOCK_TAKE_BACK = "stock.take-back"
    STOCK_COUNT = "stock.count"
    STOCK_RELEASE = "stock.release"
    STOCK_WRITE_OFF = "stock.write-off"
    STOCK_CONFIRM = "stock.confirm"
    STOCK_REFUSE = "stock.refuse"
    STOCK_WITHDRAW = "stock.withdraw"
    STOCK_CLOSE = "stock.close"
    SURVEYS_SEE = "surveys.see"
    SURVEY_PROPOSE = "survey.propose"
    SURVEY_PUBLISH = "survey.publish"
    SURVEY_REFUSE = "survey.refuse"
    SURVEY_CLOSE = "survey.close"
    OFFENDERS_SEE = "offenders.see"
    OFFENDER_ENTER = "offender.enter"
    OFFENDER_PUBLISH = "offender.publish"
    OFFENDER_REFUSE = "offender.refuse"
    OFFENDER_WITHDRAW = "offender.withdraw"
    OFFENDER_CONFIRM = "offender.confirm"
    OFFENDER_KEEP = "offender.keep"
    APPS_SEE = "apps.see"
    OPEN_DATA_SEE = "open-data.see"
    OPEN_DATA_PROPOSE = "open-data.propose"
    OPEN_DATA_PUBLISH = "open-data.publish"
    OPEN_DATA_REFUSE = "open-data.refuse"
    OPEN_DATA_WITHDRAW = "open-data.withdraw"
    APP_PROPOSE = "app.propose"
    APP_REVIEW = "app.review"
    APP_PUBLISH = "app.publish"
    APP_WITHDRAW = "app.withdraw"
    KNOWLEDGE_SEE = "knowledge.see"
    KNOWLEDGE_PROPOSE = "knowledge.propose"
    KNOWLEDGE_PUBLISH = "knowledge.publish"
    KNOWLEDGE_REFUSE = "knowledge.refuse"
    KNOWLEDGE_WITHDRAW = "knowledge.withdraw"
    LOTTERY_SEE = "lottery.see"
    LOTTERY_PROPOSE = "lottery.propose"
    LOTTERY_PUBLISH = "lottery.publish"
    LOTTERY_REFUSE = "lottery.refuse"
    LOTTERY_CLOSE = "lottery.close"
    LOTTERY_SEEDS = "lottery.seeds"
    PRIZES_SEE = "prizes.see"
    PRIZE_PAID = "prize.paid"
    PRIZE_RETURNED = "prize.returned"
    REMOTE_SEE = "remote.see"
    REMOTE_SERVE = "remote.serve"
    REMOTE_TAKE = "remote.take"
    REMOTE_SAY = "remote.say"
    REMOTE_SCREEN = "remote.screen"
    REMOTE_END = "remote.end"
    CALLS_SEE = "calls.see"
    CALL_REACHED = "call.reached"
    CALL_MISSED = "call.missed"
    CALL_CLOSE = "call.close"
    INSPECTIONS_SEE = "inspections.see"
    INSPECTION_ORDER = "inspection.order"
    INSPECTION_CANCEL = "inspection.cancel"
    INSPECTION_RECORD = "inspection.record"
    INSPECTION_PICTURE = "inspection.picture"
    INSPECTION_SIGN = "inspection.sign"
    INSPECTION_CONFIRM = "inspection.confirm"
    INSPECTION_ISSUE = "inspection.issue"
    INSPECTION_PAPER = "inspection.paper"
    INSPECTION_COPY = "inspection.copy"
    INSPECTION_DEMAND = "inspection.demand"
    INSPECTION_ASK = "inspection.ask"
    INSPECTION_ENTER = "inspection.enter"
    INSPECTION_DECLINE = "inspection.decline"
    INSPECTION_RETURN = "inspection.return"
    INSPECTION_RESTORE = "inspection.restore"
    INSPECTION_KEEP = "inspection.keep"
    ANALYTICS_SEE = "analytics.see"
    TRAIL_SEE = "trail.see"
    OFFICERS_SEE = "officers.see"
    OFFICER_INVITE = "officer.invite"
    OFFICER_ROLES = "officer.roles"
    OFFICER_DISABLE = "officer.disable"
    OFFICER_UNLOCK = "officer.unlock"


def _of(desk: str) -> frozenset[Act]:
    """All that is done at one desk, by the first word of its acts."""
    return frozenset(act for act in Act if act.split(".")[0] in (desk, f"{desk}s"))


_READING: Final = frozenset({Act.CASES_SEE, Act.CASE_PAGES})
_PUBLISHING: Final = frozenset(
    {
        Act.SURVEY_PUBLISH,
        Act.SURVEY_REFUSE,
        Act.OFFENDER_PUBLISH,
        Act.OFFENDER_REFUSE,
        Act.OFFENDER_CONFIRM,
        Act.OFFENDER_KEEP,
        Act.APP_REVIEW,
        Act.APP_PUBLISH,
        Act.OPEN_DATA_PUBLISH,
        Act.OPEN_DATA_REFUSE,
        Act.KNOWLEDGE_PUBLISH,
        Act.KNOWLEDGE_REFUSE,
        Act.LOTTERY_PUBLISH,
        Act.LOTTERY_REFUSE,
    }
)
_PROPOSING: Final = frozenset(
    {
        Act.SURVEY_PROPOSE,
        Act.OFFENDER_ENTER,
        Act.OFFENDER_WITHDRAW,
        Act.APP_PROPOSE,
        Act.OPEN_DATA_PROPOSE,
        Act.KNOWLEDGE_PROPOSE,
        Act.LOTTERY_PROPOSE,
    }
)

ALLOWED: Final[Mapping[Role, frozenset[Act]]] = {
    Role.RECEPTION: _READING | {Act.CASE_ASK},
    Role.APPROVAL: _READING | {Act.CASE_ASK, Act.CASE_APPROVE, Act.CASE_GRANT, Act.CASE_REFUSE},
    Role.COMPLAINTS: _of("complaint") | _of("rating"),
    Role.TIP_OFFS: _of("tip-off"),
    Role.MODERATION: _of("mutual"),
    Role.TRAINING: _of("school"),
    Role.REFUNDS: _of("refund"),
    Role.STOCK: _of("stock"),
    Role.SURVEYS: _of("survey") - _PUBLISHING,
    Role.OFFENDERS: _of("offender") - _PUBLISHING,
    Role.SOFTWARE: _of("app") - _PUBLISHING,
    Role.KNOWLEDGE: _of("knowledge") - _PUBLISHING,
    Role.OPEN_DATA: _of("open-data") - _PUBLISHING,
    Role.LOTTERY: (_of("lottery") | _of("prize")) - _PUBLISHING,
    Role.PUBLISHING: frozenset().union(
        *(_of(desk) for desk in ("survey", "offender", "app", "knowledge", "open-data", "lottery"))
    )
    - _PROPOSING,
    Role.REMOTE: _of("remote") | _of("call"),
    Role.INSPECTIONS: _of("inspection"),
    Role.ANALYSIS: frozenset({Act.ANALYTICS_SEE}),
    Role.AUDITOR: frozenset({Act.TRAIL_SEE, Act.OFFICERS_SEE}),
    Role.ADMINISTRATOR: frozenset(
        {
            Act.ANALYTICS_SEE,
            Act.OFFICERS_SEE,
            Act.OFFICER_INVITE,
            Act.OFFICER_ROLES,
            Act.OFFICER_DISABLE,
            Act.OFFICER_UNLOCK,
        }
    ),
}
"""Every role, and all that it allows."""


PROPOSING: Final = frozenset(
    {Role.SURVEYS, Role.OFFENDERS, Role.SOFTWARE, Role.KNOWLEDGE, Role.OPEN_DATA, Role.LOTTERY}
)
DECIDING: Final = frozenset(Role) - {Role.ADMINISTRATOR, Role.ANALYSIS, Role.AUDITOR}
APART: Final = (
    (frozenset({Role.ADMINISTRATOR}), DECIDING),
    (frozenset({Role.COMPLAINTS}), frozenset({Role.TIP_OFFS})),
    (frozenset({Role.PUBLISHING}), PROPOSING),
    (frozenset({Role.STOCK}), frozenset({Role.APPROVAL})),
)
"""Of each pair nobody holds roles of both: who gives roles decides nothing (不相容岗位分离), and who gave a tip-off is
known to the officers of tip-offs alone (税收违法行为检举管理办法); who proposes what everybody sees publishes
nothing; who keeps the blank invoices decides of nobody how many they may have (发票的审批与保管分离)."""


def apart(roles: Iterable[Role]) -> bool:
    """Whether duties that check each other, or must not know of each other, stay apart."""
    held = set(roles)
    return not any(held & one and held & other for one, other in APART)


def may(roles: Iterable[Role], act: Act) -> bool:
    """Whether one of the roles allows it."""
    return any(act in ALLOWED[role] for role in roles)
