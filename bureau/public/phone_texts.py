"""Sentences of the pages on which somebody does a service on their own phone, in Chinese and English."""

PAIRS = {
    # --- begun on a phone ---
    "begin.sub": ("手机先填", "Begin on your phone"),
    "begin.card": ("在手机上先填，到终端接着办", "Fill it in here, go on at a terminal"),
    "begin.card.lead": (
        "不用登录。填好后有一个码，到终端一扫，不用再填。",
        "No sign-in. You get a code; held before a terminal, it saves you the typing.",
    ),
    "begin.lead": (
        "先在这里填好，核对后得到一个码；到终端验证身份，一扫就接着办。",
        "Fill it in and look it through; you get a code. At a terminal, identify yourself and go on from it.",
    ),
    "begin.choose": ("请选择", "Please choose"),
    "begin.optional": ("可不填", "optional"),
    "begin.mend": ("还有几处要改", "Some things need mending"),
    "begin.look": ("下一步：核对", "Look it through"),
    "begin.review.title": ("请核对一遍", "Look it through"),
    "begin.review.lead": (
        "没有错，就生成一个码。现在还没有提交申请，也不用缴钱。",
        "If it is right, get your code. Nothing is applied for and nothing is paid yet.",
    ),
    "begin.estimate": ("要缴多少税（估算）", "The tax, an estimate"),
    "begin.keep": ("没有错，生成码", "It is right, get the code"),
    "begin.edit": ("返回修改", "Change something"),
    "begin.privacy": (
        "填的内容加密保存，只用于在终端接着办；用过或过期就删除。不要求登录。",
        "What you enter is kept encrypted, to go on with at a terminal, and deleted once used or expired. No account.",
    ),
    "begin.limited.title": ("生成的码太多了", "Too many codes"),
    "begin.limited.lead": (
        "请 {minutes} 分钟后再试，或直接到终端上填。",
        "Please come back in {minutes} min, or fill it in at a terminal.",
    ),
    # --- going on on a phone ---
    "continue.sub": ("手机续办", "Continued on your phone"),
    "continue.take.title": ("在这部手机上继续", "Continue on this phone"),
    "continue.take.lead": (
        "30 分钟内有效。点下面的按钮，这次办理就转到这部手机。",
        "Good for 30 minutes. The button below moves your visit to this phone.",
    ),
    "continue.take": ("在这部手机上继续", "Continue on this phone"),
    "continue.take.note": (
        "只有第一部打开的手机能用。不是您本人的手机，请不要点。",
        "The first phone that opens it is the only one. If this is not your own phone, do not touch the button.",
    ),
    "continue.privacy": (
        "内容加密保存，30 分钟后删除；提交和缴税与在终端上办理一样留存记录。",
        "It is kept encrypted and deleted after 30 minutes; what is filed and paid is recorded as at the terminal.",
    ),
    "continue.taken.title": ("已经在另一部手机上打开", "Opened on another phone"),
    "continue.taken.lead": (
        "这个码只给第一部打开的手机用。不是您打开的，请马上找大厅工作人员，或拨打 12366。",
        "The code is for the first phone alone. If that was not yours, tell the staff at once, or call 12366.",
    ),
    "continue.over.title": ("这次续办已经结束", "This visit is over"),
    "continue.over.lead": (
        "码只在 30 分钟内有效。没有提交的，请到终端重新办；已提交没缴税的，今天在任一终端“缴纳税款”里缴清，"
        "发票自动开具；已缴税的，结果发短信。",
        "The code is good for 30 minutes. Not applied for yet: begin again at a terminal. Applied for, not paid: pay "
        "it today under Pay taxes at any terminal and it is issued by itself. Paid: you get a message.",
    ),
    "continue.until": ("请在 {until} 前办完。", "Please finish by {until}."),
    "continue.fill.title": ("请核对，要改的改", "Look at it, correct what is wrong"),
    "continue.fill.lead": ("这是您在终端上填的。", "This is what you entered at the terminal."),
    "continue.look": ("算税，下一步", "Work out the tax"),
    "continue.review.title": ("开具前，请再核对一遍", "Check before it is issued"),
    "continue.review.lead": ("确认后提交申请，再缴税。", "Confirm it to apply; then the tax is paid."),
    "continue.declares": (
        "确认即表示交易真实；虚开发票要负法律责任。",
        "You confirm that the sale is real; false invoices are an offence.",
    ),
    "continue.apply": ("确认无误，提交申请", "It is right, apply"),
    "continue.pay.title": ("先缴税，再开票", "Pay the tax first"),
    "continue.pay.lead": (
        "申请已提交。缴成后自动开具。",
        "Your application is in. Once paid, the invoice is issued.",
    ),
    "continue.paying.title": ("请付款", "Please pay"),
    "continue.paying.lead": (
        "付过一次就不要再付；结果出来后，这一页会自动更新。",
        "Never pay twice; this page brings itself up to date once the result is known.",
    ),
    "continue.to-pay": ("应缴税费（元）", "To pay, in yuan"),
    "continue.pay": ("去缴税", "Pay the tax"),
    "continue.cashier": ("打开付款页面", "Open the payment page"),
    "continue.cancel": ("这笔先不付了", "Do not pay this one"),
    "continue.leave": ("今天再缴，先结束", "Pay later today, end here"),
    "continue.unpaid": ("没有扣款。可以再付一次。", "Nothing was charged. You may pay again."),
    "continue.doubt.title": ("缴款结果正在查实", "The payment is being looked up"),
    "continue.doubt.lead": (
        "可以关掉这一页：缴成了发票自动开具，结果发短信给您。",
        "You may close this page: if it was paid the invoice is issued by itself, and you get a message.",
    ),
    "continue.doubt.once": ("请不要再付一次。", "Do not pay again."),
    "continue.busy.title": ("正在办理", "Being done"),
    "continue.busy.lead": ("请稍等，这一页会自动更新。", "One moment, this page brings itself up to date."),
    "continue.done.title": ("发票已开具", "The invoice is issued"),
    "continue.done.lead": ("税款已缴清。请马上下载保存。", "The tax is settled. Please fetch the files now."),
    "continue.done.files": (
        "文件只能下载一次，30 分钟内有效；之后可在任一终端“发送电子发票”再取。",
        "The files can be fetched once, within 30 minutes; later at any terminal under Send an e-invoice.",
    ),
    "continue.total": ("价税合计", "Total with tax"),
    "continue.stuck.title": ("发票还没有开出来", "The invoice is not issued yet"),
    "continue.stuck.lead": (
        "已缴的税款不会丢。原因和下一步见下面。",
        "What you paid is not lost. Why, and what to do next, stands below.",
    ),
    "continue.left.title": ("这次先办到这里", "That is all for now"),
    "continue.left.lead": (
        "申请已提交，税款还没有缴：今天在任一终端“缴纳税款”里缴清，发票自动开具；不缴，今天过后申请失效。",
        "Your application is in and not paid: pay it today under Pay taxes at any terminal and the invoice is issued "
        "by itself; unpaid, it ends with the day.",
    ),
    # --- the code for the terminal ---
    "draft.title": ("到终端接着办", "Go on at a terminal"),
    "draft.lead": ("有效到 {until}，只能用一次。", "Good until {until}, and once."),
    "draft.code": ("扫不了，就输入这个码", "If it cannot be scanned, type this code"),
    "draft.picture": ("给终端扫的二维码", "QR code for the terminal to scan"),
    "draft.steps": ("怎么用", "What to do"),
    "draft.step.service": (
        "在终端上选“{service}”，验证身份。",
        "At a terminal choose '{service}' and identify yourself.",
    ),
    "draft.step.scan": (
        "到“扫码”那一页，把手机屏幕对准扫码口；或点“输入手机上的码”。",
        "On the page that scans a code, hold this screen before the reader; or touch 'Type the code from my phone'.",
    ),
    "draft.step.check": (
        "终端上已经填好，看一遍，要改的改，再确认。",
        "The terminal has it filled in: look at it, correct what is wrong, and confirm.",
    ),
    "draft.keep": (
        "请把这一页存好或截屏。谁拿着这个码，谁就能看到您填的内容，请不要给别人。",
        "Keep this page or take a picture of it. Whoever holds the code can see what you entered: give it to nobody.",
    ),
    "draft.again": ("再填一份", "Fill in another"),
    "draft.new": ("重新填一份", "Fill it in again"),
    "draft.used.title": ("这个码已经用过了", "This code has been used"),
    "draft.used.lead": (
        "一个码只能用一次。填的内容已经从这里删除。要再办一份，请重新填。",
        "A code is good once. What you had entered is deleted here. For another one, fill it in again.",
    ),
    "draft.over.title": ("这个码已经过期", "This code has expired"),
    "draft.over.lead": (
        "填的内容已经删除，什么都没有提交。请重新填，或直接到终端上填。",
        "What you had entered is deleted and nothing was handed in. Fill it in again, or at a terminal.",
    ),
    "draft.unknown.title": ("没有这个码", "There is no such code"),
    "draft.unknown.lead": (
        "请检查网址，或重新填一份。过期很久的码也查不到了。",
        "Please check the address, or fill it in again. Codes that expired long ago are not known any more.",
    ),
}
