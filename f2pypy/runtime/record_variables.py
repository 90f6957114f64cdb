"""Variables and constants of derived type in Fortran modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Generic, Sequence, TypeVar

from numpy import dtype

from f2pypy.runtime.descriptors import fortran_strides
from f2pypy.runtime.extents import elements_in
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.record_arrays import Records
from f2pypy.runtime.record_memory import object_at
from f2pypy.runtime.records import Record, Staying, protect
from f2pypy.runtime.stored_values import refusing
from f2pypy.runtime.variables import Found, Variable

_RecordOf = TypeVar("_RecordOf", bound=Record)


class RecordPlace:
    """The object, or the array of objects, that a variable is: everybody sees the same one."""

    is_fixed = True

    def __init__(self, record: Any, write: Callable[[Any], None]) -> None:
        self.record, self.write = record, write
        self.mark = Staying(record) if isinstance(record, Record) else None

    def read(self) -> Any:
        """Return the object or array."""
        return self.record

    def extents(self) -> tuple[int, ...] | None:
        """Return the extents: an object has none."""
        return self.record.shape if isinstance(self.record, Records) else ()


class RecordVariable(Variable, Generic[_RecordOf]):
    """A variable whose type has class `record`; a `parameter` is a constant, as `protected` ones are for Python.

    In a common block addresses of objects are multiples of `aligned` bytes.
    """

    __slots__ = ("aligned", "parameter", "record")

    def __init__(
        self,
        record: type[_RecordOf],
        symbol: str = "",
        exact: bool = False,
        protected: bool = False,
        parameter: bool = False,
        common: Any = None,
        alignment: int = 1,
    ) -> None:
        super().__init__(dtype("V"), (), symbol, exact, common, protected or parameter)
        self.record, self.parameter, self.aligned = record, parameter, alignment

    if TYPE_CHECKING:

        def __get__(self, instance: Any, _owner: Any = None) -> _RecordOf: ...  # type: ignore[override]
        def __set__(self, instance: Any, value: _RecordOf) -> None: ...  # type: ignore[override]

    @property
    def alignment(self) -> int:
        """The bytes of which its address is a multiple in a common block."""
        return self.aligned

    @property
    def size(self) -> int:
        """The number of bytes it takes."""
        return int(self.record._type.size) * elements_in(self.extents)

    def place_at(
        self,
        address: int,
        library: Library,  # noqa: ARG002
        label: str,
        module: str = "",  # noqa: ARG002
        owner: Any = None,
    ) -> Found:
        """Return the object at `address`; Python gets a copy of a constant, which may lie where nobody can write."""
        found = self.found(address, owner)
        if self.parameter:
            found = found.__copy__()
        if self.protected:
            protect(found)
            return RecordPlace(found, self.refusal(label))
        what = f"value of {label}.{self.name}"
        return RecordPlace(found, lambda value: self.store(found, value, what))

    def found(self, address: int, owner: Any) -> Any:
        """Return the object at an address."""
        return self.record._at(address, owner)

    def store(self, found: Any, value: Any, what: str) -> None:
        """Give the object the value of what is assigned."""
        found._assign(self.record._given(value, what))

    def refusal(self, label: str) -> Callable[[Any], Any]:
        """Return what answers assignments where there may be none."""
        if self.parameter:
            return refusing(f"{label}.{self.name} is a parameter")
        return super().refusal(label)

    def describe(self, extents: Any) -> str:  # noqa: ARG002
        """Return the line of the documentation."""
        return f"{self.name} : type({self.record.__name__})"


class RecordArrayVariable(RecordVariable[_RecordOf]):
    """An array with constant `extents` whose elements have class `record`."""

    __slots__ = ()

    def __init__(
        self,
        record: type[_RecordOf],
        extents: Sequence[int],
        symbol: str = "",
        exact: bool = False,
        protected: bool = False,
        parameter: bool = False,
        common: Any = None,
        alignment: int = 1,
    ) -> None:
        super().__init__(record, symbol, exact, protected, parameter, common, alignment)
        self.extents = tuple(extents)

    if TYPE_CHECKING:

        def __get__(self, instance: Any, _owner: Any = None) -> Records[_RecordOf]: ...  # type: ignore[override]
        def __set__(self, instance: Any, value: Any) -> None: ...

    def found(self, address: int, owner: Any) -> Any:
        """Return the array at an address."""
        size = self.record._type.size
        window = object_at(address, size * elements_in(self.extents), owner)[0]
        return Records(self.record, address, self.extents, fortran_strides(size, self.extents), owner, window, address)

    def store(self, found: Any, value: Any, what: str) -> None:  # noqa: ARG002
        """Give the elements the values of what is assigned."""
        found[...] = value

    def describe(self, extents: Any) -> str:
        """Return the line of the documentation."""
        return f"{super().describe(extents)}-array({','.join(map(str, self.extents))})"
