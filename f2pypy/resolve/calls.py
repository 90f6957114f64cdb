"""What happens at the call: a callstatement's C, or the plain call in the order of the dummy arguments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from f2pypy.expressions import c
from f2pypy.expressions.nodes import (
    AddressOf,
    Assignment,
    Binary,
    Block,
    Call,
    CallThrough,
    Cast,
    Conditional,
    Declaration,
    Dereference,
    Evaluate,
    Expression,
    ExpressionError,
    For,
    If,
    Increment,
    Integer,
    Kind,
    Member,
    Name,
    Real,
    Sequence,
    Statement,
    String,
    Subscript,
    While,
)
from f2pypy.expressions.walk import rewrite, walk
from f2pypy.model import (
    Action,
    Actual,
    Argument,
    ArrayAddress,
    Assign,
    AssignElement,
    CallbackAddress,
    CallRoutine,
    Choose,
    DataType,
    LengthOf,
    Local,
    Loop,
    Raise,
    ScalarReference,
    Temporary,
    ValueArgument,
)
from f2pypy.resolve.loops import recognise_loop
from f2pypy.resolve.meaning import Meaning

CALLEE = "f2py_func"

# C types of locals and of values passed by value.
C_TYPES = {
    "int": DataType(Kind.INTEGER, 4),
    "npy_int32": DataType(Kind.INTEGER, 4),
    "npy_int64": DataType(Kind.INTEGER, 8),
    "long": DataType(Kind.INTEGER, 8),
    "long long": DataType(Kind.INTEGER, 8),
    "size_t": DataType(Kind.INTEGER, 8, unsigned=True),
    "npy_intp": DataType(Kind.INTEGER, 8),
    "float": DataType(Kind.REAL, 4),
    "double": DataType(Kind.REAL, 8),
    "complex_float": DataType(Kind.COMPLEX, 8),
    "complex_double": DataType(Kind.COMPLEX, 16),
    "char": DataType(Kind.CHARACTER, 1),
}
EXCEPTIONS = frozenset(
    "ArithmeticError AssertionError Exception IndexError KeyError LookupError MemoryError NotImplementedError "
    "OverflowError RuntimeError TypeError ValueError ZeroDivisionError".split()
)


def c_type(name: str, default_integer: int) -> DataType | None:
    """Return the scalar C type of that name, None where there is none such; F_INT is the library's integer."""
    name = name.strip()
    if name == "F_INT":
        return DataType(Kind.INTEGER, default_integer)
    return C_TYPES.get(name)


def plain_call(
    arguments: Iterable[Argument], result: Argument | None, *, pass_lengths: bool
) -> tuple[CallRoutine]:
    """Return the call that passes every dummy argument in order, then the hidden character lengths."""
    actuals: list[Actual] = []
    lengths: list[Actual] = []
    if result is not None and result.type.kind is Kind.CHARACTER:
        # A character result comes back through memory that the caller gives, with its length behind it.
        actuals += [ArrayAddress(result.name), LengthOf(result.name)]
        result = None
    for argument in arguments:
        actuals.append(pass_argument(argument))
        if argument.type.kind is Kind.CHARACTER and not argument.by_value:
            lengths.append(LengthOf(argument.name))
    if not pass_lengths:
        lengths.clear()
    return (
        CallRoutine((*actuals, *lengths), result.name if result is not None else None),
    )


def pass_argument(argument: Argument) -> Actual:
    """Return how a dummy argument is passed when no callstatement says otherwise."""
    if argument.callback is not None:
        return CallbackAddress(argument.name)
    if argument.is_array or argument.type.is_string:
        return ArrayAddress(argument.name)
    if argument.by_value:
        return ValueArgument(Name(argument.name), argument.type)
    return ScalarReference(argument.name)


