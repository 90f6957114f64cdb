"""Fill the tables of the documents, and draw the pictures, from ``results.json``.

A table stands between the lines ``<!-- benchmark: NAME -->`` and ``<!-- end -->``; all other text is written by hand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import objects
from benchmarks.figures import digits, geometric_mean
from benchmarks.kinds.table import GROUPS, nanoseconds_text
from benchmarks.kinds.tables import (
    GroupFigures,
    Kinds,
    figure_text,
    group_figures,
    load,
    native_share,
)
from benchmarks.prepare import ROOT
from benchmarks.report import Run, extremes, load_run, load_scale, scale_rows
from benchmarks.stops import StopCosts, stop_rows

PAGES = (
    ROOT / "README.md",
    ROOT / "docs" / "performance.md",
    ROOT / "docs" / "stops.md",
)
PICTURES = ROOT / "docs" / "img"
PLACE = re.compile(r"(<!-- benchmark: ([\w ]+) -->\n).*?(<!-- end -->)", re.S)
TIERS = ("ctypes", "native", "pypy")
HEADS = {"ctypes": "ctypes alone", "native": "native", "pypy": "PyPy"}


def fill(results: Path) -> None:
    """Write the tables of `results` into the pages and draw the pictures."""
    from benchmarks import picture  # matplotlib, which nothing else needs

    found = json.loads(results.read_text("utf-8"))
    for page in PAGES:
        page.write_text(filled(page.read_text("utf-8"), found), "utf-8")
    if "kinds" in found:
        picture.draw_kinds(
            [load(each) for each in found["kinds"]], PICTURES / "call_kinds.svg"
        )
    if "runs" in found:
        picture.draw(
            [load_run(each) for each in found["runs"]], PICTURES / "call_cost.svg"
        )


def filled(text: str, found: Mapping[str, Any]) -> str:
    """Return the text of a page with the tables of the results `found`."""
    return PLACE.sub(lambda place: place[1] + table(place[2], found) + place[3], text)


def table(name: str, found: Mapping[str, Any]) -> str:
    """Return the lines of the table `name`; KeyError for one that there is not."""
    parts, lines = TABLES[name]
    if not {*parts} <= {*found}:
        return "Not measured.\n"
    return "".join(f"{line}\n" for line in lines(found))


def rows(head: Sequence[str], body: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *body):
        yield f"| {' | '.join(cells)} |"


def measured_with(found: Mapping[str, Any]) -> Iterator[str]:
    machine = found["runs"][0]["machine"]
    versions = " and ".join(
        f"{each['interpreter']} with NumPy {each['numpy']}" for each in found["kinds"]
    )
    yield f"{machine['cpu']}, {machine['system']}; {versions}."


def group_table(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield for each group and tier the geometric mean, the dearest kind and the goal for it."""
    figures = by_tier([load(each) for each in found["kinds"]])
    head = [
        "",
        *(
            f"{HEADS[tier]}: {what}"
            for tier in TIERS
            for what in ("mean", "slowest", "goal")
        ),
    ]
    yield from rows(
        head, ([group.title, *cells(figures, group.name)] for group in GROUPS)
    )


def by_tier(measured: Iterable[Kinds]) -> dict[tuple[str, str], GroupFigures]:
    return {
        (each.group, each.contender): each
        for run in measured
        for each in group_figures(run)
    }


def cells(figures: Mapping[tuple[str, str], GroupFigures], group: str) -> Iterator[str]:
    for tier in TIERS:
        each = figures.get((group, tier))
        if each is None:
            yield from ("-", "-", "-")
        else:
            yield figure_text(each.mean, each.goal)
            yield figure_text(each.dearest, each.goal)
            yield str(each.goal or "-")


