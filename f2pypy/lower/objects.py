"""From common blocks and Fortran modules to the objects that the generated module makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.nodes import Kind
from f2pypy.lower.callbacks import exported_variable
from f2pypy.lower.ctypes_map import mapping_of, missing_type
from f2pypy.lower.docstring import with_names
from f2pypy.lower.markup import inert
from f2pypy.lower.record_variables import RecordVariables
from f2pypy.lower.unsupported import Unsupported


def plan_common(
    block: model.CommonBlock,
    identifier: str,
    class_name: str,
    records: RecordVariables,
    diagnostics: Diagnostics,
) -> plan.CommonBlock | None:
    """Return the plan of a common block; None after reporting a variable that hides where the next ones lie."""
    try:
        variables = tuple(
            records.in_common(v) if v.type.kind is Kind.DERIVED else plan_variable(v)
            for v in block.variables
        )
    except Unsupported as problem:
        diagnostics.skip(
            problem.span or block.span,
            f"common block {block.name} is left out: {problem}",
            f".{block.name}",
        )
        return None
    docstring = inert(f"The common block {block.name}.")
    return plan.CommonBlock(
        identifier, class_name, block.name, variables, block.symbol, docstring
    )


def plan_fortran_module(
    module: model.FortranModule,
    identifier: str,
    class_name: str,
    functions: Mapping[str, str],
    commons: Mapping[str, str],
    computed: Mapping[str, str],
    enumerations: Iterable[plan.Enumeration],
    interfaces: Mapping[tuple[str, str], plan.ProcedureInterface],
    diagnostics: Diagnostics,
    records: RecordVariables,
) -> plan.FortranModule:
    """Return the plan of a Fortran module.

    `functions` and `commons` are identifiers by name, `computed` the symbols of constants that the compiler computes,
    and of the functions that find variables without a symbol. `records` makes variables of derived type,
    `interfaces` are the constants of procedure pointers' interfaces.
    """
    variables: list[plan.FortranVariable] = []
    for variable in module.variables:
        try:
            if variable.type.kind is Kind.DERIVED:
                variables.append(records.variable(variable, module.name, commons))
            elif variable.computed:
                variables.append(plan_computed(variable, computed[variable.name]))
            elif variable.shared:
                variables.append(plan_shared(variable, computed[variable.name]))
            else:
                variables.append(plan_variable(variable, commons))
        except Unsupported as problem:
            diagnostics.skip(
                variable.span,
                f"{module.name}.{variable.name} is left out: {problem}",
                f"{module.name}.{variable.name}",
            )
    for pointer in module.pointers:
        interface = interfaces.get((pointer.callback.module, pointer.callback.name))
        if interface is not None:
            variables.append(
                plan.ProcedurePointer(
                    pointer.name, interface.variable, pointer.protected
                )
            )
    return plan.FortranModule(
        identifier,
        class_name,
        module.name,
        tuple(variables),
        tuple(functions.items()),
        with_names(
            f"The Fortran module {module.name}.",
            (variable.name for variable in variables),
            module.description,
        ),
        tuple((name, exported_variable(name)) for name in callbacks_by_name(module)),
        left_out_of(module.name, diagnostics),
        tuple(enumerations),
        records.shown(module.name),
    )


def with_exported_callbacks(
    objects: Iterable[plan.CommonBlock | plan.FortranModule],
    procedures: Iterable[plan.Procedure],
) -> tuple[plan.CommonBlock | plan.FortranModule, ...]:
    """Return the objects so that Fortran modules have those callbacks by name alone that a procedure exports.

    What a callback gets may have no type in Python; then nobody provides it.
    """
    exported = {e.variable for procedure in procedures for e in procedure.exports}
    return tuple(
        replace(made, callbacks=tuple(c for c in made.callbacks if c[1] in exported))
        if isinstance(made, plan.FortranModule)
        else made
        for made in objects
    )


def callbacks_by_name(module: model.FortranModule) -> tuple[str, ...]:
    """Return the callbacks that the procedures of a Fortran module call by name."""
    return tuple(
        dict.fromkeys(
            argument.callback.name
            for procedure in module.procedures
            for argument in procedure.arguments
            if argument.callback is not None and argument.intent & model.Intent.CALLBACK
        )
    )


def left_out_of(module: str, diagnostics: Diagnostics) -> tuple[tuple[str, str], ...]:
    """Return what of a Fortran module has no attribute, with the reasons; "" is what stands in none."""
    found: dict[str, list[str]] = {}
    for diagnostic in diagnostics.found:
        for subject in diagnostic.subjects:
            owner, _, name = subject.partition(".")
            if name and owner == module:
                found.setdefault(name, []).append(diagnostic.message)
    return tuple((name, "; ".join(reasons)) for name, reasons in found.items())


def plan_computed(variable: model.Variable, symbol: str) -> plan.ComputedConstant:
    """Return the plan of a parameter whose value lies at `symbol`; Unsupported if NumPy has no such type."""
    return plan.ComputedConstant(
        variable.name, dtype_of(variable), variable.extents, symbol
    )


def plan_shared(variable: model.Variable, symbol: str) -> plan.Variable:
    """Return the plan of a variable whose address the function at `symbol` returns."""
    return plan.Variable(
        variable.name, dtype_of(variable), variable.extents, symbol, True, located=True
    )


def plan_variable(
    variable: model.Variable, commons: Mapping[str, str] | None = None
) -> plan.FortranVariable:
    """Return the plan of one variable; Unsupported if NumPy has no such type, or its common block is left out."""
    dtype = dtype_of(variable)
    symbol = variable.symbol if variable.symbol != variable.name else ""
    if variable.values:
        return plan.Constant(variable.name, dtype, variable.values, variable.extents)
    logical = variable.type.kind is Kind.LOGICAL
    rank = len(variable.extents)
    if variable.allocatable:
        return plan.Allocatable(
            variable.name,
            dtype,
            rank,
            symbol,
            variable.exact,
            logical,
            variable.protected,
        )
    if variable.pointer:
        # Where a protected pointer points to may not be changed; what is there may.
        return plan.Pointer(variable.name, dtype, rank, symbol, variable.exact, logical)
    common = ""
    if variable.common:
        common = (commons or {}).get(variable.common, "")
        if not common:
            raise Unsupported(f"common block {variable.common} is left out")
    return plan.Variable(
        variable.name,
        dtype,
        variable.extents,
        symbol,
        variable.exact,
        common,
        variable.protected,
    )


def dtype_of(variable: model.Variable) -> str:
    """Return the element type as the generated module writes it."""
    type_ = variable.type
    if type_.kind is Kind.CHARACTER:
        return f"bytes_type({type_.characters})"
    mapping = mapping_of(type_)
    if mapping is None:
        raise Unsupported(f"{variable.name!r}: {missing_type(type_)}", variable.span)
    return mapping.dtype
