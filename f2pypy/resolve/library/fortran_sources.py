"""From Fortran sources to the library that they make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from f2pypy import model, syntax
from f2pypy.abi.compilers import chosen_compiler
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.expressions.nodes import ASKED, OWNED_FUNCTION, Expression
from f2pypy.options import Options
from f2pypy.resolve.callbacks.unique_names import with_unique_names
from f2pypy.resolve.faults import left_out_if_faulty
from f2pypy.resolve.library.objects import ObjectReader
from f2pypy.resolve.names.entries import with_entries
from f2pypy.resolve.names.places import Places
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.procedures.callbacks import calls_by_name, note_callbacks
from f2pypy.resolve.procedures.procedure import read_procedure
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
        procedures = self.external_procedures(places)
        around = self.surroundings(scopes.constants(()), places)
        objects = ObjectReader(scopes, around, self.is_wanted, self.diagnostics)
        units = tuple(self.units())
        commons, modules = objects.commons(units), objects.modules(units)
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
        return with_unique_names(library)

    def places(self) -> Places:
        """Return what the units of the files see and declare."""
        compiler = chosen_compiler(self.options.compiler, self.options.answers)
        own = dict(compiler.kinds)
        scopes = Scopes(
            self.found({m.name: m for m in self.modules()}),
            self.diagnostics,
            {**kinds_meant(compiler), **kinds_given(self.options.kinds, own)},
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

    def external_procedures(self, places: Places) -> tuple[model.Procedure, ...]:
        """Return the wanted procedures that stand in no module."""
        found: dict[str, model.Procedure] = {}
        for unit in self.units():
            if not isinstance(unit, syntax.Procedure) or unit.kind == "program":
                continue
            for routine in with_entries(unit):
                if calls_by_name(routine):
                    note_callbacks(self.routine(routine, places))
                if not self.is_wanted(routine.name):
                    continue
                if routine.name in found:
                    self.diagnostics.warn(
                        routine.span, f"{routine.name} is defined twice: f2pypy uses the first definition"
                    )  # fmt: skip
                    continue
                procedure = self.procedure(routine, places)
                if procedure is not None:
                    found[routine.name] = procedure
        return tuple(found.values())

    def procedure(
        self, unit: syntax.Procedure, places: Places
    ) -> model.Procedure | None:
        """Return one external procedure; None after reporting why it can't be wrapped."""
        with left_out_if_faulty(unit.name, unit.span, self.diagnostics):
            return read_procedure(self.routine(unit, places))
        return None

    def routine(self, unit: syntax.Procedure, places: Places) -> Routine:
        """Return an external procedure with what it sees."""
        constants = places.scopes.constants(unit.items, arguments=unit.arguments)
        around = self.surroundings(constants, places)
        return Routine(unit, around, self.diagnostics)

    def surroundings(
        self, constants: Mapping[str, Expression], places: Places
    ) -> Surroundings:
        """Return the surroundings of a unit with these constants."""
        return Surroundings(
            syntax.Dialect.FORTRAN,
            8 if self.options.int64 else 4,
            constants,
            {},
            {},
            None,
            compiles=self.options.compiles,
            computes=self.options.computes,
            compiler=chosen_compiler(self.options.compiler, self.options.answers),
            host=places.top(),
            places=places,
            by_name=self.by_name,
            questions=self.questions if self.options.asks else None,
        )

    def is_wanted(self, name: str) -> bool:
        """Whether ``only:`` and ``skip:`` leave the routine in."""
        if self.options.only is not None and name not in self.options.only:
            return False
        return name not in self.options.skip


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
        fortran_module=ASKED.rstrip(OWNED_FUNCTION),
        compiler=around.compiler,
        places=Places(Scopes({}, diagnostics), {}),
    )
    found = []
    for question in questions:
        read = read_procedure(Routine(asking(question), nowhere, diagnostics))
        if read is not None:
            found.append(answer_of(read, question, around.compiler))
    return tuple(found)
