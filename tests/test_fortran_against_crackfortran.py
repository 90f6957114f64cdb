"""Every Fortran source of numpy's own f2py tests, read here and by `numpy.f2py.crackfortran`: both must find the same.

Compared are units, argument lists, results, types, kinds, lengths, extents, intents and other attributes, and the
uses of dummy procedures. Where the two differ for a reason, the reason stands in `TOLERATED`.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import pytest

from f2pypy import syntax
from f2pypy.diagnostics import Diagnostics, Severity
from f2pypy.reading.fortran import read_fortran
from f2pypy.reading.lines import decode

f2py = pytest.importorskip("numpy.f2py")
crackfortran = pytest.importorskip("numpy.f2py.crackfortran")

SOURCES = Path(f2py.__file__).parent / "tests" / "src"
FILES = sorted(
    path for path in SOURCES.rglob("*") if path.suffix in (".f", ".f90", ".f95")
)

# left out of the comparison, and why
NOT_COMPARED = {
    "regression/f77fixedform.f95": "fixed form in a file that is named for free form: only its compiler is told so",
    "crackfortran/unicode_comment.f90": "crackfortran opens it as ASCII where charset_normalizer is missing",
}


def crack(path: Path) -> list[dict[str, Any]]:
    """The blocks crackfortran finds, before it interprets them."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        crackfortran.reset_global_f2py_vars()
        crackfortran.quiet = 1
        crackfortran.readfortrancode([str(path)], crackfortran.crackline)
        return list(crackfortran.grouplist[0])


def squeeze(text: str) -> str:
    return "".join(text.lower().split())


def describe_cracked(block: dict[str, Any]) -> dict[str, Any]:
    """A block of crackfortran as plain facts."""
    children = [
        child for child in block["body"] if child["name"] != "unknown_interface"
    ]
    callbacks = [
        use
        for child in block["body"]
        if child["name"] == "unknown_interface"
        for use in child["body"]
    ]
    good = crackfortran.invbadnames
    return {
        "kind": block["block"],
        "name": "" if block["name"] == "unknown_abstract_interface" else block["name"],
        "arguments": [good.get(name, name) for name in block.get("args") or []],
        "result": good.get(block.get("result"), block.get("result")),
        "variables": {
            good.get(name, name): describe_cracked_variable(variable)
            for name, variable in block["vars"].items()
        },
        "uses": {
            module: sorted((use or {}).get("map", {}).items())
            for module, use in (block.get("use") or {}).items()
        },
        "common": {
            # crackfortran keeps the extents with the names
            block_name.replace("_BLNK_", ""): [name.partition("(")[0] for name in names]
            for block_name, names in (block.get("common") or {}).items()
        },
        "callbacks": sorted({(use["name"], len(use["args"])) for use in callbacks}),
        "children": [describe_cracked(child) for child in children],
    }


def describe_cracked_variable(variable: dict[str, Any]) -> dict[str, Any]:
    kind = variable.get("kindselector") or {}
    character = variable.get("charselector") or {}
    attributes: dict[str, str] = {}
    for said in variable.get("attrspec") or []:
        name, _, arguments = said.partition("(")
        add_attribute(attributes, name.strip(), arguments.strip()[:-1])
    return {
        "type": variable.get("typespec"),
        "derived": variable.get("typename"),
        "kind": squeeze(
            kind.get("kind") or kind.get("*") or character.get("kind") or ""
        )
        or None,
        "length": squeeze(str(character.get("len") or character.get("*") or "")).strip(
            "()"
        )
        or None,
        "initial": squeeze(variable["="]) if "=" in variable else None,
        **attributes,
    }


def add_attribute(attributes: dict[str, str], name: str, arguments: str) -> None:
    arguments = squeeze(arguments)
    if name == "intent":
        keys = {*attributes.get(name, "").split(","), *arguments.split(",")} - {""}
        arguments = ",".join(sorted(keys))
    attributes[name] = arguments


