//! The machine of the person who asks about themselves, in Markdown.

use std::io;

use super::super::hints;
use super::{block, escape};
use crate::findings::{Command, Fault};
use crate::machine::OwnMachine;

/// Writes what was looked at, what is wrong with it, and which line to change how.
pub(super) fn write(out: &mut dyn io::Write, own: &OwnMachine) -> io::Result<()> {
    writeln!(out, "\n### This machine\n")?;
    for seen in &own.seen {
        writeln!(out, "- {}: {}", escape(&seen.what), escape(&seen.says))?;
    }
    for found in &own.faults {
        writeln!(out, "\n**{}:** {}", found.rule, escape(&found.fault.message))?;
        what_to_do(out, &found.fault)?;
    }
    for advice in &own.advice {
        writeln!(out, "\n{}", escape(&advice.message))?;
        block(out, "", "ini", &advice.lines)?;
        block(out, "", "sh", &advice.command.iter().map(Command::shell).collect::<Vec<_>>())?;
    }
    for unread in &own.unread {
        writeln!(out, "\n**Not read:** {}", escape(unread))?;
    }
    own.alone.iter().try_for_each(|alone| writeln!(out, "\n{}", escape(alone)))
}

fn what_to_do(out: &mut dyn io::Write, fault: &Fault) -> io::Result<()> {
    if let Some(change) = &fault.change {
        writeln!(out, "\n{}:{}", escape(&change.path), change.line)?;
        // Without a line for its place it is shown, and not to be taken away.
        let mark = if change.is_known() { '-' } else { ' ' };
        let is = change.is.iter().map(|line| format!("{mark}{line}"));
        let lines: Vec<String> = is.chain(change.should_be.iter().map(|line| format!("+{line}"))).collect();
        block(out, "", "diff", &lines)?;
    }
    hints::hints(fault, true).iter().try_for_each(|hint| writeln!(out, "\n{}", escape(hint)))?;
    let commands = fault.fixes.iter().filter_map(|fix| fix.command.as_ref());
    block(out, "", "sh", &commands.map(Command::shell).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use crate::render::markdown::tests::without_code;
    use crate::render::{cases, markdown};

    #[test]
    fn tells_changes_as_a_patch() {
        insta::assert_snapshot!(cases::written(|out| markdown::write(out, &cases::own_machine())), @r"
        ## INCONCLUSIVE: cannot tell whether you can reach 123456789012

        The access portal lists ReadOnly and RedshiftAnalyst in 123456789012. So that is assigned; whether the role there works, it does not tell.

        ### This machine

        - \~/.aws/config: 1 profile for 123456789012: prod (line 1)
        - sign-in corp: holds until 2026-11-22T09:00:00Z
        - access portal in us-east-1: lists ReadOnly and RedshiftAnalyst in 123456789012

        **sso-account-id-wrong:** Profile prod names its account as 1234-5678-9012: the AWS CLI takes nothing but the 12 digits, without dashes, quotes or a comment.

        \~/.aws/config:3

        ```diff
        -sso_account_id = 1234-5678-9012
        +sso_account_id = 123456789012
        ```

        **sso-role-name-wrong:** Profile prod asks for permission set redshift-analyst in 123456789012, where the access portal lists ReadOnly and RedshiftAnalyst for you. Upper and lower case count.

        \~/.aws/config:4

        ```diff
        -sso_role_name = redshift-analyst
        +sso_role_name = RedshiftAnalyst
        ```

        Did you mean: RedshiftAnalyst?

        **Not read:** \~/.aws/sso/cache/other.json: it is not what the AWS CLI writes (line 1, column 5)

        Identity Center itself was not read: no credentials work here (none). Who administers it can: idc why USER 123456789012

        **Note:** Account access manager shows no application to this account. Only the management account and a delegated administrator of account access manager would see one: ask from there whether the user is entitled to a role.

        `idc`, 20 calls to AWS, the last at 2026-11-22 01:02:04 UTC
        ");
    }

    #[test]
    fn a_line_breaks_out_of_nothing() {
        let text = cases::written(|out| markdown::write(out, &cases::odd_files()));
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{text}");
        let mut fence = None;
        for line in text.lines() {
            match fence {
                None if line.starts_with("```") => {
                    fence = Some(line.trim_end_matches(|c: char| c.is_ascii_lowercase()));
                }
                None => {
                    let outside = without_code(line);
                    assert!(!outside.contains("<b>") && !outside.contains("[a]("), "{line}");
                }
                Some(open) if line == open => fence = None,
                Some(_) => {}
            }
        }
        assert_eq!(fence, None, "{text}");
    }
}
