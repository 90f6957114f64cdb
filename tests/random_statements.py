"""Random Python statements on one line each, spaced, quoted and parenthesized as `ruff format` leaves them."""

import random
import string

ARITHMETIC = {
    "|": 5,
    "^": 6,
    "&": 7,
    "<<": 8,
    "+": 9,
    "-": 9,
    "*": 10,
    "/": 10,
    "//": 10,
    "%": 10,
}
COMPARISONS = ["<", "<=", "==", "!=", "is", "is not", "in", "not in"]
CONDITION, OR, AND, NOT, COMPARISON, UNARY, ATOM = 0, 1, 2, 3, 4, 11, 20
KINDS = ["atom"] * 4 + ["postfix"] * 5
KINDS += [
    "and",
    "or",
    "not",
    "comparison",
    "arithmetic",
    "arithmetic",
    "condition",
    "tuple",
    "list",
    "dict",
    "minus",
]
ANNOTATIONS = [
    "int",
    "float",
    "ArrayLike",
    "NDArray[np.float64]",
    "NDArray[np.complex128]",
    "bool",
]


class Statements:
    """A seeded source of statements; expressions come with their precedence."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, probability):
        return self.random.random() < probability

    def name(self):
        lengths = [1, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30]
        length = self.random.choice(lengths if self.chance(0.97) else [45, 60, 80])
        return "".join(
            self.random.choices(string.ascii_lowercase, k=length)
        ) + self.random.choice("_q")

    def names(self, least, most):
        return ", ".join(self.name() for _ in range(self.random.randint(least, most)))

    def atom(self):
        text = "x" * self.random.choice([1, 3, 10, 20, 40, 70, 100])
        simple = [
            self.name(),
            str(self.random.choice([0, 1, 100000])),
            f"{self.name()}.{self.name()}",
            "None",
        ]
        strings = [f'"{text}"', f'f"{text}{{{self.name()}}}"', f'"é{text}"']
        return self.random.choice([self.name()] * 6 + simple + strings)

    def inside(self, depth):
        """An expression where commas end it."""
        return self.expression(depth - 1)[0]

    def operand(self, depth, kinds, least):
        """An expression of at least some precedence, in parentheses where it needs them."""
        text, precedence = self.expression(depth - 1, self.random.choice(kinds))
        return text if precedence >= least else f"({text})"

    def elements(self, depth, least, most):
        return [self.inside(depth) for _ in range(self.random.randint(least, most))]

    def arguments(self, depth):
        arguments = self.elements(depth, 0, 4)
        if self.chance(0.1):
            arguments.append("*" + self.name())
        arguments += [
            f"{self.name()}={self.inside(depth)}"
            for _ in range(self.random.choice([0, 0, 0, 1, 2]))
        ]
        if self.chance(0.05):
            arguments.append("**" + self.name())
        return ", ".join(arguments)

    def index(self, depth):
        slices = [f"{self.name()}:{self.name()}", f":{self.name()}", f"{self.name()}:"]
        return self.random.choice(
            [self.inside(depth), *slices, ", ".join(self.elements(depth, 2, 3))]
        )

    def postfix(self, depth):
        function = self.name() if self.chance(0.85) else f"{self.name()}.{self.name()}"
        call = f"{function}({self.arguments(depth)})"
        indexed = f"[{self.index(depth)}]"
        return self.random.choice(
            [call] * 14
            + [self.name() + indexed] * 4
            + [call + indexed, f"{call}.{self.name()}"]
        )

    def expression(self, depth, kind=None):
        """Text and precedence of an expression."""
        if depth <= 0:
            return self.atom(), ATOM
        kind = kind or self.random.choice(KINDS)
        return getattr(self, f"{kind}_expression")(depth)

    def atom_expression(self, depth):
        return self.atom(), ATOM

    def postfix_expression(self, depth):
        return self.postfix(depth), ATOM

    def and_expression(self, depth, operator="and", precedence=AND):
        kinds = ["comparison", "and", "or", "not", "postfix", "atom"]
        operands = [
            self.operand(depth, kinds, precedence + 1)
            for _ in range(self.random.randint(2, 4))
        ]
        return f" {operator} ".join(operands), precedence

    def or_expression(self, depth):
        return self.and_expression(depth, "or", OR)

    def not_expression(self, depth):
        return "not " + self.operand(
            depth, ["atom", "postfix", "comparison", "or"], NOT
        ), NOT

    def minus_expression(self, depth):
        return "-" + self.operand(
            depth, ["atom", "postfix", "arithmetic"], UNARY
        ), UNARY

    def comparison_expression(self, depth):
        kinds = ["arithmetic", "atom", "postfix"]
        text = self.operand(depth, kinds, COMPARISON + 1)
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            text += f" {self.random.choice(COMPARISONS)} {self.operand(depth, kinds, COMPARISON + 1)}"
        return text, COMPARISON

    def arithmetic_expression(self, depth):
        operator, precedence = self.random.choice(list(ARITHMETIC.items()))
        text = self.operand(depth, ["arithmetic", "atom", "postfix"], precedence)
        for _ in range(self.random.choice([1, 1, 2, 3])):
            text += f" {operator} {self.operand(depth, ['arithmetic', 'atom', 'postfix'], precedence + 1)}"
        return text, precedence

    def condition_expression(self, depth):
        body = self.operand(depth, KINDS, OR)
        test = self.operand(depth, ["comparison", "and", "atom", "not", "postfix"], OR)
        other = self.operand(depth, [*KINDS, "condition", "condition"], CONDITION)
        return f"{body} if {test} else {other}", CONDITION

    def tuple_expression(self, depth):
        elements = self.elements(depth, 0, 4)
        return f"({', '.join(elements)}{',' if len(elements) == 1 else ''})", ATOM

    def list_expression(self, depth):
        return f"[{', '.join(self.elements(depth, 0, 4))}]", ATOM

    def dict_expression(self, depth):
        return "{" + ", ".join(
            f"{self.atom()}: {value}" for value in self.elements(depth, 0, 3)
        ) + "}", ATOM

    def annotation(self, depth):
        parts = (
            [self.annotation(depth - 1) for _ in range(self.random.randint(1, 5))]
            if depth
            else []
        )
        if not parts or self.chance(0.4):
            return self.random.choice(ANNOTATIONS)
        if self.chance(0.3):
            return f"{parts[0]} | None"
        return (
            f"tuple[{', '.join(parts)}]"
            if self.chance(0.8)
            else f"Callable[[{', '.join(parts[1:])}], {parts[0]}]"
        )

    def parameters(self):
        required = [
            f"{self.name()}: {self.annotation(1)}"
            for _ in range(self.random.randint(0, 4))
        ]
        if required and self.chance(0.1):
            required.insert(1, "/")
        optional = [
            f"{self.name()}: {self.annotation(1)} = {self.atom()}"
            for _ in range(self.random.randint(0, 4))
        ]
        optional += [f"{self.name()}={self.atom()}"] if self.chance(0.2) else []
        if optional and self.chance(0.2):
            optional.insert(0, self.random.choice(["*", "*args"]))
        return ", ".join(
            required + optional + (["**options"] if self.chance(0.1) else [])
        )

    def target(self):
        indexed = f"{self.name()}[{self.index(1)}]"
        return self.random.choice(
            [self.name()] * 4
            + [f"{self.name()}.{self.name()}", self.names(2, 5), indexed, indexed]
        )

    def statement(self):
        """A statement of a random form; those with a body end in a colon."""
        forms = [self.assignment] * 6 + [
            self.update,
            self.annotated,
            self.returned,
            self.returned,
            self.several,
        ]
        forms += (
            [self.raised, self.call, self.call]
            + [self.condition] * 4
            + [self.loop, self.imported]
        )
        forms += [self.definition, self.definition]
        return self.random.choice(forms)(self.random.randint(1, 4))

    def assignment(self, depth):
        return f"{self.target()} = {self.inside(depth + 1)}"

    def several(self, depth):
        return f"{self.random.choice(['return', self.target() + ' ='])} {', '.join(self.elements(depth, 2, 5))}"

    def update(self, depth):
        target = self.random.choice([self.name(), f"{self.name()}[{self.index(1)}]"])
        return f"{target} {self.random.choice('+-*')}= {self.inside(depth + 1)}"

    def annotated(self, depth):
        return f"{self.name()}: {self.annotation(2)} = {self.inside(depth + 1)}"

    def returned(self, depth):
        return f"return {self.inside(depth + 1)}"

    def raised(self, depth):
        return f"raise {self.name()}({self.arguments(depth)}){self.random.choice(['', ' from None'])}"

    def call(self, depth):
        return f"{self.name()}.{self.name()}({self.arguments(depth)})"

    def condition(self, depth):
        test = self.operand(
            depth + 1, ["and", "or", "comparison", "not", "postfix"], OR
        )
        return f"{self.random.choice(['if', 'elif', 'while'])} {test}:"

    def loop(self, depth):
        return f"for {self.names(1, 2)} in {self.operand(depth + 1, ['postfix', 'tuple', 'atom'], ATOM)}:"

    def imported(self, depth):
        return f"from {self.name()} import {self.names(1, 8)}"

    def definition(self, depth):
        returned = f" -> {self.annotation(2)}" if self.chance(0.8) else ""
        return f"def {self.name()}({self.parameters()}){returned}:"
