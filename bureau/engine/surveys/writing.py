"""The questions of a survey as an officer writes them: one a paragraph, its answers a line each below it.

    单选 门重吗？ | Is it heavy?
    - 重 | Yes
    - 不重 | No

    多选2 可不答 怎么改？ | What helps?
    - 自动门 | A motor
    - 换把手 | Another handle
    - 白天开着 | Left open

    填写 可不答 还有呢？ | Anything else?

A question begins with its kind, how many may be chosen at most, and whether it may be passed by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bureau.engine.proposals import ENGLISH
from bureau.engine.surveys.publishing import LONGEST, OptionDraft, QuestionDraft
from bureau.errors import SurveyRefused
from sync.models import MOST_OPTIONS, MOST_QUESTIONS, QuestionKind, Texts

KINDS: Final[Mapping[str, QuestionKind]] = {
    "单选": "one",
    "one": "one",
    "多选": "many",
    "many": "many",
    "填写": "words",
    "words": "words",
}
HEAD: Final = re.compile(
    rf"(?P<kind>{'|'.join(KINDS)})(?P<most>[1-9])?\s+(?:(?P<optional>可不答|optional)\s+)?(?P<ask>.+)"
)
BETWEEN: Final = re.compile(r"\s*[|｜]\s*")
"""Between Chinese and English; an input method gives the wide one."""
LONGEST_WRITTEN: Final = 6000
"""Characters of all questions together."""
Line = tuple[int, str]
"""Its number, from 1, and what stands there."""


def questions(written: str) -> list[QuestionDraft]:
    """The questions, named ``q1``, ``q2`` and so on; raises ``SurveyRefused`` with the line that has to be mended."""
    paragraphs = list(_paragraphs(written))
    if not 0 < len(paragraphs) <= MOST_QUESTIONS:
        raise SurveyRefused("count", f"write 1 to {MOST_QUESTIONS} questions", most=MOST_QUESTIONS)
    return [_question(f"q{place}", lines) for place, lines in enumerate(paragraphs, start=1)]


def _paragraphs(written: str) -> Iterator[Sequence[Line]]:
    found: list[Line] = []
    for number, line in enumerate((*written.split("\n"), ""), start=1):
        if line.strip():
            found.append((number, line.strip()))
        elif found:
            yield found
            found = []


def _question(name: str, lines: Sequence[Line]) -> QuestionDraft:
    (number, head), *below = lines
    read = HEAD.fullmatch(head)
    if read is None:
        raise SurveyRefused(
            "kind", f"line {number}: begin a question with its kind, one of {', '.join(KINDS)}", line=number
        )
    if len(below) > MOST_OPTIONS:
        raise SurveyRefused(
            "answers",
            f"line {number}: a question has {MOST_OPTIONS} answers at most",
            line=number,
            most=MOST_OPTIONS,
        )
    return QuestionDraft(
        question=name,
        kind=KINDS[read["kind"]],
        ask=_texts(number, read["ask"], LONGEST["ask"]),
        options=[
            OptionDraft(option=f"a{place}", title=_texts(at, line.lstrip("-－ "), LONGEST["option"]))
            for place, (at, line) in enumerate(below, start=1)
        ],
        most=int(read["most"] or 0),
        optional=read["optional"] is not None,
    )


def _texts(number: int, line: str, most: int) -> Texts:
    """Both languages of a line."""
    chinese, *rest = BETWEEN.split(line)
    if len(rest) != 1 or not chinese or not rest[0]:
        raise SurveyRefused("between", f"line {number}: write 中文 | English", line=number)
    if len(chinese) > most or len(rest[0]) > ENGLISH * most:
        raise SurveyRefused(
            "lineLong",
            f"line {number}: at most {most} characters of Chinese, {ENGLISH * most} of English",
            line=number,
            most=most,
            english=ENGLISH * most,
        )
    return {"zh-CN": chinese, "en-US": rest[0]}
