"""f2py's f2cmap files: a Python dictionary that says which C type a kind means, ``{'real': {'rk': 'double'}}``."""

from __future__ import annotations

import ast
from typing import Any

from f2pypy.diagnostics import Diagnostics, Span

# Bytes of a kind by its C type; a complex kind has the bytes of one part.
KIND_SIZES = {
    "signed_char": 1, "char": 1, "short": 2, "int": 4, "long": 8, "long_long": 8,
    "unsigned_char": 1, "unsigned_short": 2, "unsigned": 4, "unsigned_long": 8, "unsigned_long_long": 8,
    "size_t": 8, "npy_int8": 1, "npy_int16": 2, "npy_int32": 4, "npy_int64": 8, "npy_intp": 8,
    "float": 4, "double": 8, "long_double": 10,
    "complex_float": 4, "complex_double": 8, "complex_long_double": 10,
    "character": 1, "string": 1, "npy_bool": 1, "bool": 1,
}  # fmt: skip


def read_kind_map(
    text: str, path: str, diagnostics: Diagnostics
) -> tuple[tuple[str, str, str], ...]:
    """Return (type, kind, C type) for every entry, in lower case; what is no kind is reported and left out."""
    try:
        mapping = dictionary(ast.parse(text.strip(), mode="eval").body)
        entries = [
            (str(type_).lower(), str(kind).lower(), str(c_type))
            for type_, kinds in mapping.items()
            for kind, c_type in kinds.items()
        ]
    except (ValueError, SyntaxError, AttributeError, TypeError, RecursionError):
        diagnostics.error(
            Span(path, 0),
            "a kind map is a dictionary such as {'real': {'rk': 'double'}}; this is none",
        )
        return ()
    found = []
    for type_, kind, c_type in entries:
        if c_type in KIND_SIZES:
            found.append((type_, kind, c_type))
        else:
            diagnostics.warn(
                Span(path, 0), f"{type_} of kind {kind}: there is no C type {c_type!r}"
            )
    return tuple(found)


def dictionary(node: ast.expr) -> Any:
    """Return the value of a literal in which ``dict(key=value)`` may stand too; ValueError for anything else."""
    match node:
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            return {k.arg: dictionary(k.value) for k in keywords}
        case ast.Dict(keys=keys, values=values):
            return {
                ast.literal_eval(key) if key is not None else None: dictionary(value)
                for key, value in zip(keys, values, strict=True)
            }
        case _:
            return ast.literal_eval(node)
