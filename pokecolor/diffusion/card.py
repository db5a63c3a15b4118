"""The model card of an exported pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pokecolor.sampling import Sampling


@dataclass(frozen=True)
class ModelCard:
    """What a reader of the weights needs to know."""

    origin: str
    """What training started from, in words."""
    data: str
    """Name of the source of the drawings."""
    recipe: Mapping[str, object]
    """Settings and figures of the run, in the order they are to be shown."""
    license: str = "apache-2.0"
    """Identifier of the hub's list of licences."""
    attribution: str = ""
    """What must be said of the drawings, in Markdown."""

    def to_markdown(self, sampling: Sampling) -> str:
        """The text of `README.md`, with the hub's metadata on top.

        Args:
            sampling: of the model, for the lines that draw with it.
        """
        rows = "\n".join(f"| {name} | {value} |" for name, value in self.recipe.items())
        return f"""---
license: {self.license}
library_name: diffusers
pipeline_tag: image-to-image
tags:
- instruct-pix2pix
- colorization
---

# A line-drawing colorizer

Colors a line drawing by an instruction such as "Turn it into a green creature with red eyes". An
InstructPix2Pix model in diffusers layout, trained with pokecolor.

```python
from diffusers import StableDiffusionInstructPix2PixPipeline
from PIL import Image

pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained("THIS FOLDER")
sketch = Image.open("sketch.png").convert("RGB")
pipeline(
    "Turn it into a green creature",
    image=sketch,
    num_inference_steps={sampling.steps},
    guidance_scale={sampling.guidance},
    image_guidance_scale={sampling.image_guidance},
).images[0]
```

## Data

{self.attribution or f"Drawings: {self.data}."}

## Recipe

Started from {self.origin}. The weights are the running average of training where one is kept.

| Setting | Value |
| --- | --- |
{rows}

## License

{self.license} for the weights, together with the terms of the base model and of the data above.
There is no safety checker: it is a tool for drawings.
"""
