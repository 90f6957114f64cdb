"""Machine code that a program passes as a callback again: what Python has accepted once, native code looks up itself.

A table has an entry for each kind of object that Python has accepted. Where a declaration decides, the entry says what
is declared, and the address is read from the object each time; otherwise it is for one object.
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Optional

from llvmlite import ir

from f2pypy.native.code import INT, LONG, OBJECT, Code, begin
from f2pypy.native.layouts import BYTES, HEAD, ITEMS, POINTER, SIZE, TYPE, word_at
from f2pypy.native.machine import Written

# The words of a table: the address of `find`, how many entries follow, and for each its form and four words.
FIND, COUNT, ENTRIES = range(3)
FORM, KEY, SECOND, THIRD, ADDRESS, ENTRY_WORDS = range(6)
MOST = 8
# One object of this `address`; what ctypes declares; an address alone; a capsule of a name; a tuple with such a one.
NO_ENTRY, ONE_OBJECT, FUNCTION, PLAIN_ADDRESS, CAPSULE, WRAPPED = range(6)
FOUND = ir.FunctionType(LONG, [OBJECT, OBJECT])
UNKNOWN = ir.Constant(LONG, -1)
# Of ctypes' objects: the address of their memory. Of a capsule: the pointer, then the name.
MEMORY = CAPSULE_POINTER = HEAD
CAPSULE_NAME = HEAD + POINTER
_FUNCTION: Any = ctypes.CFUNCTYPE(None).__mro__[1]


class KnownCode:
    """The table of a signature; `find` returns the address of the function that searches it, None where it must wait.

    Entries keep the types that they mention. One object is known as long as it lives, and isn't kept.
    """

    def __init__(self, find: Callable[[], Optional[int]]) -> None:
        self._find: Any = find
        self._words = (ctypes.c_int64 * (ENTRIES + MOST * ENTRY_WORDS))()
        self._entries: list[Any] = [None] * MOST
        # where the entries begin
        self._places = [ENTRIES + place * ENTRY_WORDS for place in range(MOST)]
        self._next = 0
        self.location = ctypes.addressof(self._words)

    def learn(self, function: Any, address: int) -> None:
        """Know from now on that `function`, which Python has accepted, is machine code at `address`."""
        if not self._words[FIND]:
            self._words[FIND] = self._find() or 0
        if not self._words[FIND] or self.find(function) == address:
            return
        made = _entry(function, address)
        if made is None:
            return
        place, self._next = self._next, (self._next + 1) % MOST
        self._put(place, *made)
        if self.find(function) != address:  # its memory isn't what it is taken for
            self._drop(place)

    def find(self, function: Any) -> int:
        """Return the address that native code finds for an object, -1 for none."""
        call = ctypes.PYFUNCTYPE(ctypes.c_int64, ctypes.py_object, ctypes.c_void_p)
        return int(call(self._words[FIND])(function, self.location))

    def _put(self, place: int, form: int, words: tuple[int, ...], kept: Any) -> None:
        self._drop(place)
        if form == ONE_OBJECT:
            try:
                kept = weakref.ref(kept, lambda gone: self._forget(place, gone))
            except TypeError:  # another object may lie there one day
                return
        self._entries[place] = kept
        first = self._places[place]
        self._words[first + KEY : first + KEY + len(words)] = [*words]
        self._words[first + FORM] = form
        self._words[COUNT] = max(self._words[COUNT], place + 1)

    def _forget(self, place: int, gone: Any) -> None:
        if self._entries[place] is gone:
            self._drop(place)

    def _drop(self, place: int) -> None:
        # FORM and NO_ENTRY are 0; when Python ends, this module has no names any more
        self._words[self._places[place]] = 0
        self._entries[place] = None


def _entry(function: Any, address: int) -> tuple[int, tuple[int, ...], Any] | None:
    """Return the form of an entry, its words and what it keeps; None for what isn't to be known.

    The classes are looked at as `f2pypy.runtime.machine_code` does; those that may answer otherwise the next time, as
    subclasses may, are left to Python.
    """
    kind: Any = type(function)
    if kind is ctypes.c_void_p:
        return PLAIN_ADDRESS, (id(kind), 0, 0, 0), kind
    if isinstance(function, _FUNCTION):
        return _declared(function)
    if kind.__name__ == "PyCapsule":
        name = _name_of(function)
        return CAPSULE, (id(kind), _location(name), id(kind), 0), (kind, name)
    if isinstance(function, tuple):
        capsule = tuple.__getitem__(function, 0)
        name, inner = _name_of(capsule), type(capsule)
        return WRAPPED, (id(kind), _location(name), id(inner), 0), (kind, inner, name)
    # objects of its subclasses may get another address
    if isinstance(function, ctypes.c_void_p):
        return None
    if kind.__name__ == "Wrapper" and not _keeps_its_answer(function):
        return None
    return ONE_OBJECT, (id(function), 0, 0, address), function


def _keeps_its_answer(routine: Any) -> bool:
    """Whether Python accepts a routine next time, too: not if assigning a procedure pointer may change its library."""
    made_with: Any = type(routine.procedure).__init__
    return "watch_calls" not in made_with.__globals__


def _declared(function: Any) -> tuple[int, tuple[int, ...], Any] | None:
    places = _places_of_declarations()
    kind: Any = type(function)
    if places is None or kind.argtypes is not _FUNCTION.argtypes:
        return None
    arguments, result, _ = (word_at(id(function) + each) for each in places)
    kept = kind, function.argtypes, function.restype
    # None is no null pointer
    mentions = {0, id(kept[1])}, {0, id(kept[2])}
    is_fixed = type(kept[1]) is tuple and kind.restype is _FUNCTION.restype
    if not is_fixed or arguments not in mentions[0] or result not in mentions[1]:
        return None
    return FUNCTION, (id(kind), arguments, result, 0), kept


@lru_cache(1)
def _places_of_declarations() -> tuple[int, ...] | None:
    """Return where a function of ctypes has `argtypes`, `restype` and `errcheck`; None where that isn't clear."""

    class Result(ctypes.c_short):
        pass

    def checked(result: Any, *_: Any) -> Any:
        return result

    function = ctypes.CFUNCTYPE(None)(1)
    declared = ((ctypes.c_double, ctypes.c_int), Result, checked)
    function.argtypes, function.restype, function.errcheck = declared
    offsets = range(HEAD, type(function).__basicsize__, POINTER)
    words = [word_at(id(function) + each) for each in offsets]
    if any(words.count(id(each)) != 1 for each in declared):
        return None
    return tuple(offsets[words.index(id(each))] for each in declared)


