"""Fits the confidence of the consultation: a logistic regression on what it finds.

    python -m benchmarks.consultation_fit

With an answer: the open questions, and the last wording of each answer of the library, asked of a library without it.
Without: the rest of the open ones, and strangers of ours. The held ones are not read. Both classes weigh alike: what
share of the questions at a terminal has no answer nobody knows yet.
Prints what goes into ``kiosk/domain/consult/ask.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from zlib import crc32

import numpy as np

from config import library, readings
from config.library import Library, limits, words
from kiosk.domain.consult.ask import BEST, Consultation, Evidence
from tests.consultation.questions import TODAY, load
from tests.consultation.strangers import CHINESE, ENGLISH

Asked = tuple[str, str, date, bool]
"""A question, its language, its day, and whether there is an answer."""
ROUNDS = 20_000
STEP = 0.1
RIDGE = 0.002


def asked() -> Iterator[Asked]:
    """The open questions, and strangers."""
    for question in load("open"):
        yield question.asked, question.lang, question.day, bool(question.expects)
    for lang, strangers in (("zh-CN", CHINESE), ("en-US", ENGLISH)):
        yield from ((words, lang, TODAY, False) for words in strangers)


def left_out(whole: Library) -> tuple[Library, list[Asked]]:
    """The library without the last wording of each answer that has several, and these wordings as questions."""
    answers = dict(whole.answers)
    questions: list[Asked] = []
    for answer in whole.answers.values():
        if len(answer.asked) > 1 and answer.since <= TODAY:
            answers[answer.id] = answer.model_copy(update={"asked": answer.asked[:-1]})
            lang = "zh-CN" if crc32(answer.id.encode()) % 6 else "en-US"
            questions.append((answer.asked[-1][lang], lang, min(TODAY, answer.until or TODAY), True))
    return replace(whole, answers=answers), questions


def evidence(whole: Library, questions: Iterable[Asked]) -> Iterator[tuple[Evidence, bool]]:
    """Of each question that is not one word: what speaks for its answer, and whether there is one."""
    consultation = Consultation(whole, words.load(), limits.load(), readings.readings())
    for question, lang, day, answered in questions:
        understood = consultation.search.understood(question, lang)
        found = consultation.search.find(understood, day, BEST)
        if found and not understood.by_name:
            yield consultation.evidence(understood, found), answered


def main() -> None:
    """Fit and print."""
    whole = library.load()
    rows = [*evidence(whole, asked()), *evidence(*left_out(whole))]
    measures = np.array([row.measures for row, _ in rows])
    right = np.array([float(answered) for _, answered in rows])
    middle, spread = measures.mean(0), measures.std(0)
    scaled = np.c_[(measures - middle) / spread, np.ones(len(rows))]
    share = np.where(right > 0, 0.5 / right.sum(), 0.5 / (len(right) - right.sum()))
    weights = np.zeros(scaled.shape[1])
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-scaled @ weights))
        weights -= STEP * (scaled.T @ (share * (likely - right)) + RIDGE * np.r_[weights[:-1], 0])
    plain = weights[:-1] / spread
    print("WEIGHTS", tuple(round(float(each), 3) for each in plain))
    print("BIAS", round(float(weights[-1] - plain @ middle), 3))
    likely = 1 / (1 + np.exp(-scaled @ weights))
    for enough in np.arange(0.2, 0.6, 0.05):
        refused = likely < enough
        print(
            f"below {enough:.2f}: {refused[right > 0].mean():.3f} of those with an answer refused,"
            f" {refused[right == 0].mean():.3f} of those without"
        )


if __name__ == "__main__":
    main()
