"""Train a small neural network on two noisy rings, with numpy alone, and log it to SwanLab."""

import argparse

import numpy as np
import swanlab

Arrays = tuple[np.ndarray, np.ndarray]


def rings(random: np.random.Generator, count: int) -> Arrays:
    """Generate `count` points on two rings, and the ring (0 or 1) of each."""
    kind = random.integers(0, 2, count)
    angle, radius = random.uniform(0, 2 * np.pi, count), 1 + kind + random.normal(0, 0.3, count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), kind.astype(float)


class Network:
    """Two inputs, one hidden layer, one output: the logit of ring 1."""

    def __init__(self, random: np.random.Generator, width: int = 24) -> None:
        self.inner, self.shift = random.normal(0, 1, (2, width)), np.zeros(width)
        self.outer, self.bias = random.normal(0, width**-0.5, width), 0.0

    def logits(self, points: np.ndarray) -> np.ndarray:
        """Return the logit of each point."""
        return np.tanh(points @ self.inner + self.shift) @ self.outer + self.bias

    def step(self, points: np.ndarray, kind: np.ndarray, lr: float) -> float:
        """Take one step of gradient descent and return the loss before it.

        If the loss is not finite, the step is skipped, as training with mixed precision does.
        """
        hidden = np.tanh(points @ self.inner + self.shift)
        logits = hidden @ self.outer + self.bias
        loss = float(np.mean(np.logaddexp(0, logits) - kind * logits))
        if np.isfinite(loss):
            error = (1 / (1 + np.exp(-np.clip(logits, -500, 500))) - kind) / len(kind)
            back = np.outer(error, self.outer) * (1 - hidden**2)
            self.outer -= lr * hidden.T @ error
            self.bias -= lr * error.sum()
            self.inner -= lr * points.T @ back
            self.shift -= lr * back.sum(axis=0)
        return loss


def accuracy(network: Network, data: Arrays) -> float:
    """Return the share of points that are classified correctly."""
    points, kind = data
    return float(np.mean((network.logits(points) > 0) == kind))


def train(config: argparse.Namespace) -> None:
    """Train, and log the loss of each step and the accuracy of every tenth."""
    random = np.random.default_rng(config.seed)
    training, validation = rings(random, 1000), rings(random, 1000)
    network = Network(random)
    for step in range(config.steps):
        if step == config.crash_at:
            raise RuntimeError("out of memory")
        batch = random.choice(1000, 500, replace=False)
        points = training[0][batch] * (np.nan if step == config.broken_batch else 1)
        loss = network.step(points, training[1][batch], config.lr)
        swanlab.log({"train/loss": loss}, step=step)
        if step % 10 == 9:
            swanlab.log({"val/acc": accuracy(network, validation)}, step=step)


def main() -> None:
    """Train with the settings of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lr", type=float, default=0.5)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--broken-batch", type=int, help="the step whose batch holds a NaN")
    parser.add_argument("--crash-at", type=int, help="the step at which the training fails")
    config = parser.parse_args()
    settings = {"seed": config.seed, "lr": config.lr, "steps": config.steps}
    swanlab.init(workspace="my-team", project="rings", experiment_name=f"seed-{config.seed}", config=settings)
    train(config)
    swanlab.finish()


if __name__ == "__main__":
    main()
