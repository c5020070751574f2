//! In which account a command acts, and with which credentials it gets there: those that were given, where they lead
//! there, else a profile that does not exist until the reader puts in their own. A command never acts in another account
//! than its line says.

use super::command::Line;
use crate::evidence::{EntryMethod, InAccount, InInstance};
use crate::findings::Command;

/// What in Identity Center a command is about: the delegated administrator may change only what has no part in the
/// management account.
#[derive(Debug, Clone, Copy)]
pub(super) enum Concerns<'a> {
    /// Users, groups and memberships.
    People,
    /// This account.
    Account(InAccount<'a>),
    /// A permission set, in this account.
    PermissionSet(InAccount<'a>, &'a str),
}

/// A command to IAM Identity Center or its identity store, in the instance's primary Region.
pub(super) fn at_home(here: InInstance<'_>, line: Line, concerns: Concerns<'_>) -> Option<Command> {
    let line = match here.instance() {
        Ok(instance) => line.option("--region", instance.region()),
        Err(_) => line,
    };
    let management = management_account(here);
    let Some(management) = management.filter(|one| caller(here) != Some(one)) else {
        return as_caller(here, line);
    };
    match (here.administers(), refusal(concerns, management)) {
        (true, Refusal::None) => as_caller(here, line),
        (true, Refusal::Possible) => {
            let remark = format!(
                "where the permission set is provisioned in the management account too, run this in the management account \
                 ({management})"
            );
            as_caller(here, line).map(|command| command.remarked(&remark))
        }
        (true, Refusal::Sure) | (false, _) => as_stranger(line, management, &in_management(management)),
    }
}

/// A command that only the organization's management account may run.
pub(super) fn by_management(here: InInstance<'_>, line: Line) -> Option<Command> {
    match management_account(here) {
        Some(management) if caller(here) != Some(management) => {
            as_stranger(line, management, &in_management(management))
        }
        Some(_) | None => as_caller(here, line),
    }
}

/// A command for the account that the application of account access manager belongs to, in the application's Region.
pub(super) fn at_application(here: InInstance<'_>, line: Line, application: &str) -> Option<Command> {
    let mut fields = application.split(':').skip(3);
    let (region, account) = (fields.next()?, fields.next()?);
    let line = line.option("--region", region);
    if caller(here) == Some(account) {
        return as_caller(here, line);
    }
    let remark = if management_account(here) == Some(account) {
        in_management(account)
    } else {
        format!("run this in account {account}")
    };
    as_stranger(line, account, &remark)
}

/// A command for the target account.
pub(super) fn in_target(here: InAccount<'_>, line: Line) -> Option<Command> {
    let account = here.account().id.as_deref()?;
    let entry = here.inside().entry.known().ok();
    match entry.map(|entry| entry.method) {
        Some(EntryMethod::Own) => as_caller(here.in_instance(), line),
        Some(EntryMethod::Profile) => with_profile(line, here.target_profile(), Some(account)),
        Some(EntryMethod::Role) | None => with_profile(line, Some(&profile_in(account)), Some(account)),
    }
}

/// A command for an account that the reader has to choose.
pub(super) fn elsewhere(line: Line) -> Option<Command> {
    with_profile(line, Some("PROFILE_IN_ANOTHER_ACCOUNT"), None)
}

fn as_caller(here: InInstance<'_>, line: Line) -> Option<Command> {
    with_profile(line, here.profile(), caller(here))
}

fn as_stranger(line: Line, account: &str, remark: &str) -> Option<Command> {
    with_profile(line, Some(&profile_in(account)), Some(account)).map(|command| command.remarked(remark))
}

#[expect(clippy::unnecessary_wraps, reason = "where no command fits, those who call it have none")]
fn with_profile(line: Line, profile: Option<&str>, account: Option<&str>) -> Option<Command> {
    let line = profile.into_iter().fold(line, |line, name| line.option("--profile", name));
    Some(Command { account: account.map(str::to_owned), ..line.finish() })
}

/// A profile that nobody has: the command fails until it is replaced.
fn profile_in(account: &str) -> String {
    format!("PROFILE_IN_{account}")
}

fn in_management(account: &str) -> String {
    format!("run this in the management account ({account})")
}

fn caller(here: InInstance<'_>) -> Option<&str> {
    here.caller().known().ok().map(|caller| caller.account.as_str())
}

/// The management account: it owns the organization's instance.
fn management_account(here: InInstance<'_>) -> Option<&str> {
    let organization = here.organization().known().ok().and_then(Option::as_ref);
    let owner = || here.instance().ok().and_then(|instance| instance.owner_account.as_deref());
    organization.map(|organization| organization.management_account.as_str()).or_else(owner)
}

/// Whether the delegated administrator is refused.
enum Refusal {
    None,
    Possible,
    Sure,
}

