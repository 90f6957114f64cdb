"""f2py's f2cmap files: a Python dictionary that says which C type a kind means, ``{'real': {'rk': 'double'}}``."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.expressions.nodes import Expression, Integer
from f2pypy.resolve.types.declared import UNSIGNED, name_in_map

# Bytes of a kind by its C type, negative for an unsigned one; a complex kind has the bytes of one part.
KIND_SIZES = {
    "signed_char": 1, "char": 1, "short": 2, "int": 4, "long": 8, "long_long": 8,
    "unsigned_char": -1, "unsigned_short": -2, "unsigned": -4, "unsigned_long": -8, "unsigned_long_long": -8,
    "npy_uint8": -1, "npy_uint16": -2, "npy_uint32": -4, "npy_uint64": -8, "size_t": 8,
    "npy_int8": 1, "npy_int16": 2, "npy_int32": 4, "npy_int64": 8, "npy_intp": 8,
    "float": 4, "double": 8, "long_double": 10,
    "complex_float": 4, "complex_double": 8, "complex_long_double": 10,
    "character": 1, "string": 1, "npy_bool": 1, "bool": 1,
}  # fmt: skip


# The constants of ISO_C_BINDING that are the sizes of C types in which targets differ.
KIND_CONSTANTS = {
    "long": "c_long", "unsigned_long": "c_long", "size_t": "c_size_t", "npy_intp": "c_intptr_t",
}  # fmt: skip

Entry = tuple[str, str, str]


def kinds_given(
    entries: Iterable[Entry], own: Mapping[str, object] | None = None
) -> dict[str, Expression]:
    """Return the kinds of a map by their names, and by `name_in_map`, which tells types apart.

    A name with different kinds for integers and reals has no entry without its type. A kind without a sign is
    `UNSIGNED` times its bytes, and negative. `own` are constants of intrinsic modules that the target has otherwise.
    """
    found: dict[str, Expression] = {}
    differing: set[str] = set()
    for type_, name, c_type in entries:
        size, constant = KIND_SIZES[c_type], KIND_CONSTANTS.get(c_type, "")
        told = (own or {}).get(constant)
        if isinstance(told, int):
            size = told if size > 0 else -told
        kind = Integer(size if size > 0 else size * UNSIGNED, constant=constant)
        if found.setdefault(name, kind) != kind:
            differing.add(name)
        found[name_in_map(type_, name)] = kind
    return {name: kind for name, kind in found.items() if name not in differing}


def read_kind_map(text: str, path: str, diagnostics: Diagnostics) -> tuple[Entry, ...]:
    """Return (type, kind, C type) for every entry, in lower case; invalid entries are reported and left out.

    Texts are parsed and never run.
    """
    reader = _MapReader(path, diagnostics)
    try:
        # blanks before the text would be an indent
        tree = ast.parse(f"({text}\n)", mode="eval").body
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        line = (error.lineno or 0) if isinstance(error, SyntaxError) else 0
        diagnostics.error(Span(path, line), NO_MAP)
        return ()
    diagnostics.sources.setdefault(path, tuple(text.split("\n")))
    return tuple(reader.entries(tree))


NO_MAP = "expected a kind map, which is a dictionary such as {'real': {'rk': 'double'}}"


class _MapReader:
    def __init__(self, path: str, diagnostics: Diagnostics) -> None:
        self.path = path
        self.diagnostics = diagnostics

    def entries(self, tree: ast.expr) -> Iterator[Entry]:
        for type_node, kinds in self.items(tree):
            type_ = self.text(type_node)
            for kind_node, value in self.items(kinds):
                kind, c_type = self.text(kind_node), self.text(value)
                if c_type in KIND_SIZES:
                    yield type_.lower(), kind.lower(), c_type
                else:
                    self.diagnostics.warn(
                        self.span(value),
                        f"{type_.lower()} of kind {kind.lower()} is left out: there is no C type {c_type!r}",
                    )

    def items(self, node: ast.expr) -> list[tuple[ast.expr | str, ast.expr]]:
        """Return the pairs of ``{...}`` or ``dict(...)``; anything else is an error."""
        match node:
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords) if all(
                each.arg for each in keywords
            ):
                return [(each.arg or "", each.value) for each in keywords]
            case ast.Dict(keys=keys, values=values) if None not in keys:
                return [(k, v) for k, v in zip(keys, values, strict=True) if k]
            case _:
                self.diagnostics.error(self.span(node), NO_MAP)
                return []

    def text(self, node: ast.expr | str) -> str:
        """Return a name, or the digits of a kind."""
        match node:
            case str():
                return node
            case ast.Constant(value=(str() | int()) as value):
                return str(value)
            case _:
                self.diagnostics.error(self.span(node), NO_MAP)
                return ""

    def span(self, node: ast.expr) -> Span:
        # a bracket stands before the first line
        shift = 0 if node.lineno == 1 else 1
        return Span(self.path, node.lineno, node.col_offset + shift)
