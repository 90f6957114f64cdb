"""Resolves common blocks and Fortran modules to their variables and routines."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from f2pypy import model, syntax
from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.expressions import fold, fortran
from f2pypy.expressions.c_tokens import taken_by_c
from f2pypy.expressions.nodes import (
    ArrayConstructor,
    Call,
    Complex,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Logical,
    Real,
    String,
)
from f2pypy.resolve.faults import TypeProblem, at_the_cost_of
from f2pypy.resolve.names.association import is_shown
from f2pypy.resolve.names.declarations import (
    CODIMENSION,
    Declaration,
    Declarations,
    common_members,
)
from f2pypy.resolve.names.entries import with_entries
from f2pypy.resolve.names.identifiers import check_attribute, check_symbol
from f2pypy.resolve.names.origins import origin_of
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.names.texts import read_extent
from f2pypy.resolve.procedures.callbacks import calls_by_name, note_callbacks
from f2pypy.resolve.procedures.procedure import read_procedure
from f2pypy.resolve.procedures.routine import Routine, Surroundings
from f2pypy.resolve.types.compiler_kinds import changes_reals
from f2pypy.resolve.types.declared import (
    ImplicitTypes,
    decide_type,
    implicit_type,
    implicit_types,
    refuse_derived,
)

BLANK = "_BLNK_"
# A name after a parenthesis or a comma.
EQUIVALENCED = re.compile(r"[(,]\s*([a-z]\w*)")
LITERALS = (Integer, Real, Logical, String)
# Names that f2py's C code keeps for itself: a variable of a common block gets such a name with "_bn" appended.
KEPT_BY_F2PY = frozenset(
    {
        "int", "double", "float", "char", "short", "long", "void", "case", "while", "return", "signed", "unsigned",
        "if", "for", "typedef", "sizeof", "union", "struct", "static", "register", "new", "break", "do", "goto",
        "switch", "continue", "else", "inline", "extern", "delete", "const", "auto", "len", "rank", "shape", "index",
        "slen", "size", "_i", "max", "min", "flen", "fshape", "string", "complex_double", "float_double", "stdin",
        "stderr", "stdout", "type", "default",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A program unit with the constants and implicit types that it sees."""

    name: str
    items: tuple[syntax.Item, ...]
    constants: Mapping[str, Expression]
    implicit: ImplicitTypes


