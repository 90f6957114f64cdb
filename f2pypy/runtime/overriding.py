"""Methods of Python classes that Fortran calls in place of the procedures that a type binds."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator, Mapping, Sequence

from f2pypy.runtime.callback_memory import pointed_address
from f2pypy.runtime.callbacks import CallbackSignature
from f2pypy.runtime.extended_tables import container_table, described_table
from f2pypy.runtime.extensions import ExtendedType
from f2pypy.runtime.libraries import MissingSymbol
from f2pypy.runtime.pointed_procedures import PointedFunction, watch_calls
from f2pypy.runtime.record_storage import is_fortrans
from f2pypy.runtime.record_tables import TypeTable
from f2pypy.runtime.records import LeftOut


class TypeBinding:
    """A specific binding of a type: the `procedure` of a Fortran `module`, "" for a deferred one.

    `exact` says that the procedure's name is its symbol. `attribute` is the method of the class, "" for a private one.
    `passed` is the dummy argument that gets the object, "" where none does. `signature` says how Fortran calls the
    binding; None where a parent type's binding of the name says it, or where Python can't be called so, for the
    `reason`. `slot` is its place in gfortran's tables, -1 where it has to be looked for.
    """

    def __init__(
        self,
        name: str,
        procedure: str = "",
        module: str = "",
        exact: bool = False,
        attribute: str | None = None,
        passed: str = "",
        signature: Callable[[], CallbackSignature] | None = None,
        reason: str = "",
        slot: int = -1,
    ) -> None:
        self.name, self.procedure, self.module, self.exact = name, procedure, module, exact
        self.attribute = name if attribute is None else attribute
        self.passed, self.signature, self.reason, self.slot = passed, signature, reason, slot
        self._method: int | None = None

    def __set_name__(self, owner: Any, name: str) -> None:
        owner._type.bindings.own[self.name] = self

    def address(self, kind: Any) -> int | None:
        """Return where its procedure is in a type's library: 0 for a deferred one, None if the library hides it."""
        if not self.procedure:
            return 0
        try:
            _, symbol = kind.library.find(self.procedure, self.module, self.exact)
        except MissingSymbol:
            return None
        found: int | None = kind.library.locate([symbol])
        return found

    def method(self, record: Any) -> int:
        """Return the address of code that calls a method of the objects that Fortran passes, or of class `record`."""
        if self.passed and self._method is not None:
            return self._method
        assert self.signature is not None
        signature = self.signature()
        shown = [argument.name for argument, _ in signature.shown]
        call = _calls_method(self.attribute, shown.index(self.passed)) if self.passed else None
        function = call or _calls_static(record, self.attribute)
        calls = watch_calls(signature.library, vars(_fortran_class(record))["__init__"].__globals__)
        pointed = PointedFunction(signature, function, len(shown), calls)
        made = self._method = pointed_address(pointed.pointer) or 0
        return made


class Bindings:
    """The specific bindings that a type has of its own, by their names: the class has them as attributes."""

    def __init__(self) -> None:
        self.own: dict[str, TypeBinding] = {}

    def override(self, kind: ExtendedType) -> None:
        """Note which bindings the methods of a Python class override, and which deferred ones it leaves so.

        Raises TypeError for a method that Fortran can't call.
        """
        record = kind.record
        for name, binding in all_bindings(record).items():
            known = [each.own[name] for each in _owners(record) if name in each.own]
            has_method = _python_method(record, binding.attribute)
            if not has_method:
                if not binding.procedure:
                    (kind.lacking if binding.attribute else kind.unreachable).append(name)
                continue
            said = next((each for each in known if each.signature is not None or each.reason), binding)
            if said.signature is None:
                raise TypeError(
                    f"{record.__name__}.{binding.attribute} can't override {kind.name}%{name}: "
                    f"{said.reason or 'nothing says how Fortran calls it'}"
                )
            kind.overrides[name] = said

    def extended_table(self, kind: ExtendedType) -> TypeTable:
        """Return a table for a Python class; ImportError where the library has none of the type that it extends."""
        parent = kind.extends.table()
        if parent is None:
            raise ImportError(f"{kind.label}: {kind.library.paths} has no table of the type, which a class can extend")
        code = {name: binding.method(kind.record) for name, binding in kind.overrides.items()}
        if parent.tables.described:
            return described_table(kind, parent, _in_order(kind, code))
        slots = _slots(kind.record, code)
        count = len(all_bindings(kind.record))
        return container_table(kind, parent, {slots[name]: code[name] for name in code}, count)


