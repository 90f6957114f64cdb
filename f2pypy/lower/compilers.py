"""Which conventions of the library's compiler a module has to carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeGuard

from f2pypy import plan
from f2pypy.abi.conventions import Compiler, Descriptor
from f2pypy.expressions.nodes import Kind
from f2pypy.expressions.walk import parts
from f2pypy.lower.unsupported import Unsupported
from f2pypy.model import Form, Procedure

SINGLE = 4
DEFERRED_PASSED = (plan.Passed.DEFERRED, plan.Passed.DEFERRED_RESULT)
TYPED_PASSED = (plan.Passed.CLASS, *DEFERRED_PASSED)
CLASS_FORMS = (plan.AnyForm.CLASS, plan.AnyForm.DESCRIBED_CLASS)


def refuse_f2c(procedure: Procedure, row: Compiler) -> None:
    """Raise Unsupported for a function that -ff2c makes return as nothing here can take it.

    gfortran doesn't apply -ff2c to functions that need an explicit interface (its attribute ``always_explicit``).
    """
    result = procedure.result
    if row.real_results == "float" or result is None or result.is_array:
        return
    kind, size = result.type.kind, result.type.size
    if kind is Kind.REAL and size != 10 and row.real_results == "quad":
        raise Unsupported("with -ff2c it returns a real of 128 bits")
    explicit = any(
        a.form is not Form.ADDRESS or a.absent_as_null for a in procedure.arguments
    )
    if explicit and (kind is Kind.COMPLEX or (kind is Kind.REAL and size == SINGLE)):
        raise Unsupported(
            "-ff2c doesn't affect functions that have an explicit interface, and f2pypy can't tell whether this one has"
        )


# Variables that stand in descriptors.
DEFERRED_VARIABLES = (plan.Allocatable, plan.Pointer, plan.DeferredRecordVariable)


def plan_compiler(
    row: Compiler,
    procedures: Iterable[plan.Procedure],
    objects: Iterable[plan.CommonBlock | plan.FortranModule],
    records: Sequence[plan.RecordClass] = (),
) -> plan.Compiler | None:
    """Return what the module says of the library's compiler; None where nothing depends on it at run time."""
    modules = [made for made in objects if isinstance(made, plan.FortranModule)]
    nodes = tuple(parts(tuple((p.steps, p.bindings, p.callbacks) for p in procedures)))
    described = [node for node in nodes if is_described(node)]
    inside = any(isinstance(n, plan.Binding) and n.fortran_module for n in nodes)
    anything = [node for node in nodes if isinstance(node, plan.PassAny)]
    if not (modules or described or inside or anything):
        return None
    variables = [v for module in modules for v in module.variables]
    own = any(isinstance(variable, DEFERRED_VARIABLES) for variable in variables)
    own |= not all(n.interoperable for n in described)
    is_told = row.types.class_form == "descriptor"
    own |= is_told and any(map(tells_type, nodes))
    own |= any(record.managed for record in records)
    own |= is_told and any(record.bindings for record in records)
    objects_described = [node for node in nodes if describes_objects(node)]
    own |= bool(anything) or not all(map(is_interoperable, objects_described))
    standard = any(n.interoperable for n in described)
    standard |= any(map(is_interoperable, objects_described))
    standard |= any(n.form is plan.AnyForm.STANDARD_DESCRIPTOR for n in anything)
    typed = any(node.form in CLASS_FORMS for node in anything)
    typed |= any(map(has_any_type, [*nodes, *variables]))
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
        plan_tables(row) if records or typed else None,
    )


def plan_tables(row: Compiler) -> plan.TypeTables:
    """Return how the module finds what the library says of its types."""
    types = row.types
    return plan.TypeTables(
        types.tables,
        types.size_at,
        types.image_at,
        types.hashed,
        types.longest,
        types.code,
        types.copy_at,
        types.final_at,
        types.class_form == "descriptor",
        types.parent_at,
        types.glue,
        types.bindings_at,
        types.category,
    )


def tells_type(node: object) -> bool:
    """Whether a node of the plan passes an object together with its type, or gets one so."""
    if isinstance(node, plan.CallbackArgument):
        return node.passed in TYPED_PASSED
    return isinstance(node, plan.PassClass)


def has_any_type(node: object) -> bool:
    """Whether a node of the plan is an allocatable or pointer of any type."""
    if isinstance(node, plan.CallbackArgument):
        return node.passed is plan.Passed.ANY or (
            node.passed in DEFERRED_PASSED and not node.type
        )
    deferred = (plan.RecordDeferred, plan.DeferredRecordVariable)
    return isinstance(node, deferred) and not node.record


def describes_objects(node: object) -> bool:
    """Whether a node of the plan passes a descriptor of objects, or gets one."""
    if isinstance(node, plan.CallbackArgument):
        return node.passed in DEFERRED_PASSED or (
            node.passed in (plan.Passed.OBJECT, plan.Passed.CLASS) and node.rank > 0
        )
    if isinstance(node, plan.PassClass):
        return node.is_array
    return isinstance(node, (plan.PassRecordArray, plan.RecordDeferred))


def is_interoperable(node: object) -> bool:
    """Whether a node of the plan passes the standard's descriptor."""
    return bool(getattr(node, "interoperable", False))


def is_described(
    node: object,
) -> TypeGuard[plan.Deferred | plan.PassDescriptor | plan.CallbackArgument]:
    """Whether a node of the plan passes a descriptor, or gets one."""
    if isinstance(node, plan.CallbackArgument):
        return node.passed is plan.Passed.DESCRIPTOR
    return isinstance(node, (plan.Deferred, plan.PassDescriptor))


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
