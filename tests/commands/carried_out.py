"""Some answers carried out for real: by a shell and the AWS CLI, against the served organization, and then asked again."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from reading import CHOICES, FILES

TARGET_ROLE = ["--target-role", "IdcReadOnly"]
# A question about the served organization, and what stands in the place of what the reader has to choose.
QUESTIONS = [
    (["jane.doe", "123456789012", "--group", "DataEngineers"], {}),
    (["jane.doe", "prod-web"], {}),
    (["jane.doe", "123456789012", "-p", "RedshiftAnalystV2"], {"GROUP_ID": "DataAnalysts"}),
    (["jane.doe", "log-archive", "--group", "Developers"], {"PERMISSION_SET_ARN": "ReadOnly"}),
    (["janet.doe", "123456789012", "-p", "ReadOnly", "--group", "Finance"], {}),
]


def carry_out(binary: Path, serve: Path, models: Path) -> list[str]:
    """What is wrong after the commands of the answers have been run."""
    failures = []
    for question, choices in QUESTIONS:
        with served(serve) as environment, TemporaryDirectory() as folder:
            environment |= {"AWS_DATA_PATH": str(models), "HOME": folder}
            environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
            said = _once(binary, question, choices, environment, Path(folder))
            if said:
                failures.append(f"carried out: {' '.join(question)}: {said}")
    print(f"{len(QUESTIONS)} answers carried out")
    return failures


def _once(
    binary: Path, question: list[str], choices: dict[str, str], environment: dict[str, str], folder: Path
) -> str | None:
    def ask() -> dict[str, object]:
        words = [binary, "why", *question, *TARGET_ROLE, "-o", "json"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        return json.loads(done.stdout)

    answer = ask()
    cause = answer["root_cause"]
    if not cause:
        return f"there is nothing to mend: {answer['summary']}"
    for name, text in FILES.items():
        (folder / name).write_text(text)
    for fix in cause["fixes"]:
        if not (line := fix["command"]):
            continue
        for placeholder, name in choices.items():
            line = line.replace(placeholder, _id(placeholder, name, cause, environment))
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            return f"{line}\n  {done.stderr.strip()}"
    verdict = ask()["verdict"]
    return None if verdict == "reachable" else f"then it is {verdict}"


def _id(placeholder: str, name: str, cause: dict[str, object], environment: dict[str, str]) -> str:
    """What a reader would look up: a group among the candidates, or a permission set by its name."""
    if placeholder == "GROUP_ID":
        return next(one["id"] for one in cause["candidates"] if one["name"] == name)
    instance = CHOICES["PERMISSION_SET_ARN"].split("/")[1]
    base = ["aws", "sso-admin", "--output", "json"]
    arn = ["--instance-arn", f"arn:aws:sso:::instance/{instance}"]

    def aws(operation: str, *more: str) -> dict[str, object]:
        done = subprocess.run([*base, operation, *arn, *more], env=environment, capture_output=True, check=True)
        return json.loads(done.stdout)

    for found in aws("list-permission-sets")["PermissionSets"]:
        if aws("describe-permission-set", "--permission-set-arn", found)["PermissionSet"]["Name"] == name:
            return found
    raise SystemExit(f"no permission set {name}")


@contextlib.contextmanager
def served(serve: Path) -> Iterator[dict[str, str]]:
    """The organization, served as one that can be changed; gives the environment in which to ask."""
    process = subprocess.Popen([serve, "--writable"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        environment: dict[str, str] = {}
        # The last variable that it prints.
        while "no_proxy" not in environment:
            line = process.stdout.readline()
            if not line:
                raise SystemExit("the served organization does not start")
            name, equals, value = line.strip().removeprefix("export ").partition("=")
            if equals:
                environment[name] = value
        yield environment
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout:
            process.stdout.close()
