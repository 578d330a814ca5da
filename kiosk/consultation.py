"""The consultation, opened fast: what was made of the content is kept in a file, and made again when that changes.

Indexing the library takes seconds that a terminal's start has not got. The file is a copy of nothing that is secret and
is trusted as far as the folder it lies in; it is taken only for the very content, words and program it was made of.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from array import array
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from config import library as libraries
from config import readings
from config.library import Library, limits, models, words
from kiosk.domain.consult import documents, index, search, tokens
from kiosk.domain.consult.ask import Consultation
from kiosk.domain.consult.index import Index, Postings

LANGUAGES: Final = (search.CHINESE, search.ENGLISH)
_TEXTS: Final = TypeAdapter(dict[str, models.LawText])
_ANSWERS: Final = TypeAdapter(dict[str, models.Answer])
_UNUSABLE: Final = (OSError, ValueError, KeyError, TypeError, IndexError)
"""What reading may end with where the file is of another make, cut off or absent; it is then made anew."""


def opened(
    kept: Path,
    folder: Path = libraries.BUILT_IN,
    edited: Callable[[Library], Library] | None = None,
    stamp: str = "",
) -> Consultation:
    """The consultation of the content in ``folder``, from the file ``kept`` if it was made of just that.

    Else it is made and kept, if ``kept`` can be written. ``edited``: what is done to the content that was read,
    ``stamp`` tells it from anything else that could be done. Raises ``ConfigError`` where the content has a mistake.
    """
    digest = _digest(folder, stamp)
    try:
        library, indices = _read(kept, digest)
    except _UNUSABLE:
        library, indices = libraries.load(folder), {}
        library = edited(library) if edited is not None else library
    consultation = Consultation(
        library,
        words.load(folder / "words.yaml"),
        limits.load(folder / "limits.yaml"),
        readings.readings(),
        indices,
    )
    if not indices:
        with contextlib.suppress(OSError):
            _write(kept, digest, library, {lang: consultation.search.index(lang) for lang in LANGUAGES})
    return consultation


def _digest(folder: Path, stamp: str) -> str:
    """Of all that the indices are made of: the content, the readings, and the modules that cut and weigh."""
    found = hashlib.sha256(stamp.encode())
    sources = (Path(module.__file__ or "") for module in (documents, index, search, tokens, models))
    for path in (*sorted(folder.rglob("*.yaml")), *sources, readings.DICTIONARY):
        found.update(f"{path.name}\n".encode())
        with contextlib.suppress(FileNotFoundError):
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _write(kept: Path, digest: str, library: Library, indices: Mapping[str, Index]) -> None:
    parts = [
        _TEXTS.dump_json(dict(library.texts)),
        _ANSWERS.dump_json(dict(library.answers)),
        *(part for lang in LANGUAGES for part in _parts(indices[lang].postings)),
    ]
    sizes = [len(part) for part in parts]
    documents_of = [indices[lang].size for lang in LANGUAGES]
    head = {"digest": digest, "order": sys.byteorder, "sizes": sizes, "documents": documents_of}
    beside = kept.with_name(f"{kept.name}.{os.getpid()}")
    beside.write_bytes(b"".join((json.dumps(head).encode(), b"\n", *parts)))
    os.replace(beside, kept)


def _parts(of: Postings) -> Iterator[bytes]:
    yield "\n".join(of.tokens).encode()
    yield of.starts.tobytes()
    yield of.documents.tobytes()
    yield of.worth.tobytes()


def _read(kept: Path, digest: str) -> tuple[Library, dict[str, Index]]:
    """Raises one of ``_UNUSABLE``."""
    first, _, rest = kept.read_bytes().partition(b"\n")
    head = json.loads(first)
    if (head["digest"], head["order"], sum(head["sizes"])) != (digest, sys.byteorder, len(rest)):
        raise ValueError("made of other content, by another program, or cut off")
    view, at, parts = memoryview(rest), 0, []
    for size in head["sizes"]:
        parts.append(view[at : at + size])
        at += size
    texts, answers, *postings = parts
    indices = {
        lang: Index(_postings(head["documents"][number], postings[4 * number : 4 * number + 4]))
        for number, lang in enumerate(LANGUAGES)
    }
    return Library(_TEXTS.validate_json(bytes(texts)), _ANSWERS.validate_json(bytes(answers))), indices


def _postings(size: int, parts: list[memoryview]) -> Postings:
    tokens, starts, where, worth = parts
    held = Postings(size, tuple(str(tokens, "utf-8").split("\n")), array("I"), array("H"), array("f"))
    held.starts.frombytes(starts)
    held.documents.frombytes(where)
    held.worth.frombytes(worth)
    return held
