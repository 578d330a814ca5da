"""``python -m ui.lint``: tells qmllint the types of the Python bridge, then lints every QML file without mercy.

The types are asked of the running classes (``QMetaObject``), not parsed from the source, so that what QML sees
and what the linter knows cannot differ. Exit status 0 only when there is no warning at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMetaMethod, QMetaObject, QObject

ROOT = Path(__file__).parent.parent
QML = Path(__file__).parent / "qml"
BUILD = ROOT / ".qt-build"
URI = "Kiosk"
TOOLS = Path(sys.executable).parent


def bridges() -> list[type[QObject]]:
    """The classes QML may use, in the order of their names."""
    from ui.bridge.flow import Flow
    from ui.bridge.idle import Idle
    from ui.bridge.ime import Ime
    from ui.bridge.moment import Moment
    from ui.bridge.sizes import Sizes
    from ui.bridge.speech import Speech
    from ui.bridge.staff import Staff
    from ui.bridge.theme import Theme
    from ui.bridge.words import Words
    from ui.panel.bridge import Panel

    return [Flow, Idle, Ime, Moment, Panel, Sizes, Speech, Staff, Theme, Words]


def build_types(folder: Path = BUILD) -> Path:
    """Write ``Kiosk/qmldir`` and ``Kiosk/kiosk.qmltypes`` under ``folder``; returns the import path."""
    module = folder / URI
    module.mkdir(parents=True, exist_ok=True)
    described = [
        {"classes": [_describe(cls)], "inputFile": f"{cls.__name__.lower()}.py"} for cls in bridges()
    ]
    metatypes = module / "metatypes.json"
    metatypes.write_text(json.dumps(described, indent=1), encoding="utf-8")
    qmltypes = module / "kiosk.qmltypes"
    command = [
        str(TOOLS / "pyside6-qmltyperegistrar"),
        *("--generate-qmltypes", str(qmltypes), "-o", str(module / "registrations.cpp")),
        *("--import-name", URI, "--major-version", "1", "--minor-version", "0", str(metatypes)),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (module / "qmldir").write_text(
        f"module {URI}\ndepends QtQuick\ntypeinfo {qmltypes.name}\n", encoding="utf-8"
    )
    return folder


def lint(files: list[Path], imports: Path) -> int:
    """The linter's own exit status with no warning allowed; what it says goes to the terminal."""
    command = [
        str(TOOLS / "pyside6-qmllint"),
        "-W",
        "0",
        "--unused-imports",
        "warning",
        "-I",
        str(imports),
        *map(str, files),
    ]
    return subprocess.run(command, check=False).returncode


def unformatted(files: list[Path]) -> list[Path]:
    """The files that ``qmlformat`` would write in another way."""
    with tempfile.TemporaryDirectory() as folder:
        copies = {path: Path(folder) / f"{number}.qml" for number, path in enumerate(files)}
        for path, copy in copies.items():
            copy.write_bytes(path.read_bytes())
        subprocess.run([str(TOOLS / "pyside6-qmlformat"), "-i", *map(str, copies.values())], check=True)
        return [path for path, copy in copies.items() if copy.read_bytes() != path.read_bytes()]


def main() -> int:
    """Lint and check the format of everything under ``ui/qml``."""
    files = sorted(QML.rglob("*.qml"))
    status = lint(files, build_types())
    wrong = unformatted(files)
    for path in wrong:
        print(f"{path.relative_to(ROOT)}: not formatted; run pyside6-qmlformat -i on it", file=sys.stderr)
    return status or (1 if wrong else 0)


def _describe(cls: type[QObject]) -> dict[str, Any]:
    """The class as moc would describe it."""
    meta: QMetaObject = cls.staticMetaObject  # type: ignore[attr-defined]  # the stubs lack it
    properties = [_property(meta, i) for i in range(meta.propertyOffset(), meta.propertyCount())]
    methods = [meta.method(i) for i in range(meta.methodOffset(), meta.methodCount())]
    signal, slot = QMetaMethod.MethodType.Signal, QMetaMethod.MethodType.Slot
    return {
        "className": cls.__name__,
        "qualifiedClassName": cls.__name__,
        "object": True,
        "superClasses": [{"access": "public", "name": "QObject"}],
        "classInfos": [{"name": "QML.Element", "value": "auto"}, {"name": "QML.Singleton", "value": "true"}],
        "properties": properties,
        "signals": [_method(m) for m in methods if m.methodType() == signal],
        "slots": [_method(m) for m in methods if m.methodType() == slot],
    }


def _property(meta: QMetaObject, index: int) -> dict[str, Any]:
    found = meta.property(index)
    name = str(found.name())
    described: dict[str, Any] = {"name": name, "type": str(found.typeName()), "read": name, "index": index}
    if found.hasNotifySignal():
        described["notify"] = _text(found.notifySignal().name())
    if found.isConstant():
        described["constant"] = True
    return described


def _method(method: QMetaMethod) -> dict[str, Any]:
    types = [_text(kind) for kind in method.parameterTypes()]
    arguments = [{"name": f"a{i}", "type": kind} for i, kind in enumerate(types)]
    returns = str(method.typeName()) or "void"
    return {"access": "public", "name": _text(method.name()), "arguments": arguments, "returnType": returns}


def _text(raw: object) -> str:
    return bytes(raw.data()).decode() if hasattr(raw, "data") else str(raw)


if __name__ == "__main__":
    sys.exit(main())
