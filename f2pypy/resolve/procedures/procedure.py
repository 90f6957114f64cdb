"""Resolves a routine: every type, extent, default and check is decided."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from f2pypy import model, syntax
from f2pypy.abi.compilers import chosen_compiler
from f2pypy.abi.conventions import Compiler
from f2pypy.diagnostics import Diagnostics
from f2pypy.expressions import c
from f2pypy.expressions.c_tokens import taken_by_c
from f2pypy.expressions.calls import is_known_function
from f2pypy.expressions.elementwise import INDEX
from f2pypy.expressions.environment import Role
from f2pypy.expressions.f2py_texts import extent_text, without_pointers
from f2pypy.expressions.nodes import (
    ANYTHING,
    ASKED,
    Block,
    Call,
    Expression,
    ExpressionError,
    FunctionDefinition,
    Integer,
    Kind,
    Name,
    Parameter,
    Stored,
    String,
    Subscript,
)
from f2pypy.expressions.walk import called_functions, rewrite, used_names, walk
from f2pypy.model import (
    Argument,
    Bound,
    Callback,
    Check,
    Form,
    Intent,
    Presence,
)
from f2pypy.resolve.arguments.before_conversion import (
    UNKNOWN,
    before_conversion,
    earlier,
    read_names,
    without_own_shape,
    without_waiting_arrays,
)
from f2pypy.resolve.arguments.drafts import Draft, read_draft
from f2pypy.resolve.arguments.expression_scope import Meaning
from f2pypy.resolve.arguments.intents import (
    ABSENT,
    KNOWN,
    combine_intents,
    is_hidden,
    keys_of,
    presence_of,
    result_name,
)
from f2pypy.resolve.arguments.order import is_in_order, order_by_dependency, reaches
from f2pypy.resolve.callbacks.prototypes import PrototypeFinder, unused
from f2pypy.resolve.callbacks.signature import CallbackReader
from f2pypy.resolve.calls.callstatement import CallReader
from f2pypy.resolve.calls.flow import calls_routine, expressions_in
from f2pypy.resolve.calls.plain_call import passed_by_value, plain_call
from f2pypy.resolve.calls.usercode import Usercode, place_in
from f2pypy.resolve.faults import TypeProblem, at_the_cost_of, decide_each
from f2pypy.resolve.names.declarations import (
    CODIMENSION,
    MAY_BE_ABSENT,
    Declaration,
    Declarations,
    gather,
    refuse_deferred_length,
)
from f2pypy.resolve.names.identifiers import check_attribute, check_name, check_symbol
from f2pypy.resolve.names.origins import origin_of
from f2pypy.resolve.names.places import Place, Places
from f2pypy.resolve.names.scopes import Scopes
from f2pypy.resolve.names.texts import ReadText, names_in
from f2pypy.resolve.shapes.compiled_extents import Asker, Unanswerable, call_of
from f2pypy.resolve.shapes.inference import (
    infer_extents,
    without_questions_to_outputs,
)
from f2pypy.resolve.shapes.pure_functions import pure_functions
from f2pypy.resolve.types.declared import (
    ImplicitTypes,
    decide_type,
    implicit_type,
    implicit_types,
    read_constant,
    refuse_derived,
)

# f2py's macros that make a symbol of a Fortran name in lower and upper case.
MANGLERS = frozenset({"F_FUNC", "F_FUNC_US", "F_WRAPPEDFUNC", "F_WRAPPEDFUNC_US"})
WORD = re.compile(r"\w+")
# How f2py counts arguments in its messages: by the last digit alone.
ORDINAL_ENDINGS = ("th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th")


@dataclass(frozen=True)
class Surroundings:
    """What a routine sees around it: constants, callback signatures, C functions, the library's integer."""

    dialect: syntax.Dialect
    default_integer: int
    constants: Mapping[str, Expression]
    functions: Mapping[str, FunctionDefinition]
    callbacks: Mapping[str, Mapping[str, Callback]]
    implicit: ImplicitTypes | None
    fortran_module: str = ""
    usercode: Usercode = field(default_factory=Usercode)
    compiles: bool = False
    computes: bool = False
    compiler: Compiler = field(default_factory=chosen_compiler)
    host: Place = field(default_factory=Place)
    places: Places | None = None
    uses: tuple[syntax.Use, ...] = ()
    # gathers what all routines call by name and Python provides
    by_name: dict[str, Callback] = field(default_factory=dict)
    # gathers what compiled functions are to compute; None where nothing can be compiled
    questions: list[model.Question] | None = None


