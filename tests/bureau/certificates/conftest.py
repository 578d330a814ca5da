from __future__ import annotations

from pathlib import Path

import pytest

from bureau.certificates.issue import IssuedPdf, issue
from bureau.certificates.keys import IssuingKeys, open_keys
from bureau.certificates.ports import CertificateSigner
from bureau.certificates.sealing import software_signer
from tests.bureau.certificates import samples


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> IssuingKeys:
    return open_keys(Path(tmp_path_factory.mktemp("issuing")) / "keys", "云川市税务局")


@pytest.fixture(scope="session")
def signer(keys: IssuingKeys) -> CertificateSigner:
    return software_signer(keys, "云川市税务局")


@pytest.fixture(scope="session")
def issued(signer: CertificateSigner) -> IssuedPdf:
    return issue(samples.record(), signer, number=samples.NUMBER, public_url=samples.PUBLIC)
