//! In what the two differ, a sentence each, and what makes the user like the colleague.

use std::collections::{BTreeMap, BTreeSet};

use super::{ColleagueWay, Difference, Sides, has, is_disabled};
use crate::evidence::{Principal, PrincipalType};
use crate::findings::Fix;
use crate::model::fixes::{self, Choice};
use crate::model::paths::Path;
use crate::wording;

impl Sides<'_> {
    /// What is so of the user, and not of the colleague, before any way to the account.
    pub(super) fn of_the_user(&self) -> Vec<Difference> {
        let (name, user) = (self.colleague.user_label(), self.user.user_label());
        let described = self.user.user.described.known();
        let message = match (self.user.user_id(), described) {
            (Ok(None), _) => format!("{user} is not in the identity store, {name} is"),
            (Ok(Some(_)), Ok(None)) => format!("{user} no longer exists in the identity store, {name} does"),
            (Ok(Some(_)), Ok(Some(one))) if is_disabled(one) => {
                let other = self.colleague.user.described.known().ok().and_then(Option::as_ref);
                if other.and_then(|other| other.status.as_deref()) != Some("ENABLED") {
                    return Vec::new();
                }
                format!("{user} is disabled in Identity Center, {name} is enabled")
            }
            (Ok(Some(_)) | Err(_), _) => return Vec::new(),
        };
        vec![Difference { message, fix: None }]
    }

    /// What the colleague's ways lead through that the user has not, by user or group.
    pub(super) fn of_the_ways(&self, lacking: &[&ColleagueWay]) -> Vec<Difference> {
        let (name, user) = (self.colleague.user_label(), self.user.user_label());
        let mut by_principal: BTreeMap<&Principal, Vec<&ColleagueWay>> = BTreeMap::new();
        for way in lacking {
            by_principal.entry(way.way.via()).or_default().push(way);
        }
        let groups = by_principal.keys().filter(|via| via.kind == PrincipalType::Group).count();
        let mut differences: Vec<(bool, Difference)> = Vec::new();
        for (via, ways) in by_principal {
            let grants = wording::list(ways.iter().map(|way| self.grant(&way.way)), 4);
            // Whoever pastes the first command in a hurry should not make an administrator.
            let admin = fixes::is_for_administrators;
            match via.kind {
                PrincipalType::Group => {
                    let label = self.user.group_label(&via.id);
                    let message = format!("{user} is not in group {label}, which gives {name} {grants}");
                    let choice = if groups == 1 { Choice::Settled } else { Choice::OneOf(grants.clone()) };
                    let fix = self.user_principal().map(|_| fixes::join(self.user, &via.id, &choice));
                    differences.push((admin(&grants) || admin(label), Difference { message, fix }));
                }
                PrincipalType::User => {
                    for way in ways {
                        let grant = self.grant(&way.way);
                        let message = format!("{name} has {grant} directly, {user} has it in no way");
                        let fix = self.assign(&way.way, &grant);
                        differences.push((admin(&grant), Difference { message, fix }));
                    }
                }
            }
        }
        differences.sort_by_key(|(admin, _)| *admin);
        differences.into_iter().map(|(_, difference)| difference).collect()
    }

    fn assign(&self, way: &Path, grant: &str) -> Option<Fix> {
        let (user, principal) = (self.user.user_label(), self.user_principal()?);
        Some(match way {
            Path::Assigned(path) => fixes::assign_to(
                self.user.in_account(),
                &path.permission_set,
                &principal,
                format!("Assign {grant} to {user} too, or to a group of theirs"),
            ),
            Path::Entitled(_) => Fix::new(format!("Entitle {user} to {grant} too"), None),
        })
    }

    fn user_principal(&self) -> Option<Principal> {
        let id = self.user.user_id().ok()??.to_owned();
        Some(Principal { kind: PrincipalType::User, id })
    }

    /// What only the user has: where it is broken, the colleague would not notice.
    pub(super) fn only_the_users(&self) -> Vec<Difference> {
        let (name, user) = (self.colleague.user_label(), self.user.user_label());
        let ways = self.users_ways.list.iter();
        let ways = ways.filter(|way| has(self.colleague, &self.colleagues_ways, way) == Ok(false));
        let grants: BTreeSet<String> = ways.map(|way| self.grant(way)).collect();
        let message = format!("{user} has {}, {name} has not", wording::list(grants.iter().cloned(), 4));
        if grants.is_empty() { Vec::new() } else { vec![Difference { message, fix: None }] }
    }
}
