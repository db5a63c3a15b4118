"""Make the ONNX graphs of mini anew, beside its weights: `python tools/mini_graphs.py`.

They hold no weights, so that they change with the architecture alone, or with the versions of the
packages that trace it.
"""

from __future__ import annotations

from pokecolor.coloring.engines.graphs import GRAPHS
from pokecolor.coloring.engines.onnx_export import write_graphs
from pokecolor.model_files.base_models.reading import read_pipeline
from pokecolor.model_files.checksums import write_sums
from pokecolor.model_files.mini import MINI


def main() -> None:
    write_graphs(read_pipeline(MINI), MINI)
    write_sums(MINI)
    for path in GRAPHS.values():
        print(f"{MINI / path}: {(MINI / path).stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
