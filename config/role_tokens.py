"""The tokens of other publishers' services: each in a file of its own, and never sent over an open wire.

The token of our own device program is for our own publisher alone. A service of another publisher is shown the
token that its ``role_token_files`` entry names, and none when there is none.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from config.errors import ConfigError
from config.sections import LOOPBACK, wrong

_Role = TypeVar("_Role", bound=str)


def in_the_clear(uri: str) -> bool:
    """Whether what is sent to ``uri`` can be read by others on the network: ``ws://`` beyond loopback."""
    parts = urlsplit(uri)
    return parts.scheme != "wss" and (parts.hostname or "") not in LOOPBACK


def tokens_fit(files: dict[str, Path], roles: Mapping[str, str]) -> dict[str, Path]:
    """Check ``role_token_files`` against ``roles``; raise a settings error for one that must not be used."""
    for role, path in files.items():
        if not path.is_absolute():
            raise wrong(f"the file of {role!r} has no full path", "write it from / on")
        if role not in roles:
            raise wrong(f"{role!r} has no address under roles", "name its service there, or remove the file")
        if in_the_clear(roles[role]):
            raise wrong(f"the token of {role!r} would be sent in the clear", "use wss:// for that service")
    return files


def read_token(path: Path) -> str:
    """The token in a file: its only line, with no blank in it.

    Raise ``ConfigError`` when it cannot be read, is no token, or may be read by everybody.
    """
    try:
        everybody = path.stat().st_mode & stat.S_IROTH
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        raise ConfigError.single(
            path, "", f"cannot be read: {error}", "write the token into it, alone on one line"
        ) from None
    if everybody:
        raise ConfigError.single(path, "", "may be read by everybody", f"chmod 640 {path}")
    if not text or text.split() != [text]:
        raise ConfigError.single(path, "", "has no token in it", "write the token into it, alone on one line")
    return text


def read_tokens(files: Mapping[_Role, Path]) -> dict[str, str]:
    """The token of each role; raise ``ConfigError``."""
    return {str(role): read_token(path) for role, path in files.items()}
