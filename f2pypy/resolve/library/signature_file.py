"""From the blocks of a signature file to the library that it describes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from f2pypy import model, syntax
from f2pypy.abi.compilers import chosen_compiler
from f2pypy.abi.conventions import Compiler
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics, Severity, Span
from f2pypy.expressions import fold, fortran
from f2pypy.expressions.nodes import Expression, ExpressionError
from f2pypy.options import Options
from f2pypy.resolve.callbacks.signature import CallbackReader
from f2pypy.resolve.calls.usercode import code_blocks, read_usercode
from f2pypy.resolve.library.blocks import modules_in
from f2pypy.resolve.library.emptiness import procedures_in, warn_if_empty
from f2pypy.resolve.library.fortran_sources import FoundModules, answers
from f2pypy.resolve.library.generics import outer_generics
from f2pypy.resolve.library.idle_statements import (
    known_modules,
    statements_of,
    warn_of_idle,
)
from f2pypy.resolve.library.objects import ObjectReader
from f2pypy.resolve.library.remarks import remark_on
from f2pypy.resolve.names.declarations import gather
from f2pypy.resolve.names.derived_types import definitions
from f2pypy.resolve.names.entries import with_entries
from f2pypy.resolve.names.intrinsic_modules import kinds_without_use
from f2pypy.resolve.names.places import Places
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.procedures.callbacks import calls_by_name
from f2pypy.resolve.procedures.procedure import add_procedure
from f2pypy.resolve.procedures.routine import Surroundings
from f2pypy.resolve.types.compiler_kinds import as_compiled, kinds_meant
from f2pypy.resolve.types.declared import implicit_types
from f2pypy.resolve.types.f2cmap import kinds_given

USER = "__user__"


@dataclass(frozen=True)
class LibraryReader:
    """Resolves one file. Problems go to `diagnostics`; `found` adds modules that the file lacks.

    `sources` returns what the units of the sources see and declare, None where there are no sources.
    """

    file: syntax.File
    options: Options
    diagnostics: Diagnostics
    found: FoundModules = dict
    sources: Callable[[], Places] | None = None

    def read(self) -> model.Library:
        """Return the library; the file's first Python module describes it, unless ``-m`` names another."""
        main = self.main_module()
        items = main.items
        compiler = chosen_compiler(self.options.compiler, self.options.answers)
        own = dict(compiler.kinds)
        kinds = {
            **kinds_without_use(own),
            **kinds_meant(compiler),
            **kinds_given(self.options.kinds, own),
        }
        units = {module.name.lower(): module for module in modules_in(items)}
        scopes = Scopes(self.found(units), self.diagnostics, kinds, own=own)
        level = tuple(statements_of(items))
        uses = tuple(item for item in level if isinstance(item, syntax.Use))
        constants = scopes.constants(uses, kinds)
        constants |= constants_of(level, constants, self.diagnostics)
        constants |= scopes.enumerators(level, constants)
        types = types_by_name(units.values())
        callbacks = self.callbacks(constants, compiler, types)
        warn_of_idle(items, known_modules(units, callbacks), self.diagnostics)
        usercode = read_usercode(items, self.diagnostics, integer_64=self.options.int64)
        described = Places(scopes, {})
        around = Surroundings(
            self.file.dialect,
            self.options.default_integer,
            constants,
            usercode.functions,
            callbacks,
            implicit_types(rules_of(level), None),
            usercode=usercode,
            compiles=self.options.compiles,
            computes=self.options.computes,
            compiler=compiler,
            uses=uses,
            questions=[] if self.options.asks else None,
            described=described,
            sources=self.sources,
        )
        remark_on(items, self.diagnostics)
        procedures = self.procedures(items, around, scopes)
        objects = ObjectReader(scopes, around, self.options.wraps, self.diagnostics)
        commons, modules = objects.commons((main,)), objects.modules(items)
        skipped = tuple(
            d for d in self.diagnostics.found if d.severity is Severity.SKIPPED
        )
        codes = tuple(
            code.text.text for code in code_blocks(items) if code.keyword == "usercode"
        )
        library = model.Library(
            main.name,
            self.file.path,
            procedures,
            commons,
            modules,
            tuple(usercode.functions.values()),
            documentation=tuple(
                item.text for item in items if isinstance(item, syntax.Documentation)
            ),
            skipped=skipped,
            usercode="\n".join(codes)
            if any(usercode.defines(p.symbol) for p in procedures)
            else "",
            codes=codes,
            by_name=tuple(around.by_name.values()),
            questions=tuple(around.questions or ()),
            answers=answers(around.questions or (), around, self.diagnostics),
            generics=tuple(
                generic
                for generic in outer_generics(items, main.name)
                if self.options.wraps(generic.name)
            ),
        )
        # who writes a signature file of nothing but data means that
        if any(procedures_in(items)) or not library.holds_something:
            warn_if_empty(library, (main,), self.options.wraps, self.diagnostics)
        described.let_go()
        return library

    def main_module(self) -> syntax.PythonModule:
        """Return the Python module that the file describes: the first that isn't a callback module."""
        modules = [u for u in self.file.units if isinstance(u, syntax.PythonModule)]
        mains = [m for m in modules if USER not in m.name]
        if not mains:
            self.diagnostics.error(
                Span(self.file.path, 1), "there is no 'python module NAME' block here"
            )
            self.diagnostics.stop_on_errors()
        wanted = [m for m in mains if m.name == self.options.module]
        main = (wanted or mains)[0]
        for other in mains:
            if other is not main:
                self.diagnostics.warn(
                    other.span,
                    f"module {other.name} is left out: {main.name} is wrapped (choose with -m)",
                )
        if self.options.module and not wanted:
            self.diagnostics.warn(
                main.span,
                f"-m {self.options.module} is ignored, because the file names its module {main.name}",
            )
        return main

    def callbacks(
        self,
        constants: Mapping[str, Expression],
        compiler: Compiler,
        types: Mapping[str, model.TypeName],
    ) -> dict[str, dict[str, model.Callback]]:
        """Return the callback signatures of every ``x__user__y`` module; `types` are the derived types in the file."""
        found: dict[str, dict[str, model.Callback]] = {}
        for unit in callback_modules(self.file.units):
            reader = CallbackReader(
                unit.name,
                self.file.dialect,
                self.options.default_integer,
                constants,
                self.diagnostics,
                compiler=compiler,
                types=types,
            )
            described = {p.name: reader.read(p) for p in routines(unit.items)}
            found[unit.name] = {k: v for k, v in described.items() if v is not None}
        return found

    def procedures(
        self, items: Sequence[syntax.Item], around: Surroundings, scopes: Scopes
    ) -> tuple[model.Procedure, ...]:
        """Return the routines that ``only:`` and ``skip:`` leave in, without those that can't be wrapped."""
        found: dict[str, model.Procedure] = {}
        generic_names: dict[str, list[str]] = {}
        for generic in outer_generics(items):
            for specific in generic.specifics:
                generic_names.setdefault(specific.name, []).append(generic.name)

        def seen(unit: syntax.Procedure) -> Surroundings:
            hides = any(name in around.constants for name in unit.arguments)
            if not hides and not may_name_constants(unit.items):
                return around
            constants = scopes.constants(unit.items, around.constants, unit.arguments)
            return replace(around, constants=constants)

        for unit in routines(items):
            if unit.kind == "program":
                continue
            is_wanted = self.options.wraps(unit.name, *generic_names.get(unit.name, ()))
            if not (is_wanted or calls_by_name(unit)):
                continue
            if unit.name in found:
                self.diagnostics.warn(
                    unit.span,
                    f"{unit.name} is described twice: f2pypy uses the first description",
                )
                continue
            add_procedure(found, unit, seen, self.diagnostics, is_wanted=is_wanted)
        return tuple(found.values())


