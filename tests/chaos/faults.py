"""The faults, one after the other; reliability.md has the same numbers."""

from .fault import CUT, DATABASE, REDIS, Fault
from .nemesis import database, disk, layer, loads, network, processes, retries

_PROCESSES = (
    Fault(
        "F0",
        "no fault",
        loads.talk,
        ("seconds talked",),
        bound=1.0,
        quantiles={0.5: 0.05, 0.99: 0.3},
        alone=True,
    ),
    *(
        Fault(f"F1 {point}", f"worker killed {point}", kill, (f"kill {point}",), closes=CUT)
        for point, kill in (
            ("before commit", processes.kill_at("before commit")),
            ("after commit", processes.kill_at("after commit")),
            ("after response", processes.kill_at("after response")),
            ("amid a replay", processes.kill_amid_a_replay),
        )
    ),
    Fault("F2", "worker terminated", processes.terminate, ("workers terminated", "goodbyes")),
    Fault("F3", "hints of a newer version", layer.put({"alien": True}), ("alien hint sent",)),
    Fault("F4", "worker stopped for 5 s", processes.freeze(5), ("workers frozen",), closes=CUT),
    Fault("F21", "clocks 90 s apart, then back", processes.skew_clocks, ("clock skewed",)),
    Fault(
        "F29",
        "no more files for a worker",
        processes.starve_of_files,
        ("connections unserved",),
        tracebacks=("Too many open files",),
        closes=CUT | {1011},
    ),
)
_LAYER = (
    Fault("F5", "Redis killed, back empty", layer.kill_redis, ("redis killed",), tracebacks=REDIS),
    Fault("F6", "Redis flushed all the time", layer.flush_redis, ("redis flushed",), rig="core"),
    Fault(
        "F7",
        "Redis stopped for 3 s",
        layer.freeze_redis(3),
        ("redis frozen",),
        tracebacks=REDIS,
        answers={"send_event": 1.0, "ping": 1.0},
    ),
    Fault(
        "F8 clients",
        "Redis takes no more clients",
        layer.refuse_clients,
        ("redis connections refused",),
        tracebacks=(*REDIS, "max number of clients"),
    ),
    Fault(
        "F8",
        "worker started while Redis is down",
        layer.start_without_redis,
        ("workers started without redis",),
        closes=CUT,
        tracebacks=REDIS,
    ),
    *(
        Fault(f"F9 {name}", f"the layer {name} hints", layer.put(how), (effect,))
        for name, how, effect in (
            ("drops all", {"drop": 1}, "hint dropped"),
            ("drops half", {"drop": 0.5}, "hint dropped"),
            ("triples", {"times": 3}, "hint doubled"),
            ("reorders", {"reorder": True}, "hint overtaken"),
            ("delays", {"delay": 1.5}, "hint delayed"),
            ("refuses", {"raise": True}, "hint refused"),
            ("hangs", {"hang": True}, "hint swallowed"),
        )
    ),
    Fault(
        "F9 very late",
        "the layer delays hints by 12 s",
        layer.put({"delay": 12}, seconds=13),
        ("hint delayed",),
        soak_only=True,
    ),
    Fault("F10 hints", "hints alone", layer.hints_alone, ("reconciler silent",), bound=1.0),
    Fault("F10 reconciler", "reconcilers alone", layer.reconcilers_alone, ("hint dropped",)),
    Fault("F10 ping", "pings alone", layer.pings_alone, ("hint dropped", "reconciler silent")),
    Fault(
        "F28",
        "sockets outlive the limits of group and server",
        loads.grow_old,
        ("sockets outlived",),
        rig="core",
        closes=CUT,
    ),
)
_DATABASE = (
    Fault(
        "F11",
        "PostgreSQL restarted, immediate mode",
        database.restart,
        ("postgres restarted",),
        tracebacks=DATABASE,
        all_answered=True,
    ),
    Fault(
        "F12",
        "PostgreSQL ends all sessions, four times",
        database.terminate_sessions,
        ("sessions terminated",),
        tracebacks=DATABASE,
        all_answered=True,
    ),
    Fault(
        "F13 row",
        "another session holds a chat's row for 4 s",
        database.hold_row(4),
        ("sessions waited",),
        tracebacks=DATABASE,
        answers={"send_event": 3.0, "messages": 3.0, "ping": 1.0},
        all_answered=True,
    ),
    *(
        Fault(
            name,
            f"another session holds {table} for 3 s",
            database.hold_table(f"livechat_widget_{table}", 3),
            ("sessions waited",),
            tracebacks=DATABASE,
            answers={"ping": 1.0},
            all_answered=True,
        )
        for name, table in (("F13 table", "event"), ("F30", "stream"))
    ),
    Fault(
        "F14",
        "another session deadlocks with writers",
        database.deadlock,
        ("deadlocks",),
        tracebacks=DATABASE,
        all_answered=True,
    ),
    Fault(
        "F15",
        "PostgreSQL takes too few connections",
        database.refuse_connections,
        ("connections refused",),
        tracebacks=(*DATABASE, "too many connections"),
    ),
    Fault(
        "F16",
        "the disk of the log's tables is full",
        disk.fill_up,
        ("writes without room",),
        tracebacks=(*DATABASE, "DiskFull"),
        closes=CUT,
        all_answered=True,
        impossible=disk.cannot_mount,
    ),
    Fault("F35", "SQLite and one worker", loads.talk, ("seconds talked",), rig="sqlite"),
    Fault(
        "F35 kill",
        "SQLite, its worker killed before commit",
        processes.kill_at("before commit"),
        ("kill before commit",),
        rig="sqlite",
        closes=CUT,
    ),
)
_NETWORK = (
    Fault("F18 reset", "every link reset", network.reset, ("links reset",), closes=CUT),
    Fault("F18 close", "every link closed", network.close, ("links closed",), closes=CUT),
    Fault("F18 away", "no way for 2 s", network.away(2), ("links refused",), closes=CUT),
    Fault(
        "F18 missed",
        "away while 1,200 events are said",
        loads.miss_much,
        ("events missed",),
        closes=CUT,
    ),
    *(
        Fault(
            f"F19 {name}",
            f"half-open links: {' and '.join(ways)}",
            network.make_hole(ways),
            ("bytes lost",),
            bound=8.0,
            closes=CUT | {1011},  # uvicorn's word for a ping without an answer
        )
        for name, ways in (("both", ("up", "down")), ("up", ("up",)), ("down", ("down",)))
    ),
    *(
        Fault(name, title, treat, ("bytes delayed",), bound=10.0, closes=CUT | {1011})
        for name, title, treat in (
            ("F20 latency", "0.4 s each way, one chunk in 20 stalls", network.slow_down),
            ("F20 narrow", "links of 6 kB/s", network.narrow),
        )
    ),
)
_LOADS = (
    Fault("F22", "the same frame up to 20 times", loads.echo, ("frames doubled",)),
    Fault(
        "F23",
        "answers lost, every act tried again",
        retries.lose_answers,
        ("acts tried again", "bytes lost"),
        closes=CUT | {1011},
    ),
    Fault(
        "F24",
        "a hundred clients reconnect at once",
        loads.storm(100),
        ("links reset",),
        closes=CUT,
        cast=110,
        answers={"send_event": 2.0},
    ),
    Fault(
        "F26",
        "clients that never read",
        loads.stop_reading,
        ("bytes unread",),
        closes=CUT | {1011, 4409},
    ),
    Fault("F27", "a burst into one chat, 20 readers", loads.burst, ("events in the burst",)),
)

FAULTS = {fault.id: fault for fault in (*_PROCESSES, *_LAYER, *_DATABASE, *_NETWORK, *_LOADS)}
