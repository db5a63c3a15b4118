import pytest

from pokecolor.sources.mixture import MixtureSource


class Named:
    def __init__(self, name, drawings, split):
        self.name, self._drawings, self._split = name, drawings, split
        self.attribution = f"by {name}" if drawings else ""

    @property
    def fingerprint(self):
        return self.name * 8

    def drawings(self):
        return self._drawings

    def split_of(self, drawing_id):
        return self._split

    def triplets(self, drawing_id):
        yield f"{self.name}:{drawing_id}"


def test_each_drawing_is_asked_of_its_own_source():
    mixture = MixtureSource({"x": Named("a", ["1", "2"], "train"), "y": Named("b", ["3"], "test")})
    assert mixture.drawings() == ["1", "2", "3"]
    assert [mixture.split_of(drawing) for drawing in "123"] == ["train", "train", "test"]
    assert list(mixture.triplets("3")) == ["b:3"]
    assert mixture.name == "a-b"


def test_fingerprint_changes_with_a_source():
    one = MixtureSource({"x": Named("a", [], "train")})
    two = MixtureSource({"x": Named("b", [], "train")})
    assert one.fingerprint != two.fingerprint


def test_an_id_in_two_sources_is_refused():
    mixture = MixtureSource({"x": Named("a", ["1"], "train"), "y": Named("b", ["1"], "train")})
    with pytest.raises(ValueError, match="1 is in a and b"):
        mixture.drawings()


def test_every_source_is_credited_once():
    one, two = Named("a", ["1"], "train"), Named("b", ["2"], "train")
    mixture = MixtureSource({"x": one, "y": two, "z": one, "none": Named("c", [], "train")})
    assert mixture.attribution == "by a\nby b"
