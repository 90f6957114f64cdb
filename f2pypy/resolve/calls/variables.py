"""What the names in a callstatement are: arguments, local variables, places in arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.nodes import (
    AddressOf,
    Binary,
    Dereference,
    Expression,
    ExpressionError,
    Integer,
    Kind,
    Name,
    Subscript,
)
from f2pypy.expressions.statements import Declaration, Statement
from f2pypy.expressions.walk import rewrite
from f2pypy.model import Argument, DataType, Local
from f2pypy.resolve.arguments.expression_scope import ExpressionScope

# typedefs that may name each other, so that none is followed for ever
MOST_NAMES_OF_A_TYPE = 8
# C types of locals and of values passed by value.
C_TYPES = {
    "char": DataType(Kind.INTEGER, 1),
    "signed char": DataType(Kind.INTEGER, 1),
    "unsigned char": DataType(Kind.INTEGER, 1, unsigned=True),
    "short": DataType(Kind.INTEGER, 2),
    "unsigned short": DataType(Kind.INTEGER, 2, unsigned=True),
    "int": DataType(Kind.INTEGER, 4),
    "unsigned": DataType(Kind.INTEGER, 4, unsigned=True),
    "unsigned int": DataType(Kind.INTEGER, 4, unsigned=True),
    "npy_int32": DataType(Kind.INTEGER, 4),
    "int32_t": DataType(Kind.INTEGER, 4),
    "npy_int64": DataType(Kind.INTEGER, 8),
    "int64_t": DataType(Kind.INTEGER, 8),
    "long": DataType(Kind.INTEGER, 8, constant="c_long"),
    "long long": DataType(Kind.INTEGER, 8),
    "long_long": DataType(Kind.INTEGER, 8),
    "size_t": DataType(Kind.INTEGER, 8, unsigned=True, constant="c_size_t"),
    "npy_intp": DataType(Kind.INTEGER, 8, constant="c_intptr_t"),
    "Py_ssize_t": DataType(Kind.INTEGER, 8, constant="c_size_t"),
    "ptrdiff_t": DataType(Kind.INTEGER, 8, constant="c_ptrdiff_t"),
    "float": DataType(Kind.REAL, 4),
    "double": DataType(Kind.REAL, 8),
    "complex_float": DataType(Kind.COMPLEX, 8),
    "complex_double": DataType(Kind.COMPLEX, 16),
}


@dataclass
class Names:
    """The variables of one callstatement: the `arguments` of its procedure, and the `locals` that it declares.

    `types` are the type names that usercode defines, `sizes` constants of ISO_C_BINDING that the target has otherwise.
    `visible` names the locals that an inner block can see.
    """

    arguments: dict[str, Argument]
    scope: ExpressionScope
    default_integer: int
    types: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[str, object] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)

    def declare(self, declaration: Declaration) -> DataType:
        """Add a local variable, which inner blocks see, and return its type."""
        name, type_ = declaration.name, self.data_type(declaration)
        self.locals[name] = Local(name, type_)
        self.visible.add(name)
        self.scope = self.scope.with_scalar(name, type_.kind)
        return type_

    def new_local(self, wanted: str, kind: Kind) -> str:
        """Return a new local variable whose name the C text doesn't use."""
        name = wanted
        while name in self.arguments or name in self.locals:
            name += "_"
        self.locals[name] = Local(name, DataType(kind, 4))
        self.scope = self.scope.with_scalar(name, kind)
        return name

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

    def c_type(self, name: str) -> DataType | None:
        """Return the scalar C type of that name, or None; F_INT is the library's integer."""
        name = name.strip()
        for _ in range(MOST_NAMES_OF_A_TYPE):
            if name not in self.types:
                break
            name = self.types[name]
        if name == "F_INT":
            return DataType(Kind.INTEGER, self.default_integer)
        found = C_TYPES.get(name)
        size = self.sizes.get(found.constant) if found is not None else None
        return replace(found, size=size) if found and isinstance(size, int) else found

    def data_type(self, declaration: Declaration) -> DataType:
        """Return the type that a local variable's C type is; ExpressionError for a type that Python doesn't have."""
        found = self.c_type(declaration.type)
        if found is None:
            raise ExpressionError(
                f"a local variable of C type {declaration.type!r} can't be translated to Python"
            )
        return found

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

    def is_complex_scalar(self, name: str) -> bool:
        """Whether the name is a complex argument or local that holds one number."""
        return self.is_scalar(name) and self.kind_of(name) is Kind.COMPLEX

    def type_of(self, name: str) -> DataType | None:
        """Return the type of an argument or a local, None for any other name."""
        known = self.locals.get(name) or self.arguments.get(name)
        return known.type if known is not None else None

    def kind_of(self, name: str) -> Kind:
        """Return the kind of an argument or a local; KeyError for any other name."""
        return (self.locals.get(name) or self.arguments[name]).type.kind

    def element(self, target: Expression) -> tuple[str, Expression]:
        """Return the array, and the index in memory order, of ``a[i]``, ``*a`` and ``*(a + i)``."""
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


def renamed(statement: Statement, old: str, new: str) -> Statement:
    """Return the statement with variable `old` called `new`."""
    return rewrite(
        statement, lambda node: Name(new, node.at) if node == Name(old) else node
    )
