#!/usr/bin/env python3
"""Reads every command that idc prints as a shell and the AWS CLI would, without sending it.

    IDC_BIN=target/debug/idc python tests/commands/run.py [--seen FILE] [--serve SERVE]

FILE holds the answers that the tests over the wire got (`ANSWERS_SEEN=FILE cargo test --test program`), SERVE is the
example `serve`: with it, some answers are carried out for real against the served organization. Needs what
requirements.txt lists.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seen", type=Path)
    parser.add_argument("--serve", type=Path)
    given = parser.parse_args()
    binary = Path(os.environ["IDC_BIN"]).resolve()
    import botocore

    from judging import Judge
    from self_test import RIGHT, WRONG
    from source import Command, of_fixtures, of_hostile, of_prose, of_seen

    models = Path(botocore.__file__).parent / "data"
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(binary, Path(folder), models)
        for command, about in WRONG:
            said = judge.wrong(command)
            if said is None or about not in said:
                failures.append(f"self-test: should be refused for {about!r}, is {said!r}\n  {command.line}")
        for command in RIGHT:
            if said := judge.wrong(command):
                failures.append(f"self-test: {said}\n  {command.line}")
        print(f"self-test: {len(WRONG)} wrong and {len(RIGHT)} right commands told apart")
        commands: dict[tuple[object, ...], Command] = {}
        sources = [of_fixtures(binary, ROOT / "fixtures"), of_hostile(binary, ROOT / "fixtures"), of_prose(ROOT / "docs" / "rules")]
        if given.seen:
            sources.append(of_seen(given.seen))
        for source in sources:
            for command in source:
                commands.setdefault((command.line, command.place), command)
        for command in commands.values():
            if said := judge.wrong(command):
                failures.append(f"{command.seen_in}: {said}\n  {command.line}")
    if given.serve:
        from carried_out import carry_out

        failures.extend(carry_out(binary, given.serve.resolve(), models))
    print(f"{len(commands)} commands read")
    for failure in failures:
        print(f"\nFAIL {failure}", file=sys.stderr)
    return 1 if failures or len(commands) < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
