"""Plots of the console: each a picture with a name, whose figures stand in a table beside it for whoever sees none.

Apache ECharts draws them, which the framework brings along; nothing is fetched from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from nicegui import ui

INK: Final = "#17202C"
MUTED: Final = "#3F4651"
LINE: Final = "#DCD3C2"
BLUE: Final = "#163B66"
AMBER: Final = "#F0B03F"
PAPER: Final = "#FFFDF8"
FONT: Final = '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif'


def bars(told: str, names: Sequence[str], series: Sequence[tuple[str, Sequence[float]]]) -> ui.echart:
    """Columns side by side over ``names``; each of ``series`` is its name and a figure a column."""
    colours = [BLUE, AMBER]
    return _plot(
        told,
        {
            "color": colours,
            "legend": {"top": 0, "left": 0, "textStyle": {"color": INK, "fontSize": 14}},
            "grid": {"left": 8, "right": 8, "top": 36, "bottom": 4, "containLabel": True},
            "xAxis": {"type": "category", "data": list(names), "axisLabel": _label(), "axisLine": _line()},
            "yAxis": {"type": "value", "minInterval": 1, "axisLabel": _label(), "splitLine": _line()},
            "series": [
                {"type": "bar", "name": name, "data": list(figures), "barGap": "0%"}
                for name, figures in series
            ],
        },
    )


def heat(
    told: str, columns: Sequence[str], rows: Sequence[str], figures: Sequence[Sequence[int]]
) -> ui.echart:
    """A field of squares, darker where there is more: ``figures`` by row and column."""
    most = max((figure for row in figures for figure in row), default=0)
    points = [[x, y, figure] for y, row in enumerate(figures) for x, figure in enumerate(row)]
    return _plot(
        told,
        {
            "grid": {"left": 8, "right": 8, "top": 8, "bottom": 4, "containLabel": True},
            "xAxis": {"type": "category", "data": list(columns), "axisLabel": _label(), "axisLine": _line()},
            "yAxis": {"type": "category", "data": list(rows), "inverse": True, "axisLabel": _label()},
            "visualMap": {"show": False, "min": 0, "max": max(1, most), "inRange": {"color": [PAPER, "#8FA9C4", BLUE]}},
            "series": [{"type": "heatmap", "data": points, "itemStyle": {"borderColor": LINE, "borderWidth": 1}}],
        },
    )  # fmt: skip


def _plot(told: str, options: dict[str, Any]) -> ui.echart:
    common = {
        "animation": False,
        "textStyle": {"fontFamily": FONT, "color": INK},
        "tooltip": {"trigger": "item"},
    }
    return ui.echart({**common, **options}).classes("plot").props(f'role="img" aria-label="{told}"')


def _label() -> dict[str, Any]:
    return {"color": MUTED, "fontSize": 13}


def _line() -> dict[str, Any]:
    return {"lineStyle": {"color": LINE}}
