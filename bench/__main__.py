"""The command `python -m bench`."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import cores, harness, in_process, loads, rivals, starting
from bench.memory import memory_over
from bench.org_process import bare_process, org_process
from bench.reference import signature_scaling, signature_seconds
from bench.report import Line, as_json, table
from bench.seeded import Seeded, seeded
from bench.storages import flow_costs, has_redis, redis_server, replica_costs
from bench.under_load import Rate, measured

Part = Callable[[argparse.Namespace], list[Line]]


def main() -> None:
    """Measure, print, write, compare."""
    options = _options()
    earlier = None if options.compare is None else json.loads(options.compare.read_text())
    lines = []
    for name in options.only or PARTS:
        print(f"measuring: {name} …", file=sys.stderr)
        lines += PARTS[name](options)
    print(table(lines, earlier))
    options.out.write_text(json.dumps(as_json(lines), indent=2) + "\n")
    print(f"written to {options.out}", file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=sys.modules["bench"].__doc__
    )
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each load lasts")
    parser.add_argument("--connections", type=int, default=16, help="how many clients run at once")
    parser.add_argument("--repeats", type=int, default=7, help="how many starts are measured")
    parser.add_argument(
        "--flows", type=int, default=50_000, help="how many flows to measure memory with"
    )
    parser.add_argument(
        "--million-users", action="store_true", help="measure an org of 1,000,000 users too"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("bench.json"), help="the JSON file to write"
    )
    parser.add_argument("--compare", type=Path, help="the JSON file of an earlier run")
    parser.add_argument(
        "--only",
        action="append",
        choices=tuple(PARTS),
        help="measure only this part; can be repeated",
    )
    return parser.parse_args()


def _machine(_: argparse.Namespace) -> list[Line]:
    return [
        Line(name="RSA-2048 signature", value=1000 * signature_seconds(), unit="ms CPU"),
        Line(name="cores", value=len(cores.available()), unit=""),
    ]


def _start(options: argparse.Namespace) -> list[Line]:
    found = starting.start_seconds(cores.available(), options.repeats)
    goals = {"first_token_cpu_above_import": 0.15}
    return [
        Line(name=f"process start: {name}", value=value, unit="s", goal=goals.get(name))
        for name, value in found.items()
    ]


def _org(options: argparse.Namespace) -> list[Line]:
    found = in_process.life_seconds(3 * options.repeats)
    return [
        Line(name=f"org in this process: {name}", value=1000 * value, unit="ms")
        for name, value in found.items()
    ]


def _harness(options: argparse.Namespace) -> list[Line]:
    found, goals = harness.org_seconds(3 * options.repeats), {"ready": 10.0, "reset": 2.0}
    return [
        Line(name=f"org of a test: {name}", value=1000 * value, unit="ms", goal=goals[name])
        for name, value in found.items()
    ]


def _minting(_: argparse.Namespace) -> list[Line]:
    found = in_process.minting()
    part = found["of_bare_rate"]
    return [
        Line(name="minting", value=found["per_second"], unit="tokens/s CPU"),
        Line(name="minting, of the bare rate", value=part, unit="", goal=0.8, at_most=False),
    ]


def _one_core(options: argparse.Namespace) -> list[Line]:
    lines = []
    with bare_process(cores.available()[:1]) as bare:
        rate = measured(bare, loads.code_flow(bare), options.seconds, options.connections)
        lines += _rate_lines("code_flow, bare aiohttp", rate, 2)
    with org_process(cores.available()[:1]) as org:
        for make in (loads.client_credentials, loads.code_flow, loads.discovery):
            load = make(org)
            rate = measured(org, load, options.seconds, options.connections)
            lines += _rate_lines(f"{load.name}, one core", rate, load.signatures)
    return lines


def _engines(options: argparse.Namespace) -> list[Line]:
    """Compare a sign-in by the Identity Engine with one by Classic: each up to two tokens."""
    chosen = cores.available()[:1]
    with org_process(chosen) as org:
        classic = measured(org, loads.code_flow(org), options.seconds, options.connections)
    with org_process(chosen, "--engine", "identity") as org:
        load = loads.identity_flow(org)
        identity = measured(org, load, options.seconds, options.connections)
    in_signatures = [rate.cpu_each / rate.reference for rate in (identity, classic)]
    return [
        *_rate_lines("identity_flow", identity, 2),
        Line(
            name="identity_flow to code_flow: CPU",
            value=in_signatures[0] / in_signatures[1],
            unit="times",
            goal=1.6,
        ),
    ]


def _storages(options: argparse.Namespace) -> list[Line]:
    """Compare a code flow on each storage with one in memory."""
    costs = flow_costs(cores.available()[0], options.seconds, options.connections)
    goals = {"sqlite": 1.5, "redis": 2.0}
    return [
        Line(
            name=f"code_flow, {storage} to memory: CPU",
            value=cost / costs["memory"],
            unit="times",
            goal=goals.get(storage),
        )
        for storage, cost in costs.items()
        if storage != "memory"
    ]


def _replicas(options: argparse.Namespace) -> list[Line]:
    """Compare code flows of several processes on one Redis server with those of one."""
    if not has_redis():
        return []
    costs = replica_costs(cores.available(), options.seconds, options.connections)
    return [
        Line(
            name=f"code_flow, {number} replicas to 1: flows in a CPU second",
            value=costs[1] / cost,
            unit="times",
            goal=0.9,
            at_most=False,
        )
        for number, cost in costs.items()
        if number > 1
    ]


def _two_cores(options: argparse.Namespace) -> list[Line]:
    """Compare code flows on one core and on two; the client shares the machine each time."""
    available = cores.available()
    if len(available) < 2:
        return []
    found = []
    for chosen in (available[:1], available[:2]):
        with org_process(chosen) as org:
            rate = measured(org, loads.code_flow(org), options.seconds, options.connections)
            found.append(rate)
    one, two = found
    return [
        Line(name="signatures, two cores to one", value=signature_scaling(), unit="times"),
        *_rate_lines("code_flow, two cores", two, 2),
        Line(
            name="code_flow, two cores to one",
            value=two.per_second * two.reference / (one.per_second * one.reference),
            unit="times",
            goal=1.6,
            at_most=False,
        ),
    ]


def _rate_lines(name: str, rate: Rate, signatures: int) -> list[Line]:
    lines = [
        Line(name=f"{name}: rate", value=rate.per_second, unit="/s"),
        Line(name=f"{name}: CPU", value=1000 * rate.cpu_each, unit="ms"),
    ]
    if signatures:
        ratio = rate.cpu_each / (signatures * rate.reference)
        goal = 2.0 if name.endswith("one core") else None
        lines.append(Line(name=f"{name}: CPU to signatures", value=ratio, unit="times", goal=goal))
    else:
        ratio = rate.cpu_each / rate.reference
        lines.append(Line(name=f"{name}: CPU to a signature", value=ratio, unit="times"))
    return lines


def _memory(options: argparse.Namespace) -> list[Line]:
    with org_process(cores.available()) as org:
        memory = memory_over(org, options.flows, options.connections)
    lines = [
        Line(name=f"memory after {flows} flows", value=resident / 2**20, unit="MiB")
        for flows, resident in zip(memory.flows, memory.resident, strict=True)
    ]
    return [
        *lines,
        Line(name="memory of a flow while it is live", value=memory.live_bytes_each, unit="bytes"),
        Line(name="memory growth, second half", value=memory.growth, unit="bytes", goal=2_000_000),
    ]


def _users(options: argparse.Namespace) -> list[Line]:
    """Compare orgs by their number of users, in memory and in Redis."""
    counts = (1_000, 100_000, *((1_000_000,) if options.million_users else ()))
    lines = []
    for storage in ("memory", *(["redis"] if has_redis() else [])):
        found = [_seeded(storage, count, options) for count in counts]
        lines += _users_lines(storage, found)
    return lines


def _seeded(storage: str, count: int, options: argparse.Namespace) -> Seeded:
    chosen, how_much = cores.available()[:1], (options.seconds, options.connections)
    if storage == "memory":
        return seeded(chosen, count, storage, *how_much)
    with tempfile.TemporaryDirectory() as folder, redis_server(Path(folder)) as (url, _):
        return seeded(chosen, count, url, *how_much)


def _users_lines(storage: str, seeds: Sequence[Seeded]) -> list[Line]:
    lines = []
    first = seeds[0].flows.cpu_each / seeds[0].flows.reference
    for found in seeds:
        cost = found.flows.cpu_each / found.flows.reference
        name = f"{found.users:,} users, {storage}"
        lines += [
            Line(name=f"{name}: first token", value=found.first_token, unit="s"),
            Line(name=f"{name}: memory", value=found.resident / 2**20, unit="MiB"),
            Line(name=f"{name}: a code flow, CPU", value=1000 * found.flows.cpu_each, unit="ms"),
            Line(
                name=f"{name}: a code flow to 1,000 users",
                value=cost / first,
                unit="times",
                goal=1.2,
            ),
        ]
    return lines


def _rivals(options: argparse.Namespace) -> list[Line]:
    """Compare with other mock servers: those of npm at tokens for a client, one at code flows."""
    lines = []
    kinds = {"token for a client": rivals.token_rates, "code flow": rivals.flow_rates}
    for what, rates in kinds.items():
        for name, rate in rates(cores.available()[:1], options).items():
            lines += [
                Line(name=f"{name}: {what}, rate", value=rate.per_second, unit="/s"),
                Line(name=f"{name}: {what}, CPU", value=1000 * rate.cpu_each, unit="ms"),
            ]
    return lines


PARTS: dict[str, Part] = {
    "machine": _machine,
    "start": _start,
    "org": _org,
    "harness": _harness,
    "minting": _minting,
    "one core": _one_core,
    "engines": _engines,
    "storages": _storages,
    "replicas": _replicas,
    "two cores": _two_cores,
    "memory": _memory,
    "users": _users,
    "rivals": _rivals,
}


if __name__ == "__main__":
    main()