def describe_unit(unit: syntax.Item) -> dict[str, Any] | None:
    """What f2pypy reads as the same facts."""
    match unit:
        case syntax.Procedure():
            described = describe(unit.kind, unit.name, unit.items, unit.contained)
            described["arguments"] = list(unit.arguments)
            described["result"] = unit.result
            if unit.type is not None:
                described["variables"].setdefault(unit.name, blank_variable()).update(
                    describe_type(unit.type)
                )
            return described
        case syntax.Module():
            return describe("module", unit.name, unit.items, unit.procedures)
        case syntax.BlockData():
            return describe("block data", unit.name, unit.items, ())
        case syntax.Interface():
            kind = "abstract interface" if unit.abstract else "interface"
            return describe(kind, "" if unit.abstract else unit.name, unit.items, ())
        case syntax.DerivedType():
            return describe("type", unit.name, unit.components, ())
    return None


def blank_variable() -> dict[str, Any]:
    return {
        "type": None,
        "derived": None,
        "kind": None,
        "length": None,
        "initial": None,
    }


def describe(
    kind: str, name: str, items: tuple[Any, ...], procedures: tuple[Any, ...]
) -> dict[str, Any]:
    variables: dict[str, dict[str, Any]] = {}
    uses, common, callbacks = {}, {}, set()
    for item in items:
        match item:
            case syntax.TypeDeclaration():
                for entity in item.entities:
                    variable = variables.setdefault(entity.name, blank_variable())
                    variable.update(
                        {
                            k: v
                            for k, v in describe_type(item.type).items()
                            if v or k == "type"
                        }
                    )
                    add_entity(variable, entity, item.attributes)
            case syntax.AttributeStatement() if item.entities:
                for entity in item.entities:
                    add_entity(
                        variables.setdefault(entity.name, blank_variable()),
                        entity,
                        (item.attribute,),
                    )
            case syntax.ParameterStatement():
                for constant, value in item.values:
                    variable = variables.setdefault(constant, blank_variable())
                    variable["parameter"], variable["initial"] = "", squeeze(value.text)
            case syntax.Use():
                uses[item.module] = sorted(item.renames)
            case syntax.Common():
                common.setdefault(item.block, []).extend(
                    entity.name for entity in item.entities
                )
                for entity in item.entities:
                    if entity.dimensions is not None:
                        add_entity(
                            variables.setdefault(entity.name, blank_variable()),
                            entity,
                            (),
                        )
            case syntax.CallSite():
                callbacks.add((item.name, len(item.arguments)))
    described = [describe_unit(item) for item in (*items, *procedures)]
    return {
        "kind": kind,
        "name": name,
        "arguments": [],
        "result": None,
        "variables": variables,
        "uses": uses,
        "common": common,
        "callbacks": sorted(callbacks),
        "children": [child for child in described if child is not None],
    }


def describe_type(spec: syntax.TypeSpec) -> dict[str, Any]:
    return {
        "type": spec.name,
        "derived": spec.derived or None,
        "kind": squeeze(spec.kind.text) if spec.kind else None,
        "length": squeeze(spec.length.text) if spec.length else None,
    }


def add_entity(
    variable: dict[str, Any],
    entity: syntax.Entity,
    attributes: tuple[syntax.Attribute, ...],
) -> None:
    for attribute in attributes:
        if attribute.name == "dimension" and attribute.arguments is None:
            continue
        add_attribute(
            variable,
            attribute.name,
            ",".join(text.text for text in attribute.arguments or ()),
        )
    if entity.dimensions is not None:
        variable["dimension"] = squeeze(
            ",".join(text.text for text in entity.dimensions)
        )
    if entity.length is not None:
        variable["length" if variable["type"] == "character" else "kind"] = squeeze(
            entity.length.text
        )
    if entity.initial is not None:
        variable["initial"] = squeeze(entity.initial.text)


