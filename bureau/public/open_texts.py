"""Every sentence of the pages of open data, in Chinese and English."""

PAIRS = {
    "open.title": ("开放数据", "Open data"),
    "open.lead": (
        "可以下载，可以用程序查询。每张表都做过去标识处理，怎样处理写在每一份里。",
        "To be downloaded, and asked by programs. Each table was made anonymous; each says how.",
    ),
    "open.periods": ("已开放", "Open"),
    "open.none": ("还没有开放的期间。", "No period is open yet."),
    "open.columns": ("栏目", "Columns"),
    "open.rows": ("内容", "Rows"),
    "open.first": (
        "这里列出前 {shown} 行，共 {all} 行；下载文件看全部。",
        "The first {shown} of {all} rows; the file has all.",
    ),
    "open.made": ("怎样去标识", "How it was made anonymous"),
    "open.k": (
        "别人可能知道的栏目都相同的企业至少 {k} 户；另有不公开的栏目时，它们在每一栏至少有 {l} 种值。",
        "At least {k} enterprises are alike in all that others may know; where there are other columns, with {l} "
        "values at least in each.",
    ),
    "open.sums": (
        "合计数：不到 5 户企业或 20 次到访的不列；能从合计推出一户金额或份数的也不列。",
        "Sums: none of fewer than five enterprises or twenty visits, and none from which the amount or number of one "
        "enterprise could be worked out.",
    ),
    "open.left": (
        "共 {of} 条，{left} 条因太少见没有列入。",
        "Of {of} entries {left} were too rare and left out.",
    ),
    "open.facts": ("基本情况", "About it"),
    "open.period": ("期间", "Period"),
    "open.published": ("开放日期", "Opened on"),
    "open.run": ("版次", "Version"),
    "open.licence": ("许可", "Licence"),
    "open.digest": ("文件 SHA-256", "SHA-256 of the file"),
    "open.csv": ("下载表格（CSV）", "Download the table (CSV)"),
    "open.package": ("下载数据说明（datapackage.json）", "Download its description (datapackage.json)"),
    "open.program": ("用程序查询", "By program"),
    "open.program.text": (
        "where=字段:值 可以写多个；order 是排序的字段，前面加 - 从大到小；offset 和 limit 分页，每次最多 1000 行。",
        "where=field:value, as often as wanted; order by a field, with - before it from the highest down; offset and "
        "limit for parts, at most 1000 rows at once.",
    ),
    "open.card": ("开放数据", "Open data"),
    "open.card.lead": (
        "登记、申报、发票和办税厅的统计，下载或用程序查询。",
        "Figures of registrations, returns, invoices and halls, to be downloaded or asked by programs.",
    ),
    "open.back": ("全部数据集", "All sets"),
}