@dataclass
class ProcedureReader:
    """Resolves one routine in steps; every step uses the results of the earlier ones."""

    unit: syntax.Procedure
    around: Surroundings
    diagnostics: Diagnostics
    declared: Declarations = field(init=False)
    implicit: ImplicitTypes = field(init=False)
    evaluation: tuple[tuple[str, ...], Mapping[str, int]] = ((), {})
    asked: dict[str, FunctionDefinition] = field(default_factory=dict)

    def read(self) -> model.Procedure | None:
        """Return the routine, or None after reporting why it can't be wrapped."""
        name = self.unit.name
        subject = f"{self.around.fortran_module}.{name}"
        with at_the_cost_of(
            name, self.unit.span, self.diagnostics, subject, self.origin_of
        ):
            self.declared = self.look_through()
            self.implicit = implicit_types(self.unit.items, self.around.implicit)
            return self.decide()
        return None

    def note_callbacks(self) -> None:
        """Gather the procedures that the routine calls by name, whatever else becomes of it: its code calls them."""
        gathered = self.around.by_name
        for unit in (self.unit, *self.unit.contained):
            reader = ProcedureReader(unit, self.around, self.diagnostics)
            for name in called_by_name(unit.items):
                known = gathered.get(name)
                if name not in unit.arguments and not (known and known.described):
                    gathered[name] = reader.callback_by_name(name)

    def callback_by_name(self, name: str) -> Callback:
        """Return the signature of a procedure that Python provides, an empty one where it can't be decided."""
        with contextlib.suppress(TypeProblem, ExpressionError):
            self.declared = self.look_through()
            self.implicit = implicit_types(self.unit.items, self.around.implicit)
            return self.told_callback(self.draft(name))
        return Callback(
            name, f"{self.unit.name}__user__routines", (), None, (), described=False
        )

    def origin_of(self, message: str) -> str:
        """Return a hint for the end of a message at the module that an unknown name may come from."""
        places = self.around.places
        modules = {} if places is None else places.scopes.modules
        host = modules.get(self.around.fortran_module)
        outer = () if host is None else host.items
        return origin_of(message, (*self.unit.items, *outer), modules)

    def decide(self) -> model.Procedure:
        """Return the routine; TypeProblem for the first thing that can't be decided."""
        names = self.variable_names()
        self.check_names(names)
        drafts = with_f2py_texts(decide_each(names, self.draft))
        dummies = [n for n in names if n != self.result_variable()]
        for name in dummies:
            drafts[name] = with_intents_in_effect(self.any_length(drafts[name], drafts))
        drafts = self.with_questions(drafts)
        drafts = infer_extents(without_questions_to_outputs(drafts), dummies)
        order = self.order(drafts, dummies)
        meaning = self.meaning(drafts)
        decided = decide_each(
            dummies, lambda name: self.argument(drafts[name], meaning, order)
        )
        arguments = self.number([decided[name] for name in dummies])
        result = self.result(drafts, meaning, order)
        actions, local_variables = self.actions(arguments, result, meaning)
        symbol, exact = self.symbol()
        return model.Procedure(
            self.unit.name,
            symbol,
            tuple(arguments),
            order,
            result,
            local_variables,
            actions,
            self.unit.span,
            fortran_module=self.around.fortran_module,
            exact_symbol=exact,
            threadsafe=bool(self.declared.of(syntax.ThreadSafe)),
            functions=self.called(arguments, actions),
            externals=tuple(
                name
                for name, declaration in self.declared.names.items()
                if "external" in declaration.flags and name not in names
            ),
            codes=tuple(
                (item.keyword, item.text.text)
                for item in self.declared.of(syntax.Code)
                if isinstance(item, syntax.Code)
            ),
        )

    def check_names(self, names: Sequence[str]) -> None:
        """Raise TypeProblem for a name that the generated module can't have."""
        check_attribute(self.unit.name, self.unit.span)
        given = Counter(name for name in self.unit.arguments if name != "*")
        for name in (name for name, times in given.items() if times > 1):
            raise TypeProblem(self.unit.span, f"its argument {name!r} is repeated")
        for name in names:
            check_name(name, self.declaration(name).span)

    def look_through(self) -> Declarations:
        """Return what the routine declares."""
        if self.around.places is None:
            return gather(self.unit.items, self.diagnostics)
        return self.around.places.scopes.declared(self.unit.items)

    # Names and types.

    def result_variable(self) -> str | None:
        """Return the variable that holds a function's result."""
        if self.unit.kind != "function":
            return None
        return self.unit.result or self.unit.name

    def variable_names(self) -> list[str]:
        """Return auxiliary variables, dummy arguments and the result, in this order."""
        dummies = [a for a in self.unit.arguments if a != "*"]
        auxiliary = [
            name
            for name, declaration in self.declared.names.items()
            if {"aux", "callback"} & set(declaration.intents) and name not in dummies
        ]
        result = self.result_variable()
        return list(
            dict.fromkeys([*auxiliary, *dummies, *([result] if result else [])])
        )

    def declaration(self, name: str) -> Declaration:
        """Return a variable's declaration; for a result, together with that of the function's name."""
        known = self.declared.names.get(name) or Declaration(name, self.unit.span)
        called = name in self.called_dummies
        if called or "callback" in known.intents:
            known = replace(known, flags=known.flags | {"external"})
        if name == self.result_variable() and known.type is None:
            of_function = self.declared.names.get(self.unit.name)
            type_ = self.unit.type or (of_function.type if of_function else None)
            known = replace(known, type=type_)
        if "c" in self.declared.block_intents and "c" not in known.intents:
            known = replace(known, intents=(*known.intents, "c"))
        return known

    @cached_property
    def called_dummies(self) -> frozenset[str]:
        """Return the dummy arguments that calls or interface blocks show to be procedures."""
        return called_names(self.unit) & frozenset(self.unit.arguments)

    def draft(self, name: str) -> Draft:
        """Return the variable with its type decided and its texts read."""
        declaration = self.declaration(name)
        if declaration.is_callback:
            nothing = model.DataType(Kind.INTEGER, 0)
            return Draft(
                declaration, nothing, None, None, (), False,
                declaration.depends, "optional" in declaration.flags,
            )  # fmt: skip
        if CODIMENSION in declaration.flags:
            raise TypeProblem(declaration.span, f"{name!r} is a coarray")
        spec = declaration.type or implicit_type(name, self.implicit)
        if spec is None:
            raise TypeProblem(
                declaration.span, f"{name!r} has no type under implicit none"
            )
        decided = decide_type(
            spec,
            self.constants(),
            entity_length=declaration.length,
            default_integer=self.around.default_integer,
        )
        if decided.derived:
            refuse_derived(name, spec, declaration.span)
        refuse_deferred_length(declaration, decided)
        return read_draft(
            declaration,
            decided,
            self.around.dialect,
            self.constants(),
            self.words_of_c,
        )

    @cached_property
    def words_of_c(self) -> frozenset[str]:
        """Return the routine's names that are C keywords, such as ``short``."""
        return taken_by_c({*self.unit.arguments, *self.declared.names})

    def constants(self) -> Mapping[str, Expression]:
        """Return the named constants that the routine sees."""
        return self.around.constants

    def any_length(self, draft: Draft, drafts: Mapping[str, Draft]) -> Draft:
        """Return the draft; ``x(1)`` beside an integer is how old sources write ``x(*)``, which a warning says."""
        if self.around.dialect is not syntax.Dialect.FORTRAN:
            return draft
        last = draft.extents[-1] if draft.extents else None
        if last is None or last.text != "1" or is_hidden(draft.declaration.intents):
            return draft
        counts = [n for n in self.unit.arguments if n in drafts and is_count(drafts[n])]
        if not counts:
            return draft
        self.diagnostics.warn(
            draft.declaration.span,
            f"{draft.name!r} is declared with one element, beside the integer {counts[0]!r}: "
            "f2pypy treats it as an array of any length, like (*)",
        )
        extents = (*(draft.extents or ())[:-1], None)
        return replace(draft, extents=extents)

    # Order and meaning.

    def order(self, drafts: Mapping[str, Draft], dummies: list[str]) -> tuple[str, ...]:
        """Return the order of evaluation, with a warning where dependences go in a circle."""
        known = frozenset(dummies)
        declared = [n for n in self.declared.names if n in known]
        names = list(dict.fromkeys((*declared, *dummies)))
        functions = (self.unit.name,) if self.unit.kind == "function" else ()
        others = frozenset((*self.declared.names, *functions)) - known
        depends = complete_dependences(drafts, names, others)
        order, cycle = order_by_dependency(names, depends)
        if cycle:
            depends = without_waiting_arrays(drafts, depends)
            if is_in_order(order, depends):
                return order
            order, cycle = order_by_dependency(names, depends)
        if cycle:
            raise TypeProblem(
                self.unit.span,
                "these arguments depend on each other in a circle: " + ", ".join(cycle),
            )
        return order

    def meaning(self, drafts: Mapping[str, Draft]) -> Meaning:
        """Return the reader of expressions over the routine's variables."""
        functions = {**self.around.functions, **self.pure_functions(drafts)}
        functions |= self.asked
        meaning = Meaning.over(functions, self.around.usercode.refused)
        for draft in drafts.values():
            if draft.declaration.is_callback:
                meaning = meaning.with_callback(draft.name)
            elif draft.extents is not None:
                meaning = meaning.with_array(
                    draft.name, draft.type.kind, len(draft.extents), draft.lower
                )
            elif draft.type.is_string:
                meaning = meaning.with_string(draft.name)
            else:
                meaning = meaning.with_scalar(
                    draft.name, draft.type.kind, draft.type.size
                )
        return meaning

    def pure_functions(
        self, drafts: Mapping[str, Draft]
    ) -> Mapping[str, FunctionDefinition]:
        """Return the functions of Fortran modules that extents and lengths call."""
        if self.around.places is None:
            return {}
        called: set[str] = set()
        for draft in drafts.values():
            texts = [each.expression for each in draft.extents or () if each]
            texts += [draft.type.length] if draft.type.length is not None else []
            called = called.union(*map(called_functions, texts))
        names = [
            name
            for name in called - drafts.keys()
            if not is_known_function(name, fortran=True)
        ]
        if not names:
            return {}
        place = self.around.places.procedure(self.unit, self.host())
        return pure_functions(
            names, place, self.around.places, self.around.default_integer
        )

    def with_questions(self, drafts: dict[str, Draft]) -> dict[str, Draft]:
        """Return the drafts with calls of compiled functions for the extents that Python can't compute."""
        questions, places = self.around.questions, self.around.places
        if questions is None or places is None:
            return drafts
        asker = Asker(
            self.unit,
            self.around.fortran_module,
            places.scopes,
            self.declared,
            self.constants(),
            self.implicit,
            self.around.default_integer,
            self.around.compiler,
        )
        meaning: list[Meaning] = []

        def asked(text: ReadText, *, is_length: bool = False) -> Expression:
            """Return a call of a compiled function; the expression itself where Python computes it, or nothing can."""
            if is_plain_extent(text.expression, drafts):
                return text.expression
            if not meaning:
                meaning.append(self.meaning(drafts))
            with contextlib.suppress(ExpressionError):
                reader = meaning[0].in_fortran() if is_length else meaning[0]
                reader.value(text.expression, Kind.INTEGER)
                return text.expression
            with contextlib.suppress(Unanswerable):
                name = f"extent_{len(questions) + 1}"
                question = asker.question(text, drafts, name, is_length=is_length)
                questions.append(question)
                call = call_of(question)
                self.asked[call.function] = definition_for(question)
                return call
            return text.expression

        found = dict(drafts)
        for name, draft in drafts.items():
            if draft.extents is not None:
                extents = (e and replace(e, expression=asked(e)) for e in draft.extents)
                found[name] = draft = replace(draft, extents=tuple(extents))
            length, text = draft.type.length, self.length_text(name)
            if length is not None and text is not None:
                read = ReadText(length, text.text.strip(), text.span)
                value = asked(read, is_length=True)
                found[name] = replace(draft, type=replace(draft.type, length=value))
        return found

    def length_text(self, name: str) -> syntax.Text | None:
        """Return the length of characters as the source writes it."""
        declaration = self.declaration(name)
        of_type = declaration.type.length if declaration.type is not None else None
        return declaration.length or of_type

    # Arguments.

    def argument(
        self, draft: Draft, meaning: Meaning, order: tuple[str, ...]
    ) -> Argument:
        """Return the argument with every expression typed."""
        for key in draft.declaration.intents:
            self.check_intent(key, draft)
        keys = draft.declaration.intents
        presence = presence_of(
            keys,
            optional=draft.optional or draft.initial is not None,
            required="required" in draft.declaration.flags,
        )
        intent = combine_intents(keys)
        absent = presence is Presence.OPTIONAL and self.may_be_absent(draft)
        return Argument(
            draft.name,
            self.passed_type(draft, meaning, order),
            self.bounds(draft, meaning, order),
            intent,
            presence,
            self.initial(draft, meaning, order),
            draft.initial.text if draft.initial is not None else "",
            tuple(self.check(text, meaning, order) for text in draft.checks),
            result_name(draft.name, keys),
            "hidden" if presence is Presence.HIDDEN else "",
            draft.declaration.span,
            by_value=(bool(intent & Intent.C) and draft.extents is None)
            or (
                "value" in draft.declaration.flags
                and self.passed_by_value(draft, optional=absent)
            ),
            callback=self.callback(draft),
            form=self.form(draft),
            interoperable=self.unit.bind is not None,
            contiguous="contiguous" in draft.declaration.flags,
            absent_as_null=absent,
            states_direction=draft.states_direction,
        )

    def passed_type(
        self, draft: Draft, meaning: Meaning, order: tuple[str, ...]
    ) -> model.DataType:
        """Return the type with its length typed; one character by value is a value and no string."""
        type_, length = draft.type, draft.type.length
        if type_.is_string and "value" in draft.declaration.flags and length == Integer(1):  # fmt: skip
            return replace(type_, is_string=False, length=None)
        if length is None or isinstance(length, Integer):
            return type_
        if self.around.dialect is syntax.Dialect.FORTRAN:
            meaning = meaning.in_fortran()
        written = self.length_text(draft.name)
        span = draft.declaration.span if written is None else written.span
        value = self.typed(ReadText(length, "", span), meaning, Kind.INTEGER)
        # what is taken from a string can't give its length
        is_known = read_names(value) <= earlier(draft.name, order)
        return replace(type_, length=value if is_known else None)

    def passed_by_value(self, draft: Draft, *, optional: bool) -> bool:
        """Whether a dummy with the attribute ``value`` goes by value; TypeProblem for more than one character."""
        of_c = self.unit.bind is not None
        found = passed_by_value(
            self.around.compiler, draft.type, optional=optional, interoperable=of_c
        )
        if found and draft.type.is_string and draft.type.length != Integer(1):
            raise TypeProblem(
                draft.declaration.span,
                f"{draft.name!r}: more than one character is passed by value",
            )
        return found

    def form(self, draft: Draft) -> Form:
        """Return what Fortran receives: a bind(c) procedure has descriptors where others have hidden lengths."""
        form = form_of(draft)
        assumed = draft.type.is_string and draft.type.length is None
        if self.unit.bind is not None and form is Form.ADDRESS and assumed:
            return Form.ASSUMED_LENGTH
        return form

    def may_be_absent(self, draft: Draft) -> bool:
        """Whether Fortran may be called without the argument."""
        said = ABSENT in draft.declaration.intents
        if self.around.dialect is syntax.Dialect.FORTRAN:
            said = said or MAY_BE_ABSENT in draft.declaration.flags
        return said and draft.initial is None

    def check_intent(self, key: str, draft: Draft) -> None:
        """Warn about an unknown intent key."""
        if key.lower() not in KNOWN and not key.startswith("out="):
            self.diagnostics.warn(
                draft.declaration.span, f"intent({key}) of {draft.name!r} means nothing"
            )

    def bounds(
        self, draft: Draft, meaning: Meaning, order: tuple[str, ...]
    ) -> tuple[Bound, ...] | None:
        """Return the extents; those that depend on what is evaluated later are the caller's."""
        if draft.extents is None:
            return None
        if self.around.dialect is syntax.Dialect.FORTRAN:
            meaning = meaning.in_fortran()
        places = self.places_in(order)
        own = places.get(draft.name, len(order))
        found: list[Bound] = []
        for extent in draft.extents:
            if extent is None:
                shown = ":" if draft.assumed_shape else "*"
                shown = ".." if draft.assumed_rank else shown
                found.append(Bound(None, shown))
                continue
            value = self.typed(extent, meaning, Kind.INTEGER)
            self.refuse_hidden_modules(value, extent)
            value = without_own_shape(value, draft, found)
            known = value != UNKNOWN and all(
                places.get(n, own) < own for n in used_names(value)
            )
            said = in_words_of_signatures(extent.expression, meaning)
            asks = any(name.startswith(ASKED) for name in called_functions(value))
            text = extent.text if asks else extent_text(said, extent.text)
            found.append(Bound(value, text, known))
        return tuple(found)

    def places_in(self, order: tuple[str, ...]) -> Mapping[str, int]:
        """Return where each name stands in the order of evaluation."""
        if self.evaluation[0] is not order:
            self.evaluation = (order, {name: at for at, name in enumerate(order)})
        return self.evaluation[1]

    def refuse_hidden_modules(self, value: Expression, extent: ReadText) -> None:
        """Raise TypeProblem for an argument with the name of a module whose variables an extent needs."""
        for node in walk(value):
            if isinstance(node, Stored) and node.owner in self.unit.arguments:
                raise TypeProblem(
                    extent.span,
                    f"{extent.text!r} is a variable of the module {node.owner}, and an argument has that name",
                )

    def initial(
        self, draft: Draft, meaning: Meaning, order: tuple[str, ...]
    ) -> Expression | None:
        """Return the default, converted to the argument's kind."""
        if draft.initial is None:
            return None
        converted = earlier(draft.name, order)
        if draft.extents is not None:
            meaning = meaning.with_index()
            converted |= {draft.name, INDEX}
        value = self.typed(draft.initial, meaning, draft.type.kind)
        return self.before_conversion(value, draft.initial, meaning, converted)

    def before_conversion(
        self,
        value: Expression,
        text: ReadText,
        meaning: Meaning,
        converted: frozenset[str],
    ) -> Expression:
        """Return a value that needs only `converted` arguments; TypeProblem if that is impossible."""
        try:
            return before_conversion(value, meaning, converted)
        except ExpressionError as error:
            raise TypeProblem(text.span, f"{text.text!r}: {error.message}") from error

    def check(self, text: ReadText, meaning: Meaning, order: tuple[str, ...]) -> Check:
        """Return one check."""
        try:
            condition = meaning.condition(text.expression)
        except ExpressionError as error:
            raise TypeProblem(
                text.span.shift(max(error.offset, 0)), error.message
            ) from error
        condition = self.before_conversion(condition, text, meaning, frozenset(order))
        return Check(condition, text.text, text.span)

    def typed(self, text: ReadText, meaning: Meaning, kind: Kind) -> Expression:
        """Return the expression with names resolved and conversions explicit."""
        try:
            return meaning.value(text.expression, kind)
        except ExpressionError as error:
            raise TypeProblem(
                text.span.shift(max(error.offset, 0)), error.message
            ) from error

    def number(self, arguments: list[Argument]) -> list[Argument]:
        """Return the arguments with the ordinals that messages use."""
        required = optional = 0
        numbered = []
        for argument in arguments:
            if argument.presence is Presence.REQUIRED:
                required += 1
                word = f"{ordinal(required)} argument"
            elif argument.presence is Presence.OPTIONAL:
                optional += 1
                word = f"{ordinal(optional)} keyword"
            else:
                word = "hidden"
            numbered.append(replace(argument, ordinal=word))
        return numbered

    def result(
        self, drafts: Mapping[str, Draft], meaning: Meaning, order: tuple[str, ...]
    ) -> Argument | None:
        """Return the function's result as an argument that only goes out."""
        name = self.result_variable()
        if name is None:
            return None
        argument = self.argument(drafts[name], meaning, order)
        if self.is_text(argument):
            argument = replace(argument, type=string_of(argument.type))
        shown = result_name(name, (*drafts[name].declaration.intents, "out"))
        # f2py calls the others through a subroutine, which returns what it gets
        hidden = {"c", "hide"} <= set(self.own_intents())
        described = self.around.compiler.described_results
        if argument.is_array and argument.form is Form.ADDRESS and described:
            # a function with an array result gets a descriptor of the memory for it
            argument = replace(argument, form=Form.ASSUMED_SHAPE)
        return replace(
            argument,
            presence=Presence.HIDDEN,
            intent=Intent.OUT,
            result_name=None if hidden else shown,
            by_value=False,
        )

    def is_text(self, result: Argument) -> bool:
        """Whether a result is a string: in Fortran every scalar character, in C (bind(c)) a single one is a value."""
        if result.type.kind is not Kind.CHARACTER or result.is_array:
            return False
        return self.unit.bind is None and not result.type.deferred

    # Callbacks.

    def callback(self, draft: Draft) -> Callback | None:
        """Return the signature of a dummy procedure."""
        if not draft.declaration.is_callback:
            return None
        if "pointer" in draft.declaration.flags:
            raise TypeProblem(
                draft.declaration.span, f"{draft.name!r} is a procedure pointer"
            )
        hidden = is_hidden(draft.declaration.intents)
        if draft.name not in self.unit.arguments and self.around.compiles:
            return self.told_callback(draft)
        if hidden or draft.name not in self.unit.arguments:
            kind = "hidden" if hidden else "no argument"
            raise TypeProblem(
                draft.declaration.span,
                f"callback {draft.name!r} is {kind}: Fortran can only find it through glue in the library (-c)",
            )
        return self.told_callback(draft)

    def told_callback(self, draft: Draft) -> Callback:
        """Return the signature that a ``__user__`` module or the routine itself gives."""
        for use in (*self.declared.of(syntax.Use), *self.around.uses):
            assert isinstance(use, syntax.Use)
            known = self.around.callbacks.get(use.module)
            if known is None:
                continue
            renamed = dict(use.renames).get(draft.name, draft.name)
            if renamed in known:
                return known[renamed]
        return self.described_callback(draft)

    def described_callback(self, draft: Draft) -> Callback:
        """Return the signature of a dummy procedure that the routine itself describes."""
        places = self.around.places or Places(Scopes({}, self.diagnostics), {})
        integer = self.around.default_integer
        finder = PrototypeFinder(places, integer, self.diagnostics)
        prototype = finder.find(self.unit, draft.name, self.host())
        if prototype is None:
            self.refuse_untold(draft)
            place = Place(self.constants(), self.implicit)
            prototype = unused(draft.declaration, place)
        reader = CallbackReader(
            f"{self.unit.name}__user__routines",
            self.around.dialect,
            integer,
            prototype.place.constants,
            self.diagnostics,
            prototype.place.implicit,
            places.scopes,
            self.around.compiler,
        )
        unit = prototype.unit
        callback = reader.decide(replace(unit, name=draft.name, result=result_of(unit)))
        if callback.result is None or unit.result is not None:
            return callback
        return replace(callback, result=replace(callback.result, name=draft.name))

    def refuse_untold(self, draft: Draft) -> None:
        """Raise TypeProblem for a dummy procedure that may be called with unknown arguments."""
        takers = [
            item.callee
            for owner in (self.unit, *self.unit.contained)
            for item in owner.items
            if isinstance(item, syntax.PassedProcedure) and item.name == draft.name
        ]
        if not takers and self.around.dialect is syntax.Dialect.FORTRAN:
            return
        reason = "there is no '__user__' module, no interface and no call"
        if takers:
            reason += (
                f", and {takers[0]!r}, to which it is passed on, isn't among the files"
            )
        raise TypeProblem(
            draft.declaration.span,
            f"f2pypy can't find the arguments of the callback {draft.name!r}: {reason}",
        )

    def host(self) -> Place:
        """Return the place around the routine."""
        if self.around.places is not None:
            return self.around.host
        return Place(self.constants(), self.around.implicit)

    # The call.

    def actions(
        self, arguments: list[Argument], result: Argument | None, meaning: Meaning
    ) -> tuple[tuple[model.Action, ...], tuple[model.Local, ...]]:
        """Return the actions of the call, and the variables that they need besides the arguments."""
        codes = {
            item.keyword: item
            for item in self.declared.of(syntax.Code)
            if isinstance(item, syntax.Code)
        }
        self.refuse_c_bodies(codes.get("usercode"))
        prototype = self.prototype(codes.get("callprotoargument"))
        statement = codes.get("callstatement")
        if statement is None and not self.symbol()[0]:
            return (), ()
        if statement is None:
            # C has no hidden lengths
            lengths = self.unit.bind is None and (
                prototype is None or len(prototype) > len(self.dummies(arguments))
            )
            dummies = self.dummies(arguments)
            compiler = self.around.compiler
            return plain_call(dummies, result, compiler, pass_lengths=lengths), ()
        reader = CallReader(
            {a.name: a for a in (*arguments, *([result] if result else []))},
            frozenset({self.unit.name, *([result.name] if result else [])}),
            result,
            prototype or (),
            meaning,
            self.around.default_integer,
            self.around.usercode.types,
            self.words_of_c,
            dict(self.around.compiler.kinds),
        )
        try:
            actions = reader.read(statement.text.text)
        except ExpressionError as error:
            raise TypeProblem(
                place_in(statement.text, error.offset), error.message
            ) from error
        if not self.symbol()[0] and any(map(calls_routine, actions)):
            raise TypeProblem(
                statement.text.span, "fortranname is empty: there is nothing to call"
            )
        return actions, tuple(reader.locals.values())

    def refuse_c_bodies(self, own: syntax.Code | None) -> None:
        """Raise TypeProblem for a routine that needs a C compiler: its body, or a part of its wrapper, is C."""
        if own is not None:
            raise TypeProblem(
                own.text.span,
                "usercode inside a routine is C code, which f2pypy can't translate",
            )
        symbol, _ = self.symbol()
        if self.around.compiles or not symbol:
            return
        if self.around.usercode.defines(symbol):
            raise TypeProblem(
                self.unit.span,
                f"usercode holds the C body of {symbol}, which needs a C compiler (-c)",
            )

    def dummies(self, arguments: list[Argument]) -> list[Argument]:
        """Return the arguments that Fortran sees, in its order."""
        by_name = {a.name: a for a in arguments}
        return [by_name[name] for name in self.unit.arguments if name in by_name]

    def prototype(self, code: syntax.Code | None) -> tuple[str, ...] | None:
        """Return the C types of callprotoargument, None where there is none."""
        if code is None:
            return None
        try:
            return c.read_prototype(code.text.text)
        except ExpressionError as error:
            raise TypeProblem(
                code.text.span.shift(max(error.offset, 0)), error.message
            ) from error

    def symbol(self) -> tuple[str, bool]:
        """Return the name to look up, and whether it is the exact symbol."""
        exact = "c" in self.declared.block_intents or "c" in self.own_intents()
        if self.unit.bind is not None:
            bound = self.bound_name(self.unit.bind)
            check_symbol(bound, self.unit.span)
            return bound, True
        for item in self.declared.of(syntax.FortranName):
            assert isinstance(item, syntax.FortranName)
            try:
                name, mangled = symbol_of(item.name)
            except ExpressionError as error:
                raise TypeProblem(item.span, error.message) from error
            if name:
                check_symbol(name, item.span)
            return name, exact and not mangled
        return self.unit.name, exact

    def bound_name(self, bind: syntax.Bind) -> str:
        """Return the symbol that ``bind(c)`` gives; TypeProblem where the name isn't constant."""
        if bind.expression is None:
            return bind.name or self.unit.name
        value = read_constant(bind.expression, self.constants())
        if not isinstance(value, String):
            raise TypeProblem(
                bind.expression.span,
                f"the name {bind.expression.text!r} in bind(c) isn't known here",
            )
        return value.value.decode("latin-1").strip() or self.unit.name

    def own_intents(self) -> tuple[str, ...]:
        """Return the intents of the routine's own name."""
        declaration = self.declared.names.get(self.unit.name)
        return declaration.intents if declaration is not None else ()

    def called(
        self, arguments: list[Argument], actions: tuple[model.Action, ...]
    ) -> tuple[str, ...]:
        """Return the usercode functions that the routine's expressions call."""
        if not self.around.functions:
            return ()
        found: set[str] = set()
        for argument in arguments:
            found |= calls_of_argument(argument)
        for action in actions:
            found = found.union(*map(called_functions, expressions_in(action)))
        return tuple(sorted(found & self.around.functions.keys()))


