"""What will be PRINTED: one step per paragraph of a wrapper, everything already decided.

Each step class has one macro of the same name in ``templates/steps.py.j2``. Values are expressions, never
Python text, so that any printer can read the same plan. Names in expressions are the Python names of the
procedure's locals (`lower` has already renamed what Python reserves).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from f2pypy.expressions.nodes import Bounds, Expression, FunctionDefinition


@dataclass(frozen=True)
class ScalarInput:
    """Convert required scalar `name`; `what` is how messages call it.

    `exact` is the Python type that needs no conversion, None where every value is converted (single precision is
    rounded, short integers wrap). `converter` is the runtime's function.
    """

    name: str
    exact: str | None
    converter: str
    what: str


@dataclass(frozen=True)
class ScalarDefault:
    """As ScalarInput, for an optional scalar with a constant default: None stands for it too."""

    input: ScalarInput
    default: Expression


@dataclass(frozen=True)
class ScalarComputed:
    """As ScalarInput, for an optional scalar whose default is computed; `facts` are checks that have passed."""

    input: ScalarInput
    default: Expression
    facts: tuple[Expression, ...]


@dataclass(frozen=True)
class Flag:
    """Convert an ``overwrite_`` flag, which must be an integer."""

    name: str


@dataclass(frozen=True)
class ScalarInOut:
    """Read scalar `name` from the array (or number) that the caller gave; `kept` remembers the caller's object."""

    name: str
    kept: str
    converter: str
    what: str


@dataclass(frozen=True)
class ScalarWriteBack:
    """Store scalar `name` in the caller's array `kept` by the runtime's function `writer`."""

    name: str
    kept: str
    writer: str


@dataclass(frozen=True)
class ScalarPlace:
    """Put a scalar that no frame holds into array `place` of rank 0 and type `dtype`, whose address is passed."""

    place: str
    dtype: str
    value: Expression


@dataclass(frozen=True)
class ScalarTake:
    """Take what Fortran has left in array `place` as scalar `name`."""

    name: str
    place: str


@dataclass(frozen=True)
class Declare:
    """Say the type of a scalar that the call alone gives a value."""

    name: str
    annotation: str


@dataclass(frozen=True)
class Assign:
    """``target = value``; `facts` are checks that have passed, `annotation` the target's type."""

    target: str
    value: Expression
    facts: tuple[Expression, ...] = ()
    annotation: str = ""


@dataclass(frozen=True)
class Unpack:
    """``first, second = array.shape``."""

    targets: tuple[str, ...]
    array: str


@dataclass(frozen=True)
class ArrayInput:
    """Convert `name` to an array by the runtime's `converter`.

    Extents None are the caller's, `intent` names the runtime's flags. With `overwrite` they hold where that argument
    is true, and `copying` elsewhere.
    """

    name: str
    dtype: str
    extents: tuple[Expression | None, ...]
    intent: tuple[str, ...]
    routine: str
    what: str
    converter: str
    overwrite: str | None = None
    copying: tuple[str, ...] = ()
    length: Expression | None = None  # of the strings, where the elements are strings


@dataclass(frozen=True)
class FillByIndex:
    """Set every element of `name` to `value` at once, where ``_i[k]`` is the index along the k-th axis from the last.

    f2py walks memory with the first index fastest, whatever the array's `order` is.
    """

    name: str
    value: Expression
    order: str


@dataclass(frozen=True)
class FillEach:
    """As FillByIndex, one element after the other."""

    name: str
    value: Expression
    order: str


@dataclass(frozen=True)
class ArrayOptional:
    """As ArrayInput, with a new array where `name` is None; `initial` or `filled` fills it.

    It is an empty one where Fortran is told that the argument is `absent`.
    """

    input: ArrayInput
    order: str
    initial: Expression | None = None
    filled: FillByIndex | FillEach | None = None
    absent: bool = False


@dataclass(frozen=True)
class ArrayHidden:
    """Allocate `name`, zero-filled unless `scratch`; `initial` or `filled` fills it."""

    name: str
    dtype: str
    extents: tuple[Expression, ...]
    order: str
    scratch: bool = False
    initial: Expression | None = None
    length: Expression | None = None
    filled: FillByIndex | FillEach | None = None


