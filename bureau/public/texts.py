"""Every sentence of the public pages, in Chinese and English."""

from __future__ import annotations

from bureau.certificates.data import Words
from bureau.public import certificate_texts, open_texts, phone_texts

_PAIRS = {
    # --- frame ---
    "site.sub": ("公众查验", "Public verification"),
    "switch": ("English", "中文"),
    "home": ("返回首页", "Back to the start page"),
    "foot.privacy": (
        "本页不保存您输入的内容，也不要求登录。",
        "This page keeps nothing you enter and asks for no account.",
    ),
    "foot.specimen": (
        "演示系统：城市、机关和数据都是虚构的。",
        "Demonstration: the city, the bureau and all data are invented.",
    ),
    # --- front ---
    "front.title": ("证明是真的吗？", "Is this certificate genuine?"),
    "front.lead": (
        "扫证明上的码最快。没有手机相机，就在下面输入编号和验证码。",
        "Scanning the code on the paper is quickest. Without a camera, enter number and code below.",
    ),
    "form.title": ("输入编号查验", "Check by number"),
    "form.number": ("编号", "Number"),
    "form.number.hint": ("证明右上角，20 位数字", "Top right of the paper, 20 digits"),
    "form.code": ("验证码", "Verification code"),
    "form.code.hint": ("证明左下方，16 位，不分大小写", "Bottom left, 16 characters, capitals or not"),
    "form.submit": ("查验证明", "Check the certificate"),
    "file.title": ("查验电子文件", "Check a PDF file"),
    "file.lead": (
        "看文件上的电子印章是否完好，内容有没有被改过。文件只在内存里看一遍，不留存。",
        "Shows whether the electronic seal is intact and whether anything was changed. "
        "The file is looked at once in memory and not kept.",
    ),
    "file.label": ("证明的 PDF 文件", "The certificate as PDF"),
    "file.hint": ("不超过 5 MB", "5 MB at most"),
    "file.submit": ("查验文件", "Check the file"),
    "registration.title": ("这家企业登记了吗？", "Is this enterprise registered?"),
    "registration.lead": (
        "输入统一社会信用代码，看登记的名称和状态。",
        "Enter its unified social credit code to see name and state as registered.",
    ),
    "registration.found": ("这家企业已登记", "This enterprise is registered"),
    "registration.none": ("没有查到这个识别号", "No enterprise is registered under this number"),
    "registration.form": ("查验登记", "Check a registration"),
    "registration.number": ("纳税人识别号", "Taxpayer number"),
    "registration.hint": (
        "18 位，营业执照和发票上都有；临时税务登记为 20 位",
        "18 characters, on the business licence and on invoices; of a temporary registration 20 figures",
    ),
    "registration.wrong": ("识别号写得不对，请再看一眼", "This is no such number; please look again"),
    "registration.state": ("状态", "State"),
    "registration.taxation": ("纳税人类型", "Kind"),
    "registration.day": ("登记日期", "Registered on"),
    "registration.until": ("有效期至", "Valid until"),
    "registration.as-of": ("查询时间", "As of"),
    "registration.submit": ("查验", "Check"),
    "invoice.title": ("这张发票是真的吗？", "Is this invoice genuine?"),
    "invoice.lead": (
        "输入发票上的内容，看登记的是不是一样。每张发票每天最多查五次。",
        "Enter what stands on the invoice to see whether it is registered so. Each invoice five times a day.",
    ),
    "invoice.form": ("查验发票", "Check an invoice"),
    "invoice.number": ("发票号码", "Invoice no."),
    "invoice.number.hint": ("8 位或 20 位数字", "8 or 20 digits"),
    "invoice.code": ("发票代码", "Invoice code"),
    "invoice.code.hint": ("8 位号码的发票才有", "with a number of 8 digits alone"),
    "invoice.day": ("开票日期", "Issued on"),
    "invoice.day.hint": ("如 2026-10-12", "such as 2026-10-12"),
    "invoice.amount": ("金额（元）", "Amount (CNY)"),
    "invoice.amount.hint": (
        "数电票填价税合计，专用发票填不含税金额",
        "with tax if it is fully digital, without if it is a special invoice",
    ),
    "invoice.check": ("校验码", "Check code"),
    "invoice.check.hint": ("普通发票填后 6 位", "ordinary paper: its last 6 digits"),
    "invoice.submit": ("查验发票", "Check the invoice"),
    "invoice.again": ("再查一张", "Check another"),
    "invoice.unread": (
        "日期如 2026-10-12，金额如 4,068.00。",
        "A date looks like 2026-10-12, an amount like 4,068.00.",
    ),
    "delivered.title": ("您的电子发票", "Your electronic invoice"),
    "delivered.lead": (
        "只能下载一次：PDF、OFD 和 XML 在一个压缩包里。请存好，XML 是原件。",
        "It can be fetched once: PDF, OFD and XML in one package. Keep them; the XML is the original.",
    ),
    "delivered.seller": ("销售方", "Seller"),
    "delivered.fetch": ("下载", "Fetch the files"),
    "delivered.gone.title": ("链接已经失效", "This link no longer works"),
    "delivered.gone.lead": (
        "已经下载过，或者超过了 30 分钟。需要的话，请在自助终端再发一次。",
        "The files were fetched already, or it is older than 30 minutes. Have them sent once more at a terminal.",
    ),
    "slip.card.title": ("我的回单办好了吗", "What became of my slip"),
    "slip.card.text": (
        "用手机扫回单上的码，就能看到办到哪一步、有没有退回。",
        "Scan the code on the slip with your phone to see how far it got, or whether it was returned.",
    ),
    # --- typing errors ---
    "error.number.empty": ("请输入编号", "Enter the number"),
    "error.number.length": ("编号应是 20 位数字", "The number has 20 digits"),
    "error.number.characters": ("编号里只有数字", "The number has digits only"),
    "error.number.check-digit": (
        "编号里有一位打错了，请对照证明再看一遍",
        "One digit is mistyped; compare with the paper again",
    ),
    "error.number.day": (
        "编号里的日期不存在，请再看一遍",
        "The date within the number does not exist; look again",
    ),
    "error.code.empty": ("请输入验证码", "Enter the verification code"),
    "error.code.length": ("验证码应是 16 位", "The code has 16 characters"),
    "error.code.characters": (
        "验证码里没有 0 O 1 I L B S V Z，请再看一遍",
        "The code never has 0 O 1 I L B S V Z; look again",
    ),
    "error.file.empty": ("请先选一个 PDF 文件", "Choose a PDF file first"),
    "error.file.large": (
        "文件超过 5 MB，请选证明的原文件",
        "The file is larger than 5 MB; choose the certificate's own file",
    ),
    "error.file.unread": (
        "文件没有收完整，请再选一次",
        "The file did not arrive whole; choose it once more",
    ),
    # --- findings ---
    "valid.title": ("真实有效", "Genuine and valid"),
    "valid.lead": (
        "由本局开具，列出的是开具时的内容。",
        "Issued by this bureau. This is what was certified.",
    ),
    "replaced.title": ("已被新的证明代替", "Replaced by a newer certificate"),
    "replaced.lead": (
        "这份证明是真的，但本局后来开具了新的。请向持有人要新的那份。",
        "It is genuine, but the bureau issued a newer one since. Ask the holder for that one.",
    ),
    "outdated.title": ("开具后金额有变", "The amount changed since it was issued"),
    "outdated.lead": (
        "这份证明由本局开具，但开具后退了税或更正了申报，证明上的数字不再是现在的。请向持有人要换开的新证明。",
        "It is genuine, but tax was given back or a return corrected since, so its figures no longer hold. Ask the "
        "holder for a new one in its place.",
    ),
    "outdated.kept.lead": (
        "这份凭证由本局开具，款项确已缴纳；但开具后又退了税，退的日期和金额已列出。这种凭证不换开，请以这里查到的为准。",
        "It is genuine, and the payment was made. But tax of it was given back since; when and how much is "
        "listed. Nothing takes the place of a voucher of this kind; go by what is told here.",
    ),
    "outdated.alone.lead": (
        "这份证明由本局开具，但开具后退了税或更正了申报，证明上的数字不再是现在的；目前也开不出新的来代替它。请不要再依据它。",
        "It is genuine, but tax was given back or a return corrected since, so its figures no longer hold. No new one "
        "can be issued in its place for now. Do not rely on it any more.",
    ),
    "outdated.withdrawn.lead": (
        "这份证明由本局开具，但它所依据的申报后来作废了，没有换开的新证明。请不要再依据它。",
        "It is genuine, but the return behind it was taken back since, and no certificate takes its place. Do not rely "
        "on it any more.",
    ),
    "void.title": ("已作废", "No longer valid"),
    "void.lead": (
        "这份证明由本局开具，后来作废了，不能再使用。",
        "It was issued by this bureau and voided later. It must not be used.",
    ),
    "forgedQr.title": ("二维码不是本局做的", "This QR code was not made by the bureau"),
    "forgedQr.lead": (
        "编号和验证码是真的，二维码却不是，很可能是抄到别的纸上的。请与登记的真实内容逐项对照。",
        "Number and code are genuine, the QR code is not: they were most likely copied onto another paper. "
        "Compare the paper with the true content as registered.",
    ),
    "mismatch.title": ("查不到这份证明", "No such certificate"),
    "mismatch.lead": (
        "编号和验证码对不上。",
        "Number and code do not belong together.",
    ),
    "mismatch.next": (
        "先对照纸面再输一次，注意不要看错一位。还是查不到，这张纸就不是本局开具的，请不要采信。",
        "Compare with the paper and enter both once more. If it still is not found, the paper was not issued "
        "by this bureau: do not rely on it.",
    ),
    "unregistered.title": ("现在不能确认", "Cannot be confirmed now"),
    "unregistered.lead": (
        "二维码的签名是本局的，但登记簿里的内容对不上。请拨打 12366 或到办税厅核实，先不要采信。",
        "The QR code carries the bureau's signature, but the register disagrees. Call 12366 or ask at a tax "
        "hall, and do not rely on it until then.",
    ),
    "malformed.title": ("请再核对一遍", "Please check again"),
    "malformed.lead": ("有一处像是打错了。", "Something looks mistyped."),
    "limited.title": ("请稍等再查", "Please wait a moment"),
    "limited.lead": ("查得太频繁了，{wait} 秒后可以再试。", "Too many checks. Try again in {wait} seconds."),
    "slow.title": ("现在查不了", "Not available now"),
    "slow.lead": (
        "系统暂时查不到登记簿，请过几分钟再试。",
        "The register cannot be read right now. Try again in a few minutes.",
    ),
    "absent.title": ("没有这个页面", "There is no such page"),
    "absent.lead": ("请从首页开始，或重新扫码。", "Begin at the start page, or scan the code again."),
    "unread.title": ("没有收到完整的内容", "This did not arrive whole"),
    "unread.lead": (
        "提交的内容太长或不完整，没有查。请从首页重新输入，或重新扫码。",
        "What was sent is too long or incomplete, and nothing was checked. "
        "Begin at the start page, or scan the code again.",
    ),
    # --- the certificate ---
    "cert.number": ("编号", "Number"),
    "cert.kind": ("证明", "Certificate"),
    "cert.issued": ("开具日期", "Issued"),
    "cert.copies": ("打印次数", "Copies printed"),
    "cert.copies.n": ("{n} 次", "{n}"),
    "cert.scanned": ("二维码签名完好", "QR signature intact"),
    "cert.notScanned": ("二维码签名不对", "QR signature wrong"),
    "compare.title": ("与手里的纸逐项对照", "Compare with the paper, line by line"),
    "compare.figure": (
        "编号、姓名一样，金额不一样：纸上的数字被改过。",
        "Same number and name, another amount: the figure on the paper was changed.",
    ),
    "compare.copied": (
        "编号或姓名不一样：码是从别人的证明上抄来的。",
        "Another number or name: the code was copied from somebody else's certificate.",
    ),
    "cert.content": ("开具时的内容", "What was certified"),
    "match.title": ("帮我比对", "Let the page compare"),
    "match.lead": (
        "照纸上印的输入编号和合计，马上知道一不一样。",
        "Enter number and total as printed on the paper.",
    ),
    "match.number": ("纸上的编号", "Number on the paper"),
    "match.amount": ("纸上的合计（元）", "Total on the paper (CNY)"),
    "match.submit": ("比对", "Compare"),
    "match.bad.title": ("手里的纸不可信", "Do not rely on the paper"),
    "match.bad.lead": (
        "登记簿里的证明是真的，内容在下面；纸上印的与它不一样。",
        "The certificate in the register is genuine and shown below; the paper differs from it.",
    ),
    "match.same": ("编号和合计都与开具时一样。", "Number and total are as certified."),
    "match.copied": (
        "编号不一样：这个码是从另一份证明上抄来的。",
        "Another number: this code was copied from another certificate.",
    ),
    "match.changed": (
        "编号一样，合计不一样：纸上的金额被改过。",
        "Same number, another total: the amount on the paper was changed.",
    ),
    "match.unreadable": (
        "看不懂输入的内容：编号 20 位数字，合计如 4,068.00。",
        "Not readable: the number has 20 digits, the total looks like 4,068.00.",
    ),
    "again": ("再查一份", "Check another"),
    # --- file ---
    "file.intact.title": ("文件完好", "The file is intact"),
    "file.intact.lead": (
        "盖有本局电子印章，盖章以后没有改动。",
        "It carries the bureau's electronic seal, and nothing was changed since.",
    ),
    "file.altered.title": ("文件被改过", "The file was changed"),
    "file.altered.lead": (
        "文件盖过电子印章，后来内容有改动，不能采信。请向持有人要原来的文件。",
        "It was sealed once and changed afterwards. Do not rely on it; ask the holder for the original file.",
    ),
    "file.foreign.title": ("不是本局的印章", "Not this bureau's seal"),
    "file.foreign.lead": (
        "文件有电子签名，但不是本局的，不能当作本局的证明。请用纸上的编号和验证码查验。",
        "It carries an electronic signature, but not this bureau's: do not take it for a certificate of the "
        "bureau. Check by number and code instead.",
    ),
    "file.unsealed.title": ("没有电子印章", "No electronic seal"),
    "file.unsealed.lead": (
        "可能是扫描件、照片或另存的文件。请用编号和验证码查验。",
        "Perhaps a scan, a photo or a copy printed to a file. Check by number and code instead.",
    ),
    "file.unreadable.title": ("打不开这个文件", "This file cannot be read"),
    "file.unreadable.lead": (
        "不是 PDF，或者已经损坏。请选原来的文件，或用编号和验证码查验。",
        "It is not a PDF, or it is damaged. Choose the original file, or check by number and code.",
    ),
    "file.broken": ("印章已失效", "Seal broken"),
    "file.sealed_by": ("印章", "Sealed by"),
    "file.sealed_at": ("盖章时间", "Sealed at"),
    "file.state": ("证明状态", "State of the certificate"),
    "file.state.valid": ("有效", "valid"),
    "file.state.replaced": ("已被代替", "replaced"),
    "file.state.void": ("已作废", "void"),
    "file.state.unknown": ("登记簿里没有", "not in the register"),
    "file.full": ("看开具时的内容", "Enter the code to see what was certified"),
    # --- queue numbers ---
    "feedback.complaint.title": ("您的投诉", "Your complaint"),
    "feedback.report.title": ("您的检举", "Your tip-off"),
    "feedback.answer": ("答复", "The answer"),
    "feedback.complaint.more": (
        "对答复评价，或要求重新办理，请带回单到任一自助终端，点“投诉检举查询”。",
        "To rate the answer, or to have it taken up again, bring the slip to any terminal and touch Follow up.",
    ),
    "feedback.report.more": (
        "这里只显示进度。实名检举的答复，请带回单到自助终端查看。",
        "Only the progress stands here. Who gave their name sees the answer at a terminal, by the slip.",
    ),
    "mutual.question": ("互助提问", "A question to others"),
    "mutual.answer": ("互助回答", "An answer to others"),
    "mutual.idea": ("建议", "An idea"),
    "mutual.waiting": (
        "税务人员看过以后公布。请过些时候再打开本页。",
        "An officer reads it before it is published. Please open this page again later.",
    ),
    "mutual.official": ("官方确认", "Confirmed by officers"),
    "mutual.others": ("未经官方确认，仅供参考", "Not confirmed by officers"),
    "mutual.knowledge": ("收入知识库：", "Kept as knowledge since"),
    "mutual.unanswered": ("还没有人回答。", "Nobody has answered yet."),
    "mutual.reply": ("税务机关的答复", "What the bureau says"),
    "mutual.no-reply": ("税务机关还没有答复。", "The bureau has not answered yet."),
    "mutual.number": ("编号", "Number"),
    "mutual.written": ("提交时间", "Written at"),
    "mutual.helped": ("帮到的人数", "People it helped"),
    "queue.title": ("排队进度", "Your place in the queue"),
    "queue.state.waiting": ("请留意叫号。", "Please listen for your number."),
    "queue.state.called": ("已叫到您的号。", "Your number is called."),
    "queue.state.served": ("已办理。", "Served."),
    "queue.state.missed": ("过号了，请重新取号。", "Called and missed; please take a new number."),
    "queue.state.over": (
        "当天有效，已过期，请重新取号。",
        "Valid for its day alone; please take a new number.",
    ),
    "queue.go": ("请到 {window} 号窗口", "Please go to counter {window}"),
    "queue.line": ("业务", "Business"),
    "queue.windows": ("窗口", "Where"),
    "queue.turn": ("叫号次序", "Order"),
    "queue.taken": ("取号时间", "Taken at"),
    "queue.now": ("现在", "Now"),
    "queue.again": ("本页每 30 秒自动更新一次。", "This page brings itself up to date every 30 seconds."),
    # --- the tax school ---
    "seat.title": ("我的课程", "Your course"),
    "seat.number": ("报名编号", "Enrolment"),
    "seat.when": ("时间", "Time"),
    "seat.where": ("地点", "Place"),
    "seat.teacher": ("讲师", "Teacher"),
    "seat.not-held": ("这一场不办了", "This course is not held"),
    "seat.courseware": ("课件", "Courseware"),
    "seat.read": ("先看课件", "Read it now"),
    "seat.cannot": ("来不了", "You cannot come"),
    "seat.cancel.lead": ("取消后，座位让给候补的人。", "Your seat goes to who waits for one."),
    "seat.cancel": ("取消报名", "Cancel the enrolment"),
    "courseware.title": ("税务学堂课件", "Tax school courseware"),
    "courseware.for": ("适合", "For"),
    "courseware.minutes": ("课堂分钟数", "Minutes in class"),
    "courseware.article": ("第{at}条", "art. {at}"),
    "courseware.section": ("第{at}项", "section {at}"),
    "courseware.own-words": (
        "课件用通俗的话说明规定，以正式文本为准。",
        "Courseware says the rules in plain words; the official texts prevail.",
    ),
    # --- booked times ---
    "appointment.title": ("预约", "Your booking"),
    "appointment.state.open": (
        "已预约。当天先到大厅取号。",
        "Booked. On the day, take a number at the hall first.",
    ),
    "appointment.state.arrived": ("已到大厅取号。", "You have taken your number."),
    "appointment.state.cancelled": ("已取消。", "Cancelled."),
    "appointment.state.closed": (
        "抱歉，大厅这个时间不能办理，请改约。",
        "We are sorry: the hall cannot keep this time. Please move it.",
    ),
    "appointment.state.missed": ("时间已过，没有取号。", "The time is over and no number was taken."),
    "appointment.number": ("预约号", "Booking"),
    "appointment.line": ("业务", "Business"),
    "appointment.hall": ("大厅", "Hall"),
    "appointment.windows": ("窗口", "Where"),
    "appointment.bring": ("请带", "Please bring"),
    "appointment.move": ("改约", "Move it"),
    "appointment.to": ("同一大厅的空余时间", "Times left at this hall"),
    "appointment.do-move": ("改到这个时间", "Move to this time"),
    "appointment.none": ("这个大厅近期都已约满。", "This hall is booked up for the coming days."),
    "appointment.cannot": ("来不了", "You cannot come"),
    "appointment.cancel.lead": (
        "取消不算未到，名额让给别人。",
        "It does not count as not coming; others get the place.",
    ),
    "appointment.cancel": ("取消预约", "Cancel the booking"),
    # --- the invoice lottery ---
    "lottery.title": ("有奖发票开奖", "Invoice lottery"),
    "lottery.won": ("中奖 {amount} 元", "{amount} yuan won"),
    "lottery.blank": ("没有中奖", "No prize"),
    "lottery.state.blank": ("这张奖券没有奖金。", "This ticket has no prize."),
    "lottery.state.won": ("还没有兑奖。", "Not claimed yet."),
    "lottery.state.ordered": ("已兑奖，等待付款。", "Claimed, to be paid."),
    "lottery.state.paid": ("奖金已付。", "The prize is paid."),
    "lottery.state.returned": ("银行退回，请重新兑奖。", "The bank sent it back; please claim it again."),
    "lottery.ticket": ("奖券号码", "Ticket"),
    "lottery.invoice": ("发票", "Invoice"),
    "lottery.at": ("开奖时间", "Drawn at"),
    "lottery.drawn": ("开奖数字", "Number drawn"),
    "lottery.until": ("兑奖截止", "Claim by"),
    "lottery.sealed": (
        "当天的种子在当天结束后公布，那时这里会算给您看。",
        "The seed of the day is published when the day is over; then the draw is checked here.",
    ),
    "lottery.agrees": (
        "已验证：种子和奖率与事先公布的承诺值相符，算出的数字和奖金与奖券相同。",
        "Checked: seed and odds are those that were bound beforehand, and they give this number and prize.",
    ),
    "lottery.differs": (
        "验证不符，请拨打 12366 反映。",
        "The draw does not agree with what was published; please call 12366.",
    ),
    "lottery.how": ("怎样自己验证", "How to check it yourself"),
    "lottery.how.text": (
        "承诺值 = SHA-256（四行：invoice-lottery-1、日期、奖率、种子）。"
        "开奖数字 = HMAC-SHA256（种子；两行：发票、业务编号）对 1,000,000 取余。数字从 0 起依次归各奖项。",
        "Commitment = SHA-256 over four lines: invoice-lottery-1, day, odds, seed. Number = HMAC-SHA256 with the seed "
        "over two lines, invoice and key, modulo 1,000,000. Numbers from 0 on belong to the prizes in their order.",
    ),
    "lottery.commitment": ("事先公布的承诺值", "Commitment, published beforehand"),
    "lottery.seed": ("种子", "Seed"),
    "lottery.seed.later": ("当天结束后公布", "published when the day is over"),
    "lottery.key": ("业务编号", "Key of the draw"),
    "lottery.prize": ("{amount} 元", "{amount} yuan"),
    # --- slip ---
    "slip.unknown.title": ("终端已收下，还在路上", "Received by the terminal, on its way"),
    "slip.unknown.lead": (
        "税务局还没有收到这一件。网络恢复后终端会自动送来，您不用再去，也不要重复办理。",
        "It has not reached the bureau yet. The terminal sends it by itself once the network is back: "
        "there is nothing to do, and please do not do it twice.",
    ),
    "slip.unknown.note": (
        "申报时间按终端收下的时间算。三天后还是这样，请带回单到办税厅或拨打 12366。",
        "The moment the terminal took it counts as the time of filing. If this page still says the same "
        "after three days, bring the slip to a tax hall or call 12366.",
    ),
    "slip.accepted.title": ("已经办好", "Accepted"),
    "slip.refused.title": ("被退回，需要您处理", "Returned: you need to act"),
    "slip.duplicate.title": ("以前已经办过", "Done before already"),
    "slip.duplicate.lead": (
        "同一件事在别处已经办好，这次没有重复计算。",
        "The same was filed elsewhere before; it was not counted twice.",
    ),
    "slip.inDoubt.title": ("正在核实", "Being looked into"),
    "slip.inDoubt.lead": (
        "结果还不能确定，工作人员正在核实。请不要重复办理，也不要重复付款。",
        "The outcome is not certain yet and staff are looking into it. Please do not file or pay again.",
    ),
    "slip.open.title": ("已受理，正在审核", "Accepted, being decided"),
    "slip.open.lead": (
        "税务人员正在审核，有结果会发短信告诉您。",
        "An officer is deciding; you get a message when it is done.",
    ),
    "slip.reference": ("受理编号", "Reference"),
    "slip.deadline": ("请在这一天之前处理", "Please act by"),
    "slip.step.terminal": ("终端收下", "Taken by the terminal"),
    "slip.step.bureau": ("税务局收到", "Received by the bureau"),
    "slip.step.waiting": ("等待送达", "waiting for delivery"),
    "slip.step.accepted": ("办好", "Accepted"),
    "slip.step.refused": ("退回", "Returned"),
    "slip.step.duplicate": ("与以前的一件相同", "Same as an earlier one"),
    "slip.step.inDoubt": ("核实中", "Being looked into"),
    "slip.step.open": ("审核中", "Being decided"),
    "slip.step.later": ("办理结果", "Outcome"),
    "slip.history": ("经过", "What happened"),
    "slip.details": ("内容", "Details"),
    "slip.keep": (
        "这一页只有扫回单上的码才能打开，请保管好回单。",
        "Only the code on the slip opens this page. Keep the slip safe.",
    ),
}
TEXTS = {
    key: Words(*pair)
    for key, pair in (_PAIRS | phone_texts.PAIRS | certificate_texts.PAIRS | open_texts.PAIRS).items()
}


def text(key: str, lang: str, **values: object) -> str:
    """The sentence in a language, with its figures.

    Raises:
        KeyError: there is no such sentence, a mistake of the program.
    """
    return TEXTS[key].in_language(lang).format(**values)
