"""The sum of many outcomes, and what was measured on the way."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def read_outcomes(paths: Iterable[Path]) -> list[Record]:
    return [
        json.loads(line)
        for path in paths
        if path.exists()
        for line in path.read_text().splitlines()
    ]


def print_report(outcomes: list[Record], planted_total: int) -> bool:
    """Gives whether all is well; the last lines are the ones to look at."""
    faults = [one for one in outcomes if not one["planted"]]
    planted = sorted(
        (one for one in outcomes if one["planted"]), key=lambda one: int(one["fault"][1:])
    )
    for one in planted:
        print(
            f"  {one['fault']:4} {'caught by ' + one['caught'] if one['passed'] else 'NOT CAUGHT'}"
        )
    for one in faults:
        if not one["passed"]:
            names = ", ".join(one["violations"]) or one["trouble"] or f"no {one['missing']}"
            print(f"  {one['fault']} failed: {names} (seed {one['seed']})")
    caught = sum(one["passed"] for one in planted)
    for line in measurements(faults):
        print(f"  {line}")
    print(f"faults survived: {sum(one['passed'] for one in faults)} of {len(faults)}")
    print(f"planted bugs caught: {caught} of {planted_total}")
    print(summarise(faults))
    return all(one["passed"] for one in outcomes) and caught == planted_total


def measurements(faults: list[Record]) -> list[str]:
    """The promises' figures, from the trials that are made for them."""
    by_fault = {one["fault"]: one for one in faults}
    lines = []
    for fault, what in (("F0", "healthy"), ("F9 drops all", "every hint lost")):
        if one := by_fault.get(fault):
            p50, p99 = (quantile(one["latencies"], share) for share in (0.5, 0.99))
            lines.append(f"delivery, {what}: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    lines += [
        f"{fault}: {name} {figure:g}"
        for fault, one in by_fault.items()
        for name, figure in one["figures"].items()
    ]
    return lines


def summarise(faults: list[Record]) -> str:
    names = ("sends", "resends", "losses", "duplicates", "misorders")
    return ", ".join(f"{name} {sum(one[name] for one in faults):,}" for name in names)


def quantile(values: list[float], share: float) -> float:
    return values[min(int(len(values) * share), len(values) - 1)] if values else 0.0
