"""``index.html`` of a tour: each service with its verdict, all its pages and all that it printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from config.catalogue import shipped
from ui.walk.visit import Verdict

STYLE = """
:root { color-scheme: light; --ink: #1d2733; --line: #d8dee6; --good: #14713d; --bad: #b3261e; }
body { margin: 2rem; background: #f5f7fa; color: var(--ink); }
body { font: 16px/1.5 "Noto Sans", "Noto Sans CJK SC", sans-serif; }
table { border-collapse: collapse; background: white; }
th, td { border: 1px solid var(--line); padding: .35rem .8rem; text-align: left; }
td.number { text-align: right; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
section { margin-top: 2.5rem; padding: 1rem 1.5rem; }
section { background: white; border: 1px solid var(--line); border-radius: 8px; }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
figure { margin: 0; width: 220px; }
figure img { width: 100%; border: 1px solid var(--line); }
figcaption { overflow-wrap: anywhere; font-size: 13px; color: #51606f; }
"""


def write_index(
    folder: Path, verdicts: Sequence[Verdict], titled: Callable[[str], str] | None = None
) -> None:
    """Write it into the tour's folder, beside the folders of its walks.

    ``titled`` is the line below the name of a walk; without it, the service of that name in both languages.
    """
    good = sum(verdict.ok for verdict in verdicts)
    rows = "".join(map(_row, verdicts))
    sections = "".join(_section(folder, verdict, (titled or _title)(verdict.service)) for verdict in verdicts)
    head = "<tr><th>Walk</th><th>Verdict</th><th>Pages</th><th>Seconds</th></tr>"
    (folder / "index.html").write_text(
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>Walks</title><style>{STYLE}</style>"
        f"<h1>{good} of {len(verdicts)} walks are good</h1><table>{head}{rows}</table>{sections}</html>",
        encoding="utf-8",
    )


def _row(verdict: Verdict) -> str:
    return (
        f"<tr><td><a href='#{escape(verdict.service)}'>{escape(verdict.service)}</a></td><td>{_word(verdict)}</td>"
        f"<td class='number'>{verdict.pages}</td><td class='number'>{verdict.seconds:.0f}</td></tr>"
    )


def _word(verdict: Verdict) -> str:
    return "<span class='good'>good</span>" if verdict.ok else "<span class='bad'>not good</span>"


def _title(service: str) -> str:
    title = shipped()[service].service.title
    return f"{title['zh-CN']} · {title['en-US']}"


def _section(folder: Path, verdict: Verdict, title: str) -> str:
    place = folder / verdict.service
    pages = sorted(place.glob("[0-9][0-9]-*.png"))
    printed = sorted((place / "printed").glob("*.png"))
    problems = "".join(f"<li>{escape(problem)}</li>" for problem in verdict.problems)
    return (
        f"<section id='{escape(verdict.service)}'><h2>{escape(verdict.service)} {_word(verdict)}</h2>"
        f"<p>{escape(title)}</p>"
        f"<ul class='bad'>{problems}</ul>"
        f"<h3>Pages</h3>{_pictures(folder, pages)}<h3>Printed</h3>{_pictures(folder, printed)}</section>"
    )


def _pictures(folder: Path, pictures: Sequence[Path]) -> str:
    figures = "".join(
        f"<figure><a href='{escape(name)}'><img loading='lazy' src='{escape(name)}' alt=''></a>"
        f"<figcaption>{escape(path.stem)}</figcaption></figure>"
        for path in pictures
        for name in (path.relative_to(folder).as_posix(),)
    )
    return f"<div class='pictures'>{figures or 'none'}</div>"
