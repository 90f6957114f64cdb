"""What a callstatement does: its C as actions in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from f2pypy.dataclass import dataclass
from f2pypy.expressions import c
from f2pypy.expressions.nodes import (
    AddressOf,
    Assignment,
    Binary,
    Call,
    CallThrough,
    Complex,
    Dereference,
    Expression,
    ExpressionError,
    Increment,
    Integer,
    Kind,
    Logical,
    Member,
    Name,
    Sequence,
    String,
    Unary,
)
from f2pypy.expressions.statements import (
    Block,
    Break,
    Continue,
    Declaration,
    Evaluate,
    For,
    If,
    Return,
    Statement,
    While,
)
from f2pypy.expressions.walk import rewrite, walk
from f2pypy.model import (
    Action,
    Argument,
    Assign,
    AssignElement,
    CallRoutine,
    Choose,
    Loop,
    Raise,
)
from f2pypy.resolve.arguments.before_conversion import ZEROS
from f2pypy.resolve.calls.actuals import ActualReader, is_literal
from f2pypy.resolve.calls.effects import (
    Lifted,
    has_effects,
    innermost,
    lift,
    refuse_shared,
    replace_node,
)
from f2pypy.resolve.calls.endings import (
    UNSAID,
    raise_exception,
    with_step,
    without_success,
)
from f2pypy.resolve.calls.loops import tidy_actions
from f2pypy.resolve.calls.variables import Names, renamed

CALLEE = "f2py_func"
SUCCESS = "f2py_success"


@dataclass
class CallReader:
    """Reads one callstatement.

    `results` are the C names of the function's result. `prototype` are the C types of callprotoargument, used for
    values passed by value; `keywords` the routine's names that are C keywords.
    """

    names: Names
    results: frozenset[str]
    result: Argument | None
    prototype: tuple[str, ...]
    keywords: frozenset[str] = frozenset()

    def read(self, text: str) -> tuple[Action, ...]:
        """Return the statement's actions in order; ExpressionError for code that can't be translated."""
        block = rewrite(self.statements(text), self.as_result)
        return tidy_actions(self.actions(block.statements), self.names.locals)

    def statements(self, text: str) -> Block:
        """Return the statements as C, with C keywords as variables if it can't be parsed otherwise."""
        try:
            return c.read_statements(text)
        except ExpressionError:
            if not self.keywords:
                raise
        return c.read_statements(text, self.keywords)

    def as_result(self, expression: Expression) -> Expression:
        """Return the result's own name for ``f_return_value``, which f2py's C calls it."""
        match expression:
            case Name(name, at) if self.result and self.is_result(name):
                return Name(self.result.name, at)
            case _:
                return expression

    def is_result(self, name: str) -> bool:
        """Whether C has the name for the function's result."""
        return name.removesuffix("_return_value") in self.results

    # Statements.

    def actions(self, statements: Iterable[Statement]) -> list[Action]:
        """Return what the statements of one block do; locals that it declares end with it."""
        outside = set(self.names.visible)
        found: list[Action] = []
        waiting = list(statements)
        while waiting:
            statement = waiting.pop(0)
            if isinstance(statement, Declaration):
                name = self.names.free_local(statement)
                if name != statement.name:
                    waiting = [renamed(s, statement.name, name) for s in waiting]
                    statement = replace(statement, name=name)
            found += self.statement(statement)
        self.names.visible = outside
        return without_success(found)

    def statement(self, statement: Statement) -> list[Action]:
        """Return what one statement does; ExpressionError for C that a wrapper can't do."""
        match statement:
            case Evaluate(expression):
                return self.effect(expression)
            case Declaration():
                return self.declare(statement)
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
            case Break() | Continue():
                return [statement]
            case Return(Name("NULL") | Integer(value=0) | None):
                return [Raise("", "")]
            case _:
                raise ExpressionError(
                    f"a callstatement can't contain {type(statement).__name__.lower()}"
                )

    def declare(self, declaration: Declaration) -> list[Action]:
        """Add a local variable, and return the assignment of its first value, zero where the C gives none."""
        name, type_ = declaration.name, self.names.declare(declaration)
        if declaration.initial is not None:
            return self.effect(Assignment(Name(name), "=", declaration.initial))
        return [Assign(name, ZEROS[type_.kind])]

    def condition(self, test: Expression) -> tuple[list[Action], Expression]:
        """Return the actions before a test, and the test without side effects."""
        lifted = lift(test)
        if not lifted.after:
            return self.effects(lifted.before), self.names.scope.condition(lifted.value)
        name = self.names.new_local("test", Kind.LOGICAL)
        before = self.effects(lifted.before)
        value = Assign(name, self.names.scope.condition(lifted.value))
        return [*before, value, *self.effects(lifted.after)], Name(name)

    def loop(
        self,
        initial: tuple[Statement, ...],
        test: Expression | None,
        step: Expression | None,
        body: Block,
    ) -> list[Action]:
        """Return a loop that tests before each turn."""
        outside = set(self.names.visible)
        # the loop sees what its own declarations declare
        before = tuple(a for each in initial for a in self.statement(each))
        inside, condition = self.condition(Integer(1) if test is None else test)
        after = tuple(self.effect(step) if step is not None else ())
        turn = tuple(self.actions(body.statements))
        self.names.visible = outside
        if not inside:
            return [Loop(before, condition, with_step(turn, after), after)]
        leave = Choose(Unary("!", condition), (Break(),), ())
        turn = (*inside, leave, *with_step(turn, after))
        return [Loop(before, Logical(True), turn, after)]

    def loop_tested_after(self, test: Expression, body: Block) -> Loop:
        """Return ``do body while (test)``."""
        turn = self.actions(body.statements)
        inside, condition = self.condition(test)
        leave = Choose(Unary("!", condition), (Break(),), ())
        ending = (*inside, leave)
        return Loop((), Logical(True), (*with_step(tuple(turn), ending), *ending), ())

    # Expressions that stand for their effect.

    def effects(self, expressions: Iterable[Expression]) -> list[Action]:
        """Return what several expressions do, in their order."""
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
                return [raise_exception(exception, message)]
            case Call("PyErr_SetString", (Name(exception), Name(message))) if (
                message in self.names.arguments
                and self.names.arguments[message].type.is_string
            ):
                raised = raise_exception(exception, b"")
                return [replace(raised, argument=message)]
            case _ if is_call(expression):
                return [self.call(expression, None)]
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
        if calls_in(value):
            return self.assign_result(target, operator, value)
        refuse_shared(target, value)
        if operator != "=":
            pure = lift(target)
            computed = Binary(operator.removesuffix("="), pure.value, value)
            return self.assign_lifted(pure, lift(computed))
        return self.assign_lifted(lift(target), lift(value))

    def assign_lifted(self, target: Lifted, value: Lifted) -> list[Action]:
        """Return an assignment between what both sides do before it, and after it."""
        return [
            *self.effects((*target.before, *value.before)),
            self.store(target.value, value.value),
            *self.effects((*target.after, *value.after)),
        ]

    def store(self, target: Expression, value: Expression) -> Action:
        """Return the assignment of a variable, an array's element or a part of either."""
        match target:
            case Name(name) if self.names.is_scalar(name):
                return Assign(
                    name, self.names.scope.value(value, self.names.kind_of(name))
                )
            case Member(Name(name) as whole, part, False) if (
                self.names.is_complex_scalar(name)
            ):
                real = value if part == "r" else Member(whole, "r")
                imaginary = value if part == "i" else Member(whole, "i")
                both = Complex(real, imaginary)
                return Assign(name, self.names.scope.value(both, Kind.COMPLEX))
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
        array, index = self.names.element(target)
        kind = Kind.REAL if part else self.names.arguments[array].type.kind
        return AssignElement(
            array,
            self.names.scope.value(index, Kind.INTEGER),
            self.names.scope.value(value, kind),
            part,
        )

    def assign_result(
        self, target: Expression, operator: str, value: Expression
    ) -> list[Action]:
        """Return the call whose result goes through an expression into a variable."""
        calls = calls_in(value)
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
        if not is_call(value) or target != Name(name):
            rest = replace_node(value, calls[0], Name(name))
            actions += self.assign(target, "=", rest)
        return actions

    # The call.

    def call(self, expression: Expression, result: str | None) -> CallRoutine:
        """Return the call of the routine; `result` is the variable that takes its value, None where nothing does."""
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
        reader = ActualReader(self.names)
        types = [*prototype, *[""] * len(actuals)]
        return CallRoutine(
            tuple(reader.actual(a, t) for a, t in zip(actuals, types, strict=False)),
            result,
        )


def is_call(expression: object) -> bool:
    """Whether the expression is ``(*f2py_func)(...)`` or ``f2py_func(...)``."""
    match expression:
        case CallThrough(Dereference(Name(name)), _) | CallThrough(Name(name), _):
            return name == CALLEE
        case Call(name, _):
            return name == CALLEE
        case _:
            return False


def calls_in(expression: Expression) -> list[Expression]:
    """Return the calls of the routine inside the expression."""
    return [node for node in walk(expression) if is_call(node)]  # type: ignore[misc]
