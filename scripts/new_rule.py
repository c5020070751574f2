#!/usr/bin/env python3
"""Makes the files of a new rule, and names it in the registry: scripts/new_rule.py ID GATE SUBJECT

ID is the fault in kebab-case, GATE a variant of `Gate` in src/findings/gate.rs, SUBJECT a variant of `Check` in
src/rules.rs. What it means, the check itself and its scenarios are for you to write: CONTRIBUTING.md says how.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What a check of each subject takes, and what it has to import for that.
SUBJECTS = {
    "Instance": ("here: InInstance<'_>", "use crate::evidence::InInstance;"),
    "PermissionSets": ("here: InInstance<'_>", "use crate::evidence::InInstance;"),
    "Account": ("here: InAccount<'_>", "use crate::evidence::InAccount;"),
    "SetInAccount": ("here: SetInAccount<'_>", "use crate::model::SetInAccount;"),
    "Assignment": (
        "here: SetInAccount<'_>, principal: &Principal",
        "use crate::evidence::Principal;\nuse crate::model::SetInAccount;",
    ),
    "Entitlement": (
        "here: InAccount<'_>, entitled: &Entitled",
        "use crate::evidence::InAccount;\nuse crate::model::paths::Entitled;",
    ),
    "Session": ("session: Session<'_>", "use crate::model::Session;"),
    "PersonInSession": ("session: Session<'_>", "use crate::model::Session;"),
    "PersonOnPath": ("case: Case<'_>, path: &Path", "use crate::model::Case;\nuse crate::model::paths::Path;"),
    "Person": ("case: Case<'_>", "use crate::model::Case;"),
    "Question": ("case: Case<'_>", "use crate::model::Case;"),
}

RULE = """\
//! The fault in one sentence.

use super::{{Check, Gate, Judged, Outcome, Rule, Worst}};
{imports}

rule! {{
    gate: Gate::{gate},
    worst: Worst::Blocks,
    clear: "",
    summary: "the fault in one line",
    check: Check::{subject}(check),
}}

fn check({takes}) -> Judged {{
    {unused}
    Ok(Outcome::NotApplicable)
}}
"""

PAGE = """\
# {id}
The fault in one sentence, as people would say it.

Gate: {gate}. Effect: blocks.

## What it means

## How we know

## How to fix

## Confused with

## See also
"""


def main() -> int:
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    name, gate, subject = sys.argv[1:]
    gates = re.findall(r"^    ([A-Z]\w+),$", (ROOT / "src/findings/gate.rs").read_text(), re.MULTILINE)
    if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name) or gate not in gates or subject not in SUBJECTS:
        print(f"ID is kebab-case; GATE one of {', '.join(gates)}; SUBJECT one of {', '.join(SUBJECTS)}", file=sys.stderr)
        return 2
    module = name.replace("-", "_")
    page, file = ROOT / f"docs/rules/{name}.md", ROOT / f"src/rules/{module}.rs"
    if page.exists() or file.exists():
        print(f"there is a rule {name}", file=sys.stderr)
        return 2
    takes, imports = SUBJECTS[subject]
    names = ", ".join(part.split(":")[0] for part in re.split(r", (?=\w+:)", takes))
    unused = f"let _ = ({names});" if "," in names else f"let _ = {names};"
    file.write_text(RULE.format(imports=imports, gate=gate, subject=subject, takes=takes, unused=unused))
    dashed = re.sub(r"(?<!^)([A-Z])", r"-\1", gate).lower()
    page.write_text(PAGE.format(id=name, gate=dashed))
    register(name, module, gates, gate)
    print(f"made {page.relative_to(ROOT)} and {file.relative_to(ROOT)}, the last of its gate in src/rules.rs")
    return 0


def register(name: str, module: str, gates: list[str], gate: str) -> None:
    """Puts the rule behind the last one that is not of a later gate."""
    registry = ROOT / "src/rules.rs"
    lines = registry.read_text().splitlines(keepends=True)
    last = lines.index("registry! {\n")
    for number, line in enumerate(lines):
        entry = re.fullmatch(r'    "[a-z-]+" => (\w+),\n', line)
        if entry:
            text = (ROOT / f"src/rules/{entry[1]}.rs").read_text()
            found = re.search(r"gate: Gate::(\w+),", text)
            if found and gates.index(found[1]) <= gates.index(gate):
                last = number
    lines.insert(last + 1, f'    "{name}" => {module},\n')
    registry.write_text("".join(lines))


if __name__ == "__main__":
    sys.exit(main())
