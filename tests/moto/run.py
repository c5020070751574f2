#!/usr/bin/env python3
"""Puts idc to a moto server, an implementation of the AWS API that nobody here wrote, and checks what it answers.

    IDC_BIN=target/debug/idc python tests/moto/run.py [NAME…]

NAME runs only the cases whose names hold it. Needs what requirements.txt lists; listens on 127.0.0.1 alone.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cases import CASES, Answer, Case, Error
from seed import TARGET_ROLE, Statement, World, control

# What tells since when a cause is there.
PAST = {"organizations:ListDelegatedAdministrators", "cloudtrail:LookupEvents"}

EXIT_CODES = {"reachable": 0, "blocked": 10, "degraded": 11, "inconclusive": 12}
READS = ("Get", "List", "Describe", "Lookup")
# Begins a query over records.
QUERIES = ("StartQueryExecution", "StartQuery")
# Far more than any case takes; the program stops itself long before.
PATIENCE = 120


class Server:
    """A moto server in a process of its own."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint

    def record(self) -> None:
        """From now on, and forgetting what was recorded before."""
        control(self.endpoint, "recorder/reset-recording", b"")
        control(self.endpoint, "recorder/start-recording", b"")

    def operations(self) -> list[str]:
        """The operations that it was asked for since recording began."""
        control(self.endpoint, "recorder/stop-recording", b"")
        entries = control(self.endpoint, "recorder/download-recording").decode().splitlines()
        return [_operation(json.loads(entry)) for entry in entries]


def _operation(entry: dict[str, Any]) -> str:
    headers = {name.lower(): value for name, value in entry["headers"].items()}
    if "x-amz-target" in headers:
        return headers["x-amz-target"].rsplit(".", 1)[-1]
    body = base64.b64decode(entry["body"]) if entry["body_encoded"] else (entry["body"] or "").encode()
    action = urllib.parse.parse_qs(body.decode()).get("Action")
    return action[0] if action else f"{entry['method']} {entry['url']}"


