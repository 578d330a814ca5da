"""The structured original of an electronic invoice (XML), with the element names that issued 数电票 carry.

Nobody publishes a schema for them; the names below are those of files that taxpayers receive, and are not compared with
any specification. Amounts are yuan with two places.
"""

from __future__ import annotations

from xml.etree import ElementTree

from bureau.ports.einvoices import IssuedInvoice
from kiosk.domain.ids import Fen
from kiosk.domain.money import capital, yuan
from sync.models import Texts

ORDINARY, SPECIAL = ("02", "普通发票"), ("01", "增值税专用发票")


def invoice_xml(invoice: IssuedInvoice, bureau: Texts) -> bytes:
    """The file, in UTF-8 with its declaration; the same bytes for the same invoice."""
    root = ElementTree.Element("EInvoice")
    _header(root, invoice)
    data = ElementTree.SubElement(root, "EInvoiceData")
    _put(data, "SellerInformation", SellerIdNum=invoice.seller, SellerName=invoice.seller_name)
    _put(data, "BuyerInformation", BuyerIdNum=invoice.buyer_number, BuyerName=invoice.buyer)
    _put(
        data,
        "BasicInformation",
        TotalAmWithoutTax=_yuan(invoice.net_fen),
        TotalTaxAm=_yuan(invoice.tax_fen),
        **{
            "TotalTax-includedAmount": _yuan(invoice.total_fen),
            "TotalTax-includedAmountInChinese": capital(Fen(invoice.total_fen)),
        },
        RequestTime=invoice.issued_on.isoformat(),
    )
    for line in invoice.lines:
        _put(
            data,
            "IssuItemInformation",
            ItemName=line.name,
            MeaUnits=line.unit,
            Quantity=line.quantity,
            Amount=_yuan(line.net_fen),
            TaxRate=line.rate,
            ComTaxAm=_yuan(line.tax_fen),
            TotaltaxIncludedAmount=_yuan(line.net_fen + line.tax_fen),
        )
    if invoice.remark:
        _put(data, "AdditionalInformation", Remark=invoice.remark)
    if invoice.red_of:
        _put(data, "SpecificInformation", OriginalInvoiceNumber=invoice.red_of)
    _put(
        root,
        "TaxSupervisionInfo",
        InvoiceNumber=invoice.number,
        IssueTime=invoice.issued_on.isoformat(),
        TaxBureauName=bureau["zh-CN"],
    )
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _header(root: ElementTree.Element, invoice: IssuedInvoice) -> None:
    header = ElementTree.SubElement(root, "Header")
    _text(header, "EIid", invoice.number)
    label = ElementTree.SubElement(header, "InherentLabel")
    _put(label, "InIssuType", LabelCode="N" if invoice.state != "red" else "Y", LabelName="是否红字")
    code, name = SPECIAL if invoice.kind == "special" else ORDINARY
    _put(label, "GeneralOrSpecialVAT", LabelCode=code, LabelName=name)


def _put(parent: ElementTree.Element, name: str, **values: str) -> None:
    element = ElementTree.SubElement(parent, name)
    for key, value in values.items():
        _text(element, key, value)


def _text(parent: ElementTree.Element, name: str, value: str) -> None:
    ElementTree.SubElement(parent, name).text = value


def _yuan(fen: int) -> str:
    return str(yuan(Fen(fen)))
