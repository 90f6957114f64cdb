"""From a generic name to the chain of tests that tells its procedures apart."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.diagnostics import Diagnostics
from f2pypy.lower.asked import (
    Wording,
    rivals_among,
    undivided,
    ways_to_ask,
)
from f2pypy.lower.candidates import Candidate, describe_generic, interface_text
from f2pypy.lower.chains import Chain
from f2pypy.lower.docstring import with_names
from f2pypy.lower.names import Names
from f2pypy.model import DerivedType, TypeName
from f2pypy.model.generics import function_name

# What is said of a generic name that has nothing to call.
NO_WRAPPER = "none of its specific procedures ({}) has a wrapper"


def plan_generics(
    generics: Iterable[model.Generic],
    owners: tuple[str, str],
    candidates: Mapping[model.Specific, Candidate],
    own: frozenset[str],
    types: Mapping[TypeName, DerivedType],
    identifier: Callable[[str], str],
    diagnostics: Diagnostics,
) -> list[plan.Generic]:
    """Return the plans of generic names; those that can't be told apart are reported and left out.

    `owners` are the generated module and the Fortran module, "" outside of one; `candidates` are the wrapped procedures
    of the library, `own` the names of the generated module that a function may not hide, `types` the derived types;
    `identifier` returns a free name of it.
    """
    found = []
    for generic in generics:
        there = [candidates[s] for s in generic.specifics if s in candidates]
        names = names_of(generic)
        planned = None
        if there:
            reason = f"no argument that Python gives tells its specific procedures apart ({names})"
            function = identifier("_".join(filter(None, (owners[1], generic.name))))
            label = ".".join(filter(None, (*owners, generic.name)))
            planned = plan_generic(generic, there, function, label, own, types)
        else:
            reason = NO_WRAPPER.format(names)
        if planned is None:
            leave_out(generic, owners[1], reason, diagnostics)
        else:
            found.append(planned)
    return found


def report_operators(
    module: model.FortranModule,
    candidates: Container[model.Specific],
    diagnostics: Diagnostics,
) -> None:
    """Report the operators of a Fortran module, and its assignment, of which no procedure has a wrapper."""
    for operator in module.operators:
        if not any(specific in candidates for specific in operator.specifics):
            reason = NO_WRAPPER.format(names_of(operator))
            leave_out(operator, module.name, reason, diagnostics)


def names_of(generic: model.Generic) -> str:
    """Return the names of the procedures as messages list them."""
    return ", ".join(specific.name for specific in generic.specifics)


def leave_out(
    generic: model.Generic, owner: str, reason: str, diagnostics: Diagnostics
) -> None:
    """Report why a generic name of a Fortran module, "" outside of one, isn't there."""
    message = f"{generic.name} is left out: {reason}"
    # a defined operator is a function of its name
    diagnostics.skip(generic.span, message, f"{owner}.{function_name(generic.name)}")


def plan_enumerations(
    module: model.FortranModule, identifier: Callable[[str], str]
) -> list[plan.Enumeration]:
    """Return the plans of the classes for a Fortran module's ENUM blocks; `identifier` is as above."""
    found = []
    for each in module.enumerations:
        listed = ", ".join(f"{name} = {value}" for name, value in each.members)
        about = f"Enumerators of the Fortran module {module.name}: {listed}."
        members = [name for name, _ in each.members]
        docstring = with_names(about, members, replace(module.description, text=""))
        name = identifier(f"{module.name}_{each.name}")
        found.append(plan.Enumeration(name, each.name, each.members, docstring))
    return found


