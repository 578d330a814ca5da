"""What the plan's actions promise a visitor, by the ids of the catalogue: none of them may get lost.

The open data of 14 (``bureau.opendata``), the console on an inspection (18), analytics (19) and the centre's own running (20)
are no services of a terminal.
"""

from __future__ import annotations

from typing import Final

PROMISED: Final[dict[int, list[str]]] = {
    # mutual help (众包互助), ideas (创意空间)
    1: "help.browse help.ask help.answer".split(),
    2: "ideas.submit ideas.vote".split(),
    # official software and tools (应用广场)
    3: "tools.apps tools.calculate tools.navigator tools.departure-refund".split(),
    # online acceptance (在线受理)
    4: """identity.enrol identity.bind-role identity.unbind-role identity.delegate identity.undelegate registration.confirm registration.query
        registration.change registration.temporary registration.withholding
        registration.general-taxpayer registration.verify preference.file preference.apply
        materials.supply progress.query agreement.triparty privacy.my-data privacy.erase document.sign-for
        slip.exchange appointment.book appointment.cancel queue.ticket identity.guardian""".split(),
    # declaring and paying (申报缴税)
    5: """declare.vat-small declare.zero declare.fixed-quota declare.stamp declare.deed
        declare.vehicle-purchase declare.vehicle-vessel declare.rental declare.iit-annual
        declare.social-insurance declare.correct pay.due pay.arrears pay.voucher pay.non-tax
        query.declarations query.payments query.due""".split(),
    # refunds (便捷退税)
    6: "refund.overpaid refund.iit refund.export refund.track".split(),
    # self-service collection (自助申领)
    7: """invoice.collect invoice.pick-up invoice.check-used invoice.return invoice.void-return
        invoice.report-loss invoice.quota invoice.deliver invoice.deliveries invoice.device certificate.tax-payment certificate.iit-record
        certificate.no-arrears certificate.residence certificate.social-insurance
        certificate.vehicle-purchase certificate.declaration-copy certificate.credit certificate.verify
        certificate.reissue""".split(),
    # mobile issuing (移动开票)
    8: "invoice.issue invoice.phone-bind invoice.phone-unbind invoice.title-code invoice.red".split(),
    # e-invoices (电子发票)
    9: "einvoice.list einvoice.print einvoice.deliver invoice.book".split(),
    # verification (发票查验)
    10: "invoice.verify".split(),
    # lottery (发票摇奖)
    11: "lottery.draw lottery.claim".split(),
    # supervision and rights (监督维权)
    12: """feedback.complain feedback.report feedback.track feedback.mine survey.take notices.cases
        credit.query""".split(),
    # publicity (信息公开)
    13: "library.search calendar.view".split(),
    # data sharing (数据共享)
    14: "share.consent share.withdraw share.bank-loan".split(),
    # tailored information (信息定制)
    15: "subscribe.manage risk.self-check".split(),
    # consultation (智能咨询)
    16: "consult.ask consult.person".split(),
    # tax school (税务学堂)
    17: "school.courses school.enrol school.cancel school.evaluate".split(),
}
