//! Account assignments: who is given which permission set in the account, and who no longer.

use std::collections::BTreeSet;

use super::command::Line;
use super::credentials::{self, Concerns};
use super::{Choice, ids, join};
use crate::evidence::{Evidence, InAccount, Principal, PrincipalType};
use crate::findings::{Command, Fix, Gives};
use crate::model::paths;
use crate::wording;

/// What stands for the permission set that the reader has to choose.
const PERMISSION_SET: &str = "PERMISSION_SET_ARN";
/// What stands for the group that the reader has to choose.
const GROUP: &str = "GROUP_ID";

/// How many groups are named with their ids; all of them stand among the candidates.
const NAMED: usize = 4;

/// An assignment that is to be made.
#[derive(Debug, Clone, Copy)]
pub struct Assigning<'a> {
    /// The permission set, where it is known which.
    pub set: Option<&'a str>,
    /// The one group that was meant to give access.
    pub group: Option<&'a str>,
}

/// Has the permission set assigned to the group that was meant, or to one that the user is in, or to the user.
pub fn assign(evidence: &Evidence, assigning: Assigning<'_>) -> Vec<Fix> {
    let fixes = assigned(evidence, assigning);
    fixes.into_iter().map(|fix| if fix.gives.is_none() { giving(fix, assigning.set) } else { fix }).collect()
}

fn assigned(evidence: &Evidence, assigning: Assigning<'_>) -> Vec<Fix> {
    let own: Vec<&str> = evidence.user.memberships.known().into_iter().flatten().map(|one| &*one.group_id).collect();
    let what = what(evidence, assigning.set);
    if let Some(group) = assigning.group {
        let label = evidence.group_label(group);
        let to = Principal { kind: PrincipalType::Group, id: group.to_owned() };
        let fix =
            Fix::new(format!("Assign {what} to group {label}"), create(evidence.in_account(), assigning.set, &to));
        let mut fixes = vec![fix.careful(everybody(label))];
        if !own.contains(&group) {
            fixes.push(join(evidence.asked(), group, &Choice::Settled));
        }
        return fixes;
    }
    if own.is_empty() {
        let name = evidence.user_label();
        let Ok(Some(user)) = evidence.user_id() else { return Vec::new() };
        let to = Principal { kind: PrincipalType::User, id: user.to_owned() };
        let what = format!("Assign {what} to {name}, or to a group that you then add them to");
        return vec![Fix::new(what, create(evidence.in_account(), assigning.set, &to))];
    }
    vec![assign_to_own_group(evidence, assigning.set, "")]
}

/// Has the permission set assigned again in the place of an assignment whose principal is gone.
pub fn assign_anew(evidence: &Evidence, set: &str, gone: &Principal) -> Option<Fix> {
    let (name, label) = (evidence.user_label(), evidence.permission_set_label(set));
    let has_groups = evidence.user.memberships.known().is_ok_and(|list| !list.is_empty());
    match gone.kind {
        PrincipalType::Group if has_groups => {
            let replaced = "if it has taken the place of the one that is gone";
            Some(giving(assign_to_own_group(evidence, Some(set), replaced), Some(set)))
        }
        PrincipalType::Group | PrincipalType::User => {
            let to = Principal { kind: PrincipalType::User, id: evidence.user_id().ok()??.to_owned() };
            let what = match gone.kind {
                PrincipalType::Group => format!("Assign {label} to {name}, or to a group that you then add them to"),
                PrincipalType::User => format!("If the user that is gone was {name}, assign {label} to their new id"),
            };
            Some(assign_to(evidence.in_account(), set, &to, what))
        }
    }
}

/// Has the permission set assigned to this very user or group; where it is a group, everybody in it gets it.
pub fn assign_to(here: InAccount<'_>, set: &str, principal: &Principal, what: impl Into<String>) -> Fix {
    let fix = giving(Fix::new(what, create(here, Some(set), principal)), Some(set));
    match principal.kind {
        PrincipalType::User => fix,
        PrincipalType::Group => fix.careful(everybody(here.in_instance().group_label(&principal.id))),
    }
}

/// Has an assignment removed whose principal is gone.
pub fn unassign(here: InAccount<'_>, set: &str, gone: &Principal) -> Fix {
    let noun = match gone.kind {
        PrincipalType::User => "user",
        PrincipalType::Group => "group",
    };
    let label = here.permission_set_label(set);
    Fix::new(
        format!("Remove the assignment of {label} to the {noun} that is gone, {}: it gives nobody anything", gone.id),
        command(here, "delete-account-assignment", Some(set), gone.kind, &gone.id),
    )
}

