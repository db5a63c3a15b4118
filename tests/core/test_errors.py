import pickle

from pokecolor.core.errors import UserError


def test_a_message_is_one_line_whatever_it_quotes():
    error = UserError("a\nb\r\n.png: no such file")
    assert str(error) == "a b .png: no such file"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_message_has_an_end_and_keeps_its_advice():
    text = str(UserError(f"{'a' * 100_000}.png: no such image; add it or delete the row"))
    assert text.startswith("aaa") and text.endswith(".png: no such image; add it or delete the row")
    assert len(text) < 2100
