"""Whether a command is right: it can be typed, its values have the forms that AWS takes, it acts in the account that its
answer names, and it fails until whatever the reader has to choose is chosen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from reading import BESIDES, CHOICES, FILES, PLACEHOLDER, WORDS, Cli, Idc, Shell, Wrong, validate
from source import Command

# Services that act on the account whose credentials are used.
OF_AN_ACCOUNT = {"iam", "service-quotas"}
# Services whose commands name the instance or its store, and are refused in every other account.
OF_AN_INSTANCE = {"sso-admin", "identitystore"}
# What the delegated administrator may not do.
OF_MANAGEMENT = {"update-policy", "attach-policy", "detach-policy", "invite-account-to-organization", "update-instance"}


class Judge:
    """Reads commands and says what is wrong with them."""

    def __init__(self, binary: Path, folder: Path, models: Path) -> None:
        self.shell = Shell(folder)
        self.idc = Idc(binary, folder)
        self.cli = Cli(folder, models)

    def wrong(self, command: Command) -> str | None:
        """What is wrong with a command, if anything is."""
        try:
            self.check(command)
        except Wrong as wrong:
            return str(wrong)
        return None

    def check(self, command: Command) -> None:
        # What the shell holds does not concern the AWS CLI, and is for the shell to let go.
        if command.line.startswith("unset "):
            if other := [name for name in command.line.split()[1:] if not re.fullmatch(r"AWS_[A-Z_]+", name)]:
                raise Wrong(f"{other} are no variables that the AWS CLI reads")
            return
        program, words, into = self.shell.words(command.line)
        if program == "idc":
            self.idc.read(words)
            return
        besides = BESIDES.get(tuple(words[:2]))
        if besides is not None:
            if unknown := [word for word in words[2:] if word.startswith("--") and word.split("=")[0] not in besides]:
                raise Wrong(f"{unknown} are no options of it")
            return
        options = _options(words)
        if command.place:
            _check_place(command, words, options)
        for name, value in options.items():
            if re.match(r"(fileb|https?)://", value, re.IGNORECASE):
                raise Wrong(f"{name} would be loaded from {value}")
            if value.startswith("file://") and value.removeprefix("file://") not in FILES:
                raise Wrong(f"{name} is a file that nobody was told to write")
        filled = [_filled(word) for word in words]
        profile = _options(filled).get("--profile")
        model, params = self.cli.read(filled, {profile} if profile else set())
        if model.input_shape:
            validate(model.input_shape, params, model.name)
        _check_output(model, options, into)


def _filled(word: str) -> str:
    for placeholder, value in CHOICES.items():
        word = re.sub(rf"(?<![A-Z_]){placeholder}(?![A-Z_])", value, word)
    left = [found for found in PLACEHOLDER.findall(word) if found not in WORDS and not found.startswith("PROFILE_IN_")]
    if left:
        raise Wrong(f"nobody is told what {left} are")
    return word


def _options(words: list[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for place, word in enumerate(words):
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            if name in options:
                raise Wrong(f"{name} is given twice")
            following = words[place + 1] if place + 1 < len(words) else ""
            options[name] = value if equals else ("" if following.startswith("--") else following)
    return options


def _check_place(command: Command, words: list[str], options: dict[str, str]) -> None:
    """The profile leads where the answer says that the command acts, or nowhere until it is replaced."""
    place, profile = command.place, options.get("--profile")
    assert place
    service, operation = words[0], words[1]
    if place.account is None:
        # Who asked could not be read.
        if place.caller is None and service in OF_AN_INSTANCE:
            return
        if profile != "PROFILE_IN_ANOTHER_ACCOUNT":
            raise Wrong("it acts in an account that nobody names")
        return
    if service in OF_AN_ACCOUNT and place.account != place.target:
        raise Wrong(f"it acts in {place.account}, and the question is about {place.target}")
    allowed: set[str | None] = {f"PROFILE_IN_{place.account}"}
    if place.account == place.caller:
        allowed |= {place.profile, None} if not place.profile else {place.profile}
    if place.account == place.target and place.target_profile:
        allowed.add(place.target_profile)
    if profile not in allowed:
        raise Wrong(f"it has profile {profile}, and acts in {place.account}: {allowed}")
    if operation in OF_MANAGEMENT and place.management and place.account != place.management:
        raise Wrong(f"only {place.management} may do that")
    if place.account not in (place.caller, place.target) and place.management != place.account:
        raise Wrong(f"the answer does not say that it has to be run in {place.account}")


def _check_output(model: Any, options: dict[str, str], into: str | None) -> None:
    """What goes to a file is a document: a string as text, or an object as JSON."""
    query = options.get("--query")
    if into is None:
        return
    if not query:
        raise Wrong(f"a whole answer in {into} is no document")
    shape = model.output_shape
    for member in query.split("."):
        if shape.type_name != "structure" or member not in shape.members:
            raise Wrong(f"{model.name} answers with no {query}")
        shape = shape.members[member]
    # The AWS CLI shows IAM's documents as what they hold.
    is_document = shape.name == "policyDocumentType"
    due = "json" if is_document else "text"
    if shape.type_name != "string" or options.get("--output") != due:
        raise Wrong(f"{query} in {into} takes --output {due}")
