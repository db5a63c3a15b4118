import lightning
import pytest
import torch
from torch.utils.data import DataLoader

from pokecolor.core.scoring import ScoredModule

pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


class Lengths(ScoredModule):
    """Measures how long a batch's words are, and of the long ones how many vowels they have."""

    def compute_metrics(self, batch):
        yield "length", batch, torch.tensor([float(len(word)) for word in batch])
        long = [word for word in batch if len(word) > 3]
        if long:
            vowels = [sum(letter in "aeiou" for letter in word) for word in long]
            yield "vowels", long, torch.tensor(vowels, dtype=torch.float32)


@pytest.fixture
def trainer(tmp_path):
    return lightning.Trainer(
        accelerator="cpu", logger=False, enable_progress_bar=False, enable_checkpointing=False,
        enable_model_summary=False, default_root_dir=tmp_path,
    )  # fmt: skip


def loader(words):
    return DataLoader(words, batch_size=2)


def test_every_sample_is_kept_and_the_mean_is_over_samples(trainer):
    module = Lengths()
    (logged,) = trainer.validate(module, loader(["a", "bb", "cacao"]), verbose=False)
    assert module.per_sample == {
        "val/length": [("a", 1.0), ("bb", 2.0), ("cacao", 5.0)],
        "val/vowels": [("cacao", 3.0)],
    }
    assert logged["val/length"] == pytest.approx(8 / 3)
    assert logged["val/vowels"] == 3.0


def test_another_test_starts_from_nothing(trainer):
    module = Lengths()
    for words in (["a", "bb"], ["ccc"]):
        trainer.test(module, loader(words), verbose=False)
    assert module.per_sample == {"test/length": [("ccc", 3.0)]}


def test_results_have_an_interval_over_drawings(trainer):
    module = Lengths()
    trainer.test(module, loader(["a", "cacao", "cacao", "a"]), verbose=False)
    found = module.results()
    length = found["test/length"]
    assert (length["value"], length["n"], length["backbone"]) == (3.0, 4, None)
    assert length["ci95"] == (1.0, 5.0)  # of two drawings
    assert found["test/vowels"] == {"value": 3.0, "ci95": (3.0, 3.0), "n": 2, "backbone": None}


class Trained(Lengths):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)

    def training_step(self, batch, batch_idx):
        return self.layer(torch.ones(1, 1)).mean()

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


def test_attention_in_training_is_not_left_to_cudnn(trainer):
    torch.backends.cuda.enable_cudnn_sdp(True)
    trainer.fit_loop.max_epochs = 1
    trainer.fit(Trained(), loader(["a"]))
    assert not torch.backends.cuda.cudnn_sdp_enabled()
