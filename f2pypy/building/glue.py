"""Fortran glue for what ctypes alone can't do.

f2pypy compiles it into the library for procedures that Python provides, for constants that only a compiler can compute,
and for variables without a symbol.

A routine may call by name a procedure that the module's user provides in Python (``intent(callback)``). The library
then needs a procedure of that name: it passes all arguments on to the address in a variable, which the module sets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from f2pypy.abi.conventions import COMPUTED, Compiler
from f2pypy.expressions.nodes import ASKED_MODULE, Kind
from f2pypy.model import Callback, DataType, FunctionInterface, Library, Question
from f2pypy.signatures.shapes import type_text

# What C code in a signature file may count on.
USERCODE_PRELUDE = """\
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
typedef struct { float r, i; } complex_float;
typedef struct { double r, i; } complex_double;
typedef signed char signed_char;
typedef long long long_long;
typedef char *string;
typedef char character;
#define F_FUNC(name, NAME) {symbol}
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#line 1 "usercode"
"""


def write_usercode(library: Library, compiler: Compiler) -> str:
    """Return the C source with a signature file's usercode."""
    symbol = compiler.procedure.replace("{name}", "name##").removesuffix("##")
    return USERCODE_PRELUDE.replace("{symbol}", symbol) + library.usercode


# The kinds of ISO_C_BINDING by type and bytes.
RESULT_TYPES = {
    (Kind.INTEGER, 1): "integer(c_int8_t)",
    (Kind.INTEGER, 2): "integer(c_int16_t)",
    (Kind.INTEGER, 4): "integer(c_int32_t)",
    (Kind.INTEGER, 8): "integer(c_int64_t)",
    (Kind.LOGICAL, 1): "integer(c_int8_t)",
    (Kind.LOGICAL, 2): "integer(c_int16_t)",
    (Kind.LOGICAL, 4): "integer(c_int32_t)",
    (Kind.LOGICAL, 8): "integer(c_int64_t)",
    (Kind.REAL, 4): "real(c_float)",
    (Kind.REAL, 8): "real(c_double)",
    (Kind.REAL, 10): "real(c_long_double)",
    (Kind.COMPLEX, 8): "complex(c_float_complex)",
    (Kind.COMPLEX, 16): "complex(c_double_complex)",
    (Kind.COMPLEX, 20): "complex(c_long_double_complex)",
}
# What fits a line of Fortran with what stands before it.
LONGEST = 100
# What a function gives while nothing provides it.
ZEROS = {"integer": "0", "real": "0.0", "complex": "(0.0, 0.0)"}


def write_glue(callbacks: Iterable[Callback], compiler: Compiler) -> str:
    """Return a Fortran module with a procedure and a variable ``f2pypy_name`` for each callback.

    The procedure gets the symbol of an external procedure, because its callers look for that.
    """
    callbacks = tuple(callbacks)
    lines = [
        "module f2pypy_callbacks",
        "  use iso_c_binding",
        "  use iso_fortran_env, only: error_unit",
        "  implicit none",
    ]
    for callback in callbacks:
        lines.append(
            f'  type(c_funptr), bind(c, name="f2pypy_{callback.name}") :: target_{callback.name} = c_null_funptr'
        )
    lines.append("contains")
    for callback in callbacks:
        symbol = compiler.symbol_of(callback.name)
        lines += write_procedure(callback, symbol)
    lines += ["end module", ""]
    return "\n".join(lines)


def write_constants(library: Library) -> str:
    """Return a Fortran module that provides values of constants and addresses of variables that only a compiler knows.

    A variable with the constant's short name holds the value; a C function returns the address.
    """
    uses, declared, functions = [], [], []
    constants, places = library.computed_constants(), library.shared_variables()
    for module in library.modules:
        for variable in module.variables:
            if variable.computed:
                short = constants[module.name, variable.name]
                uses.append(f"  {use_line(module.name, variable.name, short)}")
                extents = ",".join(map(str, variable.extents))
                shape = f", dimension({extents})" if extents else ""
                declared.append(
                    f"  {fortran_type(variable.type)}{shape} :: {short} = given_{short}"
                )
            if variable.shared:
                short = places[module.name, variable.name]
                functions += write_place(module.name, variable.name, short)
    inside = ["contains", *functions] if functions else []
    head = [f"module {COMPUTED}", *uses, "  implicit none"]
    return "\n".join([*head, *declared, *inside, "end module", ""])


