"""What a library MEANS: every argument fully decided, nothing implicit left.

`resolve` builds it from `syntax`, `lower` reads it. Expressions are resolved (names are arguments of the
same procedure) and typed (no implicit conversion is left); extents are expressions or None where the
caller's array decides.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cached_property
from typing import Union

from f2pypy.diagnostics import Diagnostic, Span
from f2pypy.expressions.nodes import Bounds, Expression, FunctionDefinition, Kind


@dataclass(frozen=True)
class DataType:
    """A Fortran type with its kind decided.

    `size` is in bytes: of the whole number for complex (16 for double precision parts), of one character for
    characters. `is_string` distinguishes ``character*n`` from a single ``character``; its `length` is an
    expression, or None where the length is assumed (``*(*)``) or `deferred` (``:``). `derived` names the derived type
    of a ``type(t)`` argument. `is_character` is a function's result that is passed as a string and returned as the one
    character that it is. An `address` is that of ``type(c_ptr)`` or ``type(c_funptr)``. `constant` is the constant of
    ISO_C_BINDING that gives the size, where targets differ in it.
    """

    kind: Kind
    size: int
    is_string: bool = False
    length: Expression | None = None
    unsigned: bool = False
    derived: str = ""
    is_character: bool = False
    address: bool = False
    deferred: bool = False
    constant: str = field(default="", compare=False)


class Presence(enum.Enum):
    """Whether the caller of the Python function gives the argument."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    HIDDEN = "hidden"


class Intent(enum.Flag):
    """The keys of ``intent(...)`` that stay meaningful after combination; NONE is f2py's plain input."""

    NONE = 0
    IN = enum.auto()
    OUT = enum.auto()
    INOUT = enum.auto()
    INPLACE = enum.auto()
    CACHE = enum.auto()
    COPY = enum.auto()
    OVERWRITE = enum.auto()
    C = enum.auto()
    AUX = enum.auto()
    CALLBACK = enum.auto()
    ALIGNED4 = enum.auto()
    ALIGNED8 = enum.auto()
    ALIGNED16 = enum.auto()


class Form(enum.Enum):
    """What Fortran receives for a dummy argument."""

    ADDRESS = "address"  # of the first element, or of a scalar
    ASSUMED_SHAPE = "assumed shape"  # a descriptor of the caller's array
    ASSUMED_RANK = "assumed rank"  # the same, of any rank
    ASSUMED_LENGTH = (
        "assumed length"  # a descriptor of characters for a bind(c) procedure
    )
    ALLOCATABLE = "allocatable"  # a descriptor of memory that Fortran may allocate
    POINTER = "pointer"  # a descriptor that Fortran may point elsewhere


class Direction(enum.Enum):
    """Who gives an argument to whom when its procedure is called."""

    TO_FORTRAN = "to Fortran"  # of a routine that Python calls
    TO_PYTHON = "to Python"  # of a callback that Fortran calls


@dataclass(frozen=True)
class Check:
    """A condition that must hold, and the C text that f2py shows when it doesn't."""

    condition: Expression
    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Bound:
    """One extent: `value` None where the caller's array decides; `text` is how documentation shows it.

    `known` is false where the extent depends on something that is evaluated after the array: then the caller's
    array decides, although documentation shows the extent.
    """

    value: Expression | None
    text: str
    known: bool = True


@dataclass(frozen=True)
class Argument:
    """A dummy argument (or an auxiliary variable, or a function's result) of a routine or of a callback.

    `direction` says who gives it: Python to a routine, Fortran to a callback, whose arguments have no `initial` and no
    `checks`. `bounds` is None for scalars. `result_name` is the name under which it is returned, None where it isn't.
    `ordinal` is how messages call it: ``1st argument``, ``2nd keyword``, ``hidden``.
    `initial_text` is the default as the source writes it, for documentation. `states_direction` tells whether the
    source says which way it goes; an argument of which nothing is said goes in.
    """

    name: str
    type: DataType
    bounds: tuple[Bound, ...] | None
    intent: Intent
    presence: Presence
    initial: Expression | None
    initial_text: str
    checks: tuple[Check, ...]
    result_name: str | None
    ordinal: str
    span: Span = field(compare=False)
    by_value: bool = False
    callback: Callback | None = None
    direction: Direction = Direction.TO_FORTRAN
    absent_as_null: bool = False
    form: Form = Form.ADDRESS
    contiguous: bool = False  # a descriptor must be of an array without gaps
    # its descriptor is the one that the standard gives bind(c) procedures
    interoperable: bool = False
    states_direction: bool = True

    @property
    def is_array(self) -> bool:
        """Whether it has a rank."""
        return self.bounds is not None