@dataclass(frozen=True)
class ObjectReader:
    """Resolves the common blocks and Fortran modules of a library; `is_wanted` selects the routines to wrap."""

    scopes: Scopes
    around: Surroundings
    is_wanted: Callable[[str], bool]
    diagnostics: Diagnostics

    # Common blocks.

    def commons(self, items: Iterable[syntax.Item]) -> tuple[model.CommonBlock, ...]:
        """Return the common blocks that any unit mentions; where several do, the first one counts."""
        found: dict[str, model.CommonBlock] = {}
        seen: set[str] = set()
        for block in self.blocks(items, self.around.constants, self.around.implicit):
            declared = self.scopes.declared(block.items)
            for name, members in common_members(declared).items():
                if name in seen:
                    continue
                seen.add(name)
                what = f"common block {name or BLANK}"
                span = common_span(name, declared)
                with at_the_cost_of(what, span, self.diagnostics):
                    found[name] = self.common(name, members, block, declared)
        return tuple(found.values())

    def blocks(
        self,
        items: Iterable[syntax.Item],
        constants: Mapping[str, Expression],
        implicit: ImplicitTypes | None,
    ) -> Iterator[Block]:
        """Yield the units that may hold common blocks, modules before their routines."""
        for item in items:
            match item:
                case syntax.PythonModule(name=name) if "__user__" in name:
                    pass
                case syntax.PythonModule() | syntax.Interface():
                    if any(isinstance(i, syntax.Common) for i in item.items):
                        yield self.block(item, constants, implicit)
                    yield from self.blocks(item.items, constants, implicit)
                case syntax.Procedure() if not self.is_wanted(item.name):
                    pass
                case syntax.Procedure() | syntax.BlockData():
                    if any(isinstance(i, syntax.Common) for i in item.items):
                        yield self.block(item, constants, implicit)
                case syntax.Module():
                    block = self.block(item, constants, implicit)
                    yield block
                    yield from self.blocks(
                        routines_of(item), block.constants, block.implicit
                    )
                case _:
                    pass

    def block(
        self,
        unit: syntax.Procedure
        | syntax.BlockData
        | syntax.Module
        | syntax.Interface
        | syntax.PythonModule,
        constants: Mapping[str, Expression],
        implicit: ImplicitTypes | None,
    ) -> Block:
        """Return a unit with what it sees of its host and its own."""
        if isinstance(unit, syntax.Module):
            seen = self.scopes.of_module(unit, constants)
        else:
            seen = self.scopes.constants(unit.items, constants)
        return Block(
            unit.name,
            unit.items,
            seen,
            implicit_types(unit.items, implicit),
        )

    def common(
        self,
        name: str,
        members: tuple[str, ...],
        block: Block,
        declared: Declarations,
    ) -> model.CommonBlock:
        """Return one common block; TypeProblem where a variable in it can't be decided."""
        span = common_span(name, declared)
        check_attribute(name or BLANK, span)
        variables = tuple(
            kept_apart(self.variable(declared.names[member], block))
            for member in members
        )
        for variable in variables:
            if -1 in variable.extents:
                raise TypeProblem(
                    variable.span, f"the extents of {variable.name!r} aren't constant"
                )
        symbol = bound_symbols(block).get(f"/{name}/", "")
        if symbol:
            check_symbol(symbol, span)
        return model.CommonBlock(name or BLANK, variables, span, symbol)

    # Variables.

    def variable(self, declaration: Declaration, block: Block) -> model.Variable:
        """Return one variable; TypeProblem if it can't be decided."""
        name = declaration.name
        check_attribute(name, declaration.span)
        if CODIMENSION in declaration.flags:
            raise TypeProblem(declaration.span, f"{name!r} is a coarray")
        spec = declaration.type or implicit_type(name, block.implicit)
        if spec is None:
            raise TypeProblem(
                declaration.span, f"{name!r} has no type under implicit none"
            )
        decided = decide_type(
            spec,
            block.constants,
            entity_length=declaration.length,
            default_integer=self.around.default_integer,
        )
        if decided.derived:
            refuse_derived(name, spec, declaration.span)
        extents = self.extents(declaration, block)
        values: tuple[Expression, ...] = ()
        computed = ""
        if self.is_computed(declaration, decided, block, extents):
            computed = declaration.initial.text if declaration.initial else ""
        if declaration.is_parameter and not computed:
            values, extents = constant_values(declaration, block, extents)
        is_open = decided.deferred and {"allocatable", "pointer"} & declaration.flags
        if (
            decided.is_string
            and not isinstance(decided.length, Integer)
            and not is_open
        ):
            decided = self.with_length(decided, values, declaration)
        symbol = bound_symbols(block).get(name, "")
        if symbol:
            check_symbol(symbol, declaration.span)
        return model.Variable(
            name,
            decided,
            extents,
            declaration.span,
            values,
            allocatable="allocatable" in declaration.flags,
            pointer="pointer" in declaration.flags,
            symbol=symbol or name,
            exact=bool(symbol),
            protected="protected" in declaration.flags,
            computed=computed,
        )

    def is_computed(
        self,
        declaration: Declaration,
        type_: model.DataType,
        block: Block,
        extents: tuple[int, ...],
    ) -> bool:
        """Whether the compiler must compute a parameter's value: its declaration is known, its value isn't."""
        is_plain = (
            declaration.is_parameter
            and -1 not in extents
            and (not type_.is_string or isinstance(type_.length, Integer))
        )
        known = known_values(declaration, block)
        # flags that change kinds change the digits of every literal in an expression
        is_rounded = type_.kind in (Kind.REAL, Kind.COMPLEX) and changes_reals(
            block.constants
        )
        return self.around.computes and is_plain and (is_rounded or not known)

    def extents(self, declaration: Declaration, block: Block) -> tuple[int, ...]:
        """Return the extents, -1 for those that the source leaves open; TypeProblem if one isn't constant."""
        found = []
        for text in declaration.dimensions or ():
            extent = read_extent(
                text,
                self.around.dialect,
                block.constants,
                taken_by_c(block.constants),
            )
            if extent is None:
                found.append(-1)
            elif isinstance(extent.expression, Integer):
                found.append(max(extent.expression.value, 0))
            else:
                raise TypeProblem(
                    text.span,
                    f"the extent {text.text!r} of {declaration.name!r} isn't constant",
                )
        return tuple(found)

    def with_length(
        self,
        type_: model.DataType,
        values: tuple[Expression, ...],
        declaration: Declaration,
    ) -> model.DataType:
        """Return the type of a string with the length of its `values`; TypeProblem if it has none."""
        lengths = [len(v.value) for v in values if isinstance(v, String)]
        if type_.length is None and lengths:
            return replace(type_, length=Integer(max(lengths)))
        raise TypeProblem(
            declaration.span, f"the length of {declaration.name!r} isn't constant"
        )

    # Fortran modules.

    def modules(self, items: Iterable[syntax.Item]) -> tuple[model.FortranModule, ...]:
        """Return the Fortran modules with public entities."""
        found: dict[str, model.FortranModule] = {}
        for unit in modules_in(items):
            if unit.name not in found:
                what = f"module {unit.name}"
                with at_the_cost_of(what, unit.span, self.diagnostics):
                    module = self.module(unit)
                    if module.variables or module.procedures:
                        found[unit.name] = module
        return tuple(found.values())

    def module(self, unit: syntax.Module) -> model.FortranModule:
        """Return one module with the variables and routines that it shows and that can be wrapped."""
        check_attribute(unit.name, unit.span)
        origin = partial(origin_of, items=unit.items, modules=self.scopes.modules)
        block = self.block(unit, self.around.constants, self.around.implicit)
        declared = self.scopes.declared(unit.items)
        variables = []
        for declaration in declared.names.values():
            if not is_module_variable(declaration, unit, declared):
                continue
            what = f"{unit.name}.{declaration.name}"
            with at_the_cost_of(what, declaration.span, self.diagnostics, what, origin):
                variables.append(self.module_variable(declaration, block, declared))
        return model.FortranModule(
            unit.name,
            tuple(variables),
            self.module_procedures(unit, block, declared),
            unit.span,
        )

    def module_variable(
        self, declaration: Declaration, block: Block, declared: Declarations
    ) -> model.Variable:
        """Return one variable of a module; TypeProblem if it can't be decided."""
        variable = self.variable(declaration, block)
        for name, members in common_members(declared).items():
            if declaration.name in members:
                return replace(variable, common=name or BLANK)
        if variable.name in equivalenced(declared) and not variable.values:
            if not self.around.computes:
                raise TypeProblem(
                    variable.span,
                    "it shares its storage by EQUIVALENCE, and only a compiler knows its address (-c)",
                )
            return replace(variable, shared=not variable.computed)
        is_deferred = variable.allocatable or variable.pointer
        if is_deferred and any(extent >= 0 for extent in variable.extents):
            raise TypeProblem(variable.span, "its extents must be deferred (':')")
        if not is_deferred and -1 in variable.extents:
            raise TypeProblem(variable.span, "its extents aren't constant")
        return variable

    def module_procedures(
        self, unit: syntax.Module, block: Block, declared: Declarations
    ) -> tuple[model.Procedure, ...]:
        """Return the wanted public routines of a module."""
        found: dict[str, model.Procedure] = {}
        places = self.around.places
        around = replace(
            self.around,
            implicit=block.implicit,
            fortran_module=unit.name,
            host=self.around.host if places is None else places.module(unit),
        )
        behind_generics = behind_public_generics(unit, declared)
        for owner in routines_of(unit):
            for routine in with_entries(owner):
                name = routine.name
                shown = is_shown(name, declared) or name in behind_generics
                is_wanted = shown and self.is_wanted(name) and name not in found
                if not (is_wanted or calls_by_name(routine)):
                    continue
                subject = f"{unit.name}.{name}"
                with at_the_cost_of(name, routine.span, self.diagnostics, subject):
                    constants = self.scopes.constants(
                        routine.items, block.constants, routine.arguments
                    )
                    seen = replace(around, constants=constants)
                    described = Routine(routine, seen, self.diagnostics)
                    note_callbacks(described)
                    procedure = read_procedure(described) if is_wanted else None
                    if procedure is not None:
                        found[name] = procedure
        return tuple(found.values())


