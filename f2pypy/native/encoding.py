"""How the plan of a procedure travels inside a generated module: one JSON line for each distinct node.

The first line is `FORMAT`. Any other is ``[class, field, ...]`` with the index of the class in `RECORDS`. A field that
is a node is a reference ``"~12"`` to the line of that number, counted without the first, bytes are ``"=..."`` in
Latin-1, a `Kind` is ``"!integer"``, a tuple is a list, and a text that begins with one of these marks has a ``'``
before it. What only messages need is left out, and steps that native code never does become `Unknown`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from functools import cache
from typing import Any, cast

from f2pypy import plan
from f2pypy.expressions import nodes


@dataclass(frozen=True)
class Unknown:
    """A node that native code doesn't do; `name` is its class."""

    name: str


# Class -> the fields that native code needs, in their order in a line. The position of a class is its number.
RECORDS: Mapping[type, tuple[str, ...]] = {
    plan.Procedure: ("function", "parameters", "bindings", "steps", "ranks"),
    Unknown: ("name",),
    plan.Parameter: ("name", "default", "optional", "empty"),
    plan.Binding: ("variable", "symbol", "result", "threadsafe"),
    plan.ScalarInput: ("name", "exact", "converter"),
    plan.ScalarDefault: ("input", "default"),
    plan.ScalarComputed: ("input", "default"),
    plan.Flag: ("name",),
    plan.Assign: ("target", "value"),
    plan.Unpack: ("targets", "array"),
    plan.ArrayInput: (
        *("name", "dtype", "extents", "intent", "converter", "overwrite", "copying"),
    ),
    plan.ArrayOptional: ("input", "order", "initial"),
    plan.ArrayHidden: ("name", "dtype", "extents", "order", "scratch", "initial"),
    plan.Check: ("condition",),
    plan.Invoke: ("routine", "slots", "arguments", "outputs", "result"),
    plan.Slot: ("name", "code", "value"),
    plan.FrameReference: ("slot",),
    plan.Address: ("array", "offset"),
    plan.PassValue: ("value", "code"),
    plan.PassLength: ("name", "form"),
    plan.Return: ("values",),
    plan.Returned: ("value", "unfold", "text"),
    nodes.Integer: ("value",),
    nodes.Real: ("value",),
    nodes.Complex: ("real", "imaginary"),
    nodes.Logical: ("value",),
    nodes.Character: ("value",),
    nodes.String: ("value",),
    nodes.Name: ("name",),
    nodes.Unary: ("operator", "operand"),
    nodes.Binary: ("operator", "left", "right"),
    nodes.Conditional: ("test", "then", "otherwise"),
    nodes.Call: ("function", "arguments"),
    nodes.Member: ("base", "name"),
    nodes.Extent: ("array", "axis"),
    nodes.Rank: ("array",),
    nodes.Size: ("array",),
    nodes.Absent: ("argument",),
    nodes.Convert: ("kind", "operand"),
    nodes.Bounds: ("lower", "upper", "stride", "assumed_size"),
    plan.MakeWritable: ("names",),
    plan.ElementsAssign: ("array", "places", "operator", "value", "part"),
}
# What only messages, annotations or the making of a binding need. Any other field that isn't in `RECORDS` must have its
# default, or the node is Unknown: native code doesn't do what it doesn't know of.
OMITTED = frozenset(
    {"annotation", "at", "bits", "by_value", "callbacks", "docstring", "exact"}
    | {"exports", "facts", "fortran_module", "frame", "given", "is_complex", "kind"}
    | {
        "name",
        "outputs",
        "place",
        "position",
        "renamed",
        "returns",
        "routine",
        "shown",
        "single",
        "slots",
    }
    | {"stated", "text", "what"}
)
# Steps that do nothing.
SILENT = (plan.Blank, plan.Declare)
CLASSES: Sequence[type] = tuple(RECORDS)
NUMBERS: Mapping[type, int] = {each: number for number, each in enumerate(CLASSES)}
# Which classes and fields there are: a module may have been written by another version of f2pypy.
FORMAT = str(
    zlib.crc32(repr([(each.__name__, RECORDS[each]) for each in CLASSES]).encode())
)
MARKS = ("~", "=", "!", "'")
COMPACT = json.JSONEncoder(separators=(",", ":"))