def kind_table(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the times of every kind through every contender, and the ratios."""
    runs = {each["interpreter"].split()[0]: load(each) for each in found["kinds"]}
    columns = [(name, tier) for name, run in runs.items() for tier in run.contenders]
    head = [
        "",
        *(
            "f2py, PyPy"
            if column == ("PyPy", "f2py")
            else HEADS.get(column[1], column[1])
            for column in columns
        ),
    ]
    known = {
        (name, each.group, each.name): each
        for name, run in runs.items()
        for each in run.kinds
    }

    def cell(name: str, tier: str, group: str, kind: str) -> str:
        each = known[name, group, kind]
        if tier not in each.nanoseconds:
            return "-"
        ratio = f" ({digits(each.ratios[tier].median)})" if tier in each.ratios else ""
        return nanoseconds_text(each.nanoseconds[tier].median) + ratio

    for group in GROUPS:
        yield f"**{group.title[0].upper()}{group.title[1:]}**"
        yield ""
        yield from rows(
            head,
            (
                [
                    kind.name,
                    *(cell(*column, group.name, kind.name) for column in columns),
                ]
                for kind in group.kinds
            ),
        )
        yield ""


def native_table(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the share of the kinds that is native code, and how many functions stay Python for the same reason."""
    native, every = native_share(load(found["kinds"][0]))
    yield f"Native code does {native} of the {every} kinds ({native / every:.0%})."


def blas_table(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the geometric means of BLAS at its smallest sizes and its dearest routine."""
    runs = [load_run(each) for each in found["runs"]]
    shown = (
        ("f2pypy, ctypes alone", 0, "f2pypy"),
        ("f2pypy with llvmlite: `pip install 'f2pypy[native]'`", 0, "native"),
        ("ctypes written by hand in the usual way", 0, "naive ctypes"),
        ("f2pypy on PyPy, relative to f2py's module for PyPy", 1, "f2pypy"),
    )
    body = [
        ("f2py", "1", "1"),
        *(
            blas_row(label, runs[place], name)
            for label, place, name in shown
            if place < len(runs)
        ),
    ]
    yield from rows(("", "mean", "slowest"), body)


def blas_row(label: str, run: Run, contender: str) -> tuple[str, str, str]:
    smallest = extremes(run, contender, min)
    return (
        label,
        digits(geometric_mean(smallest.values())),
        digits(max(smallest.values())),
    )


def scale_table(found: Mapping[str, Any]) -> Iterator[str]:
    measured = [load_scale(each) for each in found["scale"]]
    head = ["", *(f"{each.routines:,} routines" for each in measured), "goals"]
    yield from rows(
        head, ([label, *values, goals] for label, goals, values in scale_rows(measured))
    )


def size_table(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield lines, bytes and import times of the modules of BLAS and LAPACK."""
    yield from rows(
        ("module", "lines", "kB", "first import, ms", "memory, MB", "later imports, ms", "memory, MB"),
        (
            (
                f"`{each['module']}.py`",
                f"{each['lines']:,}",
                f"{each['text_bytes'] / 1e3:.0f}",
                *(
                    text
                    for state in ("first", "later")
                    for text in (f"{each[state]['seconds'] * 1e3:.0f}", f"{each[state]['memory_bytes'] / 1e6:.1f}")
                ),
            )
            for each in found["size"]
        ),
    )  # fmt: skip


def stop_table(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a call costs that survives STOP, or runs in a process of its own."""
    head = ["", "a small call", "8 MB in and out", "more, small", "goal"]
    yield from rows(head, stop_rows([StopCosts(**each) for each in found["stops"]]))


def object_table(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is done with objects of derived type, by who does it."""
    head, *body = objects.rows(found["objects"])
    yield from rows(head, body)


# The parts of ``results.json`` that a table needs, and what yields its lines.
TABLES: dict[
    str, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], Iterator[str]]]
] = {
    "machine": (("kinds", "runs"), measured_with),
    "groups": (("kinds",), group_table),
    "kinds": (("kinds",), kind_table),
    "native": (("kinds",), native_table),
    "objects": (("objects",), object_table),
    "blas": (("runs",), blas_table),
    "scale": (("scale",), scale_table),
    "size": (("size",), size_table),
    "stops": (("stops",), stop_table),
}
