"""What a Fortran module shows of another one: the same routines, classes and enumerators, and the same variables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from f2pypy.runtime.objects import Entity, FortranModule, _Held


class Reexport(Entity[_Held]):
    """A routine, class or enumerator of another module, which calls it `label`; it keeps the name that it has there."""

    def __init__(self, value: _Held, label: str, name: str = "") -> None:
        super().__init__(value, name)
        self.label = label

    def called(self, name: str) -> Reexport[_Held]:
        """Have this `name`, which the class can't have as an attribute."""
        return Reexport(self.value, self.label, name)

    def enter(self, module: FortranModule) -> None:
        """Become an attribute of `module`."""
        module.__dict__[self.name] = self.value
        module._elsewhere[self.name] = self.label


class SharedVariable(Entity[Callable[[], _Held]]):
    """A variable of the module `owner`, which calls it `there`: what `value` returns. Both modules may assign it."""

    def __init__(self, value: Callable[[], _Held], owner: FortranModule, there: str, name: str = "") -> None:
        super().__init__(value, name)
        self.owner, self.there = owner, there

    def called(self, name: str) -> SharedVariable[_Held]:
        """Have this `name`, which the class can't have as an attribute."""
        return SharedVariable(self.value, self.owner, self.there, name)

    def __get__(self, _instance: Any, _owner: Any = None) -> _Held:  # type: ignore[override]
        return self.value()

    if TYPE_CHECKING:  # the object itself looks for what stores

        def __set__(self, instance: Any, value: Any) -> None: ...

    def enter(self, module: FortranModule) -> None:
        """Become an attribute of `module`, which Python reads from the class."""
        setattr(type(module), self.name, self)
        module._writers[self.name] = partial(setattr, self.owner, self.there)
        module._elsewhere[self.name] = f"{self.owner._name}.{self.there}"
