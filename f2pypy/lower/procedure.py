"""From a routine fully decided to the steps of its wrapper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from f2pypy import model, plan
from f2pypy.ctypes_map import Mapping, mapping_of
from f2pypy.expressions.nodes import (
    Character,
    Complex,
    Expression,
    Extent,
    Integer,
    Kind,
    Logical,
    Member,
    Name,
    Real,
    String,
    Unary,
)
from f2pypy.expressions.walk import rewrite, used_names, walk
from f2pypy.lower.docstring import describe_procedure, is_overwritable, results
from f2pypy.lower.names import Names
from f2pypy.model import Argument, DataType, Intent, Presence

ALIGNMENTS = {
    Intent.ALIGNED4: "ALIGNED4",
    Intent.ALIGNED8: "ALIGNED8",
    Intent.ALIGNED16: "ALIGNED16",
}
# The runtime's short ways for plain input arrays with free extents, by rank.
SHORT_CONVERTERS = {1: "vector", 2: "matrix"}
ZEROS: dict[Kind, Expression] = {
    Kind.INTEGER: Integer(0),
    Kind.LOGICAL: Integer(0),
    Kind.REAL: Real(0.0),
    Kind.COMPLEX: Complex(Real(0.0), Real(0.0)),
    Kind.CHARACTER: String(b"\0"),
}


class Unsupported(Exception):
    """The routine needs something that a generated module can't do; the message says what."""


