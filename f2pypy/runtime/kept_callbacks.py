"""Dummy procedures that Fortran keeps in an object: a Python function that it may call as long as the object lives.

Whether Fortran has kept one is seen after the call: its address then lies among the bytes of the object.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any, Callable, ClassVar, Sequence
from weakref import WeakValueDictionary

from f2pypy.runtime.callback_functions import ForeignFunction
from f2pypy.runtime.callback_memory import pointed_address
from f2pypy.runtime.callbacks import CallbackSignature
from f2pypy.runtime.pointed_procedures import PointedFunction, watch_calls
from f2pypy.runtime.record_storage import Storage, kept_by
from f2pypy.runtime.records import Record

_CODE_ADDRESS = struct.Struct("@P")
# C functions that no object holds any more. They are never freed: Fortran may have kept them elsewhere.
_LET_GO: dict[CallbackSignature, list[PointedFunction]] = {}


class KeptFunction:
    """A Python function that objects hold, `count` of whose arguments are Fortran's; its C function is used again.

    `known` are those that some object holds, by the addresses of their C functions.
    """

    known: ClassVar[WeakValueDictionary[int, KeptFunction]] = WeakValueDictionary()

    def __init__(
        self,
        signature: CallbackSignature,
        module: dict[str, Any],
        function: Callable[..., Any],
        count: int,
        extra: tuple[Any, ...],
    ) -> None:
        free = _LET_GO.setdefault(signature, [])
        calls = watch_calls(signature.library, module)
        try:
            self.pointed = free.pop()
        except IndexError:
            self.pointed = PointedFunction(signature, function, count, calls)
        self.pointed.point_to(function, count, extra)
        KeptFunction.known[self.address] = self

    @property
    def address(self) -> int:
        """Where the C function lies."""
        return pointed_address(self.pointed.pointer) or 0

    def is_for(self, signature: CallbackSignature, function: Any, extra: tuple[Any, ...]) -> bool:
        """Whether it calls this function, as the signature says."""
        pointed = self.pointed
        return pointed.signature is signature and pointed.function is function and pointed.extra is extra

    def __del__(self) -> None:
        signature = self.pointed.signature

        def gone(*_arguments: Any) -> Any:
            raise RuntimeError(f"Fortran calls {signature.name} of an object that is gone, or that holds another one")

        self.pointed.point_to(gone, len(signature.shown))
        _LET_GO[signature].append(self.pointed)


class KeptCallback:
    """A callback that one of the objects `keepers` may keep; `pointer` is what Fortran is passed.

    Where the objects hold procedures `deep` inside, in what their components lead to, they keep it in any case.
    """

    def __init__(self, pointer: Any, owner: Any, keepers: Sequence[Record], deep: bool) -> None:
        self.pointer, self.owner, self.keepers, self.deep = pointer, owner, keepers, deep
        self.raised: list[BaseException] = []
        # what is known by a negative number is no target of a pointer: see Record._keep_targets
        self.place = ~(pointed_address(pointer) or 0)
        for keeper in keepers:
            kept_by(keeper)[self.place] = owner

    def finish(self, *made: Record) -> None:
        """Let go of the functions that no object holds any more; objects that were `made` by the call hold it, too."""
        for each in made:
            kept_by(each)[self.place] = self.owner
        if self.deep:
            return
        for keeper in [*self.keepers, *made]:
            kept, memory = kept_by(keeper), _bytes_around(keeper)
            for place in [each for each in [*kept] if each < 0]:  # other threads may add to it
                own = place == self.place or isinstance(keeper._storage, Storage)
                if own and _CODE_ADDRESS.pack(~place) not in memory:
                    kept.pop(place, None)

    def reraise(self) -> None:
        """Do nothing: the call has raised what the function raised."""


def keep_callback(
    signature: CallbackSignature,
    module: dict[str, Any],
    keepers: Sequence[Record],
    deep: bool,
    function: Any,
    extra: tuple[Any, ...],
    argument: str,
    optional: bool = False,
) -> Any:
    """Return what Fortran is passed for `function`, as the signature's `bind` does, where `keepers` may keep it.

    `module` is the dictionary of the generated module. Exceptions are raised by whichever call of the library Fortran
    calls the function in.
    """
    present = [keeper for keeper in keepers if keeper is not None]
    bound = signature.bind(function, extra, argument, None, optional)
    if isinstance(bound, ForeignFunction):
        return KeptCallback(bound.pointer, bound.owner, present, deep)
    count, given = bound.count, bound.extra
    bound.finish()
    known = [kept for keeper in present for kept in list(kept_by(keeper).values()) if isinstance(kept, KeptFunction)]
    found = [kept for kept in known if kept.is_for(signature, function, given)]
    kept = found[0] if found else KeptFunction(signature, module, function, count, given)
    return KeptCallback(kept.pointed.pointer, kept, present, deep)


def keep_function(record: Any, address: int, function: Any, before: int) -> None:
    """Keep the `function` that Fortran finds at an address in an object, which had the one at `before` until now.

    That is let go of where nothing in memory of the same owner holds it, or leads to what may hold it.
    """
    kept, storage = kept_by(record), record._storage
    if function is not None:
        kept[~address] = function
    if not isinstance(storage, Storage) or getattr(storage.kind.record, "_holds_deep", False):
        return
    if _CODE_ADDRESS.pack(before) not in _bytes_around(record):
        kept.pop(~before, None)


def _bytes_around(record: Record) -> bytes:
    """Return what lies in the memory of an object, with all that lies there beside it."""
    storage = record._storage
    if not isinstance(storage, Storage):
        return bytes(record._window[: record._type.size])
    return ctypes.string_at(storage.address, storage.count * storage.kind.size)
