"""Text to numbers and back."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnlib import encode, next_character_task, one_hot, symbols_of

letters = st.text(alphabet="abcdefg éα\n", min_size=2, max_size=11)


@given(letters)
def test_symbols_are_sorted_and_distinct(text):
    symbols = symbols_of(text)
    assert list(symbols) == sorted(set(text))


@given(letters)
def test_encoded_text_can_be_read_back(text):
    symbols = symbols_of(text)
    assert "".join(symbols[k] for k in encode(text, symbols)) == text


@given(letters)
def test_symbols_do_not_depend_on_the_order_of_the_texts(text):
    assume(len(text) > 2)
    assert symbols_of(text[:2], text[2:]) == symbols_of(text[2:], text[:2])


def test_one_hot_rows_hold_a_single_one_at_the_class():
    classes = np.random.default_rng(0).integers(7, size=(2, 3))
    rows = one_hot(classes, 7)
    assert rows.shape == (2, 3, 7)
    np.testing.assert_array_equal(rows.sum(axis=-1), 1)
    np.testing.assert_array_equal(rows.argmax(axis=-1), classes)


@given(st.lists(letters, min_size=1, max_size=3))
def test_each_target_is_the_input_of_the_next_step(texts):
    length = min(map(len, texts))
    texts = [text[:length] for text in texts]
    x, y = next_character_task(texts, symbols_of(*texts))
    assert x.shape[:2] == y.shape == (length - 1, len(texts))
    np.testing.assert_array_equal(x[1:].argmax(axis=-1), y[:-1])
    np.testing.assert_array_equal(y[-1], encode("".join(t[-1] for t in texts), symbols_of(*texts)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_inputs_have_the_type_asked_for(dtype):
    x, _ = next_character_task(["abc"], "abc", dtype)
    assert x.dtype == dtype
