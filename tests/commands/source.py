"""Where commands come from: answers of idc, and the documentation of its rules."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recordings import recordings


@dataclass(frozen=True)
class Place:
    """Where a command has to act, as far as its answer tells."""

    # Where the answer says that it acts; None where the reader chooses.
    account: str | None
    # The account asked about, and the caller's.
    target: str | None
    caller: str | None
    management: str | None
    # The profiles that were given for the two.
    profile: str | None = None
    target_profile: str | None = None


@dataclass(frozen=True)
class Command:
    """A printed command."""

    line: str
    # None in prose, which names no account.
    place: Place | None
    # Where it was found first.
    seen_in: str


def of_fixtures(binary: Path, fixtures: Path) -> Iterator[Command]:
    """The commands of every fixture's answer."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recording.json"
        for name, recording in recordings(fixtures):
            file.write_text(json.dumps(recording))
            done = subprocess.run(
                [binary, "why", "--replay", file, "-o", "json"], capture_output=True, text=True, env={}, check=False
            )
            if done.returncode not in (0, 10, 11, 12):
                raise SystemExit(f"{name}: exit {done.returncode}\n{done.stderr}")
            yield from of_answer(json.loads(done.stdout), recording["evidence"]["question"], name)


# Names that a shell or the AWS CLI could take for something else.
HOSTILE = [
    "-x", "--profile=other", "--", "-", "it's", "a b", "$(id)", "`id`", "$HOME", "a;id", "a&id", "a|id", ">out", "*", "~", "!x",
    "#x", "a\\b", '"x"', "{a,b}", "=ls", "file:///etc/passwd", "fileb://x", "http://127.0.0.1:1/x", "HTTPS://evil.example",
    " file://x", "@file", "x=y,z=w", "[1]", '{"a":1}', "%s", "a\nb", "a\u202eb", "\u2028", "\ue000", "\u00a0",
]


def of_hostile(binary: Path, fixtures: Path) -> Iterator[Command]:
    """The commands of answers about users and to profiles with such names, each told as the value that it is."""
    whole = {name: recording for name, recording in recordings(fixtures) if name == "user-not-found"}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recording.json"
        for value in HOSTILE:
            for field in ("user", "profile"):
                recording = json.loads(json.dumps(whole["user-not-found"]))
                recording["evidence"]["question"][field] = value
                file.write_text(json.dumps(recording))
                done = subprocess.run(
                    [binary, "why", "--replay", file, "-o", "json"], capture_output=True, text=True, env={}, check=False
                )
                if done.returncode not in (0, 10, 11, 12):
                    raise SystemExit(f"{field} {value!r}: exit {done.returncode}\n{done.stderr}")
                question = recording["evidence"]["question"]
                yield from of_answer(json.loads(done.stdout), question, f"{field} {value!r}")


def of_seen(seen: Path) -> Iterator[Command]:
    """The commands of the answers that the tests over the wire got, a line each with what was asked how."""
    for number, line in enumerate(seen.read_text().splitlines(), 1):
        asked = json.loads(line)
        question = {"profile": _option(asked, "--profile", "AWS_PROFILE")}
        question["target_profile"] = _option(asked, "--target-profile", "IDC_TARGET_PROFILE")
        yield from of_answer(asked["answer"], question, f"{seen.name}:{number}")


def _option(asked: dict[str, Any], name: str, variable: str) -> str | None:
    words = asked["arguments"]
    if name in words:
        return str(words[words.index(name) + 1])
    return dict(asked["environment"]).get(variable)


def of_answer(answer: dict[str, Any], question: dict[str, Any], name: str) -> Iterator[Command]:
    """The commands of an answer, wherever in it they stand."""
    caller = answer.get("caller") or {}
    for found in _with_commands(answer):
        place = None
        if "account" in found:
            place = Place(
                account=found["account"],
                target=_target(answer),
                caller=caller.get("account"),
                management=_management(answer, found),
                profile=question.get("profile"),
                target_profile=question.get("target_profile"),
            )
        yield Command(found["command"], place, name)


def _target(answer: dict[str, Any]) -> str | None:
    account = answer["question"]["account"]
    return account if re.fullmatch(r"\d{12}", account) else None


def _management(answer: dict[str, Any], fix: dict[str, Any]) -> str | None:
    """The management account, where the fix names it."""
    said = re.search(r"run this in the management account \((\d{12})\)", fix["do"])
    return said[1] if said else None


def _with_commands(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("command"), str):
            yield value
        for below in value.values():
            yield from _with_commands(below)
    elif isinstance(value, list):
        for below in value:
            yield from _with_commands(below)


# What stands in prose for what the reader knows.
PROSE = {
    "REGION": "us-east-1",
    "NUMBER": "20",
    "EMAIL": "jane.doe@acme.example",
    "VALUE": "Engineer",
    "INSTANCE_ARN": "arn:aws:sso:::instance/ssoins-72233af8ea2d1f14",
    "ACCOUNT_ID": "123456789012",
    "REQUEST_ID": "151a0a76-78b0-4bf6-9f05-6f5e61e5becb",
    "IDENTITY_STORE_ID": "d-9067f0c1d2",
    "USER_ID": "9067f0c1d2-11111111-2222-3333-4444-555555555555",
    "NEW_GROUP_ID": "7c1f0a52-1c3f-4e1d-8a52-6d6d2b7d9a11",
    "OLD_GROUP_ID": "7c1f0a52-1c3f-4e1d-8a52-6d6d2b7d9a12",
    "NEW_POLICY_ARN": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "OLD_POLICY_ARN": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "POLICY_NAME": "analyst",
    "POLICY_PATH": "/data/",
    "OLD_NAME": "Analyst",
    "OLD_PATH": "/",
    "POLICY_ID": "p-0123456789",
    "TARGET_ID": "ou-acme-workload",
    "OLD_PARENT_ID": "ou-acme-workload",
    "NEW_PARENT_ID": "ou-acme-prod0001",
    "ROLE_NAME": "DataReader",
    "GROUP_NAME": "DataAnalysts",
    "USER_NAME": "jane.doe",
    "DISPLAY_NAME": "Jane",
    "GIVEN_NAME": "Jane",
    "FAMILY_NAME": "Doe",
    "APPLICATION_ARN": "arn:aws:account-access:us-east-1:111122223333:application/0123456789abcdef",
}


def of_prose(folder: Path) -> Iterator[Command]:
    """The commands in the documentation of the rules, with something in the place of what the reader knows."""
    for document in sorted(folder.glob("*.md")):
        for block in re.findall(r"```sh\n(.*?)```", document.read_text(), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                if line.startswith("aws "):
                    filled = re.sub(r"\b[A-Z][A-Z_]*\b", lambda word: PROSE.get(word[0], word[0]), line)
                    yield Command(filled, None, document.name)
