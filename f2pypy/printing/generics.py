"""How the tests look as Python that tell the procedures of a generic name apart."""

from __future__ import annotations

from f2pypy import plan
from f2pypy.printing.spelling import (
    annotation,
    call,
    declared,
    identifier,
    quote,
    quoted_tuple,
    tuple_of,
)

# Python's types for a number without a kind, and for what else needs no look at it, by the letter of a code.
PYTHON_TYPES = {
    "i": ("int",),
    "f": ("float",),
    "c": ("complex",),
    "b": ("bool",),
    "S": ("bytes", "str"),
}
# The integers of each size, where Python's must be compared with it.
LIMITS = {
    "i1": "-128 <= {0} < 128",
    "i2": "-32768 <= {0} < 32768",
    "i4": "-2147483648 <= {0} < 2147483648",
    "i8": "-9223372036854775808 <= {0} < 9223372036854775808",
}


def shortcuts(generic: plan.Generic) -> list[tuple[str, str]]:
    """Return conditions with what is done where they hold, for procedures whose types the arguments have already.

    Python's own types come first, then NumPy's scalars.
    """
    found: dict[str, str] = {}
    for with_numpy in (False, True):
        for case in generic.cases:
            condition = exactly(case, generic, with_numpy=with_numpy)
            if condition:
                found.setdefault(condition, generic_call(case, generic))
    return list(found.items())


def exactly(case: plan.Case, generic: plan.Generic, *, with_numpy: bool) -> str:
    """Return the condition that the arguments have just the types of a procedure; "" where that needs a closer look."""
    is_alone = len(case.wanted) == 1
    tests = [exact(w, generic, with_numpy, is_alone) for w in case.wanted]
    others = [*asking(case, generic), *counted(case, generic)]
    if not (all(tests) and (tests or others)):
        return ""
    if len(tests) + len(others) > 1:
        tests = [f"({test})" if " or " in test else test for test in tests]
    return " and ".join([*others[:-1], *tests, *others[-1:]])


def generic_fit(case: plan.Case, generic: plan.Generic) -> str:
    """Return the condition that a procedure takes the arguments at the level of conversions that is tried."""
    natures = dict(generic.natures)
    tests = []
    for wanted in case.wanted:
        if wanted.record:
            test = exact(wanted, generic, with_numpy=False, is_alone=False)
            tests.append(f"({test})" if wanted.optional else test)
            continue
        nature = identifier(natures[wanted.local])
        code = quote(wanted.code if wanted.by_type else "")
        is_fixed = wanted.by_rank and not wanted.elemental
        rank = str(wanted.rank if is_fixed else None)
        optional = "True" if wanted.optional else ""
        written = "True" if wanted.written else ""
        test = call(
            f"{nature}.fits",
            *(code, rank, identifier(generic.level)),
            optional=optional,
            written=written,
        )
        tests.append(test)
    return " and ".join([*asking(case, generic), *tests, *counted(case, generic)])


def asking(case: plan.Case, generic: plan.Generic) -> list[str]:
    """Return the test of what the caller asks for, where results tell procedures apart."""
    if not generic.asks:
        return []
    asked = identifier(generic.asked)
    told_by = list(map(identifier, case.told_by))
    if case.open:
        return [call(f"{asked}.are_open", *told_by)]
    results = [
        tuple_of(
            [
                quote(r.name),
                identifier(r.record) if r.record else quote(r.code),
                str(r.rank),
            ]
        )
        for r in case.asked
    ]
    if case.rival:
        return [
            call(f"{asked}.choose", tuple_of(told_by) if told_by else "()", *results)
        ]
    return [call(f"{asked}.fit", *results)]


def counted(case: plan.Case, generic: plan.Generic) -> list[str]:
    """Return the test of the number of arguments and their names, where that tells procedures apart."""
    if not generic.counted:
        return []
    packed = map(identifier, generic.packed)
    names = quoted_tuple(case.keywords) if case.keywords else "()"
    return [call("binds", *packed, str(case.required), names)]


