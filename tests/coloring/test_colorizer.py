from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageDraw

from pokecolor.coloring.colorizer import BATCH_SIZE, Colorizer
from pokecolor.core.colors import rgb_to_lab
from pokecolor.core.errors import UserError
from pokecolor.model_files.sampling import Sampling

RED = (220, 40, 40)


class Painter:
    """Stands for an engine of 64 px: it paints what lies within the lines red, blurring them."""

    size = 64
    vocabulary = 2000  # as many words as mini knows

    def __init__(self):
        self.calls = []

    def paint(self, prompts, squares, seeds, sampling, on_step=None, negative_prompt=""):
        self.calls.append(
            SimpleNamespace(
                prompts=prompts,
                squares=squares,
                seeds=seeds,
                sampling=sampling,
                negative_prompt=negative_prompt,
            )
        )
        return [self.fill(square) for square in squares]

    @staticmethod
    def fill(square):
        painted = Image.fromarray(square)
        ImageDraw.floodfill(painted, (32, 32), RED, thresh=100)
        return np.asarray(painted)


def sketch(mode="RGB", size=(400, 200)):
    """A closed box in the middle of a page."""
    ground = (255, 255, 255, 0) if mode == "RGBA" else "white"
    image = Image.new(mode, size, ground)
    ImageDraw.Draw(image).rectangle((100, 50, 300, 150), outline="black", width=5)
    return image


@pytest.fixture
def painter():
    return Painter()


def test_the_result_has_the_sketchs_size_its_lines_and_the_colors_within(painter):
    result = Colorizer(painter).colorize(sketch(), "Turn it into a red box", steps=7)
    (call,) = painter.calls
    assert call.prompts == ["Turn it into a red box"]
    assert call.squares[0].shape == (64, 64, 3)
    assert call.sampling.steps == 7
    pixels, drawn = np.asarray(result).astype(int), np.asarray(sketch())
    assert result.mode == "RGB" and result.size == (400, 200)
    black = drawn.max(-1) == 0
    assert pixels[black].max() == 0  # every stroke, exactly
    assert np.abs(pixels[60:140, 110:290] - RED).max() <= 6
    assert (pixels[:45] == 255).all() and (pixels[:, :95] == 255).all()


def test_what_is_not_given_is_the_models_own(painter):
    colorizer = Colorizer(painter, Sampling(5, 3.0, 1.25))
    colorizer.colorize(sketch(), "red")
    colorizer.paint([sketch()], ["red"], [0], guidance_scale=9)
    used = [call.sampling for call in painter.calls]
    assert used == [Sampling(5, 3.0, 1.25), Sampling(5, 9, 1.25)]


def test_a_transparent_sketch_gives_a_transparent_ground(painter):
    result = Colorizer(painter).colorize(sketch("RGBA"), "red")
    alpha = np.asarray(result)[..., 3]
    assert result.mode == "RGBA"
    assert (alpha[:45] == 0).all()
    assert (alpha[50:151, 100:301] == 255).all()


def test_layers_are_the_lines_and_the_colors(painter):
    (coloring,) = Colorizer(painter).paint([sketch()], ["red"], [0])
    (first, lines), (second, colors) = coloring.layers()
    assert (first, second) == ("lines", "colors")
    lines, colors = np.asarray(lines), np.asarray(colors)
    assert np.array_equal(lines[..., 3] == 255, np.asarray(sketch()).max(-1) == 0)
    assert (colors[:45, :, 3] == 0).all()
    assert np.abs(colors[54, 200, :3].astype(int) - RED).max() <= 6  # under the line, too


