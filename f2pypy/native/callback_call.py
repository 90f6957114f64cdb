"""A call of a thunk while it is written: what Fortran gave, the cell that says whom it calls, and exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir

from f2pypy.dataclass import dataclass
from f2pypy.native.c_functions import C_FUNCTIONS
from f2pypy.native.code import (
    BYTE,
    DOUBLE,
    INT,
    LONG,
    NOTHING,
    NULL,
    OBJECT,
    SINGLE,
    Code,
)
from f2pypy.native.entry import place_of_entry
from f2pypy.native.layouts import VECTORCALL

# The words of a cell: the Python function (borrowed, as all objects here but the views), the list of what was raised,
# the Python functions that answer a whole call and that take an answer. Of a cell that machine code lends: the thunk's
# address, the next one that is free, the cell's own list, and what stands for it between calls. Then, for each array,
# the view that the call before had, and the flags that it was made with.
FUNCTION, RAISED, WHOLE, TAKE, ADDRESS, NEXT, LIST, FINISHED, VIEWS = range(9)
PARTS = {"d": DOUBLE, "f": SINGLE, "b": BYTE, "h": ir.IntType(16), "i": INT, "q": LONG}
OFFSET_FLAG = -(1 << 63)  # PY_VECTORCALL_ARGUMENTS_OFFSET
ENTRY = C_FUNCTIONS[VECTORCALL]


@dataclass(frozen=True)
class Call:
    """One call: Fortran's arguments as they come, the cell, and the LLVM type of the result.

    What `code.require` refuses is left to Python: the whole call before the Python function was called, its answer
    afterwards.
    """

    code: Code
    signature: Any
    values: Sequence[Any]
    cell: Any
    result: Any

    def word(self, place: int, kind: Any = OBJECT) -> Any:
        """Return a word of the cell."""
        return self.code.load(self.cell, 8 * place, kind)

    def put(self, place: int, value: Any) -> None:
        """Store a word of the cell."""
        self.code.builder.store(value, self.code.at(self.cell, 8 * place, value.type))

    def is_zero(self, value: Any) -> Any:
        """Return whether an integer is zero (i1)."""
        return self.code.builder.icmp_signed("==", value, ir.Constant(value.type, 0))

    def require_success(self, condition: Any, owned: Sequence[Any] = ()) -> None:
        """Go on where `condition` (i1) holds, else give up `owned`, keep the exception and return zero."""
        failed = self.code.block("failed")
        self.code.go_on_if(condition, failed)
        with self.code.branch(failed):
            for each in owned:
                self.code.call("Py_DecRef", each)
            self.remember()
            self.return_zero()

    def remember(self) -> None:
        """Keep the exception in the list of what was raised, as Python does it."""
        code, builder = self.code, self.code.builder
        places = [code.stack(OBJECT) for _ in range(3)]
        code.call("PyErr_Fetch", *places)
        code.call("PyErr_NormalizeException", *places)
        kind, value, trace = map(builder.load, places)
        traced, after = code.block("traced"), code.block("after")
        builder.cbranch(code.is_null(trace), after, traced)
        builder.position_at_end(traced)
        code.call("PyException_SetTraceback", value, trace)
        code.call("Py_DecRef", trace)
        builder.branch(after)
        builder.position_at_end(after)
        code.call("PyList_Append", self.word(RAISED), value)
        code.call("PyErr_Clear")
        code.call("Py_DecRef", kind)
        code.call("Py_DecRef", value)

    def return_zero(self) -> None:
        """Return zero, or nothing from a subroutine."""
        return_value(self.code.builder, self.result, zero_of(self.result))

    def call_python(self, word: int, arguments: Sequence[Any]) -> Any:
        """Call one of the cell's Python functions, which takes over the arguments; NULL where it raised."""
        code, function = self.code, self.word(word)
        answer = code.call(VECTORCALL, function, *self._passed(arguments))
        self._let_go(arguments)
        return answer

    def call_function(self, is_written: Any, arguments: Sequence[Any]) -> Any:
        """Call the cell's Python function as above, at once by its own address if it `is_written` in Python."""
        code, function = self.code, self.word(FUNCTION)
        passed = [function, *self._passed(arguments)]

        def directly() -> list[Any]:
            entry = code.load(function, place_of_entry(), ENTRY.as_pointer())
            return [code.builder.call(entry, passed)]

        def by_type() -> list[Any]:
            return [code.call(VECTORCALL, *passed)]

        (answer,) = code.choose(is_written, directly, by_type)
        self._let_go(arguments)
        return answer

    def _passed(self, arguments: Sequence[Any]) -> list[Any]:
        """Return what a vectorcall takes after the function."""
        code, builder = self.code, self.code.builder
        count = len(arguments)
        room = code.stack(OBJECT, count + 1)
        for place, argument in enumerate(arguments, 1):
            builder.store(argument, builder.gep(room, [ir.Constant(LONG, place)]))
        first = builder.gep(room, [ir.Constant(LONG, 1)])
        return [first, ir.Constant(LONG, count + OFFSET_FLAG), NULL]

    def _let_go(self, arguments: Sequence[Any]) -> None:
        for argument in arguments:
            self.code.let_go(argument)


def zero_of(result: Any) -> Any:
    """Return the constant zero of an LLVM type, None for no result."""
    return None if result is NOTHING else ir.Constant(result, 0)


def return_value(builder: Any, result: Any, value: Any) -> None:
    """Return `value` of LLVM type `result`, or nothing from a subroutine."""
    if result is NOTHING:
        builder.ret_void()
    else:
        builder.ret(value)


# A generated module may have its own copies of the runtime's classes, so their names tell what an argument is.
def is_array(argument: Any) -> bool:
    """Whether a callback's argument is an array."""
    return type(argument).__name__ == "CallbackArray"


def is_scalar(argument: Any) -> bool:
    """Whether a callback's argument is a number, a logical or a single character."""
    return type(argument).__name__ == "CallbackScalar"


def is_string(argument: Any) -> bool:
    """Whether a callback's argument is a string with a length of its own."""
    return type(argument).__name__ == "CallbackString"


def element_type(argument: Any) -> Any:
    """Return NumPy's type of what an argument's pointer points to."""
    if is_array(argument):
        return np.dtype(argument.kind)
    return np.dtype("S1" if argument.is_text else argument.kind.letter)
