"""Officers at work in a real browser: invited, signed in, deciding cases, giving roles, reading the trail."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, expect

from bureau.officers.roles import Role
from tests.bureau.console.conftest import PASSWORD, Console, SignIn, shot, visit


def _scanned(picture: bytes) -> str:
    """What a phone's camera reads in it."""
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    return code.text


@pytest.fixture(autouse=True)
def officers(console: Console) -> None:
    console.officer("li-mei", "李梅", Role.RECEPTION, Role.APPROVAL)
    console.officer("zhou-tao", "周涛", Role.APPROVAL)
    console.officer("chief", "陈静", Role.ADMINISTRATOR)
    console.officer("auditor", "段丽", Role.AUDITOR)


def test_somebody_invited_takes_up_the_account_and_signs_in(
    console: Console, browser: Browser, contexts: list[BrowserContext]
) -> None:
    code = console.accounts.invite("wang-lei", "王磊", [Role.RECEPTION], "test")
    page = visit(browser, contexts)
    page.goto(f"{console.url}/cases")
    expect(page).to_have_url(re.compile("/sign-in"))
    shot(page, "sign-in")
    page.click("text=收到邀请码")
    page.fill("input[name=code]", "wrong")
    page.click("button.primary")
    expect(page.get_by_role("alert")).to_contain_text("邀请码不对")
    page.fill("input[name=code]", code.lower())
    shot(page, "enrol")
    page.click("button.primary")
    secret = page.inner_text("code")
    scanned = _scanned(page.locator(".qr").screenshot())
    assert scanned.startswith("otpauth://totp/")
    assert parse_qs(urlsplit(scanned).query)["secret"] == [secret]
    page.fill("input[name=password]", "aaaaaaaaaaaaa")
    page.fill("input[name=again]", "aaaaaaaaaaaaa")
    page.fill("input[name=figures]", "000000")
    page.click("button.primary")
    expect(page.get_by_role("alert")).to_contain_text("容易猜")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=again]", PASSWORD)
    page.fill("input[name=figures]", pyotp.TOTP(secret).now())
    shot(page, "take-up")
    page.click("button.primary")
    expect(page.locator(".spare li")).to_have_count(8)
    shot(page, "taken-up")
    spare = page.locator(".spare li").first.inner_text()
    page.click("text=去登录")
    page.fill("input[name=login]", "wang-lei")
    page.fill("input[name=password]", PASSWORD)
    page.click("button.primary")
    page.fill("input[name=code]", "123456")
    shot(page, "second")
    page.click("button.primary")
    expect(page.get_by_role("alert")).to_contain_text("验证码不对")
    page.fill("input[name=code]", spare)
    page.click("button.primary")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".who")).to_contain_text("王磊")


def test_a_case_is_asked_about_approved_and_told(console: Console, sign_in: SignIn) -> None:
    case = console.open_case("registration.change", "gao-wei", 1, phone="13900002345")
    page = sign_in("li-mei")
    expect(page.get_by_role("heading", level=1)).to_contain_text("在办")
    shot(page, "today")
    page.click("nav.side >> text=办件")
    shot(page, "cases")
    page.click(f"text={case.case}")
    expect(page.get_by_role("heading", level=1)).to_have_text("变更登记")
    shot(page, "case")
    page.get_by_label("还缺什么").fill("租赁合同")
    page.get_by_role("button", name="要求补正").click()
    expect(page.locator(".timeline")).to_contain_text("已要求补正：租赁合同")
    page.get_by_role("button", name="批准", exact=True).click()
    shot(page, "sure")
    page.get_by_role("dialog").get_by_role("button", name="批准").click()
    expect(page.locator(".timeline")).to_contain_text("li-mei 批准")
    with console.system.read() as work:
        known = work.core.matters.case(case.case)
        assert known is not None
        assert (known.state, known.decided_by) == ("approved", "li-mei")
    told = [(one.act, one.phase) for one in reversed(console.trail.latest(subject=case.case))]
    asked = [("case.ask", "begun"), ("case.ask", "done")]
    approved = [("case.approve", "begun"), ("case.approve", "done")]
    assert [one for one in told if one[0] != "cases.see"] == asked + approved