@dataclass(frozen=True)
class Deferred:
    """An allocatable or pointer dummy: `holder` has its descriptor; None as a value leaves it unallocated.

    `input` converts what the caller gives, None where nothing comes in. Where the extents of others ask for it
    (`asked`), `name` becomes what was converted, of extents 0 for None, and `kept` is the caller's object.
    """

    name: str
    holder: str
    dtype: str
    rank: int
    pointer: bool
    input: ArrayInput | StringInput | None
    length: Expression | None = None
    logical: bool = False
    interoperable: bool = False  # its descriptor is the standard's
    asked: bool = False
    kept: str = ""

    @property
    def is_text(self) -> bool:
        """Whether it is a string: a scalar of characters."""
        return isinstance(self.input, StringInput)


@dataclass(frozen=True)
class DeferredAfter:
    """Release what an allocatable or pointer dummy that isn't returned has after the call."""

    name: str
    holder: str


@dataclass(frozen=True)
class ArrayWriteBack:
    """Copy `name` back into the caller's array (intent(inplace))."""

    name: str


@dataclass(frozen=True)
class StringInput:
    """Convert `name` to the memory of a string of `length` characters (None: the caller's length).

    None stands for `default`. `kept` is the local that keeps the caller's object, to be written back. `label` is the
    argument's own name in messages, `what` its ordinal.
    """

    name: str
    length: Expression | None
    default: Expression
    routine: str
    what: str
    label: str
    kept: str | None = None


@dataclass(frozen=True)
class StringHidden:
    """Allocate the memory of a string of `length` characters; `initial` fills it."""

    name: str
    length: Expression
    initial: Expression | None = None


@dataclass(frozen=True)
class StringWriteBack:
    """Copy string `name` back into the caller's array `kept`."""

    name: str
    kept: str


@dataclass(frozen=True)
class CallbackInput:
    """Make `bound`, which Fortran calls for callback `name`, by the module's constant `signature`.

    `label` is how messages call it, `companion` the callback that was made before it for the same call. An `optional`
    one that is None is absent for Fortran.
    """

    name: str
    signature: str
    extra: str
    bound: str
    label: str
    companion: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class CallbackAttribute:
    """``name = exported.attribute()``: a hidden callback is an attribute of the module."""

    name: str
    exported: str
    extra: str
    label: str


@dataclass(frozen=True)
class CallbackRaise:
    """Raise what callback `bound` raised while Fortran ran; after the `last` call it is used no more."""

    bound: str
    last: bool


@dataclass(frozen=True)
class ExtraArguments:
    """Refuse extra arguments for a callback that are no tuple; `what` is how messages call the parameter."""

    name: str
    what: str


@dataclass(frozen=True)
class Check:
    """Raise the module's error with f2py's text unless `condition` holds.

    The text says that `stated` failed for `position` ("1st argument") and, behind it, the last part of `place`
    ("routine:name", or the name alone of what isn't shown). It ends with the value of `shown`: a scalar, or a string;
    None for arrays. `given` are the other integers that the condition is about, `bits` the width of them all.
    """

    condition: Expression
    stated: str
    position: str
    place: str
    shown: str | None = None
    given: tuple[str, ...] = ()
    bits: int = 32


@dataclass(frozen=True)
class Slot:
    """One scalar of the frame: its name there, its type's code and the value it holds at the call.

    A value None leaves whatever the type's zero is.
    """

    name: str
    code: str
    value: Expression | None
    is_complex: bool = False


@dataclass(frozen=True)
class FrameReference:
    """The address of a slot."""

    slot: str


@dataclass(frozen=True)
class Address:
    """The address of an array or string buffer, `offset` elements in where that is given."""

    array: str
    offset: Expression | None = None


@dataclass(frozen=True)
class PassValue:
    """A value passed by value, wrapped as `code`; a `whole` one needs a C object of its own."""

    value: Expression
    code: str
    whole: bool = False


@dataclass(frozen=True)
class PassLength:
    """The hidden length of a character argument, as size_t.

    Of a string (`form` "string"), of the elements of an array ("array") or of a single character ("character"), or what
    the holder `name` of an allocatable or pointer has ("holder"); "place" is the address of that.
    """

    name: str
    form: str


@dataclass(frozen=True)
class PassPointer:
    """A callback's C function."""

    name: str


