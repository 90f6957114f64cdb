"""A whole generated module."""

from __future__ import annotations

from f2pypy.dataclass import dataclass
from f2pypy.expressions.statements import FunctionDefinition
from f2pypy.plan.classes import RecordClass
from f2pypy.plan.generics import Enumeration, Generic
from f2pypy.plan.objects import CommonBlock, FortranModule
from f2pypy.plan.procedures import Procedure


@dataclass(frozen=True)
class Function:
    """A private function of the module that stands for a C function of usercode.

    `known` are the definitions that it may call, `names` gives the Python name of each and its own.
    """

    definition: FunctionDefinition
    known: tuple[FunctionDefinition, ...]
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DescriptorLayout:
    """The layout of array descriptors, in the terms of the runtime's class of the same name."""

    header: tuple[tuple[str, str], ...]
    dimension: tuple[str, ...]
    codes: tuple[tuple[str, int], ...]
    version: int
    attributes: tuple[int, ...]
    lower: int


@dataclass(frozen=True)
class TypeTables:
    """How the compiler's tables of types are found and laid out, in the terms of the runtime's class of that name."""

    names: tuple[str, ...]
    size: int
    image: int
    hashed: str
    longest: int
    code: int = 0
    copy: int = 0
    final: int = 0
    described: bool = False
    parent: int = 0
    glue: str = ""
    bindings: int = 0
    category: int = 0


@dataclass(frozen=True)
class Compiler:
    """The conventions of the library's compiler that the module needs, in the terms of the runtime's `Compiler`.

    Layouts are None where no descriptor is made, `c_arrays` also where they are those of `arrays`.
    """

    name: str
    procedure: str
    variable: str
    length: str | None
    arrays: DescriptorLayout | None
    c_arrays: DescriptorLayout | None
    described_scalars: bool
    types: TypeTables | None = None  # where there are no classes for types


@dataclass(frozen=True)
class Target:
    """The machine and system that the module was written for, and the `sizes` of C types there that it counts on."""

    module: str
    name: str
    sizes: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class LibrarySearch:
    """How the generated module finds its library; it may do without where nothing `needed` is in it.

    `packages` says that Python packages may have it, since it is a BLAS or LAPACK by its name.
    `compiler` says that the module has the conventions of the library's compiler, `stop_raises` that its stops are
    exceptions.
    """

    module: str
    links: tuple[str, ...]
    directories: tuple[str, ...]
    path: str | None
    symbol: str | None
    int64: bool
    abi: str
    needed: bool = True
    packages: bool = False
    compiler: bool = False
    stop_raises: bool = False


@dataclass(frozen=True)
class Module:
    """The whole generated module, in the order in which it is printed.

    `runtime_module` is the module that has the runtime, "" where `runtime` says where it is. `native` says that
    procedures called often become native code. `exported` and `claimed` are names, as users know them, with the
    identifiers of what they name: the first are those that Python reserves, the second those that the module's own code
    uses as well and gives up. The identifier is "" where users set the attribute.
    `error_is_claimed`: the exception is among them, and still calls itself ``error``, as f2py's does.
    `answers` are the functions among the procedures that only the module itself calls. `records` are the classes for
    derived types, each after those that it needs. `left_out` has the reason for each name of the source that is no
    attribute.
    """

    name: str
    docstring: str
    version: str
    source: str
    runtime: str
    runtime_module: str
    library: LibrarySearch | None  # None where the module holds nothing
    native: bool
    procedures: tuple[Procedure, ...]
    exported: tuple[tuple[str, str], ...]
    claimed: tuple[tuple[str, str], ...]
    public: tuple[str, ...]
    objects: tuple[CommonBlock | FortranModule, ...] = ()
    functions: tuple[Function, ...] = ()
    compiler: Compiler | None = None  # where nothing depends on it
    error_is_claimed: bool = False
    target: Target | None = None  # where nothing depends on it
    answers: frozenset[str] = frozenset()
    left_out: tuple[tuple[str, str], ...] = ()
    generics: tuple[Generic, ...] = ()
    enumerations: tuple[Enumeration, ...] = ()
    records: tuple[RecordClass, ...] = ()
    isolated: bool = False  # calls run in a process of their own

    @property
    def definitions(
        self,
    ) -> tuple[Procedure | Generic | Enumeration | Function, ...]:
        """The functions and classes that stand before what they run on."""
        return (*self.procedures, *self.generics, *self.enumerations, *self.functions)

    @property
    def wrapped(self) -> tuple[str, ...]:
        """The routines, as users call them."""
        return tuple(p.name for p in self.procedures if p.function not in self.answers)

    @property
    def holds_something(self) -> bool:
        """Whether users find a routine or a variable in it."""
        if self.wrapped or self.records or self.enumerations:
            return True
        return any(made.variables for made in self.objects)