@dataclass(frozen=True)
class Callback:
    """A dummy procedure, which Fortran calls and Python provides.

    `name` is that of its interface, `module` where it was described. `evaluation` names the arguments so that each
    comes after those that its extents need.
    """

    name: str
    module: str
    arguments: tuple[Argument, ...]
    result: Argument | None
    evaluation: tuple[str, ...]
    lengths: bool = True  # hidden character lengths are passed
    described: bool = True  # otherwise nothing is known but the name


# Actual arguments of the Fortran call.


@dataclass(frozen=True)
class ScalarReference:
    """The address of scalar argument or local `name`."""

    name: str


@dataclass(frozen=True)
class Temporary:
    """The address of a value that only the call sees: a flag, a literal, a part of a complex."""

    value: Expression
    type: DataType


@dataclass(frozen=True)
class ArrayAddress:
    """The address of array or string argument `name`, `offset` elements in."""

    name: str
    offset: Expression | None = None


@dataclass(frozen=True)
class DescriptorOf:
    """The address of a descriptor of argument `name`."""

    name: str


@dataclass(frozen=True)
class ValueArgument:
    """A value passed by value."""

    value: Expression
    type: DataType


@dataclass(frozen=True)
class LengthOf:
    """The hidden length of string argument `name`, by value as size_t."""

    name: str


@dataclass(frozen=True)
class LengthPlace:
    """The hidden address of the length of deferred-length argument `name`, a size_t that Fortran may change."""

    name: str


@dataclass(frozen=True)
class PresenceFlag:
    """The hidden flag, a byte by value, that says whether `name` was given: an ``optional, value`` dummy."""

    name: str


@dataclass(frozen=True)
class CallbackAddress:
    """The C function made for callback argument `name`."""

    name: str


@dataclass(frozen=True)
class PartReference:
    """The address of the real ("r") or imaginary ("i") part of complex scalar `name`."""

    name: str
    part: str


@dataclass(frozen=True)
class TextAddress:
    """The address of a string literal, or of one that `value` chooses."""

    value: Expression


@dataclass(frozen=True)
class NullAddress:
    """The NULL pointer."""


@dataclass(frozen=True)
class ChosenAddress:
    """One of two addresses."""

    test: Expression
    then: Actual
    otherwise: Actual


Actual = Union[
    ScalarReference,
    Temporary,
    ArrayAddress,
    DescriptorOf,
    ValueArgument,
    LengthOf,
    LengthPlace,
    PresenceFlag,
    CallbackAddress,
    PartReference,
    TextAddress,
    NullAddress,
    ChosenAddress,
]


# What happens at the call, in order.


@dataclass(frozen=True)
class CallRoutine:
    """The Fortran call; `result` is the variable that takes a function's result."""

    arguments: tuple[Actual, ...]
    result: str | None = None


@dataclass(frozen=True)
class Assign:
    """``target = value`` for a scalar argument or local."""

    target: str
    value: Expression


@dataclass(frozen=True)
class AssignElement:
    """``array[index] = value``, counted in memory order; `part` "r" or "i" is that part of a complex element alone."""

    array: str
    index: Expression
    value: Expression
    part: str = ""


@dataclass(frozen=True)
class AssignElements:
    """``array[places] operator value`` for many places in memory order, all values computed before any is assigned.

    Inside `value` a `Bounds` stands for the integers that it counts, and as a subscript for the elements there.
    """

    array: str
    places: Bounds
    operator: str
    value: Expression
    part: str = ""


