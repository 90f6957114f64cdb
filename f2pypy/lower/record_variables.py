"""Module variables and constants of derived type."""

from __future__ import annotations

from collections.abc import Mapping

from f2pypy import model, plan
from f2pypy.abi.conventions import Compiler
from f2pypy.abi.layout import lay_out
from f2pypy.dataclass import dataclass
from f2pypy.lower.unsupported import Unsupported
from f2pypy.model import TypeName


@dataclass(frozen=True)
class RecordVariables:
    """Plans what Fortran modules have of the classes `records`, for a library that `compiler` made."""

    records: Mapping[TypeName, plan.RecordClass]
    types: Mapping[TypeName, model.DerivedType]
    compiler: Compiler

    def shown(self, module: str) -> tuple[tuple[str, str], ...]:
        """Return the public types of a module with the identifiers of their classes."""
        return tuple(
            (record.name, record.identifier)
            for record in self.records.values()
            if record.module == module and record.shown
        )

    def in_common(self, variable: model.Variable) -> plan.RecordVariable:
        """Return the plan of a variable of a common block; Unsupported where its type is left out."""
        name, record = variable.type.derived, self.record_of(variable)
        assert name is not None
        alignment = lay_out(self.types[name], self.types, self.compiler).alignment
        symbol = variable.symbol if variable.symbol != variable.name else ""
        return plan.RecordVariable(
            variable.name,
            record.identifier,
            symbol,
            variable.exact,
            extents=variable.extents,
            alignment=alignment,
        )

    def record_of(self, variable: model.Variable) -> plan.RecordClass:
        """Return the class for the type of a variable; Unsupported where there is none."""
        name = variable.type.derived
        record = None if name is None else self.records.get(name)
        if record is None:
            what = "*" if name is None else name.name
            raise Unsupported(
                f"{variable.name!r} is of derived type {what!r}, which is left out",
                variable.span,
            )
        return record

    def variable(
        self,
        variable: model.Variable,
        module: str,
        commons: Mapping[str, str],
    ) -> plan.RecordVariable | plan.DeferredRecordVariable:
        """Return the plan of a variable; Unsupported where its type or its common block is left out."""
        unlimited = variable.type.unlimited
        record = None if unlimited else self.record_of(variable)
        common = ""
        if variable.common:
            common = commons.get(variable.common, "")
            if not common:
                raise Unsupported(f"common block {variable.common} is left out")
        symbol = variable.symbol if variable.symbol != variable.name else ""
        exact = variable.exact
        if variable.allocatable or variable.pointer:
            return plan.DeferredRecordVariable(
                variable.name,
                record.identifier if record is not None else "",
                len(variable.extents),
                symbol,
                exact,
                variable.pointer,
                variable.type.polymorphic,
                # where a protected pointer points to may not be changed
                variable.protected,
            )
        assert record is not None
        pattern = self.compiler.types.constants
        if variable.parameter and pattern:
            symbol = pattern.format(module=module.lower(), name=variable.name.lower())
            exact = True
        return plan.RecordVariable(
            variable.name,
            record.identifier,
            symbol,
            exact,
            variable.protected,
            variable.parameter,
            variable.extents,
            common,
        )
