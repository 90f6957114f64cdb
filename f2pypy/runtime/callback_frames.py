"""What a callback reads and stores at the addresses that Fortran passes, and which of them is which argument's."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable, Sequence

from f2pypy.runtime.arrays import OPTIONAL
from f2pypy.runtime.callback_arguments import CallbackArgument, CallbackArray, CallbackView, Place, Question
from f2pypy.runtime.libraries import Library


def places_of(
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
        getters[argument.name] = partial(argument.getter, place)
    everything = [*zip(results, places), *((a, own[a.name]) for a in arguments)]
    for argument, place in everything:
        if isinstance(argument, CallbackArray):
            place.getters = [getters[name] for name in argument.needs]
    return kinds, [*places, *own.values()]


def _is_described(argument: CallbackArgument, library: Library) -> bool:
    """Whether a descriptor has the length of an argument's characters."""
    return isinstance(argument, CallbackView) and argument.describes_length(library)


class Output:
    """What a Python function may return: a `taker` gives it to Fortran."""

    def __init__(self, argument: CallbackArgument, place: Place, question: Question) -> None:
        self.question = question
        self.argument = argument
        self.place = place

    def taker(self, values: Sequence[Any]) -> Callable[[Any], None]:
        """Return what stores an answer at the addresses that Fortran has passed."""
        return self.argument.taker(self.place, values, self.question)

    def open(self, values: Sequence[Any]) -> None:
        """Make memory that is undefined hold nothing."""
        argument: Any = self.argument
        argument.open(self.place, values)

    def clear(self, values: Sequence[Any]) -> None:
        """Give Fortran zeros or blanks."""
        clear: Any = getattr(self.argument, "clear", None)
        if clear is not None:
            clear(self.place, values)
        else:
            self.taker(values)(b"" if self.argument.is_text else 0)


class CallbackFrame:
    """What reads and stores at the addresses that Fortran has passed; it passes the same ones again and again.

    `ask` calls the Python function of a `Callback` with what lies there now. `sizes` gets the numbers that extents
    depend on, and `told` are those for which the frame was made: it serves no others.
    """

    def __init__(self, callback: Any, values: Sequence[Any]) -> None:
        self.values = values
        self.outputs = callback.signature.outputs
        self.takers: list[Callable[[Any], None]] = []
        self.take_one: Callable[[Any], None] = self._take_one
        self.sizes = _all_of([get(values) for get in callback.signature.getters])
        self.told = None if self.sizes is None else self.sizes()
        shown: Sequence[tuple[CallbackArgument, Place]] = callback.signature.shown[: callback.count]
        ask = _asker(callback, [giver_of(argument, place, values) for argument, place in shown])
        self.opened = callback.signature.opened
        self.ask = self._opening(ask) if self.opened else ask

    def _opening(self, ask: Callable[[Callable[..., Any]], Any]) -> Callable[[Callable[..., Any]], Any]:
        def opening(function: Callable[..., Any]) -> Any:
            for output in self.opened:
                output.open(self.values)
            return ask(function)

        return opening

    def _take_one(self, answer: Any) -> None:
        self.take((answer,))
        self.take_one = self.takers[0] if self.takers else self._take_one

    def take(self, answers: Sequence[Any]) -> None:
        """Give Fortran the Python function's answers."""
        takers = self.takers
        if len(takers) < len(answers):
            # What isn't answered need not be there.
            self.takers = takers = [output.taker(self.values) for output in self.outputs[: len(answers)]]
        for take, answer in zip(takers, answers):
            take(answer)


def _all_of(getters: Sequence[Callable[[], Any]]) -> Callable[[], Any] | None:
    """Return what gets all values, the only one as it is; None where there are none."""
    if not getters:
        return None
    return getters[0] if len(getters) == 1 else lambda: [get() for get in getters]


def _asker(callback: Any, givers: Sequence[Callable[[], Any]]) -> Callable[[Callable[..., Any]], Any]:
    """Return what calls a function with its arguments and the extra ones."""
    if callback.extra or not 0 < len(givers) < 3:
        return lambda function: function(*[give() for give in givers], *callback.extra)
    first, last = givers[0], givers[-1]
    if len(givers) == 1:
        return lambda function: function(first())
    return lambda function: function(first(), last())


def giver_of(argument: CallbackArgument, place: Place, values: Sequence[Any]) -> Callable[[], Any]:
    """Return what makes the Python function's argument: None of an optional one that Fortran leaves out."""
    if argument.intent & OPTIONAL and argument.by_value is None and not values[place.index]:
        return lambda: None
    return argument.giver(place, values)
