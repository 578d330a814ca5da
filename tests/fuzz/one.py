"""One target under atheris, in a process of its own: ``python -m tests.fuzz.one NAME FOLDER [libFuzzer options]``.

The modules under test are instrumented as they are imported, so nothing of them may be imported before.
"""

from __future__ import annotations

import gc
import sys

import atheris

INSTRUMENTED = [
    *("drivers", "sync", "config", "kiosk.domain", "bureau.fleet"),
    *("http_sf", "http_message_signatures", "json"),
]
COLLECT_AFTER = 50_000
"""Objects between two collections: what the imports made is never looked at again, and no input waits for it."""


def main() -> None:
    """Fuzz until the options say stop; libFuzzer ends the process."""
    name, *options = sys.argv[1:]
    with atheris.instrument_imports(include=INSTRUMENTED):
        from tests.fuzz.targets import load

        target = load(name)
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    itself = f"{sys.executable} -m tests.fuzz.one {name}"  # libFuzzer starts this again to merge a corpus
    atheris.Setup([itself, *options], target.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