def write_questions(library: Library) -> str:
    """Return a Fortran module, and submodules of the user's, with a function for each extent that is asked for."""
    lines: list[str] = []
    for host in dict.fromkeys(question.host for question in library.questions):
        kind = f"submodule ({host})" if host else "module"
        lines += [f"{kind} {ASKED_MODULE}", "contains"]
        for question in library.questions:
            if question.host == host:
                lines += [f"  {line}" for line in write_question(question)]
        lines.append(f"end {kind.partition(' ')[0]}")
    return "\n".join([*lines, ""])


def write_question(question: Question) -> list[str]:
    """Return the function that computes one extent: that of an array without memory, declared as in the source."""
    names = ", &\n    ".join(name for name, _, _ in question.dummies)
    lines = [f"function {question.name}({names}) result(f2pypy_extent)"]
    for use in question.uses:
        intrinsic = ", intrinsic ::" if use.intrinsic else ""
        renamed = "" if use.local == use.name else f"{use.local} => "
        lines.append(f"  use{intrinsic} {use.module}, only: &\n    {renamed}{use.name}")
    lines.append("  implicit none")
    for name, value, size in question.constants:
        kind, suffix = (f"({size})", f"_{size}") if size else ("", "")
        lines.append(f"  integer{kind}, parameter :: {name} = {value}{suffix}")
    lines += [f"  {continued(line)}" for line in question.own]
    for view in question.commons:
        for name, type_, extents in view.members:
            lines.append(
                f"  {fortran_type(type_)} :: {declared(name, map(str, extents))}"
            )
        for name, _, _ in view.members:
            lines.append(f"  common /{view.block}/ {name}")
    for name, type_, lower in question.dummies:
        bounds = (f"{bound}:" for bound in lower or ())
        lines.append(f"  {dummy_type(type_)}, intent(in) :: {declared(name, bounds)}")
    for interface in question.interfaces:
        lines += [f"  {line}" for line in write_interface(interface)]
    length, extent = ("&\n", "0") if question.is_length else ("0", "&\n")
    inquiry = "len" if question.is_length else "size"
    said = {"&\n": f"&\n    {continued(question.dimension)}"}
    return [
        *lines,
        f"  character(len={said.get(length, length)}) :: f2pypy_array({said.get(extent, extent)})",
        "  integer(8) :: f2pypy_extent",
        f"  f2pypy_extent = {inquiry}(f2pypy_array, kind=8)",
        "end function",
    ]


def write_interface(interface: FunctionInterface) -> list[str]:
    """Return the interface block of a function that an extent calls."""
    names = ", &\n    ".join(name for name, _, _ in interface.dummies)
    lines = ["interface", f"  pure function {interface.name}({names}) &"]
    lines.append("      result(f2pypy_result)")
    for name, type_, dimensions in interface.dummies:
        lines.append(
            f"    {dummy_type(type_)}, intent(in) :: {declared(name, dimensions or ())}"
        )
    lines.append(f"    {fortran_type(interface.result)} :: f2pypy_result")
    return [*lines, "  end function", "end interface"]


def continued(text: str) -> str:
    """Return a text on as many lines as it needs; free form may be broken anywhere between two ``&``."""
    return "&\n&".join(text[at : at + LONGEST] for at in range(0, len(text), LONGEST))


def fortran_type(type_: DataType) -> str:
    """Return a type with a number for its kind."""
    return type_text(replace(type_, constant=""))


def dummy_type(type_: DataType) -> str:
    """Return the type of a dummy argument, of characters with any length."""
    return "character(len=*)" if is_text(type_) else fortran_type(type_)


def declared(name: str, dimensions: Iterable[str]) -> str:
    """Return a name with its dimensions, alone for a scalar."""
    inside = ",".join(dimensions)
    return f"{name}({inside})" if inside else name


def use_line(module: str, name: str, short: str) -> str:
    """Return the ``use`` statement for one name of a module."""
    return f"use {module}, only: &\n    given_{short} => {name}"


