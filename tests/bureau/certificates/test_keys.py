from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bureau.certificates.errors import KeyMaterialError
from bureau.certificates.keys import FILES, key_id, open_keys


def test_keys_are_made_once_and_private(tmp_path: Path) -> None:
    first, again = (open_keys(tmp_path / "k", "云川市税务局") for _ in range(2))
    assert first.seal_certificate == again.seal_certificate
    assert key_id(first.code_key.public_key()) == key_id(again.code_key.public_key())
    for name in FILES:
        mode = stat.S_IMODE((tmp_path / "k" / name).stat().st_mode)
        assert mode == (0o600 if name.endswith(".key") else 0o644)
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o700


def test_programs_starting_together_agree_on_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: open_keys(tmp_path / "k", "云川市税务局"), range(4)))
    assert len({keys.seal_certificate.serial_number for keys in made}) == 1


@pytest.mark.parametrize("lost", FILES)
def test_a_lost_file_is_told_and_never_replaced(tmp_path: Path, lost: str) -> None:
    open_keys(tmp_path, "云川市税务局")
    (tmp_path / lost).unlink()
    with pytest.raises(KeyMaterialError, match="restore"):
        open_keys(tmp_path, "云川市税务局")
    assert not (tmp_path / lost).exists()


def test_files_of_two_bureaus_do_not_go_together(tmp_path: Path) -> None:
    for name in ("a", "b"):
        open_keys(tmp_path / name, name)
    for name in ("seal.pem", "authority.pem"):
        (tmp_path / "a" / name).write_bytes((tmp_path / "b" / name).read_bytes())
    with pytest.raises(KeyMaterialError, match="not the certificate"):
        open_keys(tmp_path / "a", "a")
    (tmp_path / "b" / "seal.key").write_bytes(b"nonsense")
    with pytest.raises(KeyMaterialError, match="unusable"):
        open_keys(tmp_path / "b", "b")
