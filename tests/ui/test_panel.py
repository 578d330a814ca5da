"""The simulated cabinet's hands in a window: over a real cabinet, by its keys."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem, QQuickWindow

from config.texts import Texts, languages
from drivers.simulators.cabinet import Cabinet, CabinetOptions
from drivers.simulators.control_client import ControlClient
from drivers.simulators.errors import SimulatorError
from ui.items import visible
from ui.panel.app import main, open_panel, panel
from ui.panel.model import CABLE, devices, parameters

TEXTS = Texts("zh-CN", strict=False)


@pytest.fixture(scope="module")
def cabinet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlClient]:
    """A cabinet on a loop of its own."""
    folder = tmp_path_factory.mktemp("cabinet")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="cabinet")
    thread.start()
    made = Cabinet(CabinetOptions(folder))
    asyncio.run_coroutine_threadsafe(made.__aenter__(), loop).result(60)
    yield ControlClient(folder)
    asyncio.run_coroutine_threadsafe(made.__aexit__(None, None, None), loop).result(60)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def until(seen: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 30
    while not seen():
        assert time.monotonic() < end, what
        QGuiApplication.processEvents()
        time.sleep(0.01)


def item(window: QObject, name: str) -> QQuickItem:
    assert isinstance(window, QQuickWindow)
    return next(found for found, _ in visible(window.contentItem()) if found.objectName() == name)


def test_every_device_of_the_cabinet_is_on_the_panel_with_all_its_deeds(cabinet: ControlClient) -> None:
    actions = cabinet.actions()
    shown = devices(actions, cabinet.state(), TEXTS)
    assert [device.name for device in shown] == list(actions)
    for device in shown:
        assert {deed.name for deed in device.deeds} == set(actions[device.name])
        common = [deed.common for deed in device.deeds]
        assert common == sorted(common), "what every device has comes last"


@pytest.mark.parametrize("lang", languages())
def test_every_word_of_the_panel_is_in_the_persons_language(cabinet: ControlClient, lang: str) -> None:
    known = set(Texts(lang, strict=False).all())
    for device, actions in cabinet.actions().items():
        fields = {
            f"panel.field.{field}" for schema in actions.values() for field in schema.get("properties", {})
        }
        assert {f"panel.device.{device}", *(f"panel.action.{action}" for action in actions), *fields} <= known
    shown = devices(cabinet.actions(), cabinet.state(), SIGNS)
    assert {label for device in shown for label, _ in device.facts} <= known


@pytest.mark.parametrize("lang", languages())
def test_every_choice_is_in_the_persons_language(cabinet: ControlClient, lang: str) -> None:
    shown = devices(cabinet.actions(), cabinet.state(), Texts(lang, strict=False), cabinet.personas())
    fields = [field for device in shown for deed in device.deeds for field in deed.fields]
    for field in fields:
        assert len(field.labels) == len(field.options)
    known = set(Texts(lang, strict=False).all())
    for field in fields:
        if field.shape == "choice" and field.name != "persona":
            for option in {*field.options} - {"", *TECHNICAL}:
                words = {f"panel.option.{field.name}.{option}", f"panel.option.{option}"}
                assert words & known, f"{field.name}: {option}"


TECHNICAL = ("T=0", "T=1", "code128", "datamatrix", "pdf417", "ean13", "gb18030", "utf-8")
"""Names that are the same in every language."""


def test_a_card_is_chosen_by_whose_it_is(cabinet: ControlClient) -> None:
    people = cabinet.personas()
    shown = {d.name: d for d in devices(cabinet.actions(), cabinet.state(), TEXTS, people)}
    present = next(deed for deed in shown["idReader"].deeds if deed.name == "present")
    card = next(field for field in present.fields if field.name == "card")
    assert (card.shape, card.labels[0]) == ("card", "程小溪（居民身份证）")
    cabinet.do("idReader", "present", **parameters(present, {"card": card.options[1], "seconds": "1"}))
    seen = cabinet.state()["devices"]["idReader"]["card"]
    assert people[1]["card"]["number"] in str(seen) or people[1]["name"] in str(seen)
    cabinet.do("idReader", "clear")
    arrive = next(deed for deed in shown["person"].deeds if deed.name == "arrive")
    assert parameters(arrive, {}) == {"persona": people[0]["id"]}


def test_what_nobody_has_chosen_is_not_sent(cabinet: ControlClient) -> None:
    shown = {d.name: d for d in devices(cabinet.actions(), cabinet.state(), TEXTS, cabinet.personas())}
    swipe = next(deed for deed in shown["mrzReader"].deeds if deed.name == "swipe")
    assert "lines" not in parameters(swipe, {})
    assert parameters(swipe, {"lines": "P<UTO A<<B"})["lines"] == ["P<UTO", "A<<B"]
    scan = next(deed for deed in shown["barcode"].deeds if deed.name == "scan")
    symbology = next(field for field in scan.fields if field.name == "symbology")
    if not symbology.value:
        assert (symbology.options[0], "symbology" in parameters(scan, {"text": "1"})) == ("", False)


class _Signs(Texts):
    """Every word as its own name."""

    def get(self, text_id: str, **values: object) -> str:
        return text_id


SIGNS = _Signs("zh-CN", strict=False)


def test_what_is_typed_becomes_what_the_cabinet_takes(cabinet: ControlClient) -> None:
    shown = {device.name: device for device in devices(cabinet.actions(), cabinet.state(), TEXTS)}
    load = next(deed for deed in shown["dispenser"].deeds if deed.name == "load")
    typed = {"unit": "1", "code": "053001900104", "first": "00000001", "count": "5"}
    sent = parameters(load, typed)
    assert (sent["unit"], sent["count"]) == (1, 5)
    assert (sent["code"], sent["first"]) == ("053001900104", "00000001"), "numbers that are words stay words"
    with pytest.raises(ValueError, match="数量"):
        parameters(load, {**typed, "count": "five"})


def test_a_hand_on_the_panel_moves_the_cabinet(cabinet: ControlClient, qapp: QGuiApplication) -> None:
    engine = open_panel(cabinet)
    warnings: list[str] = []
    engine.warnings.connect(lambda found: warnings.extend(one.toString() for one in found))
    try:
        shown = panel(engine)
        until(lambda: bool(shown.property("devices")), "no device came")
        window = engine.rootObjects()[0]
        item(window, "device:receiptPrinter").metaObject().invokeMethod(
            item(window, "device:receiptPrinter"), "click"
        )
        until(lambda: shown.property("device")["name"] == "receiptPrinter", "another device stayed")
        item(window, "deed:cover").metaObject().invokeMethod(item(window, "deed:cover"), "click")
        until(
            lambda: cabinet.state()["devices"]["receiptPrinter"]["cover"] == "open", "the cover stayed closed"
        )
        until(lambda: shown.property("device")["tone"] == "bad", "the panel did not look")
        shown.act("receiptPrinter", "jam", {"afterMm": "far"})
        assert shown.property("answerTone") == "bad"
        shown.act("receiptPrinter", "clear", {})
        until(lambda: cabinet.state()["devices"]["receiptPrinter"]["cover"] == "closed", "nothing was mended")
        shown.act("dispenser", "cassette", {"unit": "9", "present": "true"})
        until(lambda: shown.property("answerTone") == "bad", "the cabinet's refusal was not told")
    finally:
        panel(engine).stop()
        engine.deleteLater()
    assert warnings == []


def test_without_a_cabinet_it_says_how_to_start_one(tmp_path: Path, capsys: Any) -> None:
    assert main(["--dir", str(tmp_path)]) == 3
    assert "kiosk sim serve" in capsys.readouterr().err


def shown_fields(window: QObject) -> dict[str, QQuickItem]:
    assert isinstance(window, QQuickWindow)
    named = ((found.objectName(), found) for found, _ in visible(window.contentItem()))
    return {name: found for name, found in named if name.startswith("field:")}


def test_what_is_typed_stays_while_the_device_changes_and_goes_with_another_device(
    cabinet: ControlClient, qapp: QGuiApplication
) -> None:
    engine = open_panel(cabinet)
    try:
        shown, window = panel(engine), engine.rootObjects()[0]
        until(lambda: bool(shown.property("devices")), "no device came")
        shown.select("receiptPrinter")
        until(lambda: "field:jam:afterMm" in shown_fields(window), "the field is not there")
        field = shown_fields(window)["field:jam:afterMm"]
        field.setProperty("text", "40")
        field.metaObject().invokeMethod(field, "textEdited")
        cabinet.do("receiptPrinter", "cover", state="open")
        until(lambda: shown.property("device")["tone"] == "bad", "the panel did not look")
        assert shown_fields(window)["field:jam:afterMm"].property("text") == "40", "it was wiped meanwhile"
        shown.select("dispenser")
        until(lambda: "field:jam:afterMm" not in shown_fields(window), "the other device's fields stayed")
        shown.select("receiptPrinter")
        until(lambda: "field:jam:afterMm" in shown_fields(window), "the field is not there")
        assert shown_fields(window)["field:jam:afterMm"].property("text") == ""
    finally:
        cabinet.do("receiptPrinter", "clear")
        panel(engine).stop()
        engine.deleteLater()


OWN = {"number": "110101199001010015", "name": "〇一", "birth": "1990-01-01", "validFrom": "2020-01-01"}


def test_a_card_of_ones_own_is_laid_from_a_file(
    cabinet: ControlClient, qapp: QGuiApplication, tmp_path: Path
) -> None:
    engine = open_panel(cabinet, "en-US")
    warnings: list[str] = []
    engine.warnings.connect(lambda found: warnings.extend(one.toString() for one in found))
    try:
        shown, window = panel(engine), engine.rootObjects()[0]
        until(lambda: bool(shown.property("devices")), "no device came")
        shown.select("idReader")
        until(lambda: bool(shown.property("deeds")), "nothing can be done")
        assert item(window, "ownCard:present").isVisible()
        file = tmp_path / "own.json"
        file.write_text('{"name": "〇一"}', "utf-8")
        shown.takeCard(QUrl.fromLocalFile(str(file)))
        assert shown.property("answerTone") == "bad" and "number: Field required" in shown.property("answer")
        file.write_text(json.dumps(OWN), "utf-8")
        shown.takeCard(QUrl.fromLocalFile(str(file)))
        assert shown.property("answerTone") == "ok"
        present = next(deed for deed in shown.property("deeds") if deed["name"] == "present")
        card = next(field for field in present["fields"] if field["name"] == "card")
        assert card["labels"][-1] == "〇一 (from a file)"
        until(lambda: item(window, "deed:present").isVisible(), "the key is not there")
        item(window, "deed:present").metaObject().invokeMethod(item(window, "deed:present"), "click")
        until(
            lambda: "〇一" in str(cabinet.state()["devices"]["idReader"]["card"]), "another card lies there"
        )
    finally:
        cabinet.do("idReader", "clear")
        panel(engine).stop()
        engine.deleteLater()
    assert warnings == []


def test_without_a_display_it_says_what_to_do_and_qt_does_not_abort(
    cabinet: ControlClient, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main(["--dir", str(Path(cabinet.cabinet["links"]["idReader"]).parent)]) == 1
    told = capsys.readouterr().err
    assert "let DISPLAY name one" in told and "kiosk sim" in told


class _Unsteady:
    """A cabinet that can be away."""

    def __init__(self, real: ControlClient) -> None:
        self._real, self.away = real, False

    def __getattr__(self, name: str) -> Any:
        if self.away:
            raise SimulatorError("the cabinet does not answer")
        return getattr(self._real, name)


def test_a_cabinet_that_is_back_is_not_told_as_away_any_more(
    cabinet: ControlClient, qapp: QGuiApplication
) -> None:
    unsteady = _Unsteady(cabinet)
    engine = open_panel(unsteady)
    try:
        shown = panel(engine)
        until(lambda: bool(shown.property("devices")), "no device came")
        unsteady.away = True
        until(lambda: shown.property("answerTone") == "bad", "nobody was told that it is away")
        unsteady.away = False
        until(lambda: shown.property("answer") == "", "it is still told as away")
    finally:
        panel(engine).stop()
        engine.deleteLater()


def test_what_every_device_has_is_what_the_base_offers(cabinet: ControlClient) -> None:
    assert {"unplug", "replug", "clear", "silent", "garbage"} <= set(CABLE)
    plugged = [name for name, deeds in cabinet.actions().items() if "unplug" in deeds]
    assert len(plugged) >= 6
