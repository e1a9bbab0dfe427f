"""The tables: on the terminal, and in docs/performance.md."""

from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from . import machine
from .figures import Figures, cpu, rate
from .gates import Gate, Part
from .runs import Bench
from .servers import ROOT, UVICORN

DOCUMENT = ROOT / "docs/performance.md"
# The control's CPU over the echo's where these servers were first compared, and how far from it
# a control may be that is still the careful one.
REFERENCE = (1040 + 233) / 112
TOLERANCE = 0.3


def gate_table(gates: list[Gate]) -> str:
    head = ["#", "figure", "gate", "goal", "measured", "spread", "holds", "goal reached"]
    rows = [_row(gate, part) for gate in gates for part in gate.parts]
    return table(head, rows)


def server_table(figures: Figures) -> str:
    """Medians over the rounds; CPU of the server and of PostgreSQL apart."""
    head = ["server", "messages/s", "CPU us/message", "PostgreSQL us/message"]
    head += ["ack p50 / p99 ms", "delivery p50 / p99 ms", "at 200/s p50 / p99 ms"]
    head += ["load generator"]
    return table(head, [_server(figures, name) for name in figures.runs])


def control_line(figures: Figures) -> str:
    found = median(figures.ratio("control", "echo", cpu))
    off = found / REFERENCE - 1
    verdict = "no straw man" if abs(off) <= TOLERANCE else "NOT WITHIN 30 %: do not trust the gates"
    return (
        f"The control takes {found:.1f} times the echo's CPU; expected {REFERENCE:.1f}"
        f" ({off:+.0%}): {verdict}."
    )


def tally_line(bench: Bench) -> str:
    faults = ", ".join(f"{count} {name}" for name, count in bench.tally.faults.items())
    tally = bench.tally
    return f"{tally.sent} messages were taken in all runs: {faults}; {tally.refused} were refused."


def last_line(gates: list[Gate]) -> str:
    return f"gates: {sum(gate.holds for gate in gates)} of {len(gates)} hold"


def results(bench: Bench, figures: Figures, gates: list[Gate]) -> str:
    """Both tables and what has to be known about them."""
    return "\n\n".join(
        [gate_table(gates), server_table(figures), control_line(figures), tally_line(bench)]
    )


def write(bench: Bench, figures: Figures, gates: list[Gate], profile: str, command: str) -> None:
    """docs/performance.md, whole: it is never edited by hand."""
    plan = bench.plan
    first, weighed, last = plan.sweep
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.facts().items())
    DOCUMENT.write_text(
        TEXT.format(
            results=results(bench, figures, gates),
            last=last_line(gates),
            command=command,
            date=datetime.now(UTC).date(),
            seed=bench.seed,
            facts=facts,
            rounds=plan.rounds,
            uvicorn=" ".join(UVICORN),
            first=first,
            weighed=weighed,
            many=last,
            idle=plan.idle,
            fan=plan.fan,
            profile=profile,
        )
    )


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(gate: Gate, part: Part) -> list[str]:
    sign = "≥" if part.at_least else "≤"
    limits = [f"{sign} {part.gate:g}", f"{sign} {part.goal:g}"]
    if not part.values:
        return [
            str(gate.number),
            part.name,
            *limits,
            f"not measured: {part.unmeasured}",
            "",
            "",
            "",
        ]
    spread = f"{short(min(part.values))} to {short(max(part.values))}" if part.values[1:] else ""
    verdicts = ["yes" if part.reaches(limit) else "no" for limit in (part.gate, part.goal)]
    return [str(gate.number), part.name, *limits, short(part.median), spread, *verdicts]


def _server(figures: Figures, name: str) -> list[str]:
    return [
        name,
        f"{figures.median(name, rate):.0f}",
        f"{figures.median(name, lambda run: run.server):.0f}",
        f"{figures.median(name, lambda run: run.postgres):.0f}",
        _latency(figures, name, "ack"),
        _latency(figures, name, "delivery"),
        _latency(figures, name, "open_delivery"),
        f"{figures.median(name, lambda run: run.generator):.0%} of a core",
    ]


def _latency(figures: Figures, name: str, kind: str) -> str:
    runs = [getattr(run, kind) for run in figures.runs[name] if getattr(run, kind)]
    pair = (median(1000 * run[which] for run in runs) for which in ("p50", "p99") if runs)
    return " / ".join(f"{value:.1f}" for value in pair) or "–"


def short(value: float) -> str:
    return f"{value:.3g}"


TEXT = (Path(__file__).parent / "performance.md").read_text()
