"""From type-bound procedures to the methods of classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.dataclass import dataclass
from f2pypy.diagnostics import Diagnostics, Span
from f2pypy.expressions.identifiers import free_name
from f2pypy.lower.candidates import Candidate
from f2pypy.lower.deferred_bindings import DeferredBindings, deferred_binding
from f2pypy.lower.docstring import describe_procedure
from f2pypy.lower.generics import plan_generic
from f2pypy.lower.names import Names, attribute_of
from f2pypy.model import Binding, DerivedType, Specific, TypeName


@dataclass(frozen=True)
class MethodPlanner:
    """Plans the methods of the classes for the types of a library.

    `candidates` are the procedures that have wrappers, `deferred` what stands for deferred bindings; `own` are the
    names of the module that no function may hide.
    """

    library: str
    types: Mapping[TypeName, DerivedType]
    candidates: Mapping[Specific, Candidate]
    deferred: DeferredBindings
    own: frozenset[str]
    diagnostics: Diagnostics

    def methods(self, type_: DerivedType) -> Iterator[plan.AnyMethod]:
        """Yield the methods that the class of a type has of its own, those of public bindings."""
        for binding in type_.bindings:
            if binding.hidden or binding.specifics:
                continue
            candidate = self.candidate(binding)
            if candidate is None:
                yield self.missing(binding, type_)
            else:
                yield method_of(binding, candidate)
        for name in self.generic_names(type_):
            yield from self.generic(name, type_)

    def candidate(self, binding: Binding) -> Candidate | None:
        """Return the procedure of a binding, None where it has no wrapper."""
        return self.candidates.get(binding.procedure) if binding.procedure else None

    def chosen(self, binding: Binding) -> Candidate | None:
        """Return what a generic name calls for a binding, None where there is nothing.

        That is the method of the object, as Fortran calls what the object's own type binds. A private binding has none:
        its procedure is called.
        """
        if binding.hidden:
            return self.candidate(binding)
        found = self.candidate(binding) or deferred_binding(binding, self.deferred)
        if found is None:
            return None
        names = [p.name for p in found.wrapper.parameters]
        itself = object_parameter(found, binding)
        place = names.index(itself) if itself else -1
        return replace(found, method=attribute_of(binding.name), place=place)

    # --- generic bindings

    def generic_names(self, type_: DerivedType) -> list[str]:
        """Return the generic names that a type has, or inherits with procedures that it overrides."""
        own = {b.name for b in type_.bindings}
        bound = self.bindings_of(type_)
        names = dict.fromkeys(b.name for b in bound if b.specifics and not b.hidden)
        return [
            name
            for name in names
            if name.isidentifier()
            and (
                name in own
                or own & {s for b in bound if b.name == name for s in b.specifics}
            )
        ]

    def bindings_of(self, type_: DerivedType) -> list[Binding]:
        """Return the bindings of a type, those of its parents first; several of a generic name belong together."""
        parent = self.types.get(type_.parent) if type_.parent else None
        inherited = [] if parent is None else self.bindings_of(parent)
        own = {b.name for b in type_.bindings if not b.specifics}
        return [*(b for b in inherited if b.name not in own), *type_.bindings]

    def attributes(self, type_: DerivedType) -> frozenset[str]:
        """Return the attributes of a type: public components and bindings, the parent's part, inherited ones too."""
        parent = self.types.get(type_.parent) if type_.parent else None
        inherited = frozenset() if parent is None else self.attributes(parent)
        names = [c.name for c in type_.components if not c.hidden]
        names += [b.name for b in type_.bindings if not b.hidden]
        names += [] if parent is None or parent.hidden else [parent.name.name]
        return inherited | frozenset(map(attribute_of, names))

    def generic(self, name: str, type_: DerivedType) -> Iterator[plan.AnyMethod]:
        """Yield the method for a generic name of a type; none where nothing tells its procedures apart."""
        bound = self.bindings_of(type_)
        generics = [b for b in bound if b.name == name and b.specifics]
        wanted = dict.fromkeys(s for b in generics for s in b.specifics)
        known = {b.name: b for b in bound if not b.specifics}
        specifics = [known[s] for s in wanted if s in known]
        candidates = [
            stripped
            for binding in specifics
            if (found := self.chosen(binding)) is not None
            and (stripped := without_object(found, binding)) is not None
        ]
        objectless = {b.procedure.name for b in specifics if b.procedure and b.passed is None}  # fmt: skip
        alone = tuple(
            c.wrapper.function for c in candidates if c.procedure.name in objectless
        )
        label = f"{self.library}.{type_.name.module}.{type_.name.name}.{name}"
        listed = ", ".join(wanted)
        span = generics[-1].span
        reason = f"none of its procedures ({listed}) has a wrapper that takes the object first"
        planned = None
        if candidates:
            reason = (
                f"no argument that Python gives tells its procedures apart ({listed})"
            )
            is_static = len(alone) == len(candidates)
            itself = "" if is_static else free_name_of_object(candidates)
            generic = model.Generic(name, (), span)
            planned = plan_generic(
                generic,
                candidates,
                attribute_of(name),
                label,
                self.own | {itself},
                self.types,
                itself=itself,
                # a method has the parameters of its function, which give way to much that a chain may use
                is_packed=any(each.wrapper.renamed for each in candidates),
            )
        elif all(each.deferred for each in specifics):
            owner = type_.name.name
            reason = f"{owner}%{name} stands for deferred ones ({listed}): Fortran types that extend {owner} have it"
            yield plan.MissingMethod(attribute_of(name), name, reason)
            return
        if planned is None:
            yield self.left_out(name, reason, span, type_)
        else:
            yield plan.GenericMethod(replace(planned, objectless=alone))

    # --- what has nothing to call

    def missing(self, binding: Binding, type_: DerivedType) -> plan.MissingMethod:
        """Return what stands for a deferred binding, or for one whose procedure is left out, which is reported."""
        name = f"{type_.name.name}%{binding.name}"
        if binding.deferred:
            reason = f"{name} is deferred: types that extend {type_.name.name} have it"
            return plan.MissingMethod(attribute_of(binding.name), binding.name, reason)
        procedure = binding.procedure.name if binding.procedure else "its procedure"
        reason = f"{procedure} has no wrapper"
        return self.left_out(binding.name, reason, binding.span, type_)

    def left_out(
        self, binding: str, reason: str, span: Span, type_: DerivedType
    ) -> plan.MissingMethod:
        """Report a binding that is left out, and return what stands for it."""
        name = f"{type_.name.name}%{binding}"
        message = f"{name} is left out: {reason}"
        self.diagnostics.skip(span, message, f"{type_.name.module}.{name}")
        return plan.MissingMethod(attribute_of(binding), binding, message)


