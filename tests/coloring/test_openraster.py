import io
import zipfile
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from pokecolor.coloring.openraster import merge, write_openraster


def test_layers_lie_in_the_file_as_the_format_asks(tmp_path):
    top = Image.new("RGBA", (600, 300), (0, 0, 0, 0))
    top.putpixel((1, 1), (0, 0, 0, 255))
    below = Image.new("RGBA", (600, 300), (10, 200, 30, 255))
    path = tmp_path / "picture.ora"
    write_openraster(path, [("lines", top), ("colors", below)])

    with zipfile.ZipFile(path) as file:
        first = file.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert file.read("mimetype") == b"image/openraster"
        stack = ElementTree.fromstring(file.read("stack.xml"))
        assert (stack.get("w"), stack.get("h")) == ("600", "300")
        layers = [(layer.get("name"), layer.get("src")) for layer in stack.iter("layer")]
        assert [name for name, _ in layers] == ["lines", "colors"]
        pictures = [Image.open(io.BytesIO(file.read(source))) for _, source in layers]
        merged = np.asarray(Image.open(io.BytesIO(file.read("mergedimage.png"))))
        preview = Image.open(io.BytesIO(file.read("Thumbnails/thumbnail.png")))
    assert np.array_equal(pictures[0], top) and np.array_equal(pictures[1], below)
    assert merged[1, 1].tolist() == [0, 0, 0, 255]
    assert merged[2, 2].tolist() == [10, 200, 30, 255]
    assert preview.size == (256, 128)


def test_shade_multiplies_what_lies_below_it(tmp_path):
    colors = Image.new("RGBA", (3, 1), (200, 100, 50, 255))
    colors.putpixel((2, 0), (0, 0, 0, 0))
    shade = Image.new("RGBA", (3, 1), (204, 204, 204, 255))  # 0.8
    shade.putpixel((1, 0), (255, 255, 255, 255))
    shade.putpixel((2, 0), (255, 255, 255, 0))
    layers = [("shade", shade), ("colors", colors)]
    merged = np.asarray(merge(layers))
    assert merged[0].tolist() == [[160, 80, 40, 255], [200, 100, 50, 255], [0, 0, 0, 0]]
    path = tmp_path / "picture.ora"
    write_openraster(path, layers)
    with zipfile.ZipFile(path) as file:
        stack = ElementTree.fromstring(file.read("stack.xml"))
        shown = np.asarray(Image.open(io.BytesIO(file.read("mergedimage.png"))))
    modes = {layer.get("name"): layer.get("composite-op") for layer in stack.iter("layer")}
    assert modes == {"shade": "svg:multiply", "colors": None}
    assert np.array_equal(shown, merged)
