"""`dataclass(frozen=True)` without compiling anything, for the modules that have a hundred classes each.

The standard one compiles seven functions for every class, which is a third of what a short run of f2pypy takes. Here
all classes share their methods. `dataclasses.fields`, `replace` and pattern matching see no difference;
`tests/test_records.py` compares the two.
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Sequence
from dataclasses import MISSING, FrozenInstanceError
from typing import Any

__all__ = ["dataclass"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool) -> Callable[[type], type]:
        """Return the decorator; fields may have defaults, factories and ``compare=False``, and nothing beyond."""
        if not frozen:
            raise TypeError("records are frozen")
        return freeze


def freeze(cls: type) -> type:
    """Return the class as a frozen dataclass; TypeError for fields that aren't arguments by position."""
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
    fields = dataclasses.fields(made)
    if any(field.kw_only or not field.init for field in fields):
        raise TypeError(f"{cls.__name__}: a field of a record is an argument")
    methods = {
        "__init__": initializer(cls.__name__, fields, hasattr(cls, "__post_init__")),
        "__repr__": represent,
        "__setattr__": refuse_to_set,
        "__delattr__": refuse_to_delete,
        **comparison([field.name for field in fields if field.compare]),
    }
    for name, method in methods.items():
        if name == "__hash__" or name not in vars(cls):
            setattr(made, name, method)
    return cls


def initializer(
    name: str, fields: Sequence[dataclasses.Field[Any]], has_more: bool
) -> Callable[..., None]:
    """Return the ``__init__`` of a class, which calls ``__post_init__`` if it `has_more` to do."""
    names = tuple(field.name for field in fields)
    makers = {field.name: maker(field) for field in fields}

    def __init__(self: Any, *given: object, **named: object) -> None:  # noqa: N807 - it becomes the method
        values = self.__dict__  # the class refuses assignments
        values.update(zip(names, given))  # noqa: B905 - what is too many is found below
        if named:
            twice = values.keys() & named.keys()
            values.update(named)
            if twice:
                raise TypeError(f"{name}: given twice: {', '.join(twice)}")
        if len(values) < len(names):
            for missing in names:
                if missing not in values:
                    values[missing] = makers[missing]()
        if len(given) > len(names) or len(values) > len(names):
            strange = [*given[len(names) :], *(values.keys() - makers.keys())]
            raise TypeError(f"{name} has no place for {strange}")
        if has_more:
            self.__post_init__()

    return __init__


def maker(field: dataclasses.Field[Any]) -> Callable[[], Any]:
    """Return what makes the field's value where none is given."""
    if field.default_factory is not MISSING:
        return field.default_factory

    def default() -> Any:
        if field.default is MISSING:
            raise TypeError(f"{field.name!r} is not given")
        return field.default

    return default


def comparison(names: Sequence[str]) -> dict[str, Callable[..., Any]]:
    """Return ``__eq__`` and ``__hash__`` over the fields that are compared."""
    if len(names) > 1:
        key: Callable[[object], Any] = operator.attrgetter(*names)
    else:

        def key(record: object) -> Any:
            return tuple(getattr(record, name) for name in names)

    def __eq__(self: object, other: object) -> bool:  # noqa: N807 - it becomes the method
        if other.__class__ is self.__class__:
            return bool(key(self) == key(other))
        return NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807 - it becomes the method
        return hash(key(self))

    return {"__eq__": __eq__, "__hash__": __hash__}


def represent(self: Any) -> str:
    """Return the class's name with the fields' values."""
    shown = (field for field in dataclasses.fields(self) if field.repr)
    inner = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in shown)
    return f"{type(self).__qualname__}({inner})"


def refuse_to_set(self: object, name: str, value: object) -> None:  # noqa: ARG001 - Python passes them
    """Refuse an assignment."""
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def refuse_to_delete(self: object, name: str) -> None:  # noqa: ARG001 - Python passes it
    """Refuse a deletion."""
    raise FrozenInstanceError(f"cannot delete field {name!r}")
