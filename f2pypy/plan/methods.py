"""The methods of classes for derived types: each calls functions of the generated module."""

from __future__ import annotations

from typing import Union

from f2pypy.dataclass import dataclass
from f2pypy.plan.callbacks import CallbackSignature
from f2pypy.plan.generics import Generic
from f2pypy.plan.procedures import Parameter


@dataclass(frozen=True)
class TypeBinding:
    """A specific binding of a type, in the terms of the runtime's class of that name.

    `error` is the module's exception for a `signature` by which Fortran calls Python; None where a parent type has one,
    or where there can be none, for the `reason`.
    """

    name: str
    attribute: str
    procedure: str = ""
    module: str = ""
    exact: bool = False
    passed: str = ""
    signature: CallbackSignature | None = None
    error: str = ""
    reason: str = ""
    slot: int = -1

    @property
    def variable(self) -> str:
        """Its name in the class."""
        return f"_bound_{self.name}"


@dataclass(frozen=True)
class Method:
    """The method `attribute`, which calls `function` with the object and its own `parameters`.

    `itself` is the object's name, "" where the method is static. `arguments` are all that the function gets, in its
    order. `renamed` maps parameters whose Fortran name Python can't take.
    """

    attribute: str
    function: str
    itself: str
    parameters: tuple[Parameter, ...]
    arguments: tuple[str, ...]
    returns: str
    docstring: str
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def is_static(self) -> bool:
        """Whether it gets no object."""
        return not self.itself


@dataclass(frozen=True)
class GenericMethod:
    """The method that chooses one of several functions, of which the object is the first argument."""

    generic: Generic


@dataclass(frozen=True)
class MissingMethod:
    """A method that has nothing to call, and the `reason`.

    It stands where the class would otherwise have the method of its parent type.
    """

    attribute: str
    name: str
    reason: str


@dataclass(frozen=True)
class Operation:
    """A function for an operator; the object is the second operand of one that is `reflected`."""

    function: str
    reflected: bool


@dataclass(frozen=True)
class OperatorMethod:
    """The method for an operator: it calls the first of one or two `operations` that takes the operands.

    `unary` ones have no other operand. A `named` one is no operator of Python's: what it can't take is an error. A
    `comparison` of operands that it can't take is Python's own.
    """

    attribute: str
    operations: tuple[Operation, ...]
    unary: bool
    named: bool
    comparison: bool
    docstring: str


@dataclass(frozen=True)
class AssignMethod:
    """The method ``assign`` for Fortran's defined assignment.

    `changing` is the function for procedures that change the object, `making` the one for those that make a new one, of
    which the object takes the value; "" where there are none. `record` is the class that has the method.
    """

    attribute: str
    changing: str
    making: str
    record: str


AnyMethod = Union[Method, GenericMethod, MissingMethod, OperatorMethod, AssignMethod]
