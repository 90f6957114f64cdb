"""pycparser's nodes as ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pycparser import c_ast

from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.c_syntax import Source
from f2pypy.expressions.c_tokens import MARK, unescape
from f2pypy.expressions.literals import exact_number
from f2pypy.expressions.nodes import (
    AddressOf,
    ArrayConstructor,
    Assignment,
    Binary,
    Call,
    CallThrough,
    Cast,
    Character,
    Conditional,
    Dereference,
    Expression,
    ExpressionError,
    Increment,
    Integer,
    Logical,
    Member,
    Name,
    Real,
    Sequence,
    String,
    Subscript,
    Unary,
)
from f2pypy.expressions.statements import (
    Block,
    Break,
    Continue,
    Declaration,
    Evaluate,
    For,
    FunctionDefinition,
    If,
    Parameter,
    Return,
    Statement,
    While,
)

_CONSTRUCTS = {
    "Switch": "switch",
    "Case": "case",
    "Goto": "goto",
    "Label": "a label",
    "CompoundLiteral": "a compound literal",
    "NamedInitializer": "a designated initializer",
    "Struct": "a structure",
    "Union": "a union",
    "Enum": "an enumeration",
    "Typedef": "typedef",
    "Pragma": "#pragma",
    "StaticAssert": "_Static_assert",
    "Alignas": "_Alignas",
    "EllipsisParam": "a variable number of parameters",
}


@dataclass(frozen=True)
class Reader:
    """pycparser's nodes -> ours; `aliases` are the types that the text itself names."""

    source: Source
    aliases: dict[str, str] = field(default_factory=dict)

    def at(self, node: Any) -> int:
        """Return the offset of a node in the text."""
        return self.source.offset(node.coord)

    def refuse(self, node: Any, what: str = "") -> ExpressionError:
        """Return the error for a construct that has no counterpart."""
        name = type(node).__name__
        return ExpressionError(
            f"{what or _CONSTRUCTS.get(name, name)} can't be translated to Python",
            self.at(node),
        )

    def expression(self, node: Any) -> Expression:
        """Return pycparser's node as an untyped expression; ExpressionError for what f2pypy can't say in Python."""
        at = self.at(node)
        match node:
            case c_ast.ID(name=name):
                return self.name(name, at)
            case c_ast.Constant():
                return self.constant(node)
            case c_ast.BinaryOp(op=operator, left=left, right=right):
                return Binary(
                    operator, self.expression(left), self.expression(right), at
                )
            case c_ast.UnaryOp():
                return self.unary(node)
            case c_ast.TernaryOp(cond=test, iftrue=then, iffalse=otherwise):
                return Conditional(
                    self.expression(test),
                    self.expression(then),
                    self.expression(otherwise),
                    at,
                )
            case c_ast.FuncCall(name=function, args=arguments):
                values = self.expressions(arguments)
                if isinstance(function, c_ast.ID):
                    return Call(self.spelled(function.name, at), values, at=at)
                return CallThrough(self.expression(function), values, at)
            case c_ast.ArrayRef(name=base, subscript=index):
                return Subscript(self.expression(base), self.expression(index), at)
            case c_ast.StructRef(name=base, type=arrow, field=field):
                return Member(self.expression(base), field.name, arrow == "->", at)
            case c_ast.Cast(to_type=to_type, expr=operand):
                return Cast(self.type_text(to_type), self.expression(operand), at)
            case c_ast.ExprList():
                return Sequence(self.expressions(node), at)
            case c_ast.InitList():
                return ArrayConstructor(self.expressions(node), at)
            case c_ast.Assignment(op=operator, lvalue=target, rvalue=value):
                return Assignment(
                    self.expression(target), operator, self.expression(value), at
                )
            case _:
                raise self.refuse(node)

    def expressions(self, node: Any) -> tuple[Expression, ...]:
        """Return the items of a list, none for no list."""
        return (
            ()
            if node is None
            else tuple([self.expression(item) for item in node.exprs or ()])
        )

    def name(self, name: str, at: int) -> Expression:
        """Return what a name alone is: a literal that was respelled, or itself."""
        if name in ("_true_", "_false_") and self.source.text[at : at + 1] == ".":
            return Logical(name == "_true_", at)
        return Name(self.spelled(name, at), at)

    def spelled(self, name: str, at: int) -> str:
        """Return a name as the text spells it, which pycparser may have been shown otherwise."""
        if name.startswith(MARK):
            return self.source.text[at : at + len(name)]
        return name

    def constant(self, node: Any) -> Expression:
        """Return a number, a character or a string, escapes resolved; ExpressionError for one of several characters."""
        at, text = self.at(node), node.value
        if node.type == "string":
            return String(unescape(_strip_quotes(text, '"', at), at), at)
        if node.type == "char":
            value = unescape(_strip_quotes(text, "'", at), at)
            if len(value) != 1:
                raise ExpressionError(f"{text} isn't one character", at)
            return Character(value, at)
        if "int" in node.type:
            return Integer(_integer_value(text, at), at)
        if text.lower().startswith("0x"):
            raise ExpressionError(
                "a hexadecimal real can't be translated to Python", at
            )
        digits = text.rstrip("fFlL")
        if text[-1] in "lL":
            return Real(
                float(digits), at=at, kind=Integer(10), exact=exact_number(digits)
            )
        return Real(float(digits), text[-1] in "fF", at)

    def unary(self, node: Any) -> Expression:
        """Return a prefix or postfix operation."""
        at, operator = self.at(node), node.op
        if operator in ("sizeof", "_Alignof"):
            at = max(self.source.text.find(operator), 0)
            raise ExpressionError(f"{operator} can't be translated to Python", at)
        if not operator.startswith("p"):  # pycparser gives the operand's place
            at = max(self.source.text.rfind(operator, 0, at), 0)
        operand = self.expression(node.expr)
        match operator:
            case "&":
                return AddressOf(operand, at)
            case "*":
                return Dereference(operand, at)
            case "++" | "--" | "p++" | "p--":
                return Increment(
                    operand,
                    1 if "+" in operator else -1,
                    not operator.startswith("p"),
                    at,
                )
            case "-" | "+" | "!" | "~":
                return Unary(operator, operand, at)
            case _:
                raise self.refuse(node, f"the operator {operator}")

    def block(self, items: list[Any] | None) -> Block:
        """Return the statements of a pair of braces."""
        return Block(
            tuple(part for item in items or () for part in self.statements(item))
        )

    def branch(self, node: Any) -> Block:
        """Return the body of an `if` or a loop: braces or one statement."""
        """Return the body of a loop or a branch as a block, with braces or without."""
        if isinstance(node, c_ast.Compound):
            return self.block(node.block_items)
        return self.block([node])

    def statements(self, node: Any) -> Iterator[Statement]:
        """Yield what one statement says: nothing for ``;``, several declarations for ``int i, j;``."""
        match node:
            case c_ast.EmptyStatement():
                return
            case c_ast.Compound():
                yield self.block(node.block_items)
            case c_ast.DeclList(decls=declarations):
                for declaration in declarations:
                    yield self.declaration(declaration)
            case c_ast.Decl():
                yield self.declaration(node)
            case c_ast.If(cond=test, iftrue=then, iffalse=otherwise):
                branch = None if otherwise is None else self.branch(otherwise)
                yield If(
                    self.expression(test),
                    self.branch(then) if then is not None else Block(()),
                    branch,
                )
            case c_ast.For():
                yield self.for_loop(node)
            case (
                c_ast.While(cond=test, stmt=body) | c_ast.DoWhile(cond=test, stmt=body)
            ):
                yield While(
                    self.expression(test),
                    self.branch(body),
                    isinstance(node, c_ast.DoWhile),
                )
            case c_ast.Return(expr=value):
                yield Return(None if value is None else self.expression(value))
            case c_ast.Break():
                yield Break()
            case c_ast.Continue():
                yield Continue()
            case _:
                yield Evaluate(self.expression(node))

    def for_loop(self, node: Any) -> For:
        """Return a ``for``; each of its three parts may be missing, as in C."""
        initial = () if node.init is None else tuple(self.statements(node.init))
        test = None if node.cond is None else self.expression(node.cond)
        step = None if node.next is None else self.expression(node.next)
        return For(initial, test, step, self.branch(node.stmt))

    def declaration(self, node: Any) -> Declaration:
        """Return a local variable with its initial value; ExpressionError for a static one, a struct or a function."""
        if "static" in node.storage or "extern" in node.storage:
            raise ExpressionError(
                f"{node.name}: a {node.storage[0]} variable can't be translated to Python",
                self.at(node),
            )
        if isinstance(
            node.type, c_ast.FuncDecl | c_ast.Struct | c_ast.Union | c_ast.Enum
        ):
            raise self.refuse(node.type, f"the declaration of {node.name or 'a type'}")
        initial = None if node.init is None else self.expression(node.init)
        return Declaration(self.type_text(node.type, local=True), node.name, initial)

    def function(self, node: Any) -> FunctionDefinition:
        """Return a function and its body; ExpressionError for old-style parameters and ``...``."""
        declared = node.decl.type
        if node.param_decls or not isinstance(declared, c_ast.FuncDecl):
            raise self.refuse(node, f"the old-style definition of {node.decl.name}")
        parameters = []
        for parameter in declared.args.params if declared.args is not None else ():
            if isinstance(parameter, c_ast.EllipsisParam):
                raise self.refuse(parameter)
            if isinstance(parameter, c_ast.ID):
                raise self.refuse(node, f"the old-style definition of {node.decl.name}")
            type_text = self.type_text(parameter.type)
            if type_text == "void":
                continue
            if not isinstance(parameter, c_ast.Decl) or not parameter.name:
                raise ExpressionError(
                    f"{node.decl.name}: a parameter without a name", self.at(parameter)
                )
            parameters.append(Parameter(type_text, parameter.name))
        result = self.type_text(declared.type)
        return FunctionDefinition(
            node.decl.name, result, tuple(parameters), self.block(node.body.block_items)
        )

    def parameter_types(self, declared: Any) -> tuple[str, ...]:
        """Return the types of a function's parameters."""
        types = []
        for parameter in declared.args.params if declared.args is not None else ():
            if not isinstance(parameter, c_ast.Decl | c_ast.Typename):
                raise self.refuse(parameter)
            types.append(self.type_text(parameter.type))
        return () if types == ["void"] else tuple(types)

    def type_text(self, node: Any, *, local: bool = False) -> str:
        """Return a C type in its shortest spelling; an array is a pointer, but for a local variable's ``int[3]``."""
        match node:
            case c_ast.Typename(type=inner) | c_ast.TypeDecl(type=inner):
                return self.type_text(inner)
            case c_ast.IdentifierType(names=names):
                return " ".join(self.aliases.get(name, name) for name in names)
            case c_ast.PtrDecl(type=c_ast.FuncDecl() as function) | (
                c_ast.FuncDecl() as function
            ):
                return f"{self.type_text(function.type)}(*)({','.join(self.parameter_types(function))})"
            case c_ast.PtrDecl(type=inner):
                return f"{self.type_text(inner)}*"
            case c_ast.ArrayDecl(type=inner, dim=extent) if local:
                if not isinstance(extent, c_ast.Constant) or "int" not in extent.type:
                    raise ExpressionError(
                        "a local array needs a constant extent", self.at(node)
                    )
                return f"{self.type_text(inner)}[{_integer_value(extent.value, self.at(extent))}]"
            case c_ast.ArrayDecl(type=inner):
                return f"{self.type_text(inner)}*"
            case c_ast.Struct(name=name) if name and not node.decls:
                return f"struct {name}"
            case _:
                raise self.refuse(node)


def _strip_quotes(text: str, quote: str, at: int) -> str:
    if not text.startswith(quote):
        raise ExpressionError(
            f"{text}: only ASCII characters can be translated to Python", at
        )
    return text[1:-1]


def _integer_value(text: str, at: int) -> int:
    digits = text.rstrip("uUlL").lower()
    try:
        if digits.startswith(("0x", "0b")):
            return int(digits, 0)
        return int(digits, 8 if digits.startswith("0") and len(digits) > 1 else 10)
    except ValueError:
        raise ExpressionError(f"{text[:40]} isn't an integer", at) from None