@contextlib.contextmanager
def moto(folder: Path, aws_policies: bool) -> Iterator[Server]:
    """Runs a server on a free port, and ends it whatever happens.

    It knows the AWS managed policies only if asked to: loading them takes seconds for every account.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    endpoint = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "MOTO_"))}
    environment["MOTO_IAM_LOAD_MANAGED_POLICIES"] = str(aws_policies).lower()
    environment["MOTO_RECORDER_FILEPATH"] = str(folder / "requests")
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
        )
        try:
            _wait_for(endpoint, process, folder / "server.log")
            yield Server(endpoint)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(endpoint: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            control(endpoint, "data.json")
            return
        time.sleep(0.1)
    raise SystemExit(f"moto_server does not answer:\n{log.read_text()}")


class Program:
    """The idc binary, run in an environment that holds nothing but what a case needs."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary = binary
        self.folder = folder
        self.policies = {"home": self._policy("--target-role", TARGET_ROLE), "target": self._policy("--target")}

    def _policy(self, *options: str) -> list[Statement]:
        done = self.run(["policy", *options], {})
        if done.returncode:
            raise SystemExit(f"idc policy fails (exit {done.returncode}): {done.stderr}")
        return json.loads(done.stdout)["Statement"]

    def run(self, arguments: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
        environment = {"HOME": str(self.folder), "PATH": "", "LANG": "C.UTF-8", **variables}
        return subprocess.run(
            [str(self.binary), *arguments],
            env=environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )


def run_case(case: Case, server: Server, program: Program) -> tuple[list[str], str]:
    """What is wrong with the answer, and the answer in a few words."""
    world = World(server.endpoint, case.region, program.policies)
    case.seed(world)
    variables = {
        "AWS_ENDPOINT_URL": server.endpoint,
        "AWS_REGION": world.region,
        "AWS_EC2_METADATA_DISABLED": "true",
        # What moto lacks it answers with a server error, again and again.
        "AWS_MAX_ATTEMPTS": "1",
        **world.credentials,
    }
    arguments = ["why", *(word.format_map(world.facts) for word in case.ask), "--output", "json"]
    if case.enter:
        arguments += ["--target-role", TARGET_ROLE]
    recording = program.folder / f"{case.name}.json"
    if case.replay:
        arguments += ["--record", str(recording)]
    server.record()
    done = program.run(arguments, variables)
    operations = server.operations()
    wrong = [f"it makes a call that does not read: {name}" for name in set(operations) if not _reads(name)]
    wrong += [f"it asks for {name}" for name in case.never if name in operations]
    if isinstance(case.expect, Error):
        return wrong + _check_error(case.expect, done, world), f"exit {done.returncode}"
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return [f"stdout is not JSON (exit {done.returncode}): {done.stdout[:300]!r} {done.stderr[:500]!r}"], "-"
    wrong += _check_answer(case.expect, answer, world)
    if done.returncode != EXIT_CODES.get(answer["verdict"]):
        wrong.append(f"exit code {done.returncode} with verdict {answer['verdict']}")
    if done.stderr:
        wrong.append(f"stderr is not empty: {done.stderr[:500]!r}")
    # moto may keep no record of requests to account access manager, a service that it has never heard of.
    if not 0 <= answer["calls"] - len(operations) <= 4:
        wrong.append(f"it says {answer['calls']} calls, the server had {len(operations)}")
    if case.replay:
        wrong += _check_replay(program, recording, done)
    root = answer["root_cause"]
    words = f"{answer['verdict']:<12} {root['rule'] if root else '-'}"
    return wrong, f"{words} ({answer['calls']} calls, {len(answer['gaps'])} gaps)"


def _reads(operation: str) -> bool:
    return operation.startswith(READS) or operation in ("AssumeRole", *QUERIES)


def _check_error(expect: Error, done: subprocess.CompletedProcess[str], world: World) -> list[str]:
    wrong = []
    if done.returncode != expect.exit_code:
        wrong.append(f"exit code {done.returncode}, not {expect.exit_code}")
    text = expect.says.format_map(world.facts)
    if text not in done.stderr:
        wrong.append(f"stderr does not say {text!r}: {done.stderr[:500]!r}")
    try:
        error = json.loads(done.stdout)["error"]
    except (ValueError, KeyError, TypeError):
        return [*wrong, f"stdout has no error: {done.stdout[:300]!r}"]
    if not error.get("code") or text not in f"{error.get('message')} {error.get('hint')}":
        wrong.append(f"the error on stdout does not say {text!r}: {error!r}")
    return wrong


def _check_answer(expect: Answer, answer: dict[str, Any], world: World) -> list[str]:
    wrong: list[str] = []

    def same(what: str, found: Any, expected: Any) -> None:
        if found != expected:
            wrong.append(f"{what}: {_plain(found)}, not {_plain(expected)}")

    def fill(words: Any) -> list[str]:
        return [word.format_map(world.facts) for word in words]

    root = answer["root_cause"] or {}
    same("format_version", answer["format_version"], "1.0")
    same("verdict", answer["verdict"], expect.verdict)
    same("root cause", root.get("rule"), expect.root)
    same("confidence", root.get("confidence"), expect.confidence)
    same("also", sorted(fault["rule"] for fault in answer["also"]), sorted(expect.also))
    # No rule may have found a fault that the answer does not own up to.
    faults = {check["rule"] for check in answer["checks"] if check["outcome"] == "fault"}
    same("faults", faults, {expect.root, *expect.also} - {None})
    if expect.since:
        since = root.get("since") or {}
        same("since", (since.get("by"), since.get("certainty")), expect.since)
    same("suggestions", root.get("suggestions", []), fill(expect.suggestions))
    near = [(one["arn"], one["differs_in"]) for one in root.get("near_misses", [])]
    same("near misses", near, [(arn.format_map(world.facts), how) for arn, how in expect.near_misses])
    same("candidates", sorted(one["name"] for one in root.get("candidates", [])), sorted(expect.candidates))
    paths = sorted((path["permission_set"], path["via"]["name"], path["state"]) for path in answer["paths"])
    same("paths", paths, sorted(expect.paths))

    accounts = {world.facts[name]: name for name in ("management", *world.accounts)}
    gaps = {(gap["call"], accounts.get(gap["account"], gap["account"]), gap["reason"]) for gap in answer["gaps"]}
    expected = {(gap.call, gap.account, gap.reason) for gap in expect.gaps}
    # Whether it is asked since when a cause is there depends on the cause, and moto has nothing of it.
    gaps -= {gap for gap in gaps - expected if gap[0] in PAST}
    for gap in sorted(gaps - expected, key=str):
        message = next(one["message"] for one in answer["gaps"] if one["call"] == gap[0] and one["reason"] == gap[2])
        wrong.append(f"gap that is not expected: {gap} {message!r}")
    wrong += [f"gap that is lacking: {gap}" for gap in sorted(expected - gaps, key=str)]
    for gap in answer["gaps"]:
        # Only what was refused or left out is a matter of permissions.
        same(f"allow of {gap['call']}", gap["allow"], gap["call"] if gap["reason"] in ("denied", "not-asked") else None)

    for fault in filter(None, [answer["root_cause"], *answer["also"]]):
        if not fault["evidence"]:
            wrong.append(f"{fault['rule']} shows no evidence")
        for citation in fault["evidence"]:
            if not (citation["at"] and citation["account"] in accounts):
                wrong.append(f"{fault['rule']} cites {citation['call']} without its time or account")
    return wrong


def _plain(value: Any) -> Any:
    return sorted(value, key=str) if isinstance(value, set) else value


def _check_replay(program: Program, recording: Path, live: subprocess.CompletedProcess[str]) -> list[str]:
    # Neither credentials nor an endpoint: a recording has to do without.
    done = program.run(["why", "--replay", str(recording), "--output", "json"], {})
    wrong = []
    if os.name == "posix" and recording.stat().st_mode & 0o777 != 0o600:
        wrong.append(f"the recording has mode {recording.stat().st_mode & 0o777:o}")
    if (done.returncode, done.stdout) != (live.returncode, live.stdout):
        wrong.append(f"replay answers otherwise (exit {done.returncode}): {done.stdout[:300]!r} {done.stderr[:300]!r}")
    return wrong


def main() -> int:
    binary = os.environ.get("IDC_BIN")
    if not binary or not Path(binary).is_file():
        raise SystemExit("IDC_BIN has to name the idc binary")
    chosen = [case for case in CASES if not sys.argv[1:] or any(word in case.name for word in sys.argv[1:])]
    # What the machine is configured for is none of the seeding's business.
    for name in [name for name in os.environ if name.startswith(("AWS_", "BOTO"))]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    # A signal must not leave a server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    failed = 0
    with tempfile.TemporaryDirectory(prefix="idc-moto-") as name:
        folder = Path(name)
        program = Program(Path(binary).resolve(), folder)
        for aws_policies in (False, True):
            cases = [case for case in chosen if case.aws_policies == aws_policies]
            if cases:
                with moto(folder, aws_policies) as server:
                    failed += sum(not report(case, server, program) for case in cases)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0


def report(case: Case, server: Server, program: Program) -> bool:
    """Runs a case and prints a line about it, and below it whatever is wrong."""
    since = time.monotonic()
    try:
        wrong, words = run_case(case, server, program)
    except Exception as error:  # a case that cannot be put has failed; the others go on
        wrong, words = [f"{type(error).__name__}: {error}"], "-"
    print(f"{'FAILED' if wrong else 'ok':<6} {case.name:<46} {words}  {time.monotonic() - since:.1f} s")
    for line in wrong:
        print(f"         {line}")
    sys.stdout.flush()
    return not wrong


if __name__ == "__main__":
    sys.exit(main())
