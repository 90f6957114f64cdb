"""How a wrapper makes of what it is given what Fortran needs: the steps before and after a call."""

from __future__ import annotations

import enum

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import Expression


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
    """As ScalarInput, for an optional scalar whose default is computed; `facts` are checks that have passed.

    `checks` are for what the caller gives: they hold for the default.
    """

    input: ScalarInput
    default: Expression
    facts: tuple[Expression, ...]
    checks: tuple[Check, ...] = ()


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
    """Put a scalar into array `place` of rank 0 and type `dtype`, whose address is passed."""

    place: str
    dtype: str
    value: Expression


@dataclass(frozen=True)
class ScalarTake:
    """Take what Fortran has left in array `place` as scalar `name`: a long double if it is `extended`.

    A `logical` is 0 or 1 in Python, whatever Fortran has for true.
    """

    name: str
    place: str
    extended: bool
    logical: bool


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
    is true, and `copying` elsewhere. What the runtime's `guard` says is passed as it is needs no conversion.
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
    guard: str = ""


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

    It is an empty one where Fortran is told that the argument is `absent`, and stays None where nothing else reads it
    (`unread`).
    """

    input: ArrayInput
    order: str
    initial: Expression | None = None
    filled: FillByIndex | FillEach | None = None
    absent: bool = False
    unread: bool = False


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
    maker: str = "Deferred"


@dataclass(frozen=True)
class DeferredAfter:
    """Release what an allocatable or pointer dummy that isn't returned has after the call."""

    name: str
    holder: str


@dataclass(frozen=True)
class ArrayWriteBack:
    """Copy `name` back into the caller's array (intent(inplace))."""

    name: str


class TextMemory(enum.Enum):
    """What a string is between its conversion and the call.

    Python's own BYTES serve where Fortran only reads it. MEMORY is C's, with a NUL after the characters: nothing but
    the call and the functions for strings may use it. An ARRAY of single characters has elements for expressions.
    """

    BYTES = "bytes"
    MEMORY = "memory"
    ARRAY = "array"


@dataclass(frozen=True)
class StringInput:
    """Convert `name` to a string of `length` characters (None: the caller's length), `held` as TextMemory says.

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
    held: TextMemory = TextMemory.ARRAY


@dataclass(frozen=True)
class StringHidden:
    """Allocate the memory of a string of `length` characters; `initial` fills it."""

    name: str
    length: Expression
    initial: Expression | None = None
    held: TextMemory = TextMemory.ARRAY


@dataclass(frozen=True)
class StringWriteBack:
    """Copy string `name` back into the caller's array `kept`."""

    name: str
    kept: str


@dataclass(frozen=True)
class CallbackInput:
    """Make `bound`, which Fortran calls for callback `name`, by the module's constant `signature`.

    `label` is how messages call it, `companion` the callback that was made before it for the same call. An `optional`
    one that is None is absent for Fortran. Fortran may keep it in the objects `keepers` and in the result `returned`,
    `deep` where what their components lead to may hold it; without any where that is None.
    """

    name: str
    signature: str
    extra: str
    bound: str
    label: str
    companion: str | None = None
    optional: bool = False
    keepers: tuple[str, ...] | None = None
    returned: str = ""
    deep: bool = False


@dataclass(frozen=True)
class CallbackAttribute:
    """``name = exported.attribute()``: a hidden callback is an attribute of the module."""

    name: str
    exported: str
    extra: str
    label: str


@dataclass(frozen=True)
class CallbackRaise:
    """Raise what callback `bound` raised while Fortran ran; after the `last` call it is used no more.

    The object `returned` may have been given it to keep, "" where there is none.
    """

    bound: str
    last: bool
    returned: str = ""


@dataclass(frozen=True)
class ExtraArguments:
    """Refuse extra arguments for a callback that are no tuple; `what` is how messages call the parameter."""

    name: str
    what: str


@dataclass(frozen=True)
class Check:
    """Raise the module's error with f2py's text unless `condition` holds.

    The text says that `stated` failed for `position` ("1st argument"), followed by the last part of `place`
    ("routine:name", or the name alone of what isn't shown). It ends with the value of `shown`: a scalar, or a character
    or string where it `is_text`; None for arrays. `given` are the other integers that the condition is about, `bits`
    the width of them all.
    """

    condition: Expression
    stated: str
    position: str
    place: str
    shown: str | None = None
    given: tuple[str, ...] = ()
    bits: int = 32
    is_text: bool = False
