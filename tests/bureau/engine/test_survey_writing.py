"""Questions as an officer writes them become those of a survey, or the line is named that has to be mended."""

from __future__ import annotations

import pytest

from bureau.engine.surveys import writing
from bureau.errors import SurveyRefused

WRITTEN = """
单选 门重吗？ | Is it heavy?
- 重 | Yes
－ 不重｜No

many2 optional 怎么改？ | What helps?
自动门 | A motor
- 换把手 | Another handle
- 白天开着 | Left open


填写 可不答 还有呢？ | Anything else?
"""


def test_what_is_written_is_what_is_asked() -> None:
    heavy, ways, more = writing.questions(WRITTEN)
    assert (heavy.question, heavy.kind, heavy.ask) == (
        "q1",
        "one",
        {"zh-CN": "门重吗？", "en-US": "Is it heavy?"},
    )
    assert [one.title for one in heavy.options] == [
        {"zh-CN": "重", "en-US": "Yes"},
        {"zh-CN": "不重", "en-US": "No"},
    ]
    assert (ways.kind, ways.most, ways.optional, len(ways.options)) == ("many", 2, True, 3)
    assert (more.kind, more.optional, more.options) == ("words", True, [])
    assert (heavy.most, heavy.optional) == (0, False)


@pytest.mark.parametrize(
    ("written", "code", "line"),
    [
        ("", "count", None),
        ("\n\n".join(["填写 好？ | Well?"] * 13), "count", None),
        ("好不好？ | Well?", "kind", 1),
        ("单选好不好？ | Well?", "kind", 1),
        ("单选 好不好？", "between", 1),
        ("单选 好不好？ | Well? | Bien?", "between", 1),
        ("单选 好不好？ | Well?\n- 好 | ", "between", 2),
        ("\n单选 好不好？ | Well?\n- " + "好" * 15 + " | Yes", "lineLong", 3),
        ("单选 好？ | Well?" + "\n- 好 | Yes" * 9, "answers", 1),
    ],
)
def test_a_line_that_cannot_be_read_is_named(written: str, code: str, line: int | None) -> None:
    with pytest.raises(SurveyRefused) as refused:
        writing.questions(written)
    assert (refused.value.code, refused.value.told.get("line")) == (code, line)
