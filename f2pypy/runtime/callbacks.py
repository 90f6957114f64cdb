"""Dummy procedures: Python functions that Fortran calls.

A `CallbackSignature` says how Fortran calls a dummy procedure. Its `bind` gives a `Callback`, whose `pointer` is passed
to Fortran; `Callback.finish` raises, as soon as Fortran has returned, what the Python function raised. An exception
can't cross Fortran: it is remembered, and from then on Fortran gets zero at once, without a call of Python.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any, Callable, Sequence

from f2pypy.runtime.accepted_code import AcceptedCode
from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.arrays import IN, INOUT, OPTIONAL, OUT
from f2pypy.runtime.callback_arguments import (
    CallbackArgument,
    CallbackArray,
    CallbackScalar,
    CallbackString,
    CallbackView,
    Question,
)
from f2pypy.runtime.callback_frames import Output, places_of
from f2pypy.runtime.callback_functions import Callback, ForeignFunction, watch_unraisable
from f2pypy.runtime.callback_memory import c_function, number_reader
from f2pypy.runtime.callback_turns import expect_callbacks
from f2pypy.runtime.function_parameters import count_arguments, plain_count
from f2pypy.runtime.interference import carefully
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.machine_code import machine_code
from f2pypy.runtime.scalar_types import ScalarType

_COMPILING = 0.3  # seconds, with loading the compiler


class CallbackSignature:
    """How Fortran calls a dummy procedure: `name` for messages, the `result` it expects, and `arguments` in its order.

    `library` has the procedures that call it, `error` is the exception of the module for what can't be called or
    returns the wrong thing. A string or an array is returned in memory that hidden arguments at the front tell: its
    `result` is a CallbackString or CallbackView. A `result` with `registers` makes the C function itself. Hidden
    lengths of character arguments follow all others, unless `lengths` is false, as for C functions. `convert` makes
    a result of an answer where its type has no usual way. `prototype` is what C declares of the dummy procedure, ""
    where it can't.
    """

    def __init__(
        self,
        library: Library,
        error: type[Exception],
        name: str,
        result: ScalarType | CallbackScalar | CallbackString | CallbackArray | CallbackView | None = None,
        *arguments: CallbackArgument,
        lengths: bool = True,
        convert: Callable[[Any, str], Any] | None = None,
        prototype: str = "",
    ) -> None:
        self.library, self.prototype = library, prototype
        self.turns = expect_callbacks(library)
        self.error = error
        self.name = name
        self.returned: CallbackScalar | None = None
        in_memory: list[CallbackArgument] = []
        if isinstance(result, ScalarType):
            self.returned = CallbackScalar(name, result, convert=convert)
        elif isinstance(result, CallbackScalar) and result.kind.is_complex:
            self.returned = result
        elif result is not None:
            in_memory.append(result)
        self.maker: Any = result if hasattr(result, "registers") else None
        self.question = Question("return_value", name, error)
        self.kinds, places = places_of(library, in_memory, arguments, lengths)
        self.placed = placed = list(zip([*in_memory, *arguments], places))
        own = placed[len(in_memory) :]
        shown = [each for each in own if each[0].intent & (IN | INOUT)]
        shown.sort(key=lambda each: each[0].intent & OPTIONAL)
        self.shown = tuple(shown)
        self.keeps_frames = all(kind in (None, int) for kind in self.kinds)
        self.results = tuple(Output(argument, place, self.question) for argument, place in placed[: len(in_memory)])
        self.outputs = (
            *self.results,
            *(
                Output(argument, place, Question(f"argument {argument.name}", name, error))
                for argument, place in own
                if argument.intent & OUT
            ),
        )
        self.opened = tuple(each for each in self.outputs if getattr(each.argument, "opens", False))
        self.cleared = tuple(dict.fromkeys((*self.results, *self.opened)))
        self.getters = tuple(dict.fromkeys(get for _, place in placed for get in place.getters))
        self.readers: tuple[Callable[[Any], Any], ...] | None = None
        if self.returned and not self.outputs and shown == own[: len(shown)]:
            self.readers = _plain_readers([argument for argument, _ in shown])
        self.pool: list[Callback] = []
        self.native_pool: list[Callback] = []
        self.thunks: list[Any] = []  # the tier's
        self.accepted = AcceptedCode(library)
        self.learn: Callable[[Any, int], None] | None = None  # how it gets to know machine code
        self.seconds = 0.0
        self.right_to_ask = [True]  # one thread at a time takes it

    def bind(
        self,
        function: Any,
        extra: tuple[Any, ...],
        argument: str,
        companion: Callback | ForeignFunction | None = None,
        optional: bool = False,
    ) -> Callback | ForeignFunction:
        """Return what Fortran is passed for `function`, which gets the `extra` arguments after Fortran's.

        None is a null pointer if Fortran declares the dummy procedure `optional`. Machine code that declares what
        Fortran passes is passed itself, see `f2pypy.runtime.machine_code`. `companion` is the callback that the same
        call of Fortran was given before: after an exception in one neither is called. Raises the module's error with
        f2py's text if `function` can't be called with so many arguments, or is machine code of another signature.
        """
        raised: list[BaseException] = [] if companion is None else companion.raised
        if function is None and optional:
            return ForeignFunction(0, raised)
        if type(function) is not FunctionType:
            address = self._machine_code(function, bool(extra), argument, optional)
            if address is not None:
                return ForeignFunction(address, raised, function)
        called: Any = function
        most = len(self.shown)
        try:
            count, extras = plain_count(function, most), 0
            if count < 0 or extra:
                count, extras = carefully(count_arguments, function, most, len(extra))
        except TypeError as reason:
            raise self.error(f"failed in processing argument list for call-back {argument}.") from reason
        if self.library.native is not None:
            self._ask_for_thunks(self.library.native)
        try:
            pool = self.native_pool if count == most else ()
            callback = pool.pop() if pool else self.pool.pop()
        except IndexError:
            callback = Callback(self)
        if callback.thunk is None:
            watch_unraisable()
        callback.start(called, count, extra[:extras], raised)
        if self.library.guard is not None:
            self.library.guard.expect(callback)
        return callback

    def _machine_code(self, function: Any, has_extra: bool, argument: str, optional: bool) -> int | None:
        """Return the address of machine code, None for what Python is to call."""
        find = None if has_extra else self.accepted.finders.get(type(function))
        address = None if find is None else find(function)
        if not address:
            try:
                address = machine_code(function, self.library, self.prototype, has_extra)
            except TypeError as reason:
                raise self.error(f"failed in processing argument list for call-back {argument}: {reason}") from None
            if address == 0 and not optional:
                raise self.error(f"failed in processing argument list for call-back {argument}: it is a null pointer")
            if address:
                self.accepted.accept(function, address)
        if address is not None and self.learn is not None:
            self.learn(function, address)
        return address

    def c_function(self, answer: Callable[..., Any], remember: Callable[[BaseException], None]) -> tuple[Any, Any]:
        """Return a C function that calls `answer`, and its pointer; see `f2pypy.runtime.callback_memory`."""
        if self.maker is not None:
            made: tuple[Any, Any] = self.maker.function(answer, self.kinds, remember, self.question)
            return made
        result = None if self.returned is None else self.returned.kind
        return c_function(answer, result, self.kinds, remember)

    def fails_with_zero(self) -> bool:
        """Whether zero in registers is all that Fortran gets after an exception."""
        if self.cleared or (self.returned and self.returned.kind.is_extended):
            return False
        return self.maker is None or bool(self.maker.fails_with_zero())

    def callback(self, thunk: Any) -> Callback:
        """Return a callback that Fortran calls by a thunk."""
        return Callback(self, thunk)

    def _ask_for_thunks(self, tier: Any) -> None:
        """Have the callbacks compiled when Python's have taken as long as that does."""
        if self.seconds < (0 if tier.mode == "1" else _COMPILING):
            return
        try:
            self.right_to_ask.pop()
        except IndexError:
            return
        if not tier.ask("compile_thunks", self):
            self.right_to_ask.append(True)
            return
        self.seconds = float("-inf")
        try:
            self.native_pool += map(self.callback, self.thunks)
        except Exception as failure:  # those of another version of f2pypy
            tier.refused[f"callback {self.name}"] = str(failure) or repr(failure)


def _plain_readers(arguments: Sequence[CallbackArgument]) -> tuple[Callable[[Any], Any], ...] | None:
    """Return what reads the arguments if all are plain numbers."""
    plain = [a for a in arguments if isinstance(a, CallbackScalar) and a.is_plain]
    if len(plain) < len(arguments):
        return None
    return tuple(number_reader(argument.kind) for argument in plain)


def not_a_tuple(value: Any, what: str) -> TypeError:
    """Return the exception to raise for extra arguments `what` that are no tuple."""
    given = "None" if value is None else type_name(value)
    return TypeError(f"{what} must be tuple, not {given}")
