"""What a wrapper does, step by step, besides converting and calling.

Some are those of the model's actions, with the names that Python can take.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Union

from f2pypy.dataclass import dataclass
from f2pypy.expressions.effects import (
    AssignElement,
    AssignElements,
    FillTriangle,
    Raise,
)
from f2pypy.expressions.nodes import Expression
from f2pypy.expressions.statements import Break, Continue
from f2pypy.plan.calls import Invoke
from f2pypy.plan.conversion import (
    ArrayHidden,
    ArrayInput,
    ArrayOptional,
    ArrayWriteBack,
    Assign,
    CallbackAttribute,
    CallbackInput,
    CallbackRaise,
    Check,
    Declare,
    Deferred,
    DeferredAfter,
    ExtraArguments,
    FillByIndex,
    FillEach,
    Flag,
    ScalarComputed,
    ScalarDefault,
    ScalarInOut,
    ScalarInput,
    ScalarPlace,
    ScalarTake,
    ScalarWriteBack,
    StringHidden,
    StringInput,
    StringWriteBack,
    Unpack,
)
from f2pypy.plan.elementals import ApplyToArrays
from f2pypy.plan.pointers import PointerCell
from f2pypy.plan.records import (
    AnyAfter,
    AnyInput,
    RecordArrayAfter,
    RecordArrayHidden,
    RecordArrayInput,
    RecordDeferred,
    RecordHidden,
    RecordInput,
    RecordLeft,
    RecordTake,
)


@dataclass(frozen=True)
class MakeWritable:
    """Replace read-only arrays whose elements the wrapper changes itself by copies."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Choose:
    """``if test: then else: otherwise``."""

    test: Expression
    then: tuple[Step, ...]
    otherwise: tuple[Step, ...]


@dataclass(frozen=True)
class Loop:
    """``while test: body``."""

    test: Expression
    body: tuple[Step, ...]


class ReturnedForm(Enum):
    """What callers get of a local: itself, the array that it stands for, or a string buffer's bytes or byte.

    The holder of an allocatable or pointer gives what it took in the call, what a function returned the address of
    (`RECEIVED`), or what the caller's array takes (`GIVEN_BACK`). A pointer's cell gives what it points to, and the
    interface of a function's what lies at the address that it returned (`CODE`).
    """

    PLAIN = auto()
    ARRAY = auto()
    STRING = auto()
    CHARACTER = auto()
    TAKEN = auto()
    RECEIVED = auto()
    GIVEN_BACK = auto()
    POINTED = auto()
    CODE = auto()


@dataclass(frozen=True)
class Returned:
    """One returned value, in the form that callers get; None where the local `absent` is true.

    `holder` is that of an allocatable or pointer, or the constant of an interface.
    """

    value: Expression
    form: ReturnedForm
    holder: str = ""
    absent: str = ""


@dataclass(frozen=True)
class Return:
    """Return nothing, one value, or a tuple."""

    values: tuple[Returned, ...]


@dataclass(frozen=True)
class Blank:
    """An empty line between paragraphs."""


Step = Union[
    ApplyToArrays,
    PointerCell,
    ScalarInput,
    ScalarDefault,
    ScalarComputed,
    Flag,
    ScalarInOut,
    ScalarWriteBack,
    ScalarPlace,
    ScalarTake,
    Declare,
    Assign,
    Unpack,
    ArrayInput,
    ArrayOptional,
    ArrayHidden,
    Deferred,
    DeferredAfter,
    FillByIndex,
    FillEach,
    ArrayWriteBack,
    StringInput,
    StringHidden,
    StringWriteBack,
    CallbackInput,
    CallbackAttribute,
    CallbackRaise,
    ExtraArguments,
    Check,
    AnyAfter,
    AnyInput,
    RecordInput,
    RecordHidden,
    RecordArrayInput,
    RecordArrayHidden,
    RecordArrayAfter,
    RecordDeferred,
    RecordLeft,
    RecordTake,
    Invoke,
    AssignElement,
    AssignElements,
    FillTriangle,
    MakeWritable,
    Choose,
    Loop,
    Break,
    Continue,
    Raise,
    Return,
    Blank,
]
