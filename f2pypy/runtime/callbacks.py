"""Dummy procedures: Python functions that Fortran calls.

A `CallbackSignature` says how Fortran calls a dummy procedure. Its `bind` gives a `Callback`, whose `pointer` is passed
to Fortran; `Callback.finish` raises, as soon as Fortran has returned, what the Python function raised. An exception
can't cross Fortran: it is remembered, and from then on Fortran gets zero at once, without a call of Python.
"""

from __future__ import annotations

import ctypes
import sys
import warnings
from types import BuiltinFunctionType, FunctionType
from typing import Any, Callable, Sequence

from f2pypy.runtime.arrays import IN, INOUT, OPTIONAL, OUT, type_name
from f2pypy.runtime.callback_arguments import (
    CallbackArgument,
    CallbackArray,
    CallbackScalar,
    CallbackString,
    Question,
)
from f2pypy.runtime.callback_memory import c_function
from f2pypy.runtime.pypy import PYPY
from f2pypy.runtime.routines import pointer_to
from f2pypy.runtime.scalar_types import DOUBLE, FLOAT, ScalarType


class CallbackSignature:
    """How Fortran calls a dummy procedure: `name` for messages, the `result` it expects, and `arguments` in its order.

    A complex result or a string is returned in memory that hidden arguments at the front tell: its `result` is a
    CallbackScalar or CallbackString. Hidden lengths of character arguments follow all others, unless `lengths` is
    false, as for C functions.
    """

    def __init__(
        self,
        name: str,
        result: ScalarType | CallbackScalar | CallbackString | None = None,
        *arguments: CallbackArgument,
        lengths: bool = True,
    ) -> None:
        self.name = name
        self.returned: CallbackScalar | None = None
        in_memory: list[CallbackArgument] = []
        if isinstance(result, ScalarType):
            self.returned = CallbackScalar(name, result)
        elif result is not None:
            in_memory.append(result)
        self.kinds, results, own = _places(in_memory, arguments, lengths)
        self.result_places = tuple(results)
        shown = [place for place in own if place.argument.intent & (IN | INOUT)]
        shown.sort(key=lambda place: place.argument.intent & OPTIONAL)
        self.shown = tuple(shown)
        self.outputs = (
            *results,
            *(place for place in own if place.argument.intent & OUT),
        )
        self.readers = self._plain_readers(own)
        self.pool: list[Callback] = []

    def _plain_readers(self, own: Sequence[_Place]) -> tuple[Any, ...] | None:
        """Return what reads the arguments if all that matter are numbers passed by reference, from the first on."""
        plain = self.returned is not None and not self.outputs
        leading = self.shown == tuple(own[: len(self.shown)])
        if plain and leading and all(place.is_plain for place in self.shown):
            return tuple(place.argument.read for place in self.shown)  # type: ignore
        return None

    def bind(
        self,
        function: Any,
        extra: tuple[Any, ...],
        argument: str,
        error: type[Exception],
        companion: Callback | ForeignFunction | None = None,
    ) -> Callback | ForeignFunction:
        """Return what Fortran is passed for `function`, which gets the `extra` arguments behind Fortran's.

        A PyCapsule or ctypes.c_void_p is taken as the address of a C function. `companion` is the callback that the
        same call of Fortran was given before: after an exception in one neither is called. Raises `error` with f2py's
        text if `function` can't be called with so many arguments.
        """
        raised: list[BaseException] = [] if companion is None else companion.raised
        address = _foreign_address(function)
        if address is not None and not extra:
            return ForeignFunction(address, raised)
        try:
            count, extras = count_arguments(function, len(self.shown), len(extra))
        except TypeError as reason:
            raise error(
                f"failed in processing argument list for call-back {argument}."
            ) from reason
        _watch_unraisable()
        callback = self.pool.pop() if self.pool else Callback(self)
        callback.start(function, count, extra[:extras], error, raised)
        return callback


