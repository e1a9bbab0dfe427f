"""The tables: on the terminal, and in docs/performance.md."""

from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from . import machine
from .figures import Figures, rate
from .gates import Gate, Part, why_not
from .runs import Bench, Run
from .servers import ROOT, UVICORN

DOCUMENT = ROOT / "docs/performance.md"
# The control's CPU over the echo's, without PostgreSQL's, where these servers were first compared,
# and how far from it a control may be that is still the careful one.
REFERENCE = 1040 / 112
TOLERANCE = 0.3
# Above this share of one core the generator, not the server, might be what is measured.
BUSY = 0.85
# Share of the machine that others may take before a run is a disturbed one. The server of the
# channel layer, the bench itself and the kernel are among them.
NEIGHBOURS = 0.15


def gate_table(figures: Figures, gates: list[Gate]) -> str:
    head = ["#", "figure", "gate", "goal", "measured", "spread", "holds", "goal reached"]
    rows = [_row(figures, gate, part) for gate in gates for part in gate.parts]
    return table(head, rows)


def server_table(figures: Figures) -> str:
    """Medians over the rounds; CPU of the server and of PostgreSQL apart."""
    head = ["server", "messages/s", "CPU us/message", "PostgreSQL us/message"]
    head += ["ack p50 / p99 ms", "delivery p50 / p99 ms", "at 200/s p50 / p99 ms"]
    head += ["load generator", "its most messages/s"]
    return table(head, [_server(figures, name) for name in figures.runs])


def control_line(figures: Figures) -> str:
    found = median(figures.ratio("control", "echo", lambda run: run.server))
    off = found / REFERENCE - 1
    verdict = "no straw man" if abs(off) <= TOLERANCE else "NOT WITHIN 30 %: do not trust the gates"
    return (
        f"The control's process takes {found:.1f} times the echo's CPU; expected {REFERENCE:.1f}"
        f" ({off:+.0%}): {verdict}."
    )


def generator_line(figures: Figures) -> str:
    """Its limit with a server is the rate at which it would fill a core, had it one to itself."""
    busy = [name for name in figures.runs if figures.median(name, _generator) > BUSY]
    if not busy:
        return f"The load generator took less than {BUSY:.0%} of a core with every server."
    return (
        f"THE LOAD GENERATOR MAY BE THE BOTTLENECK with {', '.join(busy)}: read these as a least."
    )


def neighbours_line(figures: Figures) -> str:
    shares = [run.others for runs in figures.runs.values() for run in runs]
    found = f"Others took {median(shares):.0%} of the machine in the median run"
    disturbed = sum(share > NEIGHBOURS for share in shares)
    if not disturbed:
        return f"{found}, {max(shares):.0%} at most."
    return f"{found}. {disturbed} OF {len(shares)} RUNS WERE DISTURBED: more than {NEIGHBOURS:.0%}."


def tally_line(bench: Bench) -> str:
    faults = ", ".join(f"{count} {name}" for name, count in bench.tally.faults.items())
    tally = bench.tally
    return f"{tally.sent} messages were taken in all runs: {faults}; {tally.refused} were refused."


def last_line(gates: list[Gate]) -> str:
    return f"gates: {sum(gate.holds for gate in gates)} of {len(gates)} hold"


def results(bench: Bench, figures: Figures, gates: list[Gate]) -> str:
    """Both tables and what has to be known about them."""
    said = [gate_table(figures, gates)]
    if figures.runs:
        said += [server_table(figures), generator_line(figures), neighbours_line(figures)]
    if {"control", "echo"} <= figures.runs.keys():
        said.append(control_line(figures))
    return "\n\n".join([*said, tally_line(bench)])


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


def _row(figures: Figures, gate: Gate, part: Part) -> list[str]:
    sign = "≥" if part.at_least else "≤"
    limits = [f"{sign} {part.gate:g}", f"{sign} {part.goal:g}"]
    if not part.values:
        reason = f"not measured: {why_not(figures, gate, part)}"
        return [str(gate.number), part.name, *limits, reason, "", "", ""]
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
        f"{figures.median(name, _generator):.0%} of a core",
        f"{figures.median(name, lambda run: run.rate / run.generator):.0f}",
    ]


def _generator(run: Run) -> float:
    return run.generator


def _latency(figures: Figures, name: str, kind: str) -> str:
    runs = [getattr(run, kind) for run in figures.runs[name] if getattr(run, kind)]
    pair = (median(1000 * run[which] for run in runs) for which in ("p50", "p99") if runs)
    return " / ".join(f"{value:.1f}" for value in pair) or "–"


def short(value: float) -> str:
    return f"{value:.3g}"


TEXT = (Path(__file__).parent / "performance.md").read_text()
