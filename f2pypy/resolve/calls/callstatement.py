"""What happens at the call: a callstatement's C, or the plain call in the order of the dummy arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from f2pypy.expressions import c
from f2pypy.expressions.exhaustive import assert_never
from f2pypy.expressions.nodes import (
    AddressOf,
    Assignment,
    Binary,
    Block,
    Break,
    Call,
    CallThrough,
    Complex,
    Continue,
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
    Logical,
    Member,
    Name,
    Real,
    Return,
    Sequence,
    Statement,
    String,
    Subscript,
    Unary,
    While,
)
from f2pypy.expressions.walk import rewrite, walk
from f2pypy.model import (
    Action,
    Argument,
    Assign,
    AssignElement,
    AssignElements,
    CallRoutine,
    Choose,
    DataType,
    FillTriangle,
    Local,
    Loop,
    Raise,
)
from f2pypy.model import Break as BreakAction
from f2pypy.model import Continue as ContinueAction
from f2pypy.resolve.arguments.expression_scope import ExpressionScope
from f2pypy.resolve.calls.actuals import ActualReader, c_type, is_literal
from f2pypy.resolve.calls.effects import Lifted, has_effects, lift, refuse_shared
from f2pypy.resolve.calls.loops import tidy_actions

CALLEE = "f2py_func"
SUCCESS = "f2py_success"

EXCEPTIONS = frozenset(
    {
        "ArithmeticError",
        "AssertionError",
        "Exception",
        "IndexError",
        "KeyError",
        "LookupError",
        "MemoryError",
        "NotImplementedError",
        "OSError",
        "OverflowError",
        "RuntimeError",
        "TypeError",
        "ValueError",
        "ZeroDivisionError",
    }
)

# What f2py's wrapper amounts to when it fails without an exception.
UNSAID = Raise("SystemError", "the callstatement failed without an exception")


@dataclass
class CallReader:
    """Reads one callstatement against the arguments of its procedure.

    `prototype` are the C types of callprotoargument, used for values passed by value; `types` the type names that
    usercode defines, `variables` the routine's names that are C keywords. `locals` collects the variables that the
    statement declares; `visible` names those of them that an inner block can see.
    """

    arguments: dict[str, Argument]
    results: frozenset[str]
    result: Argument | None
    prototype: tuple[str, ...]
    scope: ExpressionScope
    default_integer: int
    types: Mapping[str, str] = field(default_factory=dict)
    variables: frozenset[str] = frozenset()
    sizes: Mapping[str, object] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)

    def read(self, text: str) -> tuple[Action, ...]:
        """Return the statement's actions in order; ExpressionError for code that can't be translated."""
        block = rewrite(self.statements(text), self.as_result)
        return tidy_actions(self.actions(block.statements), self.locals)

    def statements(self, text: str) -> Block:
        """Return the statements as C, with C keywords as variables if it can't be parsed otherwise."""
        try:
            return c.read_statements(text)
        except ExpressionError:
            if not self.variables:
                raise
        return c.read_statements(text, self.variables)

    def as_result(self, expression: Expression) -> Expression:
        """Return the result's own name for each of its names in C."""
        match expression:
            case Name(name, at) if self.result and name in self.return_variables():
                return Name(self.result.name, at)
            case _:
                return expression

    def return_variables(self) -> frozenset[str]:
        """Return the C names of the function's result."""
        return self.results | {f"{name}_return_value" for name in self.results}

    # Statements.

    def actions(self, statements: Iterable[Statement]) -> list[Action]:
        """Return the actions of the statements of one block."""
        outside = set(self.visible)
        found: list[Action] = []
        waiting = list(statements)
        while waiting:
            statement = waiting.pop(0)
            if isinstance(statement, Declaration):
                name = self.free_local(statement)
                if name != statement.name:
                    waiting = [renamed(s, statement.name, name) for s in waiting]
                    statement = replace(statement, name=name)
            found += self.statement(statement)
        self.visible = outside
        return without_success(found)

    def free_local(self, declaration: Declaration) -> str:
        """Return a name for a local variable that hides nothing."""
        name = declaration.name
        wanted = self.data_type(declaration)
        while True:
            known = self.locals.get(name)
            hides = name in self.arguments or name in self.visible
            if not hides and (known is None or known.type == wanted):
                return name
            name += "_"

    def data_type(self, declaration: Declaration) -> DataType:
        """Return the type of a local variable."""
        found = c_type(declaration.type, self.default_integer, self.types, self.sizes)
        if found is None:
            raise ExpressionError(
                f"a local variable of C type {declaration.type!r} can't be translated to Python"
            )
        return found

    def statement(self, statement: Statement) -> list[Action]:
        """Return the actions of one statement."""
        match statement:
            case Evaluate(expression):
                return self.effect(expression)
            case Declaration(_, name, initial):
                return self.declare(statement, name, initial)
            case Block(statements):
                return self.actions(statements)
            case If(test, then, otherwise):
                before, condition = self.condition(test)
                branches = (
                    tuple(self.actions(then.statements)),
                    tuple(self.actions(otherwise.statements if otherwise else ())),
                )
                return [*before, Choose(condition, *branches)]
            case For(initial, test, step, body):
                return self.loop(initial, test, step, body)
            case While(test, body, False):
                return self.loop((), test, None, body)
            case While(test, body, True):
                return [self.loop_tested_after(test, body)]
            case Break():
                return [BreakAction()]
            case Continue():
                return [ContinueAction()]
            case Return(Name("NULL") | Integer(value=0) | None):
                return [Raise("", "")]
            case _:
                raise ExpressionError(
                    f"a callstatement can't contain {type(statement).__name__.lower()}"
                )

    def declare(
        self, declaration: Declaration, name: str, initial: Expression | None
    ) -> list[Action]:
        """Add a local variable."""
        data_type = self.data_type(declaration)
        self.locals[name] = Local(name, data_type)
        self.visible.add(name)
        self.scope = self.scope.with_scalar(name, data_type.kind)
        if initial is not None:
            return self.effect(Assignment(Name(name), "=", initial))
        zeros: dict[Kind, Expression] = {
            Kind.REAL: Real(0.0),
            Kind.COMPLEX: Complex(Real(0.0), Real(0.0)),
        }
        return [Assign(name, zeros.get(data_type.kind, Integer(0)))]

    def new_local(self, wanted: str, kind: Kind) -> str:
        """Return a new local variable whose name the C text doesn't use."""
        name = wanted
        while name in self.arguments or name in self.locals:
            name += "_"
        self.locals[name] = Local(name, DataType(kind, 4))
        self.scope = self.scope.with_scalar(name, kind)
        return name

    def condition(self, test: Expression) -> tuple[list[Action], Expression]:
        """Return the actions before a test, and the test without side effects."""
        lifted = lift(test)
        if not lifted.after:
            return self.effects(lifted.before), self.scope.condition(lifted.value)
        name = self.new_local("test", Kind.LOGICAL)
        before = self.effects(lifted.before)
        value = Assign(name, self.scope.condition(lifted.value))
        return [*before, value, *self.effects(lifted.after)], Name(name)

    def loop(
        self,
        initial: tuple[Statement, ...],
        test: Expression | None,
        step: Expression | None,
        body: Block,
    ) -> list[Action]:
        """Return a loop that tests before each turn."""
        outside = set(self.visible)
        before = tuple(self.actions_in_place(initial))
        inside, condition = self.condition(Integer(1) if test is None else test)
        after = tuple(self.effect(step) if step is not None else ())
        turn = tuple(self.actions(body.statements))
        self.visible = outside
        if not inside:
            return [Loop(before, condition, with_step(turn, after), after)]
        leave = Choose(Unary("!", condition), (BreakAction(),), ())
        turn = (*inside, leave, *with_step(turn, after))
        return [Loop(before, Logical(True), turn, after)]

    def actions_in_place(self, statements: Iterable[Statement]) -> list[Action]:
        """Return the actions of statements whose declarations the surrounding block sees."""
        return [a for statement in statements for a in self.statement(statement)]

    def loop_tested_after(self, test: Expression, body: Block) -> Loop:
        """Return ``do body while (test)``."""
        turn = self.actions(body.statements)
        inside, condition = self.condition(test)
        leave = Choose(Unary("!", condition), (BreakAction(),), ())
        ending = (*inside, leave)
        return Loop((), Logical(True), (*with_step(tuple(turn), ending), *ending), ())

    # Expressions that stand for their effect.

    def effects(self, expressions: Iterable[Expression]) -> list[Action]:
        """Return the actions of several expressions."""
        return [a for expression in expressions for a in self.effect(expression)]

    def effect(self, expression: Expression) -> list[Action]:
        """Return the actions of an expression that is evaluated for its side effects."""
        match expression:
            case Sequence(items):
                return self.effects(items)
            case Assignment(Name(name), "=", value) if name == SUCCESS:
                return self.succeed(value)
            case Assignment(target, operator, value):
                return self.assign(target, operator, value)
            case Increment(target, step):
                return self.assign(target, "+=" if step > 0 else "-=", Integer(1))
            case Call("PyErr_SetString", (Name(exception), String(message))):
                return [self.raise_exception(exception, message)]
            case Call("PyErr_SetString", (Name(exception), Name(message))) if (
                message in self.arguments and self.arguments[message].type.is_string
            ):
                raised = self.raise_exception(exception, b"")
                return [replace(raised, argument=message)]
            case _ if self.is_call(expression):
                return self.call_alone(expression)
            case _ if has_effects(expression):
                lifted = lift(expression)
                return self.effects((*lifted.before, *lifted.after))
            case Integer():
                return []
            case _:
                raise ExpressionError(
                    "a callstatement can't evaluate this expression for its effect",
                    max(expression.at, 0),
                )

    def succeed(self, value: Expression) -> list[Action]:
        """Return the actions of an assignment to f2py_success: a false value ends the wrapper."""
        match value:
            case Integer(value=number):
                return [] if number else [Raise("", "")]
            case _:
                before, condition = self.condition(value)
                return [*before, Choose(Unary("!", condition), (UNSAID,), ())]

    def raise_exception(self, exception: str, message: bytes) -> Raise:
        """Return the Raise of a PyErr_SetString."""
        name = exception.removeprefix("PyExc_")
        if not exception.startswith("PyExc_") and name.endswith("_error"):
            return Raise("error", message.decode("utf-8", "replace"))
        if name not in EXCEPTIONS:
            raise ExpressionError(f"unknown exception {exception!r}")
        return Raise(name, message.decode("utf-8", "replace"))

    def is_call(self, expression: object) -> bool:
        """Whether the expression is ``(*f2py_func)(...)`` or ``f2py_func(...)``."""
        match expression:
            case CallThrough(Dereference(Name(name)), _) | CallThrough(Name(name), _):
                return name == CALLEE
            case Call(name, _):
                return name == CALLEE
            case _:
                return False

    def calls_in(self, expression: Expression) -> list[Expression]:
        """Return the calls of the routine inside the expression."""
        return [node for node in walk(expression) if self.is_call(node)]  # type: ignore[misc]

    # Assignments.

    def assign(
        self, target: Expression, operator: str, value: Expression
    ) -> list[Action]:
        """Return the actions of an assignment, of a chained one too."""
        if isinstance(value, Assignment) and operator == "=":
            inner = self.assign(value.target, value.operator, value.value)
            last = innermost(value)
            again = last if is_literal(last) else value.target
            return [*inner, *self.assign(target, operator, again)]
        if self.calls_in(value):
            return self.assign_result(target, operator, value)
        refuse_shared(target, value)
        if operator != "=":
            pure = lift(target)
            computed = Binary(operator.removesuffix("="), pure.value, value)
            return self.assign_lifted(pure, lift(computed))
        return self.assign_lifted(lift(target), lift(value))

    def assign_lifted(self, target: Lifted, value: Lifted) -> list[Action]:
        """Return an assignment with the side effects of both sides."""
        return [
            *self.effects((*target.before, *value.before)),
            self.store(target.value, value.value),
            *self.effects((*target.after, *value.after)),
        ]

    def store(self, target: Expression, value: Expression) -> Action:
        """Return the assignment of a variable, an array's element or a part of either."""
        match target:
            case Name(name) if self.is_scalar(name):
                return Assign(name, self.scope.value(value, self.kind_of(name)))
            case Member(Name(name) as whole, part, False) if (
                self.is_scalar(name) and self.kind_of(name) is Kind.COMPLEX
            ):
                real = value if part == "r" else Member(whole, "r")
                imaginary = value if part == "i" else Member(whole, "i")
                both = Complex(real, imaginary)
                return Assign(name, self.scope.value(both, Kind.COMPLEX))
            case Name(name):
                raise ExpressionError(
                    f"{name!r} isn't a variable here", max(target.at, 0)
                )
            case _:
                return self.store_element(target, value)

    def store_element(self, target: Expression, value: Expression) -> AssignElement:
        """Return the assignment of an array element or of one part of a complex one."""
        part = ""
        if isinstance(target, Member):
            part = target.name
            target = target.base if not target.arrow else Dereference(target.base)
        array, index = self.element(target)
        kind = Kind.REAL if part else self.arguments[array].type.kind
        return AssignElement(
            array,
            self.scope.value(index, Kind.INTEGER),
            self.scope.value(value, kind),
            part,
        )

    def element(self, target: Expression) -> tuple[str, Expression]:
        """Return array and index of ``a[i]``, ``*a`` and ``*(a + i)``."""
        match target:
            case Subscript(pointer, index):
                target = Binary("+", pointer, index, target.at)
            case Dereference(pointer):
                target = pointer
            case _:
                raise ExpressionError("this can't be assigned to", max(target.at, 0))
        name, offset = self.place(target)
        return name, offset if offset is not None else Integer(0)

    def place(self, pointer: Expression) -> tuple[str, Expression | None]:
        """Return the array that a pointer points into, and how far from its beginning."""
        match pointer:
            case Name(name) if self.is_array(name):
                return name, None
            case AddressOf(Subscript(base, index)):
                return self.place(Binary("+", base, index, pointer.at))
            case Binary("+" | "-" as operator, base, shift):
                name, offset = self.place(base)
                if offset is None and operator == "+":
                    return name, shift
                return name, Binary(operator, offset or Integer(0), shift)
            case _:
                raise ExpressionError("this can't be assigned to", max(pointer.at, 0))

    def assign_result(
        self, target: Expression, operator: str, value: Expression
    ) -> list[Action]:
        """Return the call whose result goes through an expression into a variable."""
        calls = self.calls_in(value)
        if len(calls) != 1 or operator != "=":
            raise ExpressionError(
                "the value of the call can only be used once", max(target.at, 0)
            )
        if self.result is None:
            raise ExpressionError(
                "a subroutine has no value to assign", max(value.at, 0)
            )
        name = self.result.name
        actions: list[Action] = [self.call(calls[0], name)]
        if not self.is_call(value) or target != Name(name):
            rest = replace_node(value, calls[0], Name(name))
            actions += self.assign(target, "=", rest)
        return actions

    def is_scalar(self, name: str) -> bool:
        """Whether the name is a local or an argument that holds one value."""
        if name in self.locals:
            return True
        argument = self.arguments.get(name)
        if argument is None or argument.callback is not None:
            return False
        return not (argument.is_array or argument.type.is_string)

    def is_array(self, name: str) -> bool:
        """Whether the name is an array argument."""
        return name in self.arguments and self.arguments[name].is_array

    def kind_of(self, name: str) -> Kind:
        """Return the kind of an argument or local."""
        if name in self.locals:
            return self.locals[name].type.kind
        return self.arguments[name].type.kind

    # The call.

    def call_alone(self, expression: Expression) -> list[Action]:
        """Return a call whose value is unused, or goes into its first argument."""
        return [self.call(expression, None)]

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
        reader = ActualReader(
            self.arguments,
            self.locals,
            self.scope,
            self.default_integer,
            self.types,
            self.sizes,
        )
        types = [*prototype, *[""] * len(actuals)]
        return CallRoutine(
            tuple(reader.actual(a, t) for a, t in zip(actuals, types, strict=False)),
            result,
        )