@dataclass
class ProcedurePlanner:
    """Plans one wrapper; each method adds the steps of one thing."""

    procedure: model.Procedure
    module: str
    function: str
    names: Names
    steps: list[plan.Step] = field(default_factory=list)
    bindings: list[plan.Binding] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)

    def plan(self) -> plan.Procedure:
        """Return the whole wrapper."""
        procedure = self.procedure
        parameters = self.parameters()
        for argument in procedure.arguments:
            if is_overwritable(argument) and argument.presence is not Presence.HIDDEN:
                self.steps.append(
                    plan.Flag(self.names.add(f"overwrite_{argument.name}"))
                )
        for name in procedure.evaluation:
            argument = procedure.argument(name)
            self.convert(argument)
            for check in argument.checks:
                self.check(check, argument)
        if procedure.result is not None:
            self.prepare_result(procedure.result)
        self.steps = list(merge_extents(self.steps))
        if procedure.symbol:
            self.steps.append(plan.Blank())
            self.steps += self.actions(procedure.actions, after=())
        self.write_back()
        self.return_results()
        renamed = tuple(
            (python, name) for name, python in self.names.chosen.items()
            if python != name and any(p.name == python for p in parameters)
        )  # fmt: skip
        return plan.Procedure(
            procedure.name,
            self.function,
            parameters,
            self.returns(),
            describe_procedure(procedure),
            tuple(self.bindings),
            tuple(self.steps),
            tuple(
                (self.names.add(a.name), len(a.bounds))
                for a in self.all_arguments()
                if a.bounds is not None
            ),
            renamed,
        )

    def all_arguments(self) -> Iterator[Argument]:
        """Yield the arguments and the result."""
        yield from self.procedure.arguments
        if self.procedure.result is not None:
            yield self.procedure.result

    @property
    def routine(self) -> str:
        """The routine as messages call it."""
        return f"{self.module}.{self.procedure.name}"

    def named(self, expression: Expression) -> Expression:
        """Return the expression in the wrapper's own names."""
        return rewrite(expression, self.rename)

    def rename(self, node: Expression) -> Expression:
        """Return one node in the wrapper's own names."""
        match node:
            case Name(name, at) if name in self.names.chosen:
                return Name(self.names.chosen[name], at)
            case _:
                field_name = {"Extent": "array", "Rank": "array", "Size": "array",
                              "StringLength": "string", "Absent": "argument"}.get(type(node).__name__)  # fmt: skip
                if field_name is None:
                    return node
                known = self.names.chosen.get(getattr(node, field_name))
                return replace(node, **{field_name: known}) if known else node  # type: ignore[type-var]

    # The signature.

    def parameters(self) -> tuple[plan.Parameter, ...]:
        """Return required parameters, optional ones, then f2py's additions."""
        arguments = self.procedure.arguments
        required = [a for a in arguments if a.presence is Presence.REQUIRED]
        optional = [a for a in arguments if a.presence is Presence.OPTIONAL]
        found = [self.parameter(a) for a in (*required, *optional)]
        for argument in arguments:
            if argument.presence is Presence.HIDDEN:
                continue
            if argument.callback is not None:
                name = self.names.add(f"{argument.name}_extra_args")
                found.append(plan.Parameter(name, "tuple[Any, ...]", Name("()"), True))
            elif is_overwritable(argument):
                name = self.names.add(f"overwrite_{argument.name}")
                default = Integer(int(bool(argument.intent & Intent.OVERWRITE)))
                found.append(plan.Parameter(name, "int", default, False))
        for argument in self.all_arguments():
            self.names.add(argument.name)
        for local in self.procedure.locals:
            self.names.add(local.name)
        return tuple(found)

    def parameter(self, argument: Argument) -> plan.Parameter:
        """Return the parameter of one argument."""
        optional = argument.presence is Presence.OPTIONAL
        name = self.names.add(argument.name)
        annotation = self.annotation(argument)
        if not optional:
            return plan.Parameter(name, annotation, None, False)
        default = argument.initial if self.has_constant_default(argument) else None
        return plan.Parameter(name, annotation, default, True)

    def annotation(self, argument: Argument) -> str:
        """Return the type that a caller sees."""
        if argument.callback is not None:
            return "Callable[..., Any]"
        if argument.is_array or argument.intent & Intent.INOUT:
            return "ArrayLike"
        if argument.type.kind is Kind.CHARACTER:
            return "bytes | str"
        return self.mapping(argument).word.replace("long", "int")

    def returns(self) -> str:
        """Return the annotation of the wrapper's value."""
        types = [self.result_annotation(a) for a in results(self.procedure)]
        if not types:
            return "None"
        return types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"

    def result_annotation(self, argument: Argument) -> str:
        """Return the type of one returned value."""
        if argument.callback is not None:
            return "Any"
        if argument.is_array:
            return f"NDArray[{self.scalar_class(argument)}]"
        if argument.type.kind is Kind.CHARACTER:
            return "bytes"
        return self.mapping(argument).word.replace("long", "int")

    def scalar_class(self, argument: Argument) -> str:
        """Return NumPy's class of the array's elements."""
        return (
            "np.bytes_"
            if argument.type.kind is Kind.CHARACTER
            else f"np.{self.mapping(argument).dtype}"
        )

    def mapping(self, argument: Argument) -> Mapping:
        """Return the row of the type table; Unsupported where there is none."""
        mapping = mapping_of(argument.type)
        if mapping is None:
            raise Unsupported(
                f"{argument.name!r}: NumPy has no {argument.type.kind.value} of {argument.type.size} bytes"
            )
        return mapping

    def has_constant_default(self, argument: Argument) -> bool:
        """Whether the default can stand in the signature."""
        return (
            not argument.is_array
            and argument.initial is not None
            and is_constant(argument.initial)
        )

    # Conversion.

    def convert(self, argument: Argument) -> None:
        """Add the steps that give the argument its value."""
        if argument.callback is not None:
            self.convert_callback(argument)
        elif argument.is_array:
            self.convert_array(argument)
        elif argument.type.is_string:
            self.convert_string(argument)
        elif argument.presence is Presence.HIDDEN:
            value = (
                ZEROS[argument.type.kind]
                if argument.initial is None
                else argument.initial
            )
            if argument.initial is not None or self.is_read(argument.name):
                self.steps.append(
                    plan.Assign(
                        self.names.add(argument.name), self.named(value), self.facts()
                    )
                )
        else:
            self.convert_scalar(argument)

    def is_read(self, name: str) -> bool:
        """Whether any expression uses the variable before Fortran may have set it."""
        return any(name in used_names(e) for e in expressions_of(self.procedure))

    def convert_scalar(self, argument: Argument) -> None:
        """Add the conversion of a scalar that the caller gives."""
        mapping = self.mapping(argument)
        name = self.names.add(argument.name)
        what = f"{self.routine}() {argument.ordinal} ({argument.name})"
        if argument.intent & Intent.INOUT and not argument.by_value:
            kept = self.names.fresh(f"{argument.name}_array")
            self.kept[argument.name] = kept
            self.steps.append(plan.ScalarInOut(name, kept, mapping.converter, what))
            return
        always = mapping.rounds and (
            mapping.exact == "int" or self.is_read(argument.name)
        )
        exact = None if always or not mapping.exact else mapping.exact
        given = plan.ScalarInput(name, exact, mapping.converter, what)
        if argument.presence is not Presence.OPTIONAL:
            self.steps.append(given)
            return
        default = (
            ZEROS[argument.type.kind] if argument.initial is None else argument.initial
        )
        default = self.named(default)
        if is_constant(default):
            self.steps.append(plan.ScalarDefault(given, default))
        else:
            self.steps.append(plan.ScalarComputed(given, default, self.facts()))

    def facts(self) -> tuple[Expression, ...]:
        """Return the conditions of the checks so far."""
        return tuple(s.condition for s in self.steps if isinstance(s, plan.Check))

    def convert_array(self, argument: Argument) -> None:
        """Add the conversion or allocation of an array."""
        name = self.names.add(argument.name)
        bounds = argument.bounds or ()
        extents = tuple(
            self.named(b.value) if b.value is not None and b.known else None
            for b in bounds
        )
        dtype = self.dtype(argument)
        order = "C" if argument.intent & Intent.C else "F"
        initial = None if argument.initial is None else self.named(argument.initial)
        if argument.presence is Presence.HIDDEN:
            fixed = tuple(
                e if e is not None else Unary("-", Integer(1)) for e in extents
            )
            scratch = bool(argument.intent & Intent.CACHE)
            self.steps.append(
                plan.ArrayHidden(name, dtype, fixed, order, scratch, initial)
            )
            return
        what = f"{argument.ordinal} `{argument.name}`"
        overwrite = None
        if is_overwritable(argument):
            overwrite = self.names.add(f"overwrite_{argument.name}")
        flags = self.flags(argument)
        free = flags == ("IN",) and overwrite is None and set(extents) == {None}
        converter = SHORT_CONVERTERS.get(len(extents), "array") if free else "array"
        given = plan.ArrayInput(
            name, dtype, extents, flags, self.routine, what, converter, overwrite
        )
        if argument.presence is Presence.OPTIONAL:
            self.steps.append(plan.ArrayOptional(given, order, initial))
        else:
            self.steps.append(given)

    def dtype(self, argument: Argument) -> str:
        """Return the runtime's name of the element type."""
        if argument.type.kind is Kind.CHARACTER:
            match argument.type:
                case DataType(is_string=False):
                    return "bytes1"
                case DataType(length=Integer(value)):
                    return f"bytes{value}"
                case DataType(length=None):
                    return "bytes0"
                case _:
                    raise Unsupported(
                        f"{argument.name!r}: strings of a length that isn't constant"
                    )
        return self.mapping(argument).dtype

    def flags(self, argument: Argument) -> tuple[str, ...]:
        """Return the runtime's names of the intent."""
        found = []
        if argument.intent & Intent.INPLACE:
            found.append("INPLACE")
        elif argument.intent & Intent.INOUT:
            found.append("INOUT")
        elif argument.intent & Intent.CACHE:
            found.append("CACHE")
        else:
            found.append("IN")
        if argument.intent & Intent.C:
            found.append("C")
        found += [word for flag, word in ALIGNMENTS.items() if argument.intent & flag]
        return tuple(found)

    def convert_string(self, argument: Argument) -> None:
        """Add the conversion of a string, or a blank one."""
        name = self.names.add(argument.name)
        length = (
            None if argument.type.length is None else self.named(argument.type.length)
        )
        initial = None if argument.initial is None else self.named(argument.initial)
        if argument.presence is Presence.HIDDEN:
            blank = length if length is not None else Integer(0)
            self.steps.append(plan.StringHidden(name, blank, initial))
            return
        kept = None
        if argument.intent & (Intent.INOUT | Intent.INPLACE):
            kept = self.names.fresh(f"{argument.name}_array")
            self.kept[argument.name] = kept
        what = f"{argument.ordinal}`{argument.name}'"
        optional = argument.presence is Presence.OPTIONAL
        self.steps.append(
            plan.StringInput(name, length, what, self.routine, optional, initial, kept)
        )

    def convert_callback(self, argument: Argument) -> None:
        """Add the C function that calls the caller's Python function."""
        name = self.names.add(argument.name)
        assert argument.callback is not None
        self.steps.append(
            plan.CallbackInput(
                name,
                callback_variable(argument.callback),
                self.names.add(f"{argument.name}_extra_args"),
                self.names.fresh(f"{argument.name}_pointer"),
                self.routine,
                argument.presence is Presence.OPTIONAL,
            )
        )

    def check(self, check: model.Check, argument: Argument) -> None:
        """Add one check with f2py's text."""
        shown = None
        text = f"({check.text}) failed for {argument.ordinal} {argument.name}"
        if not argument.is_array:
            shown = self.names.add(argument.name)
            if argument.type.is_string:
                text += f': {self.procedure.name}:slen({argument.name})=%d {argument.name}="%s"'
            else:
                text += f": {self.procedure.name}:{argument.name}={self.mapping(argument).format}"
        self.steps.append(plan.Check(self.named(check.condition), text, shown))

    def prepare_result(self, result: Argument) -> None:
        """Add what a function's result needs before the call."""
        self.names.add(result.name)
        if result.is_array or result.type.is_string:
            raise Unsupported(
                f"{result.name!r}: functions with array or string results"
            )

    # The call.

    def actions(
        self, actions: Iterable[model.Action], after: tuple[model.Action, ...]
    ) -> list[plan.Step]:
        """Return the steps of what happens at the call; `after` is what follows them all."""
        actions = tuple(actions)
        steps: list[plan.Step] = []
        for position, action in enumerate(actions):
            rest = (*actions[position + 1 :], *after)
            steps += self.action(action, rest)
        return steps

    def action(
        self, action: model.Action, rest: tuple[model.Action, ...]
    ) -> list[plan.Step]:
        """Return the steps of one action."""
        match action:
            case model.CallRoutine():
                return [self.invoke(action, rest)]
            case model.Assign(target, value):
                return [plan.Assign(self.names.add(target), self.named(value))]
            case model.AssignElement(array, start, value, part):
                parts = {"": "", "r": "real", "i": "imag"}
                return [
                    plan.ElementAssign(
                        self.names.add(array),
                        self.named(start),
                        self.named(value),
                        parts[part],
                    )
                ]
            case model.ShiftElements(array, start, stop, by):
                return [
                    plan.ElementShift(
                        self.names.add(array), self.named(start), self.named(stop), by
                    )
                ]
            case model.CopyElements(target, source, start, stop):
                return [
                    plan.ElementCopy(
                        self.names.add(target),
                        self.names.add(source),
                        self.named(start),
                        self.named(stop),
                    )
                ]
            case model.FillTriangle(array, order, lower, value):
                return [
                    plan.TriangleFill(
                        self.names.add(array),
                        self.named(order),
                        lower,
                        self.named(value),
                    )
                ]
            case model.Choose(test, then, otherwise):
                return [
                    plan.Choose(
                        self.named(test),
                        tuple(self.actions(then, rest)),
                        tuple(self.actions(otherwise, rest)),
                    )
                ]
            case model.Loop(initial, test, body, step):
                again = (action, *rest)
                before = self.actions(initial, again)
                inner = self.actions((*body, *step), again)
                return [*before, plan.Loop(self.named(test), tuple(inner))]
            case model.Raise(exception, message):
                return [plan.Raise(exception, message)]

    def invoke(
        self, call: model.CallRoutine, rest: tuple[model.Action, ...]
    ) -> plan.Invoke:
        """Return the call, with a frame for every scalar that goes by reference."""
        slots: dict[str, plan.Slot] = {}
        arguments = tuple(self.actual(a, slots) for a in call.arguments)
        outputs = tuple(a for a in slots if a in self.changed_and_needed(rest))
        variable = self.bind(call, slots, outputs, arguments)
        return plan.Invoke(
            variable,
            tuple(slots.values()),
            arguments,
            tuple(self.names.chosen.get(o, o) for o in outputs),
            None if call.result is None else self.names.add(call.result),
            self.names.fresh("frame") if slots else "",
        )

    def changed_and_needed(self, rest: tuple[model.Action, ...]) -> set[str]:
        """Return the scalars whose values after the call matter."""
        needed = {a.name for a in results(self.procedure)} | set(self.kept)
        for action in rest:
            needed |= names_read(action)
        return needed

    def bind(
        self,
        call: model.CallRoutine,
        slots: dict[str, plan.Slot],
        outputs: tuple[str, ...],
        arguments: tuple[plan.CallArgument, ...],
    ) -> str:
        """Add the module-level object of this call and return its name."""
        layout = tuple((slot.name, slot.code) for slot in slots.values())
        result = None
        if call.result is not None:
            result = self.mapping(self.procedure.argument(call.result)).code
        name = "_" + self.procedure.name
        if self.bindings:
            name += f"_{len(self.bindings) + 1}"
        self.bindings.append(
            plan.Binding(
                name,
                self.procedure.symbol,
                result,
                layout,
                tuple(slots[o].name for o in outputs),
                self.procedure.threadsafe,
                self.procedure.exact_symbol,
                self.procedure.fortran_module,
                tuple(
                    (position, argument.code)
                    for position, argument in enumerate(arguments)
                    if isinstance(argument, plan.PassValue)
                ),
            )
        )
        return name

    def actual(
        self, actual: model.Actual, slots: dict[str, plan.Slot]
    ) -> plan.CallArgument:
        """Return how one actual argument is printed; scalars by reference get a slot."""
        match actual:
            case model.ScalarReference(name):
                return plan.FrameReference(self.variable_slot(name, slots))
            case model.Temporary(value, type_):
                return plan.FrameReference(self.temporary_slot(value, type_, slots))
            case model.ArrayAddress(name, offset):
                shift = None if offset is None else self.named(offset)
                return plan.Address(self.names.add(name), shift)
            case model.ValueArgument(value, type_):
                mapping = mapping_of(type_)
                assert mapping is not None
                return plan.PassValue(self.named(value), mapping.code)
            case model.LengthOf(name):
                return plan.PassLength(self.names.add(name))
            case model.CallbackAddress(name):
                return plan.PassPointer(self.callback_pointer(name))

    def callback_pointer(self, name: str) -> str:
        """Return the variable that holds a callback's C function."""
        python = self.names.add(name)
        for step in self.steps:
            if isinstance(step, plan.CallbackInput) and step.name == python:
                return step.pointer
        raise KeyError(name)

    def variable_slot(self, name: str, slots: dict[str, plan.Slot]) -> str:
        """Return the slot of a scalar variable, adding it the first time."""
        if name not in slots:
            type_ = self.type_of(name)
            mapping = mapping_of(type_)
            if mapping is None:
                raise Unsupported(
                    f"{name!r}: no {type_.kind.value} of {type_.size} bytes"
                )
            python = self.names.add(name)
            value: Expression | None = Name(python)
            if not self.has_value(name):
                value = ZEROS[type_.kind]
            slots[name] = plan.Slot(
                python, mapping.code, value, type_.kind is Kind.COMPLEX
            )
        return slots[name].name

    def has_value(self, name: str) -> bool:
        """Whether the scalar has a value before the call."""
        if any(local.name == name for local in self.procedure.locals):
            return True
        argument = self.procedure.argument(name)
        if argument.presence is not Presence.HIDDEN:
            return True
        return argument.initial is not None or self.is_read(name)

    def type_of(self, name: str) -> DataType:
        """Return the type of an argument or local."""
        for local in self.procedure.locals:
            if local.name == name:
                return local.type
        return self.procedure.argument(name).type

    def temporary_slot(
        self, value: Expression, type_: DataType, slots: dict[str, plan.Slot]
    ) -> str:
        """Add a slot for a value that only the call sees, named after what it is made from."""
        mentioned = [n.name for n in walk(value) if isinstance(n, Name)]
        wanted = mentioned[0] if mentioned else f"argument{len(slots) + 1}"
        taken = {s.name for s in slots.values()} | {
            a.name for a in self.passed_by_reference()
        }
        name = wanted
        while name in taken:
            name += "_"
        mapping = mapping_of(replace(type_, is_string=False, length=None))
        assert mapping is not None
        if type_.is_string:
            raise Unsupported("a string literal of more than one character")
        slots[f"({name})"] = plan.Slot(name, mapping.code, self.named(value))
        return name

    def passed_by_reference(self) -> Iterator[model.ScalarReference]:
        """Yield the scalars that any call passes by reference."""
        for action in self.procedure.actions:
            if isinstance(action, model.CallRoutine):
                yield from (
                    a for a in action.arguments if isinstance(a, model.ScalarReference)
                )

    # After the call.

    def write_back(self) -> None:
        """Add the steps that give changed values back to the caller's objects."""
        for argument in self.procedure.arguments:
            name = self.names.add(argument.name)
            if argument.callback is not None:
                self.steps.append(
                    plan.CallbackRaise(self.callback_pointer(argument.name))
                )
            elif argument.is_array and argument.intent & Intent.INPLACE:
                self.steps.append(plan.ArrayWriteBack(name))
            elif argument.name in self.kept and argument.type.is_string:
                self.steps.append(plan.StringWriteBack(name, self.kept[argument.name]))
            elif argument.name in self.kept:
                self.steps.append(plan.ScalarWriteBack(name, self.kept[argument.name]))

    def return_results(self) -> None:
        """Add the return statement."""
        values = tuple(self.returned(a) for a in results(self.procedure))
        if values:
            self.steps.append(plan.Return(values))

    def returned(self, argument: Argument) -> plan.Returned:
        """Return one returned value."""
        name = self.names.add(argument.name)
        from_caller = argument.is_array and argument.presence is not Presence.HIDDEN
        return plan.Returned(
            Name(name),
            unfold=from_caller,
            text=argument.type.is_string and not argument.is_array,
        )


