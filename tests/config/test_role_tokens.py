"""A token of another publisher's service stands in a file of its own, which not everybody may read."""

import pytest

from config.errors import ConfigError
from config.role_tokens import in_the_clear, read_token, read_tokens


def test_a_token_is_the_only_line_of_its_file(tmp_path):
    file = tmp_path / "reader.token"
    file.touch(0o640)
    file.write_text("theirs\n")
    assert read_tokens({"idReader": file}) == {"idReader": "theirs"}


@pytest.mark.parametrize(
    ("body", "mode", "said"),
    [
        (b"", 0o640, "no token"),
        (b"two words", 0o640, "no token"),
        (b"\xff", 0o640, "cannot be read"),
        (b"theirs", 0o644, "chmod 640"),
    ],
)
def test_a_file_that_is_no_token_s_is_refused_in_words(tmp_path, body, mode, said):
    file = tmp_path / "reader.token"
    file.write_bytes(body)
    file.chmod(mode)
    with pytest.raises(ConfigError, match=said):
        read_token(file)


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path):
    with pytest.raises(ConfigError, match="write the token into it"):
        read_token(tmp_path / "none")


def test_an_open_wire_is_one_that_leaves_this_machine():
    assert in_the_clear("ws://10.0.0.1:5846/xfs4iot/v1.0")
    assert not in_the_clear("ws://127.0.0.1:5846/xfs4iot/v1.0")
    assert not in_the_clear("ws://[::1]:5846/xfs4iot/v1.0")
    assert not in_the_clear("wss://10.0.0.1/xfs4iot/v1.0")
