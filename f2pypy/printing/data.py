"""The data of a module: objects of the runtime's classes, each printed as ``Class(a, key=b)``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from f2pypy import plan
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.printing.prototypes import prototype_text
from f2pypy.printing.python import format_python
from f2pypy.printing.records import RECORD_SPELLINGS
from f2pypy.printing.spelling import (
    call,
    element_type,
    extents,
    flags,
    identifier,
    maybe,
    parameters,
    quote,
    quoted_tuple,
    tuple_of,
)

Pairs = Iterable[tuple[str, str]]
# The runtime's classes for what Fortran passes to a callback.
CALLBACK_CLASSES = {
    plan.Passed.SCALAR: "CallbackScalar",
    plan.Passed.STRING: "CallbackString",
    plan.Passed.ARRAY: "CallbackArray",
    plan.Passed.DESCRIPTOR: "CallbackView",
    plan.Passed.OBJECT: "CallbackObject",
    plan.Passed.CLASS: "CallbackObject",
    plan.Passed.OBJECT_ARRAY: "CallbackObjectArray",
    plan.Passed.ANY: "CallbackAny",
    plan.Passed.DEFERRED: "CallbackDeferred",
    plan.Passed.DEFERRED_RESULT: "CallbackDeferredResult",
    plan.Passed.RESULT: "CallbackObjectResult",
}
RANKED = (
    plan.Passed.OBJECT,
    plan.Passed.CLASS,
    plan.Passed.DEFERRED,
    plan.Passed.DEFERRED_RESULT,
)


def data(node: Any) -> str:
    """Return the call that makes the object which a node of the plan stands for."""
    return SPELLINGS[type(node)](node)


def dictionary(pairs: Pairs) -> str:
    """Return a dictionary of values that are spelled already, its keys quoted."""
    return "{" + ", ".join(f"{quote(key)}: {value}" for key, value in pairs) + "}"


def names_by_text(pairs: Pairs) -> str:
    """Return the dictionary of variables by the names that users know."""
    return dictionary((key, identifier(name)) for key, name in pairs)


def texts(pairs: Pairs) -> str:
    """Return the dictionary of some texts."""
    return dictionary((key, quote(value)) for key, value in pairs)


def _binding(binding: plan.Binding) -> str:
    values = [(n, identifier(code)) for n, code in binding.by_value]
    values += [(n, f"{identifier(record)}._value") for n, record in binding.records]
    by_value = ", ".join(f"{n}: {value}" for n, value in sorted(values))
    result = identifier(binding.result) if binding.result else "None"
    if binding.record_result:
        result = f"{identifier(binding.record_result)}._value"
    return call(
        "Routine",
        "_library",
        quote(binding.symbol),
        result,
        kinds(binding.kinds),
        outputs=repr(binding.outputs) if binding.outputs else "",
        left_out=repr(binding.left_out) if binding.left_out else "",
        threadsafe=binding.threadsafe,
        by_value=f"{{{by_value}}}" if by_value else "",
        exact=binding.exact,
        fortran_module=maybe(quote, binding.fortran_module),
        prototype=prototype_text(binding.prototype),
    )


def kinds(codes: Sequence[str | int]) -> str:
    """Return a tuple of what becomes of arguments."""
    return tuple_of([identifier(c) if isinstance(c, str) else str(c) for c in codes])


def signature_call(callback: plan.CallbackSignature, error: str = "error") -> str:
    """Return the call that makes a signature; `error` is the module's exception."""
    result = callback.result
    if result is None:
        spelled = "None"
    elif isinstance(result, str):
        spelled = identifier(result)
    else:
        spelled = data(result)
    return call(
        "CallbackSignature",
        *("_library", error, quote(callback.name), spelled),
        *map(data, callback.arguments),
        lengths="" if callback.lengths else "False",
        convert=maybe(identifier, callback.converter),
        prototype=prototype_text(callback.prototype),
    )


def class_attributes(record: plan.RecordClass) -> list[tuple[str, str]]:
    """Return the attributes of a class with their values: its type, bindings, its structure of C, its components."""
    found = [("_type", _record(record))]
    found += [(each.variable, data(each)) for each in record.bindings]
    if record.structure is not None:
        found.append(("_value", data(record.structure)))
    for each in record.components:
        found.append((identifier(each.attribute), data(each)))
    if record.part:
        found.append(
            (identifier(record.part), call("ParentPart", identifier(record.base)))
        )
    if plan.Holding.BEHIND_POINTERS in record.procedures:
        found.append(("_holds_deep", "True"))
    if record.private:
        found.append(("_private", tuple_of(list(map(data, record.private)))))
    return found


