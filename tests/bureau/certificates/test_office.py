from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bureau.certificates.errors import FiguresError
from bureau.certificates.inspection import PdfState, inspect
from bureau.certificates.office import Office, open_office
from bureau.certificates.proof import page_texts
from bureau.ports.office import CertificateOffice, IitCertificate
from tests.bureau.certificates import samples

NAME = {"zh-CN": "云川市税务局", "en-US": "Yunchuan Municipal Tax Bureau"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    return open_office(Path(tmp_path_factory.mktemp("bureau")), NAME, samples.PUBLIC)


def asked(office: CertificateOffice) -> IitCertificate:
    rows = tuple(samples.rows(3))
    return IitCertificate(
        number=samples.NUMBER,
        code=office.new_code(),
        name="沈知舟",
        document_kind="resident-id",
        document_number=samples.HOLDER.number,
        first=rows[0].month,
        last=rows[-1].month,
        rows=rows,
        total_income_fen=sum(row.income_fen for row in rows),
        total_tax_fen=sum(row.tax_fen for row in rows),
        content_sha256="0" * 64,
        issued_at=samples.ISSUED_AT,
        place={"zh-CN": "中心大厅 A-07", "en-US": "Central hall A-07"},
        lang="en-US",
    )


def test_the_office_seals_what_it_was_asked_to(office: Office) -> None:
    wanted = asked(office)
    document = office.issue_iit_record(wanted)
    verdict = inspect(document.pdf, office.trust.authorities)
    assert (verdict.state, verdict.number) == (PdfState.INTACT, samples.NUMBER)
    assert f"n={wanted.number}&c={wanted.code}&s=" in document.verify_url
    assert "样例,不作证明" in page_texts(document.pdf)[0]


def test_totals_that_are_not_the_sums_issue_nothing(office: Office) -> None:
    wanted = asked(office)
    with pytest.raises(FiguresError):
        office.issue_iit_record(replace(wanted, total_tax_fen=wanted.total_tax_fen + 1))


def test_the_same_keys_serve_after_a_restart(tmp_path: Path) -> None:
    first, again = (open_office(tmp_path, NAME, samples.PUBLIC) for _ in range(2))
    wanted = asked(first)
    assert first.issue_iit_record(wanted).verify_url == again.issue_iit_record(wanted).verify_url


def test_a_real_bureau_prints_no_specimen_mark(tmp_path: Path) -> None:
    office = open_office(tmp_path, NAME, samples.PUBLIC, specimen=False)
    (page,) = page_texts(office.issue_iit_record(asked(office)).pdf)
    assert "样例" not in page and "样章" not in page and "Specimen" not in page