def calls_of_argument(argument: Argument) -> frozenset[str]:
    """Return the functions that an argument's extents, default and checks call."""
    values = [bound.value for bound in argument.bounds or ()]
    values += [argument.initial, *(check.condition for check in argument.checks)]
    return frozenset().union(*(called_functions(v) for v in values if v is not None))


def with_intents_in_effect(draft: Draft) -> Draft:
    """Return the draft with its effective intents.

    An allocatable or pointer argument is returned unless a source says that it only goes in. Output of unknown size
    needs the caller's memory, which is filled in place and returned.
    """
    keys = draft.declaration.intents
    intent = combine_intents(keys)
    if draft.declaration.is_callback or "hide" in keys:
        return draft
    added: tuple[str, ...] = ()
    if form_of(draft) in (Form.ALLOCATABLE, Form.POINTER):
        if not draft.states_direction:
            added = ("in", "out")
        elif intent & Intent.INOUT:
            added = ("out",)
    elif is_hidden(keys) and is_open(draft):
        added = ("inout",)
    keys = tuple(dict.fromkeys((*keys, *added)))
    return replace(draft, declaration=replace(draft.declaration, intents=keys))


def is_open(draft: Draft) -> bool:
    """Whether only the actual argument gives the extents or the length: ``(:)``, ``(*)``, ``(..)``, ``len=*``."""
    if draft.extents is not None:
        return None in draft.extents
    return draft.type.is_string and draft.type.length is None


