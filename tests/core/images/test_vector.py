import io

import pytest
from PIL import Image

from pokecolor.core.images.vector import SIDE, svg_to_png

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
DISK = '<circle cx="50" cy="25" r="20" fill="{}"/>'


def svg(inside, box="0 0 100 50", before=""):
    return f'{before}{HEAD}viewBox="{box}">{inside}</svg>'.encode()


def render(data):
    return Image.open(io.BytesIO(svg_to_png(data))).convert("RGBA")


def test_the_longer_side_is_1024_and_the_ground_transparent():
    image = render(svg(DISK.format("black")))
    assert image.size == (SIDE, SIDE // 2) == (1024, 512)
    assert image.getpixel((512, 256)) == (0, 0, 0, 255)
    assert image.getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("box", ["0 0 1 1000000", "0 0 1000000 1"])
def test_no_aspect_ratio_makes_it_large(box):
    assert max(render(svg(DISK.format("black"), box)).size) == SIDE


def test_entities_of_the_file_itself_are_read():
    data = svg(DISK.format("&ink;"), before='<!DOCTYPE svg [<!ENTITY ink "#ff0000">]>')
    assert render(data).getpixel((512, 256)) == (255, 0, 0, 255)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "broken SVG"),
        (b"\x89PNG", "broken SVG"),
        (svg(DISK)[:-9], "broken SVG"),
        (b"<html/>", "no SVG"),
        (svg("&x;", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "&x;"),
        (svg('<image xlink:href="/etc/secret.png"/>'), "refers to /etc/secret.png"),
        (svg('<image href="http://example.org/a.png"/>'), "refers to http://example.org"),
    ],
)
def test_what_is_broken_or_reaches_outside_is_refused_in_one_line(data, why):
    with pytest.raises(ValueError, match=why) as caught:
        svg_to_png(data)
    assert "\n" not in str(caught.value)


def test_links_to_click_are_no_files():
    assert render(svg('<a href="http://example.org">' + DISK.format("black") + "</a>"))


@pytest.mark.parametrize("unit", ["mm", "pt", "in"])
def test_a_page_may_be_measured_in_any_unit_without_a_view_box(unit):
    # as Inkscape wrote them
    page = f'<svg xmlns="http://www.w3.org/2000/svg" width="200{unit}" height="100{unit}">'
    png = svg_to_png(f'{page}<path d="M0 0h90v90H0z"/></svg>'.encode())
    with Image.open(io.BytesIO(png)) as image:
        assert image.width == 1024 and abs(image.height - 512) <= 4
