"""``bureau postbox``: the demonstration's mail server as a program of its own."""

from __future__ import annotations

import json
import os
import signal
import ssl
import threading
from pathlib import Path
from typing import Annotated

import typer

from bureau.commands.common import told

HOST = "127.0.0.1"


@told
def postbox(
    folder: Annotated[Path, typer.Option("--folder", help="Where letters are kept, a folder a mailbox.")],
    tls: Annotated[Path, typer.Option("--tls", help="Where the loopback authority lives, made when absent.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any free one.")] = 8025,
    as_json: Annotated[bool, typer.Option("--json", help="Tell the address as one JSON line.")] = False,
) -> None:
    """Take letters on loopback until stopped, with STARTTLS; nothing is sent on."""
    from bureau.postbox.server import Postbox
    from bureau.tls import ensure_loopback_tls

    files = ensure_loopback_tls(tls)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.cert_file, files.key_file)
    with Postbox((HOST, port), folder, context) as server:
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        thread = threading.Thread(target=server.serve_forever, name="postbox")
        thread.start()
        address = f"{HOST}:{server.port}"
        line = {"address": address, "pid": os.getpid()}
        typer.echo(json.dumps(line) if as_json else f"Postbox at {address}, letters in {folder}")
        try:
            stop.wait()
        except KeyboardInterrupt:
            pass
        server.shutdown()
        thread.join()
