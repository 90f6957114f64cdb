"""Which conventions of the library's compiler a module has to carry."""

from __future__ import annotations

from collections.abc import Iterable

from f2pypy import plan
from f2pypy.abi.conventions import Compiler, Descriptor
from f2pypy.lower.requirements import nodes_of


def plan_compiler(
    row: Compiler,
    procedures: Iterable[plan.Procedure],
    objects: Iterable[plan.CommonBlock | plan.FortranModule],
) -> plan.Compiler | None:
    """Return what the module says of the library's compiler; None where nothing depends on it at run time."""
    modules = [made for made in objects if isinstance(made, plan.FortranModule)]
    nodes = tuple(
        nodes_of(tuple((p.steps, p.bindings, p.callbacks) for p in procedures))
    )
    passed = (plan.Deferred, plan.PassDescriptor, plan.CallbackView)
    described = [n for n in nodes if isinstance(n, passed)]
    inside = any(isinstance(n, plan.Binding) and n.fortran_module for n in nodes)
    if not (modules or described or inside):
        return None
    variables = [v for module in modules for v in module.variables]
    deferred = [v for v in variables if isinstance(v, (plan.Allocatable, plan.Pointer))]
    own = bool(deferred) or not all(n.interoperable for n in described)
    standard = any(n.interoperable for n in described)
    return plan.Compiler(
        row.name,
        row.module_procedure,
        row.module_variable,
        row.length_variable,
        plan_layout(row.arrays) if own else None,
        plan_layout(row.c_arrays)
        if standard and not (own and row.c_arrays == row.arrays)
        else None,
        row.described_scalars,
    )


def plan_layout(layout: Descriptor) -> plan.DescriptorLayout:
    """Return a layout of descriptors as the module says it."""
    return plan.DescriptorLayout(
        layout.header,
        layout.dimension,
        layout.codes,
        layout.version,
        layout.attributes,
        layout.lower,
    )
