"""The parts of the bridge that need no window: maps, tokens, the clock's words, and what QML is told of them."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtTextToSpeech import QTextToSpeech

from config.clock import CHINA
from kiosk.flow.pages import Choice, ChoosePage, Screen, StepMark
from ui import lint
from ui.bridge.maps import camel, frame_map, to_map
from ui.bridge.moment import Moment
from ui.bridge.speech import QtVoice, Speech, system_voice
from ui.bridge.words import Words
from ui.theme import ThemeError, load

QML = Path(lint.__file__).parent / "qml"


def test_pages_become_maps_with_lower_camel_keys_and_their_kind() -> None:
    page = ChoosePage(title="选", count_max=3, options=(Choice("a", "甲", tags=("x",)),), facts=(("k", "v"),))
    told = to_map(page)
    assert (told["kind"], told["countMax"], told["facts"]) == ("choose", 3, [["k", "v"]])
    assert told["options"][0]["tags"] == ["x"] and told["options"][0]["tagTones"] == []
    assert told["second"] is None


def test_the_frame_tells_what_stands_around_the_page() -> None:
    told = frame_map(Screen(page=ChoosePage(), steps=(StepMark("验证", "now"),), can_back=True))
    assert told["canBack"] is True and told["steps"] == [{"label": "验证", "state": "now"}]
    assert camel("network_text") == "networkText"


def test_a_token_that_is_not_there_is_an_error_with_its_name() -> None:
    tokens = load()
    with pytest.raises(ThemeError, match=r"\[type.standard\] huge is missing"):
        tokens.number("type.standard", "huge")
    with pytest.raises(ThemeError, match="is no number"):
        tokens.number("font", "title")
    with pytest.raises(ThemeError, match="is no text"):
        tokens.text("panel", "width")


def test_both_modes_and_themes_have_every_token() -> None:
    tables = load().tables
    for group in ("type", "target", "zone"):
        assert set(tables[f"{group}.standard"]) == set(tables[f"{group}.elder"])
    for theme in ("contrast", "staff"):
        assert set(tables[f"colour.{theme}"]) <= set(tables["colour.public"])


@pytest.mark.parametrize("theme", ["public", "contrast", "staff"])
def test_text_colours_have_seven_to_one_on_the_grounds_they_stand_on(theme: str) -> None:
    import numpy as np

    from ui.audit import contrast

    roles = {
        k: np.array([int(v[-6:][i : i + 2], 16) for i in (0, 2, 4)], float)
        for k, v in load().colours(theme).items()
    }
    pairs = [
        ("ink", g)
        for g in ("paper", "surface", "read_only", "writable", "sunk", "rail", "primary_tint", "warning_tint")
    ]
    pairs += [("ink_muted", g) for g in ("paper", "surface", "read_only", "sunk", "rail", "primary_tint")]
    pairs += [("primary", g) for g in ("paper", "surface", "primary_tint")]
    pairs += [
        ("on_primary", "primary"),
        ("on_primary", "primary_pressed"),
        ("on_seal", "seal"),
        ("on_success", "success"),
    ]
    pairs += [
        ("success", "paper"),
        ("success", "success_tint"),
        ("warning_ink", "warning_tint"),
        ("danger", "danger_tint"),
    ]
    weak = {
        pair: round(contrast(roles[pair[0]], roles[pair[1]]), 1)
        for pair in pairs
        if contrast(roles[pair[0]], roles[pair[1]]) < 7
    }
    assert weak == {}


class Noon:
    def __init__(self) -> None:
        self.moment = datetime(2026, 10, 12, 9, 5, tzinfo=CHINA)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0


def test_the_status_bar_tells_business_time_in_the_visitors_language(qapp: object) -> None:
    clock, words, moment = Noon(), Words(), Moment()
    moment.start(clock, words)
    assert (moment.property("date"), moment.property("time")) == ("10月12日 星期一", "9:05")
    words.set_lang("en-US")
    assert moment.property("date") == "Mon 12 Oct"
    clock.moment += timedelta(minutes=1)
    moment._look()
    assert moment.property("time") == "9:06"
    moment.stop()


def test_a_machine_without_speech_offers_none_and_one_with_speech_speaks(qapp: object) -> None:
    voice = system_voice()
    assert voice is None or voice.speaks("zh-CN") or voice.speaks("en-US")
    assert not QtVoice("no-such-engine").works
    spoken = QtVoice("mock")
    assert spoken.works and spoken.speaks("en-US") and not spoken.speaks("zh-CN")
    spoken.say("Put your card on the light", "en-US")
    assert spoken._engine.locale().name() == "en_US"
    assert spoken._engine.state() == QTextToSpeech.State.Speaking
    spoken.stop()
    assert spoken._engine.state() == QTextToSpeech.State.Ready


def test_the_key_that_reads_is_offered_for_the_languages_the_voice_has(qapp: object) -> None:
    speech = Speech()
    assert speech.property("available") is False
    speech.use(QtVoice("mock"))
    speech.follow(("标题", ""), "zh-CN")
    assert speech.property("available") is False
    speech.follow(("Title", "lead"), "en-US")
    assert speech.property("available") is True


def test_no_page_names_a_colour_value_or_a_font() -> None:
    wrong = []
    for path in QML.rglob("*.qml"):
        text = path.read_text()
        if re.search(r'"#[0-9A-Fa-f]{3,8}"|"Noto', text):
            wrong.append(path.name)
    assert wrong == []


def test_the_linter_knows_the_python_types_and_fails_on_a_misspelt_property(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    imports = lint.build_types(tmp_path / "types")
    bad = tmp_path / "Bad.qml"
    bad.write_text("import QtQuick\nimport Kiosk\n\nItem {\n    width: Sizes.titel\n}\n")
    assert lint.lint([bad], imports) != 0
    assert "titel" in capfd.readouterr().err
    good = tmp_path / "Good.qml"
    good.write_text("import QtQuick\nimport Kiosk\n\nItem {\n    width: Sizes.title\n}\n")
    assert lint.lint([good], imports) == 0


def test_a_file_that_is_not_formatted_is_named(tmp_path: Path) -> None:
    path = tmp_path / "Ugly.qml"
    path.write_text("import QtQuick\nItem {width:3}\n")
    assert lint.unformatted([path]) == [path]
    subprocess.run([str(lint.TOOLS / "pyside6-qmlformat"), "-i", str(path)], check=True)
    assert lint.unformatted([path]) == []