def differences(ours: dict[str, Any], theirs: dict[str, Any], where: str) -> list[str]:
    """What the two say differently, but for what crackfortran is known to leave out or to make up."""
    where = f"{where}/{ours['name']}"
    found = [
        f"{where}: {key}: {ours[key]} and {theirs[key]}"
        for key in ("kind", "name", "result", "common")
        if ours[key] != theirs[key]
    ]
    # crackfortran adds the names of intent(callback) to the arguments
    hidden = [
        name
        for name in theirs["arguments"]
        if "callback" in theirs["variables"].get(name, {}).get("intent", "")
    ]
    if ours["arguments"] != [
        name
        for name in theirs["arguments"]
        if name in ours["arguments"] or name not in hidden
    ]:
        found.append(
            f"{where}: arguments: {ours['arguments']} and {theirs['arguments']}"
        )
    # crackfortran loses `use, intrinsic :: module`
    found += [
        f"{where}: use {module}"
        for module in theirs["uses"]
        if theirs["uses"][module] != ours["uses"].get(module)
    ]
    # crackfortran takes the first use of a dummy procedure only
    found += [
        f"{where}: no use of {use}"
        for use in theirs["callbacks"]
        if use not in ours["callbacks"]
    ]
    # crackfortran makes variables of derived types, with the attributes of the type
    types = {child["name"] for child in ours["children"] if child["kind"] == "type"}
    for name in sorted((ours["variables"].keys() | theirs["variables"].keys()) - types):
        found += differing_variables(
            ours["variables"].get(name),
            theirs["variables"].get(name),
            f"{where}/{name}",
        )
    if [child["name"] for child in ours["children"]] != [
        child["name"] for child in theirs["children"]
    ]:
        names = [
            [child["name"] for child in both["children"]] for both in (ours, theirs)
        ]
        return [*found, f"{where}: units {names[0]} and {names[1]}"]
    for child, other in zip(ours["children"], theirs["children"], strict=True):
        found += differences(child, other, where)
    return found


def differing_variables(
    ours: dict[str, Any] | None, theirs: dict[str, Any] | None, where: str
) -> list[str]:
    if ours is None and theirs is not None:
        # made up by crackfortran: variables for names that only DATA mentions,
        # and one without a name for PUBLIC or PRIVATE
        said = {key for key, value in theirs.items() if value is not None}
        return (
            []
            if said <= {"initial"} or where.endswith("/")
            else [f"{where}: nothing and {theirs}"]
        )
    if ours is not None and theirs is None and (ours["type"] in (None, "procedure")):
        return []  # crackfortran drops procedure(interface) declarations, and keeps extents with names in COMMON
    if ours is None or theirs is None:
        return [f"{where}: {ours} and nothing"]
    keys = ours.keys() | theirs.keys()
    # crackfortran evaluates constants, or drops them, and makes initial values of DATA
    if "parameter" in ours or ours["initial"] is None:
        keys -= {"initial"}
    return [
        f"{where}: {key}: {ours.get(key)!r} and {theirs.get(key)!r}"
        for key in sorted(keys)
        if ours.get(key) != theirs.get(key)
    ]


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(SOURCES).as_posix()
)
def test_the_same_is_read(path: Path) -> None:
    name = path.relative_to(SOURCES).as_posix()
    if name in NOT_COMPARED:
        pytest.skip(NOT_COMPARED[name])
    diagnostics = Diagnostics()
    file = read_fortran(decode(path.read_bytes()), str(path), diagnostics)
    assert [
        found for found in diagnostics.found if found.severity is not Severity.NOTE
    ] == []
    ours = [unit for unit in map(describe_unit, file.units) if unit is not None]
    theirs = [
        describe_cracked(block) for block in crack(path) if block["from"] != "fromsky"
    ]
    assert [unit["name"] for unit in ours] == [unit["name"] for unit in theirs]
    found = [
        text
        for unit, other in zip(ours, theirs, strict=True)
        for text in differences(unit, other, name)
    ]
    assert found == []
