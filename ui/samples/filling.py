"""Forms with rows of every kind, what such a row opens, and lists to read and to choose from."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.list_pages import ListPage, ListRow
from kiosk.flow.pages import (
    Choice,
    ChoosePage,
    FormPage,
    FormRow,
    ReviewPage,
    ReviewRow,
    ReviewSection,
    Screen,
)
from ui.samples.declare import ENTERPRISE
from ui.samples.frame import Look

STEPS = (
    ("验证", "Identify"),
    ("填写", "Details"),
    ("核对", "Check"),
    ("受理", "File"),
)
SERVICE = ("车辆购置税申报", "Vehicle purchase tax")


def filling(look: Look) -> dict[str, Screen]:
    """The samples by name."""
    around = {"service": look.t(*SERVICE), "steps": look.steps(1, *STEPS)}
    checking = {"service": look.t(*SERVICE), "steps": look.steps(2, *STEPS)}
    form = _form(look)
    return {
        "fill": look.screen(form, **around),
        "fill-plate": look.screen(_typing(form, "plate", ""), **around),
        "fill-mailbox": look.screen(_mailbox(look, "zhang.san_1988@"), **around),
        "fill-mailbox-wrong": look.screen(_mailbox(look, "zhang.san@qq", wrong=True), **around),
        "fill-letters": look.screen(_typing(form, "plate", "京A1"), **around),
        "fill-phone": look.screen(_typing(form, "phone", "1380013"), **around),
        "fill-error": look.screen(_wrong(look, form), **around),
        "write": look.screen(_writing(look), **around),
        "pick-option": look.screen(_option(look), **around),
        "pick-year": look.screen(_years(look), **around),
        "pick-month": look.screen(_months(look), **around),
        "pick-day": look.screen(_days(look), **around),
        "review-plain": look.screen(_review(look), **checking),
        **_lists(look),
    }


def _form(look: Look) -> FormPage:
    t = look.t
    told = t("登记信息", "From your registration")
    return FormPage(
        title=t("请看看，再补几项", "Check these, add the rest"),
        lead=t(
            "打勾的已替您填好，不对再改。",
            "Ticked rows are filled in for you; change one only if it is wrong.",
        ),
        action=t("下一页", "Next page"),
        note=t("第 1 页，共 2 页。已自动保存，退出前不会丢。", "Page 1 of 2. Kept until you leave."),
        rows=(
            FormRow(
                "phone",
                t("手机号", "Mobile number"),
                "138****1234",
                source=told,
                editable=True,
                keypad="phone",
                input="phone",
            ),
            FormRow("plate", t("车牌号", "Number plate"), "", editable=True, keypad="plate", input="plate"),
            FormRow(
                "kind",
                t("车辆类型", "Kind of vehicle"),
                t("小型轿车", "Small car"),
                source=told,
                editable=True,
                input="option",
            ),
            FormRow(
                "bought",
                t("购车日期", "Date of purchase"),
                "",
                t("以发票为准", "As on the invoice"),
                editable=True,
                input="date",
            ),
            FormRow(
                "new",
                t("是新能源车吗？", "Electric or hybrid?"),
                t("是", "Yes"),
                editable=True,
                input="yes-no",
                choices=(Choice("yes", t("是", "Yes")), Choice("no", t("否", "No"))),
                chosen="yes",
            ),
        ),
    )


def _typing(form: FormPage, row: str, value: str) -> FormPage:
    rows = tuple(replace(r, value=value) if r.id == row else r for r in form.rows)
    return replace(form, rows=rows, focused=row)


def _mailbox(look: Look, typed: str, *, wrong: bool = False) -> FormPage:
    t = look.t
    error = t("@ 后面的部分不对，请核对", "Check what follows the @")
    endings = ("qq.com", "163.com", "126.com", "sina.com", "foxmail.com", "139.com")
    address = FormRow(
        "mailbox",
        t("邮箱地址", "E-mail address"),
        typed,
        editable=True,
        keypad="email",
        input="email",
        endings=tuple(f"@{ending}" for ending in endings),
        error=error if wrong else "",
    )
    keep = FormRow(
        "keep",
        t("下次还用这个邮箱", "Keep it for next time"),
        "",
        note=t("加密保存，可随时要求删除", "Kept sealed, deleted when you ask"),
        editable=True,
        input="yes-no",
        choices=(Choice("yes", t("是", "Yes")), Choice("no", t("否", "No"))),
    )
    return FormPage(
        title=t("发到哪个邮箱？", "To which mailbox?"),
        lead=t("请逐字核对，填错了别人会收到。", "Check each letter, or a stranger gets it."),
        action=t("去核对", "Continue"),
        rows=(address, keep),
        focused="mailbox",
        errors=(error,) if wrong else (),
        note=t("已自动保存，退出前不会丢。", "Kept as you type until you leave."),
        owner=t("云川禾木文具有限公司", "Yunchuan Hemu Stationery Co., Ltd."),
        owner_tag=t("法定代表人", "Legal representative"),
    )


def _writing(look: Look) -> FormPage:
    """Words are written: the row grows, the keys spell."""
    t = look.t
    row = FormRow(
        "address",
        t("详细地址", "Street and number"),
        t("云川市东湖区人民路一百二十八号院三号楼二单元", "Room 3, House 12, 128 Renmin Road, Donghu"),
        editable=True,
        keypad="text",
        input="text",
        most=60,
    )
    return FormPage(
        title=t("您搬到哪里了？", "Where have you moved?"),
        lead=t("写到门牌号。", "Down to the house number."),
        action=t("下一步", "Next"),
        rows=(
            FormRow(
                "phone",
                t("联系电话", "Telephone"),
                "138****1234",
                editable=True,
                keypad="phone",
                input="phone",
            ),
            row,
        ),
        focused="address",
    )


def _wrong(look: Look, form: FormPage) -> FormPage:
    t = look.t
    plate = t(
        "车牌号应为省份简称、字母，再加5位或6位，请对照行驶证",
        "A plate has the province, a letter and 5 or 6 more. Compare it with the vehicle licence",
    )
    day = t("请选择“购车日期”", 'Please choose "Date of purchase"')
    words = {"plate": plate, "bought": day}
    rows = tuple(replace(r, error=words.get(r.id, "")) for r in form.rows)
    rows = tuple(replace(r, value="京A12") if r.id == "plate" else r for r in rows)
    return replace(form, rows=rows, errors=(plate, day))


def _close(look: Look) -> Choice:
    return Choice("close", look.t("不改了，回到表格", "Back to the form"), icon="back")


def _option(look: Look) -> ChoosePage:
    t = look.t
    return ChoosePage(
        title=t("车辆类型", "Kind of vehicle"),
        lead=t("点一下就选好，自动回到表格。", "One touch chooses it and takes you back to the form."),
        options=(
            Choice("car", t("小型轿车", "Small car"), t("不超过 9 座", "Up to 9 seats"), "box"),
            Choice("bus", t("客车", "Bus"), t("10 座以上", "10 seats and more"), "box"),
            Choice("lorry", t("货车", "Lorry"), "", "box"),
            Choice("bike", t("摩托车", "Motorcycle"), t("排气量 150 毫升以上", "Above 150 ml"), "box"),
        ),
        selected=("car",),
        second=_close(look),
    )


def _years(look: Look) -> ChoosePage:
    t = look.t
    return ChoosePage(
        title=t("购车日期：哪一年？", "Date of purchase: which year?"),
        lead=t("以发票为准", "As on the invoice"),
        shape="grid",
        columns=3,
        options=tuple(Choice(str(year), t(f"{year}年", str(year))) for year in range(2015, 2027)),
        selected=("2026",),
        second=_close(look),
        page=9,
        pages=9,
        page_text="2015 – 2026",
    )


def _months(look: Look) -> ChoosePage:
    t = look.t
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    cells = (Choice(f"2026-{n:02}", t(f"{n}月", name), enabled=n <= 10) for n, name in enumerate(names, 1))
    return ChoosePage(
        title=t("购车日期：几月？", "Date of purchase: which month?"),
        lead=t("已选 2026年", "Chosen so far 2026"),
        shape="grid",
        columns=3,
        options=tuple(cells),
        second=_close(look),
    )


def _days(look: Look) -> ChoosePage:
    t = look.t
    cells = (Choice(f"2026-10-{n:02}", str(n), enabled=n <= 12) for n in range(1, 32))
    return ChoosePage(
        title=t("购车日期：几号？", "Date of purchase: which day?"),
        lead=t("已选 2026年10月", "Chosen so far Oct 2026"),
        shape="grid",
        columns=7,
        options=tuple(cells),
        selected=("2026-10-08",),
        second=_close(look),
    )


def _review(look: Look) -> ReviewPage:
    t = look.t
    fixed = t("不可改", "Fixed")
    return ReviewPage(
        title=t("请核对后提交", "Check before you send it"),
        action=t("没有错，提交", "Correct, send it"),
        note=t(
            "提交即表示您确认以上内容真实、完整。", "By filing you confirm that this is true and complete."
        ),
        sections=(
            ReviewSection(
                t("发票", "Invoice"),
                (
                    ReviewRow(t("发票号码", "Invoice number"), "26117000000001234567"),
                    ReviewRow(
                        t("销售方", "Seller"),
                        t(
                            "云川市宏远汽车销售服务有限公司城西分公司",
                            "Yunchuan Hongyuan Vehicle Sales and Service Ltd, western branch",
                        ),
                    ),
                    ReviewRow(t("价税合计", "Price"), "128,800.00"),
                ),
            ),
            ReviewSection(
                t("车主", "Owner"),
                (
                    ReviewRow(t("姓名", "Name"), t("李秀兰", "Li Xiulan"), fixed=fixed),
                    ReviewRow(t("手机号", "Mobile number"), "138 0000 1234", change="details.phone"),
                ),
            ),
            ReviewSection(
                t("车辆", "Vehicle"),
                (
                    ReviewRow(t("车牌号", "Number plate"), "京A12345", change="details.plate"),
                    ReviewRow(
                        t("车辆类型", "Kind of vehicle"), t("小型轿车", "Small car"), change="details.kind"
                    ),
                    ReviewRow(
                        t("购车日期", "Date of purchase"),
                        t("2026年10月8日", "8 Oct 2026"),
                        change="details.bought",
                    ),
                    ReviewRow(t("新能源车", "Electric or hybrid"), t("是", "Yes"), change="details.new"),
                ),
            ),
        ),
    )


def _lists(look: Look) -> dict[str, Screen]:
    t = look.t
    around = {
        "service": t("办税记录查询", "Your tax records"),
        "steps": look.steps(1, *STEPS[:2]),
    }
    read, many = _records(look), _dues(look)
    return {
        "list": look.screen(read, **around),
        "list-one": look.screen(_one(look, read), **around),
        "list-many": look.screen(many, **around),
        "list-empty": look.screen(
            replace(
                read,
                rows=(),
                facts=(),
                as_of="",
                more="",
                empty_title=t("没有查到申报记录", "No returns were found"),
                empty_text=t(
                    "最近三年没有申报过。要申报，请回首页点“申报缴税”。",
                    "Nothing was filed in the last three years. To file, go to the start and touch 'File'.",
                ),
            ),
            **around,
        ),
    }


def _records(look: Look) -> ListPage:
    t = look.t
    period, filed, number = t("所属期", "Period"), t("申报日期", "Filed on"), t("受理编号", "Reference")
    done, due = t("已缴清", "Paid"), t("待缴", "To pay")

    def row(name: str, title: str, amount: str, state: str, quarter: str, day: str) -> ListRow:
        tone = "due" if state == due else "done"
        lines = ((period, quarter), (filed, day), (number, name))
        return ListRow(name, title, amount, (state,), (tone,), lines)

    vat, stamp = t("增值税（小规模）", "VAT (small-scale)"), t("印花税", "Stamp duty")
    third, second = t("2026年 7 – 9 月", "Jul – Sep 2026"), t("2026年 4 – 6 月", "Apr – Jun 2026")
    return ListPage(
        title=t("您的申报记录", "Your returns"),
        lead=t("最近三年的申报，新的在前。", "Of the last three years, the latest first."),
        owner=t(*ENTERPRISE),
        owner_tag=t("办税员", "Tax handler"),
        action=t("看好了", "Done"),
        icon="declare",
        as_of=t("数据截至 2026年10月12日 9:30", "As of 12 Oct 2026 9:30"),
        rows=(
            row("SB20261012000042", vat, "¥4,095.84", due, third, t("2026年10月12日", "12 Oct 2026")),
            row("SB20260713000017", vat, "¥3,864.00", done, second, t("2026年7月13日", "13 Jul 2026")),
            row("SB20260712000009", stamp, "¥96.60", done, second, t("2026年7月12日", "12 Jul 2026")),
            row("SB20260410000031", vat, "¥2,204.50", done, second, t("2026年4月10日", "10 Apr 2026")),
            row("SB20260110000005", stamp, "¥12.00", done, second, t("2026年1月10日", "10 Jan 2026")),
        ),
        facts=((t("合计", "Total"), "¥10,272.94"),),
    )


def _one(look: Look, read: ListPage) -> ListPage:
    t = look.t
    reason = t("正在更正，办结后才能再改", "A correction is under way; wait until it is decided")
    first, second, third, *_ = read.rows
    return replace(
        read,
        title=t("要更正哪一次申报？", "Which return is to be corrected?"),
        lead=t("点一下选中，再按“下一步”。", "Touch one, then continue."),
        action=t("下一步", "Continue"),
        rows=(first, replace(second, enabled=False, reason=reason), third),
        pick="one",
        selected=(first.id,),
        facts=(),
        as_of="",
    )


def _dues(look: Look) -> ListPage:
    t = look.t
    by = t("缴款期限", "Pay by")
    period = (t("所属期", "Period"), t("2026年 7 – 9 月", "Jul – Sep 2026"))
    return ListPage(
        title=t("这次缴哪几笔？", "Which do you want to pay?"),
        owner=t(*ENTERPRISE),
        owner_tag=t("办税员", "Tax handler"),
        action=t("下一步", "Continue"),
        pick="many",
        selected=("a", "b"),
        rows=(
            ListRow(
                "a",
                t("增值税", "VAT"),
                "¥3,864.00",
                lines=(period, (by, t("2026年10月26日", "26 Oct 2026"))),
            ),
            ListRow(
                "b",
                t("城市维护建设税", "City construction tax"),
                "¥135.24",
                lines=(period, (by, t("2026年10月26日", "26 Oct 2026"))),
            ),
            ListRow(
                "c",
                t("印花税", "Stamp duty"),
                "¥96.60",
                (t("已逾期", "Overdue"),),
                ("due",),
                (period, (by, t("2026年10月10日", "10 Oct 2026"))),
            ),
        ),
        facts=((t("合计（已选 2 项）", "Total (2 chosen)"), "¥3,999.24"),),
    )
