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
from swanlab_ci.gate.evaluate.student import prediction_factor
from swanlab_ci.history.means import means_rates

ALLOWED = 0.5
NOISE = 2.0
OUTLIERS = 0.02
SIZES = ((1, 5), (3, 3), (3, 5), (5, 5))
DROPS = (0.0, 2.0, 3.0)
COLLAPSES = (10.0, 20.0)
SEEN = 0.8
POWER_SIZES = ((1, 5), (3, 3), (3, 5), (3, 10), (4, 5), (5, 5), (10, 5), (10, 10))
Rule = Callable[[Sequence[float], Sequence[float]], str]


def shipped(new: Sequence[float], base: Sequence[float]) -> str:
    """Judge as `compare` does: the means by allowance and noise, and each new run as a possible outlier."""
    return "fail" if has_outlier(new, base) else means(new, base)


def has_outlier(new: Sequence[float], base: Sequence[float]) -> bool:
    """Return whether a run is worse than the allowance and than the prediction bound of the baseline."""
    bound = max(ALLOWED, statistics.stdev(base) * prediction_factor(len(new), len(base), OUTLIERS))
    return any(exceeds(statistics.fmean(base) - each, bound, 1) for each in new)


def means(new: Sequence[float], base: Sequence[float]) -> str:
    """Compare the means: fail if worse than allowed and than two standard errors, warn if only than allowed."""
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


def shares(rule: Rule, sizes: tuple[int, int], drop: float, draws: int, *, collapse: float = 0) -> dict[str, float]:
    """Return how often `rule` gives pass, warn and fail if every new seed is worse by `drop`, and one by `collapse`."""
    source = random.Random(20_26)  # noqa: S311 - a simulation, not a secret
    new_size, base_size = sizes
    said: Counter[str] = Counter()
    for _ in range(draws):
        base = [source.gauss(0, 1) for _ in range(base_size)]
        new = [source.gauss(-drop, 1) for _ in range(new_size)]
        new[0] -= collapse
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


def seen_by_means(sizes: tuple[int, int]) -> float:
    """Return the drop that the means fail in 8 of 10 cases, by quadrature."""
    low, high = 0.0, 16.0
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (low, middle) if means_rates(*sizes, ALLOWED, middle).fail >= SEEN else (middle, high)
    return high


def power(draws: int) -> Iterator[str]:
    """Yield the lines of the table of drops that are seen in 8 of 10 cases."""
    yield "| new vs baseline | 80 % fail by the means, computed | the same, simulated | with outliers, simulated |"
    yield "|---|--:|--:|--:|"
    for sizes in POWER_SIZES:
        drop = seen_by_means(sizes)
        simulated = (shares(rule, sizes, drop, draws)["fail"] for rule in (means, shipped))
        shown = " | ".join(f"{share:.1f} %" for share in simulated)
        yield f"| {sizes[0]} vs {sizes[1]} | {drop:.2f} sd | {shown} |"


def tables(draws: int) -> Iterator[str]:
    """Yield the lines of the tables."""
    yield "| new vs baseline | unchanged: pass / warn / fail | 2 sd worse | 3 sd worse |"
    yield "|---|---|---|---|"
    for sizes in SIZES:
        cells = (shares(shipped, sizes, drop, draws) for drop in DROPS)
        shown = " | ".join(" / ".join(f"{share:.0f}" for share in cell.values()) for cell in cells)
        yield f"| {sizes[0]} vs {sizes[1]} | {shown} |"
    yield ""
    yield "| one seed collapses, share that fails | by 10 sd | by 20 sd | by 10 sd, without the rule for outliers |"
    yield "|---|--:|--:|--:|"
    for sizes in SIZES[1:]:
        caught = [shares(shipped, sizes, 0, draws, collapse=collapse)["fail"] for collapse in COLLAPSES]
        before = shares(means, sizes, 0, draws, collapse=COLLAPSES[0])["fail"]
        yield f"| {sizes[0]} vs {sizes[1]} | {' | '.join(f'{share:.0f} %' for share in [*caught, before])} |"
    yield ""
    yield from power(draws)
    yield ""
    yield "| rule, 3 vs 3 | fails an unchanged model | catches 2 sd worse |"
    yield "|---|--:|--:|"
    rules = (
        ("worse than allowed", allowance_only),
        ("worse than allowed and than 2 se", means),
        ("the same, or an outlier (used here)", shipped),
        ("must prove that it is not worse", must_prove),
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
