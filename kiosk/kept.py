"""What the centre allowed this terminal to keep (offline class ``cached``), each answer sealed in a file of its own.

Nothing on the disk tells who was here: names of files are keyed digests, contents are sealed by the key store, and
the centre's word is checked each time one is used. An answer lives as long as the centre said.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import ValidationError

from kiosk.effects.base import Origin
from sync.crypto import KeyStore
from sync.errors import SyncError
from sync.files import read_private, write_private
from sync.identity import TerminalIdentity
from sync.kept import asked_of, check_word
from sync.models import KeepWord, QueryAnswer, QueryRequest, Subject

log = logging.getLogger("kiosk.kept")
FOLDER: Final = "kept"
NAMING_KEY: Final = "kept-names"
SUFFIX: Final = ".kept"
CLOCKS_APART: Final = timedelta(minutes=5)
"""How far the centre's clock may be ahead of ours, as for signatures; one set back further makes none young again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer of the centre as it was at ``as_of``."""

    data: dict[str, Any]
    as_of: datetime


class Keeps(Protocol):
    """Where the executor looks while the centre is away."""

    def find(self, query: str, params: dict[str, object], origin: Origin) -> Kept | None:
        """What the centre answered to the same question, while it may still be used."""
        ...


class KeptAnswers:
    """The files below the state directory. Safe to use from several threads: each file is written whole."""

    def __init__(
        self, state_dir: Path, identity: TerminalIdentity, keystore: KeyStore, now: Callable[[], datetime]
    ) -> None:
        """Makes the folder and its naming key the first time; raises ``KeyStoreError``."""
        self._folder, self._identity, self._keystore, self._now = (
            state_dir / FOLDER,
            identity,
            keystore,
            now,
        )
        self._folder.mkdir(mode=0o700, exist_ok=True)
        key = keystore.load(NAMING_KEY)
        if key is None:
            key = os.urandom(32)
            keystore.save(NAMING_KEY, key)
        self._key = key
        self.forget_old()

    def keep(self, name: str, request: QueryRequest, answer: QueryAnswer) -> None:
        """Keep an answer that the centre allows to be kept, in place of the one before; others are passed by.

        One that cannot be written is not kept, and said so: the person has their answer all the same.
        """
        word = answer.keep
        if word is None:
            return
        asked = asked_of(name, request)
        try:
            check_word(word, self._identity.terminal, asked, answer.data, self._identity.bureau_verifier)
            content = json.dumps({"word": word.model_dump(mode="json"), "data": answer.data}).encode()
            self.forget_old()
            for earlier in self._of(asked):
                earlier.unlink(missing_ok=True)
            path = self._folder / f"{int(word.until.timestamp()):012}-{self._digest(asked)}{SUFFIX}"
            write_private(path, self._keystore.wrap(content, _context(asked)))
        except (OSError, SyncError):
            log.warning("the answer to %s could not be kept", name, exc_info=True)

    def find(self, query: str, params: dict[str, object], origin: Origin) -> Kept | None:
        """What the centre answered to the same question; None when there is none that it stands for now.

        A file that was changed, or that a centre of another key signed, is thrown away.
        """
        asked = asked_of(query, question(params, origin))
        for path in self._of(asked):
            try:
                sealed = read_private(path)
                if sealed is None:
                    continue
                content = json.loads(self._keystore.unwrap(sealed, _context(asked)))
                word, data = KeepWord.model_validate(content["word"]), dict(content["data"])
                check_word(word, self._identity.terminal, asked, data, self._identity.bureau_verifier)
            except (SyncError, ValidationError, ValueError, KeyError, TypeError):
                log.warning("a kept answer to %s is not the centre's: thrown away", query)
                path.unlink(missing_ok=True)
                continue
            if word.as_of - CLOCKS_APART <= self._now() < word.until:
                return Kept(data, word.as_of)
        return None

    def forget_old(self) -> None:
        """Take away every answer whose time is over."""
        now = int(self._now().astimezone(UTC).timestamp())
        for path in self._folder.glob(f"*{SUFFIX}"):
            until, _, _ = path.name.partition("-")
            if not until.isdigit() or int(until) <= now:
                path.unlink(missing_ok=True)

    def _of(self, asked: bytes) -> Iterator[Path]:
        yield from self._folder.glob(f"*-{self._digest(asked)}{SUFFIX}")

    def _digest(self, asked: bytes) -> str:
        return hmac.digest(self._key, asked, "sha256").hex()


def question(params: dict[str, object], origin: Origin) -> QueryRequest:
    """The question as it goes over the wire."""
    return QueryRequest(
        service=origin.service,
        service_hash=origin.service_hash,
        subject=Subject.model_validate(origin.subject),
        params=params,
        lang=origin.lang,
    )


def _context(asked: bytes) -> bytes:
    return b"kept:" + asked
