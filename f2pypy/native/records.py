"""The guarded call that a thread is in: a record on the stack of the function that made it, and how to get back there.

What each thread is in lies in the C library's thread-specific storage: NULL outside of Fortran, else the record of the
innermost call.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

from llvmlite import ir

from f2pypy.native.code import INT, NOTHING, NULL, OBJECT, Code, NotNative

# Words of a record: what libgfortran's thread asked its storage for last, the processor's control word for reals, the
# thread's state where the call has given back the interpreter's lock (NULL: it hasn't), the tables of places where it
# can be left, the exception of an interrupt, how many blocks of memory Fortran has freed and the last of these, and the
# jmp_buf, of which glibc's has 200 bytes.
ASKED, CONTROL, THREAD, TABLES, ERROR, FREED, BLOCKS = 0, 1, 2, 3, 4, 7, 8
MOST_FREED = 16  # a power of two
PLACE = BLOCKS + MOST_FREED
WORDS = PLACE + 30
# What setjmp returns when a call has ended: by a stop, or by what a signal handler of Python's has raised.
STOPPED, INTERRUPTED = 1, 2
GET = ir.FunctionType(OBJECT, [INT])
SET = ir.FunctionType(INT, [INT, OBJECT])
LONGJMP = ir.FunctionType(NOTHING, [OBJECT, INT])


def record_of_thread(code: Code) -> Any:
    """Return the record of the call that the thread is in, NULL out of Fortran."""
    return code.call_address(address_of("pthread_getspecific"), GET, [key()])


def enter(code: Code, record: Any) -> None:
    """Let the thread be in the guarded call of a record; out of Fortran for NULL."""
    code.call_address(address_of("pthread_setspecific"), SET, [key(), record])


def leave(code: Code) -> Any:
    """Let the thread be out of Fortran, and return the record of the call that it is in."""
    record = record_of_thread(code)
    enter(code, NULL)
    return record


def jump(code: Code, record: Any, reason: int) -> None:
    """Go back to where the call of a record began: setjmp returns the reason there."""
    place = code.at(record, 8 * PLACE, ir.IntType(8))
    given = [place, ir.Constant(INT, reason)]
    code.call_address(address_of("longjmp"), LONGJMP, given)
    code.builder.unreachable()


@cache
def key() -> Any:
    """Return the key of what threads are in, the same for all modules."""
    made = ctypes.c_uint()
    if ctypes.CDLL(None).pthread_key_create(ctypes.byref(made), None):
        raise NotNative("threads, whose storage has no room")
    return ir.Constant(INT, made.value)


@cache
def address_of(name: str) -> int:
    """Return the address of a function of the C library."""
    try:
        function = ctypes.CDLL(None)[name]
    except AttributeError:
        raise NotNative(f"a C library without {name}") from None
    return address(function)


def address(function: Any) -> int:
    """Return the address of a function of ctypes."""
    return ctypes.cast(function, ctypes.c_void_p).value or 0
