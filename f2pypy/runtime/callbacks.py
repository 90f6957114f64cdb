"""Dummy procedures: Python functions that Fortran calls.

A `CallbackSignature` says how Fortran calls a dummy procedure. Its `bind` gives a `Callback`, whose `pointer` is passed
to Fortran; `Callback.finish` raises, as soon as Fortran has returned, what the Python function raised. An exception
can't cross Fortran: it is remembered, and from then on Fortran gets zero at once, without a call of Python.
"""

from __future__ import annotations

import sys
import warnings
from functools import partial
from time import perf_counter
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, Callable, Sequence

from numpy import ufunc

from f2pypy.runtime.array_types import type_name
from f2pypy.runtime.arrays import IN, INOUT, OPTIONAL, OUT
from f2pypy.runtime.callback_arguments import (
    CallbackArgument,
    CallbackArray,
    CallbackScalar,
    CallbackString,
    CallbackView,
    Place,
    Question,
)
from f2pypy.runtime.callback_memory import c_function, reader
from f2pypy.runtime.callback_turns import answering, expect_callbacks
from f2pypy.runtime.interference import carefully, converts
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.libraries import Library
from f2pypy.runtime.machine_code import machine_code
from f2pypy.runtime.routines import pointer_to
from f2pypy.runtime.scalar_types import DOUBLE, FLOAT, ScalarType
from f2pypy.runtime.wrappers import function_of

_COMPILING = 0.3  # seconds, with loading the compiler
_MOST_WRAPPERS = 100  # more are a circle
_MOST_FRAMES = 16  # of a callback; Fortran that passes more addresses than these mostly passes each once
_HAS_VARARGS = 0x04  # inspect.CO_VARARGS; inspect is slow to import


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
        self.kinds, places = _places(library, in_memory, arguments, lengths)
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
        """Return what Fortran is passed for `function`, which gets the `extra` arguments behind Fortran's.

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
            count, extras = _plain_count(function, most), 0
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


class CallbackFrame:
    """What reads and stores at the addresses that Fortran has passed; it passes the same ones again and again.

    `ask` calls a Python function with what lies there now. `sizes` gets the numbers that extents depend on, and `told`
    are those for which the frame was made: it serves no others.
    """

    def __init__(self, callback: Callback, values: Sequence[Any]) -> None:
        self.values = values
        self.outputs = callback.signature.outputs
        self.takers: list[Callable[[Any], None]] = []
        self.take_one: Callable[[Any], None] = self._take_one
        self.sizes = _all_of([get(values) for get in callback.signature.getters])
        self.told = None if self.sizes is None else self.sizes()
        self.ask = _asker(callback, [giver_of(*each, values) for each in callback.signature.shown[: callback.count]])

    def _take_one(self, answer: Any) -> None:
        self.take((answer,))
        self.take_one = self.takers[0] if self.takers else self._take_one

    def take(self, answers: Sequence[Any]) -> None:
        """Give Fortran the Python function's answers."""
        takers = self.takers
        if len(takers) < len(answers):
            # What isn't answered need not be there.
            takers += [output.taker(self.values) for output in self.outputs[len(takers) : len(answers)]]
        for take, answer in zip(takers, answers):
            take(answer)


def _all_of(getters: Sequence[Callable[[], Any]]) -> Callable[[], Any] | None:
    """Return what gets all values, the only one as it is; None where there are none."""
    if not getters:
        return None
    return getters[0] if len(getters) == 1 else lambda: [get() for get in getters]


def _asker(callback: Callback, givers: Sequence[Callable[[], Any]]) -> Callable[[Callable[..., Any]], Any]:
    """Return what calls a function with its arguments and the extra ones."""
    if callback.extra or not 0 < len(givers) < 3:
        return lambda function: function(*[give() for give in givers], *callback.extra)
    first, last = givers[0], givers[-1]
    if len(givers) == 1:
        return lambda function: function(first())
    return lambda function: function(first(), last())


class Output:
    """What a Python function may return: a `taker` gives it to Fortran."""

    def __init__(self, argument: CallbackArgument, place: Place, question: Question) -> None:
        self.question = question
        self.argument = argument
        self.place = place

    def taker(self, values: Sequence[Any]) -> Callable[[Any], None]:
        """Return what stores an answer at the addresses that Fortran has passed."""
        return self.argument.taker(self.place, values, self.question)

    def clear(self, values: Sequence[Any]) -> None:
        """Give Fortran zeros or blanks."""
        if isinstance(self.argument, CallbackView):
            self.argument.clear(self.place, values)
        else:
            self.taker(values)(b"" if self.argument.is_text else 0)


