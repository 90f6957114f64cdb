"""What Fortran passes to a callback: how Python sees it, and how Python's answers go back.

`intent` holds IN for an argument that the Python function gets, INOUT for a scalar that it gets as an array of rank 0,
OUT for one that it may return, OPTIONAL for one that it gets after those without.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Callable, NamedTuple, Sequence, Union

from numpy import dtype, ndarray

from f2pypy.runtime.arrays import IN, INOUT, OPTIONAL, OUT, C, array
from f2pypy.runtime.callback_memory import array_writer, number_at, number_passed, text_reader, text_writer, view, views
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.scalar_types import (
    CHARACTER,
    COMPLEX,
    DOUBLE,
    DOUBLE_COMPLEX,
    FLOAT,
    INT,
    INT8,
    INT16,
    LOGICAL,
    LOGICAL8,
    LOGICAL16,
    LOGICAL64,
    LONG,
    ScalarType,
)
from f2pypy.runtime.scalars import (
    character,
    complex_number,
    integer,
    integer8,
    integer16,
    integer64,
    real,
    single,
    single_complex,
)
from f2pypy.runtime.texts import encoded, padded, text_scalar

# How an answer becomes a scalar, and what f2py's message calls the type when it can't.
_ANSWERS: dict[ScalarType, tuple[Callable[[Any, str], Any], str]] = {
    INT8: (integer8, "signed_char"),
    INT16: (integer16, "short"),
    INT: (integer, "int"),
    LONG: (integer64, "long_long"),
    LOGICAL8: (integer, "signed_char"),
    LOGICAL16: (integer, "short"),
    LOGICAL: (integer, "int"),
    LOGICAL64: (integer64, "long_long"),
    FLOAT: (single, "float"),
    DOUBLE: (real, "double"),
    COMPLEX: (single_complex, "complex_float"),
    DOUBLE_COMPLEX: (complex_number, "complex_double"),
    CHARACTER: (character, "character"),
}
_EXTENDED = ("long_double", "complex_long_double")
_ANSWER = "the answer"
_CHARACTERS = dtype("S1")


Values = Sequence[Any]  # what C passes: addresses, numbers by value, lengths


class Place:
    """Where an argument stands among the values that C passes: its `index`, and what tells its length and shape.

    `library` has the procedure that passes it, `getters` make what gets the arguments that its shape needs.
    """

    def __init__(self, index: int, library: Library, length: int = 0) -> None:
        self.index = index
        self.library = library
        self.length: Callable[[Values], int] = lambda _: length
        self.getters: Sequence[Callable[[Values], Callable[[], Any]]] = ()

    def take_length_from(self, index: int) -> None:
        """Let a hidden argument tell the length."""
        self.length = itemgetter(index)


class Question(NamedTuple):
    """What a Python function's answer is for, in the words of f2py's messages; `error` is the module's exception."""

    role: str
    callback: str
    error: type[Exception]

    def __str__(self) -> str:
        return f"{self.role} of call-back function {self.callback}"


