"""The wrapper of one routine."""

from __future__ import annotations

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression
from f2pypy.plan.callbacks import CallbackSignature, ExportedCallback
from f2pypy.plan.elementals import Elemental
from f2pypy.plan.pointers import ProcedureInterface
from f2pypy.plan.prototypes import Prototype
from f2pypy.plan.steps import Step


@dataclass(frozen=True)
class Parameter:
    """One parameter of the Python function; `default` None where it is required, unless it is an `empty` tuple.

    `record` is the class where a procedure takes an object, or an array of objects.
    """

    name: str
    annotation: str
    default: Expression | None
    optional: bool
    empty: bool = False
    record: str = ""


@dataclass(frozen=True)
class Overload:
    """One way to call a function, for type checkers; `asked` are parameters that are given by name alone."""

    parameters: tuple[Parameter, ...]
    returns: str
    asked: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class Binding:
    """The module-level object that knows the Fortran symbol.

    `kinds` has for each argument the code of a scalar that goes by reference, ``ARRAY``, ``PASSED``, or the place of an
    earlier one that is the same variable. `outputs` are the places of scalars that are read after the call, `left_out`
    of those that may be None, `result` the code of a function's result, `record_result` the class of one that is an
    object. `records` are the classes of objects that go
    by value, by position. `prototype` is None where calls of the routine differ.
    """

    variable: str
    symbol: str
    result: str | None
    kinds: tuple[str | int, ...]
    outputs: tuple[int, ...]
    left_out: tuple[int, ...]
    threadsafe: bool
    exact: bool
    fortran_module: str
    by_value: tuple[tuple[int, str], ...] = ()
    record_result: str = ""
    records: tuple[tuple[int, str], ...] = ()
    prototype: Prototype | None = None


@dataclass(frozen=True)
class Describer:
    """The constant `variable` that makes descriptors of arrays of one type, the standard's if `interoperable`.

    The `dtype` of strings is "".
    """

    variable: str
    dtype: str
    logical: bool
    interoperable: bool
    use: str = ""  # the runtime's name of what it is to Fortran, where that isn't an ordinary array


@dataclass(frozen=True)
class Procedure:
    """One function of the generated module.

    `name` is what users call, `function` the identifier of its def. `ranks` gives the rank of each array local,
    `renamed` maps parameters whose Fortran name Python can't take, `restored` those that are printed with it.
    """

    name: str
    function: str
    parameters: tuple[Parameter, ...]
    returns: str
    docstring: str
    bindings: tuple[Binding, ...]
    steps: tuple[Step, ...]
    ranks: tuple[tuple[str, int], ...]
    renamed: tuple[tuple[str, str], ...]
    callbacks: tuple[CallbackSignature, ...] = ()
    exports: tuple[ExportedCallback, ...] = ()
    describers: tuple[Describer, ...] = ()
    elementals: tuple[Elemental, ...] = ()
    overloads: tuple[Overload, ...] = ()
    interfaces: tuple[ProcedureInterface, ...] = ()
    restored: tuple[tuple[str, str], ...] = ()

    @property
    def called(
        self,
    ) -> tuple[
        CallbackSignature | ExportedCallback | Describer | Binding | Elemental, ...
    ]:
        """What the function calls, in the order in which it is made."""
        return (
            *self.callbacks,
            *self.exports,
            *self.describers,
            *self.bindings,
            *self.elementals,
        )
