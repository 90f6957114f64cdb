"""Generic names whose procedures differ in what they return: the caller asks for a result by its type.

``value=float`` asks for the procedure that returns a real number as `value`, ``value=[float]`` for one that returns an
array of them.
"""

from __future__ import annotations

from typing import Any, Dict, Sequence, Tuple

from numpy import bool_, dtype, generic

from f2pypy.runtime.interference import MOST_LEVELS

# Python's types, by the letters of codes; one of them asks for any kind.
_ANY_KIND: Dict[type, Tuple[str, int, int]] = {
    kind: (letter, 0, -1)
    for kind, letter in ((bool, "b"), (int, "i"), (float, "f"), (complex, "c"), (str, "S"), (bytes, "S"))
}
_Returned = Tuple[str, Any, int]


class AskedResults:
    """What a call of the generic name `label` asks of results: types by their names.

    Taken out of the call's `keywords`. Those names that are arguments of some procedure as well are in `given`: what
    is no type stays where it is. For any other name TypeError is raised then.
    """

    __slots__ = ("_given", "_label", "_types")

    def __init__(self, label: str, keywords: dict[str, Any], names: Sequence[str], given: Sequence[str] = ()) -> None:
        self._label = label
        self._given: Dict[str, Any] = {}
        self._types: Dict[str, Tuple[Any, int, int]] = {}
        for name in names:
            if name not in keywords:
                continue
            value = keywords[name]
            asked = _ANY_KIND.get(value) if value.__class__ is type else None
            if asked is None:
                asked = _type_asked_for(value)
            if asked is not None:
                self._given[name] = keywords.pop(name)
                self._types[name] = asked
            elif name not in given:
                raise TypeError(
                    f"{label}(): {name} is returned: a type such as float is expected for it, got {value!r}"
                )

    def fit(self, *results: _Returned) -> bool:
        """Return whether a procedure has the results that are asked for.

        Each of its `results` has a name, the letter of its type with the bytes of an element, or its class, and a rank.
        """
        types = self._types
        found = 0
        for name, code, rank in results:
            if name in types:
                kind, size, wanted = types[name]
                if wanted != rank and wanted != -1:
                    return False
                if code.__class__ is not str:
                    if kind is not code:
                        return False
                elif kind != code[0] or (size and code[1:] != str(size)):
                    return False
                found += 1
        return found == len(types)

    def choose(self, told_by: Sequence[Any], *results: _Returned) -> bool:
        """Return whether the caller asks for what a procedure returns, or gives an argument that others don't have."""
        if self._types:
            return self.fit(*results)
        return any(each is not None for each in told_by)

    def are_open(self, *told_by: Any) -> bool:
        """Return whether the caller neither asks for a result nor gives one of these arguments."""
        return not self._types and all(each is None for each in told_by)

    def unsaid(self, *specifics: str) -> TypeError:
        """Return the exception that says that the caller must ask for a result."""
        last = [each.rpartition(", ")[2].rpartition("(")[2].rstrip(")") for each in specifics]
        example = next(each for each in last if "=" in each)
        known = "".join(f"\n    {each}" for each in specifics)
        return TypeError(
            f"{self._label}(): several procedures take these arguments: choose one by the type of a result, such as "
            f"{example}:{known}"
        )

    def texts(self) -> list[str]:
        """Return how messages show what is asked for."""
        return [f"{name}={_asked_text(each)}" for name, each in self._given.items()]


def _type_asked_for(value: Any) -> tuple[Any, int, int] | None:
    """Return the letter of a type, or its class, the bytes of an element, 0 for any, and the rank, -1 for any.

    None for what is no type.
    """
    rank = -1
    while isinstance(value, list) and len(value) == 1 and rank < MOST_LEVELS:
        value, rank = value[0], max(rank, 0) + 1
    if isinstance(value, type):
        if value in _ANY_KIND:
            return _ANY_KIND[value][0], 0, rank
        if not issubclass(value, generic):
            return value, 0, rank
        value = dtype(value)
    if not isinstance(value, dtype):
        return None
    letter = {"U": "S"}.get(value.kind, value.kind)
    size = {"g": 10, "G": 20}.get(value.char, value.itemsize)
    return letter, 0 if value == bool_ or letter == "S" else size, rank


def _asked_text(value: Any, levels: int = 3) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_asked_text(each, levels - 1) for each in value) if levels else '...'}]"
    return value.__name__ if isinstance(value, type) else str(value)
