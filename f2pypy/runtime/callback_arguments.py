"""What Fortran passes to a callback: how Python sees it, and how Python's answers go back.

`intent` holds IN for an argument that the Python function gets, INOUT for a scalar that it gets as an array of rank 0,
OUT for one that it may return, OPTIONAL for one that it gets behind those without.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any, Callable, NamedTuple, Sequence, Union

from numpy import dtype, frombuffer, ndarray

from f2pypy.runtime.arrays import IN, INOUT, OPTIONAL, OUT, C, array
from f2pypy.runtime.callback_memory import number_passed, reader, view, writer
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
_BYTES = dtype("uint8")
_CHARACTERS = dtype("S1")


Values = Sequence[Any]  # what C passes: addresses, numbers by value, lengths


class Place:
    """Where an argument stands among the values that C passes: its `index`, and what tells its length and shape.

    `library` has the procedure that passes it.
    """

    def __init__(self, index: int, library: Library, length: int = 0) -> None:
        self.index = index
        self.library = library
        self.length: Callable[[Values], int] = lambda _: length
        self.shape: Callable[[Values], Sequence[int]] = lambda _: ()

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
        """Whether the Python function gets a number, passed by reference in one part, and changes nothing."""
        if self.by_value is not None or self.is_text or self.kind.is_complex:
            return False
        return self.intent & (IN | INOUT | OUT | OPTIONAL) == IN

    def getter(self, place: Place) -> Callable[[Values], Any]:
        """Return what gets the number, or the byte."""
        index = place.index
        if self.by_value is not None:
            make = number_passed(self.kind)
            return lambda values: make(values[index])
        read = reader(self.kind)
        is_pair = self.parts == 2

        def get(values: Values) -> Any:
            address = values[index]
            if not address:
                raise ValueError(f"Fortran passed a null pointer for {self.name}")
            parts = read(address)
            return complex(*parts) if is_pair else parts[0]

        return get

    def giver(self, place: Place) -> Callable[[Values], Any]:
        """Return what makes the Python function's argument: a number, a str, or an array of rank 0."""
        get = self.getter(place)
        if self.intent & INOUT and self.by_value is None:
            kind = dtype(self.kind.letter)
            return lambda values: view(values[place.index], kind, (), "F")
        return (lambda values: get(values).decode("latin-1")) if self.is_text else get

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

    def taker(self, place: Place) -> Callable[[Values, Any, Question], None]:
        """Return what gives Fortran an answer of the Python function."""
        write = writer(self.kind)

        def take(values: Values, answer: Any, question: Question) -> None:
            value = self.converted(answer, question)
            parts = (value.real, value.imag) if self.parts == 2 else (value,)
            write(values[place.index], *parts)

        return take


class CallbackArray:
    """An array: the Python function gets a view of it, which it may write to.

    `extents` gives the shape from the scalars and strings that its parameters are named after.
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

    def shaper(self, getters: Sequence[Callable[[Values], Any]]) -> Callable[[Values], Sequence[int]]:
        """Return what computes the shape; `getters` get the arguments that it needs."""
        extents = self.extents
        if len(getters) == 1:
            (get,) = getters
            return lambda values: extents(get(values))
        return lambda values: extents(*[get(values) for get in getters])

    def giver(self, place: Place) -> Callable[[Values], Any]:
        """Return what makes the view; strings of assumed length have the hidden one."""
        index, shape, kind, order = place.index, place.shape, self.kind, self.order
        if kind.itemsize:
            return lambda values: view(values[index], kind, shape(values), order)
        return lambda values: view(values[index], dtype(f"S{place.length(values)}"), shape(values), order)

    def taker(self, place: Place) -> Callable[[Values, Any, Question], None]:
        """Return what copies an answer of the Python function into Fortran's memory."""
        give = self.giver(place)
        intent = IN | (self.intent & C)

        def take(values: Values, answer: Any, question: Question) -> None:
            memory = give(values)
            kind, shape = memory.dtype, memory.shape
            if kind.char == "S":
                answer = padded(encoded(answer), kind)
            plain = type(answer) is ndarray and answer.dtype is kind
            if not plain or answer.shape != shape:
                role, callback, _ = question
                converted = array(answer, kind, shape, intent, callback, role)
                answer = converted.reshape(shape, order=self.order)
            memory[...] = answer

        return take


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

    def getter(self, place: Place) -> Callable[[Values], Any]:
        """Return what makes the view."""
        return self.giver(place)

    def giver(self, place: Place) -> Callable[[Values], Any]:
        """Return what makes the view; ValueError where Fortran passes none."""

        def give(values: Values) -> Any:
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

    def taker(self, place: Place) -> Callable[[Values, Any, Question], None]:
        """Return what copies an answer of the Python function into Fortran's memory."""
        give = self.giver(place)

        def take(values: Values, answer: Any, question: Question) -> None:
            memory = give(values)
            role, callback, _ = question
            if self.is_text:
                answer = padded(encoded(answer), memory.dtype)
            memory[...] = array(answer, memory.dtype, memory.shape, IN, callback, role)

        return take


class CallbackString:
    """A string of `length` characters, -1 where a hidden argument tells."""

    by_value = None
    is_text = True

    def __init__(self, name: str, intent: int = IN, length: int = -1) -> None:
        self.name = name
        self.intent = intent
        self.length = length

    def getter(self, place: Place) -> Callable[[Values], bytes]:
        """Return what gets the bytes, blanks at the end included."""
        memory = self.memory(place)
        return lambda values: memory(values).tobytes()

    def memory(self, place: Place) -> Callable[[Values], Any]:
        """Return what makes an array over the characters."""
        return lambda values: view(values[place.index], _CHARACTERS, (place.length(values),), "F")

    def giver(self, place: Place) -> Callable[[Values], Any]:
        """Return what makes the Python function's argument: a str, or an array of bytes for ``intent(inout)``.

        It raises UnicodeDecodeError for bytes that aren't UTF-8.
        """
        if self.intent & INOUT:
            return self.memory(place)
        get = self.getter(place)
        return lambda values: get(values).decode()

    def taker(self, place: Place) -> Callable[[Values, Any, Question], None]:
        """Return what gives Fortran bytes, cut or padded with blanks."""

        def take(values: Values, answer: Any, question: Question) -> None:
            if not isinstance(answer, (bytes, str, ndarray)):
                raise question.error("string object expected")
            length = place.length(values)
            content = text_scalar(answer).partition(b"\0")[0][:length].ljust(length)
            if length:
                memory = view(values[place.index], _BYTES, (length,), "F")
                memory[:] = frombuffer(content, _BYTES)

        return take


CallbackArgument = Union[CallbackScalar, CallbackArray, CallbackView, CallbackString]
