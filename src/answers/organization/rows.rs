//! Who can get in, and where: each way of each person, by the same rules as for one question.

use std::collections::BTreeSet;

use super::unread::cut_off;
use super::{Access, AccountShown, ForReview, PersonShown, SetShown, Who};
use crate::evidence::{AccountFacts, Assignment, Call, Fact, Gap, Member, Principal, PrincipalType, Reason, Snapshot};
use crate::model::organization::{account_asked, assigned_to_person, sets_in, user};
use crate::verdict::PathState;
use crate::wording;

mod making;

use making::Rows;
pub(super) use making::facts_of;

/// One way of one person into one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccessRow {
    /// The account.
    pub account: AccountShown,
    /// The person; `None` where who is in the group is not known.
    pub person: Option<PersonShown>,
    /// The permission set; `None` for an entitlement.
    pub permission_set: Option<SetShown>,
    /// Directly, or through which group.
    pub via: Via,
    /// The role that it gives, where that is known.
    pub role_arn: Option<String>,
    /// Whether it lets them in.
    pub state: PathState,
    /// The fault that shuts or degrades it.
    pub rule: Option<&'static str>,
    /// The same in words; where it is not known whether it lets them in, why not.
    pub why: Option<String>,
    /// What a review asks of it.
    pub review: ForReview,
}

/// The user or group that something is assigned to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Via {
    /// User or group.
    pub kind: PrincipalType,
    /// Its id.
    pub id: String,
    /// Its name, where it is known.
    pub name: Option<String>,
}

/// An assignment to a user or group that no longer exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dead {
    /// User or group.
    pub principal: Principal,
    /// What is assigned.
    pub permission_set: SetShown,
    /// Where.
    pub account: AccountShown,
}

impl Via {
    pub(super) fn of(snapshot: &Snapshot, principal: &Principal) -> Self {
        let instance = snapshot.in_instance();
        let name = match principal.kind {
            PrincipalType::Group => instance.group(&principal.id).ok().flatten().and_then(|group| group.name.clone()),
            PrincipalType::User => user(snapshot, &principal.id).ok().flatten().and_then(|user| user.user_name.clone()),
        };
        Self { kind: principal.kind, id: principal.id.clone(), name }
    }
}

/// Who can get into the account.
pub fn who(snapshot: &Snapshot) -> Who {
    let mut rows = Rows::of(snapshot);
    let (account, mut notes) = gather(snapshot, &mut rows);
    notes.push(ROLES_ALONE.to_owned());
    notes.extend(cut_off(snapshot).map(str::to_owned));
    let (access, dead, made) = rows.done();
    Who { account, access, dead, notes, made }
}

/// The same of everybody by id alone, once for each way; and whether everything was read.
pub(super) fn who_by_id(snapshot: &Snapshot) -> (Vec<(String, PathState)>, bool) {
    let mut rows = Rows::by_id(snapshot);
    gather(snapshot, &mut rows);
    rows.done_by_id()
}

/// Gathers the rows of everybody who has a way into the account, and what else is worth knowing of it.
fn gather<'s>(snapshot: &'s Snapshot, rows: &mut Rows<'s>) -> (AccountShown, Vec<String>) {
    let id = account_asked(snapshot).unwrap_or_default().to_owned();
    let account = snapshot.accounts.get(&id);
    let shown = AccountShown::of(snapshot, &id);
    let mut notes = Vec::new();
    if let Some(account) = account {
        rows.unread(unlisted(snapshot, account));
        for arn in sets_in(snapshot, &id) {
            match account.assignments.get(arn) {
                Some(fact) => match fact.known() {
                    Ok(assigned) => assigned.iter().for_each(|row| rows.assigned(&id, arn, &row.principal, None)),
                    Err(gap) => rows.unread([gap]),
                },
                None => rows.unread([snapshot
                    .in_instance()
                    .unasked(Call::ListAccountAssignments, format!("who is assigned {arn} was not asked for"))]),
            }
        }
        // Of sets that the account does not have, a failure is no more than a row that may be missing.
        let others = account.assignments.values().filter_map(|fact| fact.known().err());
        rows.unread(others);
        rows.entitlements_read();
        for (application, fact) in &account.entitlements {
            match fact.known() {
                Ok(entitled) => entitled.iter().for_each(|row| rows.entitled(application, row, None)),
                Err(gap) => rows.unread([gap]),
            }
        }
        notes.extend(not_asked(snapshot, &id));
    }
    (shown, notes)
}