def encode(procedures: Iterable[plan.Procedure]) -> str:
    """Return the text that `Plans` reads: equal nodes of different procedures share a line."""
    lines: dict[str, int] = {}
    for procedure in procedures:
        _encode_node(procedure, lines)
    return "\n".join((FORMAT, *lines))


def _encode_node(node: Any, lines: dict[str, int]) -> str:
    """Add the line of `node` and those it needs; return the reference to it."""
    if type(node) not in RECORDS or not _is_known(node):
        node = Unknown(type(node).__name__)
    kept = RECORDS[type(node)]
    values = [_encode_value(getattr(node, name), lines) for name in kept]
    line = COMPACT.encode([NUMBERS[type(node)], *values])
    return f"~{lines.setdefault(line, len(lines))}"


def _is_known(node: Any) -> bool:
    """Whether `RECORDS` names all that the node says."""
    return all(
        getattr(node, f.name) == f.default
        for f in _unrecorded(cast(Hashable, type(node)))
    )


@cache
def _unrecorded(node_type: Hashable) -> tuple[Field[Any], ...]:
    """Return the fields that must have their defaults."""
    record = cast(type, node_type)
    recorded = {*RECORDS[record], *OMITTED}
    return tuple(f for f in fields(record) if f.name not in recorded)


def _encode_value(value: Any, lines: dict[str, int]) -> Any:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return f"'{value}" if value.startswith(MARKS) else value
    if isinstance(value, bytes):
        return "=" + value.decode("latin-1")
    if isinstance(value, nodes.Kind):
        return "!" + value.value
    if isinstance(value, tuple):
        shown = (item for item in value if not isinstance(item, SILENT))
        return [_encode_value(item, lines) for item in shown]
    return _encode_node(value, lines)


class Plans:
    """The plans in a module's text, read one procedure at a time; ValueError for a text of another `FORMAT`."""

    def __init__(self, text: str) -> None:
        written, *self._lines = text.split("\n")
        if written != FORMAT:
            raise ValueError("the module was written by another version of f2pypy")

    def headings(self) -> list[tuple[int, plan.Procedure]]:
        """Return the line of each procedure, and the procedure with nothing but its name and its bindings."""
        start = f"[{NUMBERS[plan.Procedure]},"
        return [
            (number, self.read(number, ("function", "bindings")))
            for number, line in enumerate(self._lines)
            if line.startswith(start)
        ]

    def read(self, number: int, wanted: Sequence[str] = ()) -> plan.Procedure:
        """Return the procedure of a line; only the fields `wanted`, if any are named."""
        return self._node(number, {}, wanted)  # type: ignore[no-any-return]

    def _node(self, number: int, known: dict[int, Any], wanted: Sequence[str]) -> Any:
        if number not in known:
            kind, *values = json.loads(self._lines[number])
            given = {
                name: self._value(value, known)
                for name, value in zip(RECORDS[CLASSES[kind]], values)
                if not wanted or name in wanted
            }
            known[number] = _make(CLASSES[kind], given)
        return known[number]

    def _value(self, value: Any, known: dict[int, Any]) -> Any:
        if isinstance(value, list):
            return tuple(self._value(item, known) for item in value)
        if not isinstance(value, str) or not value.startswith(MARKS):
            return value
        mark, rest = value[0], value[1:]
        if mark == "~":
            return self._node(int(rest), known, ())
        if mark == "=":
            return rest.encode("latin-1")
        return nodes.Kind(rest) if mark == "!" else rest


def _make(kind: type, given: dict[str, Any]) -> Any:
    """Return the node; the fields that were left out are empty."""
    missing = {
        f.name: "" for f in fields(kind) if f.name not in given and f.default is MISSING
    }
    return kind(**{**missing, **given})
