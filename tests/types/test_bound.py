"""Procedures bound to types are methods: of every sort of binding, inherited and overridden."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def bank(types_module: Callable[[str], Any]) -> Any:
    """The module of fortran/types/bound.f90."""
    return types_module("bound").accounts


def test_methods_have_their_objects(bank: Any) -> None:
    """Renamed ones, optional arguments, keywords, results, outputs; NumPy's numbers are converted as for routines."""
    s = bank.savings(balance=10)
    s.deposit(2.5)
    s.deposit(np.float32(1.5), times=2)
    assert (s.balance, s.changes) == (15.5, 3)
    assert s.interest(2) == 15.5
    values, last = s.history(3)
    assert (values.tolist(), last) == ([15.5, 31, 46.5], 46.5)
    with pytest.raises(TypeError, match=r"put_in\(\) 2nd argument \(amount\)"):
        s.deposit(None)
    with pytest.raises(TypeError):
        s.deposit()


def test_objects_that_come_second_or_not_at_all(bank: Any) -> None:
    a, b = bank.savings(100.0), bank.checking(balance=1)
    assert b.move_from(a, 0.25) == 25
    assert (a.balance, b.balance) == (75, 26)
    assert a.move_from(other=b, part=0.5) == 13
    assert (a.limit(), bank.account.limit(), bank.limit()) == (1000, 1000, 1000)


def test_an_object_is_made_anew_in_its_place(bank: Any) -> None:
    """INTENT(OUT) of the object itself: its own type's defaults, and no other object."""
    c = bank.checking(balance=5, rate=9, cheques=9)
    assert c.open(7.0) is None
    assert (c.balance, c.changes, c.rate, c.cheques) == (7, 0, 0.5, 3)


def test_overriding(bank: Any) -> None:
    """Python and Fortran choose the same procedure, by the type of the object."""
    s, c = bank.savings(10.0), bank.checking(10.0)
    assert (s.fee(), c.fee()) == (0.5, 3.5)
    assert (s.after_fees(), c.after_fees()) == (9.5, 6.5)
    assert (bank.twice_the_fee(s), bank.twice_the_fee(c)) == (1, 7)
    assert bank.fees_of(c, s) == (3.5, 0.5)
    assert bank.fees_of(s, b=c) == (0.5, 3.5)
    assert bank.fees_of(s) == (0.5, -1)
    assert issubclass(bank.checking, bank.savings)
    assert issubclass(bank.savings, bank.account)


def test_deferred_and_abstract(bank: Any) -> None:
    with pytest.raises(TypeError, match="account is abstract"):
        bank.account()
    assert not hasattr(bank.account.__new__(bank.account), "fee")
    with pytest.raises(AttributeError, match="account%fee is deferred"):
        _ = bank.account.__new__(bank.account).fee


def test_objects_of_other_types_are_refused(bank: Any) -> None:
    s = bank.savings()
    for wrong in (None, 3, "text", bank):
        with pytest.raises(TypeError, match=r"twice_the_fee\(\) 1st argument \(a\)"):
            bank.twice_the_fee(wrong)
    with pytest.raises(TypeError, match=r"fees_of\(\) 1st keyword \(b\)"):
        bank.fees_of(s, 3)
    with pytest.raises(TypeError, match="savings expected"):
        bank.savings.fee(3)


def test_generic_bindings(bank: Any) -> None:
    """A child adds to an inherited generic name, and overrides a procedure behind it, which is private."""
    s, c = bank.savings(), bank.checking()
    s.add(1)
    s.add(0.5)
    s.add(2.0, 3)
    s.add(amount=np.float64(1), factor=1)
    assert s.balance == 1 + 5 + 6 + 1
    s.add("2")
    assert s.balance == 213
    c.add(4)
    c.add(1.0)
    assert (c.cheques, c.balance) == (7, 10)
    with pytest.raises(TypeError, match=r"bound.accounts.savings.add\(\) has no specific") as caught:  # fmt: skip
        s.add(1j)
    assert "add_text(amount: character" in str(caught.value)
    assert not hasattr(s, "add_whole")


def test_what_is_private_stays_so(bank: Any) -> None:
    names = set(dir(bank))
    assert {"account", "savings", "checking", "limit", "twice_the_fee"} <= names
    assert not names & {"put_in", "savings_fee", "add_whole", "start", "fee_of"}
    assert not {"add_whole", "add_text"} & set(dir(bank.checking))


def test_documentation(bank: Any) -> None:
    text = inspect.getdoc(bank.savings.deposit)
    assert text is not None
    assert text.startswith("deposit(amount,[times])\n\nWrapper for ``put_in``.")
    assert "self" not in text
    assert str(inspect.signature(bank.savings.interest)) == "(self, years: 'int') -> 'float'"  # fmt: skip
    assert "add_text(amount)" in inspect.getdoc(bank.savings.add)


def test_python_classes_that_extend_a_type(bank: Any) -> None:
    """They are objects of the Fortran type that they extend."""

    class Mine(bank.checking):  # type: ignore[misc,name-defined]
        def __init__(self, owner: str) -> None:
            super().__init__(balance=20)
            self.owner = owner

    mine = Mine("me")
    mine.deposit(1.0)
    assert (mine.owner, mine.balance, bank.twice_the_fee(mine)) == ("me", 21, 7)


def test_dummies_keep_their_names_as_keywords(bank: Any) -> None:
    """Names that the module uses itself, and Python's built-in ones; reserved words may have an underscore, too."""
    s, vector = bank.savings(), [1, 2]
    names = {"integer": 14, "type": 104, "np": 10004, "lambda": 1004, "lambda_": 1004}
    for name, value in names.items():
        s.post(address=1, vector=vector, **{name: 1})
        assert s.balance == value
        bank.post(s, address=1, vector=vector, **{name: 1})
        assert s.balance == value
    assert s.count_at(address=3) == bank.account.count_at(3, error=None) == 3
    for call in (s.count_at, bank.account.count_at, bank.count_at):
        assert call(1, error=2) == 20
        assert call(address=1, **{"class": 2}) == call(1, class_=2) == 200
        with pytest.raises(TypeError, match="under two names"):
            call(1, class_=2, **{"class": 2})
    s.send(address=2, **{"in": 3})
    assert s.balance == 30
    s.send(address=2.5)
    assert s.balance == -2.5
    for method in (bank.account.post, bank.account.count_at):
        shown = list(inspect.signature(method).parameters)
        assert "address" in shown
        assert not [
            name for name in shown if name in ("type_", "np_", "error_", "integer_")
        ]
    assert list(inspect.signature(bank.count_at).parameters) == [
        "address",
        "error",
        "class_",
    ]
