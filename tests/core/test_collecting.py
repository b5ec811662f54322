"""The search for cycles rests while many rows are made, and never stays off."""

import gc

import pytest

from core.collecting import uncollected


def test_it_rests_inside_and_goes_on_after_the_outermost():
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_a_refusal():
    @uncollected()
    def refuse():
        assert not gc.isenabled()
        raise ValueError("refused")

    for _ in range(2):
        with pytest.raises(ValueError, match="refused"):
            refuse()
        assert gc.isenabled()