@dataclass(frozen=True)
class PassNull:
    """An address, or NULL (for a length 0) where the caller left the argument out, which the local `absent` says."""

    absent: str
    actual: CallArgument

    @property
    def is_length(self) -> bool:
        """Whether it stands for a hidden length."""
        return isinstance(self.actual, PassLength)


@dataclass(frozen=True)
class PassDescriptor:
    """The address of a descriptor of an array: its holder's, or one made for the call."""

    array: str
    holder: str = ""
    maker: str = "descriptor"
    logical: bool = False
    interoperable: bool = False  # it is the standard's


@dataclass(frozen=True)
class PassText:
    """The address of a string literal."""

    value: Expression


@dataclass(frozen=True)
class PassNothing:
    """NULL."""


@dataclass(frozen=True)
class PassChosen:
    """One of two addresses."""

    test: Expression
    then: CallArgument
    otherwise: CallArgument


CallArgument = Union[
    FrameReference,
    Address,
    PassValue,
    PassLength,
    PassPointer,
    PassNull,
    PassDescriptor,
    PassText,
    PassNothing,
    PassChosen,
]


@dataclass(frozen=True)
class Invoke:
    """Pack the frame, call the routine, read back what it changed, release the frame.

    `outputs` are the variables that take the frame's output slots, in the slots' order. `result` takes the
    function's value, whose type is `annotation`. Where Fortran calls Python by name, `serving` is one of the
    callbacks that the routine is passed, "" if there is none, and `by_name` has pairs of the procedure that Fortran
    calls and the callback that serves as it.
    """

    routine: str
    slots: tuple[Slot, ...]
    arguments: tuple[CallArgument, ...]
    outputs: tuple[str, ...]
    result: str | None
    frame: str
    annotation: str = ""
    serving: str = ""
    by_name: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ElementAssign:
    """``array[index] = value`` in memory order; `part` is "real" or "imag" where only that is set."""

    array: str
    index: Expression
    value: Expression
    part: str = ""


@dataclass(frozen=True)
class ElementsAssign:
    """``array[places] operator value`` in memory order, with a value for each place or one for all."""

    array: str
    places: Bounds
    operator: str
    value: Expression
    part: str = ""


@dataclass(frozen=True)
class TriangleFill:
    """Set the lower or upper triangle of a matrix whose columns are `leading` elements apart."""

    array: str
    order: Expression
    leading: Expression
    lower: bool
    diagonal: bool
    value: Expression


