"""What the library of a derived type says of it: compilers put a table of each type there."""

from __future__ import annotations

import ctypes
from typing import Any, Sequence

from f2pypy.runtime.libraries import Library


class TypeTables:
    """How a compiler spells and lays out its tables of types.

    `names` are the symbols that a table may have, with "{module}", "{type}" and "{Type}" (its first letter is a
    capital); where these two are longer than `longest`, `hashed` is the symbol, with a number "{hash}" for both. `size`
    is the offset at which the bytes of an object stand, `image` that of the address of a default-initialised object.
    `copy` and `final` are the offsets of the addresses of what copies objects and finalizes them, `parent` that of the
    address of the parent type's table, 0 where the table has none such. Descriptors have `code` for all derived types,
    and are what says of which type an object is if `described`. `glue` is the symbol of a procedure that makes,
    finalizes or copies objects, where the table doesn't say how. Type-bound procedures begin at the offset `bindings`.
    `category` is the code for derived types where tables describe components.
    """

    def __init__(
        self,
        names: Sequence[str],
        size: int,
        image: int = 0,
        hashed: str = "",
        longest: int = 0,
        code: int = 0,
        copy: int = 0,
        final: int = 0,
        described: bool = False,
        parent: int = 0,
        glue: str = "",
        bindings: int = 0,
        category: int = 0,
    ) -> None:
        self.names, self.size, self.image, self.hashed, self.longest = names, size, image, hashed, longest
        self.code, self.copy, self.final, self.described, self.parent = code, copy, final, described, parent
        self.glue, self.bindings, self.category = glue, bindings, category

    def symbols(self, module: str, name: str) -> list[str]:
        """Return the symbols that the table of a type may have."""
        module, name = module.lower(), name.lower()
        capital = name[:1].upper() + name[1:]
        if self.hashed and len(module) + len(name) + 1 > self.longest:
            return [self.hashed.format(module=module, hash=type_hash(f"{module}_{capital}"))]
        return [each.format(module=module, type=name, Type=capital) for each in self.names]


def type_hash(name: str) -> int:
    """Return the number by which gfortran knows a type, "module_Type" (gfc_hash_value in gfortran's class.c)."""
    number = 0
    for character in name.encode("ascii"):
        number = ((number << 6) + (number << 16) - number + character) & 0xFFFF_FFFF
    return number % 100_000_000


class TypeTable:
    """The table of one type at `address`."""

    def __init__(self, tables: TypeTables, address: int) -> None:
        self.tables, self.address = tables, address

    @property
    def size(self) -> int:
        """The bytes of an object."""
        return ctypes.c_size_t.from_address(self.address + self.tables.size).value

    def word(self, offset: int) -> int:
        """Return an address in the table."""
        return ctypes.c_void_p.from_address(self.address + offset).value or 0

    def image(self) -> bytes | None:
        """Return the bytes of a default-initialised object, None where the table has none."""
        if not self.tables.image:
            return None
        address = self.word(self.tables.image)
        return ctypes.string_at(address, self.size) if address else None


def find_table(library: Library, module: str, name: str) -> TypeTable | None:
    """Return what the library says of a type, None where it has no table of it."""
    tables: Any = library.compiler.types
    if tables is None:
        return None
    address = library.locate(tables.symbols(module, name))
    return None if address is None else TypeTable(tables, address)


def find_glue(library: Library, module: str, name: str, what: str) -> int | None:
    """Return the address of what makes ("new"), finalizes ("clear") or copies ("copy") objects of a type.

    None where the library has no such procedure: f2pypy compiles them with the user's sources.
    """
    tables: Any = library.compiler.types
    if tables is None or not tables.glue:
        return None
    symbol = tables.glue.format(module=module.lower(), type=name.lower(), what=what)
    found: int | None = library.locate([symbol])
    return found
