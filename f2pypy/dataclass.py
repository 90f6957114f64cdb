"""Dataclasses that cost less: no class has its methods before the first object is made, and nothing guards objects.

`dataclasses.dataclass` compiles half a dozen methods for each of f2pypy's hundreds of classes, and a run makes objects
of every third of them. Its frozen objects take five times as long to make as others. mypy sees the dataclasses of the
standard library, and reports what changes frozen ones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import field as field
from operator import attrgetter
from threading import RLock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(kind: type | None = None, **options: bool) -> Any:
        """Decorate a class as `dataclasses.dataclass` does; its fields are there after the first object."""
        if kind is None:
            return lambda decorated: dataclass(decorated, **options)
        if options.get("slots"):  # another class is made, and returned
            complete_bases(kind)
            options["unsafe_hash"] = options.pop("frozen", False)
            return dataclasses.dataclass(**options)(kind)
        kind.__init__, kind.__setstate__ = first_methods(kind, **options)
        return kind


# The attribute of an `__init__` that gives the class its methods. One thread at a time does.
COMPLETE = "complete"
completing = RLock()


def first_methods(kind: type, **options: bool) -> tuple[Callable[..., None], ...]:
    """Return the `__init__` and the `__setstate__`, for pickled objects, that a class has until its first object."""

    def initialize(self: Any, *arguments: Any, **named: Any) -> None:
        complete()
        kind.__init__(self, *arguments, **named)  # type: ignore[misc]

    def restore(self: Any, state: dict[str, Any]) -> None:
        complete()
        self.__dict__.update(state)

    def complete() -> None:
        with completing:
            if vars(kind)["__init__"] is initialize:
                complete_bases(kind)
                write_methods(kind, **options)
                del kind.__setstate__  # type: ignore[attr-defined]

    setattr(initialize, COMPLETE, complete)
    return initialize, restore


def complete_bases(kind: type) -> None:
    """Give the classes that a class derives from their fields and methods."""
    for base in reversed(kind.__mro__[1:]):
        getattr(vars(base).get("__init__"), COMPLETE, tuple)()


def write_methods(kind: type, *, frozen: bool = False, eq: bool = True) -> None:
    """Give a class its fields and the methods of a dataclass. If it is `frozen`, its objects have a hash."""
    dataclasses.dataclass(init=False, repr=False, eq=False)(kind)
    shown = [f.name for f in dataclasses.fields(kind) if f.repr]
    compared = [f.name for f in dataclasses.fields(kind) if f.compare]
    values = values_of(compared)

    def represent(self: Any) -> str:
        fields = (f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({', '.join(fields)})"

    def equals(self: Any, other: Any) -> Any:
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented

    def hash_of(self: Any) -> int:
        return hash(values(self))

    methods: dict[str, Any] = {"__repr__": represent}
    if eq:
        methods["__eq__"] = equals
        methods["__hash__"] = hash_of if frozen else None
    for name, method in methods.items():
        if name not in vars(kind):
            setattr(kind, name, method)
    # other threads make objects meanwhile: these wait in the former `__init__`, which stays until all else is there
    described = {
        "__doc__": kind.__doc__,
        "__module__": kind.__module__,
        "__qualname__": kind.__qualname__,
    }
    twin: Any = dataclasses.dataclass(repr=False, eq=False)(
        type(kind.__name__, (kind,), described)
    )
    kind.__init__ = vars(twin)["__init__"]  # type: ignore[misc]


def values_of(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what takes the values of these attributes of an object."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda node: tuple(getattr(node, name) for name in names)
