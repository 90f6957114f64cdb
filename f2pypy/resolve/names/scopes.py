"""Finds the named constants that a Fortran unit sees through ``use``, with renames, over several files."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce

from f2pypy import syntax
from f2pypy.abi.targets import SIZES_BY_TARGET
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions import fold, fortran
from f2pypy.expressions.constants import as_string, as_type
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Binary,
    Bounds,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Name,
    Stored,
)
from f2pypy.expressions.walk import used_names
from f2pypy.resolve.faults import TypeProblem
from f2pypy.resolve.names.association import (
    Association,
    Entities,
    Entity,
    is_shown,
    own_names,
)
from f2pypy.resolve.names.declarations import Declaration, Declarations, gather
from f2pypy.resolve.names.texts import lower_bound as lower_bound_of
from f2pypy.resolve.names.texts import read_extent
from f2pypy.resolve.types.compiler_kinds import as_compiled, as_enumerators
from f2pypy.resolve.types.declared import SIZES, decide_type, name_in_map

MOST_PARAMETERS = 200  # that need each other's values, from the last to the first
WORD = re.compile(r"[a-z]\w*")
NOT_WRAPPED = frozenset(
    {"type", "class", "procedure"}
)  # variables that Python can't ask

# Kinds in bytes, as gfortran, flang, ifx and nagfor (with -kind=byte) have them on 64-bit machines.
ADDRESS = 8
ISO_FORTRAN_ENV = {
    "int8": 1, "int16": 2, "int32": 4, "int64": 8,
    "real32": 4, "real64": 8, "real128": 16,
    "logical8": 1, "logical16": 2, "logical32": 4, "logical64": 8,
    "character_storage_size": 8, "file_storage_size": 8, "numeric_storage_size": 32,
    "atomic_int_kind": 4, "atomic_logical_kind": 4,
    "input_unit": 5, "output_unit": 6, "error_unit": 0, "iostat_end": -1, "iostat_eor": -2,
}  # fmt: skip
ISO_C_BINDING = {
    "c_int": 4, "c_short": 2, "c_long": 8, "c_long_long": 8, "c_signed_char": 1, "c_size_t": 8,
    "c_int8_t": 1, "c_int16_t": 2, "c_int32_t": 4, "c_int64_t": 8,
    "c_int_least8_t": 1, "c_int_least16_t": 2, "c_int_least32_t": 4, "c_int_least64_t": 8,
    "c_int_fast8_t": 1, "c_int_fast16_t": 8, "c_int_fast32_t": 8, "c_int_fast64_t": 8,
    "c_intmax_t": 8, "c_intptr_t": 8, "c_ptrdiff_t": 8,
    "c_float": 4, "c_double": 8, "c_long_double": 10,
    "c_float_complex": 4, "c_double_complex": 8, "c_long_double_complex": 10,
    "c_bool": 1, "c_char": 1,
    "c_ptr": ADDRESS, "c_funptr": ADDRESS,  # types, which no kind has the name of where they are used
}  # fmt: skip
# All kinds that there are, smallest first.
KIND_ARRAYS = {
    "integer_kinds": (1, 2, 4, 8, 16),
    "logical_kinds": (1, 2, 4, 8, 16),
    "real_kinds": (4, 8, 10, 16),
    "character_kinds": (1, 4),
}
Constant = int | tuple[int, ...]
INTRINSIC_MODULES: Mapping[str, Mapping[str, Constant]] = {
    "iso_fortran_env": {**ISO_FORTRAN_ENV, **KIND_ARRAYS},
    "iso_c_binding": ISO_C_BINDING,
}


@dataclass
class Scopes:
    """The Fortran modules of a build by their names; each is looked into once.

    `kinds` are names whose kinds the user gives; a declaration of the source wins over them. `own` are constants of
    intrinsic modules whose values differ from `INTRINSIC_MODULES`.
    """

    modules: Mapping[str, syntax.Module]
    diagnostics: Diagnostics
    kinds: Mapping[str, Expression] = field(default_factory=dict)
    own: Mapping[str, Constant] = field(default_factory=dict)
    association: Association = field(init=False)
    _inside: dict[str, dict[str, Expression]] = field(default_factory=dict)
    _intrinsic: dict[str, dict[str, Expression]] = field(default_factory=dict)
    _about: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    _declared: dict[int, Declarations] = field(default_factory=dict)
    # by the identity of names got by USE, which live as long as the entry
    _by_use: dict[int, tuple[Mapping[str, Entities], dict[str, Expression]]] = field(
        default_factory=dict
    )
    _given: frozenset[str] = field(init=False)  # the names whose kinds the user gives

    def __post_init__(self) -> None:
        self.association = Association(self.modules, INTRINSIC_MODULES, self.declared)
        self._given = frozenset(map(asked_of, self.kinds))

    def constants(
        self,
        items: Sequence[syntax.Item],
        around: Mapping[str, Expression] | None = None,
        arguments: Iterable[str] = (),
    ) -> dict[str, Expression]:
        """Return the named constants that a unit with these items sees; `around` are those of its host.

        What it uses, its `arguments` and what else it declares hide the host's.
        """
        found = dict(around if around is not None else self.kinds)
        brought = self.association.brought(items)
        declarations = self.declared(items)
        own = {*arguments, *own_names(items, (), declarations)}
        hide({*own, *brought}, found)
        found.update(self.known_by_use(brought))
        declared = declarations.names
        found.update(self.enumerators(items, found))
        for declaration in in_order_of_value(declared):
            answer_inquiries(declaration, declared, found)
            value = constant_value(declaration, found)
            if value is not None:
                found[declaration.name] = value
        for declaration in declared.values():
            answer_inquiries(declaration, declared, found)
        found.update(self.enumerators(items, found))
        return found

    def known_by_use(self, brought: Mapping[str, Entities]) -> Mapping[str, Expression]:
        """Return what is known of the names that a unit gets by USE; several questions about a unit need it once."""
        known = self._by_use.get(id(brought))
        if known is not None and known[0] is brought:
            return known[1]
        found: dict[str, Expression] = {}
        for local, entities in brought.items():
            if len(entities) == 1:
                found.update(self.known_of(entities[0], local))
            if local in self._given and local not in found:
                found.update(self.given_kinds(local))
        self._by_use[id(brought)] = (brought, found)
        return found

    def given_kinds(self, name: str) -> dict[str, Expression]:
        """Return the user's kinds, for names that no source defines."""
        names = (name, *(name_in_map(type_.value, name) for type_ in SIZES))
        return {each: self.kinds[each] for each in names if each in self.kinds}

    def known_of(self, entity: Entity, local: str) -> dict[str, Expression]:
        """Return the value of a module's entity, and the answers about it, under its local name."""
        inside = (
            self.intrinsic(entity.module)
            if entity.intrinsic
            else self.inside(entity.module)
        )
        about = self._about.get(id(inside), {}).get(entity.name, (entity.name,))
        if local == entity.name:
            return {known: inside[known] for known in about if known in inside}
        return {
            renamed_inquiry(known, entity.name, local): inside[known]
            for known in about
            if known in inside
        }

    def intrinsic(self, name: str) -> Mapping[str, Expression]:
        """Return the constants of an intrinsic module."""
        if name not in self._intrinsic:
            self._intrinsic[name] = {
                each: constant_of(each, self.own.get(each, value))
                for each, value in INTRINSIC_MODULES[name].items()
            }
        return self._intrinsic[name]

    def inside(self, name: str) -> Mapping[str, Expression]:
        """Return the known constants inside a module, private ones too."""
        if name not in self._inside:
            for each in self.association.order_of_use(name, self._inside):
                self._inside[each] = {}  # modules that use each other know nothing
                self._inside[each] = self.of_module(self.modules[each])
                self._about[id(self._inside[each])] = by_subject(self._inside[each])
        return self._inside[name]

    def of_module(
        self, module: syntax.Module, around: Mapping[str, Expression] | None = None
    ) -> dict[str, Expression]:
        """Return the names that extents in a module may use: its constants, and variables that Python can read."""
        seen = self.constants(module.items, around)
        # the procedures of the module may mean something else by the names in a value that isn't constant
        found = {name: value for name, value in seen.items() if not used_names(value)}
        for name, declaration in self.declared(module.items).names.items():
            if name in seen or declaration.type is None:
                continue
            found.update(known_kind(declaration, seen))
            found.update(known_length(declaration, seen))
            if declaration.dimensions is not None:
                answers = self.extents(declaration, found)
                wrapped = declaration.type.name not in NOT_WRAPPED
                if not answers and wrapped and self.is_public(module, name):
                    answers = stored_extents(module.name, declaration)
                found.update(answers)
            elif is_stored_integer(declaration) and self.is_public(module, name):
                found[name] = Stored(module.name, name)
        return found

    def extents(
        self, declaration: Declaration, known: Mapping[str, Expression]
    ) -> dict[str, Expression]:
        """Return the constant extents of an array as the answers to inquiries."""
        found: dict[str, Expression] = {}
        total = 1
        for axis, text in enumerate(declaration.dimensions or (), 1):
            try:
                extent = read_extent(text, syntax.Dialect.FORTRAN, known)
            except TypeProblem:
                return {}
            if extent is None or not isinstance(extent.expression, Integer):
                return {}
            count = max(extent.expression.value, 0)
            total *= count
            array = Name(declaration.name)
            found[fold.inquiry("size", array, Integer(axis))] = Integer(count)
            lower = lower_bound_of(text, known)
            if isinstance(lower, Integer):
                # an axis without elements goes from 1 to 0
                first = lower.value if count else 1
                last = Integer(first + count - 1)
                found[fold.inquiry("lbound", array, Integer(axis))] = Integer(first)
                found[fold.inquiry("ubound", array, Integer(axis))] = last
            found[fold.inquiry("size", array)] = Integer(total)
        return found

    def declared(self, items: Sequence[syntax.Item]) -> Declarations:
        """Return the declarations among the items of a unit, which are looked through once."""
        known = self._declared.get(id(items))
        if known is None or known.items is not items:
            known = self._declared[id(items)] = gather(items, self.diagnostics)
        return known

    def enumerators(
        self, items: Iterable[syntax.Item], known: Mapping[str, Expression]
    ) -> dict[str, Expression]:
        """Return the names of enumerations: each one more than the one before it where no value is given."""
        found: dict[str, Expression] = {}
        for item in items:
            if not isinstance(item, syntax.Enumeration):
                continue
            value: Expression = Integer(-1)
            own: dict[str, Expression] = {}
            for name, text in item.enumerators:
                if text is None:
                    value = fold.fold(Binary("+", value, Integer(1)), {})
                else:
                    try:
                        given = fortran.read_expression(text.text)
                    except ExpressionError as error:
                        self.diagnostics.warn(
                            text.span.shift(error.offset),
                            f"the value of {name!r} can't be read: {error.message}",
                        )
                        break  # what follows counts from it
                    value = fold.fold(given, {**known, **found, **own})
                own[name] = value
            found.update(as_enumerators(own, known))
        return found

    def is_public(self, module: syntax.Module, name: str) -> bool:
        """Whether a name is public in a module."""
        return is_shown(name, self.declared(module.items))


