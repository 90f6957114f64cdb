"""Which reads of a local variable may come before any assignment to it, found in a module's syntax tree.

The rules are those of languages that have definite assignment: a variable has a value after a statement if every way
through the statement gives it one. Conditions aren't evaluated, except for ``while True`` and constants.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

# What an unreachable place would know: everything.
Known = frozenset[str] | None


def unset_reads(text: str) -> list[str]:
    """Return ``function:line: name`` for each read of a local that may be unset, in every function of a module."""
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            flow = Flow(node)
            flow.run()
            found += [f"{node.name}:{line}: {name}" for line, name in flow.found]
    return found


def unconverted_reads(text: str) -> list[str]:
    """Return the same for optional parameters, None by default, that are used as they were given.

    Asking whether one is None, or for its type, is no use, nor is converting it. A function that does nothing but hand
    its parameters on to another leaves that to the other.
    """
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and not hands_on(node):
            flow = Flow(node, parameters_count=False)
            flow.run()
            found += [f"{node.name}:{line}: {name}" for line, name in flow.found]
    return found


def hands_on(function: ast.FunctionDef) -> bool:
    """Whether a function's only statement, but for its docstring, is a call with its own parameters."""
    parameters = {each.arg for each in function.args.args}
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    match body:
        case [ast.Return(ast.Call() as call) | ast.Expr(ast.Call() as call)]:
            given = [*call.args, *(each.value for each in call.keywords)]
            return all(
                isinstance(each, ast.Name) and each.id in parameters for each in given
            )
        case _:
            return False


