"""The pictures: kinds of calls against f2py, and what a call of BLAS costs against the size of its arrays."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.figures import geometric_mean
from benchmarks.kinds.table import GROUPS
from benchmarks.kinds.tables import Kinds
from benchmarks.report import CallFigures, Run

ROUTINES = {"ddot": "elements", "dgemm": "rows and columns"}
# Okabe and Ito's colours, which the colour-blind tell apart; the markers tell as much without any colour.
STYLES = {
    "f2py": ("f2py", "#000000", "o", "-"),
    "f2pypy": ("f2pypy", "#0072B2", "s", "-"),
    "native": ("f2pypy, native", "#009E73", "^", "-"),
    "naive ctypes": ("ctypes as usual", "#D55E00", "v", "--"),
}
# Contenders of the kinds: label, colour, marker.
TIERS = {
    "ctypes": ("f2pypy, ctypes alone", "#0072B2", "s"),
    "native": ("f2pypy, native", "#009E73", "^"),
    "pypy": ("f2pypy on PyPy", "#CC79A7", "D"),
}
SETTINGS = {
    "font.family": "sans-serif",
    "font.size": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "f2pypy",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw_kinds(measured: Sequence[Kinds], path: Path) -> None:
    """Write an SVG: a panel for each interpreter, a row for each group, f2py's cost at 1."""
    groups = [
        group
        for group in GROUPS
        if any(
            group_ratios(run, group.name, tier) for run in measured for tier in TIERS
        )
    ]
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(7.2, 0.9 + 0.23 * len(groups)), layout="constrained")
        panels = figure.subplots(1, len(measured), sharey=True, squeeze=False)[0]
        for run, panel in zip(measured, panels, strict=True):
            draw_groups(panel, run, [group.name for group in groups])
        panels[0].set_yticks(range(len(groups)), [group.title for group in groups])
        panels[0].invert_yaxis()
        figure.supxlabel(
            "cost over f2py's: the mean of a group, and a line to its slowest kind",
            fontsize=9,
        )
        handles = {
            label: handle
            for panel in panels
            for handle, label in zip(*panel.get_legend_handles_labels(), strict=True)
        }
        figure.legend(
            handles.values(),
            handles.keys(),
            loc="outside upper center",
            ncols=len(handles),
            frameon=False,
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, metadata={"Date": None}, facecolor="white")


def draw_groups(panel: Any, run: Kinds, groups: Sequence[str]) -> None:
    """Draw a point for the geometric mean of each group, and a line to its dearest kind."""
    for tier, (label, colour, marker) in TIERS.items():
        found = [
            (row, ratios)
            for row, group in enumerate(groups)
            if (ratios := group_ratios(run, group, tier))
        ]
        if not found:
            continue
        # two tiers share a row
        rows = [
            row + {"ctypes": -0.15, "native": 0.15}.get(tier, 0) for row, _ in found
        ]
        means = [geometric_mean(ratios) for _, ratios in found]
        panel.hlines(
            rows,
            means,
            [max(ratios) for _, ratios in found],
            color=colour,
            linewidth=1.2,
        )
        panel.plot(
            means,
            rows,
            color=colour,
            marker=marker,
            linestyle="",
            markersize=4,
            label=label,
        )
    panel.axvline(1, color="#000000", linewidth=1, label="f2py")
    panel.set_xscale("log")
    panel.minorticks_off()
    panel.xaxis.set_major_formatter("{x:g}")
    panel.set_title(run.interpreter.split()[0], fontsize=9, loc="left")
    panel.grid(visible=True, which="major", axis="x", color="#dddddd", linewidth=0.5)
    panel.set_axisbelow(True)


def group_ratios(run: Kinds, group: str, tier: str) -> list[float]:
    """Return the times over f2py's of the kinds of `group`, as far as f2py can do them."""
    return [
        each.ratios[tier].median
        for each in run.kinds
        if each.group == group and tier in each.ratios
    ]


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
