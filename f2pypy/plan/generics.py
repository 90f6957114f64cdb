"""Generic names: functions that call one of several others, as their arguments choose."""

from __future__ import annotations

from f2pypy.dataclass import dataclass
from f2pypy.plan.procedures import Overload, Parameter


@dataclass(frozen=True)
class Value:
    """An argument that tells procedures apart: a parameter, or where it is packed its `position` and `keyword`.

    The `position` is -1 for one that tells them apart by its name alone.
    """

    local: str
    position: int
    keyword: str


@dataclass(frozen=True)
class Asked:
    """A result that a caller may ask for by its type: its name, the code of its type as in `Wanted`, and its rank.

    `record` is the class of one that is an object.
    """

    name: str
    code: str
    rank: int
    record: str = ""


@dataclass(frozen=True)
class Wanted:
    """What a procedure wants of a value.

    `code` is the type: its letter ("i", "f", "c", "b" for logical, "S" for characters, "F" for a procedure, "p" for an
    address, "*" for any) and its bytes; `rank` is None where every rank will do. `by_type` and `by_rank` say what of it
    tells the procedures apart. An `optional` value may be missing; a `written` one is changed in place and never
    converted. An `elemental` one may be an array of any rank where a scalar is wanted.
    `is_first` says that a Python number without a kind means this one of several kinds, `is_only` that there is one.
    For a derived type ("t" and its name) `record` is the class; a `polymorphic` array may be of one that extends it.
    """

    local: str
    code: str
    dtype: str
    rank: int | None
    by_type: bool
    by_rank: bool
    optional: bool
    written: bool
    is_first: bool = True
    is_only: bool = True
    elemental: bool = False
    record: str = ""
    polymorphic: bool = False


@dataclass(frozen=True)
class Case:
    """A procedure of a generic name; several `functions` are procedures that no argument tells apart.

    `names` are its parameters, of which the first `required` must be given. `asked` are the results by whose types a
    caller may choose it. It is a `rival` of those that take the same arguments: then the caller must ask for a result,
    or give one of the optional arguments `told_by`. Where `open` it stands for a call that says nothing of this: all
    rivals are meant and none is chosen, or the only one that returns nothing to ask for.
    """

    functions: tuple[str, ...]
    names: tuple[str, ...]
    wanted: tuple[Wanted, ...]
    keywords: tuple[str, ...]
    required: int
    asked: tuple[Asked, ...] = ()
    rival: bool = False
    told_by: tuple[str, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class BoundMethod:
    """A binding that a generic name stands for: the `method` of an object is called in place of `function`.

    Fortran calls what the object's own type binds, which may be a method of a Python class. The object is the local
    `itself`; "" means the first of arguments that are packed.
    """

    function: str
    method: str
    itself: str


@dataclass(frozen=True)
class Generic:
    """One function of the generated module that stands for several.

    `parameters` is None where these differ so much that the arguments are packed. `label` is how messages call it, and
    `specifics` what they say of each of the functions `procedures`. `counted` says that the numbers or names of
    arguments tell procedures apart as well. `cases` are in the order in which they are tried. `kinds` and `natures` are
    the variables that hold the type and the nature of a value, `level` the one that says how much is converted,
    `packed` those of arguments. A method gets the object as `itself`, and hands it on, but to the functions that are
    `objectless`; where all are, `itself` is "" and the method static. `asks` are the names of results that callers may
    ask for by their types, which the variable `asked` holds. `renamed` and `restored` are those of a procedure. `bound`
    are those of the functions that methods stand for.
    """

    name: str
    function: str
    label: str
    parameters: tuple[Parameter, ...] | None
    returns: str
    docstring: str
    values: tuple[Value, ...]
    cases: tuple[Case, ...]
    specifics: tuple[str, ...]
    counted: bool
    renamed: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    natures: tuple[tuple[str, str], ...]
    level: str
    packed: tuple[str, str] = ("arguments", "keywords")
    itself: str = ""
    procedures: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    asked: str = ""
    overloads: tuple[Overload, ...] = ()
    restored: tuple[tuple[str, str], ...] = ()
    objectless: tuple[str, ...] = ()
    bound: tuple[BoundMethod, ...] = ()

    @property
    def is_static(self) -> bool:
        """Whether it is a method that gets no object."""
        return bool(self.objectless) and not self.itself

    @property
    def only(self) -> Case | None:
        """The case that needs no test, where there is but one procedure."""
        return self.cases[0] if not (self.values or self.counted or self.asks) else None

    @property
    def looks_closer(self) -> bool:
        """Whether more than the types that the arguments have decides: conversions, or how many there are."""
        return bool(self.natures) or self.counted or bool(self.asks)


@dataclass(frozen=True)
class Enumeration:
    """The class of an ENUM block: `identifier` is its Python name in the module, `members` its enumerators."""

    identifier: str
    name: str
    members: tuple[tuple[str, int], ...]
    docstring: str
