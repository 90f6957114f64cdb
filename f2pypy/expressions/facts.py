"""A small prover: what is known not to be negative, so that C's division can be Python's ``//``.

C's division rounds towards zero and Python's ``//`` down; they agree where neither operand is negative. All
expressions here are typed integers. The prover reads an expression as a linear form, ``constant + sum(coefficient *
atom)``, whose atoms are the parts that aren't linear: names, extents, products, calls. A fact is a linear form known
to be >= 0. Each check that has passed gives one or two: ``offx < len(x)`` gives ``len(x) - offx - 1 >= 0``.

A form is non-negative if its constant is, and if every atom with a positive coefficient is non-negative by its own
nature (an extent, ``abs``, a square, ``max`` with such an argument). Otherwise the prover takes the first other atom,
subtracts a multiple of a fact that removes it, and tries to prove the rest; a proof subtracts at most `_STEPS` facts.
Each multiple of a fact is >= 0, so the sum of the rest and the facts is, too. The search is incomplete: without a
proof the division stays a call, which is right for all signs.

`always_divides` works differently: a polynomial with integer coefficients is divisible by `divisor` everywhere if it
is for all residues of its atoms, which are tried one by one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from f2pypy.dataclass import dataclass
from f2pypy.expressions.nodes import (
    Binary,
    Call,
    Conditional,
    Convert,
    Expression,
    Extent,
    Integer,
    Kind,
    Name,
    Rank,
    Size,
    StringLength,
    Unary,
)

_STEPS = 4  # facts that one proof may add up
_RESIDUES = 256  # values that one divisibility proof may try


@dataclass(frozen=True)
class Linear:
    """``constant + sum(coefficient * atom)``; no coefficient is 0."""

    constant: int
    coefficients: Mapping[Expression, int]

    def plus(self, other: Linear, times: int = 1) -> Linear:
        """Return ``self + times * other``."""
        sums = dict(self.coefficients)
        for atom, coefficient in other.coefficients.items():
            sums[atom] = sums.get(atom, 0) + times * coefficient
        kept = {atom: coefficient for atom, coefficient in sums.items() if coefficient}
        return Linear(self.constant + times * other.constant, kept)


_ZERO = Linear(0, {})


def linear_form(expression: Expression) -> Linear:
    """Return an integer expression as a linear form; what isn't linear is an atom."""
    match expression:
        case Integer(value):
            return Linear(value, {})
        case Unary("-", operand):
            return _ZERO.plus(linear_form(operand), -1)
        case Binary("+", left, right):
            return linear_form(left).plus(linear_form(right))
        case Binary("-", left, right):
            return linear_form(left).plus(linear_form(right), -1)
        case Binary("*", left, right):
            first, second = linear_form(left), linear_form(right)
            if not first.coefficients:
                return _ZERO.plus(second, first.constant)
            if not second.coefficients:
                return _ZERO.plus(first, second.constant)
        case _:
            pass
    return Linear(0, {expression: 1})


def facts_of(test: Expression, *, holds: bool = True) -> tuple[Linear, ...]:
    """Return what is known not to be negative where `test` is true (false unless `holds`)."""
    match test:
        case Binary("&&", left, right) if holds:
            return (*facts_of(left), *facts_of(right))
        case Binary("||", left, right) if not holds:
            return (*facts_of(left, holds=False), *facts_of(right, holds=False))
        case Unary("!", operand):
            return facts_of(operand, holds=not holds)
        case Binary("<" | "<=" | ">" | ">=" | "==" as operator, left, right):
            return tuple(
                _differences(operator, linear_form(left), linear_form(right), holds)
            )
        case Binary("!=", left, right) if not holds:
            return tuple(
                _differences("==", linear_form(left), linear_form(right), True)
            )
        case _:
            return ()


def _differences(
    operator: str, left: Linear, right: Linear, holds: bool
) -> Iterator[Linear]:
    if not holds:
        # == is left out: that two numbers differ says nothing about their order
        operator = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}.get(operator, "")
    one = Linear(1, {})
    match operator:
        case "<":
            yield right.plus(left, -1).plus(one, -1)
        case "<=":
            yield right.plus(left, -1)
        case ">":
            yield left.plus(right, -1).plus(one, -1)
        case ">=":
            yield left.plus(right, -1)
        case "==":
            yield left.plus(right, -1)
            yield right.plus(left, -1)


def is_non_negative(expression: Expression, known: tuple[Linear, ...]) -> bool:
    """Tell whether a typed integer expression can be shown never to be negative.

    `known` are facts, such as `facts_of` the checks that were passed. False means only that no proof was found.
    """
    return _by_nature(expression, known) or _follows(
        linear_form(expression), known, _STEPS
    )


