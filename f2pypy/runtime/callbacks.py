"""Dummy procedures: Python functions that Fortran calls.

A `CallbackSignature` says how Fortran calls a dummy procedure. Its `bind` gives a `Callback`, whose `pointer` is passed
to Fortran; `Callback.finish` raises, as soon as Fortran has returned, what the Python function raised. An exception
can't cross Fortran: it is remembered, and from then on Fortran gets zero at once, without a call of Python.
"""

from __future__ import annotations

import sys
import warnings
from time import perf_counter
from types import FunctionType
from typing import Any, Callable, Sequence

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
from f2pypy.runtime.callback_frames import CallbackFrame, Output, places_of
from f2pypy.runtime.callback_memory import c_function, reader
from f2pypy.runtime.callback_turns import answering, expect_callbacks
from f2pypy.runtime.function_parameters import count_arguments, plain_count
from f2pypy.runtime.interference import carefully, converts
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.machine_code import machine_code
from f2pypy.runtime.routines import pointer_to
from f2pypy.runtime.scalar_types import DOUBLE, FLOAT, ScalarType

_COMPILING = 0.3  # seconds, with loading the compiler
_MOST_FRAMES = 16  # of a callback; Fortran that passes more addresses than these mostly passes each once


class CallbackSignature:
    """How Fortran calls a dummy procedure: `name` for messages, the `result` it expects, and `arguments` in its order.

    `library` has the procedures that call it, `error` is the exception of the module for what can't be called or
    returns the wrong thing. A complex result, a string or an array is returned in memory that hidden arguments at the
    front tell: its `result` is a CallbackScalar, CallbackString or CallbackView. Hidden lengths of character arguments
    follow all others, unless `lengths` is false, as for C functions. `convert` makes a result of an answer where its
    type has no usual way. `prototype` is what C declares of the dummy procedure, "" where it can't.
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
        elif result is not None:
            in_memory.append(result)
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
        self.getters = tuple(dict.fromkeys(get for _, place in placed for get in place.getters))
        self.readers: tuple[Callable[[Any], tuple[Any, ...]], ...] | None = None
        if self.returned and not self.outputs and shown == own[: len(shown)]:
            self.readers = _plain_readers([argument for argument, _ in shown])
        self.pool: list[Callback] = []
        self.native_pool: list[Callback] = []
        self.thunks: list[Any] = []  # the tier's
        self.seconds = 0.0

    @converts
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
            try:
                address = machine_code(function, self.library, self.prototype, bool(extra))
            except TypeError as reason:
                raise self.error(f"failed in processing argument list for call-back {argument}: {reason}") from None
            if address is not None:
                return ForeignFunction(address, raised, function)
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
            _watch_unraisable()
        callback.start(function, count, extra[:extras], raised)
        return callback

    def _ask_for_thunks(self, tier: Any) -> None:
        """Have the callbacks compiled when Python's have taken as long as that does."""
        if self.seconds >= (0 if tier.mode == "1" else _COMPILING) and tier.ask("compile_thunks", self):
            self.seconds = float("-inf")
            try:
                self.native_pool += [Callback(self, thunk) for thunk in self.thunks]
            except Exception as failure:  # those of another version of f2pypy
                tier.refused[f"callback {self.name}"] = str(failure) or repr(failure)