class Callback:
    """A Python function while Fortran may call it; `pointer` is what Fortran is passed."""

    def __init__(self, signature: CallbackSignature) -> None:
        self.signature = signature
        self.raised: Any = _FINISHED
        returned = signature.returned
        answer = (_any_answer if signature.readers is None else _plain_answer)(self)
        result = None if returned is None else returned.kind
        self.c_function, self.pointer = c_function(answer, result, signature.kinds)

    def start(
        self,
        function: Callable[..., Any],
        count: int,
        extra: tuple[Any, ...],
        error: type[Exception],
        raised: list[BaseException],
    ) -> None:
        """Take on a Python function, which gets so many of Fortran's arguments and the `extra` ones."""
        self.function: Any = function
        self.extra = extra
        self.places = self.signature.shown[:count]
        self.readers = (self.signature.readers or ())[:count]
        self.error = error
        self.raised = raised

    def finish(self) -> None:
        """Let the C function be used again, and raise what the Python function raised."""
        raised = self.raised
        self.raised = _FINISHED
        self.function = None
        self.extra = ()
        self.signature.pool.append(self)
        if raised:
            raise raised.pop(0)

    def reraise(self) -> None:
        """Raise what the Python function raised; more calls may follow."""
        if self.raised:
            raise self.raised.pop(0)

    def reply(self, values: Sequence[Any]) -> Any:
        """Call the Python function with what Fortran passed, store its answers and return the result."""
        given = [place.given(values) for place in self.places]
        answers = self.function(*given, *self.extra)
        if answers is None:
            answers = ()
        elif not isinstance(answers, tuple):
            answers = (answers,)
        result = 0
        if self.signature.returned is not None:
            result = self.result(answers)
            answers = answers[1:]
        for place, answer in zip(self.signature.outputs, answers):
            place.take(values, answer, self.question(place.role))
        return result

    def result(self, answers: Sequence[Any]) -> Any:
        """Return the function's result, the first answer; zero, after a warning, where there is none."""
        assert self.signature.returned is not None
        if answers:
            question = self.question("return_value")
            return self.signature.returned.converted(answers[0], question)
        warnings.warn(
            f"call-back function {self.signature.name} did not provide return value",
            RuntimeWarning,
            stacklevel=2,
        )
        return 0

    def question(self, role: str) -> Question:
        """Return what an answer is for."""
        return Question(role, self.signature.name, self.error)


class ForeignFunction:
    """A C function that Fortran calls without Python: `pointer` is what Fortran is passed."""

    def __init__(self, address: int, raised: list[BaseException]) -> None:
        self.pointer = pointer_to(address)
        self.raised = raised

    def finish(self) -> None:
        """Do nothing: a C function raises nothing."""

    def reraise(self) -> None:
        """Do nothing: a C function raises nothing."""


# What `raised` is while no call of Fortran is on: Fortran may have kept the pointer.
_FINISHED = (None,)


def _plain_answer(callback: Callback) -> Callable[..., Any]:
    """Return the function behind the pointer where numbers go in and one comes out."""
    returned = callback.signature.returned
    exact = float if returned is not None and returned.kind in (DOUBLE, FLOAT) else None

    def answer(*addresses: Any) -> Any:
        if callback.raised:
            return 0
        try:
            numbers = [
                read(address)[0] for read, address in zip(callback.readers, addresses)
            ]
            value = callback.function(*numbers, *callback.extra)
            if type(value) is exact:
                return value
            if value is None:
                return callback.result(())
            return callback.result(value if isinstance(value, tuple) else (value,))
        except BaseException as failure:
            callback.raised.append(failure)
            return 0

    return answer


def _any_answer(callback: Callback) -> Callable[..., Any]:
    """Return the function behind the pointer for any signature."""

    def answer(*values: Any) -> Any:
        if not callback.raised:
            try:
                return callback.reply(values)
            except BaseException as failure:
                callback.raised.append(failure)
        for place in callback.signature.result_places:
            place.clear(values)
        return 0

    return answer


