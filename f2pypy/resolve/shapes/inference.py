"""What f2py infers from array declarations: ``a(n)`` makes `n` an optional argument with ``shape(a, 0)``.

Source: the rules observed on f2py, which are also those of its user guide. An extent that is linear in a
variable without a default or explicit dependence gives that variable its default and a check; any other makes
it a required argument and puts the check on the array.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from f2pypy.expressions.f2py_texts import extent_text
from f2pypy.expressions.linear import solve
from f2pypy.expressions.nodes import ASKED, Binary, Call, Expression, Integer, Name
from f2pypy.expressions.walk import used_names
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.arguments.intents import is_input
from f2pypy.resolve.arguments.order import reaches
from f2pypy.resolve.names.declarations import MAY_BE_ABSENT
from f2pypy.resolve.names.texts import ReadText, names_in


def shape_of(array: str, axis: int, names: Container[str]) -> Expression:
    """Return the call for an extent as a signature file writes it, ``shape(a, 0)``; `names` are the arguments."""
    function = "f2py_shape" if "shape" in names else "shape"
    return Call(function, (Name(array), Integer(axis)))


def without_questions_to_outputs(drafts: Mapping[str, Draft]) -> dict[str, Draft]:
    """Return the drafts without defaults that need the shape of an array which itself needs them.

    This happens in a signature file that ``-h`` wrote if ``intent(out), depend(n)`` is added to ``a(n)`` by hand: with
    ``n = shape(a, 0)`` neither could be computed, so the caller must give `n`.
    """
    found = dict(drafts)
    for array, draft in drafts.items():
        if draft.extents is None or is_input(draft.declaration.intents):
            continue
        for name in draft.depends or ():
            asking = found.get(name)
            if asking is None or asking.extents is not None or asking.initial is None:
                continue
            if names_in((asking.initial,)) == {array}:
                found[name] = replace(
                    asking,
                    initial=None,
                    optional=False,
                    checks=tuple(
                        c for c in asking.checks if array not in names_in((c,))
                    ),
                    depends=tuple(d for d in asking.depends or () if d != array),
                )
    return found


def infer_extents(
    drafts: Mapping[str, Draft], arguments: Sequence[str]
) -> dict[str, Draft]:
    """Return the drafts with the defaults, checks and dependences that array extents imply."""
    inferred = dict(drafts)
    for name in arguments:
        draft = inferred.get(name)
        if draft is None or draft.extents is None or draft.checked:
            continue
        if MAY_BE_ABSENT in draft.declaration.flags:
            # an array that may be missing tells nothing
            depend_on_extents(inferred, name, arguments)
            continue
        if is_input(draft.declaration.intents):
            for axis, extent in enumerate(draft.extents):
                if extent is not None:
                    infer_from_extent(inferred, name, axis, extent, arguments)
        depend_on_extents(inferred, name, arguments)
    return inferred


def infer_from_extent(
    drafts: dict[str, Draft],
    array: str,
    axis: int,
    extent: ReadText,
    arguments: Sequence[str],
) -> None:
    """Use one extent of an input array for the variables it mentions."""
    used = used_names(extent.expression)
    mentioned = [v for v in arguments if v in used]
    size = shape_of(array, axis, drafts)
    condition = ReadText(
        Binary("==", size, extent.expression),
        f"{extent_text(size, '')} == {shown_text(extent)}",
        extent.span,
    )
    for variable in mentioned:
        draft = drafts[variable]
        explicit = drafts[array].depends or ()
        if (
            variable in explicit
            or draft.initial is not None
            or draft.depends is not None
        ):
            continue
        others = [v for v in mentioned if v != variable]
        solution = solve(extent.expression, variable, size)
        if solution is None or others or needs(drafts, array, variable):
            # one extent can't tell two variables
            require_variable(drafts, variable, array, condition)
            continue
        default = ReadText(solution, extent_text(solution, ""), extent.span)
        drafts[variable] = replace(
            draft,
            initial=default,
            depends=(array,),
            checks=draft.checks if draft.checked else (condition,),
            optional=True,
        )


def shown_text(extent: ReadText) -> str:
    """Return an extent as messages show it, in the source's words if a compiled function computes it."""
    match extent.expression:
        case Call(function) if function.startswith(ASKED):
            return extent.text
        case expression:
            return extent_text(expression, extent.text)


def require_variable(
    drafts: dict[str, Draft], variable: str, array: str, condition: ReadText
) -> None:
    """Make `variable` a required argument, and check the array against it."""
    given = drafts[variable].declaration
    if not is_input(given.intents):
        given = replace(given, intents=(*given.intents, "in"))
    # another array may still tell a default for it, but it stays required
    given = replace(given, flags=given.flags | {"required"})
    drafts[variable] = replace(drafts[variable], declaration=given)
    owner = drafts[array]
    known = condition in owner.checks
    drafts[array] = replace(
        owner,
        depends=(*(owner.depends or ()), variable),
        checks=owner.checks if known else (*owner.checks, condition),
    )


def needs(drafts: Mapping[str, Draft], array: str, variable: str) -> bool:
    """Whether other extents of the array are known only after the variable."""
    depends = {name: draft.depends or () for name, draft in drafts.items()}
    return any(
        name not in (variable, array) and reaches(depends, name, variable)
        for name in names_in(drafts[array].extents or ())
        if name in drafts
    )


def depend_on_extents(
    drafts: dict[str, Draft], array: str, arguments: Sequence[str]
) -> None:
    """Convert an array after the variables of its extents, unless they are taken from the array."""
    draft = drafts[array]
    needed = [
        v
        for extent in draft.extents or ()
        if extent is not None
        for used in (used_names(extent.expression),)
        for v in arguments
        if v in used and v != array and not is_taken_from(drafts[v], array)
    ]
    if needed:
        drafts[array] = replace(
            draft, depends=tuple(dict.fromkeys((*(draft.depends or ()), *needed)))
        )


def is_taken_from(draft: Draft, array: str) -> bool:
    """Whether a variable gets its value from `array`: by an explicit dependence or by its default."""
    if array in (draft.depends or ()):
        return True
    return draft.initial is not None and array in used_names(draft.initial.expression)
