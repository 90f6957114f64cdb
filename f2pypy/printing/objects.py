"""Common blocks and Fortran modules: the class that declares what one has, and its object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from keyword import iskeyword

from f2pypy import plan
from f2pypy.expressions.identifiers import free_name
from f2pypy.files.scopes import global_names
from f2pypy.printing.data import data, names_by_text, texts
from f2pypy.printing.filling import fill
from f2pypy.printing.spelling import call, identifier, indent_docstring, maybe, quote


def object_text(made: plan.CommonBlock | plan.FortranModule) -> str:
    """Return the class of a common block or Fortran module, and the assignment of its only object."""
    kind = type(made).__name__
    name = identifier(made.class_name)
    lines = [
        f"class {name}({kind}):",
        f'    """{indent_docstring(made.docstring)}"""',
        "",
    ]
    lines += [fill(f"    {line}") for line in declarations(made)]
    fixed = fill(f"{identifier(made.identifier)} = {new_object(name, made)}")
    # for Sphinx: the object's own docstring has f2py's form, with the sections of several routines
    about = [f"#: {line}".rstrip() for line in made.docstring.split("\n")]
    return "\n".join([*lines, "", "", *about, fixed])


def new_object(name: str, made: plan.CommonBlock | plan.FortranModule) -> str:
    """Return the call of the class `name` that makes the object."""
    known = ("_library", quote(made.name))
    if isinstance(made, plan.CommonBlock):
        return call(name, *known, symbol=maybe(quote, made.symbol))
    return call(
        name,
        *known,
        callbacks=maybe(names_by_text, made.callbacks),
        left_out=maybe(texts, made.left_out),
    )


def declarations(made: plan.CommonBlock | plan.FortranModule) -> Iterator[str]:
    """Yield the lines of the class: an attribute for each variable, routine, type and enumerator.

    A name that Python reserves, or that other lines need with its usual meaning, is that of no attribute.
    """
    found = [(variable.name, data(variable)) for variable in made.variables]
    settable: tuple[str, ...] = ()
    if isinstance(made, plan.FortranModule):
        found += entities(made)
        settable = tuple(name for name, _ in made.callbacks)
    used = global_names("\n".join(value for _, value in found))
    taken = {*used, *(name for name, _ in found)}
    for name, value in found:
        if iskeyword(name) or name.startswith("_") or name in used:
            attribute = free_name(f"_{name.strip('_')}_", taken)
            taken.add(attribute)
            yield f"{identifier(attribute)} = {value}.called({quote(name)})"
        else:
            yield f"{identifier(name)} = {value}"
    for name in settable:
        if not iskeyword(name):
            yield f"{identifier(name)}: Any"


def entities(module: plan.FortranModule) -> Iterable[tuple[str, str]]:
    """Yield the names of what a module has besides variables, with the text of each."""
    for name, value in (*module.routines, *module.types):
        yield name, call("Entity", identifier(value))
    for enumeration in module.enumerations:
        yield enumeration.name, call("Entity", identifier(enumeration.identifier))
        for member, _ in enumeration.members:
            place = f"{identifier(enumeration.identifier)}.{identifier(member)}"
            yield member, call("Entity", place)
    for each in module.reexports:
        yield each.name, reexport_text(each)


def reexport_text(shown: plan.Reexport | plan.SharedVariable) -> str:
    """Return what a module shows of another one."""
    if isinstance(shown, plan.Reexport):
        members = (shown.identifier, *filter(None, [shown.member]))
        place = ".".join(map(identifier, members))
        return call("Reexport", place, quote(f"{shown.owner}.{shown.there}"))
    owner, there = identifier(shown.identifier), quote(shown.there)
    is_plain = not (iskeyword(shown.there) or shown.there.startswith("_"))
    read = f"{owner}.{shown.there}" if is_plain else f"getattr({owner}, {there})"
    return call("SharedVariable", f"lambda: {read}", owner, there)