def _places(
    library: Library, results: Sequence[CallbackArgument], arguments: Sequence[CallbackArgument], lengths: bool
) -> tuple[list[Any], list[Place]]:
    """Return the types of what C passes, and where among it results in memory and arguments stand."""
    kinds: list[Any] = []
    places: list[Place] = []
    for result in results:
        places.append(Place(len(kinds), library))
        kinds.append(None)
        if result.is_text:
            places[-1].take_length_from(len(kinds))
            kinds.append(int)
    own = {}
    for argument in arguments:
        length = getattr(argument, "length", 0)
        own[argument.name] = Place(len(kinds), library, length)
        kinds.append(argument.by_value)
    getters = {}
    for argument in arguments:
        place = own[argument.name]
        if argument.is_text and lengths and not _is_described(argument, library):
            place.take_length_from(len(kinds))
            kinds.append(int)
        if not isinstance(argument, CallbackArray):
            getters[argument.name] = partial(argument.getter, place)
    everything = [*zip(results, places), *((a, own[a.name]) for a in arguments)]
    for argument, place in everything:
        if isinstance(argument, CallbackArray):
            place.getters = [getters[name] for name in argument.needs]
    return kinds, [*places, *own.values()]


def _is_described(argument: CallbackArgument, library: Library) -> bool:
    """Whether a descriptor has the length of an argument's characters."""
    return isinstance(argument, CallbackView) and argument.describes_length(library)


def giver_of(argument: CallbackArgument, place: Place, values: Sequence[Any]) -> Callable[[], Any]:
    """Return what makes the Python function's argument: None of an optional one that Fortran leaves out."""
    if argument.intent & OPTIONAL and argument.by_value is None and not values[place.index]:
        return lambda: None
    return argument.giver(place, values)


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
    """Return the function behind the pointer where numbers go in and one comes out."""
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
    """Return the function behind the pointer for any signature."""
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


def _plain_count(function: Any, most: int) -> int:
    """Return how many arguments a function of Python's that wraps no other gets; -1 for anything else."""
    if type(function) is not FunctionType or function.__dict__:
        return -1
    count = function.__code__.co_argcount
    return count if count <= most else -1


def count_arguments(function: Any, most: int, extra: int) -> tuple[int, int]:
    """Return how many of Fortran's arguments, `most` at most, and of `extra` ones a function gets.

    It gets no more than it has parameters. Raises TypeError for what can't be called and for functions that want more
    arguments than there are.
    """
    if not callable(function):
        raise TypeError(
            "Call-back argument must be function|instance|instance.__call__|f2py-function "
            f"but got {type_name(function)}."
        )
    total, optional = count_parameters(function) or (most + extra, 0)
    used = min(most + extra, total)
    if used < total - optional:
        raise TypeError(
            f"the call-back function needs {total - optional} arguments, but Fortran passes "
            f"{most} and there are {extra} extra ones"
        )
    count = max(0, used - extra)
    return count, used - count


def count_parameters(function: Any) -> tuple[int, int] | None:
    """Return how many positional parameters a callable has and how many of these have defaults.

    None stands for any number. What has a ``__wrapped__``, as functions with ``functools.wraps`` and
    ``functools.lru_cache``, takes what that takes. A function's ``*args`` get nothing, as with f2py; those of other
    callables get all that there is.
    """
    function = function_of(function) or function
    plain = type(function) in (FunctionType, MethodType)
    taken = 0
    for _ in range(_MOST_WRAPPERS):
        if type(function) is MethodType:
            taken += 1
            function = function.__func__
        elif callable(getattr(function, "__wrapped__", None)):
            function, plain = function.__wrapped__, False
        elif type(function) is partial and not function.keywords:
            taken += len(function.args)
            function = function.func
        elif isinstance(function, (FunctionType, BuiltinFunctionType, type)):
            break
        elif type(getattr(type(function), "__call__", None)) is FunctionType:  # noqa: B004 - not whether, but which
            taken += 1
            function = type(function).__call__
        else:
            break
    if type(function) is not FunctionType:
        return _signature_counts(function, taken)
    code = function.__code__
    if code.co_flags & _HAS_VARARGS and not plain:
        return None
    total = max(0, code.co_argcount - taken)
    return total, min(total, len(function.__defaults__ or ()))


def _signature_counts(function: Any, taken: int) -> tuple[int, int] | None:
    """Do the same for what isn't written in Python; None where it doesn't tell."""
    from inspect import Parameter, signature  # slow to import

    if isinstance(function, ufunc):
        return max(0, function.nin - taken), 0
    try:
        parameters = signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(each.kind is Parameter.VAR_POSITIONAL for each in parameters):
        return None
    named = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    optional = [each.default is not Parameter.empty for each in parameters if each.kind in named]
    total = max(0, len(optional) - taken)
    return total, min(total, sum(optional))


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
