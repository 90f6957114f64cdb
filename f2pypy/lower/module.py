"""From a library to the module that will be printed."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.abi.compilers import chosen_compiler
from f2pypy.abi.conventions import COMPUTED, Compiler
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions.identifiers import free_name
from f2pypy.expressions.nodes import ASKED, ASKED_MODULE, OWNED_FUNCTION
from f2pypy.lower.asked import returned_by
from f2pypy.lower.callbacks import export_of, plan_signature
from f2pypy.lower.candidates import Candidate
from f2pypy.lower.compilers import plan_compiler, refuse_f2c
from f2pypy.lower.deferred_bindings import deferred_bindings
from f2pypy.lower.generics import plan_enumerations, plan_generics, report_operators
from f2pypy.lower.library_search import search_for
from f2pypy.lower.members import MemberPlanner
from f2pypy.lower.module_docstring import module_docstring
from f2pypy.lower.names import RESERVED_WORDS, Names, module_globals
from f2pypy.lower.objects import (
    left_out_of,
    plan_common,
    plan_fortran_module,
    with_exported_callbacks,
)
from f2pypy.lower.pointer_components import PointerComponents
from f2pypy.lower.pointers import (
    Interfaces,
    functions_of,
    interfaces_of,
    with_interface,
)
from f2pypy.lower.procedure import plan_procedure
from f2pypy.lower.record_variables import RecordVariables
from f2pypy.lower.records import RecordPlanner
from f2pypy.lower.reexports import joined_generics, with_reexports
from f2pypy.lower.targets import plan_target
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.usercode import name_functions, plan_functions
from f2pypy.lower.wrapper import Wrapper, asked_modules, missing_types
from f2pypy.options import Options


def plan_module(
    library: model.Library, options: Options, version: str, diagnostics: Diagnostics
) -> plan.Module:
    """Return the plan of the module; routines that can't be printed are reported and left out."""
    row = chosen_compiler(options.compiler, options.answers)
    glued = options.computes and bool(row.types.glue)
    planner = ModulePlanner(library, diagnostics, row, glued)
    planner.plan_answers()
    planner.plan_interfaces()
    planned = planner.procedures("", library.procedures)
    objects = planner.objects()
    records = planner.members.classes(planner.records, planner.structures)
    outer = planner.outer_generics()
    visible = [(p.name, p.function) for p in planned]
    visible += [(generic.name, generic.function) for generic in outer]
    visible += [(made.name, made.identifier) for made in objects]
    elsewhere = [(name, found) for name, found in visible if name != found]
    exported = [pair for pair in elsewhere if pair[0] in RESERVED_WORDS]
    claimed = [pair for pair in elsewhere if pair[0] not in RESERVED_WORDS]
    claimed += [(name, "") for name in planner.set_by_users()]
    docstring = module_docstring(
        library.name, version, (*planned, *outer), objects, diagnostics
    )
    planned = describe_once(planner.with_all_exports())
    objects = with_exported_callbacks(objects, planned)
    functions = plan_functions(library, planner.functions, planner.called)
    library_search = search_for(library.name, options, row, planned, objects)
    compiler = plan_compiler(row, planned, objects, records)
    if library_search is not None:
        library_search = replace(library_search, compiler=compiler is not None)
    return plan.Module(
        library.name,
        docstring,
        version,
        library.path,
        options.runtime,
        options.runtime_module,
        library_search,
        options.native and bool(planned),
        tuple(planned),
        tuple(exported),
        tuple(claimed),
        tuple(name for name, _ in visible),
        objects,
        functions,
        compiler,
        error_is_claimed=any(name == "error" for name, _ in claimed),
        left_out=tuple(
            (name, reason)
            for name, reason in left_out_of("", diagnostics)
            if name not in dict(visible)
        ),
        generics=(*planner.generics, *planner.members.generics),
        enumerations=tuple(planner.enumerations),
        target=plan_target(library, row),
        answers=frozenset(planner.answers.values()) | functions_of(planner.interfaces),
        records=records,
        isolated=options.isolated and library_search is not None,
    )


