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
    "begin.limited.title": ("今天生成的码太多了", "Too many codes"),
    "begin.limited.lead": (
        "请 {minutes} 分钟后再试，或直接到终端上填。",
        "Please come back in {minutes} min, or fill it in at a terminal.",
    ),
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