def method_of(binding: Binding, candidate: Candidate) -> plan.Method:
    """Return the method for a binding to one procedure, whose parameters have Fortran's names.

    Its body is a call of the wrapper: there is nothing else that they could hide.
    """
    wrapper = candidate.wrapper
    itself = object_parameter(candidate, binding)
    names = Names(frozenset({wrapper.function}), is_bare=True)
    chosen = {
        p.name: names.add(k)
        for p, k in zip(wrapper.parameters, candidate.keywords, strict=True)
    }
    given = tuple(
        replace(p, name=chosen[p.name]) for p in wrapper.parameters if p.name != itself
    )
    taken = {each.name for each in given}
    return plan.Method(
        attribute_of(binding.name),
        wrapper.function,
        chosen.get(itself, ""),
        given,
        tuple(chosen.values()),
        wrapper.returns,
        describe_method(candidate.procedure, binding),
        tuple((new, old) for old, new in names.renamed.items() if new in taken),
    )


def object_parameter(candidate: Candidate, binding: Binding) -> str:
    """Return the parameter of a wrapper that gets the object, "" where none does."""
    named = zip(candidate.keywords, candidate.wrapper.parameters, strict=True)
    return next((p.name for keyword, p in named if keyword == binding.passed), "")


def without_object(candidate: Candidate, binding: Binding) -> Candidate | None:
    """Return a procedure without the argument that gets the object; None where that can't be given.

    One that gets no object stays as it is. A method knows where its procedure has the object, others get it first.
    """
    wrapper, procedure = candidate.wrapper, candidate.procedure
    if binding.passed is None:
        return candidate
    itself = object_parameter(candidate, binding)
    is_first = bool(itself) and wrapper.parameters[0].name == itself
    if not (is_first or (itself and candidate.method)):
        return None
    arguments = tuple(a for a in procedure.arguments if a.name != binding.passed)
    parameters = tuple(p for p in wrapper.parameters if p.name != itself)
    return replace(
        candidate,
        procedure=replace(procedure, arguments=arguments),
        wrapper=replace(wrapper, parameters=parameters),
    )


def free_name_of_object(candidates: Sequence[Candidate]) -> str:
    """Return a name for the object that is no parameter's."""
    taken = {p.name for each in candidates for p in each.wrapper.parameters}
    return free_name("self", taken)


def describe_method(procedure: model.Procedure, binding: Binding) -> str:
    """Return the docstring of a method: that of the procedure without the object."""
    given = tuple(a for a in procedure.arguments if a.name != binding.passed)
    bound = replace(procedure, name=binding.name, arguments=given)
    return describe_procedure(bound, procedure.name)