@dataclass(frozen=True)
class FillTriangle:
    """Set one triangle of the square column-major matrix of `order` in the memory of `array` to `value`.

    `leading` is the distance of its columns. `lower` is the triangle that is set, as Fortran sees the matrix, with
    the diagonal where `diagonal`.
    """

    array: str
    order: Expression
    leading: Expression
    lower: bool
    diagonal: bool
    value: Expression


@dataclass(frozen=True)
class Choose:
    """``if test``, with actions in both branches."""

    test: Expression
    then: tuple[Action, ...]
    otherwise: tuple[Action, ...]


@dataclass(frozen=True)
class Loop:
    """``initial; while test: body; step``: a C loop that has no vectorised form."""

    initial: tuple[Action, ...]
    test: Expression
    body: tuple[Action, ...]
    step: tuple[Action, ...]


@dataclass(frozen=True)
class Break:
    """Leave the innermost loop."""


@dataclass(frozen=True)
class Continue:
    """Begin the next turn of the innermost loop at its test."""


@dataclass(frozen=True)
class Raise:
    """``PyErr_SetString(exception, message)`` with ``f2py_success = 0``; string `argument` may have the message."""

    exception: str
    message: str
    argument: str = ""


Action = Union[
    CallRoutine,
    Assign,
    AssignElement,
    AssignElements,
    FillTriangle,
    Choose,
    Loop,
    Break,
    Continue,
    Raise,
]


@dataclass(frozen=True)
class Local:
    """A variable that a callstatement declares."""

    name: str
    type: DataType


