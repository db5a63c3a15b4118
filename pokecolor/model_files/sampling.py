"""The default sampling settings of a model, which are stored with it."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
from pathlib import Path

from pokecolor.core.errors import UserError

FILE = "sampling.json"
"""Its name in the folder of a pipeline."""

MOST = {"steps": 1000, "guidance": 100, "image_guidance": 100}
"""No model is trained on more timesteps, and larger scales leave nothing of a picture."""

log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Sampling:
    """The number of sampling steps and the two guidance scales of a model.

    The defaults are those of InstructPix2Pix: the guidance scales of its authors' code, and the
    steps of diffusers' documentation.

    Raises:
        UserError: a number is below 1 or above that of `MOST`.
    """

    steps: int = 20
    guidance: float = 7.5
    """Guidance scale of the prompt, s_T in Brooks et al. 2023, eq. 3; at least 1."""
    image_guidance: float = 1.5
    """Guidance scale of the sketch, s_I; at least 1."""

    def __post_init__(self) -> None:
        for name, value in dataclasses.asdict(self).items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            whole = name == "steps"
            if not number or not 1 <= value <= MOST[name] or (whole and value != int(value)):
                kind = "whole number" if whole else "number"
                raise UserError(f"sampling: {name} is {value!r}; give a {kind}, 1 to {MOST[name]}")

    @classmethod
    def load(cls, folder: str | Path) -> Sampling:
        """Read the settings of a pipeline; if it has none, warn and return the defaults.

        Args:
            folder: the pipeline's folder, or a single file, which has no settings.

        Raises:
            UserError: the file cannot be read, or has other contents.
        """
        path = Path(folder) / FILE
        if not path.is_file():
            default = cls()
            log.warning(
                "%s: has no %s; InstructPix2Pix's settings are taken: %d steps, guidance %g, image "
                "guidance %g", folder, FILE, default.steps, default.guidance,
                default.image_guidance,
            )  # fmt: skip
            return default
        names = [field.name for field in dataclasses.fields(cls)]
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(found, dict) or set(found) != set(names):
                raise ValueError(f"it must state {', '.join(names)}, and nothing else")
            return cls(**found)
        except (OSError, ValueError, UserError) as error:
            raise UserError(f"{path}: cannot be read ({error})") from error

    def save(self, folder: str | Path) -> None:
        """Write the settings to the folder of a pipeline."""
        text = json.dumps(dataclasses.asdict(self), indent=2) + "\n"
        (Path(folder) / FILE).write_text(text, encoding="utf-8")

    def but(
        self,
        steps: int | None = None,
        guidance: float | None = None,
        image_guidance: float | None = None,
    ) -> Sampling:
        """A copy with the values that are not None.

        Raises:
            UserError: see the class.
        """
        wanted = {"steps": steps, "guidance": guidance, "image_guidance": image_guidance}
        given = {name: value for name, value in wanted.items() if value is not None}
        return dataclasses.replace(self, **given)


def find_sampling(location: str | Path) -> Sampling:
    """The settings of a pipeline in a folder or on the model hub; see `Sampling.load`."""
    if not Path(location).exists():
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

        with contextlib.suppress(HfHubHTTPError, OfflineModeIsEnabled, OSError):
            location = Path(hf_hub_download(str(location), FILE)).parent
    return Sampling.load(location)
