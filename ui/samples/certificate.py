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
        "review-paper": look.screen(_paid(look), **step(2)),
        "review-paper-form": look.screen(_filed(look), **step(2), can_back=False),
        "review-paper-text": look.screen(_no_arrears(look), **step(2)),
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


def _paper(look: Look, sheet: Sheet, title: str) -> ReviewPage:
    t = look.t
    return ReviewPage(
        title=title,
        lead=t(
            "打印件带税务机关印章和二维码，任何人都能查验。",
            "The printed page carries the bureau's seal and a code that anyone can check.",
        ),
        action=t("没有错，打印", "Correct, print it"),
        owner="云川禾木文具有限公司",
        owner_tag=t("办税员", "Tax handler"),
        sheet=sheet,
    )


def _holder(look: Look) -> tuple[tuple[str, str], ...]:
    t = look.t
    return (
        (t("纳税人名称", "Taxpayer"), "云川禾木文具有限公司"),
        (t("纳税人识别号", "Taxpayer no."), "91990199MA607F0M7X"),
    )


def _paid(look: Look) -> ReviewPage:
    """What an enterprise has paid, in the centre's own words: as many rows as a page takes."""
    t = look.t
    taxes = (
        t("增值税", "VAT"),
        t("城市维护建设税", "City construction tax"),
        t("教育费附加", "Education surcharge"),
        t("地方教育附加", "Local education surcharge"),
    )
    listed = taxes[:3] if look.mode == "elder" else (*taxes, *taxes[:2])
    rows = tuple((tax, "2026-04 – 2026-06", "2026-07-09", "3,336.30") for tax in listed)
    sheet = Sheet(
        title="税收完税证明",
        subtitle=t("预览，打印后生效", "Tax Payment Certificate"),
        corner=(),
        facts=(
            *_holder(look),
            (t("入库期间", "Entered"), t("2026年1月1日至2026年9月30日", "2026-01-01 to 2026-09-30")),
        ),
        bars=(),
        columns=(
            t("税种", "Tax"),
            t("税款所属时期", "Tax period"),
            t("入库日期", "Entered on"),
            t("实缴金额", "Paid"),
        ),
        rows=rows,
        total=((t("合计", "Total"), "20,017.80"),),
        note=t(
            "这是预览。打印件带印章、二维码和电子签名，可在线查验真伪。",
            "Preview. The printed page carries the seal, a QR code and a signature anyone can verify.",
        ),
        page=1,
        pages=2,
        page_text=t("第 1 页，共 2 页", "Page 1 of 2"),
        statements=(
            t(
                "开具依据：《税收票证管理办法》第十七条。",
                "Issued under: Measures for Tax Receipts, article 17.",
            ),
        ),
        widths=(22, 19, 13, 15),
        figures=(False, False, False, True),
    )
    return _paper(look, sheet, t("请核对完税证明", "Check the certificate"))


def _filed(look: Look) -> ReviewPage:
    """The form of a return that was just filed, of a vehicle: many facts, a long name, few rows a page."""
    t = look.t
    page = _paid(look)
    assert page.sheet is not None, "it is a sheet"
    car = t("车辆购置税", "Vehicle purchase tax")
    rows = (
        (t("发票价税合计", "Invoice total"), "113,000.00"),
        (f"{car}{t('：计税依据', ': reckoned from')}", "100,000.00"),
        (f"{car}{t('：应纳税额', ': tax')}", "10,000.00"),
    )
    name = t(
        "个人所得税（综合所得年度汇算）（2025年1–12月）",
        "Individual income tax (annual settlement), 2025-01 to 2025-12",
    )
    sheet = replace(
        page.sheet,
        title="申报表复印件",
        subtitle=t("预览，打印后生效", "Copy of a Tax Return"),
        facts=(
            (t("姓名", "Name"), "李秀兰"),
            (t("证件类型", "ID type"), t("居民身份证", "Resident ID card")),
            (t("证件号码", "ID no."), "539***********0241"),
            (t("申报表", "Return"), name),
            (t("申报编号", "Return no."), "31990026101200000011"),
            (t("申报日期", "Filed on"), t("2026年10月12日", "2026-10-12")),
            (t("车辆识别代号", "VIN"), "LSVAU0334E2123456"),
        ),
        columns=(t("项目", "Line"), t("金额", "Amount")),
        rows=rows[:2] if look.mode == "elder" else rows,
        total=((t("应纳税费合计", "Total tax"), "10,000.00"),),
        statements=(
            t("本复印件与本局存档的申报表一致。", "This copy agrees with the return on file at this bureau."),
            t(
                "开具依据：《中华人民共和国税收征收管理法》第八条。",
                "Issued under: Law on Tax Collection, article 8.",
            ),
        ),
        widths=(60, 40),
        figures=(False, True),
        note=t("这是预览，打印件带印章、二维码和电子签名。", "Preview; seal and code come in print."),
    )
    page = _paper(look, sheet, t("请核对申报表", "Check the return"))
    lead = t("打印件带印章和二维码，任何人都能查验。", "Sealed; anyone can check it by its code.")
    return replace(page, lead=lead, owner="", owner_tag="")


def _no_arrears(look: Look) -> ReviewPage:
    """A certificate of sentences alone."""
    t = look.t
    page = _paid(look)
    assert page.sheet is not None, "it is a sheet"
    sheet = replace(
        page.sheet,
        title="无欠税证明",
        subtitle=t("预览，打印后生效", "Certificate of No Tax Arrears"),
        facts=(*_holder(look), (t("截至日期", "As of"), t("2026年10月12日", "2026-10-12"))),
        columns=(),
        rows=(),
        total=(),
        pages=1,
        statements=(
            t(
                "经查询税收征管信息系统，截至2026年10月12日，未发现云川禾木文具有限公司"
                "（纳税人识别号：91990199MA607F0M7X）有欠税情形。特此证明。",
                "The records of the tax administration show no tax arrears of 云川禾木文具有限公司 "
                "(taxpayer no. 91990199MA607F0M7X) as of 2026-10-12.",
            ),
            t(
                "本证明只反映2026年10月12日税收征管信息系统中的记录，不影响税务机关依法处理此后查补、核定的税款。",
                "This certificate speaks of what the records held on 2026-10-12 alone; it does not settle what is "
                "found or assessed later.",
            ),
            t(
                "开具依据：《国家税务总局关于开具〈无欠税证明〉有关事项的公告》（2019年第47号）。",
                "Issued under: Announcement 2019 No. 47 of the State Taxation Administration.",
            ),
        ),
    )
    return replace(page, title=t("请核对无欠税证明", "Check the certificate"), sheet=sheet)


def _printing(look: Look) -> PrintPage:
    t = look.t
    return PrintPage(
        title=t("正在打印", "Printing"),
        lead=t("请等纸全部出来再取。", "Please wait until all pages are out."),
        state="printing",
        where=t("屏幕下方，右手边", "Below the screen, on your right"),
        progress=0.5,
    )


def _take(look: Look, printing: PrintPage) -> PrintPage:
    t = look.t
    return replace(
        printing,
        title=t("请取走打印好的文件", "Please take your printed pages"),
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
        where=t("机身下方中间的出纸口", "The slot in the middle, low on the machine"),
    )
