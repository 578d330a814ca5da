"""The library on the screen: found, answered with its ways on, its sheet, *I do not know*; and the navigator."""

from __future__ import annotations

from dataclasses import replace

from config.texts import Texts
from kiosk.flow.consult_pages import ChoiceGroup, ConsultPage
from kiosk.flow.pages import Choice, Screen
from ui.samples.frame import Look

ASKING = (("提问", "Question"), ("答案", "Answer"), ("完成", "Done"))
SEARCHING = (("查什么", "Words"), ("结果", "Found"), ("完成", "Done"))


def consulting(look: Look) -> dict[str, Screen]:
    """The samples by name."""
    t = look.t
    asking = {"service": t("税务咨询", "Ask about tax"), "steps": look.steps(1, *ASKING)}
    searching = {"service": t("查法规指南", "Rules and guides"), "steps": look.steps(1, *SEARCHING)}
    answer = _answer(look)
    texts = Texts(look.lang)
    return {
        "consult-found": look.screen(_found(look), **searching),
        "consult-answer": look.screen(answer, **asking),
        "consult-printed": look.screen(replace(answer, confirmed=texts.get("consult.printed")), **asking),
        "consult-no-paper": look.screen(_without_paper(look, answer), online=False, **asking),
        "consult-unsure": look.screen(_unsure(look), **asking),
        "consult-own-data": look.screen(_own_data(look), **asking),
        **_navigating(look),
    }


def _navigating(look: Look) -> dict[str, Screen]:
    """A question of the navigator, and the list that it ends with."""
    t, texts = look.t, Texts(look.lang)
    stations = (("提问", "Questions"), ("清单", "Your list"))
    frame = {"service": t("办税向导", "What do I want to do?"), "steps": look.steps(0, *stations)}
    answers = (
        Choice("deed", t("买了房", "I bought a home"), t("契税申报", "Deed tax return"), "home"),
        Choice(
            "car",
            t("买了车", "I bought a car"),
            t("车辆购置税申报", "Vehicle purchase tax return"),
            "declare",
        ),
        Choice("more", t("别的", "Something else"), "", "more"),
    )
    question = ConsultPage(
        title=t("买了什么？", "What is it?"),
        lead=texts.get("navigate.lead"),
        note=texts.get("navigate.number", number=3),
        state="question",
        groups=(ChoiceGroup("", answers),),
    )
    opens = Choice("service", texts.get("navigate.open"), t("契税", "Deed tax"), "home")
    bring = texts.get("navigate.bring")
    checklist = ConsultPage(
        title=t("契税申报", "Deed tax return"),
        lead=texts.get("navigate.found"),
        action=texts.get("navigate.later"),
        second=Choice("print", texts.get("navigate.print"), icon="printer"),
        confirmed=texts.get("consult.printed"),
        state="checklist",
        paragraphs=(t("买房契税", "Deed tax on a home"),),
        facts=(
            (bring, t("身份证原件", "Your ID card")),
            (bring, t("购房合同", "The contract of sale")),
            (texts.get("navigate.who"), texts.get("navigate.who.person")),
            (texts.get("navigate.sign-in"), texts.get("navigate.sign-in.3")),
        ),
        groups=(ChoiceGroup(texts.get("navigate.now"), (opens,)),),
    )
    return {
        "navigate-question": look.screen(question, **frame),
        "navigate-checklist": look.screen(checklist, **frame),
    }


def _said(look: Look) -> str:
    return Texts(look.lang).get("consult.as-of", day=look.t("2026年10月12日", "12 October 2026"))


def _cited(look: Look, chinese: str, english: str, at: int) -> str:
    return Texts(look.lang).get("consult.source.article", title=look.t(chinese, english), at=at)


def _since(look: Look, chinese: str, english: str) -> str:
    return Texts(look.lang).get("consult.since", day=look.t(chinese, english))


def _law(look: Look, at: int) -> str:
    return _cited(look, "中华人民共和国税收征收管理法", "Tax Collection and Administration Law", at)


def _found(look: Look) -> ConsultPage:
    t, texts = look.t, Texts(look.lang)
    deed = _cited(look, "中华人民共和国契税法", "Deed Tax Law", 3)
    since = _since(look, "2021年9月1日", "1 September 2021")
    rows = (
        Choice(
            "1",
            t("税率", "Rates"),
            t(
                f"税率为百分之三至百分之五，具体由省级人民政府提出，报同级人大常委会决定。\n{deed}",
                f"From 3 % to 5 %, set by each province within this range.\n{deed}",
            ),
            tags=(texts.get("consult.kind.law"), since),
        ),
        Choice(
            "2",
            t("买第一套房，契税交多少？", "How much deed tax on a first home?"),
            t(
                f"家里只有这一套，140 平方米及以下按 1%，超过的按 1.5%。\n{deed}",
                f"For the family's only home: 1 % up to 140 square metres, 1.5 % above.\n{deed}",
            ),
            tags=(texts.get("consult.kind.answer"), _since(look, "2024年12月1日", "1 December 2024")),
        ),
        Choice(
            "3",
            t("受赠、互换的计税依据", "What it is reckoned on for gifts and exchanges"),
            t(
                f"没有成交价格的，由税务机关参照市场价格核定；互换的，按差额。\n{deed}",
                f"Without a price, the tax bureau goes by the market; of an exchange, the difference.\n{deed}",
            ),
            tags=(texts.get("consult.kind.law"), since),
        ),
    )
    return ConsultPage(
        title=texts.get("consult.found", count=3),
        lead=texts.get("consult.found.lead", day=t("2026年10月12日", "12 October 2026")),
        action=texts.get("consult.enough"),
        note=_said(look),
        state="found",
        groups=(ChoiceGroup("", rows),),
    )