def is_constant(expression: Expression) -> bool:
    """Whether the expression is a literal, with a sign perhaps."""
    match expression:
        case Integer() | Real() | Logical() | String() | Character():
            return True
        case Unary("-" | "+", operand):
            return is_constant(operand)
        case Complex(real, imaginary):
            return is_constant(real) and is_constant(imaginary)
        case _:
            return False


def expressions_of(procedure: model.Procedure) -> Iterator[Expression]:
    """Yield every expression that is evaluated before the call."""
    for argument in procedure.arguments:
        if argument.initial is not None:
            yield argument.initial
        for bound in argument.bounds or ():
            if bound.value is not None:
                yield bound.value
        for check in argument.checks:
            yield check.condition
        if argument.type.length is not None:
            yield argument.type.length
    for action in procedure.actions:
        yield from expressions_in(action)


def expressions_in(action: model.Action) -> Iterator[Expression]:
    """Yield the expressions of one action."""
    match action:
        case model.Assign(_, value):
            yield value
        case model.AssignElement(_, start, value, _):
            yield start
            yield value
        case model.ShiftElements(_, start, stop, _) | model.CopyElements(
            _, _, start, stop
        ):
            yield start
            yield stop
        case model.FillTriangle(_, order, _, value):
            yield order
            yield value
        case model.Choose(test, then, otherwise):
            yield test
            for inner in (*then, *otherwise):
                yield from expressions_in(inner)
        case model.Loop(initial, test, body, step):
            yield test
            for inner in (*initial, *body, *step):
                yield from expressions_in(inner)
        case model.CallRoutine(arguments):
            for actual in arguments:
                match actual:
                    case model.Temporary(value) | model.ValueArgument(value):
                        yield value
                    case model.ArrayAddress(_, offset) if offset is not None:
                        yield offset
                    case _:
                        pass
        case model.Raise():
            pass