def is_count(draft: Draft) -> bool:
    """Whether it is an integer that may say how long an array is."""
    is_integer = draft.type.kind is Kind.INTEGER and draft.extents is None
    return is_integer and not draft.declaration.is_callback


def form_of(draft: Draft) -> Form:
    """Return what Fortran receives for the argument."""
    if "allocatable" in draft.declaration.flags:
        return Form.ALLOCATABLE
    if "pointer" in draft.declaration.flags:
        return Form.POINTER
    if draft.assumed_rank:
        return Form.ASSUMED_RANK
    return Form.ASSUMED_SHAPE if draft.assumed_shape else Form.ADDRESS


def in_words_of_signatures(expression: Expression, meaning: Meaning) -> Expression:
    """Return an extent as signature files say it: `len` of an array of characters is its first extent there."""
    if not meaning.environment.fortran:
        return expression

    def word(node: Expression) -> Expression:
        match node:
            case Call("len", (Name(name),)):
                symbol = meaning.environment.find(name)
                is_array = symbol is not None and symbol.role is Role.ARRAY
                return replace(node, function="f2py_itemsize") if is_array else node
            case _:
                return node

    return rewrite(expression, word)


def string_of(type_: model.DataType) -> model.DataType:
    """Return a character result's type as a string: one character, or ten where no length is given, as in f2py."""
    if not type_.is_string:
        return replace(type_, is_string=True, length=Integer(1), is_character=True)
    return replace(type_, length=type_.length or Integer(10))


