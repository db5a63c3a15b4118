import logging
import subprocess
import sys
import warnings

import pytest

from pokecolor.core.library_logging import quiet_lightning


def test_a_pipeline_is_imported_without_a_word():
    script = (
        "from pokecolor.core.library_logging import quiet_libraries; quiet_libraries()\n"
        "from diffusers import StableDiffusionInstructPix2PixPipeline"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "torchvision" not in done.stdout + done.stderr


@pytest.fixture
def lightning_log(caplog):
    """Lightning's logger, quiet during a test and read by caplog."""
    import lightning

    log = logging.getLogger("lightning.pytorch.utilities.rank_zero")
    package = logging.getLogger(lightning.__name__)
    filters, handlers = list(log.filters), list(package.handlers)
    # whether it passes records on depends on who has imported Lightning before
    log.addHandler(caplog.handler)
    propagate, log.propagate = log.propagate, False
    level, disabled = log.level, log.disabled
    log.disabled = False
    with warnings.catch_warnings():
        quiet_lightning()
        yield log
    log.removeHandler(caplog.handler)
    log.filters, log.propagate, package.handlers = filters, propagate, handlers
    log.setLevel(level)
    log.disabled = disabled


def test_lightning_says_what_concerns_the_run_alone(lightning_log, caplog):
    lightning_log.setLevel(logging.INFO)
    lightning_log.info("💡 Tip: For seamless cloud logging, try something")
    lightning_log.info("Restoring states from the checkpoint path at last.ckpt")
    assert caplog.messages == ["Restoring states from the checkpoint path at last.ckpt"]


def test_a_record_that_the_root_prints_is_not_printed_by_lightning_too(lightning_log):
    assert logging.getLogger().hasHandlers()  # pytest's
    assert not logging.getLogger("lightning").handlers


@pytest.mark.parametrize(
    "advice",
    [
        "`isinstance(treespec, LeafSpec)` is deprecated, use `isinstance(...)` instead.",
        "The 'train_dataloader' does not have many workers which may be a bottleneck.",
        "The number of training batches (9) is smaller than the logging interval Trainer(...)",
    ],
)
def test_advice_is_left_out_and_other_warnings_are_not(lightning_log, advice):
    warnings.warn(advice, FutureWarning, stacklevel=1)  # an error, were it not ignored
    with pytest.raises(UserWarning):
        warnings.warn("the loss is strange", UserWarning, stacklevel=1)
