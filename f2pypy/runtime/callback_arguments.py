"""What Fortran passes to a callback: how Python sees it, and how Python's answers go back.

Each method gets the address, the length of a string and the shape of an array, as far as the argument has them.
`intent` holds IN for an argument that the Python function gets, INOUT for a scalar that it gets as an array of rank 0,
OUT for one that it may return, OPTIONAL for one that it gets behind those without.
"""

from __future__ import annotations

from typing import Any, Callable, NamedTuple, Sequence, Union

from numpy import dtype

from f2pypy.runtime.arrays import IN, INOUT, C, array
from f2pypy.runtime.callback_memory import reader, view, writer
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
    LOGICAL_TYPES,
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

# How an answer becomes a scalar, and what f2py's message calls the type when it can't.
_ANSWERS: dict[ScalarType, tuple[Callable[[Any, str], Any], str]] = {
    INT8: (integer8, "signed_char"),
    INT16: (integer16, "short"),
    INT: (integer, "int"),
    LONG: (integer64, "long_long"),
    LOGICAL8: (integer8, "signed_char"),
    LOGICAL16: (integer16, "short"),
    LOGICAL: (integer, "int"),
    LOGICAL64: (integer64, "long_long"),
    FLOAT: (single, "float"),
    DOUBLE: (real, "double"),
    COMPLEX: (single_complex, "complex_float"),
    DOUBLE_COMPLEX: (complex_number, "complex_double"),
    CHARACTER: (character, "character"),
}
_ANSWER = "the answer"
_BYTES = dtype("uint8")


class Question(NamedTuple):
    """What a Python function's answer is for, in the words of f2py's messages; `error` is the module's exception."""

    role: str
    callback: str
    error: type[Exception]

    def __str__(self) -> str:
        return f"{self.role} of call-back function {self.callback}"


class CallbackScalar:
    """A scalar, passed by reference or `by_value`."""

    by_value: ScalarType | None
    is_text: bool

    def __init__(
        self, name: str, kind: ScalarType, intent: int = IN, by_value: bool = False
    ) -> None:
        self.name = name
        self.kind = kind
        self.intent = intent
        self.by_value = kind if by_value else None
        self.is_text = kind is CHARACTER
        self.read = reader(kind)
        self.write = writer(kind)

    def value(self, address: Any, _length: int) -> Any:
        """Return the number or the byte."""
        if self.by_value is not None:
            return address
        parts = self.read(address)
        return complex(*parts) if self.kind.is_complex else parts[0]

    def given(self, address: Any, length: int, _shape: Sequence[int]) -> Any:
        """Return what the Python function gets: a number, a str, or an array of rank 0."""
        if self.intent & INOUT and self.by_value is None:
            code = self.kind.code[0]
            kind = dtype(code.upper() if self.kind.is_complex else code)
            return view(address, kind, (), "F")
        value = self.value(address, length)
        return value.decode("latin-1") if self.is_text else value

    def converted(self, answer: Any, question: Question) -> Any:
        """Return `answer` as a number of this type; a failure has f2py's class and text."""
        convert, c_type = _ANSWERS[self.kind]
        try:
            value = convert(answer, _ANSWER)
        except Exception as failure:
            if not str(failure).startswith(_ANSWER):
                raise
            raise type(failure)(
                f"{c_type}_from_pyobj failed in converting {question} to C {c_type}\n"
            ) from None
        return (1 if value else 0) if self.kind in LOGICAL_TYPES else value

    def take(
        self,
        address: Any,
        _length: int,
        _shape: Sequence[int],
        answer: Any,
        question: Question,
    ) -> None:
        """Give Fortran what the Python function returned."""
        value = self.converted(answer, question)
        if self.kind.is_complex:
            self.write(address, value.real, value.imag)
        else:
            self.write(address, value)


class CallbackArray:
    """An array: the Python function gets a view of it, which it may write to.

    `extents` gives the shape from the scalars and strings that its parameters are named after.
    """

    by_value = None

    def __init__(
        self,
        name: str,
        kind: dtype[Any],
        extents: Callable[..., tuple[int, ...]],
        intent: int = IN,
    ) -> None:
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

    def given(self, address: Any, length: int, shape: Sequence[int]) -> Any:
        """Return the view; strings of assumed length have the hidden one."""
        kind = self.kind if self.kind.itemsize else dtype(f"S{length}")
        return view(address, kind, shape, self.order)

    def take(
        self,
        address: Any,
        length: int,
        shape: Sequence[int],
        answer: Any,
        question: Question,
    ) -> None:
        """Copy what the Python function returned into Fortran's memory."""
        memory = self.given(address, length, shape)
        intent = IN | (self.intent & C)
        found = array(
            answer, memory.dtype, shape, intent, question.callback, question.role
        )
        memory[...] = found.reshape(memory.shape, order=self.order)


class CallbackString:
    """A string of `length` characters, -1 where a hidden argument tells."""

    by_value = None
    is_text = True

    def __init__(self, name: str, intent: int = IN, length: int = -1) -> None:
        self.name = name
        self.intent = intent
        self.length = length

    def value(self, address: Any, length: int) -> bytes:
        """Return its bytes, blanks at the end included."""
        content: bytes = view(address, _BYTES, (length,), "F").tobytes()
        return content

    def given(self, address: Any, length: int, _shape: Sequence[int]) -> Any:
        """Return what the Python function gets: a str, or an array of bytes for ``intent(inout)``.

        Raises UnicodeDecodeError for bytes that aren't UTF-8.
        """
        if self.intent & INOUT:
            return view(address, dtype("S1"), (length,), "F")
        return self.value(address, length).decode()

    def take(
        self,
        address: Any,
        length: int,
        _shape: Sequence[int],
        answer: Any,
        question: Question,
    ) -> None:
        """Give Fortran the bytes that the Python function returned, cut or padded with blanks."""
        if not isinstance(answer, bytes):
            raise question.error("string object expected")
        content = answer.partition(b"\0")[0][:length].ljust(length)
        view(address, _BYTES, (length,), "F")[:] = bytearray(content)


CallbackArgument = Union[CallbackScalar, CallbackArray, CallbackString]
