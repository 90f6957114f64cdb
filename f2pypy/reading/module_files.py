"""Reads constants and ``bind(c)`` types of compiled modules without a source: the ``.mod`` files of gfortran and flang.

flang's are Fortran. gfortran's are compressed S-expressions (``module.cc`` of GCC): the last list but one has the
symbols, six words each (number, name, module, label, namespace, and a list of attributes, components, type, ..., value
and shape), the last list has the public names with the numbers of their symbols.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Union

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics
from f2pypy.reading.forms import Form
from f2pypy.reading.fortran import read_fortran

_GZIP = b"\x1f\x8b"
_FLANG = b"\xef\xbb\xbf!mod$"
_GFORTRAN = "GFORTRAN module version"
_TOKEN = re.compile(r"\(|\)|'(?:[^']|'')*'|[^\s()']+")
_SYMBOL_WORDS = 6
# gfortran's reals are hexadecimal: a mantissa of so many bits a digit, and a power of 16.
_HEX_REAL = re.compile(r"(-?)0\.([0-9a-f]+)@(-?\d+)")
_PARAMETER = "parameter"
# The types of gfortran's tables of types.
_TABLE_TYPE = "__vtype_"

Tree = Union[str, "list[Tree]"]


class ModuleFiles(Mapping[str, syntax.Module]):
    """Modules by name: those of the sources, and those whose compiled file lies in a folder.

    Iteration yields the sources' alone. A file is read when its module is asked for.
    """

    def __init__(
        self, modules: Mapping[str, syntax.Module], directories: Sequence[str]
    ) -> None:
        self._modules = modules
        self._directories = tuple(directories)
        self._found: dict[str, syntax.Module | None] = {}

    def __getitem__(self, name: str) -> syntax.Module:
        if name in self._modules:
            return self._modules[name]
        if name not in self._found:
            self._found[name] = find_module(name, self._directories)
        module = self._found[name]
        if module is None:
            raise KeyError(name)
        return module

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


def find_module(name: str, directories: Sequence[str]) -> syntax.Module | None:
    """Return the constants and types of a compiled module; None where there is no file of it that can be read."""
    if not name.isidentifier():
        return None
    for directory in directories:
        path = Path(directory, f"{name}.mod")
        if path.is_file():
            try:
                return read_module_file(path.read_bytes(), str(path))
            except OSError:
                return None
    return None


def read_module_file(content: bytes, path: str) -> syntax.Module | None:
    """Return the constants and types of a compiled module, and what it uses; None for an unknown sort of file."""
    try:
        if content.startswith(_GZIP):
            text = gzip.decompress(content).decode("utf-8")
            source = gfortran_source(text, Path(path).stem)
        elif content.startswith(_FLANG):
            source = content.decode("utf-8-sig")
        else:
            return None
    except (OSError, EOFError, zlib.error, ValueError, IndexError, TypeError):
        return None
    # the file is the compiler's: what it has that isn't understood is none of the user's business
    file = read_fortran(source, path, Diagnostics(), form=Form.FREE, last_column=None)
    modules = [unit for unit in file.units if isinstance(unit, syntax.Module)]
    return _described_alone(modules[0]) if modules else None


def _described_alone(module: syntax.Module) -> syntax.Module:
    """Return a module without its variables, which belong to a library that nobody describes here.

    Nor has it types that need the library's procedures or tables, as all do that aren't interoperable.
    """

    def stays(item: syntax.Item) -> bool:
        if isinstance(item, (syntax.TypeDeclaration, syntax.DerivedType)):
            wanted = _PARAMETER if isinstance(item, syntax.TypeDeclaration) else "bind"
            return any(attribute.name == wanted for attribute in item.attributes)
        return True

    return replace(module, items=tuple(filter(stays, module.items)))


def gfortran_source(text: str, name: str) -> str:
    """Return a module file of gfortran as Fortran: its public constants of intrinsic types, its interoperable types.

    Types of other modules are taken from there. Raises ValueError, IndexError or TypeError for anything else.
    """
    symbols, public = _symbols(text)
    rows = (symbols[i : i + _SYMBOL_WORDS] for i in range(0, len(symbols), _SYMBOL_WORDS))  # fmt: skip
    by_number = {str(row[0]): row for row in rows}
    nobody: list[Tree] = ["", "", "", "", "", []]
    uses, declared = [], []
    for public_name, number in zip(public[::3], public[2::3], strict=True):
        _, own_name, owner, _, _, body = by_number.get(str(number), nobody)
        # the names of types begin with a capital
        local, own, module = (
            str(each).strip("'").lower() for each in (public_name, own_name, owner)
        )
        if not body or body[0][0] != "DERIVED":
            declared.append(_declaration(local, body))
        elif module == name:
            declared += _type_definition(local, body)
        elif not module.startswith("__"):  # those are gfortran's own
            uses.append(f"use {module}, only: {local} => {own}")
    lines = filter(None, (*uses, *declared))
    return "\n".join([f"module {name}", *lines, "end module", ""])


def _type_definition(name: str, body: Tree) -> list[str]:
    """Return the statements that define an interoperable type of numbers, none for another one."""
    is_interoperable = "IS_BIND_C" in body[0]
    components = [_component(each) for each in body[1]] if is_interoperable else [None]
    if None in components:
        return []
    return [f"type, bind(c) :: {name}", *map(str, components), "end type"]


def _component(body: Tree) -> str | None:
    """Return the declaration of a component that is a number or an array of these, None for one of another sort."""
    name, type_, shape, access = body[1], body[2], body[3], body[7]
    initial = body[8] if len(body) > 8 else ""
    value = _value(initial) if initial else ""
    if str(type_[0]) not in ("INTEGER", "REAL", "COMPLEX", "LOGICAL") or value is None:
        return None
    private = ", private" if access == "PRIVATE" else ""
    bounds = f", dimension({_bounds(shape)})" if shape else ""
    default = f" = {value}" if value else ""
    return f"{str(type_[0]).lower()}({type_[1]}){private}{bounds} :: {str(name)[1:-1]}{default}"


def _symbols(text: str) -> tuple[list[Tree], list[Tree]]:
    """Return the lists of a module file of gfortran that have the symbols and the public names."""
    if not text.startswith(_GFORTRAN):
        raise ValueError("no module file of gfortran")
    *_, symbols, public = _lists(text.partition("\n")[2])
    return symbols, public


def binding_orders(content: bytes) -> dict[str, tuple[str, ...]]:
    """Return the bindings of the types in a module file of gfortran in the order of its tables.

    Types are named as in symbols ("module_Type"). Nothing is returned for another sort of file.
    """
    try:
        text = gzip.decompress(content).decode("utf-8")
        symbols, _ = _symbols(text)
        found = {}
        for place in range(0, len(symbols), _SYMBOL_WORDS):
            name, body = str(symbols[place + 1]).strip("'"), symbols[place + 5]
            if name.startswith(_TABLE_TYPE):
                names = (str(component[1]).strip("'") for component in body[1])
                own = tuple(name for name in names if not name.startswith("_"))
                found[name.removeprefix(_TABLE_TYPE)] = own
    except (OSError, EOFError, zlib.error, ValueError, IndexError, TypeError):
        return {}
    return found


def _lists(text: str) -> list[list[Tree]]:
    """Return the lists of a file, with the lists in them."""
    stack: list[list[Tree]] = [[]]
    for token in _TOKEN.findall(text):
        if token == "(":
            stack.append([])
        elif token == ")":
            inner = stack.pop()
            stack[-1].append(inner)
        else:
            stack[-1].append(token)
    (top,) = stack
    return [each for each in top if isinstance(each, list)]


def _declaration(name: str, body: Tree) -> str:
    """Return the statement that declares a constant, "" for anything else."""
    if len(body) < _SYMBOL_WORDS or body[0][0] != "PARAMETER":
        return ""
    type_ = body[2]
    lists = [each for each in body[3:] if isinstance(each, list) and each]
    values = [each for each in lists if each[0] in ("CONSTANT", "ARRAY")]
    value = _value(values[0]) if values else None
    if value is None:
        return ""
    kind, size = str(type_[0]).lower(), type_[1]
    if kind == "character":
        kind, size = "character(len=*)", ""
    spelled = f"{kind}({size})" if size else kind
    shapes = [each for each in lists if "EXPLICIT" in each]
    bounds = f", dimension({_bounds(shapes[0])})" if shapes else ""
    return f"{spelled}, parameter{bounds} :: {name} = {value}"


def _value(node: Tree) -> str | None:
    """Return a constant as Fortran, None for one of another sort."""
    type_ = node[1]
    kind, size = str(type_[0]), str(type_[1])
    if node[0] == "ARRAY":
        items = [_value(each[0]) for each in node[3]]
        if None in items or not items:
            return None
        listed = f"[{', '.join(map(str, items))}]"
        extents = [str(each).strip("'") for each in node[4]]
        return listed if len(extents) == 1 else f"reshape({listed}, [{', '.join(extents)}])"  # fmt: skip
    match kind:
        case "INTEGER":
            return f"{str(node[3])[1:-1]}_{size}"
        case "LOGICAL":
            return f".{'true' if node[3] == '1' else 'false'}._{size}"
        case "REAL":
            return _real(str(node[3]), size)
        case "COMPLEX":
            parts = [_real(str(part), size) for part in node[3:5]]
            return None if None in parts else f"({parts[0]}, {parts[1]})"
        case "CHARACTER":
            return str(node[4])
        case _:
            return None


def _real(text: str, kind: str) -> str | None:
    """Return a hexadecimal real as a decimal one; None for infinities and for kinds that a float doesn't hold."""
    said = _HEX_REAL.fullmatch(text.strip("'"))
    if said is None or kind not in ("4", "8"):
        return None
    sign, digits, exponent = said.groups()
    number = Fraction(int(digits, 16), 16 ** len(digits)) * Fraction(16) ** int(exponent)  # fmt: skip
    return f"{sign}{float(number)!r}_{kind}"


def _bounds(shape: Sequence[Tree]) -> str:
    """Return the bounds of an array: the constants that follow its form in pairs."""
    limits = [str(each[3])[1:-1] for each in shape[shape.index("EXPLICIT") + 1 :]]
    pairs = zip(limits[::2], limits[1::2], strict=True)
    return ", ".join(f"{lower}:{upper}" for lower, upper in pairs)