def exact(
    wanted: plan.Wanted, generic: plan.Generic, with_numpy: bool, is_alone: bool
) -> str:
    """Return the test for just the type and rank that are wanted, "" where there is none that is short.

    With NumPy's scalars it leaves Python's own types out where the value `is_alone`: they have had their test.
    """
    value = identifier(wanted.local)
    letter = wanted.code[0]
    if wanted.record and wanted.rank != 0:
        record = identifier(wanted.record)
        given = (value, record, str(wanted.rank))
        test = call("are_objects", *given, polymorphic=wanted.polymorphic)
    elif wanted.record:
        test = call("isinstance", value, identifier(wanted.record))
    elif letter == "F":
        test = f"callable({value})"
    elif wanted.rank is None or letter in "p*" or (wanted.rank and letter in "bS"):
        return ""
    elif wanted.rank or wanted.written:
        test = call("is_array", value, identifier(wanted.dtype), str(wanted.rank))
    else:
        kind = identifier(dict(generic.kinds)[wanted.local])
        tests = [] if with_numpy and is_alone else python_types(wanted, value, kind)
        tests += numpy_types(wanted, kind) if with_numpy else []
        test = " or ".join(tests)
    return f"{value} is None or {test}" if wanted.optional and test else test


def python_types(wanted: plan.Wanted, value: str, kind: str) -> list[str]:
    """Return the tests for the types of Python that mean what is wanted; of several kinds that is the default one."""
    if not wanted.is_first:
        return []
    tests = [f"{kind} is {name}" for name in PYTHON_TYPES[wanted.code[0]]]
    if wanted.code in LIMITS and not wanted.is_only:
        return [f"{tests[0]} and {LIMITS[wanted.code].format(value)}"]
    return tests


def numpy_types(wanted: plan.Wanted, kind: str) -> list[str]:
    """Return the test for the type of NumPy's scalars."""
    if wanted.code == "S":
        return []
    name = identifier("bool_" if wanted.code[0] == "b" else wanted.dtype)
    return [f"{kind} is np.{name}"]


def generic_call(case: plan.Case, generic: plan.Generic) -> str:
    """Return the statement that ends a case: the call of its procedure, or the exception that several are meant."""
    if case.open and len(case.functions) > 1:
        texts = dict(zip(generic.procedures, generic.specifics, strict=True))
        listed = [quote(texts[function]) for function in case.functions]
        unsaid = f"{identifier(generic.asked)}.unsaid"
        return f"raise {call(unsaid, *listed)}"
    if len(case.functions) > 1:
        return f"raise {call('alike', quote(generic.label), *map(quote, case.names))}"
    function = case.functions[0]
    for each in generic.bound:
        if each.function == function:
            return f"return {call(*method_of_object(each, generic))}"
    return f"return {call(identifier(function), *passed(generic, function))}"


def method_of_object(bound: plan.BoundMethod, generic: plan.Generic) -> list[str]:
    """Return the method of an object that is called in place of a function, and what it gets besides the object."""
    given = given_arguments(generic)
    if bound.itself:
        itself = identifier(bound.itself)
        given = [each for each in given if each != itself]
    else:
        arguments = identifier(generic.packed[0])
        itself, given[0] = f"{arguments}[0]", f"*{arguments}[1:]"
    return [f"{itself}.{identifier(bound.method)}", *given]


def passed(generic: plan.Generic, function: str) -> list[str]:
    """Return the arguments as they are handed on to a function."""
    takes_object = generic.itself and function not in generic.objectless
    itself = [identifier(generic.itself)] if takes_object else []
    return [*itself, *given_arguments(generic)]


def given_arguments(generic: plan.Generic) -> list[str]:
    """Return what the caller gives, as it is handed on."""
    if generic.parameters is None:
        arguments, keywords = map(identifier, generic.packed)
        return [f"*{arguments}", f"**{keywords}"]
    return [identifier(parameter.name) for parameter in generic.parameters]


def generic_parameters(generic: plan.Generic) -> str:
    """Return the parameters of the function, with their annotations."""
    if generic.parameters is not None:
        return declared(generic.parameters, generic.itself)
    arguments, keywords = map(identifier, generic.packed)
    itself = [identifier(generic.itself)] if generic.itself else []
    return ", ".join([*itself, f"*{arguments}: Any", f"**{keywords}: Any"])