def kept_apart(variable: model.Variable) -> model.Variable:
    """Return a variable of a common block with f2py's name for it, which ends in ``_bn`` if C reserves its own."""
    if variable.name not in KEPT_BY_F2PY:
        return variable
    return replace(variable, name=f"{variable.name}_bn")


def modules_in(items: Iterable[syntax.Item]) -> Iterator[syntax.Module]:
    """Yield the Fortran modules of a block and of the interfaces in it, without submodules."""
    for item in items:
        if isinstance(item, syntax.Module) and not item.submodule_of:
            yield item
        elif isinstance(item, syntax.Interface):
            yield from modules_in(item.items)


def routines_of(module: syntax.Module) -> list[syntax.Procedure]:
    """Return a module's routines, those in its submodules too; signature files may leave ``contains`` out."""
    own = [item for item in module.items if isinstance(item, syntax.Procedure)]
    return [*own, *module.procedures, *separate_procedures(module)]


def separate_procedures(module: syntax.Module) -> list[syntax.Procedure]:
    """Return the routines whose interface a module has and whose body a submodule."""
    blocks = [item for item in module.items if isinstance(item, syntax.Interface)]
    return [
        body
        for block in blocks
        for body in block.items
        if isinstance(body, syntax.Procedure) and "module" in body.prefixes
    ]


