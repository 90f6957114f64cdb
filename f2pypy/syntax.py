"""What a source file SAYS: its blocks and statements, nothing inferred and nothing dropped.

Both readers build it: signature files (`reading/signature.py`) and Fortran sources
(`reading/fortran.py`). Expressions stay `Text` here, because whether `(1.0,0.0)` is a C comma or a
complex number depends on declarations that may come later; `resolve` reads each of them once.
Names keep the case of the source (Fortran readers lower them).
"""

from __future__ import annotations

import enum
from typing import Union

from f2pypy.dataclass import dataclass, field
from f2pypy.descriptions import NOTHING_SAID, Description
from f2pypy.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of source text and the place of its first character."""

    text: str
    span: Span = field(compare=False)


class Dialect(enum.Enum):
    """In which language a file's expressions are written."""

    SIGNATURE = "signature"  # C expressions, with Fortran's bounds and literals
    FORTRAN = "fortran"


@dataclass(frozen=True)
class TypeSpec:
    """A type as written: ``real*8``, ``character(len=*, kind=1)``, ``double precision``, ``type(t)``.

    `name` is lower case with single blanks: integer, real, double precision, complex, double complex, logical,
    character, byte, type, class, procedure. `kind` and `length` are the selectors (``*8`` is a kind for all but
    character); `length` is ``*`` or ``:`` for assumed and deferred lengths; `derived` names the type of ``type(t)``
    and ``class(t)``, or the interface of ``procedure(iface)``.
    """

    name: str
    kind: Text | None = None
    length: Text | None = None
    derived: str = ""
    star: bool = False  # written with ``*`` (real*8) and not as a kind (real(8)); complex*16 is complex(8)


@dataclass(frozen=True)
class Entity:
    """One name of a declaration with what is said of it alone."""

    name: str
    span: Span = field(compare=False)
    dimensions: tuple[Text, ...] | None = None
    length: Text | None = None  # a*8: a character length, or a kind for other types
    initial: Text | None = None  # after ``=`` or ``=>``, or between slashes
    codimensions: bool = False


@dataclass(frozen=True)
class Attribute:
    """``name(arguments)``: intent, dimension, check, depend, note, optional, allocatable, bind, ...

    `name` is lower case. `arguments` are the comma-separated parts, stripped; None without parentheses, so that
    ``check()`` differs from ``check``. For ``intent`` each part is one key, lower case but for the name in
    ``out=Name``.
    """

    name: str
    arguments: tuple[Text, ...] | None
    span: Span = field(compare=False)
    directive: bool = False  # said by an f2py directive, not by Fortran


