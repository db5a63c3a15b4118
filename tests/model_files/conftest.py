"""A tiny model in the layout of Stable Diffusion 1.x."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from tools.random_checkpoint import build_checkpoint

STEMS = {"text_encoder": "model"}


@dataclass
class Folder:
    """A model that a test may damage."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    def weights(self, part: str) -> Path:
        return self.path / part / f"{STEMS.get(part, 'diffusion_pytorch_model')}.safetensors"

    def change(self, part: str, change) -> None:
        """Replace a part's tensors by what `change` makes of them."""
        file = self.weights(part)
        save_file(change(load_file(file)), file, metadata={"format": "pt"})

    def configure(self, part: str, **settings) -> None:
        file = self.path / part / "config.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **settings}))

    def index(self, **entries) -> None:
        """Make the folder a pipeline."""
        named = {
            "_class_name": "StableDiffusionInstructPix2PixPipeline",
            "scheduler": ["diffusers", "DDPMScheduler"],
            "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderKL"],
            "text_encoder": ["transformers", "CLIPTextModel"],
            "tokenizer": ["transformers", "CLIPTokenizer"],
            **{name: [None, None] for name in ("safety_checker", "feature_extractor")},
            "requires_safety_checker": False,
        }
        (self.path / "model_index.json").write_text(json.dumps({**named, **entries}))


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> Path:
    """The folder of a tiny InstructPix2Pix, to read from."""
    folder = tmp_path_factory.mktemp("whole")
    build_checkpoint(folder, channels=8, tiny=True)
    return folder


@pytest.fixture
def model(whole, tmp_path) -> Folder:
    return Folder(shutil.copytree(whole, tmp_path / "model"))