def _record(record: plan.RecordClass) -> str:
    names = (quote(record.module), quote(record.name))
    return call(
        "RecordType",
        *("_library", *names, str(record.size)),
        managed=record.managed,
        opaque=record.opaque,
        bindings="Bindings()" if record.bindings else "",
        unknown=maybe(quote, record.unknown),
    )


def _type_binding(binding: plan.TypeBinding) -> str:
    signature = binding.signature
    symbol = (binding.procedure, binding.module) if binding.procedure else ()
    return call(
        "TypeBinding",
        *map(quote, (binding.name, *symbol)),
        exact=binding.exact,
        attribute=quote(binding.attribute) if binding.attribute != binding.name else "",
        passed=maybe(quote, binding.passed),
        # classes may stand further down
        signature=f"lambda: {signature_call(signature, binding.error)}"
        if signature
        else "",
        reason=maybe(quote, binding.reason),
        slot=str(binding.slot) if binding.slot >= 0 else "",
    )


def _exported(exported: plan.ExportedCallback) -> str:
    names = (quote(exported.name), identifier(exported.signature))
    return call("ExportedCallback", "_library", *names, "globals()")


def _elemental(elemental: plan.Elemental) -> str:
    loop = (elemental.routine, quote(elemental.loop))
    return call(
        "Elemental",
        identifier(elemental.function),
        quote(elemental.name),
        *map(data, elemental.arguments),
        result=maybe(data, elemental.result),
        loop=f"ElementLoop({', '.join(loop)})" if elemental.loop else "",
        in_order=elemental.in_order,
    )


def _each(each: plan.Each) -> str:
    kind = identifier(each.dtype) if each.dtype else f"bytes_type({each.length})"
    return call(
        "Each",
        *(quote(each.name), kind, flags(each.intent)),
        *([quote(each.position)] if each.position else []),
        convert=maybe(identifier, each.converter),
        optional=each.optional,
        like=maybe(quote, each.like),
    )


def _describer(describer: plan.Describer) -> str:
    layout = "c_arrays" if describer.interoperable else "arrays"
    if not describer.dtype:
        return call("text_describer", f"_compiler.{layout}")
    return call(
        "given_describer" if describer.use else "describer",
        *(f"_compiler.{layout}", identifier(describer.dtype)),
        logical=describer.logical,
        use=maybe(identifier, describer.use),
    )


def _callback_complex(result: plan.CallbackComplex) -> str:
    return call(
        "CallbackComplex", quote(result.name), identifier(result.type), "_library"
    )


def _callback_argument(argument: plan.CallbackArgument) -> str:
    length = argument.length
    elements = maybe(identifier, argument.type)
    if length is not None:
        elements += f"({length})"
    what: list[str] = []
    match argument.passed:
        case (
            plan.Passed.SCALAR
            | plan.Passed.OBJECT
            | plan.Passed.CLASS
            | plan.Passed.RESULT
        ):
            what = [elements]
        case plan.Passed.ARRAY | plan.Passed.OBJECT_ARRAY:
            shape = f"lambda {parameters(argument.needs)}".rstrip()
            what = [elements, f"{shape}: {extents(argument.extents)}"]
        case plan.Passed.DESCRIPTOR:
            what = [elements, str(argument.rank)]
        case plan.Passed.ANY:
            what = [str(argument.rank)]
        case plan.Passed.DEFERRED | plan.Passed.DEFERRED_RESULT:
            what = [elements or "None"]
        case plan.Passed.STRING:
            pass
        case _:
            assert_never(argument.passed)
    is_string = argument.passed is plan.Passed.STRING
    return call(
        CALLBACK_CLASSES[argument.passed],
        *(quote(argument.name), *what, flags(argument.flags)),
        length=str(length) if is_string and length is not None else "",
        by_value=argument.by_value,
        convert=maybe(identifier, argument.converter),
        interoperable=argument.interoperable,
        polymorphic=argument.polymorphic or argument.passed is plan.Passed.CLASS,
        rank=str(argument.rank) if argument.rank and argument.passed in RANKED else "",
        pointer=argument.pointer,
        registers=maybe(quote, argument.registers),
    )


