//! The machine of the person who asks about themselves.

use std::io;

use super::super::hints;
use super::cause;
use super::page::Page;
use crate::findings::{Change, Fault};
use crate::machine::OwnMachine;

/// Writes what was looked at, what is wrong with it, and which line to change how.
pub(super) fn write(page: &mut Page<'_>, own: &OwnMachine) -> io::Result<()> {
    page.title("This machine")?;
    for seen in &own.seen {
        page.text(&format!("{}: {}", seen.what, seen.says), "  ", "    ")?;
    }
    for (index, fault) in own.faults.iter().enumerate() {
        page.gap()?;
        one(page, index + 1, &fault.fault)?;
    }
    for advice in &own.advice {
        page.gap()?;
        page.text(&advice.message, "  ", "  ")?;
        advice.lines.iter().try_for_each(|line| verbatim(page, "    ", line))?;
        advice.command.iter().try_for_each(|command| page.command("    ", &command.shell()))?;
    }
    for unread in &own.unread {
        page.gap()?;
        page.text(&format!("Not read: {unread}"), "  ", "    ")?;
    }
    if let Some(alone) = &own.alone {
        page.gap()?;
        page.text(alone, "", "  ")?;
    }
    Ok(())
}

fn one(page: &mut Page<'_>, number: usize, fault: &Fault) -> io::Result<()> {
    let number = format!("  {number}. ");
    let under = " ".repeat(number.len());
    page.text(&fault.message, &number, &under)?;
    if let Some(change) = &fault.change {
        changed(page, &under, change)?;
    }
    // A suggestion that the line holds already needs no second word.
    let holds =
        |name: &String| fault.change.iter().flat_map(|change| &change.should_be).any(|line| line.contains(name));
    if !fault.suggestions.iter().all(holds) {
        hints::hints(fault, true).iter().try_for_each(|hint| page.text(hint, &under, &under))?;
    }
    fault.fixes.iter().try_for_each(|fix| cause::under_it(page, fix, &under))
}

/// Lines for copying, never broken.
fn changed(page: &mut Page<'_>, indent: &str, change: &Change) -> io::Result<()> {
    verbatim(page, indent, &format!("{}:{}", change.path, change.line))?;
    if let Some(is) = &change.is {
        verbatim(page, indent, &format!("  is         {is}"))?;
    }
    for (index, line) in change.should_be.iter().enumerate() {
        let label = if index == 0 { "should be" } else { "" };
        verbatim(page, indent, &format!("  {label:<9}  {line}"))?;
    }
    Ok(())
}

fn verbatim(page: &mut Page<'_>, indent: &str, line: &str) -> io::Result<()> {
    page.line(&format!("{indent}{}", super::super::clean(line)))
}

#[cfg(test)]
mod tests {
    use crate::answers::diagnosis::Diagnosis;
    use crate::render::{Style, cases, table};

    fn at_80(diagnosis: &Diagnosis) -> String {
        let style = Style { width: 80, color: false, unicode: true, height: 40 };
        cases::written(|out| table::write(out, diagnosis, &style, false))
    }

    #[test]
    fn tells_which_line_to_change_how() {
        insta::assert_snapshot!(at_80(&cases::own_machine()), @"
        INCONCLUSIVE  cannot tell whether you can reach 123456789012

        The access portal lists ReadOnly and RedshiftAnalyst in 123456789012. So that is
        assigned; whether the role there works, it does not tell.

        This machine
          ~/.aws/config: 1 profile for 123456789012: prod (line 1)
          sign-in corp: holds until 2026-11-22T09:00:00Z
          access portal in us-east-1: lists ReadOnly and RedshiftAnalyst in 123456789012

          1. Profile prod names its account as 1234-5678-9012: the AWS CLI takes nothing
             but the 12 digits, without dashes, quotes or a comment.
             ~/.aws/config:3
               is         sso_account_id = 1234-5678-9012
               should be  sso_account_id = 123456789012

          2. Profile prod asks for permission set redshift-analyst in 123456789012,
             where the access portal lists ReadOnly and RedshiftAnalyst for you. Upper
             and lower case count.
             ~/.aws/config:4
               is         sso_role_name = redshift-analyst
               should be  sso_role_name = RedshiftAnalyst

          Not read: ~/.aws/sso/cache/other.json: it is not what the AWS CLI writes (line
            1, column 5)

        Identity Center itself was not read: no credentials work here (none). Who
          administers it can: idc why USER 123456789012

        Note: Account access manager shows no application to this account. Only the
          management account and a delegated administrator of account access manager
          would see one: ask from there whether the user is entitled to a role.

        More: idc explain sso-account-id-wrong, idc explain sso-role-name-wrong
        ");
    }

    #[test]
    fn stands_beside_what_identity_center_says() {
        let text = at_80(&cases::own_machine_too());
        let start = "DEGRADED  jane.doe can reach prod-data (123456789012), but something is wrong\n\nThis machine\n";
        assert!(text.starts_with(start) && text.contains("\n  ok: ") && !text.contains("was not read"), "{text}");
    }

    #[test]
    fn tells_what_to_add_where_there_is_no_profile() {
        insta::assert_snapshot!(at_80(&cases::no_profile()), @"
        INCONCLUSIVE  cannot tell whether you can reach 123456789012

        The access portal lists ReadOnly and RedshiftAnalyst in 123456789012. So that is
        assigned; whether the role there works, it does not tell.

        This machine
          ~/.aws/config: no profile for 123456789012
          sign-in corp: holds until 2026-11-22T09:00:00Z
          access portal in us-east-1: lists ReadOnly and RedshiftAnalyst in 123456789012

          No profile in ~/.aws/config is for 123456789012. One would be:
            [profile 123456789012-ReadOnly]
            sso_session = corp
            sso_account_id = 123456789012
            sso_role_name = ReadOnly

        Identity Center itself was not read: no credentials work here (none). Who
          administers it can: idc why USER 123456789012

        Note: Account access manager shows no application to this account. Only the
          management account and a delegated administrator of account access manager
          would see one: ask from there whether the user is entitled to a role.
        ");
    }
}