def names_read(action: model.Action) -> set[str]:
    """Return the scalars that an action reads."""
    found: set[str] = set()
    for expression in expressions_in(action):
        found |= used_names(expression)
    if isinstance(action, model.CallRoutine):
        found |= {
            a.name for a in action.arguments if isinstance(a, model.ScalarReference)
        }
    return found


def merge_extents(steps: Iterable[plan.Step]) -> Iterator[plan.Step]:
    """Yield the steps with ``lda = shape(a,0)`` and ``ka = shape(a,1)`` in one ``lda, ka = a.shape``."""
    steps = list(steps)
    position = 0
    while position < len(steps):
        match steps[position : position + 2]:
            case [
                plan.Assign(target=first, value=Extent(array=one, axis=0)),
                plan.Assign(target=second, value=Extent(array=other, axis=1)),
            ] if one == other and array_rank(steps, one) == 2:
                yield plan.Unpack((first, second), one)
                position += 2
            case _:
                yield steps[position]
                position += 1


def array_rank(steps: Iterable[plan.Step], name: str) -> int:
    """Return the rank of a converted array, 0 where it isn't found."""
    for step in steps:
        match step:
            case plan.ArrayInput(name=found, extents=extents) if found == name:
                return len(extents)
            case plan.ArrayOptional(
                input=plan.ArrayInput(name=found, extents=extents)
            ) if found == name:
                return len(extents)
            case plan.ArrayHidden(name=found, extents=extents) if found == name:
                return len(extents)
            case _:
                pass
    return 0


def callback_variable(callback: model.Callback) -> str:
    """Return the module constant that describes a callback."""
    return f"_{callback.name}_in_{callback.module}"


__all__ = ["Member", "ProcedurePlanner", "Unsupported", "callback_variable"]