def types_by_name(modules: Iterable[syntax.Module]) -> dict[str, model.TypeName]:
    """Return the derived types of Fortran modules, those whose names mean several left out."""
    found = [(name, m.name) for m in modules for name in definitions(m.items)]
    counts = Counter(name for name, _ in found)
    return {n: model.TypeName(m, n) for n, m in found if counts[n] == 1}


def routines(items: Sequence[syntax.Item]) -> Iterator[syntax.Procedure]:
    """Yield the routines of a block and of the interfaces in it, each entry as a routine of its own."""
    for item in items:
        match item:
            case syntax.Procedure():
                yield from with_entries(item)
            case syntax.Interface():
                yield from routines(item.items)
            case _:
                pass


def may_name_constants(items: Sequence[syntax.Item]) -> bool:
    """Whether a routine may have named constants of its own."""
    for item in items:
        match item:
            case syntax.Use() | syntax.ParameterStatement() | syntax.Enumeration():
                return True
            case syntax.TypeDeclaration(attributes=attributes):
                if any(attribute.name == "parameter" for attribute in attributes):
                    return True
            case _:
                pass
    return False


def rules_of(level: Sequence[syntax.Item]) -> list[syntax.Item]:
    """Return the implicit rules that routines inherit, as in f2py, where ``implicit none`` isn't inherited."""
    return [i for i in level if isinstance(i, syntax.Implicit) and i.rules]


def constants_of(
    items: Sequence[syntax.Item],
    around: Mapping[str, Expression],
    diagnostics: Diagnostics,
) -> dict[str, Expression]:
    """Return the named constants of a block, each folded with those before it and `around` it."""
    constants: dict[str, Expression] = {}
    for name, declaration in gather(items, diagnostics).names.items():
        if declaration.is_parameter and declaration.initial is not None:
            try:
                read = fortran.read_expression(declaration.initial.text)
            except ExpressionError as error:
                diagnostics.error(
                    declaration.initial.span.shift(error.offset), error.message
                )
                continue
            seen = {**around, **constants}
            constants[name] = fold.fold(as_compiled(read, seen), seen)
    return constants


def callback_modules(items: Sequence[syntax.Item]) -> Iterator[syntax.PythonModule]:
    """Yield the ``x__user__y`` modules, also those that stand inside the main module or an interface."""
    for item in items:
        match item:
            case syntax.PythonModule(name=name) if USER in name:
                yield item
            case syntax.PythonModule(items=inner) | syntax.Interface(items=inner):
                yield from callback_modules(inner)
            case _:
                pass
