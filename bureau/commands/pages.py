"""``bureau authorisation``, ``openapi`` and ``integrating``: the pages of ``docs/`` that are made of the code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path | None, typer.Option("--out", help="The file to write; else it is printed.")]


def authorisation(out: Out = None) -> None:
    """Who is let through where: every service, question and effect, by role and claim (docs/authorisation.md)."""
    from bureau.engine.authorisation_page import page
    from config.catalogue import load_catalogue

    _give(page(load_catalogue()), out)


def openapi(out: Out = None) -> None:
    """The interface's description (docs/openapi.json), as ``/openapi.json`` of a running centre has it."""
    import json
    from tempfile import TemporaryDirectory

    from bureau.api.app import create_app
    from bureau.app import assemble
    from config.settings import load_bureau

    with TemporaryDirectory() as folder:  # a centre of its own: the description is not that of its data
        database = f"sqlite+pysqlite:///{folder}/bureau.db"
        env = {"BUREAU_STATE_DIR": folder, "BUREAU_DATABASE__URL": database}
        container = assemble(load_bureau(None, env))
        try:
            described = create_app(container).openapi()
        finally:
            container.close()
    _give(json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True) + "\n", out)


def integrating(out: Out = None) -> None:
    """The ports for whoever puts another core system behind the centre (docs/integrating.md)."""
    from bureau.adapters.guide import page

    _give(page(), out)


def _give(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
