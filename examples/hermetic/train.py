"""Train a logistic regression on a generated dataset and log it to SwanLab."""

import argparse
import math
import random

import swanlab

Points = list[tuple[float, float, int]]


def blobs(count: int) -> Points:
    """Generate `count` points of class 0 around (-1, -1) and `count` of class 1 around (1, 1)."""
    return [(random.gauss(2 * kind - 1), random.gauss(2 * kind - 1), kind) for kind in (0, 1) for _ in range(count)]


def probability(weights: list[float], x: float, y: float) -> float:
    """Return the probability that the point is of class 1."""
    return (1 + math.tanh((weights[0] * x + weights[1] * y + weights[2]) / 2)) / 2


def train(weights: list[float], points: Points, lr: float) -> float:
    """Train on all points once; return the mean loss."""
    loss = 0.0
    for x, y, kind in random.sample(points, len(points)):
        guess = probability(weights, x, y)
        loss -= math.log(max(guess if kind else 1 - guess, 1e-12))
        for place, value in enumerate((x, y, 1.0)):
            weights[place] -= lr * (guess - kind) * value
    return loss / len(points)


def accuracy(weights: list[float], points: Points) -> float:
    """Return the share of points that are classified correctly."""
    return sum(round(probability(weights, x, y)) == kind for x, y, kind in points) / len(points)


def main() -> None:
    """Train with the settings of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--epochs", type=int, default=10)
    config = vars(parser.parse_args())
    random.seed(config["seed"])

    swanlab.init(
        workspace="my-team", project="blobs", experiment_name=f"seed-{config['seed']}", tags=["seed"], config=config
    )
    training, validation, weights = blobs(200), blobs(200), [0.0, 0.0, 0.0]
    for epoch in range(config["epochs"]):
        loss = train(weights, training, config["lr"])
        swanlab.log({"train/loss": loss, "val/acc": accuracy(weights, validation)}, step=epoch)
    swanlab.finish()


if __name__ == "__main__":
    main()