@dataclass(frozen=True)
class TypeDeclaration:
    """``type, attributes :: entities``."""

    type: TypeSpec
    attributes: tuple[Attribute, ...]
    entities: tuple[Entity, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class AttributeStatement:
    """An attribute given by a statement of its own: ``intent(in) a, b``, ``dimension a(n)``, ``external f``.

    Without entities it is said of the whole block: ``intent(c)``, ``private``.
    """

    attribute: Attribute
    entities: tuple[Entity, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class ParameterStatement:
    """``parameter (name = value, ...)``."""

    values: tuple[tuple[str, Text], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Implicit:
    """``implicit none`` (no rules) or its rules: a type for each range of letters, ``("a", "h")``."""

    rules: tuple[tuple[TypeSpec, tuple[tuple[str, str], ...]], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Common:
    """``common /block/ entities``; block "" is blank common."""

    block: str
    entities: tuple[Entity, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Data:
    """``data names / values /``, whole."""

    text: Text
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Use:
    """``use, nature :: module, only: local => name``; `renames` are (local, name) pairs, without `only` all are meant.

    `nature` is intrinsic, non_intrinsic or "".
    """

    module: str
    only: bool
    renames: tuple[tuple[str, str], ...]
    span: Span = field(compare=False)
    nature: str = ""


@dataclass(frozen=True)
class Import:
    """``import``, with names where only these are meant: () for ``import, none``, None for all names of the host."""

    names: tuple[str, ...] | None
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Entry:
    """``entry name(arguments) result(result)``."""

    name: str
    arguments: tuple[str, ...]
    result: str | None
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Code:
    """A statement that carries C: callstatement, callprotoargument, usercode, pymethoddef."""

    keyword: str
    text: Text
    span: Span = field(compare=False)


@dataclass(frozen=True)
class FortranName:
    """``fortranname name``; "" where the statement is empty (nothing is called)."""

    name: str
    span: Span = field(compare=False)


@dataclass(frozen=True)
class ThreadSafe:
    """``threadsafe``."""

    span: Span = field(compare=False)


@dataclass(frozen=True)
class Documentation:
    """A ``'''text'''`` block."""

    text: str
    span: Span = field(compare=False)


@dataclass(frozen=True)
class CallSite:
    """A call of a dummy procedure in a Fortran body or signature: the text of each actual argument.

    `result` is the variable that takes a function's value; only signature files give it. `blocks` are the declarations
    of each BLOCK, and the `Associate` of each ASSOCIATE, around the call, from the outermost.
    """

    name: str
    arguments: tuple[Text, ...]
    function: bool
    span: Span = field(compare=False)
    result: str = ""
    blocks: tuple[tuple[Item, ...], ...] = ()


@dataclass(frozen=True)
class Associate:
    """``associate (name => selector, ...)``."""

    names: tuple[tuple[str, Text], ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class PassedProcedure:
    """What a body hands on, with dummies or as one: argument `position` of `callee`, from 0, or its `keyword`."""

    name: str
    callee: str
    position: int
    keyword: str
    span: Span = field(compare=False)


@dataclass(frozen=True)
class ModuleProcedure:
    """``module procedure a, b`` inside a generic interface."""

    names: tuple[str, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Enumeration:
    """``enum, bind(c)``: names with their values where given."""

    enumerators: tuple[tuple[str, Text | None], ...]
    span: Span = field(compare=False)
    places: tuple[Span, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Equivalence:
    """``equivalence (...)``, whole."""

    text: Text
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Bind:
    """``bind(c, name="...")``; `name` None where not given. `expression` is a name that is no literal."""

    name: str | None
    expression: Text | None = None


@dataclass(frozen=True)
class Procedure:
    """A subroutine, a function, or a ``program`` (which is never wrapped).

    `prefixes` are lower case words: recursive, pure, elemental, impure, module. ``*`` among the arguments is an
    alternate return. `type` is the type in a function's prefix. `contained` are its internal procedures.
    """

    kind: str  # "subroutine" | "function" | "program"
    name: str
    arguments: tuple[str, ...]
    span: Span = field(compare=False)
    type: TypeSpec | None = None
    result: str | None = None
    prefixes: tuple[str, ...] = ()
    bind: Bind | None = None
    items: tuple[Item, ...] = ()
    contained: tuple[Procedure, ...] = ()
    description: Description = field(default=NOTHING_SAID, compare=False)


@dataclass(frozen=True)
class Interface:
    """An interface block; `name` is "" for a plain one, else the generic name or ``operator(+)``."""

    name: str
    abstract: bool
    items: tuple[Item, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class Binding:
    """One name of ``procedure, pass(x) :: a => b``; ``generic :: g => a, b``; all of ``final :: f, g``, without a name.

    `targets` are the procedures of a specific binding or of FINAL, and the specific bindings of a generic one; a
    deferred binding has none, but an `interface`. `passed` names the dummy that gets the object, "" is the first one;
    with NOPASS none gets it. A generic `name` may be ``operator(+)``, ``assignment(=)`` or ``read(formatted)``, without
    blanks. `access` is public, private or "".
    """

    kind: str  # "procedure" | "generic" | "final"
    name: str
    targets: tuple[str, ...]
    span: Span = field(compare=False)
    passed: str = ""
    nopass: bool = False
    interface: str = ""
    access: str = ""
    non_overridable: bool = False


@dataclass(frozen=True)
class DerivedType:
    """``type name ... end type``: components, attributes (extends, bind, sequence, abstract, parameters, private).

    `private_bindings` says that PRIVATE stands after CONTAINS, `private_components` that it stands before; the
    attribute of that name is about the type.
    """

    name: str
    attributes: tuple[Attribute, ...]
    components: tuple[TypeDeclaration, ...]
    bindings: tuple[Binding, ...]
    span: Span = field(compare=False)
    private_bindings: bool = False
    private_components: bool = False
    description: Description = field(default=NOTHING_SAID, compare=False)


@dataclass(frozen=True)
class Module:
    """A Fortran module; `procedures` stand after ``contains``."""

    name: str
    items: tuple[Item, ...]
    procedures: tuple[Procedure, ...]
    span: Span = field(compare=False)
    submodule_of: str = ""
    description: Description = field(default=NOTHING_SAID, compare=False)


@dataclass(frozen=True)
class BlockData:
    """``block data name``."""

    name: str
    items: tuple[Item, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True)
class PythonModule:
    """``python module name``; callback modules are named ``x__user__y``."""

    name: str
    items: tuple[Item, ...]
    span: Span = field(compare=False)


Item = Union[
    TypeDeclaration,
    AttributeStatement,
    ParameterStatement,
    Implicit,
    Common,
    Data,
    Use,
    Import,
    Associate,
    Entry,
    Code,
    FortranName,
    ThreadSafe,
    Documentation,
    CallSite,
    PassedProcedure,
    ModuleProcedure,
    Enumeration,
    Equivalence,
    Procedure,
    Interface,
    DerivedType,
    Module,
    BlockData,
    PythonModule,
]


@dataclass(frozen=True)
class File:
    """One source file, read."""

    path: str
    dialect: Dialect
    units: tuple[Item, ...]