def kinds_without_use(own: Mapping[str, Constant]) -> dict[str, Expression]:
    """Return the kinds of the intrinsic modules as a kind map: signature files may name c_int without ``use``.

    `own` are those that the compiler has otherwise.
    """
    kinds = {n: k for m in INTRINSIC_MODULES.values() for n, k in {**m, **own}.items()}
    return {
        name_in_map(type_.value, name): constant_of(name, kind)
        for type_ in SIZES
        for name, kind in kinds.items()
        if isinstance(kind, int)
    }


def hide(names: Collection[str], known: dict[str, Expression]) -> None:
    """Remove from what is `known` of a host what its unit's own names hide, and the answers about it."""
    for name in names:
        known.pop(name, None)
    answers = [each for each in known if each.endswith(")")]
    for each in answers:
        if asked_of(each) in names:
            del known[each]


def stored_extents(owner: str, declaration: Declaration) -> dict[str, Expression]:
    """Return the inquiries that a module's array answers when it is asked: its extents, and their product."""
    array = Name(declaration.name)
    extents: list[Expression] = [
        Stored(owner, declaration.name, axis)
        for axis in range(len(declaration.dimensions or ()))
    ]
    found = {
        fold.inquiry("size", array, Integer(axis)): extent
        for axis, extent in enumerate(extents, 1)
    }
    found[fold.inquiry("size", array)] = reduce(partial(Binary, "*"), extents)
    return found


