"""Finds the modules, not among the files, that unknown names may come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from f2pypy import syntax
from f2pypy.resolve.names.intrinsic_modules import INTRINSIC_MODULES

WORD = re.compile(r"[A-Za-z_]\w*")
# What messages say of names that nothing knows.
UNKNOWN = re.compile(r"isn't known|unknown|of derived type|isn't constant")


def origin_of(
    message: str,
    items: Iterable[syntax.Item],
    modules: Mapping[str, syntax.Module],
) -> str:
    """Return a hint at the module of the name that `message` calls unknown, "" if there is none.

    `items` are those of the unit and its hosts, `modules` the known modules.
    """
    if UNKNOWN.search(message) is None:
        return ""
    named, whole = missing_modules(items, modules)
    for word in WORD.findall(message):
        if word in named:
            return f" (it comes from the module {named[word]!r}, which isn't among the files)"
    if whole:
        shown = " or ".join(map(repr, whole))
        return (
            f" (perhaps it comes from the module {shown}, which isn't among the files)"
        )
    if message.startswith("the kind '"):
        return " (a kind map can say what it is: --f2cmap)"
    return ""


def missing_modules(
    items: Iterable[syntax.Item], modules: Mapping[str, syntax.Module]
) -> tuple[dict[str, str], list[str]]:
    """Return the names with the missing modules that they are taken from, and the missing ones taken whole."""
    named: dict[str, str] = {}
    whole: list[str] = []
    entered: set[str] = set()
    waiting = [i for i in items if isinstance(i, syntax.Use)]
    while waiting:
        use = waiting.pop()
        module = use.module.lower()
        if module in modules:
            if module not in entered:
                entered.add(module)
                waiting += [
                    i for i in modules[module].items if isinstance(i, syntax.Use)
                ]
        elif module not in INTRINSIC_MODULES and "__user__" not in module:
            named.update((local, use.module) for local, _ in use.renames)
            if not use.only and use.module not in whole:
                whole.append(use.module)
    return named, whole
