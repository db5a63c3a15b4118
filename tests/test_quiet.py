import subprocess
import sys


def test_a_pipeline_is_imported_without_a_word():
    script = (
        "from pokecolor.quiet import quiet_libraries; quiet_libraries()\n"
        "from diffusers import StableDiffusionInstructPix2PixPipeline"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "torchvision" not in done.stdout + done.stderr