def constant_of(name: str, value: Constant) -> Expression:
    """Return a constant of an intrinsic module."""
    if isinstance(value, int):
        return Integer(value, constant=name if name in SIZES_BY_TARGET else "")
    return ArrayConstructor(tuple(map(Integer, value)))


def asked_of(known: str) -> str:
    """Return the name that a known entry concerns: ``x`` for ``x`` and for ``size(x, 1)``."""
    return known.partition("(")[2].rstrip(")").partition(",")[0] or known


def by_subject(known: Mapping[str, Expression]) -> dict[str, list[str]]:
    """Return for each name what is known by it and about it: the name itself, ``size(name, 1)``, ``kind(name)``."""
    found: dict[str, list[str]] = {}
    for each in known:
        found.setdefault(asked_of(each), []).append(each)
    return found


def renamed_inquiry(known: str, name: str, local: str) -> str:
    """Return a name, or an inquiry about it, under its local name."""
    if not local or known == name:
        return local or known
    return known.replace(f"({name}", f"({local}", 1)


def is_stored_integer(declaration: Declaration) -> bool:
    """Whether a variable of a module is an integer whose value Python can ask for."""
    assert declaration.type is not None
    deferred = {"allocatable", "pointer", "external"} & declaration.flags
    return (
        declaration.type.name == "integer"
        and not deferred
        and not declaration.is_parameter
    )