def _shape(of: plan.Variable | plan.Constant | plan.ComputedConstant) -> list[str]:
    return [repr(of.extents)] if of.extents else []


def _variable(variable: plan.Variable) -> str:
    return call(
        "Variable",
        *(element_type(variable.dtype), *_shape(variable)),
        symbol=maybe(quote, variable.symbol),
        exact=variable.exact,
        common=maybe(identifier, variable.common),
        protected=variable.protected,
        located=variable.located,
    )


def _constant(constant: plan.Constant) -> str:
    values = list(map(format_python, constant.values))
    value = tuple_of(values) if constant.extents else values[0]
    element = element_type(constant.dtype)
    return call("Constant", element, value, *_shape(constant))


def _computed(constant: plan.ComputedConstant) -> str:
    known = (element_type(constant.dtype), *_shape(constant))
    return call("ComputedConstant", *known, symbol=quote(constant.symbol))


def _descriptor(variable: plan.Allocatable | plan.Pointer) -> str:
    return call(
        type(variable).__name__,
        *(element_type(variable.dtype), str(variable.rank)),
        symbol=maybe(quote, variable.symbol),
        exact=variable.exact,
        logical=variable.logical,
        protected=isinstance(variable, plan.Allocatable) and variable.protected,
    )


def _interface(interface: plan.ProcedureInterface) -> str:
    return call(
        "ProcedureInterface",
        identifier(interface.function),
        identifier(interface.signature) if interface.signature else "None",
        "globals()",
        reason=maybe(quote, interface.reason),
    )


def _procedure_pointer(pointer: plan.ProcedurePointer) -> str:
    return call(
        "ProcedurePointer",
        identifier(pointer.interface),
        protected=pointer.protected,
    )


def _library(library: plan.LibrarySearch) -> str:
    folders = [quoted_tuple(library.directories)] if library.directories else []
    linked = [quoted_tuple(library.links), *folders]
    return call(
        "Library",
        quote(library.module),
        linked=call("Links", *linked) if library.directories or library.links else "",
        path=maybe(quote, library.path),
        symbol=maybe(quote, library.symbol),
        int64=library.int64,
        abi=quote(library.abi) if library.abi != "auto" else "",
        needed="" if library.needed else "False",
        packages="blas_packages" if library.packages else "",
        compiler="_compiler" if library.compiler else "",
        stops="raising(FortranStop)" if library.stop_raises else "",
    )


def _compiler(compiler: plan.Compiler) -> str:
    return call(
        "Compiler",
        quote(compiler.name),
        procedure=quote(compiler.procedure),
        variable=quote(compiler.variable),
        length="" if compiler.length is None else quote(compiler.length),
        arrays=maybe(data, compiler.arrays),
        c_arrays=maybe(data, compiler.c_arrays),
        described_scalars=compiler.described_scalars,
        types=maybe(data, compiler.types),
    )


def _layout(layout: plan.DescriptorLayout) -> str:
    return call(
        "DescriptorLayout",
        dictionary((name, quote(code)) for name, code in layout.header),
        quoted_tuple(layout.dimension),
        dictionary((kind, str(code)) for kind, code in layout.codes),
        version=str(layout.version) if layout.version else "",
        attributes=repr(layout.attributes) if any(layout.attributes) else "",
        lower=str(layout.lower) if layout.lower != 1 else "",
    )


def _target(target: plan.Target) -> str:
    sizes = {name: str(size) for name, size in target.sizes}
    return call("check_target", quote(target.module), quote(target.name), **sizes)


SPELLINGS: Mapping[type, Callable[[Any], str]] = {
    **RECORD_SPELLINGS,
    plan.TypeBinding: _type_binding,
    plan.Binding: _binding,
    plan.CallbackSignature: signature_call,
    plan.ExportedCallback: _exported,
    plan.Describer: _describer,
    plan.Elemental: _elemental,
    plan.Each: _each,
    plan.CallbackArgument: _callback_argument,
    plan.CallbackComplex: _callback_complex,
    plan.Variable: _variable,
    plan.Constant: _constant,
    plan.ComputedConstant: _computed,
    plan.Allocatable: _descriptor,
    plan.Pointer: _descriptor,
    plan.ProcedureInterface: _interface,
    plan.ProcedurePointer: _procedure_pointer,
    plan.LibrarySearch: _library,
    plan.Compiler: _compiler,
    plan.Target: _target,
    plan.DescriptorLayout: _layout,
}
