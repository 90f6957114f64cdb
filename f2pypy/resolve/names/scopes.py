"""Finds the named constants that a Fortran unit sees through ``use``, with renames, over several files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial, reduce

from f2pypy import syntax
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions import fold, fortran
from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Expression,
    ExpressionError,
    Integer,
    Name,
    Stored,
)
from f2pypy.expressions.walk import used_names
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.association import (
    Association,
    Entities,
    Entity,
    is_accessible,
    own_names,
)
from f2pypy.resolve.names.constants import (
    NOT_WRAPPED,
    answer_inquiries,
    constant_value,
    in_order_of_value,
    is_stored_integer,
    known_kind,
    known_length,
)
from f2pypy.resolve.names.declarations import Declaration, Declarations, Gathered
from f2pypy.resolve.names.derived_types import DerivedTypes, definitions
from f2pypy.resolve.names.intrinsic_modules import (
    INTRINSIC_MODULES,
    Constant,
    constant_of,
)
from f2pypy.resolve.names.structures import whole_structure
from f2pypy.resolve.names.texts import lower_bound as lower_bound_of
from f2pypy.resolve.names.texts import read_extent
from f2pypy.resolve.types.compiler_kinds import as_enumerators
from f2pypy.resolve.types.declared import SIZES, name_in_map


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
    types: DerivedTypes = field(init=False)
    gathered: Gathered = field(init=False)
    _inside: dict[str, dict[str, Expression]] = field(default_factory=dict)
    _intrinsic: dict[str, dict[str, Expression]] = field(default_factory=dict)
    _about: dict[int, dict[str, list[str]]] = field(default_factory=dict)
    # by the identity of names got by USE, which live as long as the entry
    _by_use: dict[int, tuple[Mapping[str, Entities], dict[str, Expression]]] = field(
        default_factory=dict
    )
    _given: frozenset[str] = field(init=False)  # the names whose kinds the user gives

    def __post_init__(self) -> None:
        self.gathered = Gathered(self.diagnostics)
        self.association = Association(
            self.modules, INTRINSIC_MODULES, self.gathered.of
        )
        self.types = DerivedTypes(self.modules, self.association)
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
        associated = self.association.associated(items)
        declarations = self.declared(items)
        own = {*arguments, *own_names(items, (), declarations)}
        hide({*own, *associated}, found)
        found.update(self.known_by_use(associated))
        declared = declarations.names
        found.update(self.enumerators(items, found))
        for declaration in in_order_of_value(declared, self.types_of(declared, items)):
            answer_inquiries(declaration, declared, found)
            value = constant_value(declaration, found)
            if isinstance(value, Call):
                value = self.structure(value, declaration, items, found)
            if value is not None:
                found[declaration.name] = value
                # signature files keep the case of names, and expressions may differ from it, as in f2py
                if declaration.name.lower() not in own:
                    found.setdefault(declaration.name.lower(), value)
        for declaration in declared.values():
            answer_inquiries(declaration, declared, found)
        found.update(self.enumerators(items, found))
        return found

    def types_of(
        self, declared: Mapping[str, Declaration], items: Sequence[syntax.Item]
    ) -> dict[str, Mapping[str, Declaration]]:
        """Return the types that constants have and that stand among the items, with their components."""
        types = {d.type.derived.lower() for d in declared.values() if d.is_parameter and d.type}  # fmt: skip
        return {
            name: self.declared(type_.components).names
            for name, type_ in definitions(items).items()
            if name in types
        }

    def structure(
        self,
        value: Call,
        declaration: Declaration,
        items: Sequence[syntax.Item],
        known: Mapping[str, Expression],
    ) -> Expression:
        """Return the value of a constant of derived type with all its components; other values stay as they are."""
        assert declaration.type is not None
        name = declaration.type.derived.lower()
        type_ = definitions(items).get(name)
        seen = self.types.seen(items, {}).get(name)
        if type_ is None and seen is not None:
            type_, known = self.types.defined(seen.module)[seen.name], self.inside(seen.module)  # fmt: skip
        is_alone = type_ is not None and all(a.name != "extends" for a in type_.attributes)  # fmt: skip
        if type_ is None or value.function.lower() != name or not is_alone:
            return value
        return whole_structure(value, self.declared(type_.components).names.values(), known)  # fmt: skip

    def known_by_use(
        self, associated: Mapping[str, Entities]
    ) -> Mapping[str, Expression]:
        """Return what is known of the names that a unit gets by USE; several questions about a unit need it once."""
        known = self._by_use.get(id(associated))
        if known is not None and known[0] is associated:
            return known[1]
        found: dict[str, Expression] = {}
        for local, entities in associated.items():
            if len(entities) == 1:
                found.update(self.known_of(entities[0], local))
            if local in self._given and local not in found:
                found.update(self.given_kinds(local))
        self._by_use[id(associated)] = (associated, found)
        return found

    def given_kinds(self, name: str) -> dict[str, Expression]:
        """Return the kinds that the user's map gives to a name that no source defines, with and without a type."""
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
        """Return the constants of an intrinsic module, with the target's values where these are known."""
        if name not in self._intrinsic:
            self._intrinsic[name] = {
                each: constant_of(each, self.own.get(each, value))
                for each, value in INTRINSIC_MODULES[name].items()
            }
        return self._intrinsic[name]

    def inside(self, name: str) -> Mapping[str, Expression]:
        """Return what declarations inside a module may use of its constants: the private ones too."""
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
        found = {
            name: value
            for name, value in seen.items()
            if isinstance(value, (Integer, Stored)) or not used_names(value)
        }
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
            except DeclarationError:
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
        """Return the declarations among the items of a unit."""
        return self.gathered.of(items)

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
        """Whether units that use the module see a name of it, by its PUBLIC and PRIVATE statements."""
        return is_accessible(name, self.declared(module.items))


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
