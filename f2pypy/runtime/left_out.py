"""What a generated module lacks says why it isn't there."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Mapping


class _PartialModule(ModuleType):
    """A module that knows why names of its source are no attributes of it, which nobody may set therefore."""

    def __setattr__(self, name: str, value: Any) -> None:
        reason = self.__dict__["_left_out"].get(name)
        if reason is not None:
            raise AttributeError(f"module '{self.__name__}' has no attribute '{name}': {reason}")
        super().__setattr__(name, value)


def leave_out(namespace: dict[str, Any], reasons: Mapping[str, str]) -> None:
    """Let the module with these globals say for each of some names why it has no such attribute.

    Reading one and assigning to it raise AttributeError with the reason.
    """
    module = namespace["__name__"]

    def missing(name: str) -> Any:
        reason = f": {reasons[name]}" if name in reasons else ""
        raise AttributeError(f"module '{module}' has no attribute '{name}'{reason}")

    namespace["_left_out"] = reasons
    namespace["__getattr__"] = missing
    found = sys.modules.get(module)
    # a module that is executed without being imported can't be told to watch assignments
    if found is not None and found.__dict__ is namespace:
        found.__class__ = _PartialModule
