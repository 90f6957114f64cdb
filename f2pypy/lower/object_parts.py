"""Components that extents ask objects for: attributes, and private integers at their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from f2pypy.expressions.nodes import Expression, Integer, Part
from f2pypy.expressions.walk import rewrite
from f2pypy.lower.unsupported import Unsupported
from f2pypy.model import Argument, TypeName
from f2pypy.plan import ComponentForm, RecordClass, RecordComponent

Records = Mapping[TypeName, RecordClass]
# Arrays of which Python can ask the extents.
ARRAYS = (
    ComponentForm.ALLOCATABLE,
    ComponentForm.POINTER,
    ComponentForm.ALLOCATED_OBJECTS,
    ComponentForm.POINTED_OBJECTS,
    ComponentForm.ALLOCATED_CLASS,
    ComponentForm.POINTED_CLASS,
)


def parts_in(
    expression: Expression, arguments: Iterable[Argument], records: Records
) -> Expression:
    """Return an expression with the places of the components that it asks for."""
    known = tuple(arguments)

    def found(node: Expression) -> Expression:
        return part_in(node, known, records) if isinstance(node, Part) else node

    return rewrite(expression, found)


def part_in(part: Part, arguments: Iterable[Argument], records: Records) -> Expression:
    """Return a component as the generated module reads it; Unsupported where it can't."""
    types = {each.name: each.type.derived for each in arguments}
    name = types.get(part.owner)
    record = records.get(name) if name is not None else None
    if record is None:
        raise unreadable(part, f"the class of {part.owner!r} is left out")
    return _Place(part, {each.identifier: each for each in records.values()}).read(
        record
    )


class _Place:
    """Follows the path of a part through the `classes`, which are known by their identifiers."""

    def __init__(self, part: Part, classes: Mapping[str, RecordClass]) -> None:
        self.part, self.classes = part, classes
        self.attributes: list[str] = []
        self.concealed = False  # whether the rest of the path has no attributes
        self.offset = 0

    def read(self, record: RecordClass) -> Expression:
        """Return what reads the component of an object of class `record`."""
        *outer, last = self.part.path
        for name in outer:
            record = self.inside(record, name)
        component = self.step(record, last)
        if self.part.length:
            return self.length(component)
        if self.part.axis is not None:
            return self.extent(component, self.part.axis)
        if component.form is not ComponentForm.INTEGER:
            raise unreadable(self.part, f"{last!r} isn't an integer")
        if self.concealed:
            path = tuple(self.attributes)
            return replace(
                self.part, path=path, letter=component.element, offset=self.offset
            )
        return replace(self.part, path=tuple(self.attributes), letter="")

    def inside(self, record: RecordClass, name: str) -> RecordClass:
        """Go to an object inside an object, or to the part of the parent type; return its class."""
        parent = self.classes.get(record.base)
        while parent is not None:
            if parent.name == name:
                return parent
            parent = self.classes.get(parent.base)
        component = self.step(record, name)
        if component.form is not ComponentForm.NESTED:
            raise unreadable(
                self.part, f"{name!r} isn't a component that lies in the object"
            )
        return self.classes[component.element]

    def step(self, record: RecordClass, name: str) -> RecordComponent:
        """Note where a component lies, and return it."""
        found: RecordClass | None = record
        while found is not None:
            for each in (*found.components, *found.concealed):
                if each.name == name:
                    self.note(each, shown=each in found.components)
                    return each
            found = self.classes.get(found.base)
        raise unreadable(
            self.part, f"{record.name!r} has no component {name!r} that Python can read"
        )

    def note(self, component: RecordComponent, *, shown: bool) -> None:
        self.concealed = self.concealed or not shown
        if self.concealed:
            self.offset += component.offset
        else:
            self.attributes.append(component.attribute)

    def length(self, component: RecordComponent) -> Expression:
        """Return the length of characters: the declared one, or the one that they have now."""
        if component.form is ComponentForm.TEXT:
            return Integer(component.length)
        if not component.is_open_text:
            raise unreadable(self.part, f"{component.name!r} has no length")
        if not self.concealed:
            return replace(self.part, path=tuple(self.attributes), letter="")
        offset = self.offset - component.offset + component.length_at
        path = tuple(self.attributes)
        return replace(self.part, path=path, letter="q", offset=offset)

    def extent(self, component: RecordComponent, axis: int) -> Expression:
        """Return an extent of an array, or its number of elements."""
        extents = component.extents
        if extents and min(extents) >= 0 and axis < len(extents):
            size = 1
            for extent in extents if axis < 0 else extents[axis : axis + 1]:
                size *= extent
            return Integer(size)
        if component.form not in ARRAYS or not axis < len(extents):
            raise unreadable(self.part, f"{component.name!r} has no such extent")
        if self.concealed:
            raise unreadable(self.part, f"the array {component.name!r} is private")
        return replace(self.part, path=tuple(self.attributes), letter="")


def unreadable(part: Part, reason: str) -> Unsupported:
    """Return the problem of an extent that depends on what Python can't read."""
    asked = "%".join([part.owner, *part.path])
    return Unsupported(f"an extent depends on {asked}: {reason}")