def called_names(unit: syntax.Procedure) -> frozenset[str]:
    """Return the names that a routine's calls or interface blocks show to be procedures."""
    found: set[str] = set()
    for item in unit.items:
        match item:
            case syntax.CallSite():
                found.add(item.name)
            case syntax.Interface():
                bodies = (i for i in item.items if isinstance(i, syntax.Procedure))
                found |= {body.name for body in bodies}
            case _:
                pass
    return frozenset(found)


def calls_by_name(unit: syntax.Procedure) -> bool:
    """Whether a routine, or one inside of it, calls what Python provides by its name."""
    return any(called_by_name(each.items) for each in (unit, *unit.contained))


def called_by_name(items: Sequence[syntax.Item]) -> list[str]:
    """Return the names that ``intent(callback)`` is said of."""
    found: list[str] = []
    for item in items:
        match item:
            case syntax.AttributeStatement(attribute=attribute):
                attributes: tuple[syntax.Attribute, ...] = (attribute,)
            case syntax.TypeDeclaration(attributes=attributes):
                pass
            case _:
                continue
        if any("callback" in keys_of(attribute) for attribute in attributes):
            found += [entity.name for entity in item.entities]
    return list(dict.fromkeys(found))


def is_plain_extent(expression: Expression, drafts: Mapping[str, Draft]) -> bool:
    """Whether an extent is a number or an argument."""
    match expression:
        case Integer():
            return True
        case Name(name):
            return name in drafts
        case _:
            return False