@dataclass(frozen=True)
class MakeWritable:
    """Replace read-only arrays whose elements the wrapper changes itself by copies."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Choose:
    """``if test: then else: otherwise``."""

    test: Expression
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...]


@dataclass(frozen=True)
class Loop:
    """``while test: body``."""

    test: Expression
    body: tuple[Step, ...]


@dataclass(frozen=True)
class Break:
    """Leave the innermost loop."""


@dataclass(frozen=True)
class Continue:
    """Begin the next turn of the innermost loop."""


@dataclass(frozen=True)
class Raise:
    """Raise `exception` with `message`, or with what string `argument` holds."""

    exception: str
    message: str
    argument: str = ""


@dataclass(frozen=True)
class Returned:
    """One returned value: `unfold` gives back the array behind what was passed, `text` a string buffer's bytes.

    `character` is the byte of a string buffer as it is. `holder` has the value of an allocatable or pointer; where a
    function returned it, `received` is its address. Where it is `given` back, the caller's array takes it. It is None
    where the local `absent` is true.
    """

    value: Expression
    unfold: bool = False
    text: bool = False
    character: bool = False
    holder: str = ""
    received: bool = False
    given: bool = False
    absent: str = ""


@dataclass(frozen=True)
class Return:
    """Return nothing, one value, or a tuple."""

    values: tuple[Returned, ...]


@dataclass(frozen=True)
class Blank:
    """An empty line between paragraphs."""


Step = Union[
    ScalarInput,
    ScalarDefault,
    ScalarComputed,
    Flag,
    ScalarInOut,
    ScalarWriteBack,
    ScalarPlace,
    ScalarTake,
    Declare,
    Assign,
    Unpack,
    ArrayInput,
    ArrayOptional,
    ArrayHidden,
    Deferred,
    DeferredAfter,
    FillByIndex,
    FillEach,
    ArrayWriteBack,
    StringInput,
    StringHidden,
    StringWriteBack,
    CallbackInput,
    CallbackAttribute,
    CallbackRaise,
    ExtraArguments,
    Check,
    Invoke,
    ElementAssign,
    ElementsAssign,
    TriangleFill,
    MakeWritable,
    Choose,
    Loop,
    Break,
    Continue,
    Raise,
    Return,
    Blank,
]


@dataclass(frozen=True)
class Parameter:
    """One parameter of the Python function; `default` None where it is required, unless it is an `empty` tuple."""

    name: str
    annotation: str
    default: Expression | None
    optional: bool
    empty: bool = False


@dataclass(frozen=True)
class Binding:
    """The module-level object that knows the Fortran symbol.

    `slots` are (name, code) of the frame's scalars, `outputs` the names of those read back, `result` the code of a
    function's result.
    """

    variable: str
    symbol: str
    result: str | None
    slots: tuple[tuple[str, str], ...]
    outputs: tuple[str, ...]
    threadsafe: bool
    exact: bool
    fortran_module: str
    by_value: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class CallbackScalar:
    """A scalar that Fortran passes to a callback; `flags` are the runtime's names of its intent.

    `converter` is the runtime's function that makes one of an answer, where the type alone doesn't tell it.
    """

    name: str
    code: str
    flags: tuple[str, ...]
    by_value: bool
    converter: str = ""


@dataclass(frozen=True)
class CallbackArray:
    """An array that Fortran passes to a callback; its `extents` need the arguments `needs`.

    `length` is that of each element of characters, 0 where a hidden argument tells it, None for numbers.
    """

    name: str
    dtype: str
    length: int | None
    needs: tuple[str, ...]
    extents: tuple[Expression, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class CallbackString:
    """A string that Fortran passes to a callback; `length` is None where a hidden argument tells it."""

    name: str
    length: int | None
    flags: tuple[str, ...]


@dataclass(frozen=True)
class CallbackView:
    """An array of `rank` axes that Fortran passes to a callback by descriptor, the standard's if `interoperable`.

    `length` is that of each element of characters, 0 where a hidden argument tells it, None for numbers.
    """

    name: str
    dtype: str
    length: int | None
    rank: int
    flags: tuple[str, ...]
    interoperable: bool


CallbackArgument = Union[CallbackScalar, CallbackArray, CallbackView, CallbackString]


@dataclass(frozen=True)
class CallbackSignature:
    """The constant `variable` that describes a dummy procedure, which messages call `name`."""

    variable: str
    name: str
    result: str | CallbackString | CallbackArray | CallbackView | None
    arguments: tuple[CallbackArgument, ...]
    lengths: bool
    converter: str = ""


@dataclass(frozen=True)
class ExportedCallback:
    """The constant `variable` for the procedure `name` that Fortran calls and Python provides."""

    variable: str
    name: str
    signature: str


@dataclass(frozen=True)
class Procedure:
    """One function of the generated module.

    `name` is what users call, `function` the identifier of its def. `ranks` gives the rank of each array local,
    `renamed` maps parameters whose Fortran name Python can't take.
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


@dataclass(frozen=True)
class Variable:
    """A variable of a common block or Fortran module; `dtype` is the type of its elements as it is printed.

    `symbol` is the name of its storage where that is another, `exact` where it is used as it stands. `common` is the
    identifier of the common block that holds a module's variable. A `protected` one is read-only. The `symbol` of a
    `located` one is that of a function that returns its address.
    """

    name: str
    dtype: str
    extents: tuple[int, ...]
    symbol: str
    exact: bool
    common: str = ""
    protected: bool = False
    located: bool = False


@dataclass(frozen=True)
class Constant:
    """A named constant of a Fortran module: its values in the order of their storage."""

    name: str
    dtype: str
    values: tuple[Expression, ...]
    extents: tuple[int, ...]


@dataclass(frozen=True)
class Allocatable:
    """An allocatable array of a Fortran module, a scalar where `rank` is 0; `protected` where it is read-only."""

    name: str
    dtype: str
    rank: int
    symbol: str
    exact: bool
    logical: bool
    protected: bool = False