def common_span(block: str, declared: Declarations) -> Span:
    """Return the place of the first statement that names a common block."""
    items = [i for i in declared.items if isinstance(i, syntax.Common)]
    return next(item.span for item in items if item.block == block)


def equivalenced(declared: Declarations) -> frozenset[str]:
    """Return the names in a unit's EQUIVALENCE statements; subscripts are constants, which have no storage."""
    found: set[str] = set()
    for item in declared.of(syntax.Equivalence):
        assert isinstance(item, syntax.Equivalence)
        found |= set(EQUIVALENCED.findall(item.text.text.lower()))
    return frozenset(found)


def behind_public_generics(
    unit: syntax.Module, declared: Declarations
) -> frozenset[str]:
    """Return the procedures, private ones too, that a public generic name or operator stands for."""
    return frozenset(
        name
        for block in unit.items
        if isinstance(block, syntax.Interface) and is_shown(block.name, declared)
        for item in block.items
        if isinstance(item, syntax.ModuleProcedure)
        for name in item.names
    )


def is_module_variable(
    declaration: Declaration, unit: syntax.Module, declared: Declarations
) -> bool:
    """Whether the name is a public variable or constant."""
    name = declaration.name
    is_described = (
        declaration.type is not None
        or declaration.dimensions is not None
        or declaration.is_parameter
    )
    if not is_described or declaration.is_callback:
        return False
    routines = {r.name for p in routines_of(unit) for r in with_entries(p)}
    return (
        is_shown(name, declared)
        and "hide" not in declaration.intents
        and name not in routines
    )


def bound_symbols(block: Block) -> dict[str, str]:
    """Return the names that ``bind(c)`` gives to variables, and to common blocks as ``/name/``."""
    found: dict[str, str] = {}
    for item in block.items:
        match item:
            case syntax.TypeDeclaration(attributes=attributes, entities=entities):
                pass
            case syntax.AttributeStatement(attribute=attribute, entities=entities):
                attributes = (attribute,)
            case _:
                continue
        for attribute in attributes:
            if attribute.name == "bind":
                for entity in entities:
                    symbol = bound_name(attribute, block.constants)
                    found[entity.name] = symbol or entity.name.strip("/").lower()
    return found


def bound_name(attribute: syntax.Attribute, constants: Mapping[str, Expression]) -> str:
    """Return the name in ``bind(c, name="...")``, "" where there is none."""
    for text in attribute.arguments or ():
        key, equals, value = text.text.partition("=")
        if equals and key.strip().lower() == "name":
            try:
                literal = fold.fold(fortran.read_expression(value.strip()), constants)
            except ExpressionError:
                return value.strip()  # no symbol has quotes, so that it is refused
            if isinstance(literal, String):
                return literal.value.decode("latin-1").strip()
    return ""


# Named constants.


def constant_values(
    declaration: Declaration,
    block: Block,
    extents: tuple[int, ...],
) -> tuple[tuple[Expression, ...], tuple[int, ...]]:
    """Return the values of a parameter in the order of their storage, and its extents with none left open."""
    found = known_values(declaration, block)
    if not found:
        raise TypeProblem(
            declaration.span, f"the value of {declaration.name!r} isn't known here"
        )
    if extents == (-1,):
        extents = (len(found),)
    size = 1
    for extent in extents:
        size *= extent
    if len(found) == 1:
        found *= size
    if len(found) != size:
        raise TypeProblem(
            declaration.span,
            f"{declaration.name!r} has {size} elements, its value has {len(found)}",
        )
    return tuple(map(stored, found)), extents


def known_values(declaration: Declaration, block: Block) -> tuple[Expression, ...]:
    """Return the values of a parameter, none if f2pypy can't compute them."""
    value = block.constants.get(declaration.name)
    found = () if value is None else tuple(flatten(value))
    return found if all(map(is_literal, found)) else ()


def flatten(value: Expression) -> Iterator[Expression]:
    """Yield the elements of a constant in the order of their storage."""
    match value:
        case ArrayConstructor(items=items):
            for item in items:
                yield from flatten(item)
        case Call(function="reshape", arguments=(source, _), keywords=()):
            yield from flatten(source)
        case _:
            yield value


def stored(value: Expression) -> Expression:
    """Return a constant as the variable holds it: a logical is 0 or 1, single precision is rounded."""
    match value:
        case Logical(value=truth):
            return Integer(int(truth))
        case Real(value=number, single=True):
            return Real(struct.unpack("f", struct.pack("f", number))[0])
        case Complex(real=real, imaginary=imaginary):
            return Complex(stored(real), stored(imaginary))
        case _:
            return value


def is_literal(value: Expression) -> bool:
    """Whether the value is known."""
    if isinstance(value, Complex):
        return is_literal(value.real) and is_literal(value.imaginary)
    return isinstance(value, LITERALS)
