"""Sentences about certificates that ended, and about one that is fetched by a phone, in Chinese and English."""

PAIRS = {
    "cert.ended.replaced": ("换开日期", "Replaced on"),
    "cert.ended.void": ("作废日期", "Void since"),
    "cert.ended.why": ("原因", "Why"),
    "cert.successor": ("新证明编号", "Number of the new one"),
    "cert.changed.refunded": ("开具后已退税", "Given back since"),
    "cert.changed.corrected": ("开具后已更正", "Corrected since"),
    "cert.changed.withdrawn": ("申报已作废", "Return taken back"),
    "cert.changed.since": ("开具以后", "After it was issued"),
    "cert.now": (
        "这是登记簿现在的状态。只验印章或二维码签名、不联网查，看不出证明后来有没有作废或换开。",
        "This is how the register stands now. Whoever checks the seal or the signed code without it cannot see"
        " whether the certificate was voided or replaced since.",
    ),
    "fetch.title": ("您的证明", "Your certificate"),
    "fetch.lead": (
        "带电子印章的 PDF，只能下载一次，请存好。",
        "A sealed PDF. It can be fetched once: keep it.",
    ),
    "fetch.kind": ("证明", "Certificate"),
    "fetch.number": ("编号", "Number"),
    "fetch.submit": ("下载", "Fetch it"),
    "fetch.note": (
        "文件上的电子印章证明它由本局开具、没有改过；是否仍然有效，请扫证明上的码或按编号在本网站查验。",
        "The seal shows that the bureau issued the file and nobody changed it. Whether it is still valid, the code"
        " on it or its number tells on this site.",
    ),
    "fetch.gone.title": ("链接已经失效", "This link no longer works"),
    "fetch.gone.lead": (
        "已经下载过、超过了 30 分钟，或证明已经作废、换开。需要的话，请在自助终端“补打、换开证明”中再发一次。",
        "It was fetched already, is older than 30 minutes, or the certificate is no longer valid. Have it sent once"
        ' more at a terminal, under "Certificate again".',
    ),
}