@dataclass(frozen=True)
class Pointer:
    """A pointer of a Fortran module, to a scalar where `rank` is 0."""

    name: str
    dtype: str
    rank: int
    symbol: str
    exact: bool
    logical: bool


@dataclass(frozen=True)
class ComputedConstant:
    """A named constant whose value lies in the library, at `symbol`."""

    name: str
    dtype: str
    extents: tuple[int, ...]
    symbol: str


FortranVariable = Union[Variable, Constant, ComputedConstant, Allocatable, Pointer]


@dataclass(frozen=True)
class CommonBlock:
    """The object for a common block; `identifier` is its Python name, `symbol` the name that ``bind(c)`` gives it."""

    identifier: str
    name: str
    variables: tuple[FortranVariable, ...]
    symbol: str


@dataclass(frozen=True)
class FortranModule:
    """The object for a Fortran module; `routines` are names with the identifiers of their functions.

    `callbacks` are those that its procedures call by name, with their variables; `left_out` has the reason for each
    variable and routine that isn't there.
    """

    identifier: str
    name: str
    variables: tuple[FortranVariable, ...]
    routines: tuple[tuple[str, str], ...]
    callbacks: tuple[tuple[str, str], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Function:
    """A private function of the module that stands for a C function of usercode.

    `known` are the definitions that it may call, `names` gives the Python name of each and its own.
    """

    definition: FunctionDefinition
    known: tuple[FunctionDefinition, ...]
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DescriptorLayout:
    """The layout of array descriptors, in the terms of the runtime's class of the same name."""

    header: tuple[tuple[str, str], ...]
    dimension: tuple[str, ...]
    codes: tuple[tuple[str, int], ...]
    version: int
    attributes: tuple[int, ...]
    lower: int


@dataclass(frozen=True)
class Compiler:
    """The conventions of the library's compiler that the module needs, in the terms of the runtime's `Compiler`.

    Layouts are None where no descriptor is made, `c_arrays` also where they are those of `arrays`.
    """

    name: str
    procedure: str
    variable: str
    length: str | None
    arrays: DescriptorLayout | None
    c_arrays: DescriptorLayout | None
    described_scalars: bool


@dataclass(frozen=True)
class Target:
    """The machine and system that the module was written for, and the `sizes` of C types there that it counts on."""

    module: str
    name: str
    sizes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class LibrarySearch:
    """How the generated module finds its library; it may do without where nothing `needed` is in it.

    `packages` says that Python packages may have it, since it is a BLAS or LAPACK by its name.
    `compiler` says that the module has the conventions of the library's compiler.
    """

    module: str
    links: tuple[str, ...]
    directories: tuple[str, ...]
    path: str | None
    symbol: str | None
    int64: bool
    abi: str
    needed: bool = True
    packages: bool = False
    compiler: bool = False


@dataclass(frozen=True)
class Module:
    """The whole generated module, in the order in which it is printed.

    `runtime_module` is the module that has the runtime, "" where `runtime` says where it is. `native` says that
    procedures called often become native code. `exported` and `claimed` are names, as users know them, with the
    identifiers of what they name: the first are those that Python reserves, the second those that the module's own code
    uses as well and gives up. The identifier is "" where users set the attribute.
    `error_is_claimed`: the exception is among them, and still calls itself ``error``, as f2py's does.
    `answers` are the functions among the procedures that compute extents for the others.
    """

    name: str
    docstring: str
    version: str
    source: str
    runtime: str
    runtime_module: str
    library: LibrarySearch | None  # None where the module holds nothing
    native: bool
    procedures: tuple[Procedure, ...]
    exported: tuple[tuple[str, str], ...]
    claimed: tuple[tuple[str, str], ...]
    public: tuple[str, ...]
    objects: tuple[CommonBlock | FortranModule, ...] = ()
    functions: tuple[Function, ...] = ()
    compiler: Compiler | None = None  # where nothing depends on it
    error_is_claimed: bool = False
    target: Target | None = None  # where nothing depends on it
    answers: frozenset[str] = frozenset()

    @property
    def wrapped(self) -> tuple[str, ...]:
        """The routines, as users call them."""
        return tuple(p.name for p in self.procedures if p.function not in self.answers)

    @property
    def holds_something(self) -> bool:
        """Whether users find a routine or a variable in it."""
        return bool(self.wrapped) or any(made.variables for made in self.objects)