class Callback:
    """A Python function while Fortran may call it; `pointer` is what Fortran is passed.

    A `thunk` is a function of machine code that calls it, or `answer` and `take` where it can't do that by itself.
    """

    def __init__(self, signature: CallbackSignature, thunk: Any = None) -> None:
        self.signature = signature
        self.thunk = thunk
        self.raised: Any = _FINISHED
        returned = signature.returned
        self.frames: dict[Any, CallbackFrame] = {}
        self.is_called_with = self.count = len(signature.shown)
        answer = (_any_answer if signature.readers is None else _plain_answer)(self)
        answer = answering(signature.turns, answer, self.remember)
        self.answer = answer
        result = None if returned is None else returned.kind
        if thunk is not None:
            self.pointer = pointer_to(thunk.address)
            thunk.serve(answer, self.take, _FINISHED)
        else:
            self.c_function, self.pointer = c_function(answer, result, signature.kinds, self.remember)

    def start(
        self, function: Callable[..., Any], count: int, extra: tuple[Any, ...], raised: list[BaseException]
    ) -> None:
        """Take on a Python function, which gets so many of Fortran's arguments and the `extra` ones."""
        self.function: Any = function
        self.extra = extra
        self.limit(count)
        self.raised = raised
        if self.thunk is not None:
            self.thunk.start(self)
        else:
            self.started = perf_counter()

    def limit(self, count: int) -> None:
        """Let the Python function have no more than `count` of Fortran's arguments."""
        self.readers = (self.signature.readers or ())[:count]
        # negative where extra arguments follow
        called_with = ~count if self.extra else count
        if called_with != self.is_called_with:
            self.is_called_with, self.count = called_with, count
            self.frames.clear()

    def remember(self, failure: BaseException) -> None:
        """Keep an exception until Fortran returns."""
        if isinstance(self.raised, list):
            self.raised.append(failure)

    def warn_if_finished(self) -> None:
        """Warn where Fortran has kept the pointer and calls it after the call that it was passed to."""
        if self.raised is _FINISHED:
            warnings.warn(
                f"Fortran calls {self.signature.name} after the call that it was passed to: it gets zero",
                RuntimeWarning,
                stacklevel=2,
            )

    def finish(self) -> None:
        """Let the C function be used again, and raise what the Python function raised."""
        raised, signature, pool = self.raised, self.signature, self.signature.pool
        if self.thunk is not None:
            self.thunk.finish()
            pool = signature.native_pool
        else:
            signature.seconds += perf_counter() - self.started
        self.raised = _FINISHED
        self.function = None
        self.extra = ()
        pool.append(self)
        if raised:
            raise raised.pop(0)

    def reraise(self) -> None:
        """Raise what the Python function raised; more calls may follow."""
        if self.raised:
            raise self.raised.pop(0)

    def frame(self, values: Sequence[Any]) -> CallbackFrame:
        """Return what reads and stores at the addresses that Fortran passes, kept for the next time."""
        made = CallbackFrame(self, values)
        if self.signature.keeps_frames:
            if len(self.frames) >= _MOST_FRAMES:
                self.frames.clear()
            self.frames[values] = made
        return made

    def take(self, answer: Any, *values: Any) -> Any:
        """Give Fortran what the Python function has returned to a thunk, and return the result."""
        if self.signature.readers is not None:
            return self.result(answer if isinstance(answer, tuple) else () if answer is None else (answer,))
        frame = self.frames.get(values)
        if frame is None or (frame.sizes is not None and frame.sizes() != frame.told):
            frame = self.frame(values)
        return self.taken(frame, answer)

    def taken(self, frame: CallbackFrame, value: Any) -> Any:
        """Give Fortran what the Python function has returned, and return the result."""
        answers = value if isinstance(value, tuple) else () if value is None else (value,)
        result = None
        if self.signature.returned is not None:
            result = self.result(answers)
            answers = answers[1:]
        frame.take(answers)
        return result

    def result(self, answers: Sequence[Any]) -> Any:
        """Return the function's result, the first answer; zero, after a warning, where there is none."""
        assert self.signature.returned is not None
        if answers:
            return self.signature.returned.converted(answers[0], self.signature.question)
        warnings.warn(
            f"call-back function {self.signature.name} did not provide return value", RuntimeWarning, stacklevel=2
        )
        return 0


class ForeignFunction:
    """A C function that Fortran calls without Python: `pointer` is what Fortran is passed.

    `owner` is the caller's object, which is kept as long as Fortran may call its code.
    """

    def __init__(self, address: int, raised: list[BaseException], owner: Any = None) -> None:
        self.owner = owner
        self.pointer = pointer_to(address)
        self.raised = raised

    def finish(self) -> None:
        """Raise what Python raised where Fortran called it by name."""
        self.reraise()

    def reraise(self) -> None:
        """Raise what Python raised where Fortran called it by name; more calls may follow."""
        if self.raised:
            raise self.raised.pop(0)


# What `raised` is while no call of Fortran is on: Fortran may have kept the pointer.
_FINISHED = (None,)


