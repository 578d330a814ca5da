"""Fits the confidence of the consultation: a logistic regression on what it finds.

    python -m benchmarks.consultation_fit

With an answer: the open questions. Without: the rest of the open ones, and strangers of ours. The held ones are not
read. Both classes weigh alike: what share of the questions at a terminal has no answer nobody knows yet.

Prints how it would do on open questions that it was not fitted to (each fifth of them by a fit to the others), then
what goes into ``kiosk/domain/consult/ask.py``. The limits refuse before the confidence is asked; so they do here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from config import library, readings
from config.library import limits, words
from kiosk.domain.consult.ask import BEST, BY_NAME, Consultation, Evidence
from kiosk.domain.consult.limits import Gate
from tests.consultation.questions import TODAY, Question, load
from tests.consultation.strangers import CHINESE, ENGLISH

FOLDS = 5
STEPS = 30
RIDGE = 0.002
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A question with what speaks for its answer; ``fold`` is none for what is fitted to alone."""

    evidence: Evidence
    answerable: bool
    by_name: bool
    refused: bool
    fold: int | None


def rows() -> Iterator[Row]:
    """The open questions, and strangers."""
    whole, bounds = library.load(), limits.load()
    consultation = Consultation(whole, words.load(), bounds, readings.readings())
    gate = Gate(bounds, whole)

    def row(asked: str, lang: str, question: Question | None) -> Row | None:
        understood = consultation.search.understood(asked, lang)
        found = consultation.search.find(understood, question.day if question else TODAY, BEST)
        return Row(
            consultation.evidence(understood, found) if found else Evidence(0.0, 0.0, 0.0),
            bool(question and question.expects),
            understood.by_name,
            gate.beyond(asked) is not None,
            crc32(question.id.encode()) % FOLDS if question else None,
        )

    yield from filter(None, (row(each.asked, each.lang, each) for each in load("open")))
    for lang, strangers in (("zh-CN", CHINESE), ("en-US", ENGLISH)):
        yield from filter(None, (row(each, lang, None) for each in strangers))


def fitted(to: Iterable[Row]) -> Numbers:
    """The weights and last the bias, by Newton's method; what is one of our words alone is not judged by them."""
    judged = [each for each in to if not each.by_name]
    measures = np.array([each.evidence.measures for each in judged])
    right = np.array([float(each.answerable) for each in judged])
    middle, spread = measures.mean(0), measures.std(0)
    scaled = np.c_[(measures - middle) / spread, np.ones(len(judged))]
    share = np.where(right > 0, 0.5 / right.sum(), 0.5 / (len(right) - right.sum()))
    ridge = np.diag([RIDGE] * measures.shape[1] + [0.0])
    weights = np.zeros(scaled.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-scaled @ weights))
        curve = scaled.T @ (scaled * (share * likely * (1 - likely))[:, None]) + ridge
        weights -= np.linalg.solve(curve, scaled.T @ (share * (likely - right)) + ridge @ weights)
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - plain @ middle)


def confidence(row: Row, weights: Numbers) -> float:
    """What the consultation would have with these weights."""
    fits = float(1 / (1 + np.exp(-(np.array(row.evidence.measures) @ weights[:-1] + weights[-1]))))
    return max(fits, BY_NAME) if row.by_name else fits


def main() -> None:
    """Fit and print."""
    every = list(rows())
    weights = [fitted(row for row in every if row.fold != fold) for fold in range(FOLDS)]
    tried = [(row, confidence(row, weights[row.fold])) for row in every if row.fold is not None]
    for enough in np.arange(0.1, 0.6, 0.05):
        refused = [(row.answerable, row.refused or likely < enough) for row, likely in tried]
        able = [said for answerable, said in refused if answerable]
        unable = [said for answerable, said in refused if not answerable]
        print(
            f"below {enough:.2f}: {sum(able) / len(able):.3f} of those with an answer refused,"
            f" {sum(unable) / len(unable):.3f} of those without"
        )
    final = fitted(every)
    print("WEIGHTS", tuple(round(float(each), 3) for each in final[:-1]))
    print("BIAS", round(float(final[-1]), 3))


if __name__ == "__main__":
    main()
