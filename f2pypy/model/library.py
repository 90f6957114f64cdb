"""What one Python module wraps."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostic
from f2pypy.expressions.statements import FunctionDefinition
from f2pypy.model.arguments import Callback, Intent
from f2pypy.model.elementals import ElementLoop
from f2pypy.model.generics import Generic
from f2pypy.model.objects import CommonBlock, FortranModule
from f2pypy.model.procedures import Procedure
from f2pypy.model.questions import Question
from f2pypy.model.types import TypeName


@dataclass(frozen=True)
class Library:
    """One Python module's worth of routines and data."""

    name: str
    path: str
    procedures: tuple[Procedure, ...]
    commons: tuple[CommonBlock, ...] = ()
    modules: tuple[FortranModule, ...] = ()
    functions: tuple[FunctionDefinition, ...] = ()
    documentation: tuple[str, ...] = ()
    skipped: tuple[Diagnostic, ...] = ()
    usercode: str = ""  # C in which bodies of its routines stand
    codes: tuple[str, ...] = ()  # all blocks of usercode, as they are written
    # procedures that routines call by name and Python provides, those of routines that are left out, too
    by_name: tuple[Callback, ...] = ()
    # what compiled functions compute, and these functions
    questions: tuple[Question, ...] = ()
    answers: tuple[Procedure, ...] = ()
    generics: tuple[Generic, ...] = ()  # outside of Fortran modules

    @property
    def holds_something(self) -> bool:
        """Whether Python finds something in it."""
        inner = any(module.holds_something for module in self.modules)
        return bool(self.procedures or self.commons) or inner

    def named_types(self) -> Iterator[TypeName]:
        """Yield the types of variables, arguments and results, private ones too."""
        inner = (p for module in self.modules for p in module.procedures)
        for procedure in (*self.procedures, *inner):
            yield from procedure.named_types()
        for module in self.modules:
            for variable in module.variables:
                if variable.type.derived is not None:
                    yield variable.type.derived

    def computed_constants(self) -> dict[tuple[str, str], str]:
        """Return a short name for each parameter whose value the compiler knows, by its module's and its own."""
        places = [
            (module.name, variable.name)
            for module in self.modules
            for variable in module.variables
            if variable.computed
        ]
        return {place: f"value_{number}" for number, place in enumerate(places, 1)}

    def shared_variables(self) -> dict[tuple[str, str], str]:
        """Return a short name for each variable without a symbol, by its module's name and its own."""
        places = [
            (module.name, variable.name)
            for module in self.modules
            for variable in module.variables
            if variable.shared
        ]
        return {place: f"place_{number}" for number, place in enumerate(places, 1)}

    def exported_callbacks(self) -> tuple[Callback, ...]:
        """Return the callbacks that Fortran calls by name, once each; how a wrapped routine describes one counts."""
        found = {
            argument.callback.name: argument.callback
            for procedure in self.all_procedures()
            for argument in procedure.arguments
            if argument.callback is not None and argument.intent & Intent.CALLBACK
        }
        for callback in self.by_name:
            found.setdefault(callback.name, callback)
        return tuple(found.values())

    def all_procedures(self) -> Iterator[Procedure]:
        """Yield the procedures, those of modules last."""
        yield from self.procedures
        for module in self.modules:
            yield from module.procedures

    def element_loops(self) -> tuple[ElementLoop, ...]:
        """Return the loops over the elements of arrays, one for all procedures that are called alike."""
        loops = (p.elemental.loop for p in self.all_procedures() if p.elemental)
        return tuple({loop.symbol: loop for loop in loops if loop}.values())
