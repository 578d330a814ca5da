"""An income-tax record: the months, the sheet before it is printed, the printer."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flow.pages import Bar, Choice, ChoosePage, PrintPage, ReviewPage, Screen, Sheet
from ui.samples.frame import Look

STEPS = (("验证", "Identify"), ("月份", "Choose period"), ("核对", "Preview"), ("打印", "Print"))
TAX = (412.50, 398.20, 412.50, 430.40, 430.40, 655.00, 430.40, 430.40, 468.20)
INCOME = (13750, 13273, 13750, 14347, 14347, 21833)
FULL = 9
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def certificate(look: Look) -> dict[str, Screen]:
    """The samples by name."""

    def step(now: int) -> dict[str, object]:
        return {"service": look.t("打印证明", "Certificates"), "steps": look.steps(now, *STEPS)}

    printing = _printing(look)
    moving = {"can_back": False, "can_leave": False, "status_note": ""}
    return {
        "choose-months": look.screen(_months(look), **step(1)),
        "review-sheet": look.screen(_record(look), **step(2)),
        "review-sheet-full": look.screen(_full(look), **step(2)),
        "print": look.screen(printing, **step(3), **moving),
        "print-take": look.screen(_take(look, printing), **step(3), can_back=False),
        "print-problem": look.screen(_problem(look, printing), **step(3), can_back=False),
        "print-slip": look.screen(_slip(look), **step(3), **moving),
    }


def _months(look: Look) -> ChoosePage:
    t = look.t
    options = tuple(
        Choice(
            f"{year}-{month:02}",
            t(f"{year}年{month}月", f"{MONTHS[month - 1]} {year}"),
            tags=(t("有收入", "Income"),) if (year, month) >= (2026, 1) else (),
        )
        for year, month in [(2025, m) for m in (10, 11, 12)] + [(2026, m) for m in range(1, 10)]
    )
    return ChoosePage(
        shape="months",
        title=t("要打印哪几个月？", "Which months do you need?"),
        lead=t("先点开始的月份，再点结束的月份。", "Touch the first month, then the last."),
        action=t("查看记录", "Show the record"),
        options=options,
        selected=("2026-01", "2026-09"),
        facts=((t("已选", "Chosen"), t("2026年 1 – 9 月", "Jan – Sep 2026")),),
        quiet=(Choice("all", t("全部 12 个月", "All 12 months"), icon="clock"),),
    )


def _record(look: Look) -> ReviewPage:
    t = look.t
    highest = max(TAX)
    names = tuple(t(f"{i + 1}月", MONTHS[i]) for i in range(len(TAX)))
    sheet = Sheet(
        title="个人所得税纳税记录",
        subtitle=t("预览，打印后生效", "Individual Income Tax Record"),
        corner=(t("编号 (26) YC 0990 4217", "No. (26) YC 0990 4217"), t("单位：元", "Unit: CNY")),
        facts=(
            (t("姓名", "Name"), t("李*兰", "M••••• LINDQVALE")),
            (t("证件号码", "Passport"), t("5301••••••••••0027", "X••••••27")),
        ),
        bars=tuple(Bar(n, v / highest, f"{v:,.2f}", v == highest) for n, v in zip(names, TAX, strict=True)),
        axis=tuple((v / highest, str(v)) for v in (0, 200, 400, 600)),
        columns=(
            t("月份", "Month"),
            t("所得项目", "Income item"),
            t("收入额", "Income"),
            t("已缴税额", "Tax paid"),
        ),
        rows=tuple(
            (
                f"2026-{i + 1:02}",
                t("工资薪金", "Wages and bonus" if i == 5 else "Wages and salaries"),
                f"{income:,}.00",
                f"{TAX[i]:,.2f}",
            )
            for i, income in enumerate(INCOME)
        ),
        total=((t("已缴税额合计", "Total tax paid"), "4,068.00"),),
        more=t("还有 3 个月在第 2 页", "3 more months on page 2"),
        note=t(
            "这是预览。打印件带印章、二维码和电子签名，可在线查验真伪。",
            "Preview. The printed page carries the seal, a QR code and a signature anyone can verify.",
        ),
        page=1,
        pages=2,
        page_text=t("第 1 页，共 2 页", "Page 1 of 2"),
    )
    return ReviewPage(
        title=t("请核对您的纳税记录", "Check your tax record"),
        lead=t(
            "个人所得税，2026年 1 – 9 月。打印件带税务机关印章。",
            "Individual income tax, Jan – Sep 2026. It prints in Chinese and English with the bureau's seal.",
        ),
        action=t("打印 2 页，免费", "Print 2 pages, free"),
        action_icon="printer",
        second=Choice("phone", t("发到手机", "Send to phone"), icon="phone"),
        sheet=sheet,
    )


def _full(look: Look) -> ReviewPage:
    """As many rows as one page of the sheet takes."""
    page = _record(look)
    assert page.sheet is not None, "the record is a sheet"
    rows = (*page.sheet.rows, *page.sheet.rows)[:FULL]
    return replace(page, sheet=replace(page.sheet, rows=rows, more=""), second=None)


def _printing(look: Look) -> PrintPage:
    t = look.t
    return PrintPage(
        title=t("正在打印", "Printing"),
        lead=t("请等纸全部出来再取。", "Please wait until all pages are out."),
        state="printing",
        where=t("屏幕下方中间", "Below the screen, middle"),
        progress=0.5,
    )


def _take(look: Look, printing: PrintPage) -> PrintPage:
    t = look.t
    return replace(
        printing,
        title=t("请取走您的证明", "Please take your certificate"),
        lead=t("共 2 页，请看看是否齐全。", "2 pages. Please see that they are all there."),
        action=t("我拿到了", "I have it"),
        state="take",
        progress=1.0,
    )


def _problem(look: Look, printing: PrintPage) -> PrintPage:
    t = look.t
    return replace(
        printing,
        title=t("纸出来了吗？", "Did the paper come out?"),
        lead=t(
            "机器不能确定纸有没有出来。请看看出纸口：没有的话可以补打一次，编号不变。",
            "The machine cannot be sure. Look at the slot: if nothing is there, print once more; the number stays.",
        ),
        action=t("再打印一次", "Print once more"),
        second=Choice("have", t("我已经拿到了", "I have it")),
        state="problem",
        message=t("打印机卡纸", "Paper jam in the printer"),
    )


def _slip(look: Look) -> PrintPage:
    t = look.t
    return PrintPage(
        title=t("正在打印回单", "Printing your slip"),
        lead=t(
            "回单上有受理编号和查询码，请收好。",
            "It carries your number and a code to follow it. Please keep it.",
        ),
        state="printing",
        illustration="receiptPrinter",
        where=t("屏幕下方右侧", "Below the screen, right"),
    )
