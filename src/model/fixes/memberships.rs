//! Memberships in groups, which are kept where the group is: in Identity Center, or in the identity provider that the
//! group came from.

use super::command::Line;
use super::credentials::{self, Concerns};
use crate::evidence::{Asked, InInstance, Principal, PrincipalType};
use crate::findings::{Command, Fix, Gives};

/// Whether the reader has to choose the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// It is the one.
    Settled,
    /// It is one of several; this is what it gives.
    OneOf(String),
}

/// What joining a group does besides.
const GIVES: &str = "they get whatever the group has, in every account";

/// Has the user added to a group.
pub fn join(evidence: Asked<'_>, group: &str, choice: &Choice) -> Fix {
    let gives = Gives::AllOf(Principal { kind: PrincipalType::Group, id: group.to_owned() });
    added(evidence, group, choice).giving(gives)
}

fn added(evidence: Asked<'_>, group: &str, choice: &Choice) -> Fix {
    let (user, label) = (evidence.user_label(), evidence.group_label(group));
    let belongs = |gives: &str| match gives {
        "" => format!("If {user} belongs in group {label}, add them to it"),
        gives => format!("If {user} belongs in group {label} ({gives}), add them to it"),
    };
    if is_external(*evidence.in_account(), &Principal { kind: PrincipalType::Group, id: group.to_owned() }) {
        let what = match choice {
            Choice::Settled => format!("In your identity provider, add {user} to group {label}, directly"),
            Choice::OneOf(gives) => format!("{} in your identity provider, directly", belongs(gives)),
        };
        return Fix::new(what, None).careful(
            "members of a group inside the group do not come along, a membership counts once it is synchronised, and what is \
             changed in Identity Center itself is overwritten",
        );
    }
    let mut what = match choice {
        Choice::Settled => format!("Add {user} to group {label}"),
        Choice::OneOf(gives) => belongs(gives),
    };
    if evidence.group(group).is_err() {
        what.push_str("; if the group comes from your identity provider, there and not here");
    } else if user_is_external(evidence) {
        what.push_str(" in Identity Center, where the group is kept, although they come from your identity provider");
    }
    Fix::new(what, create(evidence, group)).careful(GIVES)
}

fn create(evidence: Asked<'_>, group: &str) -> Option<Command> {
    let (instance, user) = (evidence.instance().ok()?, evidence.user_id().ok()??);
    let line = Line::new("identitystore", "create-group-membership")
        .options([("--identity-store-id", instance.identity_store_id.as_str()), ("--group-id", group)])
        .structure("--member-id", &[("UserId", user)]);
    credentials::at_home(*evidence.in_account(), line, Concerns::People)
}

fn user_is_external(evidence: Asked<'_>) -> bool {
    let user = evidence.user_id().ok().flatten().unwrap_or_default();
    is_external(*evidence.in_account(), &Principal { kind: PrincipalType::User, id: user.to_owned() })
}

/// Whether the user or the group comes from an external identity provider: then it is mended there, since the provider
/// overwrites what is changed here.
pub fn is_external(here: InInstance<'_>, principal: &Principal) -> bool {
    match principal.kind {
        PrincipalType::User => {
            here.user(&principal.id).ok().flatten().is_some_and(|user| !user.external_issuers.is_empty())
        }
        PrincipalType::Group => {
            here.group(&principal.id).ok().flatten().is_some_and(|group| !group.external_issuers.is_empty())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, Observed, sample};

    fn from_a_provider(user: bool, group: bool) -> Fix {
        let mut evidence = sample::healthy();
        let issuers = |external: bool| if external { vec!["https://idp.example".to_owned()] } else { Vec::new() };
        if let Observed::Known(Some(one)) = &mut evidence.user.described.observed {
            one.external_issuers = issuers(user);
        }
        let id = sample::group_principal().id;
        if let Some(Observed::Known(Some(one))) = evidence.groups.get_mut(&id).map(|fact| &mut fact.observed) {
            one.external_issuers = issuers(group);
        }
        join(evidence.asked(), &id, &Choice::Settled)
    }

    #[test]
    fn the_group_s_origin_decides_and_not_the_user_s() {
        for user in [false, true] {
            let there = from_a_provider(user, true);
            assert!(there.command.is_none() && there.what.starts_with("In your identity provider"), "{there:?}");
            assert!(there.caution.is_some_and(|text| text.contains("a group inside the group")));
            let here = from_a_provider(user, false);
            assert!(here.command.is_some() && here.what.starts_with("Add jane.doe to group"), "{here:?}");
            assert_eq!(here.what.contains("although they come from"), user, "{here:?}");
        }
    }

    #[test]
    fn where_the_group_comes_from_may_be_unknown() {
        let mut evidence = sample::healthy();
        let id = sample::group_principal().id;
        evidence.groups.insert(id.clone(), sample::denied(Call::DescribeGroup));
        let fix = join(evidence.asked(), &id, &Choice::Settled);
        assert!(fix.command.is_some() && fix.what.ends_with("there and not here"), "{fix:?}");
    }

    #[test]
    fn one_of_several_is_a_choice() {
        let fix =
            join(sample::healthy().asked(), &sample::group_principal().id, &Choice::OneOf("RedshiftAnalyst".into()));
        assert_eq!(fix.what, "If jane.doe belongs in group DataAnalysts (RedshiftAnalyst), add them to it");
    }
}