def in_order_of_value(declared: Mapping[str, Declaration]) -> list[Declaration]:
    """Return the parameters, each after those whose values it needs; the declaration of a name may begin elsewhere."""
    ordered: dict[str, Declaration] = {}

    def visit(declaration: Declaration, depth: int) -> None:
        if declaration.name in ordered or depth > MOST_PARAMETERS:
            return
        if not declaration.is_parameter or declaration.initial is None:
            return
        for name in words(declaration):
            if name != declaration.name and name in declared and name not in entered:
                entered.add(name)
                visit(declared[name], depth + 1)
        ordered[declaration.name] = declaration

    entered: set[str] = set()
    for declaration in declared.values():
        visit(declaration, 0)
    return list(ordered.values())


def words(declaration: Declaration) -> Iterator[str]:
    """Yield the words of a parameter's value, type and bounds."""
    type_ = declaration.type
    texts = (
        declaration.initial,
        declaration.length,
        *(declaration.dimensions or ()),
        *((type_.kind, type_.length) if type_ is not None else ()),
    )
    for text in texts:
        if text is not None:
            yield from WORD.findall(text.text.lower())


def answer_inquiries(
    declaration: Declaration,
    declared: Mapping[str, Declaration],
    known: dict[str, Expression],
) -> None:
    """Add to what is `known` the kinds of variables that a declaration asks for: ``real(kind(x)) :: y``."""
    texts = [declaration.initial] if declaration.is_parameter else []
    texts += [declaration.type.kind] if declaration.type is not None else []
    for text in texts:
        if text is None or "kind" not in text.text:
            continue
        with contextlib.suppress(ExpressionError, TypeProblem):
            for name in used_names(fortran.read_expression(text.text)):
                asked = declared.get(name)
                if asked is None or asked.type is None or name == declaration.name:
                    continue
                known[fold.inquiry("kind", Name(name))] = kind_of_type(asked, known)


def known_kind(
    declaration: Declaration, known: Mapping[str, Expression]
) -> dict[str, Expression]:
    """Return the kind of a variable as the answer to the inquiry, where it has one that is known."""
    if declaration.type is None or declaration.type.name in NOT_WRAPPED:
        return {}
    with contextlib.suppress(TypeProblem):
        kind = kind_of_type(declaration, known)
        return {fold.inquiry("kind", Name(declaration.name)): kind}
    return {}


def known_length(
    declaration: Declaration, known: Mapping[str, Expression]
) -> dict[str, Expression]:
    """Return the length of characters as the answer to the inquiry, where it is constant."""
    if declaration.type is None or declaration.type.name != "character":
        return {}
    with contextlib.suppress(TypeProblem):
        decided = decide_type(declaration.type, known, entity_length=declaration.length)
        length = decided.length if decided.is_string else Integer(1)
        if isinstance(length, Integer):
            return {fold.inquiry("len", Name(declaration.name)): length}
    return {}


def kind_of_type(declaration: Declaration, known: Mapping[str, Expression]) -> Integer:
    """Return the kind of a variable, in bytes of one part."""
    assert declaration.type is not None
    decided = decide_type(declaration.type, known, entity_length=declaration.length)
    size = decided.size // (2 if decided.kind is Kind.COMPLEX else 1)
    return Integer(size, constant=decided.constant)


def constant_value(
    declaration: Declaration, known: Mapping[str, Expression]
) -> Expression | None:
    """Return the value of a PARAMETER as its type holds it; None for one that can't be read, such as a structure."""
    assert declaration.initial is not None
    try:
        read = as_compiled(fortran.read_expression(declaration.initial.text), known)
        value = fold.fold(read, known)
        if declaration.type is not None:
            value = in_type(value, declaration, known)
    except (ExpressionError, OverflowError):
        return None
    except TypeProblem:
        pass  # of an unknown kind, or of a derived type
    if isinstance(value, ArrayConstructor):
        return replace(value, lower=lower_bound(declaration, known))
    return value


def in_type(
    value: Expression, declaration: Declaration, known: Mapping[str, Expression]
) -> Expression:
    """Return a constant converted to the declared type; TypeProblem where that isn't known."""
    assert declaration.type is not None
    decided = decide_type(declaration.type, known, entity_length=declaration.length)
    if decided.is_string and isinstance(decided.length, Integer):
        return as_string(value, decided.length.value)
    return as_type(value, decided.kind, decided.size)


def lower_bound(declaration: Declaration, known: Mapping[str, Expression]) -> int:
    """Return the index of the first element of an array constant; 1 where it isn't given or isn't constant."""
    for text in declaration.dimensions or ():
        try:
            bounds = fortran.read_dimension(text.text)
        except ExpressionError:
            return 1
        if isinstance(bounds, Bounds) and bounds.lower is not None:
            lower = fold.fold(bounds.lower, known)
            return lower.value if isinstance(lower, Integer) else 1
    return 1