def _follows(form: Linear, known: tuple[Linear, ...], steps: int) -> bool:
    """Tell whether `form` >= 0 follows by taking away multiples of known facts."""
    open_atoms = [
        atom
        for atom, coefficient in form.coefficients.items()
        if coefficient < 0 or not _by_nature(atom, known)
    ]
    if not open_atoms:
        return form.constant >= 0
    if not steps:
        return False
    atom = open_atoms[0]
    needed = form.coefficients[atom]
    for fact in known:
        offered = fact.coefficients.get(atom, 0)
        if offered * needed > 0 and needed % offered == 0:
            rest = form.plus(fact, -(needed // offered))
            if _follows(rest, known, steps - 1):
                return True
    return False


def _by_nature(expression: Expression, known: tuple[Linear, ...]) -> bool:
    """Tell whether the outermost operation makes a value that isn't negative."""
    match expression:
        case Extent() | Rank() | Size() | StringLength() | Call("abs"):
            return True
        case Call("max", arguments):
            return any(is_non_negative(argument, known) for argument in arguments)
        case Call("min", arguments):
            return all(is_non_negative(argument, known) for argument in arguments)
        case Binary("*", left, right) if left == right:
            return True
        case Binary("+" | "*" | "idiv" | "ipow" | "|", left, right):
            return is_non_negative(left, known) and is_non_negative(right, known)
        case Binary("imod" | ">>", left):
            return is_non_negative(left, known)
        case Binary("&", left, right):
            return is_non_negative(left, known) or is_non_negative(right, known)
        case Conditional(test, then, otherwise):
            return is_non_negative(then, (*known, *facts_of(test))) and is_non_negative(
                otherwise, (*known, *facts_of(test, holds=False))
            )
        case Convert(Kind.INTEGER, Binary(operator)):
            return operator in ("==", "!=", "<", "<=", ">", ">=", "&&", "||")
        case Convert(Kind.INTEGER, Unary("!")):
            return True
        case _:
            return False


def always_divides(expression: Expression, divisor: int) -> bool:
    """Tell whether `divisor` > 0 divides a typed integer expression whatever its names are, as 2 does n*(n+1)."""
    atoms = list(dict.fromkeys(_polynomial_atoms(expression)))
    if divisor <= 0 or divisor ** len(atoms) > _RESIDUES:
        return False
    return all(
        _residue(expression, dict(zip(atoms, residues, strict=True))) % divisor == 0
        for residues in itertools.product(range(divisor), repeat=len(atoms))
    )


def _polynomial_atoms(expression: Expression) -> Iterator[Expression]:
    match expression:
        case Integer():
            return
        case Unary("-", operand):
            yield from _polynomial_atoms(operand)
        case Binary("+" | "-" | "*", left, right):
            yield from _polynomial_atoms(left)
            yield from _polynomial_atoms(right)
        case _:
            yield expression


def _residue(expression: Expression, values: Mapping[Expression, int]) -> int:
    match expression:
        case Integer(value):
            return value
        case Unary("-", operand):
            return -_residue(operand, values)
        case Binary("+", left, right):
            return _residue(left, values) + _residue(right, values)
        case Binary("-", left, right):
            return _residue(left, values) - _residue(right, values)
        case Binary("*", left, right):
            return _residue(left, values) * _residue(right, values)
        case _:
            return values[expression]


def bounded_names(test: Expression) -> tuple[frozenset[str], frozenset[str]]:
    """Return the variables that can't be too small for their type where `test` is true, and those not too large.

    A comparison with a sum of variables, extents and literals bounds a variable; one with anything else may not.
    """
    match test:
        case Convert(Kind.LOGICAL, operand):
            return bounded_names(operand)
        case Binary("&&" | "||" as operator, left, right):
            pairs = zip(bounded_names(left), bounded_names(right), strict=True)
            below, above = (a | b if operator == "&&" else a & b for a, b in pairs)
            return below, above
        case Binary("<" | "<=" | ">" | ">=" | "==" as operator, left, right):
            first, second = _bounded(left, right), _bounded(right, left)
            if operator == "==":
                return first | second, first | second
            return (second, first) if operator in ("<", "<=") else (first, second)
        case _:
            return frozenset(), frozenset()


def counts_elements(value: Expression) -> bool:
    """Tell whether a number is made of extents and literals alone, as small as memory keeps them."""
    atoms = linear_form(value).coefficients
    return all(isinstance(a, (Extent, Rank, Size, StringLength)) for a in atoms)


def _bounded(side: Expression, other: Expression) -> frozenset[str]:
    """Return the variable that `side` is, if `other` is a bound for it."""
    atoms = linear_form(other).coefficients
    plain = all(isinstance(a, (Name, Extent, Rank, Size, StringLength)) for a in atoms)
    if not isinstance(side, Name) or not plain or Name(side.name) in atoms:
        return frozenset()
    return frozenset({side.name})
