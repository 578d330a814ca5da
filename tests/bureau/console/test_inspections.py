"""A visit on a phone: form, picture and signature on the spot by two officers, then the sealed record for the taxpayer."""

from __future__ import annotations

import io
import math
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from pypdf import PdfReader

from bureau.engine.inspecting import following, recording
from bureau.officers.roles import Role
from bureau.ports.reminders import Reminder
from tests.bureau.console.conftest import Console, SignIn, Staff, press, shot
from tests.bureau.inspections import photo
from tests.bureau.served_documents import FIRM

pytestmark = pytest.mark.timeout(240)
"""A browser beside three other workers on two processors."""
FIRST, SECOND = "wu-di", "tang-qi"


@pytest.fixture(autouse=True, scope="module")
def _officers(console: Console) -> None:
    console.officer(FIRST, "吴迪", Role.INSPECTIONS)
    console.officer(SECOND, "唐琪", Role.INSPECTIONS)
    console.officer("fu-gui", "符贵", Role.APPROVAL)


def _choose(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


def _kept(page: Page) -> None:
    expect(page.locator("#kept")).to_have_text("已存到中心。")


def _drawn(page: Page) -> None:
    """A name by finger, in two goes."""
    page.locator("#ink").scroll_into_view_if_needed()
    box = page.locator("#ink").bounding_box()
    assert box is not None
    for part in range(2):
        left = box["x"] + 20 + part * 140
        page.mouse.move(left, box["y"] + 100)
        page.mouse.down()
        for step in range(14):
            page.mouse.move(left + step * 9, box["y"] + 100 + 60 * math.sin(step / 2))
            page.wait_for_timeout(25)
        page.mouse.up()


def test_a_visit_is_ordered_recorded_on_a_phone_signed_confirmed_by_two_and_given_to_the_taxpayer(
    console: Console, staff: Staff
) -> None:
    page = staff.at("/inspections", FIRST, "phone")
    form = page.locator(".decide", has_text="您和另一名检查人员一起去")
    expect(form.get_by_text("符贵")).to_have_count(0)
    form.get_by_label("纳税人识别号").fill(FIRM)
    form.get_by_text("地址核实").click()
    form.get_by_text("《税务登记管理办法》").click()
    form.get_by_label("原因（会写进笔录）").fill("两期没有申报")
    form.get_by_text(f"唐琪（{SECOND}）").click()
    press(page, "下达检查")
    row = page.locator("tbody tr", has_text="吴迪、唐琪")
    expect(row).to_contain_text("今天去")
    number = row.locator("a").inner_text()
    page.goto(f"{console.url}/inspections/{number}")
    page.locator("a", has_text="现场记录").click()
    expect(page.locator("h1")).to_have_text("云川远山建材有限公司")
    expect(page.locator("dl")).to_contain_text("赵旻")
    expect(page.locator("dl")).to_contain_text("增值税")
    expect(page.locator("#lacking")).to_contain_text("门口有没有这家企业的招牌")
    expect(page.get_by_role("button", name="我确认以上内容")).to_be_disabled()
    page.get_by_label("两人都已出示税务检查证").check()
    _choose(page, "门口有没有这家企业的招牌", "有，名称一致")
    _choose(page, "有没有人员和经营迹象", "正在经营")
    _kept(page)

    # the network goes: what is typed waits on the phone, survives loading the page again, and goes there by itself
    def broken(route: Route) -> None:
        route.abort("connectionfailed")

    page.route(f"**/inspections/{number}/form", broken)
    page.get_by_label("物业或邻居怎么说（可不填）").fill("物业说天天开门")
    page.get_by_label("物业或邻居怎么说（可不填）").blur()
    expect(page.locator("#kept")).to_contain_text("还没有存到中心")
    page.reload()
    expect(page.get_by_label("物业或邻居怎么说（可不填）")).to_have_value("物业说天天开门")
    page.unroute(f"**/inspections/{number}/form")
    page.evaluate("dispatchEvent(new Event('online'))")
    _kept(page)
    _choose(page, "检查结果", "在登记地址经营")
    _kept(page)
    page.locator("#camera").set_input_files(
        {"name": "a.gif", "mimeType": "image/gif", "buffer": b"GIF89a no"}
    )
    expect(page.locator("#pictured")).to_contain_text("不是能看的照片")
    page.locator("#camera").set_input_files(
        {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": photo(3000, 2000, comment=b"hidden")}
    )
    expect(page.locator("#thumbs img")).to_have_count(1)
    expect(page.locator("#pictured")).to_be_hidden()
    page.get_by_label("当事人姓名").fill("赵旻")
    page.get_by_label("身份（如法定代表人、财务负责人）").fill("法定代表人")
    page.get_by_role("button", name="签好了").click()
    expect(page.locator("#wrong")).to_contain_text("请写当事人")
    _drawn(page)
    shot(page, "visit-signing")
    page.get_by_role("button", name="签好了").click()
    expect(page.locator("#signed svg.ink")).to_be_visible()
    shot(page, "visit-signed")
    page.get_by_role("button", name="我确认以上内容").click()
    expect(page.locator("#word")).to_contain_text("您已确认")
    with console.system.read() as work:
        assert recording.there(work.core, number).state == "ordered", "one officer's word is one"
        (picture,) = work.core.inspections.pictures(number)
    jpeg = page.request.get(f"{console.url}/inspections/{number}/pictures/{picture.key}").body()
    assert jpeg.startswith(b"\xff\xd8") and b"hidden" not in jpeg and len(jpeg) == picture.size

    other = staff.at(f"/inspections/{number}/visit", SECOND, "phone")
    other.get_by_role("button", name="我确认以上内容").click()
    expect(other.locator(".told.good").first).to_contain_text("笔录已制发")
    shot(other, "visit-issued")
    paper = PdfReader(io.BytesIO(other.request.get(f"{console.url}/inspections/{number}/paper").body()))
    text = "".join("".join(sheet.extract_text().split()) for sheet in paper.pages)
    assert "税务检查笔录" in text and "物业说天天开门" in text and "吴迪" in text and "唐琪" in text
    other.locator(".told.good a").click()
    other.get_by_role("button", name="生成二维码").click()
    expect(other.locator(".qr svg")).to_be_visible()
    expect(other.locator(".code b")).to_contain_text(f"{console.settings.public_url}/k/")
    shot(other, "visit-copy")
    done = [act for _, act, phase in console.acts_of(number) if phase == "done"]
    assert {"inspection.record", "inspection.picture", "inspection.sign", "inspection.confirm", "inspection.issue",
            "inspection.copy"} <= set(done)  # fmt: skip
    assert done.count("inspection.confirm") == 2
    with console.system.read() as work:
        assert [one.document for one in work.core.documents.of(FIRM)].count(
            recording.there(work.core, number).document
        ) == 1


def _words(page: Page, field: str, text: str) -> None:
    page.get_by_label(field).fill(text)
    page.get_by_label(field).blur()


def test_two_officers_fill_in_one_form_and_neither_stands_for_what_is_not_on_their_phone(
    console: Console, staff: Staff
) -> None:
    desk = console.inspecting(FIRST, SECOND)
    number = desk.order(FIRM).number
    one = staff.at(f"/inspections/{number}/visit", FIRST, "phone")
    other = staff.at(f"/inspections/{number}/visit", SECOND, "phone")
    seen, said = "物业或邻居怎么说（可不填）", "发现的问题"
    one.get_by_label("两人都已出示税务检查证").check()
    _kept(one)
    # a picture of the other's does not stop what is typed here, and brings what was changed here to their phone
    other.locator("#camera").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(other.locator("#thumbs img")).to_have_count(1)
    expect(other.get_by_label("两人都已出示税务检查证")).to_be_checked()
    _words(one, said, "门口没有招牌")
    _kept(one)
    expect(one.locator("#thumbs img")).to_have_count(1)
    _choose(other, "有没有人员和经营迹象", "正在经营")
    _kept(other)
    expect(other.get_by_label(said)).to_have_value("门口没有招牌")
    # the same field: what stands at the centre stays, and nobody's words are lost
    _words(one, seen, "天天开门")
    _kept(one)
    _words(other, seen, "很久没见过人")
    _kept(other)
    expect(other.get_by_label(seen)).to_have_value("天天开门")
    expect(other.locator("#apart-what")).to_contain_text("很久没见过人")
    other.reload()
    expect(other.locator("#apart-what")).to_contain_text("很久没见过人")
    other.get_by_role("button", name="知道了").click()
    other.reload()
    expect(other.locator("#apart")).to_be_hidden()
    with console.system.read() as work:
        form = recording.opened(work.core, desk.vault, desk.law, recording.there(work.core, number))
    assert form.entered.cards and form.entered.findings == "门口没有招牌"
    assert form.entered.answers == {"neighbours": "天天开门", "work": "working"}
    # what somebody signed is not undone by what was typed before it on the other phone
    for question, answer in (("门口有没有这家企业的招牌", "没有招牌"), ("检查结果", "在登记地址经营")):
        _choose(one, question, answer)
        _kept(one)
    other.reload()
    other.context.set_offline(True)
    _words(other, seen, "改一下")
    desk.sign(number)
    other.context.set_offline(False)
    expect(other.locator("#signed svg.ink")).to_be_visible()
    expect(other.locator("#apart-what")).to_contain_text("改一下")
    expect(other.get_by_label(seen)).to_have_value("天天开门")


def test_signed_out_on_the_spot_what_waits_goes_there_after_signing_in_again(
    console: Console, staff: Staff
) -> None:
    number = console.inspecting(FIRST, SECOND).order(FIRM).number
    page = staff.at(f"/inspections/{number}/visit", FIRST, "phone")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    _words(page, "发现的问题", "查不到下落")
    expect(page.locator("#kept")).to_contain_text("登录已过期")
    page.locator("#camera").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(page.locator("#pictured")).to_contain_text("登录已过期")
    expect(page.locator("#lacking")).to_contain_text("还差")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.evaluate("dispatchEvent(new Event('online'))")
    _kept(page)
    expect(page.locator("#thumbs img")).to_have_count(1)
    page.context.clear_cookies()
    _words(page, "发现的问题", "人去楼空")
    expect(page.locator("#kept")).to_contain_text("登录已过期")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.reload()
    expect(page.get_by_label("发现的问题")).to_have_value("人去楼空")
    _kept(page)


def test_nobody_signs_while_a_picture_waits_and_a_name_survives_loading_again(
    console: Console, staff: Staff
) -> None:
    desk = console.inspecting(FIRST, SECOND)
    number = desk.order(FIRM).number
    desk.save(number, desk.entered(number, "found"))
    page = staff.at(f"/inspections/{number}/visit", FIRST, "phone")
    page.get_by_label("当事人姓名").fill("赵旻")
    page.reload()
    expect(page.get_by_label("当事人姓名")).to_have_value("赵旻")
    page.route(f"**/inspections/{number}/pictures/*", lambda route: route.abort("connectionfailed"))
    page.locator("#camera").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    expect(page.locator("#pad")).to_be_hidden()
    expect(page.locator("#lacking")).to_contain_text("照片还没有传到中心")
    page.unroute(f"**/inspections/{number}/pictures/*")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#pad")).to_be_visible()


def test_nobody_else_records_it_and_what_is_sent_from_elsewhere_or_is_none_of_ours_does_nothing(
    console: Console, sign_in: SignIn
) -> None:
    number = console.inspecting(FIRST, "somebody").order(FIRM).number
    page = sign_in(SECOND, "phone")
    page.goto(f"{console.url}/inspections/{number}/visit")
    expect(page.locator(".told")).to_contain_text("只有这两名检查人员")
    expect(page.locator("#kept")).to_have_count(0)
    send = """async ([path, method, body]) => {
        const answer = await fetch(path, {method, body, headers: {'Content-Type': 'application/json'}});
        return [answer.status, (await answer.text()).slice(0, 200)];
    }"""
    at = f"/inspections/{number}"
    saved = '{"revision": 0, "entered": {"cards": true}}'
    status, told = page.evaluate(send, [f"{at}/form", "PUT", saved])
    assert status == 409 and "others" in told
    for path, method, body in (
        (f"{at}/form", "PUT", "{}"), (f"{at}/sign", "POST", "[]"), (f"{at}/confirm", "POST", '{"whole": "x"}'),
        (f"{at}/pictures/x", "PUT", "x"), (f"{at}/pictures/{'0' * 36}", "PUT", "x"), (f"{at}/issue", "POST", "{}"),
    ):  # fmt: skip
        assert page.evaluate(send, [path, method, body])[0] == 409, path
    assert page.evaluate(send, [f"{at}/form", "PUT", "x" * 300_000])[0] == 413
    assert page.request.put(f"{console.url}{at}/form", data=saved).status == 403, (
        "it comes from no page of ours"
    )
    with console.system.read() as work:
        assert recording.there(work.core, number).revision == 0
    page = sign_in("fu-gui")
    assert page.goto(f"{console.url}{at}/visit").status == 403  # type: ignore[union-attr]


def test_the_abnormal_state_is_asked_for_by_one_and_entered_by_another(
    console: Console, staff: Staff, tmp_path: Path
) -> None:
    desk = console.inspecting(FIRST, SECOND)
    number = desk.confirmed(FIRM, "address", "absent")
    page = staff.at(f"/inspections/{number}/visit", FIRST, "phone")
    page.get_by_role(
        "button", name="制发笔录"
    ).click()  # the second's word came by another way than the page's
    expect(page.locator(".told.good").first).to_contain_text("笔录已制发")
    with console.system.write() as work:
        core, day = work.core, work.core.now.date()
        firm = core.registration.taxpayer(FIRM)
        assert firm is not None
        late = next(one for one in following.open_matters(core, firm, desk.law, day) if one.what == "file")
        core.reminders.enter(Reminder(late.matter, "final", FIRM, day, None, ()))
    page = staff.at(f"/inspections/{number}", FIRST)
    press(page, "提请认定非正常户", sure=True)
    expect(page.locator(".lead").first).to_contain_text("要由另一名检查人员决定")
    expect(page.get_by_role("button", name="认定非正常户", exact=True)).to_have_count(0)
    page = staff.at(f"/inspections/{number}", SECOND)
    press(page, "认定非正常户", sure=True)
    expect(page.locator(".facts").last).to_contain_text("非正常户")
    page.get_by_text("认定有误").click()
    press(page, "提请解除非正常户")
    page = staff.at(f"/inspections/{number}", FIRST)
    press(page, "解除非正常户", sure=True)
    expect(page.locator(".timeline")).to_contain_text(f"{FIRST} 解除非正常户")
