"""The picture of the README: what a call costs against the size of its arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.report import CallFigures, Run

ROUTINES = {"ddot": "elements", "dgemm": "rows and columns"}
# Okabe and Ito's colours, which the colour-blind tell apart; the markers tell as much without any colour.
STYLES = {
    "f2py": ("f2py", "#000000", "o", "-"),
    "f2pypy": ("f2pypy", "#0072B2", "s", "-"),
    "native": ("f2pypy, native", "#009E73", "^", "-"),
    "naive ctypes": ("ctypes as usual", "#D55E00", "v", "--"),
}
SETTINGS = {
    "font.family": "sans-serif",
    "font.size": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "f2pypy",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(runs: Sequence[Run], path: Path) -> None:
    """Write an SVG: a row for each interpreter, a column for each of two routines."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(7.2, 0.6 + 2.4 * len(runs)), layout="constrained")
        panels = figure.subplots(
            len(runs), len(ROUTINES), sharex="col", sharey="col", squeeze=False
        )
        for run, row in zip(runs, panels, strict=True):
            for routine, panel in zip(ROUTINES, row, strict=True):
                draw_panel(panel, run, routine)
        for routine, panel in zip(ROUTINES, panels[-1], strict=True):
            panel.set_xlabel(ROUTINES[routine])
        handles, labels = panels[0][0].get_legend_handles_labels()
        figure.legend(
            handles,
            labels,
            loc="outside upper center",
            ncols=len(labels),
            frameon=False,
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None}, facecolor="white")


def draw_panel(panel: Any, run: Run, routine: str) -> None:
    calls = sorted((call for call in run.calls if call.routine == routine), key=size_of)
    for contender, (label, colour, marker, line) in STYLES.items():
        points = [
            (call.size, call.seconds[contender] * 1e6)
            for call in calls
            if contender in call.seconds
        ]
        if points:
            panel.plot(
                *zip(*points, strict=True),
                color=colour,
                marker=marker,
                linestyle=line,
                markersize=4,
                linewidth=1.2,
                label=label,
            )
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.minorticks_off()
    panel.set_ylabel("microseconds")
    interpreter = run.machine["interpreter"].split()[0]
    panel.set_title(f"{routine}, {interpreter}", fontsize=9, loc="left")
    panel.grid(visible=True, which="major", color="#dddddd", linewidth=0.5)
    panel.set_axisbelow(True)


def size_of(call: CallFigures) -> int:
    return call.size