@dataclass
class ModulePlanner:
    """Plans what a library holds, one thing after another; `taken` are the module's names so far.

    `compiler` is what compiled the library, which is `glued` if it gets procedures that make objects for Python.
    """

    library: model.Library
    diagnostics: Diagnostics
    compiler: Compiler
    glued: bool
    taken: set[str] = field(default_factory=set)
    planned: list[plan.Procedure] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    interfaces: Interfaces = field(default_factory=dict)
    candidates: dict[model.Specific, Candidate] = field(default_factory=dict)
    generics: list[plan.Generic] = field(default_factory=list)
    enumerations: list[plan.Enumeration] = field(default_factory=list)
    members: MemberPlanner = field(init=False)

    def __post_init__(self) -> None:
        self.own = module_globals() | {f"_{self.library.name}_error"}
        self.functions = name_functions(self.library, self.own)
        self.own |= frozenset(self.functions.values())
        found = (self.library.procedures, self.library.commons, self.library.modules)
        self.visible = {each.name for group in found for each in group}
        private = {p.name for p in self.library.procedures if p.name.startswith("_")}
        self.own |= private
        self.called: set[str] = set()
        self.provided = frozenset(
            f"{module.name}{OWNED_FUNCTION}{procedure.name}"
            for module in self.library.modules
            for procedure in module.procedures
        )
        self.exported = self.library.exported_callbacks()
        self.types = {t.name: t for m in self.library.modules for t in m.types}
        self.builtins = frozenset(dir(builtins))
        self.taken |= self.own | RESERVED_WORDS | self.builtins
        self.modules = {m.name: self.identifier(m.name) for m in self.library.modules}
        self.structures: set[str] = set()  # classes of objects that go by value
        self.records = RecordPlanner(
            self.library,
            self.compiler,
            self.diagnostics,
            self.identifier,
            self.glued,
        ).plan()
        self.own |= {record.identifier for record in self.records.values()}

    def identifier(self, wanted: str) -> str:
        """Return a free name of the module."""
        name = self.free(wanted)
        self.taken.add(name)
        return name

    def free(self, name: str) -> str:
        """Return an identifier for `name` that nothing of the module has so far, nor anything else will have."""
        # a name with an underscore before it may be that of an object which a wrapper uses
        wanted = f"f{name}" if name.startswith("_") else name
        while wanted in self.taken or (wanted in self.visible and wanted != name):
            wanted += "_"
        return wanted

    def class_name(self, identifier: str) -> str:
        """Return a free name for the class of an object; users see the object alone."""
        name = free_name(f"_{identifier}", self.taken)
        self.taken.add(name)
        return name

    def set_by_users(self) -> list[str]:
        """Return the names of the module's own code that are those of procedures which Fortran finds in the module."""
        names = {n for c in self.exported for n in (c.name, f"{c.name}_extra_args")}
        return sorted(names & (self.own | self.builtins))

    def procedures(
        self,
        fortran_module: str,
        procedures: Iterable[model.Procedure],
        kind: str = "",
    ) -> list[plan.Procedure]:
        """Return the plans of procedures; those that can't be printed are reported and left out.

        `kind` stands in the names of functions that no users call.
        """
        found = []
        owner = ".".join(filter(None, (self.library.name, fortran_module)))
        for procedure in procedures:
            name = "_".join(filter(None, (fortran_module, kind, procedure.name)))
            function = self.free(name)
            subject = f"{fortran_module}.{procedure.name}"
            try:
                refuse_f2c(procedure, self.compiler)
                planned = plan_procedure(self.wrapper(procedure, owner, function))
            except Unsupported as problem:
                reasons = [(problem.span or procedure.span, str(problem))]
                for span, reason in (*reasons, *missing_types(procedure)):
                    message = f"{procedure.name} is left out: {reason}"
                    self.diagnostics.skip(span, message, subject)
                continue
            except Exception as fault:
                what, span = procedure.name, procedure.span
                self.diagnostics.skip_by_fault(span, what, fault, subject)
                continue
            found.append(planned)
            specific = model.Specific(fortran_module, procedure.name)
            returned = returned_by(procedure, self.records)
            self.candidates[specific] = Candidate(procedure, planned, returned)
            self.taken.add(function)
            self.called |= set(procedure.functions)
        self.planned += found
        return found

    def wrapper(self, procedure: model.Procedure, owner: str, function: str) -> Wrapper:
        """Return what a procedure's wrapper is planned in, with all that it may use of the module."""
        asked = {
            name: self.modules[name]
            for name in asked_modules(procedure)
            if name in self.modules
        }
        names = Names(self.own | frozenset(asked.values()))
        wrapper = Wrapper(procedure, owner, function, names, asked=asked)
        wrapper.functions = self.functions
        wrapper.provided = self.provided
        wrapper.answers = self.answers
        wrapper.records, wrapper.structures = self.records, self.structures
        wrapper.interfaces = self.interfaces
        wrapper.calls_by_name = bool(self.exported)
        return wrapper

    def plan_answers(self) -> None:
        """Plan the compiled functions that compute extents, which nobody else calls."""
        planned = self.procedures(ASKED_MODULE, self.library.answers)
        self.answers = {f"{ASKED}{p.name}": p.function for p in planned}
        self.own |= frozenset(self.answers.values())

    def plan_interfaces(self) -> None:
        """Plan the functions that call what procedure pointers point to, which nobody else calls."""
        for interface in interfaces_of(self.library, self.records):
            called = [interface.procedure]
            if self.procedures(interface.module, called, "pointed"):
                self.planned[-1], own = with_interface(
                    self.planned[-1], interface, self.own, self.records
                )
                self.own |= own
                self.taken |= own
                self.interfaces[interface.key] = self.planned[-1].interfaces[0]
        pointers = PointerComponents(
            self.types, self.interfaces, self.planned, self.diagnostics
        )
        self.records = pointers.completed(self.records)

    def with_all_exports(self) -> list[plan.Procedure]:
        """Return the procedures, the first with the callbacks by name of those that were left out, too.

        The library has these procedures all the same, and other routines may call them.
        """
        missing = {c.name: c for c in self.exported}
        for procedure in self.planned:
            for exported in procedure.exports:
                missing.pop(exported.name, None)
        if not (missing and self.planned):
            return self.planned
        first = self.planned[0]
        for callback in missing.values():
            if not callback.described:
                continue
            try:
                signature = plan_signature(callback, self.own, self.records)
            except Unsupported:
                continue  # the library's procedure says that nobody provides it
            exported = export_of(callback.name, signature)
            first = replace(
                first,
                callbacks=(*first.callbacks, signature),
                exports=(*first.exports, exported),
            )
        return [first, *self.planned[1:]]

    def objects(self) -> tuple[plan.CommonBlock | plan.FortranModule, ...]:
        """Return the plans of the common blocks and Fortran modules, and of the modules' procedures."""
        found: list[plan.CommonBlock | plan.FortranModule] = []
        variables = RecordVariables(self.records, self.types, self.compiler)
        for block in self.library.commons:
            identifier = self.identifier(block.name)
            class_name = self.class_name(identifier)
            common = plan_common(
                block, identifier, class_name, variables, self.diagnostics
            )
            if common is not None:
                found.append(common)
        commons = {
            c.name: c.identifier for c in found if isinstance(c, plan.CommonBlock)
        }
        routines = {
            module.name: self.procedures(module.name, module.procedures)
            for module in self.library.modules
        }
        self.members = MemberPlanner(
            self.library,
            self.types,
            self.candidates,
            deferred_bindings(self.library, self.records, self.wrapper),
            self.own,
            self.identifier,
            self.diagnostics,
        )
        joined = joined_generics(self.library.modules)
        for module in self.library.modules:
            functions = self.members.functions(module)
            functions |= {
                p.name: p.function
                for p in routines[module.name]
                if p.name not in module.hidden
            }
            generics = self.generics_of(
                module.name, (*module.generics, *joined.get(module.name, ()))
            )
            report_operators(module, self.candidates, self.diagnostics)
            functions |= {g.name: g.function for g in generics}
            enumerations = plan_enumerations(module, self.identifier)
            found.append(
                plan_fortran_module(
                    module,
                    self.modules[module.name],
                    self.class_name(self.modules[module.name]),
                    functions,
                    commons,
                    self.symbols(module.name),
                    enumerations,
                    self.interfaces,
                    self.diagnostics,
                    variables,
                )
            )
            self.enumerations += enumerations
        return with_reexports(found, self.library.modules)

    def symbols(self, module: str) -> dict[str, str]:
        """Return the symbols of a module's constants that the compiler computes, and of what finds shared variables."""
        spelled = self.compiler.module_variable
        found = {
            name: spelled.format(module=COMPUTED, name=short)
            for (owner, name), short in self.library.computed_constants().items()
            if owner == module
        }
        for (owner, name), short in self.library.shared_variables().items():
            if owner == module:
                found[name] = f"{COMPUTED}_{short}"
        return found

    def generics_of(
        self, owner: str, generics: Iterable[model.Generic]
    ) -> list[plan.Generic]:
        """Return the plans of the generic names of a Fortran module, or of what stands in none."""
        planned = plan_generics(
            generics,
            (self.library.name, owner),
            self.candidates,
            self.own,
            self.types,
            self.identifier,
            self.diagnostics,
        )
        self.generics += planned
        return planned

    def outer_generics(self) -> list[plan.Generic]:
        """Return the plans of the generic names outside of Fortran modules."""
        return self.generics_of("", self.library.generics)


def describe_once(
    procedures: Iterable[plan.Procedure],
) -> list[plan.Procedure]:
    """Return the procedures so that what several share, as callbacks, stands before the first."""
    described: set[str] = set()
    found = []
    for procedure in procedures:
        new = tuple(c for c in procedure.callbacks if c.variable not in described)
        exports = tuple(e for e in procedure.exports if e.variable not in described)
        describers = procedure.describers
        describers = tuple(d for d in describers if d.variable not in described)
        described |= {c.variable for c in new} | {e.variable for e in exports}
        described |= {d.variable for d in describers}
        once = replace(procedure, callbacks=new, exports=exports)
        found.append(replace(once, describers=describers))
    return found
