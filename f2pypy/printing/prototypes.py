"""What C declares of procedures, as modules say it."""

from __future__ import annotations

from f2pypy import plan
from f2pypy.printing.spelling import quote

# What C calls a type of the runtime; a logical is an integer of its kind.
C_NAMES = {
    "INT8": "int8_t",
    "INT16": "int16_t",
    "INT": "int",
    "LONG": "int64_t",
    "UINT8": "uint8_t",
    "UINT16": "uint16_t",
    "UINT": "uint32_t",
    "ULONG": "uint64_t",
    "LOGICAL8": "logical int8_t",
    "LOGICAL16": "logical int16_t",
    "LOGICAL": "logical int",
    "LOGICAL64": "logical int64_t",
    "FLOAT": "float",
    "DOUBLE": "double",
    "LONG_DOUBLE": "long double",
    "COMPLEX": "float complex",
    "DOUBLE_COMPLEX": "double complex",
    "COMPLEX_LONG_DOUBLE": "long double complex",
    "CHARACTER": "char",
    "LENGTH": "size_t",
    "ADDRESS": "void *",
    "": "void",
}


def prototype_text(prototype: plan.Prototype | None) -> str:
    """Return what C declares of a procedure, "" where it can't."""
    if prototype is None:
        return ""
    arguments = ", ".join(map(_declared, prototype.arguments))
    result = {None: "void", "": "void *"}.get(prototype.result) or C_NAMES[
        str(prototype.result)
    ]
    return quote(f"{'foreign ' * prototype.foreign}{result} ({arguments})")


def _declared(argument: plan.CArgument) -> str:
    # objects are of a type that C has no name for
    words = [*argument.words, C_NAMES.get(argument.code, argument.code)]
    if argument.extents is not None:
        words.append("".join(f"[{extent}]" for extent in argument.extents))
    elif argument.by_address:
        words.append("*")
    return " ".join(words)
