"""What every part of the planning of one wrapper shares: the routine, its names, the steps so far."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import replace
from functools import cached_property

from f2pypy import model, plan
from f2pypy.dataclass import dataclass, field
from f2pypy.diagnostics import Span
from f2pypy.expressions.facts import bounded_names
from f2pypy.expressions.nodes import (
    OWNED_FUNCTION,
    Absent,
    Binary,
    Call,
    Expression,
    Extent,
    Integer,
    Kind,
    Name,
    Part,
    Real,
    Size,
    Stored,
    StringLength,
)
from f2pypy.expressions.walk import Node, renamed, rewrite, used_names, walk
from f2pypy.lower.ctypes_map import Mapping, mapping_of, missing_type
from f2pypy.lower.names import Names
from f2pypy.lower.object_parts import part_in
from f2pypy.lower.unsupported import Unsupported
from f2pypy.model import Argument, DataType, Form, Intent, Presence, TypeName
from f2pypy.resolve.calls.flow import (
    assigned_scalars,
    expressions_in,
    names_read,
    packed_first,
    passed_names,
)

# Intents of what Fortran may change.
WRITTEN = Intent.OUT | Intent.INOUT | Intent.INPLACE | Intent.CACHE


@dataclass
class Wrapper:
    """One wrapper while it is planned.

    `kept` maps an inout scalar or string to the local that holds the caller's object, to be written back; `given` does
    so for an allocatable or pointer dummy that is asked for its extents. `functions` gives the Python functions that
    stand for C functions of usercode, `holders` the local that has the descriptor of an allocatable or pointer dummy,
    `places` the array that a scalar lies in where a call makes no memory of it. `calls_by_name` says that Fortran calls
    procedures of the library by name that Python provides.
    """

    procedure: model.Procedure
    module: str
    function: str
    names: Names
    steps: list[plan.Step] = field(default_factory=list)
    bindings: list[plan.Binding] = field(default_factory=list)
    callbacks: list[plan.CallbackSignature] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)
    exports: list[plan.ExportedCallback] = field(default_factory=list)
    describers: list[plan.Describer] = field(default_factory=list)
    calls_by_name: bool = False
    functions: dict[str, str] = field(default_factory=dict)
    provided: frozenset[str] = frozenset()  # functions of Fortran modules
    answers: dict[str, str] = field(default_factory=dict)  # compiled for extents
    absences: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    # the constants of interfaces by their callbacks' modules and names, and the cells of dummy procedure pointers
    interfaces: dict[tuple[str, str], plan.ProcedureInterface] = field(default_factory=dict)  # fmt: skip
    cells: dict[str, str] = field(default_factory=dict)
    applied: str = ""  # the constant that applies an elemental procedure to arrays
    records: Table[TypeName, plan.RecordClass] = field(default_factory=dict)
    structures: set[str] = field(default_factory=set)  # classes passed by value

    def all_arguments(self) -> Iterator[Argument]:
        """Yield the arguments and the result."""
        yield from self.procedure.arguments
        if self.procedure.result is not None:
            yield self.procedure.result

    @cached_property
    def left_out(self) -> frozenset[str]:
        """The variables whose absence Fortran is told of; that of a dummy procedure its pointer tells."""
        arguments = self.procedure.arguments
        return frozenset(
            a.name for a in arguments if a.absent_as_null and a.callback is None
        )

    @property
    def routine(self) -> str:
        """The routine in messages: ``module.routine``."""
        return f"{self.module}.{self.procedure.name}"

    def named(self, expression: Expression) -> Expression:
        """Return the expression in the wrapper's own names."""
        if any(
            (
                self.functions,
                self.absences,
                self.asked,
                self.provided,
                self.answers,
                self.records,
            )
        ):
            expression = rewrite(expression, self.substitute)
        return rename(expression, self.names.renamed)

    def substitute(self, node: Expression) -> Expression:
        """Return what has a name of the generated module: C functions, remembered absences, Fortran modules."""
        match node:
            case Call(function) if function in self.answers:
                return replace(node, function=self.answers[function])
            case Call(function) if OWNED_FUNCTION in function:
                owner, _, name = function.partition(OWNED_FUNCTION)
                if function not in self.provided or keyword.iskeyword(name):
                    raise Unsupported(
                        f"an extent or a length calls {name!r} of module {owner!r}, which is left out"
                    )
                return replace(node, function=f"{self.asked[owner]}.{name}")
            case Call(function) if function in self.functions:
                return replace(node, function=self.functions[function])
            case Absent(argument) if argument in self.absences:
                return Name(self.absences[argument], node.at)
            case Part(letter=None):
                return part_in(node, self.all_arguments(), self.records)
            case Stored(owner) if owner in self.asked:
                return replace(node, owner=self.asked[owner])
            case _:
                return node

    def label(self, argument: Argument) -> str:
        """Return an argument in messages: ``module.routine() 1st argument (x)``."""
        return f"{self.routine}() {argument.ordinal} ({argument.name})"

    def extents(self, argument: Argument) -> tuple[Expression | None, ...]:
        """Return the extents of an argument, None for those that are the caller's; () for a scalar."""
        return tuple(
            self.named(b.value) if b.value is not None and b.known else None
            for b in argument.bounds or ()
        )

    def mapping(self, argument: Argument) -> Mapping:
        """Return the row of the type table; Unsupported where there is none."""
        mapping = mapping_of(argument.type)
        if mapping is None:
            raise Unsupported(
                f"{argument.name!r}: {missing_type(argument.type)}", argument.span
            )
        return mapping

    def stored(self, value: Expression, type_: DataType) -> Expression:
        """Return a computed value, in the wrapper's names, as a variable of the type holds it."""
        mapping = mapping_of(type_)
        if mapping is None or not mapping.computed or is_exact(value, mapping):
            return value
        return Call(mapping.computed, (value,))

    @cached_property
    def names_read(self) -> frozenset[str]:
        """Return the names that expressions use before the call."""
        used: set[str] = set()
        return frozenset(used.union(*map(used_names, expressions_of(self.procedure))))

    @cached_property
    def names_of_arguments(self) -> frozenset[str]:
        """The names that extents, initial values and checks of any argument read."""
        used: set[str] = set()
        found = map(used_names, argument_expressions(self.procedure))
        return frozenset(used.union(*found))

    @cached_property
    def kept_in_range(self) -> frozenset[str]:
        """Return the integers that need no check of their range: a call's packing or a check of theirs makes it.

        The call does so too late where elements of a caller's array have been changed before the call.
        """
        below: frozenset[str] = frozenset()
        above: frozenset[str] = frozenset()
        for argument in self.procedure.arguments:
            for check in argument.checks:
                first, second = bounded_names(check.condition)
                below, above = below | first, above | second
        return packed_first(self.procedure.actions) | (below & above)

    def is_read(self, name: str) -> bool:
        """Whether any expression uses the variable before Fortran may have set it."""
        return name in self.names_read

    def is_used(self, name: str) -> bool:
        """Whether the variable needs a value of its own before the call.

        It does if something reads or sets it before a call that sets it whatever happens, or if it is returned and
        there is no such call.
        """
        if name in self.names_of_arguments:
            return True
        for action in self.procedure.actions:
            read = frozenset().union(*map(used_names, expressions_in(action)))
            if name in read or name in assigned_scalars(action):
                return True
            if name in scalars_set(action):
                return False
            if name in names_read(action):
                return True
        return self.procedure.argument(name).result_name is not None

    def surely_set(self) -> frozenset[str]:
        """Return the scalars that a call sets whatever happens before it."""
        return frozenset().union(*map(scalars_set, self.procedure.actions))

    def facts_about(self, value: Expression) -> tuple[Expression, ...]:
        """Return the conditions of the checks so far where a value may print otherwise for them."""
        if all(map(is_plain, walk(value))):
            return ()
        return tuple(s.condition for s in self.steps if isinstance(s, plan.Check))

    def type_of(self, name: str) -> DataType:
        """Return the type of an argument or local."""
        for local in self.procedure.locals:
            if local.name == name:
                return local.type
        return self.procedure.argument(name).type

    def has_value(self, name: str) -> bool:
        """Whether the scalar has a value before the call."""
        if any(local.name == name for local in self.procedure.locals):
            return True
        argument = self.procedure.argument(name)
        if argument.presence is not Presence.HIDDEN:
            return True
        return argument.initial is not None or self.is_used(name)

    def text_memory(self, argument: Argument) -> plan.TextMemory:
        """Return what a string that isn't an array is before the call."""
        if not argument.type.is_string or argument.type.is_character:
            return plan.TextMemory.ARRAY
        if argument.is_array or argument.form is not Form.ADDRESS or argument.checks:
            return plan.TextMemory.ARRAY
        if argument.name in self.texts_looked_at:
            return plan.TextMemory.ARRAY
        comes_back = argument.result_name is not None or argument.intent & WRITTEN
        given = argument.presence is not Presence.HIDDEN
        if argument.read_only and given and not comes_back:
            return plan.TextMemory.BYTES
        if argument.name in self.lengths_read:
            return plan.TextMemory.ARRAY
        return plan.TextMemory.MEMORY

    @cached_property
    def lengths_read(self) -> frozenset[str]:
        """The strings whose length expressions ask for."""
        return frozenset(
            node.string for node in self.nodes if isinstance(node, StringLength)
        )

    @cached_property
    def texts_looked_at(self) -> frozenset[str]:
        """The strings of which expressions want more than the length; all of them where C says how to call."""
        actions = self.procedure.actions
        is_plain_call = all(isinstance(each, model.CallRoutine) for each in actions)
        if not is_plain_call or "callstatement" in dict(self.procedure.codes):
            return frozenset(argument.name for argument in self.all_arguments())
        return frozenset(node.name for node in self.nodes if isinstance(node, Name))

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of every expression that is evaluated around the call."""
        return tuple(n for e in expressions_of(self.procedure) for n in walk(e))

    def callback_pointer(self, name: str) -> str:
        """Return the variable that holds a callback while Fortran may call it, or the cell of a procedure pointer."""
        if name in self.cells:
            return self.cells[name]
        python = self.names.add(name)
        for step in self.steps:
            if isinstance(step, plan.CallbackInput) and step.name == python:
                return step.bound
        raise KeyError(name)

    def passed_by_reference(self) -> frozenset[str]:
        """Return the variables whose address any call takes."""
        return frozenset().union(*map(passed_names, self.procedure.actions))


def missing_types(procedure: model.Procedure) -> Iterator[tuple[Span, str]]:
    """Yield the declarations of numbers that NumPy has no type for, with what there is to say of each."""
    result = () if procedure.result is None else (procedure.result,)
    for argument in (*procedure.arguments, *result):
        is_number = argument.callback is None and argument.type.kind not in (Kind.CHARACTER, Kind.DERIVED)  # fmt: skip
        if is_number and mapping_of(argument.type) is None:
            yield argument.span, f"{argument.name!r}: {missing_type(argument.type)}"


def is_plain(node: Node) -> bool:
    """Whether a node prints in one way, whatever holds: no division, no power, no element."""
    match node:
        case Integer() | Real() | Name() | Extent() | Size() | StringLength():
            return True
        case Binary("+" | "-" | "*"):
            return True
        case _:
            return False


def is_exact(value: Expression, mapping: Mapping) -> bool:
    """Whether a type that rounds what is computed holds the value as it stands."""
    whole = isinstance(value, Real) and value.value.is_integer()
    return whole and not mapping.in_array


def scalars_set(action: model.Action) -> frozenset[str]:
    """Return the scalars that an action sets, if it is a call."""
    if not isinstance(action, model.CallRoutine):
        return frozenset()
    passed = [a for a in action.arguments if isinstance(a, model.ScalarReference)]
    results = {action.result} if action.result is not None else set()
    return frozenset(a.name for a in passed) | results


def asked_modules(procedure: model.Procedure) -> frozenset[str]:
    """Return the Fortran modules whose variables its expressions ask for, or whose functions they call."""
    nodes = [
        node for expression in expressions_of(procedure) for node in walk(expression)
    ]
    stored = {node.owner for node in nodes if isinstance(node, Stored)}
    called = {
        node.function.partition(OWNED_FUNCTION)[0]
        for node in nodes
        if isinstance(node, Call) and OWNED_FUNCTION in node.function
    }
    return frozenset(stored | called)


def expressions_of(procedure: model.Procedure) -> Iterator[Expression]:
    """Yield every expression that is evaluated around the call."""
    yield from argument_expressions(procedure)
    for action in procedure.actions:
        yield from expressions_in(action)


def argument_expressions(procedure: model.Procedure) -> Iterator[Expression]:
    """Yield the expressions of the arguments and of the result."""
    result = () if procedure.result is None else (procedure.result,)
    for argument in (*procedure.arguments, *result):
        if argument.initial is not None:
            yield argument.initial
        for bound in argument.bounds or ():
            if bound.value is not None:
                yield bound.value
        for check in argument.checks:
            yield check.condition
        if argument.type.length is not None:
            yield argument.type.length


def rename(expression: Expression, chosen: dict[str, str]) -> Expression:
    """Return the expression with each name in `chosen` replaced by the one chosen for it."""
    if not chosen:
        return expression
    return rewrite(expression, lambda node: renamed(node, chosen))
