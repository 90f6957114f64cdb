"""Two processes that ask each other: values travel, functions and objects stay where they are.

Either side asks, and while it waits it answers what the other asks meanwhile: so Fortran in one process calls Python in
the other. What the other side has changed in an array comes back with the answer.
"""

from __future__ import annotations

from itertools import count
from typing import Any, Callable

from numpy import generic, ndarray

from f2pypy.runtime.function_parameters import count_parameters
from f2pypy.runtime.shared_arrays import Again, Borrowed, Lent, SentArray, own_copy

_TRAVELS = (bool, float, complex, str, bytes, type(None), generic)


class Reference:
    """Something that stays in its process: `path` leads there from the module, or `number` is that of an object.

    `home` says that it belongs to the side that receives it. `about` is what the other side must know of a function:
    its name, its docstring, and `count_parameters` of it.
    """

    def __init__(self, path: tuple[str, ...], number: int = 0, home: bool = False, about: Any = None) -> None:
        self.path, self.number, self.home, self.about = path, number, home, about


class Peer:
    """One end of a `connection`.

    `stand_in` returns what stands here for a reference of the other side, `find` what a path leads to on this side, if
    paths lead anywhere; `prefix` begins the names of this side's shared memory. Objects of this side have numbers from
    `first` on.
    """

    def __init__(
        self,
        connection: Any,
        stand_in: Callable[[Reference], Any],
        prefix: str,
        find: Callable[[tuple[str, ...]], Any] | None = None,
        first: int = 1,
    ) -> None:
        self.connection, self.stand_in, self.prefix, self.find = connection, stand_in, prefix, find
        self.given: dict[int, Any] = {}
        self.numbers = count(first)
        self.dropped: list[int] = []  # numbers of the other side's objects that nobody here has any more

    def ask(self, verb: str, *arguments: Any) -> Any:
        """Have the other side do something, and return its result or raise its exception."""
        return self.outcome(*self.exchange(verb, *arguments))

    def exchange(self, verb: str, *arguments: Any) -> tuple[str, Any]:
        """Have the other side do something, and return what `outcome` takes; raises what the connection does."""
        lent = Lent(self.prefix)
        dropped, self.dropped = self.dropped, []
        try:
            self.connection.send((verb, dropped, self.sent(arguments, lent)))
            while True:
                kind, dropped, *rest = self.connection.recv()
                self.drop(dropped)
                if kind in ("returns", "raises"):
                    break
                self.answer(kind, rest[0])
            answer, changed = rest
            lent.take_back(changed)
        finally:
            lent.close()
        return kind, answer

    def outcome(self, kind: str, answer: Any) -> Any:
        """Return the result that the other side has sent, or raise the exception."""
        if kind == "raises":
            raise answer
        return self.received(answer, own_copy)

    def dropped_later(self, number: int) -> None:
        """Tell the other side with the next message that nobody here has an object of its any more."""
        self.dropped.append(number)

    def drop(self, numbers: list[int]) -> None:
        """Forget objects that the other side has no more."""
        for number in numbers:
            self.given.pop(number, None)

    def serve(self) -> None:
        """Answer until the other side is gone."""
        while True:
            verb, dropped, sent = self.connection.recv()
            self.drop(dropped)
            self.answer(verb, sent)

    def answer(self, verb: str, sent: Any) -> None:
        """Do what the other side asks for, and send it the result or the exception."""
        borrowed, lent = Borrowed(), Lent(self.prefix)
        try:
            arguments = self.received(sent, borrowed.received)
            result = self.sent(VERBS[verb](*arguments), lent)
            kind = "returns"
        except Exception as failure:
            kind, result = "raises", _portable(failure)
        lent.close(leave=kind == "returns")
        dropped, self.dropped = self.dropped, []
        self.connection.send((kind, dropped, result, borrowed.changed()))
        arguments = result = None
        borrowed.close()

    def sent(self, value: Any, lent: Lent) -> Any:
        """Return what travels for a value: arrays are lent, objects of the module become references."""
        if isinstance(value, ndarray):
            return lent.sent(value)
        if type(value) in (tuple, list):
            return type(value)([self.sent(each, lent) for each in value])
        if type(value) is dict:
            return {key: self.sent(each, lent) for key, each in value.items()}
        if isinstance(value, _TRAVELS):
            return value
        if isinstance(value, int):
            return int(value)  # members of an enumeration
        if isinstance(value, Reference):
            return value
        if isinstance(getattr(value, "_reference", None), Reference):
            return value._reference
        number = next(self.numbers)
        self.given[number] = value
        return Reference((), number, about=describe(value) if is_function(value) else None)

    def received(self, sent: Any, array: Callable[[Any], Any]) -> Any:
        """Return the value that was sent; `array` makes one of an array of the message."""
        if isinstance(sent, (SentArray, Again)):
            return array(sent)
        if type(sent) in (tuple, list):
            return type(sent)([self.received(each, array) for each in sent])
        if type(sent) is dict:
            return {key: self.received(each, array) for key, each in sent.items()}
        if not isinstance(sent, Reference):
            return sent
        if not sent.home:
            return self.stand_in(sent)
        if not sent.number and self.find is not None:
            return self.find(sent.path)
        if sent.number not in self.given:
            raise RuntimeError("this object is gone, because the process that held it has ended")
        return self.given[sent.number]


def is_function(value: Any) -> bool:
    """Whether a value is a function or class; Fortran modules can be called, too, and refuse it."""
    return callable(value) and hasattr(value, "__name__")


def describe(function: Any) -> tuple[str, str | None, tuple[int, int] | None]:
    """Return what the other side must know of a function, see `Reference`."""
    counts = None if isinstance(function, type) else count_parameters(function)
    return function.__name__, function.__doc__, counts


class Announced:
    """What calls a function of the other side; its signature has as many parameters, `counts` None says any number."""

    def __init__(self, call: Callable[..., Any], counts: tuple[int, int] | None) -> None:
        from inspect import Parameter, Signature  # slow to import

        self._call = call
        total, optional = counts or (0, 0)
        kind, required = Parameter.POSITIONAL_ONLY, total - optional
        parameters = [
            Parameter(f"x{place}", kind, default=Parameter.empty if place < required else None)
            for place in range(total)
        ]
        if counts is None:
            parameters = [Parameter("x", Parameter.VAR_POSITIONAL)]
        self.__signature__ = Signature(parameters)

    @property
    def __call__(self) -> Callable[..., Any]:
        """What a call of the object calls: no function, whose own parameters would count."""
        return self._call


def _portable(failure: Exception) -> Exception:
    """Return an exception that another process can read, with the traceback of this one in its words."""
    import pickle
    import traceback

    try:
        pickle.loads(pickle.dumps(failure))
    except Exception:
        failure = RuntimeError(f"{type(failure).__name__}: {failure}")
    failure.__cause__ = _Elsewhere("".join(traceback.format_exception(type(failure), failure, failure.__traceback__)))
    return failure


class _Elsewhere(Exception):
    """Where an exception was raised in another process."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


def _get(value: Any, name: str) -> Any:
    found = getattr(value, name)
    if isinstance(found, ndarray):
        found = found.view()
        found.flags.writeable = False  # a copy comes back, which nobody should write to
    return found


VERBS: dict[str, Callable[..., Any]] = {
    "call": lambda function, arguments, keywords: function(*arguments, **keywords),
    "get": _get,
    "set": setattr,
    "delete": delattr,
    "item": lambda value, place: value[place],
    "store": lambda value, place, item: value.__setitem__(place, item),
    "length": len,
    "text": repr,
    "names": dir,
    "equal": lambda one, other: bool(one == other),
}