def optional_parameters(arguments: ast.arguments) -> frozenset[str]:
    """Return the parameters whose default is None."""
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(positional[::-1], arguments.defaults[::-1], strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return frozenset(
        argument.arg
        for argument, default in pairs
        if isinstance(default, ast.Constant) and default.value is None
    )


def bound_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Yield what statements bind in their own scope."""
    for node in nodes:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
                continue
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp():
                continue
            case ast.GeneratorExp():
                continue
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.ExceptHandler(name=str(name)):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name for alias in names)
            case ast.Global() | ast.Nonlocal():
                continue  # what a function inside changes
            case _:
                pass
        yield from bound_names(ast.iter_child_nodes(node))


class Flow:
    """Follows one function; `found` are the lines and names of the reads."""

    def __init__(
        self,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
        parameters_count: bool = True,
    ) -> None:
        self.function = function
        given = function.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        every += [a for a in (given.vararg, given.kwarg) if a is not None]
        self.parameters = frozenset(a.arg for a in every)
        outer = {
            name
            for part in ast.walk(function)
            if isinstance(part, (ast.Global, ast.Nonlocal))
            for name in part.names
        }
        self.locals = frozenset(bound_names(function.body)) - outer | self.parameters
        self.optional = frozenset[str]()
        if not parameters_count:
            self.optional = optional_parameters(given)
        # optional parameters by the variable that tells whether they are None, and those that are None or as wanted
        self.absences: dict[str, str] = {}
        self.screened = set[str]()
        self.found: list[tuple[int, str]] = []
        self.breaks: list[list[Known]] = []

    def run(self) -> None:
        """Follow the body."""
        self.block(self.function.body, self.parameters - self.optional)

    def block(self, statements: Iterable[ast.stmt], known: Known) -> Known:
        """Return what is known after the statements."""
        for statement in statements:
            known = self.statement(statement, known)
        return known

    def statement(self, node: ast.stmt, known: Known) -> Known:  # noqa: C901
        """Return what is known after one statement."""
        match node:
            case ast.Assign(targets=[ast.Name()], value=ast.Name(id=name)) if (
                self.is_raw(name, known)
            ):
                return known  # another name for it, which is as unconverted
            case ast.Assign(
                targets=[ast.Name(id=absence)],
                value=ast.Compare(left=ast.Name(id=name), ops=[ast.Is()]),
            ) if name in self.optional:
                self.absences[absence] = name
                return added(known, [absence])
            case ast.Assign(targets=targets, value=value):
                self.reads(value, self.while_converting(known, targets))
                return self.stores(targets, known)
            case ast.AnnAssign(target=target, value=value):
                if value is None:
                    return known
                self.reads(value, self.while_converting(known, [target]))
                return self.stores([target], known)
            case ast.AugAssign(target=target, value=value):
                self.reads(value, known)
                if isinstance(target, ast.Name):
                    self.read(target, known)
                return self.stores([target], known)
            case ast.If(test=test, body=body, orelse=orelse):
                self.reads(test, known)
                after = self.block(body, self.where(test, known))
                self.screened |= screened_by(test) & set(bound_names(body))
                return met(after, self.block(orelse, self.otherwise(test, known)))
            case ast.While(test=test, body=body, orelse=orelse):
                return self.loop(test, (), body, orelse, known)
            case ast.For(target=target, iter=iterable, body=body, orelse=orelse):
                self.reads(iterable, known)
                return self.loop(None, (target,), body, orelse, known)
            case ast.With(items=items, body=body):
                for item in items:
                    self.reads(item.context_expr, known)
                    if item.optional_vars is not None:
                        known = self.stores([item.optional_vars], known)
                return self.block(body, known)
            case ast.Try():
                return self.attempt(node, known)
            case ast.Return() | ast.Raise():
                self.reads(node, known)
                return None
            case ast.Break():
                self.breaks[-1].append(known)
                return None
            case ast.Continue():
                return None
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                self.reads(node, known)
                return added(known, [name])
            case ast.Import() | ast.ImportFrom():
                return added(known, bound_names([node]))
            case ast.Expr() | ast.Assert() | ast.Delete():
                self.reads(node, known)
                return known
            case ast.Pass() | ast.Global() | ast.Nonlocal():
                return known
            case _:
                raise NotImplementedError(ast.dump(node))

    def loop(
        self,
        test: ast.expr | None,
        targets: Iterable[ast.expr],
        body: Iterable[ast.stmt],
        orelse: Iterable[ast.stmt],
        known: Known,
    ) -> Known:
        """Return what is known after a loop, whose body may not run at all."""
        if test is not None:
            self.reads(test, known)
        self.breaks.append([])
        self.block(body, self.stores(targets, known))
        endless = isinstance(test, ast.Constant) and bool(test.value)
        after = None if endless else self.block(orelse, known)
        for left in self.breaks.pop():
            after = met(after, left)
        return after

    def attempt(self, node: ast.Try, known: Known) -> Known:
        """Return what is known after a try statement: a handler knows no more than what was known before."""
        after = self.block(node.orelse, self.block(node.body, known))
        for handler in node.handlers:
            at_first = added(known, [handler.name] if handler.name else [])
            after = met(after, self.block(handler.body, at_first))
        if node.finalbody:
            self.block(node.finalbody, known)
            after = added(after, bound_names(node.finalbody))
        return after

    def stores(self, targets: Iterable[ast.expr], known: Known) -> Known:
        """Return what is known after assignments to the targets."""
        for target in targets:
            for part in ast.walk(target):
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                    self.read(part, known)
            known = added(known, bound_names([target]))
        return known

    def reads(self, node: ast.AST, known: Known) -> None:  # noqa: C901
        """Look at every read in an expression; what is assigned on the way counts behind it."""
        match node:
            case ast.Name(ctx=ast.Load()):
                self.read(node, known)
            case ast.Compare(
                left=ast.Name(id=name), ops=[ast.Is() | ast.IsNot()], comparators=[_]
            ) if name in self.optional:
                pass
            case ast.Call(func=ast.Name("type"), args=[ast.Name(id=name)]) if (
                name in self.optional
            ):
                pass
            case ast.Call(
                func=ast.Attribute(attr="bind"), args=[ast.Name(id=name), *others]
            ) if name in self.optional:
                for other in others:  # that converts a callback
                    self.reads(other, known)
            case ast.Call(
                func=ast.Name("write_scalar" | "write_character" | "write_string"),
                args=[ast.Name(), *others],
            ) if self.optional:
                for other in others:  # into an array that was given, if one was
                    self.reads(other, known)
            case ast.UnaryOp(op=ast.Not(), operand=ast.Call()) if self.optional & (
                is_asked(node)
            ):
                pass
            case ast.IfExp(test=ast.Name(id=absence), body=body, orelse=orelse) if (
                self.absences.get(absence) in self.screened
            ):
                self.reads(body, known)
                self.reads(orelse, added(known, [self.absences[absence]]))
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                own = set(bound_names(g.target for g in node.generators))
                inner = added(known, own)
                for child in ast.iter_child_nodes(node):
                    self.reads(child, inner)
            case ast.Lambda(args=arguments, body=body):
                self.reads(body, added(known, [a.arg for a in arguments.args]))
            case ast.FunctionDef() | ast.ClassDef():
                pass  # it runs later, when there may be more
            case _:
                for child in ast.iter_child_nodes(node):
                    self.reads(child, known)

    def is_raw(self, name: str, known: Known) -> bool:
        """Whether it is an optional parameter as it was given."""
        return name in self.optional and known is not None and name not in known

    def read(self, node: ast.Name, known: Known) -> None:
        """Note a read of what may be unset."""
        if known is not None and node.id in self.locals and node.id not in known:
            self.found.append((node.lineno, node.id))

    def where(self, test: ast.expr, known: Known) -> Known:
        """Return what is known where a condition holds: what isn't None was given."""
        match test:
            case ast.Compare(left=ast.Name(id=name), ops=[ast.IsNot()]):
                return added(known, self.optional & {name})
            case _:
                return known

    def otherwise(self, test: ast.expr, known: Known) -> Known:
        """Return what is known where a condition doesn't hold: an argument of the right type needs no conversion."""
        match test:
            case ast.Compare(
                left=ast.Call(func=ast.Name("type"), args=[ast.Name(id=name)]),
                ops=[ast.IsNot()],
            ):
                return added(known, [name])
            case _:
                return added(known, is_asked(test))

    def while_converting(self, known: Known, targets: Iterable[ast.expr]) -> Known:
        """Return what is known in a conversion: an optional parameter is read to be given a value."""
        return added(known, self.optional & set(bound_names(targets)))


def is_asked(test: ast.AST) -> set[str]:
    """Return the variable of ``not is_...(x, ...)``, which an array must be to be passed as it is."""
    match test:
        case ast.UnaryOp(
            op=ast.Not(),
            operand=ast.Call(func=ast.Name(id=question), args=[ast.Name(id=name), *_]),
        ) if question.startswith("is_"):
            return {name}
        case _:
            return set()


def screened_by(test: ast.expr) -> set[str]:
    """Return the variable of ``x is not None and not is_...(x, ...)``."""
    match test:
        case ast.BoolOp(
            op=ast.And(),
            values=[ast.Compare(left=ast.Name(id=name), ops=[ast.IsNot()]), other],
        ):
            return is_asked(other) & {name}
        case _:
            return set()


def added(known: Known, names: Iterable[str]) -> Known:
    """Return what is known with more names."""
    return None if known is None else known | set(names)


def met(one: Known, other: Known) -> Known:
    """Return what is known whichever of two ways was taken."""
    if one is None or other is None:
        return other if one is None else one
    return one & other
