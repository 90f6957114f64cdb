"""From operators of derived types to functions that choose a procedure by their operands, and methods that call these.

One function serves an operator for all types: the operands tell which procedure is meant.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from f2pypy import model, plan
from f2pypy.dataclass import dataclass, field
from f2pypy.lower.candidates import Candidate
from f2pypy.lower.generics import plan_generic
from f2pypy.lower.methods import MethodPlanner
from f2pypy.lower.names import attribute_of
from f2pypy.model import DerivedType, Specific, TypeName

# Fortran's operators with Python's methods for two operands: of the first operand, and of the second.
BINARY = {
    "+": ("__add__", "__radd__"),
    "-": ("__sub__", "__rsub__"),
    "*": ("__mul__", "__rmul__"),
    "/": ("__truediv__", "__rtruediv__"),
    "**": ("__pow__", "__rpow__"),
    "==": ("__eq__", "__eq__"),
    "/=": ("__ne__", "__ne__"),
    "<": ("__lt__", "__gt__"),
    "<=": ("__le__", "__ge__"),
    ">": ("__gt__", "__lt__"),
    ">=": ("__ge__", "__le__"),
    ".and.": ("__and__", "__rand__"),
    ".or.": ("__or__", "__ror__"),
}
COMPARISONS = ("==", "/=", "<", "<=", ">", ">=")
UNARY = {"+": "__pos__", "-": "__neg__", ".not.": "__invert__"}
ASSIGNMENT = "assignment(=)"
# The older spellings of the comparisons.
LETTERS = {
    ".eq.": "==",
    ".ne.": "/=",
    ".lt.": "<",
    ".le.": "<=",
    ".gt.": ">",
    ".ge.": ">=",
}
# What functions for operators are called; those that Python has no operator for are methods of these names, too.
WORDS = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "**": "power",
    "==": "equal",
    "/=": "not_equal",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
    "//": "concat",
}
SIGNS = {"+": "plus", "-": "minus"}


@dataclass(frozen=True)
class Operator:
    """An operator with its number of operands, 1 or 2, and the procedures that define it, each once."""

    symbol: str
    operands: int
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def word(self) -> str:
        """The operator as a name: that of a defined operator is its own."""
        if self.operands == 1 and self.symbol in SIGNS:
            return SIGNS[self.symbol]
        return WORDS.get(self.symbol, self.symbol.strip("."))

    @property
    def is_named(self) -> bool:
        """Whether Python has no operator for it."""
        known: Mapping[str, object] = UNARY if self.operands == 1 else BINARY
        return self.symbol not in known


def symbol_of(name: str) -> str:
    """Return the operator of ``operator(.eq.)`` as it is spelled here, "" for what is no operator."""
    if not name.startswith("operator("):
        return ""
    symbol = name.partition("(")[2].removesuffix(")").lower()
    return LETTERS.get(symbol, symbol)


def operators_of(defined: Iterable[tuple[str, Candidate]]) -> list[Operator]:
    """Return the operators of a library with the procedures that define them."""
    found: dict[tuple[str, int], Operator] = {}
    for name, candidate in defined:
        symbol = symbol_of(name)
        if not (symbol and is_operation(candidate)):
            continue
        count = len(candidate.arguments)
        operator = found.setdefault((symbol, count), Operator(symbol, count))
        functions = {each.wrapper.function for each in operator.candidates}
        if candidate.wrapper.function not in functions:
            operator.candidates.append(candidate)
    return list(found.values())


def assignments_of(defined: Iterable[tuple[str, Candidate]]) -> list[Candidate]:
    """Return the procedures that define assignment, each once."""
    found: dict[str, Candidate] = {}
    for name, candidate in defined:
        if name == ASSIGNMENT:
            found.setdefault(candidate.wrapper.function, candidate)
    return list(found.values())


def defined_operators(
    modules: Iterable[model.FortranModule],
    candidates: Mapping[Specific, Candidate],
    methods: MethodPlanner,
) -> Iterator[tuple[str, Candidate]]:
    """Yield the names of operators, by interfaces and bound to types, each with what it calls."""
    for module in modules:
        for generic in module.operators:
            there = (candidates[s] for s in generic.specifics if s in candidates)
            yield from ((generic.name, each) for each in there)
        for type_ in module.types:
            bound = methods.bindings_of(type_)
            known = {b.name: b for b in bound}
            for binding in bound:
                is_operator = not (binding.hidden or binding.name.isidentifier())
                named = [known[s] for s in binding.specifics if s in known]
                for chosen in map(methods.chosen, named if is_operator else ()):
                    if chosen is not None:
                        yield binding.name, chosen


def plan_operator(
    operator: Operator,
    library: str,
    function: str,
    own: frozenset[str],
    types: Mapping[TypeName, DerivedType],
) -> plan.Generic | None:
    """Return the function for an operator; None where nothing tells its procedures apart."""
    return plan_generic(
        model.Generic(operator.word, (), operator.candidates[0].procedure.span),
        [with_plain_operands(candidate) for candidate in operator.candidates],
        function,
        f"{library}.operator({operator.symbol})",
        own,
        types,
        is_strict=True,
    )


def is_operation(candidate: Candidate) -> bool:
    """Whether a procedure is a function of one or two operands, one of derived type."""
    operands = candidate.arguments
    is_complete = len(operands) == candidate.required in (1, 2)
    return is_complete and any(a.type.derived is not None for a in operands)


def with_plain_operands(candidate: Candidate) -> Candidate:
    """Return a procedure whose operands are called `a` and `b`, so that all of an operator have the same."""
    parameters = tuple(
        replace(parameter, name=name)
        for parameter, name in zip(candidate.wrapper.parameters, "ab", strict=False)
    )
    wrapper = replace(candidate.wrapper, parameters=parameters, renamed=())
    return replace(candidate, wrapper=wrapper, returned=())


def operator_methods(
    operators: Sequence[tuple[Operator, str]], type_: TypeName, taken: Container[str]
) -> Iterator[plan.OperatorMethod]:
    """Yield the methods by which Python's operators call functions for objects of a type.

    `operators` are pairs with the functions. The class has those for which a procedure takes objects of this very type,
    but hides no attribute of its objects that is `taken`.
    """
    calls: dict[str, list[plan.Operation]] = {}
    for operator, function in operators:
        for reflected in positions_of(type_, operator):
            if operator.is_named:
                if reflected:
                    continue
                attribute = attribute_of(operator.word)
            elif operator.operands == 1:
                attribute = UNARY[operator.symbol]
            else:
                attribute = BINARY[operator.symbol][reflected]
            operation = plan.Operation(function, reflected)
            known = calls.setdefault(attribute, [])
            if operation not in known:
                known.append(operation)
    symbols = {function: operator for operator, function in operators}
    for attribute, operations in calls.items():
        if attribute not in taken:
            operator = symbols[operations[0].function]
            yield plan.OperatorMethod(
                attribute,
                tuple(operations),
                operator.operands == 1,
                operator.is_named,
                operator.symbol in COMPARISONS,
                f"Fortran's operator({operator.symbol}).",
            )


def positions_of(name: TypeName, operator: Operator) -> list[bool]:
    """Return where a type's objects may stand: False for the first operand, True for the second without the first."""
    found: dict[bool, None] = {}
    for candidate in operator.candidates:
        derived = [argument.type.derived for argument in candidate.arguments]
        if derived[0] == name:
            found[False] = None
        elif derived[0] is None and name in derived:
            found[True] = None
    return list(found)
