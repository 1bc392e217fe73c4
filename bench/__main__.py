"""The command `python -m bench`."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from bench import cores, harness, in_process, loads, starting
from bench.memory import memory_over
from bench.org_process import bare_process, org_process
from bench.reference import signature_scaling, signature_seconds
from bench.report import Line, as_json, table
from bench.storages import flow_costs
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
    goals = {"first_token_above_import": 0.25}
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


PARTS: dict[str, Part] = {
    "machine": _machine,
    "start": _start,
    "org": _org,
    "harness": _harness,
    "minting": _minting,
    "one core": _one_core,
    "engines": _engines,
    "storages": _storages,
    "two cores": _two_cores,
    "memory": _memory,
}


if __name__ == "__main__":
    main()
