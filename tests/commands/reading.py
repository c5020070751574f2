"""Reads a command as the reader's tools do: the words by a real shell, their meaning by the AWS CLI's own parser, the
values by the models of the services. Nothing is sent."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

# What stands for what the reader has to choose, and what they could put there.
CHOICES = {
    "PERMISSION_SET_ARN": "arn:aws:sso:::permissionSet/ssoins-72233af8ea2d1f14/ps-fec4118883795b56",
    "GROUP_ID": "7c1f0a52-1c3f-4e1d-8a52-6d6d2b7d9a11",
    "POLICY_ARN": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    "ANOTHER_ACCOUNT_ID": "210987654321",
    "DEFAULT_VERSION_ID": "v1",
}
FILES = {
    "policy.json": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    "trust.json": '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}',
    "name.json": '{"GivenName":"Jane","FamilyName":"Doe"}',
}
# Commands of the AWS CLI that are no operation of a service, and the options they take; version 2 alone has them.
BESIDES = {("sso", "login"): {"--profile", "--sso-session"}, ("configure", "sso"): {"--profile"}}
PLACEHOLDER = re.compile(r"(?<![A-Za-z0-9_-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_-])")
# Words of AWS's own that look like one.
WORDS = {
    "AWS_ACCOUNT",
    "ALL_PROVISIONED_ACCOUNTS",
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
}


class Wrong(Exception):
    """The command does not do what it should."""


class Shell:
    """A POSIX shell in a folder, where `aws` and `idc` tell what they were called with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "bin").mkdir()
        for name in ("aws", "idc"):
            program = folder / "bin" / name
            called = f"json.dump([{name!r}, *sys.argv[1:]], open('words', 'w'))"
            program.write_text(f"#!{sys.executable}\nimport json, sys\n{called}\n")
            program.chmod(0o755)

    def words(self, line: str) -> tuple[str, list[str], str | None]:
        """The program that is called, the words that it gets, and the file that its output goes to."""
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        for old in work.iterdir():
            old.unlink()
        done = subprocess.run(
            ["/bin/sh", "-u", "-c", line],
            cwd=work,
            env={"PATH": f"{self.folder / 'bin'}", "HOME": str(work)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or done.stderr or not (work / "words").exists():
            raise Wrong(f"the shell does not run it: {done.stderr.strip() or 'nothing was called'}")
        program, *words = json.loads((work / "words").read_text())
        files = [file.name for file in work.iterdir() if file.name != "words"]
        if len(files) > 1 or (set(files) - set(FILES)):
            raise Wrong(f"it writes {files}")
        return program, words, files[0] if files else None


class Idc:
    """The program itself, which reads its words and then finds nobody to ask."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary = binary
        self.environment = {
            "HOME": str(folder),
            "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def read(self, words: list[str]) -> None:
        """Refuses what the program cannot be called with. Profiles are the reader's own, and there are none here."""
        left: list[str] = []
        given = iter(words)
        for word in given:
            if word == "--profile":
                if not next(given, ""):
                    raise Wrong("a profile without a name")
            elif not word.startswith("--profile="):
                left.append(word)
        done = subprocess.run(
            [self.binary, *left], env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode == 2:
            raise Wrong(f"idc refuses it: {done.stderr.strip()[-400:]}")


class Cli:
    """The AWS CLI, which parses and validates, and is kept from sending."""

    def __init__(self, folder: Path, models: Path) -> None:
        self.folder = folder
        os.environ.update(
            AWS_DATA_PATH=str(models),
            AWS_CONFIG_FILE=str(folder / "config"),
            AWS_SHARED_CREDENTIALS_FILE=str(folder / "credentials"),
            AWS_EC2_METADATA_DISABLED="true",
        )
        for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_REGION", "AWS_ENDPOINT_URL"):
            os.environ.pop(name, None)
        os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
        _no_abbreviations()
        for name, text in FILES.items():
            (folder / name).write_text(text)

    def read(self, words: list[str], profiles: set[str]) -> tuple[Any, dict[str, Any]]:
        """The operation that the words ask for, with its input."""
        # Imported once the environment says where the models are.
        from awscli.clidriver import create_clidriver

        keys = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = secret\n"
        names = "".join(f"[{name}]\n{keys}" for name in sorted(profiles | {"default"}))
        (self.folder / "credentials").write_text(names)
        asked: list[tuple[Any, dict[str, Any]]] = []
        driver = create_clidriver()

        def before_building(params: dict[str, Any], model: Any, **_: Any) -> None:
            asked.append((model, dict(params)))

        def instead_of_sending(**_: Any) -> tuple[Any, dict[str, Any]]:
            return argparse.Namespace(status_code=200), {}

        driver.session.register("before-parameter-build", before_building)
        driver.session.register("before-call", instead_of_sending)
        said = io.StringIO()
        before = os.getcwd()
        os.chdir(self.folder)
        try:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                try:
                    code = driver.main(words)
                except SystemExit as end:
                    code = end.code
        finally:
            os.chdir(before)
        if not asked or code:
            raise Wrong(f"the AWS CLI refuses it (exit {code}): {said.getvalue().strip()[-400:]}")
        if len({model.name for model, _ in asked}) > 1:
            raise Wrong("it asks for more than one operation")
        return asked[0]


def _no_abbreviations() -> None:
    """The AWS CLI takes the beginning of an option for the option, until another begins the same."""
    init = argparse.ArgumentParser.__init__

    def exact(self: argparse.ArgumentParser, *arguments: Any, **options: Any) -> None:
        init(self, *arguments, **{**options, "allow_abbrev": False})

    argparse.ArgumentParser.__init__ = exact  # type: ignore[method-assign]


def validate(shape: Any, value: Any, at: str) -> None:
    """What botocore leaves to the service: patterns, enumerations, the most of everything; and unions."""
    metadata = shape.metadata
    if getattr(shape, "is_document_type", False):
        return
    if shape.type_name == "structure":
        members = {name: below for name, below in value.items() if below is not None}
        if metadata.get("union") or getattr(shape, "is_tagged_union", False):
            if len(members) != 1:
                raise Wrong(f"{at} must hold exactly one of its members")
        for name, below in members.items():
            validate(shape.members[name], below, f"{at}.{name}")
    elif shape.type_name == "list":
        _within(metadata, len(value), at)
        for number, below in enumerate(value):
            validate(shape.member, below, f"{at}[{number}]")
    elif shape.type_name == "string":
        _within(metadata, len(value), at)
        if shape.enum and value not in shape.enum:
            raise Wrong(f"{at} is {value!r} and not one of {shape.enum}")
        pattern = metadata.get("pattern")
        if pattern and not re.fullmatch(_python(pattern), value):
            raise Wrong(f"{at} is {value!r}, which does not match {pattern}")
    elif shape.type_name in ("integer", "long", "float", "double"):
        _within(metadata, value, at)


def _within(metadata: dict[str, Any], size: float, at: str) -> None:
    if size < metadata.get("min", size) or size > metadata.get("max", size):
        raise Wrong(f"{at} has {size}, outside {metadata.get('min')} to {metadata.get('max')}")


def _python(pattern: str) -> str:
    """A pattern of a model in Python's words, which have no classes of Unicode; any character passes for one of them."""
    if r"\p{" in pattern:
        return r"[\s\S]+" if r"\s" in pattern or r"\t" in pattern or " " in pattern else r"\S+"
    return pattern
