"""The index ranks as BM25 does, and tells what stands where."""

from __future__ import annotations

from config.library.words import Words
from config.readings import readings
from kiosk.domain.consult.index import Field, Index
from kiosk.domain.consult.mended import USUAL, Mended
from kiosk.domain.consult.spelled import Spelled
from kiosk.domain.consult.tokens import Tokens


def index(*documents: str) -> Index:
    return Index.of([[Field(document.split(), 1.0)] for document in documents])


def test_the_rarer_word_counts_for_more() -> None:
    held = index("a b", "a c", "a d")
    assert held.rarity("a") < held.rarity("b") < held.rarity("never")
    scores = held.scores({"a": 1.0, "c": 1.0})
    assert max(scores) == scores[1]


def test_a_word_said_again_counts_for_less_each_time() -> None:
    once, twice, often = index("a x x x", "a a x x", "a a a a").scores({"a": 1.0})
    assert once < twice < often < 2 * twice


def test_a_field_that_is_worth_more_comes_first() -> None:
    held = Index.of([[Field(["a"], 1.0)], [Field(["a"], 3.0)]])
    low, high = held.scores({"a": 1.0})
    assert low < high


def test_what_stands_where() -> None:
    held = index("a", "b", "a b")
    assert [held.stands_in("b", number) for number in range(3)] == [False, True, True]
    assert not held.stands_in("c", 0)
    assert held.scores({"c": 1.0}) == [0.0, 0.0, 0.0]


def test_an_index_of_nothing_finds_nothing() -> None:
    assert Index.of([]).scores({"a": 1.0}) == []


def test_words_that_mean_the_same_have_a_token_in_common() -> None:
    groups = [{"zh": ["滞纳金", "交晚了", "没给 保险"], "en": ["late fee"]}]
    tokens = Tokens(Words.model_validate({"format": 1, "groups": groups}), readings())
    for said in ("滞纳金", "我交晚了税", "老板没给我上保险", "the Late Fees", "之纳金"):
        assert "m滞纳金" in tokens.of(said), said
    assert "m滞纳金" not in tokens.of("保险没了")
    assert tokens.is_word(" 滞纳金 ")
    assert not tokens.is_word("滞纳金吗")


def test_letters_become_words_of_the_library_again() -> None:
    spelled = Spelled(["发票"], ["个人所得税的税率", "小规模纳税人"], readings())
    assert spelled.words("fp") == ("发票",)
    assert spelled.words("grsds sl") == ("个人所得税", "税率")
    assert spelled.words("grsdsxgm") == ("个人所得税", "小规模")
    assert spelled.words("fapiao") == ("发票",)
    assert spelled.words("guimo") == ("规模",)
    assert spelled.words("qqqq") == ()
    assert spelled.words("fp qqqq") == ()
    assert spelled.words("") == ()


def test_another_character_of_the_same_sound_is_mended_by_what_the_library_says() -> None:
    tokens = Tokens(Words.model_validate({"format": 1, "groups": [{"zh": ["税"]}]}), readings())
    said = [[Field(tokens.of("增值税能抵扣吗"), 1.0)]] * USUAL
    mended = Mended(Index.of(said), readings())
    assert mended.mended("增直税能地扣吗") == "增值税能抵扣吗"
    assert mended.mended("增zhi税, 税能") == "增zhi税, 税能"
    assert Mended(Index.of(said[1:]), readings()).mended("增直税") == "增直税"


def test_a_character_that_stands_in_a_known_pair_is_left_as_it_is() -> None:
    tokens = Tokens(Words.model_validate({"format": 1, "groups": [{"zh": ["税"]}]}), readings())
    said = [[Field(tokens.of(text), 1.0)] for text in ("申报期", "申报", "申报", "抱歉")]
    assert Mended(Index.of(said), readings()).mended("申抱歉") == "申抱歉"
    assert Mended(Index.of(said), readings()).mended("申抱") == "申报"
