"""From Fortran sources to the library that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from f2pypy import model, syntax
from f2pypy.abi.compilers import chosen_compiler
from f2pypy.abi.conventions import Compiler
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.expressions.nodes import ASKED_MODULE
from f2pypy.options import Options
from f2pypy.resolve.callbacks.unique_names import with_unique_names
from f2pypy.resolve.library.compiled_types import with_compiled_types
from f2pypy.resolve.library.emptiness import warn_if_empty
from f2pypy.resolve.library.generics import external_bodies, imported_constants
from f2pypy.resolve.library.objects import ObjectReader
from f2pypy.resolve.names.entries import with_entries
from f2pypy.resolve.names.places import Places
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.procedures.procedure import add_procedure, read_procedure
from f2pypy.resolve.procedures.routine import Routine, Surroundings
from f2pypy.resolve.shapes.answers import answer_of, asking
from f2pypy.resolve.types.compiler_kinds import kinds_meant
from f2pypy.resolve.types.f2cmap import kinds_given

FoundModules = Callable[[Mapping[str, syntax.Module]], Mapping[str, syntax.Module]]
UNTITLED = "untitled"


@dataclass(frozen=True)
class SourcesReader:
    """Resolves the files of one build together; problems go to `diagnostics`.

    `found` adds modules that no file defines.
    """

    files: Sequence[syntax.File]
    options: Options
    diagnostics: Diagnostics
    found: FoundModules = dict
    by_name: dict[str, model.Callback] = field(default_factory=dict)
    questions: list[model.Question] = field(default_factory=list)

    def read(self) -> model.Library:
        """Return the library with everything in the files that can be called from outside."""
        places = self.places()
        scopes = places.scopes
        before = len(self.diagnostics.found)
        around = self.surroundings(places)
        procedures = self.external_procedures(around, scopes)
        objects = ObjectReader(scopes, around, self.options.wraps, self.diagnostics)
        units = tuple(self.units())
        commons, modules = objects.commons(units), objects.modules(units)
        procedures += self.described_procedures(around, places, modules)
        skipped = tuple(
            d for d in self.diagnostics.found[before:] if d.severity is Severity.SKIPPED
        )
        library = model.Library(
            self.options.module or UNTITLED,
            " ".join(file.path for file in self.files),
            procedures,
            commons,
            modules,
            skipped=skipped,
            by_name=tuple(self.by_name.values()),
            questions=tuple(self.questions),
            answers=answers(self.questions, around, self.diagnostics),
        )
        library = with_compiled_types(library, objects)
        warn_if_empty(library, units, self.options.wraps, self.diagnostics)
        places.let_go()
        return with_unique_names(library)

    @cached_property
    def compiler(self) -> Compiler:
        """The row of the compiler whose conventions the library has."""
        return chosen_compiler(self.options.compiler, self.options.answers)

    def places(self) -> Places:
        """Return what the units of the files see and declare."""
        own = dict(self.compiler.kinds)
        scopes = Scopes(
            self.found({m.name: m for m in self.modules()}),
            self.diagnostics,
            {**kinds_meant(self.compiler), **kinds_given(self.options.kinds, own)},
            own=own,
        )
        return Places(scopes, self.external_units())

    def units(self) -> Iterator[syntax.Item]:
        """Yield the program units of all files in their order."""
        for file in self.files:
            yield from file.units

    def modules(self) -> list[syntax.Module]:
        """Return the Fortran modules of all files; submodules show nothing of their own."""
        return [
            unit
            for unit in self.units()
            if isinstance(unit, syntax.Module) and not unit.submodule_of
        ]

    def external_units(self) -> dict[str, syntax.Procedure]:
        """Return the procedures that stand in no module, and their entries."""
        found: dict[str, syntax.Procedure] = {}
        for unit in self.units():
            if isinstance(unit, syntax.Procedure) and unit.kind != "program":
                for routine in with_entries(unit):
                    found.setdefault(routine.name, routine)
        return found

    def external_procedures(
        self, around: Surroundings, scopes: Scopes
    ) -> tuple[model.Procedure, ...]:
        """Return the wanted procedures that stand in no module."""
        found: dict[str, model.Procedure] = {}

        def seen(unit: syntax.Procedure) -> Surroundings:
            constants = scopes.constants(unit.items, arguments=unit.arguments)
            return replace(around, constants=constants)

        for unit in self.units():
            if not isinstance(unit, syntax.Procedure) or unit.kind == "program":
                continue
            for routine in with_entries(unit):
                is_wanted = self.options.wraps(routine.name)
                if is_wanted and routine.name in found:
                    is_wanted = False
                    self.diagnostics.warn(
                        routine.span, f"{routine.name} is defined twice: f2pypy uses the first definition"
                    )  # fmt: skip
                add_procedure(
                    found, routine, seen, self.diagnostics, is_wanted=is_wanted
                )
        return tuple(found.values())

    def described_procedures(
        self,
        around: Surroundings,
        places: Places,
        modules: Sequence[model.FortranModule],
    ) -> tuple[model.Procedure, ...]:
        """Return the external procedures of generic names that no file defines, as their interface bodies have them."""
        found: dict[str, model.Procedure] = {}
        defined, scopes = self.external_units(), places.scopes
        generics = {module.name: module.generics for module in modules}
        for unit in self.modules():

            def seen(
                body: syntax.Procedure, unit: syntax.Module = unit
            ) -> Surroundings:
                known = imported_constants(body, scopes.inside(unit.name))
                known = {**around.constants, **known}
                constants = scopes.constants(body.items, known, body.arguments)
                host = places.host_of_body(body, places.module(unit))
                return replace(around, constants=constants, host=host, types=host.types)

            for body in external_bodies(unit.items, generics.get(unit.name, ())):
                if body.name not in defined and body.name not in found:
                    add_procedure(found, body, seen, self.diagnostics, is_wanted=True)
        return tuple(found.values())

    def surroundings(self, places: Places) -> Surroundings:
        """Return what program units see around them."""
        return Surroundings(
            syntax.Dialect.FORTRAN,
            self.options.default_integer,
            places.scopes.constants(()),
            {},
            {},
            None,
            compiles=self.options.compiles,
            computes=self.options.computes,
            compiler=self.compiler,
            host=places.top(),
            places=places,
            by_name=self.by_name,
            questions=self.questions if self.options.asks else None,
        )


def answers(
    questions: Sequence[model.Question], around: Surroundings, diagnostics: Diagnostics
) -> tuple[model.Procedure, ...]:
    """Return the functions that are compiled to answer the questions of all routines, for the compiler of `around`."""
    nowhere = Surroundings(
        syntax.Dialect.FORTRAN,
        around.default_integer,
        {},
        {},
        {},
        None,
        fortran_module=ASKED_MODULE,
        compiler=around.compiler,
        places=Places(Scopes({}, diagnostics), {}),
    )
    found = []
    for question in questions:
        read = read_procedure(Routine(asking(question), nowhere, diagnostics))
        if read is not None:
            found.append(answer_of(read, question, around.compiler))
    return tuple(found)
