"""Training of the CNN-LSTM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lightning
import torch
from torch.nn import functional as F

from pokecolor.captioning.cnn_lstm.vocabulary import PAD

if TYPE_CHECKING:
    from pokecolor.captioning.cnn_lstm.network import CnnLstm
    from pokecolor.captioning.cnn_lstm.vocabulary import Vocabulary
    from pokecolor.core.schema import Batch


class CnnLstmModule(lightning.LightningModule):
    """Trains a captioning network by teacher forcing.

    Args:
        network: the network.
        vocabulary: its words.
        lr: learning rate of AdamW.
        max_words: longer captions are truncated.
    """

    def __init__(
        self, network: CnnLstm, vocabulary: Vocabulary, lr: float = 1e-3, max_words: int = 40
    ) -> None:
        super().__init__()
        self.network, self.vocabulary = network, vocabulary
        self.lr, self.max_words = lr, max_words

    def training_step(self, batch: Batch, batch_idx: int) -> torch.Tensor:
        words = self.vocabulary.encode(batch["edit_prompt"], self.max_words).to(self.device)
        logits = self.network(batch["edited_image"], words)
        loss = F.cross_entropy(logits.flatten(0, 1), words[:, 1:].flatten(), ignore_index=PAD)
        self.log("train/loss", loss, prog_bar=True, batch_size=len(words))
        return loss

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.parameters(), lr=self.lr)