def test_a_small_drawing_is_painted_large_and_put_back(painter):
    page = Image.new("RGB", (800, 900), "white")
    page.paste(sketch(), (390, 480))  # the box from 490 to 690 and from 530 to 630
    (coloring,) = Colorizer(painter).paint([page], ["red"], [0])
    seen = np.asarray(painter.calls[0].squares[0]).min(-1) < 200
    assert np.ptp(np.flatnonzero(seen.any(0))) > 50  # of 64
    result = np.asarray(coloring.image()).astype(int)
    drawn = np.asarray(page).max(-1) == 0
    assert result.shape == (900, 800, 3)
    assert result[drawn].max() == 0
    assert np.abs(result[540:620, 500:680] - RED).max() <= 6
    assert (result[:525] == 255).all() and (result[:, :485] == 255).all()
    alpha = np.asarray(dict(coloring.layers())["colors"])[..., 3]
    assert (alpha[:525] == 0).all() and (alpha[540:620, 500:680] == 255).all()
    assert alpha.shape == (900, 800)
    raw = np.asarray(coloring.raw).astype(int)
    assert np.abs(raw[580, 590] - RED).max() <= 6 and (raw[100] == 255).all()


def test_a_frame_is_kept_and_what_lies_within_it_is_background(painter):
    page = sketch(size=(400, 200)).resize((400, 400))
    ImageDraw.Draw(page).rectangle((10, 10, 389, 389), outline="black", width=3)
    (coloring,) = Colorizer(painter).paint([page], ["red"], [0])
    lines, colors = (np.asarray(layer) for _, layer in coloring.layers())
    assert (lines[11, 20:380, 3] == 255).all()
    assert (colors[20:80, 20:380, 3] == 0).all()
    assert (colors[150:250, 150:250, 3] == 255).all()
    assert np.asarray(painter.calls[0].squares[0])[:2].min() > 250


def test_strokes_keep_their_color_and_are_seen_in_black(painter):
    green = np.asarray(sketch()).copy()
    green[green.max(-1) == 0] = (20, 160, 60)
    result = np.asarray(Colorizer(painter).colorize(Image.fromarray(green), "red"), int)
    assert np.abs(result[52, 110:290] - (20, 160, 60)).max() < 25
    assert np.ptp(np.asarray(painter.calls[0].squares[0]), -1).max() == 0


def test_shade_is_a_layer_that_multiplies_the_colors(painter):
    (coloring,) = Colorizer(painter).paint([sketch()], ["red"], [0])
    layers = coloring.layers(shade=True)
    assert [name for name, _ in layers] == ["lines", "highlights", "shade", "colors"]
    _, gloss, shade, colors = (np.asarray(layer, float) / 255 for _, layer in layers)
    shaded = np.asarray(coloring.image(shade=True), float) / 255
    expected = colors[..., :3] * shade[..., :3]
    expected += (1 - expected) * gloss[..., 3:]
    inside = np.s_[60:140, 110:290]
    assert np.abs(shaded - expected)[inside].max() < 0.02
    assert shaded[135, 285].sum() < shaded[65, 115].sum()
    assert (shade[:45, :, 3] == 0).all() and (shaded[:45] == 1).all()


def test_raw_is_what_the_model_painted_at_the_sketchs_size(painter):
    (coloring,) = Colorizer(painter).paint([sketch()], ["red"], [0])
    assert coloring.painted.shape == (64, 64, 3)
    assert coloring.raw.size == (400, 200)


def test_many_are_painted_a_few_at_a_time_each_with_its_seed(painter):
    seeds = list(range(BATCH_SIZE + 2))
    many = Colorizer(painter).paint([sketch()] * len(seeds), ["red"] * len(seeds), seeds)
    assert len(many) == len(seeds)
    assert [call.seeds for call in painter.calls] == [seeds[:BATCH_SIZE], seeds[BATCH_SIZE:]]


def test_a_sketch_on_paper_is_seen_as_line_art(painter):
    grey = np.asarray(sketch(), np.float32) * 0.7
    Colorizer(painter).colorize(Image.fromarray(grey.astype(np.uint8)), "red")
    seen = np.asarray(painter.calls[0].squares[0])
    assert np.median(seen) == 255


def test_of_a_picture_in_color_the_lines_are_kept_and_colored_anew(painter):
    colored = sketch()
    ImageDraw.Draw(colored).rectangle((105, 55, 295, 145), fill=(90, 160, 250))
    again, drawn = Colorizer(painter).paint([colored, sketch()], ["a red box"] * 2, [0, 0])
    assert again.in_color and not drawn.in_color
    assert (painter.calls[0].squares[0] == painter.calls[0].squares[1]).mean() > 0.99
    picture = np.asarray(again.image())
    assert np.abs(picture[100, 200].astype(int) - RED).max() < 30
    assert (picture[100, 101] < 60).all() and (picture[5, 5] == 255).all()