def write_place(module: str, name: str, short: str) -> list[str]:
    """Return the function that returns a variable's address."""
    # LOC is an extension that all compilers have; C_LOC wants a target, which nothing in an EQUIVALENCE may be.
    return [
        f'  function {short}() bind(c, name="{COMPUTED}_{short}") result(address)',
        "    use iso_c_binding, only: c_intptr_t",
        f"    {use_line(module, name, short)}",
        "    integer(c_intptr_t) :: address",
        f"    address = loc(given_{short})",
        "  end function",
    ]


def write_procedure(callback: Callback, symbol: str) -> list[str]:
    """Return the procedure that passes its arguments on as C sees them: addresses and lengths."""
    addresses, lengths = passed(callback)
    names = ", &\n    ".join((*addresses, *lengths))
    declared = [f"type(c_ptr), value :: {name}" for name in addresses]
    declared += [f"integer(c_size_t), value :: {name}" for name in lengths]
    result = result_type(callback)
    kind = "subroutine" if result is None else "function"
    typed = [] if result is None else [f"{result} :: answer"]
    head = f"{kind} {{name}}({names}) bind(c{{binding}})"
    if result is not None:
        head += " result(answer)"
    binding = f', name="{symbol}"'
    call = f"target({names})"
    zero = (
        [] if result is None else [f"      answer = {ZEROS[result.partition('(')[0]]}"]
    )
    return [
        "  " + head.format(name=f"call_{callback.name}", binding=binding),
        *(f"    {line}" for line in (*declared, *typed)),
        "    abstract interface",
        "      " + head.format(name="shape", binding=""),
        "        import",
        *(f"        {line}" for line in (*declared, *typed)),
        f"      end {kind}",
        "    end interface",
        "    procedure(shape), pointer :: target",
        f"    if (.not. c_associated(target_{callback.name})) then",
        f'      write (error_unit, *) "nothing provides {callback.name}, which Fortran calls: it gets zero"',
        *zero,
        "      return",
        "    end if",
        f"    call c_f_procpointer(target_{callback.name}, target)",
        f"    call {call}" if result is None else f"    answer = {call}",
        f"  end {kind}",
    ]


def passed(callback: Callback) -> tuple[list[str], list[str]]:
    """Return names for the addresses that the procedure gets, and for the lengths after them."""
    addresses = []
    lengths = []
    if is_text(callback.result.type if callback.result else None):
        # a character result: its memory and its length come first, both as wide as an address
        addresses += ["result_memory", "result_length"]
    for number, argument in enumerate(callback.arguments, 1):
        addresses.append(f"a{number}")
        if is_text(argument.type) and callback.lengths:
            lengths.append(f"l{number}")
    return addresses, lengths


def is_text(type_: DataType | None) -> bool:
    """Whether a type has a hidden length."""
    return type_ is not None and type_.kind is Kind.CHARACTER


def result_type(callback: Callback) -> str | None:
    """Return the type of a function's result as C has it, None where nothing is returned in registers."""
    if callback.result is None or is_text(callback.result.type):
        return None
    return RESULT_TYPES[callback.result.type.kind, callback.result.type.size]


def wanted_symbols(
    library: Library, compiler: Compiler, pattern: str | None
) -> list[str]:
    """Return the symbols that the module may look for: those of its procedures, variables and common blocks.

    `pattern` is the user's spelling of external symbols.
    """

    def external(name: str) -> list[str]:
        upper = name.upper()
        usual = [f"{name}_", name, f"{name}__", upper, f"{upper}_"]
        return [pattern.format(name=name)] if pattern else usual

    found = []
    for procedure in library.procedures:
        symbol = procedure.symbol
        found += [symbol] if procedure.exact_symbol else external(symbol)
    for block in library.commons:
        found += [block.symbol] if block.symbol else external(block.name)
    for module in library.modules:
        inside = partial(str.format, module=module.name)
        for inner in module.procedures:
            spelled = inside(compiler.module_procedure, name=inner.symbol)
            found.append(inner.symbol if inner.exact_symbol else spelled)
        for variable in module.variables:
            spelled = inside(compiler.module_variable, name=variable.symbol)
            found.append(variable.symbol if variable.exact else spelled)
    return found