class _Place:
    """Where an argument, or a result in memory, stands in a call by Fortran; `length_index` is of its hidden length."""

    def __init__(
        self,
        argument: CallbackArgument,
        role: str,
        index: int,
        length_index: int | None,
    ) -> None:
        self.argument = argument
        self.role = role
        self.index = index
        self.length_index = length_index
        self.needs: tuple[tuple[CallbackScalar | CallbackString, _Place], ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether it is a number that the Python function gets as it is."""
        argument = self.argument
        return (
            isinstance(argument, CallbackScalar)
            and not argument.intent & (INOUT | OUT)
            and not (argument.by_value or argument.is_text or argument.kind.is_complex)
        )

    def length(self, values: Sequence[Any]) -> int:
        """Return the length of a string, or of an array's strings; 0 for numbers."""
        if self.length_index is not None:
            return int(values[self.length_index])
        return self.argument.length if isinstance(self.argument, CallbackString) else 0

    def shape(self, values: Sequence[Any]) -> Sequence[int]:
        """Return the extents of an array, () for anything else."""
        if not isinstance(self.argument, CallbackArray):
            return ()
        known = [
            argument.value(values[place.index], place.length(values))
            for argument, place in self.needs
        ]
        return self.argument.extents(*known)

    def given(self, values: Sequence[Any]) -> Any:
        """Return what the Python function gets."""
        return self.argument.given(
            values[self.index], self.length(values), self.shape(values)
        )

    def take(self, values: Sequence[Any], answer: Any, question: Question) -> None:
        """Give Fortran what the Python function returned."""
        self.argument.take(
            values[self.index],
            self.length(values),
            self.shape(values),
            answer,
            question,
        )

    def clear(self, values: Sequence[Any]) -> None:
        """Give Fortran zero or blanks."""
        nothing: Any = b"" if self.argument.is_text else 0
        self.take(values, nothing, Question(self.role, "", ValueError))


def _places(
    results: Sequence[CallbackArgument],
    arguments: Sequence[CallbackArgument],
    lengths: bool,
) -> tuple[list[Any], list[_Place], list[_Place]]:
    """Return the types of C's parameters, and where results in memory and arguments stand among them."""
    kinds: list[Any] = []
    first = []
    for result in results:
        first.append(_Place(result, "return_value", 0, 1 if result.is_text else None))
        kinds += [None, int] if result.is_text else [None]
    own = []
    for argument in arguments:
        own.append(_Place(argument, f"argument {argument.name}", len(kinds), None))
        kinds.append(argument.by_value)
    for place in own:
        if lengths and place.argument.is_text:
            place.length_index = len(kinds)
            kinds.append(int)
    by_name = {
        place.argument.name: (place.argument, place)
        for place in own
        if not isinstance(place.argument, CallbackArray)
    }
    for place in own:
        if isinstance(place.argument, CallbackArray):
            place.needs = tuple(by_name[name] for name in place.argument.needs)
    return kinds, first, own


def not_a_tuple(value: Any, what: str) -> TypeError:
    """Return the exception to raise for extra arguments `what` that are no tuple."""
    given = "None" if value is None else type_name(value)
    return TypeError(f"{what} must be tuple, not {given}")


def count_arguments(function: Any, most: int, extra: int) -> tuple[int, int]:
    """Return how many of Fortran's arguments, `most` at most, and of `extra` ones a function gets.

    A Python function gets no more than it has parameters, other callables get all. Raises TypeError for what can't be
    called and for functions that want more arguments than there are.
    """
    if not callable(function):
        raise TypeError(
            "Call-back argument must be function|instance|instance.__call__|f2py-function "
            f"but got {type_name(function)}."
        )
    bound = not isinstance(function, (FunctionType, BuiltinFunctionType))
    code: Any = getattr(function, "__code__", None)
    total = most + extra
    if hasattr(code, "co_argcount"):
        total = code.co_argcount - bound
    defaults = getattr(function, "__defaults__", None)
    optional = len(defaults) if isinstance(defaults, tuple) else 0
    used = min(most + extra, total)
    if used < total - optional:
        raise TypeError(
            f"the call-back function needs {total - optional} arguments, but Fortran passes "
            f"{most} and there are {extra} extra ones"
        )
    count = max(0, used - extra)
    return count, used - count


def _foreign_address(function: Any) -> int | None:
    """Return the address in a PyCapsule or ctypes.c_void_p, None for anything else."""
    if isinstance(function, ctypes.c_void_p):
        return function.value or 0
    if type(function).__name__ != "PyCapsule" or PYPY:
        return None
    api = ctypes.pythonapi
    name_of, pointer_of = api["PyCapsule_GetName"], api["PyCapsule_GetPointer"]
    name_of.restype = ctypes.c_char_p
    pointer_of.restype = ctypes.c_void_p
    capsule = ctypes.py_object(function)
    address: int = pointer_of(capsule, ctypes.c_char_p(name_of(capsule)))
    return address


def _watch_unraisable() -> None:
    """Remember exceptions that arrive before a callback's first line, as those of signal handlers do.

    CPython runs signal handlers where a function starts, outside of its ``try``, and ctypes hands what they raise to
    sys.unraisablehook. Other exceptions go on to the hook that was there before.
    """
    previous = sys.unraisablehook
    if PYPY or hasattr(previous, "remembers_callbacks"):
        return

    def hook(unraisable: Any) -> None:
        raised = None
        if unraisable.exc_traceback is not None:
            frame = unraisable.exc_traceback.tb_frame
            if frame.f_code.co_name == "answer":
                raised = getattr(frame.f_locals.get("callback"), "raised", None)
        if isinstance(raised, list):
            raised.append(unraisable.exc_value)
        else:
            previous(unraisable)

    hook.remembers_callbacks = True  # type: ignore[attr-defined]
    sys.unraisablehook = hook