fn refusal(concerns: Concerns<'_>, management: &str) -> Refusal {
    match concerns {
        Concerns::Account(here) | Concerns::PermissionSet(here, _)
            if here.account().id.as_deref() == Some(management) =>
        {
            Refusal::Sure
        }
        Concerns::People | Concerns::Account(_) => Refusal::None,
        Concerns::PermissionSet(here, set) => match here.provisioned_in_management() {
            Some(fact) => match fact.known() {
                Ok(sets) if sets.iter().any(|one| one == set) => Refusal::Sure,
                // One that the reader has yet to choose may be.
                Ok(sets) if sets.is_empty() || set.starts_with("arn:") => Refusal::None,
                Ok(_) | Err(_) => Refusal::Possible,
            },
            None => Refusal::Possible,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, Caller, Evidence, TargetEntry, sample};

    fn entered(method: EntryMethod) -> Evidence {
        let mut evidence = sample::healthy();
        let arn = "arn:aws:sts::123456789012:assumed-role/Reader/idc".to_owned();
        evidence.account.inside.entry = sample::known(Call::AssumeRole, TargetEntry { method, arn });
        evidence.question.profile = Some("home".into());
        evidence.question.target_profile = Some("there".into());
        evidence
    }

    fn profile(command: Option<Command>) -> Option<String> {
        let words = command.expect("a command").words;
        let at = words.iter().position(|word| word == "--profile")?;
        words.get(at + 1).cloned()
    }

    fn line() -> Line {
        Line::new("iam", "create-policy")
    }

    #[test]
    fn the_target_account_is_acted_in_as_it_was_entered() {
        let of = |evidence: &Evidence| profile(in_target(evidence.in_account(), line()));
        assert_eq!(of(&entered(EntryMethod::Role)).as_deref(), Some("PROFILE_IN_123456789012"));
        assert_eq!(of(&entered(EntryMethod::Profile)).as_deref(), Some("there"));
        assert_eq!(of(&entered(EntryMethod::Own)).as_deref(), Some("home"));
        let mut bare = entered(EntryMethod::Own);
        bare.question.profile = None;
        assert_eq!(of(&bare), None);
        // A profile that leads elsewhere, or nowhere, is not repeated.
        bare.account.inside.entry = sample::denied(Call::GetCallerIdentity);
        assert_eq!(of(&bare).as_deref(), Some("PROFILE_IN_123456789012"));
        let command = in_target(bare.in_account(), line()).expect("a command");
        assert_eq!(command.account.as_deref(), Some("123456789012"));
    }

    /// The delegated administrator, who was told what is provisioned in the management account, or was not.
    fn delegated(in_management: Option<Vec<String>>) -> Evidence {
        let mut evidence = sample::healthy();
        let arn = "arn:aws:sts::444455556666:assumed-role/Admin/alex".to_owned();
        evidence.caller = sample::known(Call::GetCallerIdentity, Caller { account: "444455556666".into(), arn });
        let call = Call::ListPermissionSetsProvisionedToAccount;
        evidence.provisioned_in_management = Some(match in_management {
            Some(sets) => sample::known(call, sets),
            None => sample::denied(call),
        });
        evidence
    }

    #[test]
    fn what_the_delegated_administrator_may_not_change_goes_to_the_management_account() {
        let of = |evidence: &Evidence, concerns: fn(InAccount<'_>) -> Concerns<'_>| {
            let command = at_home(evidence.in_instance(), line(), concerns(evidence.in_account())).expect("a command");
            (profile(Some(command.clone())), command.account, command.remark)
        };
        let set: fn(InAccount<'_>) -> Concerns<'_> = |here| Concerns::PermissionSet(here, sample::SET);
        let own = (None, Some("444455556666".to_owned()), None);
        let there = "run this in the management account (111122223333)";
        let management = "PROFILE_IN_111122223333".to_owned();
        let elsewhere = (Some(management.clone()), Some("111122223333".to_owned()), Some(there.to_owned()));
        assert_eq!(of(&delegated(Some(vec![])), set), own);
        assert_eq!(of(&delegated(Some(vec!["arn:other".into()])), set), own);
        assert_eq!(of(&delegated(Some(vec![sample::SET.into()])), set), elsewhere);
        let unknown = of(&delegated(None), set);
        assert!(unknown.0.is_none() && unknown.2.is_some_and(|remark| remark.ends_with(there)));
        assert_eq!(of(&delegated(None), |_| Concerns::People), own);
        // A set that is still to be chosen may be one of those.
        let chosen: fn(InAccount<'_>) -> Concerns<'_> = |here| Concerns::PermissionSet(here, "PERMISSION_SET_ARN");
        assert!(of(&delegated(Some(vec!["arn:other".into()])), chosen).2.is_some());
        let mut target = delegated(Some(vec![]));
        target.account.id = Some("111122223333".into());
        assert_eq!(of(&target, set), elsewhere);
        let command = at_home(target.in_instance(), line(), Concerns::Account(target.in_account()));
        assert_eq!(profile(command).as_deref(), Some(management.as_str()));
        assert_eq!(of(&target, |_| Concerns::People), own);
        let policy = by_management(delegated(Some(vec![])).in_instance(), line());
        assert_eq!(profile(policy), Some(management));
    }

    #[test]
    fn a_member_account_changes_nothing_but_itself() {
        let mut evidence = delegated(None);
        let call = Call::ListPermissionSetsProvisionedToAccount;
        for list in [&mut evidence.account.provisioned_latest, &mut evidence.account.provisioned_outdated] {
            *list = sample::denied(call);
        }
        evidence.permission_set_arns = sample::denied(Call::ListPermissionSets);
        evidence.instance_details = sample::denied(Call::DescribeInstance);
        let command = at_home(evidence.in_instance(), line(), Concerns::People);
        assert_eq!(profile(command).as_deref(), Some("PROFILE_IN_111122223333"));
    }

    #[test]
    fn account_access_manager_is_asked_where_its_application_is() {
        let application = "arn:aws:account-access:eu-west-1:111122223333:application/0123456789abcdef";
        let command = at_application(sample::healthy().in_instance(), line(), application).expect("a command");
        assert_eq!(command.words[3..], ["--region", "eu-west-1"]);
        let command = at_application(delegated(None).in_instance(), line(), application);
        assert_eq!(profile(command).as_deref(), Some("PROFILE_IN_111122223333"));
    }
}