def all_bindings(record: type) -> dict[str, TypeBinding]:
    """Return the bindings of a class by their names, in the order in which its parents and itself have added them."""
    found: dict[str, TypeBinding] = {}
    for bindings in reversed(list(_owners(record))):
        found.update(bindings.own)
    return found


def _owners(record: Any) -> Iterator[Bindings]:
    """Yield the bindings of a class and of its parents, the nearest first."""
    for each in record.__mro__:
        if is_fortrans(each) and each._type.bindings is not None:
            yield each._type.bindings


def _fortran_class(record: Any) -> Any:
    """Return the class of the Fortran type that a Python class extends."""
    return next(each for each in record.__mro__ if is_fortrans(each))


def _python_method(record: Any, attribute: str) -> bool:
    """Whether a class has a method of Python's for a binding."""
    for each in record.__mro__:
        if attribute in vars(each):
            return not is_fortrans(each) and not isinstance(vars(each)[attribute], LeftOut)
    return False


def _calls_method(attribute: str, position: int) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        return getattr(arguments[position], attribute)(*arguments[:position], *arguments[position + 1 :])

    return call


def _calls_static(record: Any, attribute: str) -> Callable[..., Any]:
    return lambda *arguments: getattr(record, attribute)(*arguments)


def _in_order(kind: ExtendedType, code: Mapping[str, int]) -> dict[str, int]:
    """Return the addresses of all bindings in the order of flang's tables, where new ones are in that of the alphabet.

    `code` are those of Python's methods. Raises ImportError for a procedure that the library hides.
    """
    record = kind.record
    found: dict[str, int] = {}
    for bindings in reversed(list(_owners(record))):
        found.update({name: 0 for name in sorted(bindings.own) if name not in found})
    for name, binding in all_bindings(record).items():
        address = code.get(name, binding.address(kind))
        if address is None:
            raise ImportError(f"{kind.label}: {kind.library.paths} doesn't show {binding.procedure}, which {name} is")
        found[name] = address
    return found


def _slots(record: Any, wanted: Iterable[str]) -> dict[str, int]:
    """Return the places of bindings among those of gfortran's table, where all types of a family have the same.

    The order isn't that of the source, so that the places are found by the procedures that stand there. Raises
    ImportError where these don't tell.
    """
    fortran = [each for each in record.__mro__ if is_fortrans(each)]
    family = [fortran[-1], *_fortran_children(fortran[-1])]
    rows = [(each, _row(each)) for each in family]
    places: dict[str, set[int]] = {}
    for each in reversed(fortran):
        first = len(places)
        own = [] if each._type.bindings is None else each._type.bindings.own.values()
        new = [binding for binding in own if binding.name not in places]
        for binding in new:
            known = {binding.slot} if binding.slot >= 0 else set(range(first, first + len(new)))
            places[binding.name] = {p for p in known if _may_stand(binding.name, p, each, rows)}
    while True:
        settled = {name: next(iter(found)) for name, found in places.items() if len(found) == 1}
        taken = set(settled.values())
        rest = {name: found - taken for name, found in places.items() if name not in settled}
        if not any(len(found) < len(places[name]) for name, found in rest.items()):
            break
        places.update(rest)
    for name in wanted:
        if name not in settled:
            others = ", ".join(other for other in places if other != name and places[other] & places[name])
            raise ImportError(
                f"{record.__name__}: nothing in {record._type.library.paths} tells {record._type.name}%{name} from "
                f"{others or 'others'}, so that Fortran can't call Python for it: a type that binds different "
                "procedures to them would"
            )
    return settled


def _fortran_children(record: Any) -> Iterator[Any]:
    for each in record.__subclasses__():
        if is_fortrans(each):
            yield each
            yield from _fortran_children(each)


def _row(record: Any) -> tuple[TypeTable | None, dict[str, int | None]]:
    """Return the table of a Fortran type, and the addresses of what it binds."""
    kind = record._type
    table = kind.table()
    return table, {name: each.address(kind) for name, each in all_bindings(record).items()}


def _may_stand(name: str, place: int, declaring: Any, rows: Sequence[tuple[Any, Any]]) -> bool:
    """Whether the tables of all types that have a binding may have it at a place."""
    for record, (table, addresses) in rows:
        if table is None or not issubclass(record, declaring):
            continue
        address = addresses[name]
        if address is not None and table.word(table.tables.bindings + place * _TABLE_WORD) != address:
            return False
    return True


_TABLE_WORD = 8
