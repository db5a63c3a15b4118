"""Stand-ins of what an evaluation takes: a colorizer, a data set, a network."""

import time
from types import SimpleNamespace

import lightning
import numpy as np
import torch
from PIL import Image

from pokecolor.core.colors import EXEMPLARS, find_color_words, parse_hex
from pokecolor.core.images.conversion import to_tensor
from pokecolor.core.schema import Part
from pokecolor.evaluation.generate import generate
from pokecolor.evaluation.image_folder import ImageFolder
from pokecolor.evaluation.picture_set import PictureSet
from pokecolor.evaluation.score import ScoreModule, score
from pokecolor.evaluation.settings import Settings
from pokecolor.model_files.sampling import Sampling

GREEN, RED = (92, 158, 49), (210, 47, 39)


class Engine:
    """What a digest is taken of."""

    def __init__(self, weights="first"):
        self.weights = weights

    def fingerprint(self):
        return [self.weights]

    def to(self, device):
        pass


class Painter:
    """A colorizer: paints the whole drawing in the first color of the prompt, the lines as they
    are."""

    def __init__(self):
        self.engine, self.sampling = Engine(), Sampling(3, 2.0, 1.5)
        self.calls, self.looks = [], set()

    def paint(self, sketches, prompts, seeds, **settings):
        self.calls.append(SimpleNamespace(prompts=prompts, seeds=seeds, settings=settings))
        return [
            SimpleNamespace(image=lambda look, pair=pair: self.finish(look, *pair), is_blank=False)
            for pair in zip(sketches, prompts, strict=True)
        ]

    def finish(self, look, sketch, prompt):
        self.looks.add(look)
        return self.color(sketch, prompt)

    @staticmethod
    def color(sketch, prompt):
        image = np.asarray(sketch).copy()
        inside = (slice(8, 24), slice(8, 24))
        color = parse_hex(EXEMPLARS[find_color_words(prompt)[0][2]][0])
        image[inside] = np.where(image[inside] > 128, np.uint8(color), image[inside])
        return Image.fromarray(image)


def batch():
    """A framed square, green but for its red right quarter."""
    sketch = np.full((32, 32, 3), 255, np.uint8)
    sketch[7:25, 7:25] = 0
    sketch[8:24, 8:24] = 255
    part_map = np.zeros((32, 32), np.uint8)
    part_map[8:24, 8:20] = 1
    part_map[8:24, 20:24] = 2
    target = sketch.copy()
    target[part_map == 1], target[part_map == 2] = GREEN, RED
    parts = (Part("body", "green", GREEN, True), Part("wing", "red", RED, True))
    return {
        "id": ["a-0", "b-0"],
        "drawing_id": ["a", "b"],
        "edit_prompt": ["a green creature with a red wing", "a red wing on a green creature"],
        "original_image": to_tensor(np.stack([sketch, sketch])),
        "edited_image": to_tensor(np.stack([target, target])),
        "parts": [parts, parts],
        "part_map": torch.from_numpy(np.stack([part_map, part_map])),
    }


class Eye:
    """Sees the mean color of a picture, and in a text the colors that it names."""

    def __init__(self, name="eye"):
        self.name = name

    def image_features(self, images):
        return torch.from_numpy(np.stack([255.0 - image.mean((0, 1)) for image in images])).float()

    def text_features(self, texts):
        named = [[EXEMPLARS[term][0] for *_, term in find_color_words(text)] for text in texts]
        colors = [np.mean([parse_hex(color) for color in of_text], 0) for of_text in named]
        return torch.from_numpy(255.0 - np.stack(colors)).float()


class DataSet(PictureSet):
    """A test set of these batches."""

    def __init__(self, batches, settings, guidance=None, has_target=True, training=()):
        pairs = [pair for b in batches for pair in zip(b["id"], b["drawing_id"], strict=True)]
        index = [{"id": sample, "drawing_id": drawing} for sample, drawing in pairs]
        data = SimpleNamespace(
            name="squares", predict_split="test", has_target=has_target,
            folder=SimpleNamespace(index=lambda split: index),
            triplets=lambda split: iter(training),
        )  # fmt: skip
        super().__init__(data, settings, guidance)
        self.batches = batches

    def loaders(self, trainer):
        super().loaders(trainer)
        return {"dataloaders": Loader(self.batches)}


class Loader:
    """A list would be one of loaders."""

    def __init__(self, batches):
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        return iter(self.batches)


def trainer(folder):
    """A quiet trainer of one process."""
    return lightning.Trainer(
        accelerator="cpu", devices=1, logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, default_root_dir=folder,
        use_distributed_sampler=False,
    )  # fmt: skip


def test_set(painter, batches, guidance=None, has_target=True, training=(), **settings):
    """The batches, and what is asked for of their images."""
    asked = Settings(painter, **settings)
    return DataSet(batches, asked, guidance, has_target, training)


test_set.__test__ = False


def generated(folder, painter, batches, **settings):
    """Generate the images of batches in a folder; returns how many there were to generate."""
    of_it = test_set(painter, batches, **settings)
    return generate(of_it.settings, ImageFolder(folder), of_it, trainer(folder))


def scored(folder, batches, report=None, painter=None, **settings):
    """What there is to say of the images in a folder; the report goes to another one."""
    of_it = test_set(painter, batches, **settings)
    if report:
        about = {"pipeline": "painter", "command": "", "config": "", "painted": 0}
        score(ImageFolder(folder), of_it, trainer(folder), report, time.monotonic(), **about)
    module = ScoreModule(ImageFolder(folder), of_it)
    trainer(folder).predict(module, **of_it.loaders(None), return_predictions=False)
    return module.scores


def evaluated(folder, painter, batches, report=None, **settings):
    """Both halves."""
    images = folder / "images"
    generated(images, painter, batches, **settings)
    return scored(images, batches, report, painter, **settings)
