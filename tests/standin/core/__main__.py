"""``python -m tests.standin.core BOOKS [PORT]``."""

from __future__ import annotations

import json
import os
import sys
from http.server import ThreadingHTTPServer
from pathlib import Path

from tests.standin.core.books import Books
from tests.standin.core.serving import handler
from tests.standin.core.transactions import Core

PHONES = "WALK_MESSAGES"
"""The variable that names the file which a walk reads as the phones of its visitors."""


def main() -> None:
    """Serve the books in the file that is named, on any free port; one line of JSON tells where."""
    phones = os.environ.get(PHONES)
    books = Books(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    core = Core(books, Path(phones) if phones else None)
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), handler(core))
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{server.server_port}"}) + "\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
