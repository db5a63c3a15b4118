"""A convolutional encoder and an LSTM decoder with attention over its cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from transformers import ResNetModel

State = tuple[torch.Tensor, torch.Tensor]
"""Hidden and cell state of the LSTM, each [n, hidden]."""


class CnnLstm(nn.Module):
    """Show, attend and tell (Xu et al., 2015), with soft attention.

    Args:
        encoder: computes a feature map.
        vocabulary_size: size of the vocabulary.
        embed: width of word embeddings.
        hidden: width of the LSTM.
        dropout: dropout before the output layer.
    """

    def __init__(
        self,
        encoder: ResNetModel,
        vocabulary_size: int,
        embed: int = 128,
        hidden: int = 256,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        width = encoder.config.hidden_sizes[-1]
        self.encoder = encoder
        self.embed = nn.Embedding(vocabulary_size, embed)
        self.begin = nn.Linear(width, 2 * hidden)
        self.attend_cells = nn.Linear(width, hidden)
        self.attend_state = nn.Linear(hidden, hidden)
        self.attend = nn.Linear(hidden, 1)
        self.gate = nn.Linear(hidden, width)
        self.lstm = nn.LSTMCell(embed + width, hidden)
        self.dropout = nn.Dropout(dropout)
        self.write = nn.Linear(hidden + width, vocabulary_size)

    def see(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, height, width] in [-1, 1] to the features of cells [n, cells, width]."""
        return self.encoder(pixel_values=images).last_hidden_state.flatten(2).transpose(1, 2)

    def start(self, cells: torch.Tensor) -> State:
        """The state before the first word, from the mean of the cells (section 3.1.2)."""
        hidden, memory = self.begin(cells.mean(1)).tanh().chunk(2, dim=-1)
        return hidden, memory

    def step(
        self, words: torch.Tensor, state: State, cells: torch.Tensor
    ) -> tuple[torch.Tensor, State]:
        """Read one word and score the next.

        Args:
            words: indices int64 [n].
            state: before the word.
            cells: [n, cells, width].

        Returns:
            logits [n, vocabulary], and the state after the word.
        """
        hidden = state[0]
        # equations 4 to 6; the gate is that of section 4.2.1
        score = self.attend_cells(cells) + self.attend_state(hidden)[:, None]
        share = self.attend(score.tanh()).softmax(1)
        seen = self.gate(hidden).sigmoid() * (share * cells).sum(1)
        hidden, memory = self.lstm(torch.cat([self.embed(words), seen], -1), state)
        logits = self.write(self.dropout(torch.cat([hidden, seen], -1)))
        return logits, (hidden, memory)

    def forward(self, images: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        """Teacher forcing: the scores of each word, given the true words before it.

        Args:
            images: [n, 3, height, width] in [-1, 1].
            words: indices int64 [n, length], with start and end.

        Returns:
            logits [n, length - 1, vocabulary] of `words[:, 1:]`.
        """
        cells = self.see(images)
        state = self.start(cells)
        logits = []
        for word in words[:, :-1].unbind(1):
            scores, state = self.step(word, state, cells)
            logits.append(scores)
        return torch.stack(logits, dim=1)


def small_encoder() -> ResNetModel:
    """A ResNet with 0.9 million random weights, if no pretrained one is available."""
    from transformers import ResNetConfig, ResNetModel

    return ResNetModel(
        ResNetConfig(
            embedding_size=32,
            hidden_sizes=[32, 64, 128, 192],
            depths=[1, 1, 1, 1],
            layer_type="basic",
        )
    )


def pretrained_encoder(checkpoint: str = "microsoft/resnet-50") -> ResNetModel:
    """A ResNet from the hub or a folder.

    Raises:
        UserError: it cannot be read.
    """
    from transformers import ResNetModel

    from pokecolor.core.errors import UserError
    from pokecolor.model_files.parts import FAILURES, read_whole_model

    try:
        return read_whole_model(ResNetModel, checkpoint, None, "eager")
    except FAILURES as error:
        raise UserError(
            f"{checkpoint}: no ResNet that can be read, here or on the model hub; without one, use "
            "caption.captioner.encoder._target_=pokecolor.captioning.cnn_lstm.network.small_encoder"
        ) from error
