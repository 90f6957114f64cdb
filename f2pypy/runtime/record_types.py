"""What a derived type is: where the library has it, and how objects are made, copied and finalized."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from f2pypy.runtime.libraries import Library
from f2pypy.runtime.number_windows import window_type
from f2pypy.runtime.record_memory import Memory, object_finder, object_maker
from f2pypy.runtime.record_storage import destroyer, duplicator, told_image
from f2pypy.runtime.record_tables import TypeTable, find_table


class RecordType:
    """The derived type `name` of a Fortran module, of which objects have `size` bytes.

    Objects of a `managed` type hold memory, or are finalized: `destroy` does that to the object at an address,
    `duplicate` makes a deep copy of one at another address, TypeError where only the library could: objects of an
    `opaque` type have components of which only that knows all. `bindings` are the procedures that it binds. `make`
    returns the memory of a new object, `found` the object at an address, in memory that the second argument keeps.
    Nothing is looked up in the library before the first of them. ImportError is raised then if the library says that
    objects have another size. `unknown` is a default that nobody tells, which children of an abstract type have.
    """

    extends: Any = None  # the type that a Python class extends

    def __init__(
        self,
        library: Library,
        module: str,
        name: str,
        size: int,
        managed: bool = False,
        opaque: bool = False,
        bindings: Any = None,
        unknown: str = "",
    ) -> None:
        self.library, self.module, self.name, self.size = library, module, name, size
        self.managed, self.opaque, self.bindings, self.unknown = managed, opaque, bindings, unknown
        self.kept: dict[int, Any] = {}  # what pointers in variables of Fortran modules point to
        self.destroy: Callable[[int], Any] = self._first_destroy
        self.duplicate: Callable[[int, int], Any] = self._first_duplicate
        self.make: Callable[[], Memory] = self._first_object
        self.found: Callable[[int, Any], Any] = self._first_found
        self.record: Any = None  # the class
        self.order: Sequence[Any] = ()  # its components
        self._known_image: Any = None  # bytes
        self._known_windows: Any = None
        self.by_table: dict[int, Any] = {}  # classes of objects by what the library says of their types

    @property
    def label(self) -> str:
        """The type as messages call it."""
        return f"{self.library.module}.{self.module}.{self.name}"

    def table(self) -> TypeTable | None:
        """Return what the library says of the type; ImportError if it lays its objects out otherwise."""
        table = find_table(self.library, self.module, self.name)
        if table is not None and table.size != self.size:
            raise ImportError(
                f"{self.label}: an object has {self.size} bytes here and {table.size} in {self.library.paths}. "
                "The module was generated for another compiler, or for other options of it"
            )
        return table

    def image(self) -> bytes:
        """Return the bytes of a default-initialised object."""
        if self._known_image is None:
            told = told_image(self)
            if told is None and self.unknown:
                raise TypeError(f"{self.label}: {self.unknown}, so that no class can extend it")
            self._known_image = self.record._image() if told is None else told
        found: bytes = self._known_image
        return found

    def _first_object(self) -> Memory:
        self.make = object_maker(self.image(), self.windows())
        return self.make()

    def _first_found(self, address: int, owner: Any) -> Any:
        self.table()
        record, find = self.record, object_finder(self.size, self.windows())
        new = record.__new__

        def found(address: int, owner: Any) -> Any:
            made = new(record)
            made._window, made._pointer, made._address = find(address, owner)
            made._storage, made._class = owner, None
            return made

        self.found = found
        return found(address, owner)

    def windows(self) -> Any:
        """Return the class of the windows of objects, in which numbers may have attributes; None for the usual one."""
        if self._known_windows is None:
            letters = {each.offset: each.letter for each in self.record._components.values() if each.letter}
            self._known_windows = window_type(self.size, letters)
        return self._known_windows

    def _first_destroy(self, address: int) -> Any:
        self.destroy = destroyer(self, self.table())
        return self.destroy(address)

    def _first_duplicate(self, source: int, target: int) -> Any:
        self.duplicate = duplicator(self, self.table())
        return self.duplicate(source, target)