/// Where the user is in one group it is named, with the permission set that was asked for; else the reader chooses.
fn assign_to_own_group(evidence: &Evidence, set: Option<&str>, provided: &str) -> Fix {
    let groups = candidates(evidence);
    let (name, what) = (evidence.user_label(), what(evidence, set));
    let provided = if provided.is_empty() { String::new() } else { format!(", {provided}") };
    if let ([only], Some(set)) = (&groups[..], set) {
        let to = Principal { kind: PrincipalType::Group, id: (*only).to_owned() };
        let label = evidence.group_label(only);
        let what = format!("Assign {what} to {label}, the one group that {name} is in{provided}");
        return Fix::new(what, create(evidence.in_account(), Some(set), &to)).careful(everybody(label));
    }
    let named = wording::list(groups.iter().map(|id| format!("{} ({id})", evidence.group_label(id))), NAMED);
    let which = if groups.len() == 1 { "the one group" } else { "one of the groups" };
    let to = format!("{which} that {name} is in{provided}, its id in the place of {GROUP}: {named}");
    Fix::new(
        format!("Assign {what} to {to}"),
        command(evidence.in_account(), "create-account-assignment", set, PrincipalType::Group, GROUP),
    )
    .careful("everybody in the group that you choose gets it")
}

fn giving(fix: Fix, set: Option<&str>) -> Fix {
    match set {
        Some(set) => fix.giving(Gives::PermissionSet(set.to_owned())),
        None => fix,
    }
}

fn everybody(group: &str) -> String {
    format!("everybody in group {group} gets it")
}

fn what(evidence: &Evidence, set: Option<&str>) -> String {
    if let Some(set) = set {
        return evidence.permission_set_label(set).to_owned();
    }
    let known = paths::permission_sets_to_choose_from(evidence);
    let known = wording::list(known.into_iter().map(|(name, arn)| format!("{name} ({arn})")), NAMED);
    let known = if known.is_empty() { String::new() } else { format!(", for example {known}") };
    format!("the permission set they need ({PERMISSION_SET}{known})")
}

fn create(here: InAccount<'_>, set: Option<&str>, principal: &Principal) -> Option<Command> {
    command(here, "create-account-assignment", set, principal.kind, &principal.id)
}

fn command(
    here: InAccount<'_>,
    operation: &str,
    set: Option<&str>,
    kind: PrincipalType,
    principal: &str,
) -> Option<Command> {
    let (instance, account) = ids(here)?;
    let set = set.unwrap_or(PERMISSION_SET);
    let line = Line::new("sso-admin", operation)
        .options([("--instance-arn", instance), ("--permission-set-arn", set)])
        .options([("--target-type", "AWS_ACCOUNT"), ("--target-id", account)])
        .options([("--principal-type", kind.as_str()), ("--principal-id", principal)]);
    credentials::at_home(here.in_instance(), line, Concerns::PermissionSet(here, set))
}

/// The user's groups: those first whose names have a word of the permission set's or the account's name, then the others;
/// those of everybody after them, and those of administrators last. How many are in each is not read.
pub fn candidates(evidence: &Evidence) -> Vec<&str> {
    let account = evidence.account.described.known().ok().and_then(Option::as_ref);
    let account = account.and_then(|account| account.name.as_deref()).unwrap_or_default();
    let set = evidence.question.permission_set.as_deref().unwrap_or_default();
    let wanted: BTreeSet<String> = words(set).chain(words(account)).map(|word| singular(&word)).collect();
    let mut groups: Vec<&str> =
        evidence.user.memberships.known().into_iter().flatten().map(|one| &*one.group_id).collect();
    groups.sort_by_cached_key(|id| {
        let label = evidence.group_label(id);
        (
            is_for_administrators(label),
            is_for_everybody(label),
            words(label).all(|word| !wanted.contains(&singular(&word))),
            label,
        )
    });
    groups
}

/// How well the name of a group fits the user and what was asked about: how many of its words are those of one of their
/// own groups, and of the permission set or the account.
pub fn fits(evidence: &Evidence, name: &str) -> (usize, usize) {
    let of = |text: &str| -> BTreeSet<String> { words(text).map(|word| singular(&word)).collect() };
    let shared = |text: &str| of(name).intersection(&of(text)).count();
    let own = evidence.user.memberships.known().into_iter().flatten();
    let like_own = own.map(|one| shared(evidence.group_label(&one.group_id))).max().unwrap_or_default();
    let account = evidence.account.described.known().ok().and_then(Option::as_ref);
    let account = account.and_then(|account| account.name.as_deref()).unwrap_or_default();
    (like_own, shared(&format!("{account} {}", evidence.question.permission_set.as_deref().unwrap_or_default())))
}

