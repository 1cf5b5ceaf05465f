"""Simulate the error rates of the comparison rule: random seeds, judged by the package's own code.

`python benchmarks/noise.py [--draws N]` prints the tables of docs/statistics.md. The unit is the standard deviation of
one seed; the allowance is half of it.
"""

import argparse
import random
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from swanlab_ci.gate.evaluate.statistics import exceeds, paired_error, standard_error

ALLOWED = 0.5
NOISE = 2.0
SIZES = ((1, 5), (3, 3), (3, 5), (5, 5))
DROPS = (0.0, 2.0, 3.0)
Rule = Callable[[Sequence[float], Sequence[float]], str]


def shipped(new: Sequence[float], base: Sequence[float]) -> str:
    """Judge as `compare` does: fail if worse than allowed and than two standard errors, warn if only than allowed."""
    worse = statistics.fmean(base) - statistics.fmean(new)
    error = standard_error(new, base)
    if not exceeds(worse, ALLOWED, 1):
        return "pass"
    return "fail" if error is None or exceeds(worse, NOISE * error, 1) else "warn"


def allowance_only(new: Sequence[float], base: Sequence[float]) -> str:
    """Judge by the allowance alone."""
    return "fail" if statistics.fmean(base) - statistics.fmean(new) > ALLOWED else "pass"


def must_prove(new: Sequence[float], base: Sequence[float]) -> str:
    """Require that the difference plus two standard errors is within the allowance."""
    error = standard_error(new, base) or 0
    return "fail" if statistics.fmean(base) - statistics.fmean(new) + NOISE * error > ALLOWED else "pass"


def shares(rule: Rule, sizes: tuple[int, int], drop: float, draws: int) -> dict[str, float]:
    """Return how often `rule` gives pass, warn and fail if every new seed is worse by `drop`."""
    source = random.Random(20_26)  # noqa: S311 - a simulation, not a secret
    new_size, base_size = sizes
    said: Counter[str] = Counter()
    for _ in range(draws):
        base = [source.gauss(0, 1) for _ in range(base_size)]
        new = [source.gauss(-drop, 1) for _ in range(new_size)]
        said[rule(new, base)] += 1
    return {word: 100 * said[word] / draws for word in ("pass", "warn", "fail")}


def paired_share(size: int, drop: float, draws: int, *, paired: bool) -> float:
    """Return how often the rule fails if the seed explains three quarters of the variance."""
    source = random.Random(20_26)  # noqa: S311 - a simulation, not a secret
    failed = 0
    for _ in range(draws):
        seeds = [source.gauss(0, 0.75**0.5) for _ in range(size)]
        base = [seed + source.gauss(0, 0.5) for seed in seeds]
        new = [seed + source.gauss(-drop, 0.5) for seed in seeds]
        worse = statistics.fmean(base) - statistics.fmean(new)
        differences = [one - other for one, other in zip(base, new, strict=True)]
        error = paired_error(differences) if paired else standard_error(new, base)
        failed += worse > ALLOWED and error is not None and worse > NOISE * error
    return 100 * failed / draws


def tables(draws: int) -> Iterator[str]:
    """Yield the lines of the tables."""
    yield "| new vs baseline | unchanged: pass / warn / fail | 2 sd worse | 3 sd worse |"
    yield "|---|---|---|---|"
    for sizes in SIZES:
        cells = (shares(shipped, sizes, drop, draws) for drop in DROPS)
        told = " | ".join(" / ".join(f"{share:.0f}" for share in cell.values()) for cell in cells)
        yield f"| {sizes[0]} vs {sizes[1]} | {told} |"
    yield ""
    yield "| rule, 3 vs 3 | fails an unchanged model | catches 2 sd worse |"
    yield "|---|--:|--:|"
    rules = (
        ("worse than allowed", allowance_only),
        ("worse than allowed and than 2 se (shipped)", shipped),
        ("must prove not to be worse", must_prove),
    )
    for name, rule in rules:
        harmless, worse = (shares(rule, (3, 3), drop, draws)["fail"] for drop in (0.0, 2.0))
        yield f"| {name} | {harmless:.1f} % | {worse:.1f} % |"
    yield ""
    yield "| 5 vs 5, 1 sd worse, the seed explains 75 % | caught |"
    yield "|---|--:|"
    for name, paired in (("as two groups", False), ("`pair_by`", True)):
        yield f"| {name} | {paired_share(5, 1.0, draws, paired=paired):.0f} % |"


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=40_000)
    for line in tables(parser.parse_args().draws):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
