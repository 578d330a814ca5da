"""Small private files, written so that a power cut leaves the old one or the new one, never half of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sync.errors import KeyStoreError


def write_private(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Write ``content`` with mode 0600, flushed to the medium with its folder.

    With ``replace=False`` an existing file stays (two programs starting at once agree on one of them).
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            temporary.replace(path)
        else:
            os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
    flush_folder(path.parent)


def read_private(path: Path) -> bytes | None:
    """The content, None when there is no file; raises ``KeyStoreError`` when others may read it."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise KeyStoreError(f"{path} may be read by others ({mode:o}): chmod 600 it, or make a new key")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyStoreError(f"{path}: {error.strerror}") from error


def flush_folder(folder: Path) -> None:
    """Make names created or renamed in ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
