"""How well the consultation finds and how honestly it refuses, beside SQLite's FTS5 over the same documents.

    python -m benchmarks.consultation [--part open|held]

Recall: one of the clauses that truly answer is among those of the first one or three that are shown. The peer is what
one would build in an afternoon: FTS5 with its ``bm25``, pairs of characters and Porter's stems, on the same documents
and days, and the best threshold on its score that the open questions allow. Of the held ones only these sums are
printed, never a question.
"""

from __future__ import annotations

import argparse
import gc
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pysqlite3 import dbapi2 as sqlite

from config import library
from config.library import Library
from kiosk.consultation import opened
from kiosk.domain.consult.ask import BEST, Answered, Consultation
from kiosk.domain.consult.documents import Document, documents
from tests.consultation.questions import PARTS, Part, Question, load

Asker = Callable[[Question], tuple[Sequence[Document], bool]]
"""The best documents for the question, and whether they are given as an answer."""
START = 1.0
"""Seconds of computing in which a terminal's start must have it, content and both languages."""
REFUSED_FALSELY = 0.1
"""The peer's threshold refuses no more of the open questions with an answer than this."""


class Peer:
    """FTS5 and bm25."""

    def __init__(self, of: Library) -> None:
        self._documents = documents(of)
        self._store = sqlite.connect(":memory:")
        self._store.execute("create virtual table d using fts5(body, tokenize='porter unicode61')")
        rows = ((number, self._pairs(body(one))) for number, one in enumerate(self._documents))
        self._store.executemany("insert into d(rowid, body) values (?, ?)", rows)
        self.enough = 0.0

    def ask(self, question: Question) -> tuple[Sequence[Document], bool]:
        """The best by bm25."""
        found = self.scored(question)
        return [one for one, _ in found], bool(found) and found[0][1] >= self.enough

    def scored(self, question: Question) -> list[tuple[Document, float]]:
        """The same with their scores."""
        asked = " OR ".join(f'"{each}"' for each in dict.fromkeys(self._pairs(question.asked).split()))
        if not asked:
            return []
        rows = self._store.execute(
            "select rowid, -bm25(d) from d where d match ? order by bm25(d) limit 60", (asked,)
        )
        right = [
            (self._documents[n], score) for n, score in rows if self._documents[n].right_on(question.day)
        ]
        return right[:BEST]

    @staticmethod
    def _pairs(text: str) -> str:
        def cut(run: re.Match[str]) -> str:
            han = run.group()
            return f" {' '.join(han[at : at + 2] for at in range(max(1, len(han) - 1)))} "

        return re.sub(r"[^\w]+", " ", re.sub(r"[\u3400-\u9fff]+", cut, text.casefold()))


def body(document: Document) -> str:
    """All words of a document."""
    said = [texts for source in document.sources for texts in (source.clause.heading, source.clause.text)]
    said.extend(source.text.title for source in document.sources)
    if document.answer is not None:
        said.extend((*document.answer.asked, document.answer.answer))
    return " ".join(words for texts in said for words in texts.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of one part."""

    first: float
    third: float
    honest: float
    false: float
    ms: float

    def __str__(self) -> str:
        return (
            f"recall@1 {self.first:.3f}  recall@3 {self.third:.3f}  honest refusals {self.honest:.3f}"
            f"  false refusals {self.false:.3f}  {self.ms:.1f} ms a question"
        )


def measured(questions: Sequence[Question], ask: Asker) -> Figures:
    """All of them asked. Recall counts what is found, refused or not; a refusal is counted by itself."""
    first = third = honest = false = 0
    took = []
    for question in questions:
        begun = time.perf_counter()
        found, answered = ask(question)
        took.append(time.perf_counter() - begun)
        expected = {(cited.text, cited.clause) for cited in question.expects}
        hits = [bool(expected & {(s.text.id, s.clause.at) for s in one.sources}) for one in found]
        first += any(hits[:1])
        third += any(hits[:BEST])
        honest += not expected and not answered
        false += bool(expected) and not answered
    able = sum(bool(question.expects) for question in questions)
    return Figures(
        first / able, third / able, honest / (len(questions) - able), false / able, 1000 * median(took)
    )


def memory() -> float:
    """What the process holds, in MB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


def kept_anew(kept: Path) -> float:
    """Make it of the content and keep it; the seconds it took."""
    begun = time.perf_counter()
    opened(kept)
    return time.perf_counter() - begun


def started() -> Consultation:
    """Made of the content by another process, then opened as at a terminal's start; prints what each took."""
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1) as other:
        kept = Path(folder) / "consultation"
        print(f"made and kept in {other.submit(kept_anew, kept).result():.1f} s")
        before, begun, busy = memory(), time.perf_counter(), time.process_time()
        consultation = opened(kept)
        wall, busy = time.perf_counter() - begun, time.process_time() - busy
        size = kept.stat().st_size / 1e6
    print(
        f"opened {size:.1f} MB in {wall:.2f} s, {busy:.2f} s of them computing, {memory() - before:.0f} MB held"
        f" (limit {START} s: {'kept' if busy <= START else 'NOT KEPT'})"
    )
    return consultation


def main() -> None:
    """Measure both on each part, in one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, action="append")
    parts: list[Part] = parser.parse_args().part or ["open"]
    consultation = started()
    held = library.load()
    before, begun = memory(), time.perf_counter()
    peer = Peer(held)
    print(f"peer indexed in {time.perf_counter() - begun:.1f} s; {memory() - before:.0f} MB")
    scores = sorted(found[0][1] if (found := peer.scored(q)) else 0.0 for q in load("open") if q.expects)
    peer.enough = scores[int(REFUSED_FALSELY * len(scores))]

    def ours(question: Question) -> tuple[Sequence[Document], bool]:
        said = consultation.ask(question.asked, question.lang, question.day)
        best = said.best if isinstance(said, Answered) else said.near
        return [found.document for found in best], isinstance(said, Answered)

    for part in parts:
        print(f"{part}: ours  {measured(load(part), ours)}")
        print(f"{part}: FTS5  {measured(load(part), peer.ask)}")


if __name__ == "__main__":
    main()
