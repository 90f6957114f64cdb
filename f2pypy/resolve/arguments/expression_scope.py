"""What an expression of a routine means: names are looked up among its variables, conversions become explicit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.environment import Environment, Role, Symbol
from f2pypy.expressions.names import resolve_names
from f2pypy.expressions.nodes import Call, Expression, ExpressionError, Kind
from f2pypy.expressions.statements import FunctionDefinition
from f2pypy.expressions.typing import kind_of, typed
from f2pypy.expressions.walk import walk
from f2pypy.resolve.arguments.drafts import Draft
from f2pypy.resolve.faults import DeclarationError
from f2pypy.resolve.names.texts import ReadText


@dataclass(frozen=True)
class ExpressionScope:
    """Reads expressions over a set of variables; every method raises ExpressionError for an invalid one."""

    environment: Environment
    refused: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def over(
        functions: Mapping[str, FunctionDefinition],
        refused: Mapping[str, str] | None = None,
    ) -> ExpressionScope:
        """Return the reader that knows no variable yet, only usercode functions.

        `refused` gives the reasons why other functions can't be called.
        """
        return ExpressionScope(Environment({}, functions), refused or {})

    def declare(self, name: str, symbol: Symbol) -> ExpressionScope:
        """Return the scope with one more variable, which hides another one of its name."""
        return replace(self, environment=self.environment.declare(name, symbol))

    def in_fortran(self) -> ExpressionScope:
        """Return the scope with Fortran's rules: ``len(s)`` is a string's length, names have no case."""
        return replace(self, environment=replace(self.environment, fortran=True))

    def with_lacking_axes(self) -> ExpressionScope:
        """Return the scope of what may never be computed: asking for an axis that an array lacks is no fault yet."""
        environment = replace(self.environment, lacking_axes=True)
        return replace(self, environment=environment)

    def with_scalar(self, name: str, kind: Kind, size: int = 0) -> ExpressionScope:
        """Return the scope with a scalar of `size` bytes, 0 where the size doesn't matter."""
        return self.declare(name, Symbol(Role.SCALAR, kind, size=size))

    def with_array(
        self,
        name: str,
        kind: Kind,
        rank: int,
        lower: tuple[Expression, ...] = (),
        size: int = 0,
    ) -> ExpressionScope:
        """Return the reader with one more array; `lower` are its lower bounds, `size` the bytes of an element."""
        return self.declare(name, Symbol(Role.ARRAY, kind, rank, lower, size))

    def with_string(self, name: str) -> ExpressionScope:
        """Return the scope with a string, of which expressions may ask characters and the length."""
        return self.declare(name, Symbol(Role.STRING, Kind.CHARACTER))

    def with_callback(self, name: str) -> ExpressionScope:
        """Return the scope with a dummy procedure, which has no value."""
        return self.declare(name, Symbol(Role.CALLBACK))

    def with_index(self) -> ExpressionScope:
        """Return the reader for an array's default, where ``_i[k]`` is the index along axis k."""
        return self.declare("_i", Symbol(Role.ARRAY, Kind.INTEGER, 1))

    def value(self, expression: Expression, kind: Kind) -> Expression:
        """Return an expression as a value of `kind`: names are looked up, conversions are explicit."""
        self.refuse_calls(expression)
        return typed(
            resolve_names(expression, self.environment), self.environment, kind
        )

    def refuse_calls(self, expression: Expression) -> None:
        """Raise ExpressionError where a C function is called that can't be translated to Python."""
        if not self.refused:
            return
        for node in walk(expression):
            if isinstance(node, Call) and node.function in self.refused:
                reason = self.refused[node.function]
                raise ExpressionError(
                    f"the C function {node.function} can't be translated to Python: {reason}",
                    max(node.at, 0),
                )

    def condition(self, expression: Expression) -> Expression:
        """Return an expression as a truth value: a number is true unless it is 0."""
        return self.value(expression, Kind.LOGICAL)

    def kind(self, expression: Expression) -> Kind:
        """Return the kind of the value that an expression has, before any conversion."""
        self.refuse_calls(expression)
        return kind_of(resolve_names(expression, self.environment), self.environment)

    def typed(self, text: ReadText, kind: Kind, where: str = "") -> Expression:
        """Return what a text means as a value of `kind`.

        Raises DeclarationError at the place of the fault, with `where` at the end of its message.
        """
        try:
            return self.value(text.expression, kind)
        except ExpressionError as error:
            raise DeclarationError(
                text.span.shift(max(error.offset, 0)), f"{error.message}{where}"
            ) from error


def scope_of(
    drafts: Iterable[Draft],
    functions: Mapping[str, FunctionDefinition],
    refused: Mapping[str, str],
) -> ExpressionScope:
    """Return the scope of expressions over variables; `functions` and `refused` are as in `ExpressionScope.over`."""
    scope = ExpressionScope.over(functions, refused)
    for draft in drafts:
        kind = draft.type.kind
        if draft.declaration.is_callback:
            scope = scope.with_callback(draft.name)
        elif draft.extents is not None:
            rank = 0 if draft.assumed_rank else len(draft.extents)
            scope = scope.with_array(
                draft.name, kind, rank, draft.lower, draft.type.size
            )
        elif draft.type.is_string:
            scope = scope.with_string(draft.name)
        else:
            scope = scope.with_scalar(draft.name, kind, draft.type.size)
    return scope