/// Where the person can get in.
pub fn access(snapshot: &Snapshot) -> Access {
    let mut rows = Rows::of(snapshot);
    let found = snapshot.person().id();
    let id = found.clone().ok().flatten().unwrap_or_default().to_owned();
    rows.unread(found.err().into_iter().flat_map(|gaps| gaps.0));
    let facts = &snapshot.user;
    rows.unread([facts.described.known().err(), facts.memberships.known().err()].into_iter().flatten());
    match facts.for_principal.known() {
        Ok(listed) => {
            for row in assigned_to_person(snapshot) {
                // AWS lists the ways of the user, and this is none by their groups: one of the two has changed in between.
                if is_of_others(snapshot, &row.principal) {
                    let what = format!(
                        "it names group {} in account {}, which the user is not in by ListGroupMembershipsForMember: \
                         ask again in a minute",
                        row.principal.id, row.account
                    );
                    rows.unread([facts.for_principal.unclear(what)]);
                    continue;
                }
                if !listed.contains(row) {
                    let what = format!(
                        "it names nothing for the user, and for their group {} it does: ask again in a minute",
                        row.principal.id
                    );
                    rows.unread([facts.for_principal.unclear(what)]);
                }
                rows.assigned(&row.account, &row.permission_set, &row.principal, Some(&id));
            }
        }
        Err(gap) => {
            rows.unread([gap]);
            // Not all of it is known: what is, stands.
            for row in seen(snapshot, &id) {
                rows.assigned(&row.account, &row.permission_set, &row.principal, Some(&id));
            }
        }
    }
    rows.entitlements_read();
    for account in snapshot.accounts.values() {
        for (application, fact) in &account.entitlements {
            let entitled = fact.known().into_iter().flatten();
            let own = entitled.filter(|row| is_whose(snapshot, &row.principal, &id));
            own.for_each(|row| rows.entitled(application, row, Some(&id)));
        }
    }
    for ((application, _), fact) in &snapshot.entitlements_of {
        match fact.known() {
            Ok(entitled) => entitled.iter().for_each(|row| rows.entitled(application, row, Some(&id))),
            Err(gap) => rows.unread([gap]),
        }
    }
    let person = PersonShown::of(snapshot, &id);
    let (access, _, made) = rows.done();
    let mut notes = vec![ROLES_ALONE.to_owned()];
    notes.extend(cut_off(snapshot).map(str::to_owned));
    Access { person, access, notes, made }
}

/// What is assigned to somebody, as far as that was read.
fn seen<'s>(snapshot: &'s Snapshot, id: &str) -> BTreeSet<&'s Assignment> {
    let lists = snapshot.accounts.values().flat_map(|account| account.assignments.values());
    let lists = lists.filter_map(|fact| fact.known().ok());
    lists.flatten().filter(|row| is_whose(snapshot, &row.principal, id)).collect()
}

/// Whether it is a group that the user is known not to be in.
fn is_of_others(snapshot: &Snapshot, principal: &Principal) -> bool {
    let memberships = snapshot.user.memberships.known();
    principal.kind == PrincipalType::Group
        && memberships.is_ok_and(|all| all.iter().all(|one| one.group_id != principal.id))
}

/// Whether somebody is this user, or is known to be in this group.
fn is_whose(snapshot: &Snapshot, principal: &Principal, id: &str) -> bool {
    match principal.kind {
        PrincipalType::User => principal.id == id,
        PrincipalType::Group => {
            let memberships = snapshot.user.memberships.known().into_iter().flatten();
            let is_member =
                |fact: &Fact<Vec<Member>>| fact.known().is_ok_and(|all| all.iter().any(|one| one.user_id == id));
            memberships.into_iter().any(|one| one.group_id == principal.id)
                || snapshot.members.get(&principal.id).is_some_and(is_member)
        }
    }
}

/// What these answers do not go into.
const ROLES_ALONE: &str = "open says that all is set up for them to get in; what their role then lets them do, and what CloudTrail tells of \
    sign-ins that AWS refused, idc why tells";

/// What keeps from knowing which permission sets the account has: its own two lists tell, or those of each set.
pub(super) fn unlisted(snapshot: &Snapshot, account: &AccountFacts) -> Vec<Gap> {
    let own = [&account.provisioned_latest, &account.provisioned_outdated];
    let own: Vec<Gap> = own.into_iter().filter_map(|list| list.known().err()).collect();
    if own.is_empty() || !own.iter().all(|gap| gap.reason == Reason::NotAsked) {
        return own;
    }
    let sets = match snapshot.shared.permission_set_arns.known() {
        Ok(sets) => sets,
        Err(gap) => return vec![gap],
    };
    let mut gaps = Vec::new();
    for arn in sets {
        match snapshot.shared.accounts_of.get(arn) {
            Some(of) => gaps.extend([&of.latest, &of.outdated].into_iter().filter_map(|list| list.known().err())),
            None => return own,
        }
    }
    gaps
}

/// That permission sets which the account does not have were left out.
fn not_asked(snapshot: &Snapshot, id: &str) -> Option<String> {
    let account = snapshot.accounts.get(id)?;
    let all = snapshot.shared.permission_set_arns.known().ok()?;
    let has = sets_in(snapshot, id);
    let unasked =
        all.iter().filter(|arn| !has.contains(arn.as_str()) && !account.assignments.contains_key(*arn)).count();
    (unasked > 0).then(|| {
        let sets = wording::count(unasked, "permission set");
        format!("{sets} that the account does not have were not asked about: without a role there they let nobody in")
    })
}
