"""What a printer prints to show that it works."""

from __future__ import annotations

from typing import Final

TEST_RECEIPT: Final = (
    {"type": "title", "text": "测试 Test"},
    {"type": "text", "text": "打印机自检 printer test", "align": "center"},
    {"type": "rule"},
    {"type": "row", "label": "0123456789", "value": "¥1,234.56"},
    {"type": "qr", "data": "TEST", "caption": "QR"},
)


def test_page() -> bytes:
    """One A4 page with a frame and a word, as small as a PDF can be."""
    content = b"0.5 w 40 40 515 762 re S BT /F1 24 Tf 60 760 Td (Printer test 0123456789) Tj ET"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body = bytearray(b"%PDF-1.4\n")
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table)
    body += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
    return bytes(body)
