"""The function that is being written: llvmlite's builder with the few verbs that the printer needs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Optional, Union

from llvmlite import ir

from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.nodes import Expression, Kind
from f2pypy.native.c_functions import C_FUNCTIONS
from f2pypy.native.conventions import Holder
from f2pypy.native.layouts import (
    BYTES,
    IMMORTALS,
    POINTER,
    address_of_function,
)

BIT = ir.IntType(1)
BYTE = ir.IntType(8)
INT = ir.IntType(32)
LONG = ir.IntType(64)
SINGLE = ir.FloatType()
DOUBLE = ir.DoubleType()
OBJECT = BYTE.as_pointer()
OBJECTS = OBJECT.as_pointer()
NOTHING = ir.VoidType()
NULL = ir.Constant(OBJECT, None)


class NotNative(Exception):
    """The procedure needs something that native code doesn't do; the message says what."""


@dataclass(frozen=True)
class Scalar:
    """A value while native code runs.

    An integer is an i64 from -2**bits to below 2**bits, a real number a double, a logical an i1, a character an i8; a
    complex number has its imaginary part in `imaginary`.
    """

    kind: Kind
    value: Any
    bits: int = 63
    imaginary: Any = None


@dataclass(frozen=True)
class Array:
    """An array while native code runs: the object, its memory and its extents (i64), and its element's type.

    The object may be NULL, of no array, where `strides` (i64, in bytes) are those to be used; else it has its own.
    An array of strings has their `length` (i64).
    """

    object: Any
    memory: Any
    extents: tuple[Any, ...]
    dtype: str
    length: Any = None
    strides: Optional[tuple[Any, ...]] = None


@dataclass(frozen=True)
class Text:
    """A string while native code runs: where its characters are and how many (i64)."""

    memory: Any
    length: Any


@dataclass(frozen=True)
class Given:
    """What the caller gave for a parameter: an object, NULL where it was left out."""

    object: Any
    optional: bool


@dataclass(frozen=True)
class Callback:
    """What Fortran will call: the object of a Python function, and where the thunks for it are.

    Where `is_code` (i1) holds it is machine code at `address` (i64) instead, and has neither cell nor list. `companion`
    is the local of the one whose list of exceptions it shares. From the call on, `cell` is that of the thunk, until it
    is given back, and `raised` the list of exceptions; `address` is what Fortran is passed.
    """

    function: Any
    pool: Any
    companion: Optional[str]
    is_code: Any
    address: Any
    cell: Any = None
    raised: Any = None


Variable = Union[Scalar, Array, Text, Given, Callback, Holder]


