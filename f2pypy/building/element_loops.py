"""Fortran loops that call elemental procedures for the elements of arrays, for modules whose library f2pypy compiles.

A loop knows a procedure by its address and how it is called, not by its name: it serves all that are called alike,
private ones and those of other libraries too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from f2pypy.building.glue import RESULT_TYPES
from f2pypy.model import DataType, ElementLoop

WORD = "integer(c_intptr_t)"


def write_loops(loops: Iterable[ElementLoop]) -> str:
    """Return a Fortran module with a C function for each loop; "" where there is none."""
    written = [
        line
        for number, loop in enumerate(filter(is_known, loops), 1)
        for line in write_loop(loop, f"each_{number}")
    ]
    if not written:
        return ""
    head = ["module f2pypy_elements", "  use iso_c_binding", "  implicit none"]
    return "\n".join([*head, "contains", *written, "end module", ""])


def is_known(loop: ElementLoop) -> bool:
    """Whether C has the types of the result and of what is passed by value."""
    types = (t for t in (loop.result, *loop.arguments) if t is not None)
    return all((t.kind, t.size) in RESULT_TYPES for t in types)


def c_type(type_: DataType) -> str:
    """Return the type of ISO_C_BINDING for a number or a logical."""
    return RESULT_TYPES[type_.kind, type_.size]


def write_loop(loop: ElementLoop, name: str) -> Iterator[str]:
    """Yield the lines of one loop: words grow by steps, and what is passed by value is read from where they point."""
    dummies = [f"a{place}" for place in range(1, len(loop.arguments) + 1)]
    names = ", &\n        ".join(dummies)
    first = 1 if loop.result is None else 2
    kind = "subroutine" if loop.result is None else "function"
    yield f'  subroutine {name}(target, count, words, steps) bind(c, name="{loop.symbol}")'
    yield "    type(c_funptr), value :: target"
    yield f"    {WORD}, value :: count"
    yield f"    {WORD}, intent(in) :: words(*), steps(*)"
    yield "    abstract interface"
    yield f"      {kind} shape({names}) bind(c)"
    yield "        import"
    for dummy, type_ in zip(dummies, loop.arguments, strict=True):
        yield f"        {WORD if type_ is None else c_type(type_)}, value :: {dummy}"
    if loop.result is not None:
        yield f"        {c_type(loop.result)} :: shape"
    yield f"      end {kind}"
    yield "    end interface"
    yield "    procedure(shape), pointer :: element"
    yield f"    {WORD} :: i"
    if loop.result is not None:
        yield f"    {c_type(loop.result)}, pointer :: answer"
    passed = []
    for place, type_ in enumerate(loop.arguments):
        word = f"words({place + first}) + i*steps({place + first})"
        passed.append(word if type_ is None else f"v{place + 1}")
        if type_ is not None:
            yield f"    {c_type(type_)}, pointer :: v{place + 1}"
    yield "    call c_f_procpointer(target, element)"
    yield "    do i = 0, count - 1"
    for place, type_ in enumerate(loop.arguments):
        if type_ is not None:
            yield point(f"v{place + 1}", place + first)
    values = ", &\n        ".join(passed)
    if loop.result is None:
        yield f"      call element({values})"
    else:
        yield point("answer", 1)
        yield f"      answer = element({values})"
    yield "    end do"
    yield "  end subroutine"


def point(pointer: str, place: int) -> str:
    """Return the statement that points to an element."""
    word = f"words({place}) + i*steps({place})"
    return f"      call c_f_pointer(transfer({word}, c_null_ptr), {pointer})"