def renamed(statement: Statement, old: str, new: str) -> Statement:
    """Return the statement with variable `old` called `new`."""
    return rewrite(
        statement, lambda node: Name(new, node.at) if node == Name(old) else node
    )


def innermost(assignment: Assignment) -> Expression:
    """Return the value that a chained assignment begins with."""
    value: Expression = assignment
    while isinstance(value, Assignment):
        value = value.value
    return value


def with_step(turn: tuple[Action, ...], step: tuple[Action, ...]) -> tuple[Action, ...]:
    """Return a loop's body in which every ``continue`` does the loop's step first."""
    found: list[Action] = []
    for action in turn:
        match action:
            case ContinueAction():
                found += [*step, action]
            case Choose(test, then, otherwise):
                branches = with_step(then, step), with_step(otherwise, step)
                found.append(Choose(test, *branches))
            case CallRoutine() | Assign() | AssignElement() | AssignElements():
                found.append(action)
            case FillTriangle() | BreakAction() | Raise():
                found.append(action)
            case Loop():  # its own ``continue`` does its own step
                found.append(action)
            case _:
                assert_never(action)
    return tuple(found)


def without_success(actions: list[Action]) -> list[Action]:
    """Return the actions with each exception raised once.

    ``PyErr_SetString(...)`` sets it, ``f2py_success = 0`` and ``return NULL`` (a `Raise` without a name) end the
    wrapper; nothing between them in a block, or after them, has an effect.
    """
    for position, action in enumerate(actions):
        match action:
            case Raise(exception="") if ends_in_raise(actions[:position]):
                return actions[:position]
            case Raise(exception=""):
                later = [
                    a
                    for a in actions[position:]
                    if isinstance(a, Raise) and a.exception
                ]
                return [*actions[:position], *(later[:1] or [UNSAID])]
            case _:
                pass
    return actions


def ends_in_raise(actions: list[Action]) -> bool:
    """Whether the last action always raises."""
    return bool(actions) and isinstance(actions[-1], Raise)


def replace_node(tree: Expression, old: object, new: Expression) -> Expression:
    """Return the tree with the node `old` (by identity) replaced."""
    return rewrite(tree, lambda node: new if node is old else node)