class CallbackScalar:
    """A scalar, passed by reference or `by_value`; `convert` makes one of an answer where its type has no usual way."""

    by_value: ScalarType | None
    is_text: bool

    def __init__(
        self,
        name: str,
        kind: ScalarType,
        intent: int = IN,
        by_value: bool = False,
        convert: Callable[[Any, str], Any] | None = None,
    ) -> None:
        self.name = name
        self.kind = kind
        self.intent = intent
        self.by_value = kind if by_value else None
        self.is_text = kind is CHARACTER
        self.convert = convert
        self.parts = 2 if kind.is_complex and not kind.is_extended else 1

    @property
    def is_plain(self) -> bool:
        """Whether the Python function gets a number, passed by reference, and changes nothing."""
        if self.by_value is not None or self.is_text:
            return False
        return self.intent & (IN | INOUT | OUT | OPTIONAL) == IN

    @property
    def exact(self) -> tuple[Any, int]:
        """The type of the answers that need no conversion, and the limit of integers: 0 for other numbers."""
        if self.convert is not None or self.kind.is_extended or self.kind.is_logical:
            return None, 0
        if self.kind.bits:
            return int, 1 << (self.kind.bits - 1)
        return {DOUBLE: float, DOUBLE_COMPLEX: complex}.get(self.kind), 0

    def getter(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what gets the number, or the byte."""
        passed = values[place.index]
        if self.by_value is not None:
            number = number_passed(self.kind)(passed)
            return lambda: number
        get: Callable[[], Any] = number_at(passed, self.kind, self.name).item
        return get

    def giver(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what makes the Python function's argument: a number, a str, or an array of rank 0."""
        if self.intent & INOUT and self.by_value is None:
            return views(values[place.index], dtype(self.kind.letter), (), "F")
        get = self.getter(place, values)
        return (lambda: get().decode("latin-1")) if self.is_text else get

    def converted(self, answer: Any, question: Question) -> Any:
        """Return `answer` as a number of this type; a failure has f2py's class and text."""
        c_type = _EXTENDED[self.kind.is_complex]
        convert = self.convert
        if convert is None:
            convert, c_type = _ANSWERS[self.kind]
        try:
            value = convert(answer, _ANSWER)
        except Exception as failure:
            if not str(failure).startswith(_ANSWER):
                raise
            raise type(failure)(f"{c_type}_from_pyobj failed in converting {question} to C {c_type}\n") from None
        return (1 if value else 0) if self.kind.is_logical else value

    def taker(self, place: Place, values: Values, question: Question) -> Callable[[Any], None]:
        """Return what gives Fortran an answer of the Python function."""
        number = number_at(values[place.index], self.kind, self.name)
        exact, limit = self.exact

        def take(answer: Any) -> None:
            if type(answer) is not exact or (limit and not -limit <= answer < limit):
                answer = self.converted(answer, question)
            number[()] = answer

        return take


class CallbackArray:
    """An array: the Python function gets a view of it, which it may write to.

    `extents` gives the shape from the arguments that its parameters are named after.
    """

    by_value = None

    def __init__(self, name: str, kind: dtype[Any], extents: Callable[..., tuple[int, ...]], intent: int = IN) -> None:
        self.name = name
        self.kind = kind
        self.is_text = kind.kind == "S"
        self.extents = extents
        self.intent = intent
        self.order: Any = "C" if intent & C else "F"

    @property
    def needs(self) -> tuple[str, ...]:
        """The arguments that tell its extents."""
        code = self.extents.__code__
        return code.co_varnames[: code.co_argcount]

    def shape(self, place: Place, values: Values) -> Sequence[int]:
        """Return the extents, computed from the other arguments of this call of Fortran's."""
        return self.extents(*[get(values)() for get in place.getters])

    def type_of(self, place: Place, values: Values) -> dtype[Any]:
        """Return the type of the elements; strings of assumed length have the hidden one."""
        return self.kind if self.kind.itemsize else dtype(f"S{place.length(values)}")

    def getter(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what the extents of others are computed from: its elements as they are now, in their order."""
        give = self.giver(place, values)
        return lambda: give().ravel("A").tolist()

    def giver(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what makes the Python function's argument: an array that views Fortran's memory."""
        return views(values[place.index], self.type_of(place, values), self.shape(place, values), self.order)

    def taker(self, place: Place, values: Values, question: Question) -> Callable[[Any], None]:
        """Return what copies an answer of the Python function into Fortran's memory."""
        kind, shape = self.type_of(place, values), tuple(self.shape(place, values))
        memory = view(values[place.index], kind, shape, self.order)
        intent = IN | (self.intent & C)

        def convert(answer: Any) -> None:
            if kind.char == "S":
                answer = padded(encoded(answer), kind)
            if type(answer) is not ndarray or answer.dtype is not kind or answer.shape != shape:
                converted = array(answer, kind, shape, intent, question.callback, question.role)
                answer = converted.reshape(shape, order=self.order)
            memory[...] = answer

        # strings may be short; single characters are stored as they are
        if kind.char == "S" and kind.itemsize > 1:
            return convert
        return array_writer(memory, self.order, convert)


class CallbackView:
    """An array of `rank` axes, passed by descriptor: assumed-shape, or the memory for a function's result.

    The Python function gets a view of it with the strides that Fortran says, which it may write to.
    """

    by_value = None

    def __init__(self, name: str, kind: dtype[Any], rank: int, intent: int = IN, interoperable: bool = False) -> None:
        self.name = name
        self.kind = kind
        self.rank = rank
        self.is_text = kind.kind == "S"
        self.intent = intent
        self.interoperable = interoperable

    def getter(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what the extents of other arguments are computed from: the view that `giver` makes."""
        return self.giver(place, values)

    def giver(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what makes the view; it raises ValueError where Fortran passes none."""

        def give() -> Any:
            view = self.view(place, values)
            if view is None:
                raise ValueError(f"Fortran passed a null pointer for {self.name}")
            return view

        return give

    def describes_length(self, library: Library) -> bool:
        """Whether the descriptor, and no hidden argument, has the length of strings."""
        described: bool = library.compiler.describes_length(self.interoperable)
        return described

    def view(self, place: Place, values: Values) -> ndarray[Any, Any] | None:
        """Return the array, None where there is no memory; strings of assumed length have the hidden one."""
        address, kind = values[place.index], self.kind
        if not address:
            return None
        if not (kind.itemsize or self.describes_length(place.library)):
            kind = dtype(f"S{place.length(values)}")
        found: ndarray[Any, Any] | None = place.library.compiler.array_at(address, kind, self.rank, self.interoperable)
        return found

    def clear(self, place: Place, values: Values) -> None:
        """Fill the array with zeros."""
        memory = self.view(place, values)
        if memory is not None:
            memory[...] = b" " * memory.itemsize if self.is_text else 0

    def taker(self, place: Place, values: Values, question: Question) -> Callable[[Any], None]:
        """Return what copies an answer of the Python function into Fortran's memory."""
        give = self.giver(place, values)

        def take(answer: Any) -> None:
            memory = give()
            if self.is_text:
                answer = padded(encoded(answer), memory.dtype)
            memory[...] = array(answer, memory.dtype, memory.shape, IN, question.callback, question.role)

        return take


class CallbackString:
    """A string of `length` characters, -1 where a hidden argument tells."""

    by_value = None
    is_text = True

    def __init__(self, name: str, intent: int = IN, length: int = -1) -> None:
        self.name = name
        self.intent = intent
        self.length = length

    def getter(self, place: Place, values: Values) -> Callable[[], bytes]:
        """Return what gets the bytes, blanks at the end included."""
        return text_reader(values[place.index], place.length(values))

    def giver(self, place: Place, values: Values) -> Callable[[], Any]:
        """Return what makes the Python function's argument: a str, or an array of bytes for ``intent(inout)``.

        It raises UnicodeDecodeError for bytes that aren't UTF-8.
        """
        if self.intent & INOUT:
            return views(values[place.index], _CHARACTERS, (place.length(values),), "F")
        get = self.getter(place, values)
        return lambda: get().decode()

    def taker(self, place: Place, values: Values, question: Question) -> Callable[[Any], None]:
        """Return what gives Fortran bytes, cut or padded with blanks."""
        length = place.length(values)
        write = text_writer(values[place.index], length)

        def take(answer: Any) -> None:
            if not isinstance(answer, (bytes, str, ndarray)):
                raise question.error("string object expected")
            write(text_scalar(answer).partition(b"\0")[0][:length].ljust(length))

        return take


CallbackArgument = Union[CallbackScalar, CallbackArray, CallbackView, CallbackString]