def plan_generic(
    generic: model.Generic,
    candidates: Sequence[Candidate],
    function: str,
    label: str,
    own: frozenset[str],
    types: Mapping[TypeName, DerivedType],
    *,
    itself: str = "",
    is_strict: bool = False,
    is_packed: bool = False,
) -> plan.Generic | None:
    """Return the plan of a generic name; None where no argument tells its procedures apart.

    `own` are the names of the module that its function may not hide, `types` the derived types of the library. A method
    gets the object as `itself`. A strict one looks at all arguments, so that it refuses those that only a conversion
    would refuse, and a packed one also at their number.
    """
    rivals = rivals_among(candidates)
    if is_strict or not any(each.asks for each in rivals):
        rivals = list(map(undivided, rivals))
    if sum(len(each.parts) for each in rivals) == 1 and len(candidates) > 1:
        return None
    first = candidates[0]
    asks = tuple(dict.fromkeys(name for each in rivals for name in each.asks))
    is_packed |= bool(asks)
    is_packed |= any(each.interface != first.interface for each in candidates)
    names = Names(own | {each.wrapper.function for each in candidates})
    packed = (names.fresh("arguments"), names.fresh("keywords"))
    asked = names.fresh("asked")
    parameters = None if is_packed else common_parameters(candidates)
    for parameter in parameters or ():
        names.add(parameter.name)
    chain = Chain(rivals, names, is_packed, types, is_strict, asks)
    values = chain.values()
    cases = tuple(chain.cases(values))
    judged = {w.local for case in cases for w in case.wanted if not w.record}
    looked_at = {w.local for case in cases for w in case.wanted if is_plain(w)}
    bound = tuple(bound_methods(candidates, parameters, itself))
    returns = same(each.wrapper.returns for each in candidates)
    if not all(each.itself for each in bound):
        returns = "Any"  # type checkers know nothing of packed arguments, nor of their methods
    wording = Wording([r for each in candidates for r in each.returned])
    ways = {
        each.wrapper.function: [
            wording.text(r) for r in each.returned if r.name in asks
        ]
        for each in candidates
        if asks
    }
    return plan.Generic(
        generic.name,
        function,
        label,
        parameters,
        returns,
        describe_generic(generic, candidates, ways, is_packed=is_packed),
        values,
        cases,
        tuple(interface_text(c, ways.get(c.wrapper.function, ())) for c in candidates),
        bool(asks) or (is_packed and chain.counts_differ),
        () if is_packed else first.wrapper.renamed,
        tuple((n, names.fresh(f"kind_of_{n}")) for n in sorted(looked_at)),
        tuple((n, names.fresh(f"{n}_nature")) for n in sorted(judged)),
        names.fresh("level"),
        packed,
        itself,
        tuple(each.wrapper.function for each in candidates),
        asks,
        asked,
        ways_to_ask(rivals, wording, types) if asks else (),
        bound=bound,
    )


def bound_methods(
    candidates: Iterable[Candidate],
    parameters: Sequence[plan.Parameter] | None,
    itself: str,
) -> Iterator[plan.BoundMethod]:
    """Yield the methods of objects that a generic name calls in place of procedures.

    In a method the object is `itself`; elsewhere it is one of the `parameters`, or the first packed argument.
    """
    for each in candidates:
        found = itself
        if not itself and parameters is not None and each.place >= 0:
            found = parameters[each.place].name
        if each.method and (found or (parameters is None and each.place == 0)):
            yield plan.BoundMethod(each.wrapper.function, each.method, found)


def is_plain(wanted: plan.Wanted) -> bool:
    """Whether a look at a value's Python type may tell that a procedure takes it."""
    return wanted.rank == 0 and not wanted.written and wanted.code[0] in "ifcbS"


def common_parameters(candidates: Sequence[Candidate]) -> tuple[plan.Parameter, ...]:
    """Return the parameters of procedures that differ only in the types of theirs."""
    columns = zip(*(each.wrapper.parameters for each in candidates), strict=True)
    return tuple(
        replace(column[0], annotation=same(p.annotation for p in column), record="")
        for column in columns
    )


def same(annotations: Iterable[str]) -> str:
    """Return the annotation that all have, or that of anything."""
    found = set(annotations)
    return found.pop() if len(found) == 1 else "Any"