@dataclass(frozen=True)
class Procedure:
    """A routine that gets a wrapper.

    `arguments` are in the order of the Python signature's source (auxiliary variables first), `evaluation` names
    them in the order in which they are converted and checked. `symbol` is the name to look up, as Fortran spells
    it; `exact_symbol` where it is used as it stands (``intent(c)``, ``bind(c)``); `fortran_module` where it is a
    module procedure. An empty `symbol` calls nothing.
    """

    name: str
    symbol: str
    arguments: tuple[Argument, ...]
    evaluation: tuple[str, ...]
    result: Argument | None
    locals: tuple[Local, ...]
    actions: tuple[Action, ...]
    span: Span = field(compare=False)
    fortran_module: str = ""
    exact_symbol: bool = False
    threadsafe: bool = False
    functions: tuple[str, ...] = ()  # usercode functions that its expressions call
    # procedures that it declares external and that are no dummies
    externals: tuple[str, ...] = ()
    # statements that carry C, as they are written
    codes: tuple[tuple[str, str], ...] = ()

    def argument(self, name: str) -> Argument:
        """Return the argument `name` (the result too); KeyError if there is none."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Argument]:
        found = {} if self.result is None else {self.result.name: self.result}
        # of arguments with one name the first
        found.update((each.name, each) for each in reversed(self.arguments))
        return found


@dataclass(frozen=True)
class Variable:
    """A variable of a common block or Fortran module.

    `extents` are those of an array, -1 where an allocatable or pointer leaves them open, and () for a scalar. `values`
    are a parameter's literals in the order of their storage. `symbol` is the name of its storage as Fortran spells it,
    `exact` where it is used as it stands (``bind(c)``). `common` names the block that holds a module's variable.
    A `protected` one may be changed by its module only; `computed` is the text of a parameter's value that only the
    compiler knows. One that shares its storage by EQUIVALENCE is `shared`: it has no symbol.
    """

    name: str
    type: DataType
    extents: tuple[int, ...]
    span: Span = field(compare=False)
    values: tuple[Expression, ...] = ()
    allocatable: bool = False
    pointer: bool = False
    symbol: str = ""
    exact: bool = False
    common: str = ""
    protected: bool = False
    computed: str = ""
    shared: bool = False


@dataclass(frozen=True)
class CommonBlock:
    """A common block (the blank one is ``_BLNK_``) and its variables in storage order.

    `symbol` is its ``bind(c)`` name.
    """

    name: str
    variables: tuple[Variable, ...]
    span: Span = field(compare=False)
    symbol: str = ""


@dataclass(frozen=True)
class FortranModule:
    """A Fortran module: its public variables and the procedures behind it."""

    name: str
    variables: tuple[Variable, ...]
    procedures: tuple[Procedure, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class SharedName:
    """The name of a module under a `local` name; `own` says that the routine itself, and not its module, uses it."""

    module: str
    name: str
    local: str
    intrinsic: bool = False
    own: bool = False


@dataclass(frozen=True)
class CommonView:
    """A common block as one routine declares it: names, types and constant extents; `block` "" is the blank one."""

    block: str
    members: tuple[tuple[str, DataType, tuple[int, ...]], ...]


@dataclass(frozen=True)
class FunctionInterface:
    """The interface of a pure function: its dummies with their dimensions as written, None for scalars."""

    name: str
    result: DataType
    dummies: tuple[tuple[str, DataType, tuple[str, ...] | None], ...]


@dataclass(frozen=True)
class Question:
    """An extent, or a length of characters, that a compiled function computes.

    `dimension` is the dimension or the length as the source writes it. `dummies` are the arguments that it needs with
    the lower bounds of arrays, None for scalars; `constants` the named integers with their values and kinds, None for
    the default one; `own` the declarations of other constants, and of variables, that the routine has itself. `host`
    is the module in whose submodule the function stands, "" where every name is public.
    """

    name: str
    dimension: str
    is_length: bool
    dummies: tuple[tuple[str, DataType, tuple[str, ...] | None], ...]
    uses: tuple[SharedName, ...]
    commons: tuple[CommonView, ...]
    constants: tuple[tuple[str, int, int | None], ...]
    own: tuple[str, ...]
    interfaces: tuple[FunctionInterface, ...]
    span: Span = field(compare=False)
    host: str = ""


@dataclass(frozen=True)
class Library:
    """One Python module's worth of routines and data."""

    name: str
    path: str
    procedures: tuple[Procedure, ...]
    commons: tuple[CommonBlock, ...] = ()
    modules: tuple[FortranModule, ...] = ()
    functions: tuple[FunctionDefinition, ...] = ()
    documentation: tuple[str, ...] = ()
    skipped: tuple[Diagnostic, ...] = ()
    usercode: str = ""  # C in which bodies of its routines stand
    codes: tuple[str, ...] = ()  # all blocks of usercode, as they are written
    # procedures that routines call by name and Python provides, those of routines that are left out, too
    by_name: tuple[Callback, ...] = ()
    # what compiled functions compute, and these functions
    questions: tuple[Question, ...] = ()
    answers: tuple[Procedure, ...] = ()

    @property
    def holds_something(self) -> bool:
        """Whether it describes a routine or a variable."""
        inner = any(module.procedures or module.variables for module in self.modules)
        return bool(self.procedures or self.commons) or inner

    def computed_constants(self) -> dict[tuple[str, str], str]:
        """Return a short name for each parameter whose value the compiler knows, by its module's and its own."""
        places = [
            (module.name, variable.name)
            for module in self.modules
            for variable in module.variables
            if variable.computed
        ]
        return {place: f"value_{number}" for number, place in enumerate(places, 1)}

    def shared_variables(self) -> dict[tuple[str, str], str]:
        """Return a short name for each variable without a symbol, by its module's name and its own."""
        places = [
            (module.name, variable.name)
            for module in self.modules
            for variable in module.variables
            if variable.shared
        ]
        return {place: f"place_{number}" for number, place in enumerate(places, 1)}

    def exported_callbacks(self) -> tuple[Callback, ...]:
        """Return the callbacks that Fortran calls by name, once each; how a wrapped routine describes one counts."""
        inner = (p for module in self.modules for p in module.procedures)
        found = {
            argument.callback.name: argument.callback
            for procedure in (*self.procedures, *inner)
            for argument in procedure.arguments
            if argument.callback is not None and argument.intent & Intent.CALLBACK
        }
        for callback in self.by_name:
            found.setdefault(callback.name, callback)
        return tuple(found.values())
