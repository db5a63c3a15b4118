import io

import numpy as np
from picture_files import picture
from PIL import Image, ImageOps

from pokecolor.sources.pokemon.matching import match, thumbnail


def disguise(image: Image.Image) -> Image.Image:
    """The same picture enlarged, off center, and through JPEG."""
    larger = ImageOps.expand(image.resize((130, 130)), (30, 5, 0, 11), "white")
    buffer = io.BytesIO()
    larger.save(buffer, "JPEG", quality=70)
    return Image.open(buffer).convert("RGB")


def test_a_thumbnail_does_not_see_size_margin_or_compression():
    one, same, other = (thumbnail(i) for i in (picture(1), disguise(picture(1)), picture(2)))
    assert one.shape == (16, 16, 3)
    near, far = (np.linalg.norm(x - one, axis=-1).mean() for x in (same, other))
    assert near < 9 < far


def test_a_blank_image_has_a_white_thumbnail():
    white = thumbnail(Image.new("RGB", (9, 5), "white"))
    assert np.allclose(white, (100, 0, 0), atol=0.02)


def test_pictures_are_found_in_another_order_among_others():
    queries = [thumbnail(picture(seed)) for seed in (1, 2, 3)]
    references = [thumbnail(disguise(picture(seed))) for seed in (3, 9, 1)]
    assert match(queries, references, limit=9) == [2, None, 0]


def test_a_reference_belongs_to_its_nearest_query_alone():
    reference = np.zeros((16, 16, 3))
    assert match([reference + 2, reference + 1], [reference], limit=9) == [None, 0]


def test_beyond_the_limit_nothing_matches():
    # (3, 4, 0) is 5 away
    far = np.broadcast_to(np.array([3.0, 4.0, 0.0]), (16, 16, 3))
    assert match([np.zeros((16, 16, 3))], [far], limit=5.1) == [0]
    assert match([np.zeros((16, 16, 3))], [far], limit=4.9) == [None]


def test_nothing_to_match():
    image = np.zeros((16, 16, 3))
    assert match([], [image], limit=9) == []
    assert match([image], [], limit=9) == [None]