fn singular(word: &str) -> String {
    word.trim_end_matches('s').to_owned()
}

/// Whether a name speaks of administrators.
pub fn is_for_administrators(name: &str) -> bool {
    name.to_lowercase().contains("admin")
}

fn is_for_everybody(name: &str) -> bool {
    const EVERYBODY: [&str; 9] =
        ["all", "company", "employees", "everybody", "everyone", "members", "people", "staff", "users"];
    words(name).any(|word| EVERYBODY.contains(&word.as_str()))
}

/// The words of a name, in lower case: `DataAnalysts-EU` is data, analysts, eu. One letter is no word.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && small) {
            words.push(String::new());
        }
        small = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.into_iter().filter(|word| word.chars().count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, Group, Membership, Touched, sample};

    fn in_groups(names: &[&str]) -> Evidence {
        let mut evidence = sample::healthy();
        let row =
            |name: &&str| Membership { group_id: format!("id-of-{name}"), created: None, touched: Touched::default() };
        evidence.user.memberships = sample::known(Call::ListGroupMembershipsForMember, names.iter().map(row).collect());
        for name in names {
            let group = Group {
                id: format!("id-of-{name}"),
                name: Some((*name).to_owned()),
                external_issuers: Vec::new(),
                created: None,
                touched: Touched::default(),
            };
            evidence.groups.insert(group.id.clone(), sample::known(Call::DescribeGroup, Some(group)));
        }
        evidence
    }

    fn shell(fix: &Fix) -> String {
        fix.command.as_ref().map(Command::shell).unwrap_or_default()
    }

    #[test]
    fn no_command_picks_a_group_or_a_permission_set() {
        let evidence = in_groups(&["all-employees", "DataAnalysts"]);
        for set in [None, Some(sample::SET)] {
            let fixes = assign(&evidence, Assigning { set, group: None });
            let [fix] = &fixes[..] else { panic!("{fixes:?}") };
            assert!(shell(fix).contains("--principal-type GROUP --principal-id GROUP_ID"), "{fix:?}");
            assert_eq!(shell(fix).contains(PERMISSION_SET), set.is_none(), "{fix:?}");
            assert!(fix.what.contains("DataAnalysts (id-of-DataAnalysts)"), "{}", fix.what);
        }
        let one = in_groups(&["Developers"]);
        let of = |set| shell(&assign(&one, Assigning { set, group: None })[0]);
        assert!(of(Some(sample::SET)).contains("--principal-id id-of-Developers"));
        assert!(of(None).contains("--principal-id GROUP_ID"));
    }

    #[test]
    fn a_group_that_was_meant_is_named_and_joined() {
        let mut evidence = in_groups(&["Developers"]);
        let group = sample::group_principal().id;
        let fixes = assign(&evidence, Assigning { set: Some(sample::SET), group: Some(&group) });
        assert_eq!(fixes.len(), 2, "{fixes:?}");
        assert!(fixes[0].what.ends_with("to group DataAnalysts"), "{}", fixes[0].what);
        assert!(shell(&fixes[1]).contains("create-group-membership"), "{fixes:?}");
        evidence.user.memberships = sample::healthy().user.memberships;
        assert_eq!(assign(&evidence, Assigning { set: Some(sample::SET), group: Some(&group) }).len(), 1);
    }

    #[test]
    fn the_best_fitting_group_comes_first_and_administrators_last() {
        let mut evidence = in_groups(&["CloudAdmins", "Everyone", "Developers", "web-analysts", "Domain Users"]);
        evidence.question.permission_set = Some("RedshiftAnalyst".into());
        let names: Vec<&str> = candidates(&evidence).iter().map(|id| evidence.group_label(id)).collect();
        assert_eq!(names, ["web-analysts", "Developers", "Domain Users", "Everyone", "CloudAdmins"]);
    }

    #[test]
    fn names_fall_into_words() {
        let of = |name| words(name).collect::<Vec<_>>().join(" ");
        assert_eq!(of("DataAnalysts-EU"), "data analysts eu");
        assert_eq!(of("AWS_ProdData2Reader"), "aws prod data2 reader");
        assert_eq!(of("all employees"), "all employees");
    }
}