def definition_for(question: model.Question) -> FunctionDefinition:
    """Return the compiled function that answers a question as the typing of expressions takes it."""
    parameters = tuple(Parameter(ANYTHING, name) for name, _, _ in question.dummies)
    return FunctionDefinition(f"{ASKED}{question.name}", "long", parameters, Block(()))


def result_of(prototype: syntax.Procedure) -> str | None:
    """Return the name of a function's result, None for a subroutine."""
    if prototype.kind != "function":
        return None
    return prototype.result or prototype.name


def symbol_of(text: str) -> tuple[str, bool]:
    """Return the name in a fortranname, and whether ``F_FUNC(x,X)`` requests Fortran's mangling."""
    if "(" not in text:
        return text.strip(), False
    match c.read_expression(text):
        case Call(function, (Name(lower), Name())) if function in MANGLERS:
            return lower, True
        case _:
            raise ExpressionError(f"fortranname {text!r} is no name")


def ordinal(number: int) -> str:
    """Return ``1st``, ``2nd``, ... in f2py's way, which makes 11 ``11st``."""
    return f"{number}{ORDINAL_ENDINGS[number % 10]}"


def with_f2py_texts(drafts: dict[str, Draft]) -> dict[str, Draft]:
    """Return the drafts with their texts as f2py shows them."""
    characters = [
        name
        for name, draft in drafts.items()
        if draft.type.kind is Kind.CHARACTER
        and not draft.type.is_string
        and draft.extents is None
    ]
    if not characters:
        return drafts

    def shown(text: ReadText | None) -> ReadText | None:
        if text is None:
            return None
        expression = rewrite(text.expression, without_index)
        shown_text = without_pointers(text.text, characters)
        return replace(text, expression=expression, text=shown_text)

    def without_index(node: Expression) -> Expression:
        match node:
            case Subscript(Name(name) as whole, Integer(0)) if name in characters:
                return whole
            case _:
                return node

    return {
        name: replace(
            draft,
            extents=draft.extents and tuple(map(shown, draft.extents)),
            initial=shown(draft.initial),
            checks=tuple(text for text in map(shown, draft.checks) if text),
        )
        for name, draft in drafts.items()
    }