def _plain_readers(arguments: Sequence[CallbackArgument]) -> tuple[Callable[[Any], tuple[Any, ...]], ...] | None:
    """Return what reads the arguments if all are plain numbers."""
    plain = [a for a in arguments if isinstance(a, CallbackScalar) and a.is_plain]
    if len(plain) < len(arguments):
        return None
    return tuple(reader(argument.kind) for argument in plain)


def _exact_result(signature: CallbackSignature) -> tuple[type | None, type | None, int]:
    """Return the types of the answers that are the function's result as they are: real, and integer below a limit."""
    returned = signature.returned
    if returned is None:
        return None, None, 0
    if returned.kind in (DOUBLE, FLOAT):
        return float, None, 0
    kind, limit = returned.exact
    return None, kind if limit else None, limit


def _plain_answer(callback: Callback) -> Callable[..., Any]:
    """Return what Fortran calls where numbers go in and one comes out."""
    real, integer, limit = _exact_result(callback.signature)
    first, second, *_ = (*(callback.signature.readers or ()), tuple, tuple)

    def answer(*addresses: Any) -> Any:
        raised = callback.raised
        if raised:
            if raised is _FINISHED:
                callback.warn_if_finished()
            return 0
        try:
            called_with = callback.is_called_with
            if called_with == 1 and addresses[0]:
                value = callback.function(first(addresses[0])[0])
            elif called_with == 2 and addresses[0] and addresses[1]:
                value = callback.function(first(addresses[0])[0], second(addresses[1])[0])
            elif all(addresses[: len(callback.readers)]):
                pairs = zip(callback.readers, addresses)
                numbers = [read(address)[0] for read, address in pairs]
                value = callback.function(*numbers, *callback.extra)
            else:
                raise ValueError("Fortran passed a null pointer for a number")
            kind = type(value)
            if kind is real or (kind is integer and -limit <= value < limit):
                return value
            if value is None:
                return callback.result(())
            return callback.result(value if isinstance(value, tuple) else (value,))
        except BaseException as failure:
            callback.raised.append(failure)
            return 0

    return answer


def _any_answer(callback: Callback) -> Callable[..., Any]:
    """Return what Fortran calls for any signature."""
    has_result = callback.signature.returned is not None
    real, integer, limit = _exact_result(callback.signature)
    frames = callback.frames

    def answer(*values: Any) -> Any:
        if callback.raised:
            callback.warn_if_finished()
        else:
            try:
                frame = frames.get(values) if keeps_frames else None
                if frame is None or (frame.sizes is not None and frame.sizes() != frame.told):
                    frame = callback.frame(values)
                value = frame.ask(callback.function)
                kind = type(value)
                if kind is real or (kind is integer and -limit <= value < limit):
                    return value
                if has_result or isinstance(value, tuple):
                    return callback.taken(frame, value)
                if value is not None:
                    frame.take_one(value)
                return None
            except BaseException as failure:
                callback.raised.append(failure)
        for output in callback.signature.results:
            output.clear(values)
        return 0 if has_result else None

    keeps_frames = callback.signature.keeps_frames
    return answer


def not_a_tuple(value: Any, what: str) -> TypeError:
    """Return the exception to raise for extra arguments `what` that are no tuple."""
    given = "None" if value is None else type_name(value)
    return TypeError(f"{what} must be tuple, not {given}")


def _watch_unraisable() -> None:
    """Remember exceptions that arrive before a callback's first line, as those of signal handlers do.

    CPython runs signal handlers where a function starts, outside of its ``try``, and ctypes hands what they raise to
    sys.unraisablehook. Other exceptions go on to the hook that was there before.
    """
    previous = sys.unraisablehook
    if PYPY or hasattr(previous, "remembers_callbacks"):
        return

    def hook(unraisable: Any) -> None:
        remember = None
        if unraisable.exc_traceback is not None:
            frame = unraisable.exc_traceback.tb_frame
            if frame.f_code.co_name == "answer":
                remember = getattr(frame.f_locals.get("callback"), "remember", None)
        if remember is not None:
            remember(unraisable.exc_value)
        else:
            previous(unraisable)

    hook.remembers_callbacks = True  # type: ignore[attr-defined]
    sys.unraisablehook = hook
