import io

import numpy as np
import pytest
from PIL import Image
from quick_service import quick_library

from pokecolor.app.library import SIZES, Library, Sketch
from pokecolor.app.refusals import Refusal
from pokecolor.core.images.conversion import ImageError


@pytest.fixture(scope="module")
def library():
    return quick_library()


def ids(page):
    return [sketch.id for sketch in page.items]


@pytest.mark.parametrize("text", ["fox", "FOX", "여우", "  fox  "])
def test_a_sketch_is_found_by_its_name_in_any_language(library, text):
    assert ids(library.search(text, "", 1, 10)) == ["box-0"]


def test_all_words_count_and_the_category(library):
    sevens = [f"box-{number}" for number in (7, 17, 27, 37, 47, 57)]
    assert ids(library.search("box 7", "", 1, 10)) == sevens
    assert library.search("box 7", "even", 1, 10).total == 0
    assert library.search("", "even", 1, 10).total == 30


def test_pages_follow_one_another_and_end_at_the_last(library):
    pages = [library.search("", "", number, 25) for number in (1, 2, 3)]
    assert [len(page.items) for page in pages] == [25, 25, 10]
    assert len({sketch.id for page in pages for sketch in page.items}) == 60
    beyond = library.search("", "", 99, 25)
    assert (beyond.number, beyond.pages, ids(beyond)) == (3, 3, ids(pages[2]))
    assert library.search("", "", -5, 25).number == 1


def test_nothing_found_is_one_empty_page(library):
    page = library.search("zebra", "", 1, 25)
    assert (page.items, page.number, page.pages, page.total) == ([], 1, 1, 0)


def test_pictures_have_the_sizes_that_are_offered(library):
    for size in SIZES:
        assert Image.open(io.BytesIO(library.picture("box-3", size))).size == (128, 128)
    for sketch_id, size in (("box-3", 100_000), ("box-999", 192), ("../box-3", 192)):
        with pytest.raises(Refusal) as refused:
            library.picture(sketch_id, size)
        assert refused.value.kind == "not_found"


def test_a_file_that_is_gone_is_told_of():
    def render(size):
        raise ImageError("a.png: no such file")

    library = Library([Sketch("a", {"en": "a"}, ("all",), render, render)], {"all": {"en": "All"}})
    for finished in (False, True):
        with pytest.raises(Refusal) as refused:
            library.picture("a", 192, finished)
        assert refused.value.kind == "image_broken"


def test_empty_categories_are_left_out():
    library = Library([], {"all": {"en": "All"}})
    assert library.categories == {} and len(library) == 0


def blank(size):
    return np.full((size, size, 3), 255, np.uint8)


def test_a_sketch_has_several_categories_and_each_is_counted(library):
    assert library.get("box-10").categories == ("even", "round")
    assert library.counts == {"even": 30, "odd": 30, "round": 6}
    assert library.search("", "round", 1, 10).total == 6
    assert library.search("", "even", 1, 10).total == 30


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("여우", True), ("kitty", True), ("고양이", True), ("feline", False), ("Even", True),
        ("짝수", True), ("kitty 짝수", True), ("odd", False), ("happy cat", True),
    ],
)  # fmt: skip
def test_categories_and_synonyms_are_searched_in_both_languages(text, found):
    sketches = [
        Sketch("cat", {"en": "happy cat"}, ("even",), blank),
        Sketch("fox", {"en": "fox"}, (), blank),
    ]
    library = Library(sketches, {"even": {"en": "Even", "ko": "짝수"}})
    wanted = "fox" if text == "여우" else "cat"
    assert (wanted in ids(library.search(text, "", 1, 9))) == found


def test_some_have_a_finished_picture(library):
    assert library.picture("box-3", 192, finished=True) != library.picture("box-3", 192)
    with pytest.raises(Refusal) as refused:
        library.picture("box-4", 192, finished=True)
    assert refused.value.kind == "not_found"