def complete_dependences(
    drafts: Mapping[str, Draft], names: Sequence[str], others: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """Return for each name those that must be evaluated before it.

    The explicit ones count as they are; what defaults, lengths and extents mention is added where that makes no
    circle, because a Python wrapper can't read a variable before it has a value. Checks wait for what they ask for.
    What depends on itself, or on one of `others`, which are no arguments, depends on itself: it stands behind what
    depends on nothing.
    """
    places = {name: at for at, name in enumerate(names)}
    depends = {name: explicit_dependences(drafts[name], places) for name in names}
    spelled: dict[str, list[str]] = {}
    for name in (*names, *others):
        spelled.setdefault(name.lower(), []).append(name)
    # A default is the reason for an order; an extent can be left to the caller's array.
    for name in names:
        mentioned = mentioned_in_default(drafts[name], spelled)
        add_dependences(depends, name, mentioned & places.keys(), places)
        if drafts[name].depends is None and mentioned - places.keys() | (
            mentioned & {name}
        ):
            depends[name] = (*depends[name], name)
    for name in names:
        mentioned = names_of_texts(drafts[name]) & places.keys()
        add_dependences(depends, name, mentioned, places)
    return depends


def explicit_dependences(draft: Draft, places: Container[str]) -> tuple[str, ...]:
    """Return the arguments that it is said to depend on; itself where those are no arguments."""
    depends = draft.depends or ()
    known = tuple(d for d in depends if d in places)
    return known or (draft.name,) * bool(depends)


def add_dependences(
    depends: dict[str, tuple[str, ...]],
    name: str,
    mentioned: Iterable[str],
    places: Mapping[str, int],
) -> None:
    """Let `name` depend on what it mentions, in the order of `places`, but for what depends on it."""
    for other in sorted(mentioned, key=places.__getitem__):
        known = other in depends[name] or other == name
        if not known and not reaches(depends, other, name):
            depends[name] = (*depends[name], other)


def mentioned_in_default(
    draft: Draft, spelled: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """Return what a default mentions: to f2py any word of its text, in any case, a quoted one too.

    `spelled` has the variables by their names in lower case.
    """
    if draft.initial is None:
        return frozenset()
    found = names_in((draft.initial,))
    if draft.depends is not None:
        return found
    words = {word.lower() for word in WORD.findall(draft.initial.text)}
    return found.union(*(spelled.get(word, ()) for word in words))


def names_of_texts(draft: Draft) -> frozenset[str]:
    """Return what the length of characters and the extents mention."""
    length = draft.type.length
    known = () if length is None else (ReadText(length, "", draft.declaration.span),)
    return names_in((*known, *(draft.extents or ())))
