"""Python functions while Fortran may call them."""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Any, Callable, Sequence

from f2pypy.runtime.callback_frames import CallbackFrame
from f2pypy.runtime.callback_gates import gate_to
from f2pypy.runtime.callback_turns import answering
from f2pypy.runtime.interpreter import PYPY
from f2pypy.runtime.plain_answers import FINISHED, exact_result, plain_answer
from f2pypy.runtime.routines import pointer_to
from f2pypy.runtime.user_warnings import warn

_MOST_FRAMES = 16  # of a callback; Fortran that passes more addresses than these mostly passes each once


class Callback:
    """A Python function while Fortran may call it; `pointer` is what Fortran is passed.

    `signature` is the `CallbackSignature` that it serves. A `thunk` is a function of machine code that calls it, or
    `answer` and `take` where it can't do that by itself.
    """

    def __init__(self, signature: Any, thunk: Any = None) -> None:
        self.signature = signature
        self.thunk = thunk
        self.raised: Any = FINISHED
        self.frames: dict[Any, CallbackFrame] = {}
        self.last_frame: CallbackFrame | None = None  # found without its hash
        self.is_called_with = self.count = len(signature.shown)
        self.readers: Sequence[Any] = signature.readers or ()
        self.started = 0.0
        answer = (_any_answer if signature.readers is None else plain_answer)(self)
        answer = answering(signature.turns, answer, self.remember)
        self.answer = answer
        if thunk is not None:
            self.pointer = pointer_to(thunk.address)
            thunk.serve(answer, self.take, FINISHED)
        else:
            self.c_function, self.pointer = signature.c_function(answer, self.remember)
        self.gate = gate_to(self.pointer) if thunk is None and signature.fails_with_zero() else None
        if self.gate is not None:
            self.pointer = self.gate.pointer

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
        elif self.signature.library.native is not None:
            self.started = perf_counter()

    def limit(self, count: int) -> None:
        """Let the Python function have no more than `count` of Fortran's arguments."""
        # negative where extra arguments follow
        called_with = ~count if self.extra else count
        if called_with != self.is_called_with:
            self.is_called_with, self.count = called_with, count
            self.readers = (self.signature.readers or ())[:count]
            self.frames.clear()
            self.last_frame = None

    def remember(self, failure: BaseException) -> None:
        """Keep an exception until Fortran returns."""
        if isinstance(self.raised, list):
            self.raised.append(failure)
            if self.gate is not None:
                self.gate.shut()

    def warn_if_finished(self) -> None:
        """Warn where Fortran has kept the pointer and calls it after the call that it was passed to."""
        if self.raised is FINISHED:
            warn(f"Fortran calls {self.signature.name} after the call that it was passed to has ended: it gets zero")

    def finish(self) -> None:
        """Let the C function be used again, and raise what the Python function raised."""
        raised, signature, pool = self.raised, self.signature, self.signature.pool
        if self.thunk is not None:
            self.thunk.finish()
            pool = signature.native_pool
        elif self.started:
            signature.seconds += perf_counter() - self.started
        self.raised = FINISHED
        if self.gate is not None:
            self.gate.open()
        self.function = None
        self.extra = ()
        pool.append(self)
        if raised:
            raise raised.pop(0)

    def reraise(self) -> None:
        """Raise what the Python function raised; more calls may follow."""
        if self.raised:
            if self.gate is not None:
                self.gate.open()
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
        warn(f"call-back function {self.signature.name} did not provide return value")
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


def _any_answer(callback: Callback) -> Callable[..., Any]:
    """Return what Fortran calls for any signature."""
    has_result = callback.signature.returned is not None
    real, integer, limit = exact_result(callback.signature)
    frames = callback.frames

    def answer(*values: Any) -> Any:
        if callback.raised:
            callback.warn_if_finished()
        else:
            try:
                frame = callback.last_frame
                if frame is None or frame.values != values:
                    frame = callback.last_frame = frames.get(values) if keeps_frames else None
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
                callback.remember(failure)
        for output in callback.signature.cleared:
            output.clear(values)
        return 0 if has_result else None

    keeps_frames = callback.signature.keeps_frames
    return answer


def watch_unraisable() -> None:
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
            if frame.f_code.co_name in ("answer", "noted", "unlocked"):
                names = frame.f_locals
                owner = names.get("callback", names.get("self"))
                remember = names.get("remember") or getattr(owner, "remember", None)
        try:
            remember(unraisable.exc_value)  # type: ignore[misc]
        except BaseException:  # there is none, or no call that could raise it
            previous(unraisable)

    hook.remembers_callbacks = True  # type: ignore[attr-defined]
    sys.unraisablehook = hook
