import pickle

from pokecolor.errors import UserError


def test_a_message_is_one_line_whatever_it_quotes():
    error = UserError("a\nb\r\n.png: no such file")
    assert str(error) == "a b .png: no such file"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)
