"""The scalars that a call passes by reference: by a number that the call makes memory of, or in an array of rank 0."""

from __future__ import annotations

from collections.abc import Iterator

from f2pypy import model, plan
from f2pypy.dataclass import dataclass, field
from f2pypy.expressions.nodes import Complex, Expression, Kind, Member, Name, Real
from f2pypy.lower.ctypes_map import Mapping, mapping_of
from f2pypy.lower.unsupported import Unsupported
from f2pypy.lower.wrapper import Wrapper
from f2pypy.model import DataType
from f2pypy.resolve.arguments.before_conversion import ZEROS

PARTS = {"r": "real", "i": "imag"}
BY_REFERENCE = (model.ScalarReference, model.PartReference)


@dataclass
class PassedScalars:
    """The scalars of one call, by name: a variable `z`, a part `z.r` of a complex one, a value without a name.

    `in_places` are variables that the call can't make memory of: those of which it chooses one, and long doubles.
    """

    wrapper: Wrapper
    in_places: frozenset[str]
    # the locals that take values after the call
    variables: dict[str, str] = field(default_factory=dict)
    # the arrays of rank 0 that parts of complex numbers in places are, by the number and the part
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    values: int = 0

    def variable(self, name: str) -> plan.CallArgument:
        """Return the address of a scalar variable."""
        if name in self.in_places:
            return plan.Address(place_of(self.wrapper, name))
        python = self.variables[name] = self.wrapper.names.add(name)
        code = scalar_mapping(self.wrapper, name).code
        return plan.PassScalar(name, code, value_before(self.wrapper, name, python))

    def part(self, name: str, part: str) -> plan.CallArgument:
        """Return the address of one part of a complex scalar."""
        if name in self.in_places:
            place = f"{place_of(self.wrapper, name)}_{PARTS[part]}"
            if (name, part) not in self.parts:
                self.parts[name, part] = self.wrapper.names.fresh(place)
            return plan.Address(self.parts[name, part])
        type_ = self.wrapper.type_of(name)
        mapping = mapping_of(DataType(Kind.REAL, type_.size // 2))
        assert mapping is not None
        python = self.wrapper.names.add(name)
        has_value = self.wrapper.has_value(name)
        value = Member(Name(python), part) if has_value else Real(0.0)
        key = f"{name}.{part}"
        if key not in self.variables:
            self.variables[key] = self.wrapper.names.fresh(f"{python}_{PARTS[part]}")
        return plan.PassScalar(key, mapping.code, value)

    def value(self, value: Expression, type_: DataType) -> plan.PassScalar:
        """Return the address of a value that only the call sees."""
        if type_.is_string:
            raise Unsupported("a string literal of more than one character")
        mapping = mapping_of(type_)
        assert mapping is not None
        if mapping.in_array:
            raise Unsupported(
                f"a {type_.kind.value} of {type_.size} bytes has no variable"
            )
        self.values += 1
        name = f"({self.values})"
        return plan.PassScalar(name, mapping.code, self.wrapper.named(value))

    def join_parts(self, outputs: tuple[str, ...]) -> list[plan.Step]:
        """Return the steps that make complex scalars of the parts that the call has changed."""
        steps: list[plan.Step] = []
        for name in dict.fromkeys(o.partition(".")[0] for o in outputs if "." in o):
            python = self.wrapper.names.add(name)
            real, imaginary = (self._part_after(python, name, part) for part in PARTS)
            steps.append(plan.Assign(python, Complex(real, imaginary)))
        return steps

    def _part_after(self, python: str, name: str, part: str) -> Expression:
        variable = self.variables.get(f"{name}.{part}")
        return Member(Name(python), part) if variable is None else Name(variable)


def passed_scalars(wrapper: Wrapper, call: model.CallRoutine) -> PassedScalars:
    """Return what passes the scalars of a call."""
    references = {a.name for a in actuals(call) if isinstance(a, BY_REFERENCE)}
    extended = {n for n in references if scalar_mapping(wrapper, n).in_array}
    return PassedScalars(wrapper, frozenset(extended | chosen_scalars(call)))


def place_scalars(
    scalars: PassedScalars, call: model.CallRoutine, needed: set[str]
) -> tuple[list[plan.Step], list[plan.Step]]:
    """Return what puts scalars into arrays before a call, and what takes those needed out again."""
    wrapper = scalars.wrapper
    names = dict.fromkeys(a.name for a in actuals(call) if isinstance(a, BY_REFERENCE))
    places: list[plan.Step] = []
    taken: list[plan.Step] = []
    for name in names:
        if name in scalars.in_places:
            place, python = place_of(wrapper, name), wrapper.names.add(name)
            mapping = scalar_mapping(wrapper, name)
            value = value_before(wrapper, name, python)
            if mapping.exact == "int" and value == Name(python):
                # NumPy may take other integers modulo its limit
                what = f"{wrapper.routine}() variable ({name})"
                places.append(plan.ScalarInput(python, None, mapping.converter, what))
            is_letter = wrapper.type_of(name).kind is Kind.CHARACTER
            dtype = "bytes_type(1)" if is_letter else mapping.dtype
            places.append(plan.ScalarPlace(place, dtype, value))
            for (whole, part), variable in scalars.parts.items():
                if whole == name:
                    places.append(plan.Assign(variable, Member(Name(place), part)))
            if name in needed:
                is_logical = wrapper.type_of(name).kind is Kind.LOGICAL
                take = plan.ScalarTake(python, place, mapping.in_array, is_logical)
                taken.append(take)
    return places, taken


def value_before(wrapper: Wrapper, name: str, python: str) -> Expression:
    """Return the value of a scalar before the call, zero where it has none."""
    if wrapper.has_value(name):
        return Name(python)
    return ZEROS[wrapper.type_of(name).kind]


def place_of(wrapper: Wrapper, name: str) -> str:
    """Return the array that a scalar lies in during a call."""
    if name not in wrapper.places:
        wrapper.places[name] = wrapper.names.fresh(f"{name}_place")
    return wrapper.places[name]


def scalar_mapping(wrapper: Wrapper, name: str) -> Mapping:
    """Return the row of a scalar's type; Unsupported where there is none."""
    type_ = wrapper.type_of(name)
    mapping = mapping_of(type_)
    if mapping is None:
        raise Unsupported(f"{name!r}: no {type_.kind.value} of {type_.size} bytes")
    return mapping


def actuals(call: model.CallRoutine) -> Iterator[model.Actual]:
    """Yield what a call passes, both branches of what is chosen."""
    for actual in call.arguments:
        yield from branches(actual)


def branches(actual: model.Actual) -> Iterator[model.Actual]:
    """Yield an actual argument, and the branches of what is chosen."""
    yield actual
    if isinstance(actual, model.ChosenAddress):
        yield from branches(actual.then)
        yield from branches(actual.otherwise)


def chosen_scalars(call: model.CallRoutine) -> set[str]:
    """Return the scalar variables that stand in a branch of what is chosen."""
    chosen = [a for a in call.arguments if isinstance(a, model.ChosenAddress)]
    return {
        each.name
        for actual in chosen
        for each in branches(actual)
        if isinstance(each, BY_REFERENCE)
    }
