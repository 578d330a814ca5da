"""What all pages share: one style sheet, one set of drawings, templates that escape everything."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.responses import FileResponse, HTMLResponse, Response

HERE = Path(__file__).parent
ASSETS = HERE / "assets"
_TYPES = {
    "site.css": "text/css; charset=utf-8",
    "mountains.svg": "image/svg+xml",
    "mark.svg": "image/svg+xml",
}
HEADERS = {
    # No script at all: whatever a hostile text smuggled in could not run.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address carries number and code
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
LANGUAGES = ("zh-CN", "en-US")


@lru_cache(maxsize=4)
def environment(folder: Path) -> Environment:
    """Templates of ``folder``, over the shared ones (``base.html``, ``icons.html``)."""
    loader = ChoiceLoader([FileSystemLoader(folder), FileSystemLoader(HERE / "templates")])
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def page(
    template: str, values: Mapping[str, object], status: int = 200, folder: Path = HERE / "templates"
) -> Response:
    """One page, with the headers every page has."""
    html = environment(folder).get_template(template).render(values)
    return HTMLResponse(html, status, HEADERS)


def asset(name: str) -> Response:
    """One of the shared files; 404 for any other name."""
    if name not in _TYPES:
        return Response(status_code=404)
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return FileResponse(ASSETS / name, media_type=_TYPES[name], headers=headers)


def language(asked: str, accepted: str) -> str:
    """``zh-CN`` or ``en-US``: what was asked for, else the browser's first language.

    A browser in any third language gets English; one that names none gets Chinese.
    """
    for wish in (asked, accepted.split(",")[0]):
        if wish.strip()[:2].lower() in ("zh", "en"):
            return "en-US" if wish.strip()[:2].lower() == "en" else "zh-CN"
    return "en-US" if accepted.split(",")[0].strip(" *") else "zh-CN"
