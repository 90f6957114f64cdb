"""Gives different callbacks different names: routines of several modules may share a name, and so may their dummies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from f2pypy.model import Argument, Callback, FortranModule, Library, Procedure

Known = dict[tuple[str, str], Callback]


def with_unique_names(library: Library) -> Library:
    """Return a library in which one ``__user__`` module describes no two callbacks under one name."""
    known: Known = {}
    return replace(
        library,
        procedures=renamed(library.procedures, known),
        modules=tuple(in_module(module, known) for module in library.modules),
        by_name=tuple(
            with_own_name(callback, "external", known) for callback in library.by_name
        ),
    )


def in_module(module: FortranModule, known: Known) -> FortranModule:
    """Return a module whose callbacks have names different from all known ones."""
    pointers = tuple(
        replace(p, callback=with_own_name(p.callback, module.name, known))
        for p in module.pointers
    )
    procedures = renamed(module.procedures, known)
    return replace(module, procedures=procedures, pointers=pointers)


def renamed(procedures: Iterable[Procedure], known: Known) -> tuple[Procedure, ...]:
    """Return procedures whose callbacks have names different from the known ones; adds them to these."""
    return tuple(
        replace(
            procedure,
            arguments=tuple(
                with_own_callback(argument, procedure.fortran_module, known)
                for argument in procedure.arguments
            ),
        )
        if any(argument.callback for argument in procedure.arguments)
        else procedure
        for procedure in procedures
    )


def with_own_callback(argument: Argument, owner: str, known: Known) -> Argument:
    """Return a dummy procedure whose callback has a name of its own, or the name of an equal callback."""
    callback = argument.callback
    if callback is None:
        return argument
    return replace(
        argument, callback=with_own_name(callback, owner or "external", known)
    )


def with_own_name(callback: Callback, owner: str, known: Known) -> Callback:
    """Return a description under a name of its own, or that of an equal one."""
    while known.setdefault((callback.module, callback.name), callback) != callback:
        callback = replace(callback, module=f"{owner}_{callback.module}")
    return callback