@dataclass
class CallReader:
    """Reads one callstatement against the arguments of its procedure.

    `prototype` are the C types of callprotoargument, used for values passed by value. `locals` collects what the
    statement declares.
    """

    arguments: dict[str, Argument]
    results: frozenset[str]
    result: Argument | None
    prototype: tuple[str, ...]
    meaning: Meaning
    default_integer: int
    locals: dict[str, Local] = field(default_factory=dict)

    def read(self, text: str) -> tuple[Action, ...]:
        """Return the statement's actions in order; ExpressionError for what can't be said."""
        block = rewrite(c.read_statements(text), self.as_result)
        return tuple(self.actions(block.statements))

    def as_result(self, expression: Expression) -> Expression:
        """Return the result's own name for each of the names that C knows it by."""
        match expression:
            case Name(name, at) if self.result and name in self.return_variables():
                return Name(self.result.name, at)
            case _:
                return expression

    def actions(self, statements: Iterable[Statement]) -> list[Action]:
        """Return the actions of several statements."""
        return [a for statement in statements for a in self.statement(statement)]

    def statement(self, statement: Statement) -> list[Action]:
        """Return the actions of one statement."""
        match statement:
            case Evaluate(expression):
                return self.effect(expression)
            case Declaration(type_, name, initial):
                return self.declare(type_, name, initial)
            case Block(statements):
                return self.actions(statements)
            case If(test, then, otherwise):
                return [
                    Choose(
                        self.meaning.condition(test),
                        tuple(self.actions(then.statements)),
                        tuple(self.actions(otherwise.statements if otherwise else ())),
                    )
                ]
            case For():
                return self.loop(statement)
            case While(test, body, after):
                inner = tuple(self.actions(body.statements))
                first = inner if after else ()
                return [*first, Loop((), self.meaning.condition(test), inner, ())]
            case _:
                raise ExpressionError(
                    f"a callstatement can't say {type(statement).__name__.lower()}"
                )

    def declare(
        self, type_: str, name: str, initial: Expression | None
    ) -> list[Action]:
        """Add a local variable."""
        data_type = c_type(type_, self.default_integer)
        if data_type is None:
            raise ExpressionError(
                f"a local variable of C type {type_!r} isn't supported"
            )
        self.locals[name] = Local(name, data_type)
        self.meaning = self.meaning.with_scalar(name, data_type.kind)
        value = Integer(0) if data_type.kind is not Kind.REAL else Real(0.0)
        if initial is not None:
            return [Assign(name, self.meaning.value(initial, data_type.kind))]
        return [Assign(name, value)]

    def loop(self, loop: For) -> list[Action]:
        """Return a vectorised form of the loop where it has one."""
        initial = tuple(self.actions(loop.initial))
        test = Integer(1) if loop.test is None else loop.test
        step = tuple(self.effect(loop.step) if loop.step is not None else ())
        body = tuple(self.actions(loop.body.statements))
        general = Loop(initial, self.meaning.condition(test), body, step)
        return list(recognise_loop(general))

    def effect(self, expression: Expression) -> list[Action]:
        """Return the actions of an expression that stands for its effect."""
        match expression:
            case Sequence(items):
                return [a for item in items for a in self.effect(item)]
            case Assignment(Name("f2py_success"), "=", _):
                return []
            case Assignment(target, operator, value):
                return self.assign(target, operator, value)
            case Increment(target, step):
                return self.increment(target, step)
            case Call("PyErr_SetString", (Name(exception), String(message))):
                return [self.raise_exception(exception, message)]
            case _ if self.is_call(expression):
                return [self.call(expression, None)]
            case _:
                raise ExpressionError(
                    "a callstatement can't evaluate this expression for its effect",
                    max(expression.at, 0),
                )

    def raise_exception(self, exception: str, message: bytes) -> Raise:
        """Return the Raise of a PyErr_SetString."""
        name = exception.removeprefix("PyExc_")
        if name not in EXCEPTIONS:
            raise ExpressionError(f"unknown exception {exception!r}")
        return Raise(name, message.decode("latin-1"))

    def is_call(self, expression: Expression) -> bool:
        """Whether the expression is ``(*f2py_func)(...)`` or ``f2py_func(...)``."""
        match expression:
            case CallThrough(Dereference(Name(name)), _) | CallThrough(Name(name), _):
                return name == CALLEE
            case Call(name, _):
                return name == CALLEE
            case _:
                return False

    def contains_call(self, expression: Expression) -> bool:
        """Whether the routine is called somewhere inside the expression."""
        return any(self.is_call(node) for node in walk(expression))  # type: ignore[arg-type]

    def assign(
        self, target: Expression, operator: str, value: Expression
    ) -> list[Action]:
        """Return the actions of an assignment, of a chained one too."""
        if isinstance(value, Assignment) and operator == "=":
            inner = self.assign(value.target, value.operator, value.value)
            return [*inner, *self.assign(target, operator, value.value)]
        if self.contains_call(value):
            return self.assign_result(target, value)
        if operator != "=":
            value = Binary(operator.removesuffix("="), target, value)
        match target:
            case Name(name) if name in self.arguments or name in self.locals:
                return [Assign(name, self.meaning.value(value, self.kind_of(name)))]
            case Name(name):
                raise ExpressionError(
                    f"{name!r} isn't a variable here", max(target.at, 0)
                )
            case _:
                return [self.assign_element(target, value)]

    def assign_result(self, target: Expression, value: Expression) -> list[Action]:
        """Return the call whose result goes through an expression into the function's value."""
        if self.result is None or not (
            isinstance(target, Name) and target.name == self.result.name
        ):
            raise ExpressionError(
                "only a function's result can take the value of the call",
                max(target.at, 0),
            )
        calls = [node for node in walk(value) if self.is_call(node)]  # type: ignore[arg-type]
        if len(calls) != 1:
            raise ExpressionError("the routine is called twice in one expression")
        name = self.result.name
        actions: list[Action] = [self.call(calls[0], name)]  # type: ignore[arg-type]
        if not self.is_call(value):
            rest = replace_node(value, calls[0], Name(name))
            actions.append(
                Assign(name, self.meaning.value(rest, self.result.type.kind))
            )
        return actions

    def return_variables(self) -> frozenset[str]:
        """Return the C names of the function's result."""
        return self.results | {f"{name}_return_value" for name in self.results}

    def assign_element(self, target: Expression, value: Expression) -> Action:
        """Return the assignment of an array element or of one part of a complex one."""
        part = ""
        if isinstance(target, Member):
            part = target.name
            target = target.base if not target.arrow else Dereference(target.base)
        array, index = self.element(target)
        kind = Kind.REAL if part else self.arguments[array].type.kind
        return AssignElement(
            array,
            self.meaning.value(index, Kind.INTEGER),
            self.meaning.value(value, kind),
            part,
        )

    def element(self, target: Expression) -> tuple[str, Expression]:
        """Return array and index of ``a[i]``, ``*a`` and ``*(a + i)``."""
        match target:
            case Subscript(Name(name), index) if self.is_array(name):
                return name, index
            case Dereference(Name(name)) if self.is_array(name):
                return name, Integer(0)
            case Dereference(Binary("+", Name(name), index)) if self.is_array(name):
                return name, index
            case _:
                raise ExpressionError("this can't be assigned to", max(target.at, 0))

    def increment(self, target: Expression, step: int) -> list[Action]:
        """Return ``x += step``; an index that is incremented in passing follows its element."""
        match target:
            case Name():
                return self.assign(target, "=", Binary("+", target, Integer(step)))
            case Subscript(base, Increment(Name() as index, index_step, prefix)):
                element = self.assign(
                    Subscript(base, index),
                    "=",
                    Binary("+", Subscript(base, index), Integer(step)),
                )
                shift = self.increment(index, index_step)
                return [*shift, *element] if prefix else [*element, *shift]
            case _:
                return self.assign(target, "=", Binary("+", target, Integer(step)))

    def kind_of(self, name: str) -> Kind:
        """Return the kind of an argument or local."""
        if name in self.locals:
            return self.locals[name].type.kind
        return self.arguments[name].type.kind

    def is_array(self, name: str) -> bool:
        """Whether the name is an array argument."""
        return name in self.arguments and self.arguments[name].is_array

    def call(self, expression: Expression, result: str | None) -> CallRoutine:
        """Return the call with its actual arguments."""
        assert isinstance(expression, (Call, CallThrough))
        actuals = list(expression.arguments)
        prototype = list(self.prototype)
        if self.result is not None and result is None and actuals:
            match actuals[0]:
                # f2py calls a subroutine of its own here, whose first argument takes the result.
                case AddressOf(Name(name)) | Name(name) if name == self.result.name:
                    result = name
                    actuals = actuals[1:]
                    if len(prototype) > len(actuals):
                        prototype = prototype[1:]
                case _:
                    pass
        types = [*prototype, *[""] * len(actuals)]
        return CallRoutine(
            tuple(self.actual(a, t) for a, t in zip(actuals, types)), result
        )

    def actual(self, expression: Expression, c_name: str) -> Actual:
        """Return how one actual argument of a callstatement is passed."""
        match expression:
            case Cast(type_, operand) if "*" in type_:
                return self.actual(operand, c_name)
            case AddressOf(operand):
                return self.address(operand)
            case Name(name) if name in self.arguments:
                argument = self.arguments[name]
                if argument.callback is not None:
                    return CallbackAddress(name)
                if argument.is_array or argument.type.is_string:
                    return ArrayAddress(name)
                if argument.type.kind is Kind.CHARACTER or c_name.endswith("*"):
                    # f2py passes the address where a flag stands for itself.
                    return ScalarReference(name)
                return self.by_value(expression, c_name)
            case Name(name) if name.startswith("cb_"):
                return self.callback(name)
            case Binary("+", base, offset) if self.pointed(base) is not None:
                return self.shifted(base, offset)
            case Binary("-", base, offset) if self.pointed(base) is not None:
                raise ExpressionError(
                    "an address before the beginning of an array", max(expression.at, 0)
                )
            case String() | Conditional() if is_text(expression):
                return self.temporary_text(expression)
            case _:
                return self.by_value(expression, c_name)

    def callback(self, name: str) -> CallbackAddress:
        """Return the callback that f2py's C name ``cb_jac_in_dvode__user__routines`` means."""
        for argument in self.arguments.values():
            if argument.callback is not None:
                described = f"cb_{argument.callback.name}_in_{argument.callback.module}"
                if name == described or name.startswith(f"cb_{argument.name}_in_"):
                    return CallbackAddress(argument.name)
        raise ExpressionError(f"{name!r} is no callback of this routine")

    def pointed(self, base: Expression) -> str | None:
        """Return the array that an address expression begins with."""
        match base:
            case Name(name) if name in self.arguments:
                argument = self.arguments[name]
                pointer = argument.is_array or argument.type.is_string
                return name if pointer else None
            case Binary("+", left, _):
                return self.pointed(left)
            case _:
                return None

    def shifted(self, base: Expression, offset: Expression) -> ArrayAddress:
        """Return ``base + offset`` as one array address."""
        while isinstance(base, Binary):
            base, offset = base.left, Binary("+", base.right, offset)
        assert isinstance(base, Name)
        return ArrayAddress(base.name, self.meaning.value(offset, Kind.INTEGER))

    def address(self, operand: Expression) -> Actual:
        """Return ``&operand``."""
        match operand:
            case Name(name) if name in self.locals:
                return ScalarReference(name)
            case Name(name) if name in self.arguments:
                argument = self.arguments[name]
                if argument.is_array or argument.type.is_string:
                    return ArrayAddress(name)
                return ScalarReference(name)
            case Subscript(String(), _):
                return self.temporary_text(operand)
            case Subscript(Name(name), index) if self.is_array(name):
                return ArrayAddress(name, self.meaning.value(index, Kind.INTEGER))
            case Member(Name(name), "r" | "i") if name in self.arguments:
                half = self.arguments[name].type.size // 2
                value = self.meaning.value(operand, Kind.REAL)
                return Temporary(value, DataType(Kind.REAL, half))
            case _:
                raise ExpressionError(
                    "the address of this can't be passed", max(operand.at, 0)
                )

    def temporary_text(self, expression: Expression) -> Temporary:
        """Return a flag such as ``(trans?"T":"N")``, passed by its address."""
        value = self.meaning.value(expression, Kind.CHARACTER)
        lengths = {len(s.value) for s in texts_of(expression)}
        single = isinstance(expression, Subscript) or lengths == {1}
        return Temporary(value, DataType(Kind.CHARACTER, 1, is_string=not single))

    def by_value(self, expression: Expression, c_name: str) -> ValueArgument:
        """Return a number passed by value, as the prototype says or as its own type."""
        data_type = c_type(c_name, self.default_integer)
        if data_type is None and isinstance(expression, Name):
            data_type = (
                self.arguments[expression.name].type
                if expression.name in self.arguments
                else None
            )
        if data_type is None:
            kind = self.meaning.kind(expression)
            size = 8 if kind is Kind.REAL else self.default_integer
            data_type = DataType(kind, size)
        return ValueArgument(self.meaning.value(expression, data_type.kind), data_type)


def texts_of(expression: Expression) -> list[String]:
    """Return the string literals that an expression may give."""
    match expression:
        case String():
            return [expression]
        case Conditional(_, then, otherwise):
            return [*texts_of(then), *texts_of(otherwise)]
        case _:
            return []


def is_text(expression: Expression) -> bool:
    """Whether every value the expression may take is a string literal."""
    match expression:
        case String():
            return True
        case Conditional(_, then, otherwise):
            return is_text(then) and is_text(otherwise)
        case _:
            return False


def replace_node(tree: Expression, old: object, new: Expression) -> Expression:
    """Return the tree with the node `old` (by identity) replaced."""
    return rewrite(tree, lambda node: new if node is old else node)