@dataclass
class Code:
    """One vectorcall function while it is written.

    `slow` is the block that gives up what the function owns so far and lets the Python function run; it is None once
    Fortran was called, when that would call it twice. `defaults` are those of the parameters, `owned` the objects to
    give up, `releases` free Fortran's memory that nobody has taken yet, `kept` must live as long as the code,
    `writable` are the arrays known to be, `truths` the integers that Python may have as True or False,
    `conventions` those of the library's compiler.
    """

    builder: Any
    slow: Any | None
    entry: Any
    defaults: Mapping[str, Expression | None]
    variables: dict[str, Variable] = field(default_factory=dict)
    owned: list[Any] = field(default_factory=list)
    kept: list[Any] = field(default_factory=list)
    writable: set[str] = field(default_factory=set)
    truths: list[Scalar] = field(default_factory=list)
    releases: dict[str, Callable[[], None]] = field(default_factory=dict)
    conventions: Any = None

    def block(self, name: str) -> Any:
        """Return a new block, not yet written to."""
        return self.builder.append_basic_block(name)

    def require(self, condition: Any) -> None:
        """Go on where `condition` (i1) holds, else leave the call to Python."""
        if self.slow is None:
            raise NotNative("something that may fail after the call")
        self.go_on_if(condition, self.slow)

    def go_on_if(self, condition: Any, otherwise: Any) -> None:
        """Go on where `condition` (i1) holds, else in the block `otherwise`."""
        passed = self.block("passed")
        self.builder.cbranch(condition, passed, otherwise)
        self.builder.position_at_end(passed)

    def require_or_raise(
        self, condition: Any, exception: type[Exception], text: bytes
    ) -> None:
        """Go on where `condition` holds; after the call, where Python can't take over, raise the exception else."""
        if self.slow is not None:
            self.require(condition)
            return
        failed = self.block("failed")
        self.go_on_if(condition, failed)
        with self.branch(failed):
            self.set_error(exception, text)
            self.fail()

    def set_error(self, exception: type[Exception], text: bytes) -> None:
        """Raise an exception with a text (ASCII); the function still has to return."""
        self.kept.append(text)
        message = ir.Constant(LONG, id(text) + BYTES).inttoptr(OBJECT)
        self.call("PyErr_SetString", self.constant_object(exception), message)

    def fail(self, *made: Any) -> None:
        """Return NULL with the exception that is set; objects `made`, which nobody else has, are given up."""
        for each in made:
            self.call("Py_DecRef", each)
        self.give_up_owned()
        self.builder.ret(NULL)

    def require_object(self, made: Any, before: Sequence[Any]) -> Any:
        """Return an object that was made, after a test that it is one; where it is NULL, the exception is set.

        `before` are objects that nobody else has.
        """
        failed = self.block("no_object")
        self.go_on_if(self.is_given(made), failed)
        with self.branch(failed):
            self.fail(*before)
        return made

    def new_none(self) -> Any:
        """Return a new reference to None."""
        none = self.constant_object(None)
        self.keep(none)
        return none

    def give_up_owned(self) -> None:
        """Give up what the function owns at its end."""
        for owned in self.owned:
            self.call("Py_DecRef", owned)
        for release in self.releases.values():
            release()

    def own(self, made: Any) -> None:
        """Note that object `made`, which may be NULL, must be given up when Python takes over."""
        with self.giving_up():
            self.call("Py_DecRef", made)
        self.owned.append(made)

    @contextmanager
    def giving_up(self) -> Iterator[None]:
        """Write what is done, before all that was noted earlier, when Python takes over from now on."""
        previous = self.slow
        assert previous is not None
        self.slow = self.block("give_up")
        with self.branch(self.slow):
            yield
            self.builder.branch(previous)

    def keep(self, found: Any) -> None:
        """Count one more reference to an object, as Py_INCREF does."""
        builder = self.builder
        if sys.version_info < IMMORTALS:
            count = self.at(found, 0, LONG)
            one = ir.Constant(LONG, 1)
            builder.store(builder.add(builder.load(count), one), count)
            return
        # Half of the field counts; the highest of its bits is set in an object that lives for ever.
        count = self.at(found, 0, INT)
        before = builder.load(count)
        after = builder.add(before, ir.Constant(INT, 1))
        is_mortal = builder.icmp_signed(">=", before, ir.Constant(INT, 0))
        builder.store(builder.select(is_mortal, after, before), count)

    def let_go(self, found: Any) -> None:
        """Count one reference to an object less, as Py_DECREF does; NULL is none."""
        builder = self.builder
        is_counted = sys.version_info < IMMORTALS
        count = self.at(found, 0, LONG if is_counted else INT)
        before = builder.load(count)
        one = ir.Constant(before.type, 1)
        left = builder.sub(before, one)
        if not is_counted:
            is_mortal = builder.icmp_signed(">=", before, ir.Constant(INT, 0))
            left = builder.select(is_mortal, left, before)
        builder.store(left, count)
        last, after = self.block("last"), self.block("let_go")
        builder.cbranch(builder.icmp_signed("==", before, one), last, after)
        builder.position_at_end(last)
        self.call("_Py_Dealloc", found)
        builder.branch(after)
        builder.position_at_end(after)

    @contextmanager
    def branch(self, target: Any) -> Iterator[None]:
        """Write the block `target`; go back to the present one afterwards."""
        here = self.builder.block
        self.builder.position_at_end(target)
        yield
        self.builder.position_at_end(here)

    def merge(self, arms: Sequence[tuple[Any, Sequence[Any]]], after: Any) -> list[Any]:
        """Go on in `after`, reached from blocks that each bring values; return the values that arrive."""
        self.builder.position_at_end(after)
        merged = []
        for place in range(len(arms[0][1])):
            phi = self.builder.phi(arms[0][1][place].type)
            for block, values in arms:
                phi.add_incoming(values[place], block)
            merged.append(phi)
        return merged

    def choose(
        self,
        test: Any,
        then: Callable[[], Sequence[Any]],
        otherwise: Callable[[], Sequence[Any]],
    ) -> list[Any]:
        """Return the values that `then` writes where `test` (i1) holds, else those that `otherwise` writes."""
        after, arms = self.block("chosen"), []
        blocks = self.block("then"), self.block("otherwise")
        self.builder.cbranch(test, *blocks)
        for block, write in zip(blocks, (then, otherwise)):
            self.builder.position_at_end(block)
            found = write()
            arms.append((self.builder.block, found))
            self.builder.branch(after)
        return self.merge(arms, after)

    @contextmanager
    def each(self, first: Any, last: Any) -> Iterator[Any]:
        """Write a loop, whose body runs for every integer (i64) from `first` to below `last`."""
        builder, before = self.builder, self.builder.block
        test, body, done = map(self.block, ("test", "body", "done"))
        builder.branch(test)
        builder.position_at_end(test)
        place = builder.phi(LONG)
        place.add_incoming(first, before)
        builder.cbranch(builder.icmp_signed("<", place, last), body, done)
        builder.position_at_end(body)
        yield place
        following = builder.add(place, ir.Constant(LONG, 1))
        place.add_incoming(following, builder.block)
        builder.branch(test)
        builder.position_at_end(done)

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a function of Python's or NumPy's C interface."""
        return self.call_address(
            address_of_function(name), C_FUNCTIONS[name], arguments
        )

    def call_address(
        self, address: int, kind: ir.FunctionType, arguments: Sequence[Any]
    ) -> Any:
        """Call the C function at an address."""
        function = self.builder.inttoptr(ir.Constant(LONG, address), kind.as_pointer())
        return self.builder.call(function, arguments)

    def copy_memory(self, target: Any, source: Any, size: Any) -> None:
        """Copy `size` (i64) bytes."""
        copy = self.builder.module.declare_intrinsic(
            "llvm.memcpy", [OBJECT, OBJECT, LONG]
        )
        volatile = ir.Constant(BIT, 0)
        self.builder.call(copy, [target, source, size, volatile])

    def load(self, place: Any, offset: int, kind: Any) -> Any:
        """Return the value `offset` bytes into the memory at `place`."""
        return self.builder.load(self.at(place, offset, kind))

    def at(self, place: Any, offset: int, kind: Any) -> Any:
        """Return the typed pointer to the value `offset` bytes into the memory at `place`."""
        moved = (
            self.builder.gep(place, [ir.Constant(LONG, offset)]) if offset else place
        )
        return self.builder.bitcast(moved, kind.as_pointer())

    def object_at(self, objects: Any, place: Any) -> Any:
        """Return an element of a C array of objects; `place` is an i64."""
        return self.builder.load(self.builder.gep(objects, [place]))

    def constant_object(self, value: object) -> Any:
        """Return the address of a Python object, which is kept alive."""
        self.kept.append(value)
        return self.builder.inttoptr(ir.Constant(LONG, id(value)), OBJECT)

    def is_object(self, found: Any, value: object) -> Any:
        """Return whether `found` is the Python object `value` (i1)."""
        self.kept.append(value)
        return self.builder.icmp_unsigned(
            "==", self.builder.ptrtoint(found, LONG), ir.Constant(LONG, id(value))
        )

    def has_type(self, found: Any, kind: type) -> Any:
        """Return whether the type of object `found` is `kind` itself (i1)."""
        return self.is_object(self.load(found, POINTER, OBJECT), kind)

    def is_null(self, found: Any) -> Any:
        """Return whether a pointer is NULL (i1)."""
        return self.builder.icmp_unsigned(
            "==", self.builder.ptrtoint(found, LONG), ir.Constant(LONG, 0)
        )

    def is_given(self, found: Any) -> Any:
        """Return whether a pointer isn't NULL (i1)."""
        return self.builder.not_(self.is_null(found))

    def stack(self, kind: Any, count: int = 1) -> Any:
        """Return a pointer to room for `count` values on the stack."""
        with self.builder.goto_block(self.entry):
            return self.builder.alloca(kind, count)


@contextmanager
def begin(
    function: Any,
    defaults: Mapping[str, Expression | None] | None = None,
    conventions: Any = None,
) -> Iterator[Code]:
    """Write `function`: room on the stack comes first; the block `slow` is left to the caller."""
    entry, start, slow = (
        function.append_basic_block(name) for name in ("entry", "start", "slow")
    )
    code = Code(
        ir.IRBuilder(start), slow, entry, defaults or {}, conventions=conventions
    )
    yield code
    with code.branch(entry):
        code.builder.branch(start)


def whole(value: int) -> Scalar:
    """Return an integer constant; NotNative beyond 64 bits."""
    if not -(1 << 63) <= value < 1 << 63:
        raise NotNative(f"the integer {value}")
    return Scalar(Kind.INTEGER, ir.Constant(LONG, value), abs(value).bit_length())


def real(value: float) -> Scalar:
    """Return a real constant."""
    return Scalar(Kind.REAL, ir.Constant(DOUBLE, value))