def generic_locals(generic: plan.Generic) -> list[tuple[str, str]]:
    """Return the locals of the function with their values: arguments that are packed, and the types of values."""
    kinds = [
        (f"{identifier(kind)}: Any", f"type({identifier(local)})")
        for local, kind in generic.kinds
    ]
    return [*asked_results(generic), *packed_values(generic), *kinds]


def asked_results(generic: plan.Generic) -> list[tuple[str, str]]:
    """Return the local for what the caller asks for, which takes it out of the packed keywords."""
    if not generic.asks:
        return []
    given = {keyword for case in generic.cases for keyword in case.keywords}
    also_given = [name for name in generic.asks if name in given]
    made = call(
        "AskedResults",
        quote(generic.label),
        identifier(generic.packed[1]),
        quoted_tuple(generic.asks),
        *([quoted_tuple(also_given)] if also_given else []),
    )
    return [(identifier(generic.asked), made)]


def packed_values(generic: plan.Generic) -> list[tuple[str, str]]:
    """Return the locals for packed arguments with what they are: None where an argument isn't given."""
    if generic.parameters is not None:
        return []
    arguments, keywords = map(identifier, generic.packed)
    found = []
    for value in generic.values:
        place = value.position
        is_there = f"len({arguments}) > {place}" if place else arguments
        text = f"{keywords}.get({quote(value.keyword)})"
        if place >= 0:
            text = f"{arguments}[{place}] if {is_there} else {text}"
        found.append((identifier(value.local), text))
    return found


def natures(generic: plan.Generic) -> list[tuple[str, str]]:
    """Return the variables for the natures of values with these values, where the function looks at them."""
    if generic.only is not None:
        return []
    return [
        (identifier(nature), identifier(local)) for local, nature in generic.natures
    ]


def levels(generic: plan.Generic) -> list[str]:
    """Return the variable for the level of conversions, where the function tries several."""
    looks_closer = generic.only is None and generic.looks_closer
    return [identifier(generic.level)] if looks_closer else []


def closer_looks(generic: plan.Generic) -> list[tuple[str, str]]:
    """Return the conditions at a level of conversions, with what is done where they hold."""
    if not levels(generic):
        return []
    return [(generic_fit(e, generic), generic_call(e, generic)) for e in generic.cases]


def generic_end(generic: plan.Generic) -> str:
    """Return the last statement: the only call, or the exception for arguments that fit no procedure."""
    if generic.only is not None:
        return generic_call(generic.only, generic)
    return f"raise {generic_refusal(generic)}"


def generic_refusal(generic: plan.Generic) -> str:
    """Return the exception for arguments that fit no procedure."""
    specifics = quoted_tuple(generic.specifics)
    if generic.parameters is None:
        given = list(map(identifier, generic.packed))
    else:
        given = [
            tuple_of(given_arguments(generic)) if generic.parameters else "()",
            "{}",
        ]
    if generic.asks:
        given.append(f"{identifier(generic.asked)}.texts()")
    return call("no_specific", quote(generic.label), specifics, *given)


def overloaded(function: plan.Procedure | plan.Generic) -> str:
    """Return what stands before a definition: for type checkers the ways to call it where it doesn't say all itself.

    What no way says of the calls of a generic name, its own parameters do.
    """
    itself, static = "", ""
    if isinstance(function, plan.Generic):
        itself = function.itself
        static = "@staticmethod\n" if function.is_static else ""
    found = []
    for way in function.overloads:
        parameters = declared(way.parameters, itself)
        if way.asked:
            parameters = ", ".join(filter(None, (parameters, "*", declared(way.asked))))
        found.append((parameters, annotation(way.returns)))
    if found and isinstance(function, plan.Generic):
        found.append((generic_parameters(function), annotation(function.returns)))
    ways = "".join(
        f"@overload\n{static}def {identifier(function.function)}({parameters}) -> {returns}: ...\n"
        for parameters, returns in found
    )
    return ways + static
