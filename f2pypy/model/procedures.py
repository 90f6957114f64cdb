"""What a routine that gets a wrapper is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from f2pypy.dataclass import dataclass, field
from f2pypy.descriptions import NOTHING_SAID, Description
from f2pypy.diagnostics import Span
from f2pypy.model.actions import Action, Local
from f2pypy.model.arguments import Argument, Presence
from f2pypy.model.elementals import Elemental
from f2pypy.model.types import TypeName


@dataclass(frozen=True)
class Procedure:
    """A routine that gets a wrapper.

    `arguments` are in the order of the Python signature's source (auxiliary variables first), `evaluation` names
    them in the order in which they are converted and checked. `symbol` is the name to look up, as Fortran spells
    it; `exact_symbol` where it is used as it stands (``intent(c)``, ``bind(c)``); `fortran_module` where it is a
    module procedure. An empty `symbol` calls nothing. A `hidden` one is private: types or operators
    lead to it.
    """

    name: str
    symbol: str
    arguments: tuple[Argument, ...]
    evaluation: tuple[str, ...]
    result: Argument | None
    locals: tuple[Local, ...]
    actions: tuple[Action, ...]
    span: Span = field(compare=False)
    fortran_module: str = ""
    exact_symbol: bool = False
    threadsafe: bool = False
    functions: tuple[str, ...] = ()  # usercode functions that its expressions call
    # procedures that it declares external and that are no dummies
    externals: tuple[str, ...] = ()
    # statements that carry C, as they are written
    codes: tuple[tuple[str, str], ...] = ()
    elemental: Elemental | None = None
    hidden: bool = False
    # how Python calls what procedure pointers among its arguments point to, by the arguments' names
    pointed: tuple[tuple[str, Procedure], ...] = ()
    description: Description = field(default=NOTHING_SAID, compare=False)

    def argument(self, name: str) -> Argument:
        """Return the argument `name` (the result too); KeyError if there is none."""
        return self._by_name[name]

    def named_types(self) -> Iterator[TypeName]:
        """Yield the derived types of the arguments and of the result."""
        result = () if self.result is None else (self.result,)
        for argument in (*self.arguments, *result):
            if argument.type.derived is not None:
                yield argument.type.derived

    @cached_property
    def given(self) -> tuple[Argument, ...]:
        """The arguments that callers give, required ones first, as Python wants them."""
        required = [a for a in self.arguments if a.presence is Presence.REQUIRED]
        optional = [a for a in self.arguments if a.presence is Presence.OPTIONAL]
        return (*required, *optional)

    @cached_property
    def _by_name(self) -> dict[str, Argument]:
        found = {} if self.result is None else {self.result.name: self.result}
        # of arguments with one name the first
        found.update((each.name, each) for each in reversed(self.arguments))
        return found