def test_a_page_that_stands_open_shows_a_new_case_by_itself(console: Console, sign_in: SignIn) -> None:
    page = sign_in("li-mei")
    page.goto(f"{console.url}/cases")
    case = console.open_case("registration.change", "gao-wei", 3, phone="13900002345")
    expect(page.locator(".rows")).to_contain_text(case.case, timeout=10_000)


def test_a_relief_takes_two_officers(console: Console, sign_in: SignIn) -> None:
    with console.system.read() as work:
        case = next(one for one in work.core.matters.listed("open", 9) if one.matter == "preference.apply")
    first = sign_in("li-mei")
    first.goto(f"{console.url}/cases/{case.case}")
    first.get_by_label("或改为税额的百分之几").fill("101")
    first.get_by_role("button", name="审核通过").click()
    expect(first.locator(".q-notification")).to_contain_text("1 到 100")
    first.get_by_label("或改为税额的百分之几").fill("50")
    shot(first, "relief")
    first.get_by_role("button", name="审核通过").click()
    first.get_by_role("dialog").get_by_role("button", name="审核通过").click()
    expect(first.locator(".decide")).to_contain_text("要由另一位核准")
    expect(first.get_by_role("button", name="核准", exact=True)).to_have_count(0)
    second = sign_in("zhou-tao")
    second.goto(f"{console.url}/cases/{case.case}")
    second.get_by_role("button", name="核准", exact=True).click()
    second.get_by_role("dialog").get_by_role("button", name="核准").click()
    expect(second.locator(".timeline")).to_contain_text("zhou-tao 批准")
    with console.system.read() as work:
        relief = work.core.reliefs.relief(case.case)
        assert relief is not None
        assert (relief.examined_by, relief.granted_by, relief.percent) == ("li-mei", "zhou-tao", 50)


def test_a_case_that_somebody_else_decided_meanwhile_says_so(console: Console, sign_in: SignIn) -> None:
    case = console.open_case("registration.change", "gao-wei", 5, phone="13900002345")
    page, other = sign_in("li-mei"), sign_in("zhou-tao")
    for one in (page, other):
        one.goto(f"{console.url}/cases/{case.case}")
    other.get_by_label("理由").fill("材料不齐")
    other.get_by_role("button", name="不予批准").click()
    expect(other.locator(".timeline")).to_contain_text("材料不齐")
    page.get_by_role("button", name="批准", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="批准").click()
    expect(page.locator(".q-notification")).to_contain_text("刚被别人办结")
    assert [one.phase for one in console.trail.latest(subject=case.case, officer="li-mei")][0] == "refused"


def test_a_reason_is_asked_for_before_anything_is_refused(console: Console, sign_in: SignIn) -> None:
    case = console.open_case("registration.change", "gao-wei", 6, phone="13900002345")
    page = sign_in("li-mei")
    page.goto(f"{console.url}/cases/{case.case}")
    page.get_by_role("button", name="不予批准").click()
    expect(page.locator(".decide")).to_contain_text("先写清楚")
    with console.system.read() as work:
        known = work.core.matters.case(case.case)
        assert known is not None
        assert known.state == "open"


def test_an_administrator_invites_somebody_gives_roles_and_ends_an_account(
    console: Console, sign_in: SignIn
) -> None:
    page = sign_in("chief")
    page.click("nav.side >> text=人员与权限")
    shot(page, "officers")
    page.get_by_label("姓名").fill("赵磊")
    page.get_by_label("登录名").fill("zhao-lei")
    page.get_by_role("checkbox", name=re.compile("受理岗")).click()
    page.get_by_role("button", name="邀请人员").click()
    code = page.locator(".code b").inner_text()
    shot(page, "invited")
    assert console.accounts.invitation(code).login == "zhao-lei"
    page.goto(f"{console.url}/officers/zhao-lei")
    page.get_by_role("checkbox", name=re.compile("内审岗")).click()
    page.get_by_role("button", name="保存岗位").click()
    expect(page.locator(".facts")).to_contain_text("内审岗、受理岗")
    shot(page, "officer")
    page.get_by_role("button", name="停用账号").click()
    page.get_by_role("dialog").get_by_role("button", name="停用账号").click()
    expect(page.locator(".facts")).to_contain_text("已停用")
    page.get_by_role("button", name="重发邀请码").click()
    page.get_by_role("dialog").get_by_role("button", name="重发邀请码").click()
    again = page.locator(".code b").inner_text()
    assert again != code
    assert console.accounts.invitation(again).login == "zhao-lei"