def test_mini_comes_with_the_package():
    colorizer = Colorizer.from_pretrained("mini")
    one, same, other = (
        np.asarray(colorizer.colorize(sketch(), "a red box", seed, steps=1)) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_each_step_is_reported_and_can_end_the_painting():
    colorizer = Colorizer.from_pretrained("mini")
    seen = []
    count = BATCH_SIZE + 1
    colorizer.paint([sketch()] * count, ["red"] * count, range(count), steps=2, on_step=seen.append)
    first = BATCH_SIZE / count
    assert seen == pytest.approx([first / 2, first, (1 + first) / 2, 1])

    def stop(done):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        colorizer.paint([sketch()], ["red"], [0], steps=2, on_step=stop)


def test_a_folder_without_a_pipeline_is_the_users_mistake(tmp_path):
    with pytest.raises(UserError, match="no pipeline there"):
        Colorizer.from_pretrained(tmp_path)


def test_the_model_reads_words_that_it_knows_and_a_large_one_all_of_them(painter):
    colorizer = Colorizer(painter)
    colorizer.colorize(sketch(), "a grene frog in #1e90ff trousers")
    painter.vocabulary = 49408
    colorizer.colorize(sketch(), "a grene frog in #1e90ff trousers")
    small, large = (call.prompts[0] for call in painter.calls)
    assert small == "a green frog in azure pants"
    assert large == "a grene frog in azure trousers"


def test_a_color_by_value_is_that_very_color(painter):
    result = np.asarray(Colorizer(painter).colorize(sketch(), "#d43a2f body"), float)
    inside = np.median(result[60:140, 110:290].reshape(-1, 3), axis=0)
    assert np.linalg.norm(rgb_to_lab(inside) - rgb_to_lab(np.array([0xD4, 0x3A, 0x2F]))) < 3


def test_a_coloring_tells_what_was_understood(painter):
    (coloring,) = Colorizer(painter).paint([sketch()], ["yelow bill"], [0])
    assert coloring.instruction.summary == "beak yellow; yelow read as yellow, bill read as beak"


def test_a_negative_prompt_goes_to_the_model(painter):
    colorizer = Colorizer(painter)
    colorizer.paint([sketch()] * 2, ["a red box", "a blue box"], [1, 2])
    colorizer.paint([sketch()] * 2, ["a red box", "a blue box"], [1, 2], negative_prompt="grey")
    assert [call.negative_prompt for call in painter.calls] == ["", "grey"]


def in_mode(mode):
    """The box in any mode of Pillow's; of a palette's colors the white one is transparent."""
    page = sketch()
    if mode == "I;16":
        return Image.fromarray(np.asarray(page.convert("L")).astype(np.uint16) * 257)
    if mode == "LAB":
        return ImageCms.profileToProfile(
            page, ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
        )
    image = page.convert(mode)
    if mode == "P":
        image.info["transparency"] = image.getpixel((0, 0))
    return image


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "I", "I;16", "F", "CMYK", "YCbCr", "HSV", "LAB"]
)
def test_a_sketch_may_be_in_any_mode(painter, mode):
    result = Colorizer(painter).colorize(in_mode(mode), "a red box")
    pixels = np.asarray(result.convert("RGBA"))
    assert pixels[100, 200, 0] > pixels[100, 200, 1] + 100
    assert pixels[50, 200, :3].max() < 60


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (2, 2), (5000, 2), (1, 3000)])
def test_a_sketch_may_have_any_shape(painter, size):
    for color in ("white", "black"):
        result = Colorizer(painter).colorize(Image.new("RGB", size, color), "a red box")
        assert result.size == size


@pytest.mark.parametrize("prompt", ["a \ud800 box", "a r\udcff box"])
def test_an_instruction_that_is_no_text_is_refused(painter, prompt):
    for prompts, negative in (([prompt], ""), (["a box"], prompt)):
        with pytest.raises(UserError, match="prompt: is no text: a "):
            Colorizer(painter).paint([sketch()], prompts, [0], negative_prompt=negative)
    assert not painter.calls