def _name_of(capsule: Any) -> Optional[bytes]:
    name_of = ctypes.pythonapi["PyCapsule_GetName"]
    name_of.restype = ctypes.c_char_p
    found: Optional[bytes] = name_of(ctypes.py_object(capsule))
    return found


def _location(text: Optional[bytes]) -> int:
    """Return where the characters lie, with a NUL after them; 0 for None."""
    return 0 if text is None else id(text) + BYTES


def write_find() -> Written:
    """Return the function that takes an object and a table, and returns the address of its code or -1."""
    name = "find_machine_code"
    function = ir.Function(ir.Module(name), FOUND, name)
    places = _places_of_declarations()
    with begin(function) as code:
        with code.branch(code.slow):
            code.builder.ret(UNKNOWN)
        given, table = function.args
        count = code.load(table, 8 * COUNT, LONG)
        with code.each(ir.Constant(LONG, 0), count) as place:
            size = ir.Constant(LONG, 8 * ENTRY_WORDS)
            offset = code.builder.mul(place, size)
            entry = code.builder.gep(table, [offset])
            _Search(code, given, code.at(entry, 8 * ENTRIES, LONG)).write(places)
        code.builder.branch(code.slow)
    return Written(str(function.module), name, tuple(code.kept))


class _Search:
    """The comparison of an object with one entry while it is written."""

    def __init__(self, code: Code, given: Any, entry: Any) -> None:
        self.code, self.given, self.entry = code, given, entry
        self.other = code.block("other")

    def write(self, declarations: tuple[int, ...] | None) -> None:
        """Return the address where the entry fits; go on in the block `other`, and end there, where it doesn't."""
        code, builder = self.code, self.code.builder
        switch = builder.switch(self._word(FORM), self.other)
        for form, write in FORMS.items():
            if form == FUNCTION and declarations is None:
                continue
            block = code.block("form")
            switch.add_case(ir.Constant(LONG, form), block)
            builder.position_at_end(block)
            builder.ret(write(self, declarations))
        builder.position_at_end(self.other)

    def _word(self, place: int) -> Any:
        builder = self.code.builder
        return builder.load(builder.gep(self.entry, [ir.Constant(LONG, place)]))

    def _fits(self, found: Any, wanted: Any) -> None:
        """Go on where two words are the same."""
        same = self.code.builder.icmp_signed("==", found, wanted)
        self.code.go_on_if(same, self.other)

    def _has_type(self, found: Any, place: int) -> None:
        """Go on where the type of an object is the one in a word."""
        self._fits(self.code.load(found, TYPE, LONG), self._word(place))

    def one_object(self, _: Any) -> Any:
        self._fits(self.code.builder.ptrtoint(self.given, LONG), self._word(KEY))
        return self._word(ADDRESS)

    def function(self, declarations: tuple[int, ...]) -> Any:
        arguments, result, check = declarations
        code, given = self.code, self.given
        self._has_type(given, KEY)
        self._fits(code.load(given, arguments, LONG), self._word(SECOND))
        self._fits(code.load(given, result, LONG), self._word(THIRD))
        self._fits(code.load(given, check, LONG), ir.Constant(LONG, 0))
        return self._content(given)

    def plain_address(self, _: Any) -> Any:
        self._has_type(self.given, KEY)
        return self._content(self.given)

    def capsule(self, _: Any) -> Any:
        self._has_type(self.given, KEY)
        return self._pointer_of(self.given)

    def wrapped(self, _: Any) -> Any:
        self._has_type(self.given, KEY)
        size = self.code.load(self.given, SIZE, LONG)
        is_empty = self.code.builder.icmp_signed("==", size, ir.Constant(LONG, 0))
        self.code.go_on_if(self.code.builder.not_(is_empty), self.other)
        return self._pointer_of(self.code.load(self.given, ITEMS, OBJECT))

    def _content(self, given: Any) -> Any:
        """Return the address in the memory of ctypes' object."""
        return self.code.load(self.code.load(given, MEMORY, OBJECT), 0, LONG)

    def _pointer_of(self, capsule: Any) -> Any:
        """Return the pointer of a capsule, of the type and of the name that the entry says."""
        code, builder = self.code, self.code.builder
        self._has_type(capsule, THIRD)
        name, wanted = code.load(capsule, CAPSULE_NAME, LONG), self._word(SECOND)
        texts, after = code.block("texts"), code.block("of_that_name")
        builder.cbranch(builder.icmp_signed("==", name, wanted), after, texts)
        builder.position_at_end(texts)
        for each in (name, wanted):
            given = builder.icmp_signed("!=", each, ir.Constant(LONG, 0))
            code.go_on_if(given, self.other)
        characters = [builder.inttoptr(each, OBJECT) for each in (name, wanted)]
        same = code.call("strcmp", *characters)
        same = builder.icmp_signed("==", same, ir.Constant(INT, 0))
        code.go_on_if(same, self.other)
        builder.branch(after)
        builder.position_at_end(after)
        return code.load(capsule, CAPSULE_POINTER, LONG)


FORMS: dict[int, Callable[[_Search, Any], Any]] = {
    ONE_OBJECT: _Search.one_object,
    FUNCTION: _Search.function,
    PLAIN_ADDRESS: _Search.plain_address,
    CAPSULE: _Search.capsule,
    WRAPPED: _Search.wrapped,
}