def test_an_auditor_reads_the_trail_and_checks_that_it_is_whole(console: Console, sign_in: SignIn) -> None:
    page = sign_in("auditor")
    page.click("nav.side >> text=审计")
    page.get_by_role("button", name="检查完整性").click()
    expect(page.locator(".told")).to_contain_text("每一条都和写下时一样")
    shot(page, "trail")
    page.get_by_label("人员").fill("li-mei")
    page.get_by_role("button", name="查找").click()
    expect(page.locator("tbody tr").first).to_contain_text("li-mei")


def test_an_account_that_is_ended_is_out_of_the_page_that_stands_open(
    console: Console, sign_in: SignIn
) -> None:
    console.officer("sun-yan", "孙燕", Role.APPROVAL)
    case = console.open_case("registration.change", "gao-wei", 7, phone="13900002345")
    page = sign_in("sun-yan")
    page.goto(f"{console.url}/cases/{case.case}")
    console.accounts.disable("sun-yan", "chief")
    page.get_by_role("button", name="批准", exact=True).click()
    sure = page.get_by_role("dialog").get_by_role("button", name="批准")
    out = page.locator("input[name=login]")
    expect(sure.or_(out)).to_be_visible()  # news of a case may have taken the page away before
    if not out.is_visible():
        sure.click()
    expect(page).to_have_url(re.compile("/sign-in"))
    with console.system.read() as work:
        known = work.core.matters.case(case.case)
        assert known is not None
        assert known.state == "open"


def test_signing_out_closes_every_page(console: Console, sign_in: SignIn) -> None:
    page = sign_in("zhou-tao")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto(f"{console.url}/cases")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_nobody_grants_what_they_never_saw(console: Console, sign_in: SignIn) -> None:
    """A page that stood open while another officer examined the case says so, and its yes is no second yes."""
    case = console.open_case(
        "preference.apply",
        "gao-wei",
        8,
        relief="property-hardship",
        relief_amount=1_000_000,
        relief_since="2025-01",
        relief_until="2025-02",
    )
    stale, other = sign_in("zhou-tao"), sign_in("li-mei")
    for page in (stale, other):
        page.goto(f"{console.url}/cases/{case.case}")
    other.get_by_label("改为核准金额").fill("500")
    other.get_by_role("button", name="审核通过").click()
    other.get_by_role("dialog").get_by_role("button", name="审核通过").click()
    expect(other.locator(".decide")).to_contain_text("要由另一位核准")
    stale.get_by_role("button", name="审核通过").click()
    stale.get_by_role("dialog").get_by_role("button", name="审核通过").click()
    expect(stale.locator(".q-notification")).to_contain_text("有了变化")
    with console.system.read() as work:
        relief = work.core.reliefs.relief(case.case)
        assert relief is not None
        assert (relief.amount_fen, relief.granted_by) == (50_000, None)


def test_a_page_that_stands_open_is_closed_when_its_session_is(console: Console, sign_in: SignIn) -> None:
    console.officer("he-jing", "何静", Role.APPROVAL)
    page = sign_in("he-jing")
    page.goto(f"{console.url}/cases")
    console.accounts.disable("he-jing", "chief")
    console.open_case("registration.change", "gao-wei", 4, phone="13900002345")
    expect(page).to_have_url(re.compile("/sign-in"), timeout=15_000)


def test_the_way_in_stands_on_the_trail(console: Console, sign_in: SignIn) -> None:
    console.officer("qin-yu", "秦雨", Role.RECEPTION)
    page = sign_in("qin-yu")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.fill("input[name=login]", "qin-yu")
    page.fill("input[name=password]", "wrong horse battery")
    page.click("button.primary")
    expect(page.get_by_role("alert")).to_be_visible()
    told = [(one.act, one.phase) for one in console.trail.latest(officer="qin-yu")]
    assert told == [("session.begin", "refused"), ("session.end", "done"), ("session.begin", "done")]