def _answer(look: Look) -> ConsultPage:
    t, texts = look.t, Texts(look.lang)
    service = Choice(
        "service",
        t("缴清欠税", "Pay arrears"),
        t("欠税和滞纳金一起算清", "Tax and surcharge in one go"),
        "bankcard",
    )
    follow = (
        Choice("follow:0", t("滞纳金从哪天算到哪天？", "From which day to which does the surcharge run?")),
        Choice(
            "follow:1",
            t("能不能先缴税款，滞纳金以后再缴？", "May I pay the tax first and the surcharge later?"),
        ),
    )
    also = (
        Choice("2", t("残保金晚交了怎么算？", "What if the disability fund is paid late?"), _law(look, 32)),
        Choice("3", t("滞纳金能不能在税前扣？", "Can the surcharge be deducted?"), _law(look, 52)),
    )
    return ConsultPage(
        title=t("税交晚了，滞纳金怎么算？", "How is the surcharge for paying late worked out?"),
        lead=texts.get("consult.official"),
        action=texts.get("consult.enough"),
        second=Choice("print", texts.get("consult.print"), icon="printer"),
        note=_said(look),
        state="answer",
        paragraphs=(
            t(
                "从滞纳的那天起，每天按所欠税款的万分之五加收。比如欠 10,000 元，晚一天是 5 元，晚 30 天是 150 元。",
                "0.05 % of the tax owed for each day, from the first day of delay. On 10,000 yuan that is 5 yuan "
                "for one day and 150 yuan for 30 days.",
            ),
        ),
        facts=(
            (texts.get("consult.source"), _law(look, 32)),
            (texts.get("consult.right"), _since(look, "2001年5月1日", "1 May 2001")),
        ),
        groups=(
            ChoiceGroup(texts.get("consult.service"), (service,)),
            ChoiceGroup(texts.get("consult.follow"), follow),
            ChoiceGroup(texts.get("consult.also"), also),
        ),
    )


def _without_paper(look: Look, answer: ConsultPage) -> ConsultPage:
    """Initials were read, the service is closed without the network, and there is no paper."""
    texts = Texts(look.lang)
    read_as = texts.get("consult.read-as", words="滞纳金")
    service, *others = answer.groups
    (tile,) = service.choices
    closed = replace(tile, enabled=False, reason=texts.get("closed.network"))
    return replace(
        answer,
        second=None,
        errors=(texts.get("consult.not-printed"),),
        paragraphs=(*answer.paragraphs, read_as, texts.get("consult.no-paper")),
        groups=(replace(service, choices=(closed,)), *others),
    )


def _people(look: Look) -> tuple[tuple[str, str], ...]:
    texts = Texts(look.lang)
    return (
        (texts.get("consult.person.call"), texts.get("consult.person.call.how")),
        (texts.get("consult.person.counter"), texts.get("consult.person.counter.where")),
        (texts.get("consult.person.phone"), "12366"),
    )


def _unsure(look: Look) -> ConsultPage:
    t, texts = look.t, Texts(look.lang)
    near = (
        Choice("1", t("偷税怎么罚？", "What is the penalty for evading tax?"), _law(look, 63)),
        Choice("2", t("怎样举报别人逃税？", "How do I report that somebody evades tax?"), _law(look, 13)),
        Choice("3", t("逃税要坐牢吗？", "Does evading tax lead to prison?"), _law(look, 77)),
    )
    officer = Choice(
        "consult.person",
        t("远程帮办", "Ask an officer"),
        t("和税务人员打字对话，忙时回电", "By text with an officer, or be called back"),
        "user",
    )
    return ConsultPage(
        title=texts.get("consult.unknown.title"),
        action=texts.get("consult.enough"),
        note=_said(look),
        state="unsure",
        paragraphs=(texts.get("consult.unknown.body"),),
        facts=_people(look),
        groups=(
            ChoiceGroup(texts.get("consult.officer"), (officer,)),
            ChoiceGroup(texts.get("consult.near"), near),
        ),
    )


def _own_data(look: Look) -> ConsultPage:
    t, texts = look.t, Texts(look.lang)
    service = Choice(
        "service", t("退税进度查询", "Follow a refund"), t("办到哪一步、何时到账", "How far it is"), "refund"
    )
    return replace(
        _unsure(look),
        title=texts.get("consult.own-data.title"),
        paragraphs=(texts.get("consult.own-data.body"),),
        groups=(ChoiceGroup(texts.get("consult.service"), (service,)),),
    )
