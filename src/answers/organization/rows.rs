//! Who can get in, and where: each way of each person, by the same rules as for one question.

use std::collections::BTreeSet;

use super::unread::cut_off;
use super::{Access, AccountShown, ForReview, Made, PersonShown, SetShown, Who};
use crate::evidence::{
    AccountFacts, Applications, Assignment, Call, Entitlement, Fact, Gap, LookupBy, Member, Person, Principal,
    PrincipalType, Reason, Snapshot, User, UserFacts, UserLookup,
};
use crate::model::organization::{account_asked, pairs, people_of, user};
use crate::model::paths::Entitled;
use crate::model::{SetInAccount, permission_set_role};
use crate::verdict::{PathState, Unread, WayJudged, judge_entitlement, judge_set, judge_user};
use crate::wording;

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

/// Rows in the making.
struct Rows<'s> {
    snapshot: &'s Snapshot,
    made: Vec<AccessRow>,
    dead: BTreeSet<Dead>,
    gaps: Vec<Unread>,
}

/// Who can get into the account.
pub fn who(snapshot: &Snapshot) -> Who {
    let mut rows = Rows::of(snapshot);
    let id = account_asked(snapshot).unwrap_or_default().to_owned();
    let account = snapshot.accounts.get(&id);
    let shown = AccountShown::of(snapshot, &id);
    let mut notes = Vec::new();
    if let Some(account) = account {
        rows.unread(unlisted(snapshot, account));
        for (_, arn) in pairs(snapshot).into_iter().filter(|(one, _)| *one == id) {
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
    notes.push(ROLES_ALONE.to_owned());
    notes.extend(cut_off(snapshot).map(str::to_owned));
    let (access, dead, made) = rows.done();
    Who { account: shown, access, dead, notes, made }
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
        Ok(assigned) => {
            let pairs: BTreeSet<_> =
                assigned.iter().map(|row| (&row.account, &row.permission_set, &row.principal)).collect();
            for (account, arn, principal) in pairs {
                rows.assigned(account, arn, principal, Some(&id));
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
const ROLES_ALONE: &str = "open says that they get in; what their role then lets them do, idc why tells";

/// What keeps from knowing which permission sets the account has: its own two lists tell, or those of each set.
fn unlisted(snapshot: &Snapshot, account: &AccountFacts) -> Vec<Gap> {
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
    let own = pairs(snapshot).into_iter().filter(|(one, _)| *one == id);
    let has: BTreeSet<&str> = own.map(|(_, arn)| arn).collect();
    let unasked =
        all.iter().filter(|arn| !has.contains(arn.as_str()) && !account.assignments.contains_key(*arn)).count();
    (unasked > 0).then(|| {
        let sets = wording::count(unasked, "permission set");
        format!("{sets} that the account does not have were not asked about: without a role there they let nobody in")
    })
}

impl<'s> Rows<'s> {
    fn of(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, made: Vec::new(), dead: BTreeSet::new(), gaps: Vec::new() }
    }

    /// What could hide a row.
    fn unread(&mut self, gaps: impl IntoIterator<Item = Gap>) {
        self.gaps.extend(gaps.into_iter().map(|gap| Unread { gap, decides: true }));
    }

    /// Whether entitlements are known at all.
    fn entitlements_read(&mut self) {
        let facts = &self.snapshot.shared.entitlements;
        let applications = facts.applications.known();
        if let Ok(Applications::Listed(arns)) = applications {
            let unread: Vec<Gap> = arns.iter().filter_map(|arn| facts.described.get(arn)?.known().err()).collect();
            self.unread(unread);
        }
        self.unread(applications.err());
    }

    /// The rows of an assignment: of everybody, or of one person.
    fn assigned(&mut self, account: &str, arn: &str, principal: &'s Principal, only: Option<&str>) {
        let snapshot = self.snapshot;
        let Some(in_account) = snapshot.in_account(account) else { return };
        if self.is_dead(principal) {
            self.dead.insert(Dead {
                principal: principal.clone(),
                permission_set: SetShown::of(snapshot, arn),
                account: AccountShown::of(snapshot, account),
            });
            return;
        }
        let arn: &'s str = self.arn(arn);
        let here = SetInAccount::standing(in_account, arn);
        let judged = judge_set(here, Some(principal));
        let role = permission_set_role::role_of(here).ok().flatten().map(|role| role.arn.clone());
        let row = AccessRow {
            account: AccountShown::of(snapshot, account),
            person: None,
            permission_set: Some(SetShown::of(snapshot, arn)),
            via: Via::of(snapshot, principal),
            role_arn: role,
            state: PathState::Unknown,
            rule: None,
            why: None,
            review: ForReview::default(),
        };
        self.of_each(principal, only, &judged, Some(here), &row);
    }

    /// The ARN as the snapshot has it, so that views can borrow it.
    fn arn(&self, arn: &str) -> &'s str {
        let shared = &self.snapshot.shared;
        let described = shared.permission_sets.get_key_value(arn).map(|(arn, _)| arn.as_str());
        let rows = || self.snapshot.user.for_principal.known().ok()?.iter().find(|row| row.permission_set == arn);
        let of_account = || {
            self.snapshot
                .accounts
                .values()
                .find_map(|one| one.assignments.get_key_value(arn).map(|(arn, _)| arn.as_str()))
        };
        described.or_else(of_account).or_else(|| rows().map(|row| row.permission_set.as_str())).unwrap_or_default()
    }

    /// The rows of an entitlement.
    fn entitled(&mut self, application: &str, row: &'s Entitlement, only: Option<&str>) {
        let snapshot = self.snapshot;
        let Some(in_account) = snapshot.in_account(&row.account) else { return };
        let application = application.to_owned();
        let entitled = Entitled { application, role_arn: row.role_arn.clone(), via: row.principal.clone() };
        let judged = judge_entitlement(in_account, &entitled);
        let shown = AccessRow {
            account: AccountShown::of(snapshot, &row.account),
            person: None,
            permission_set: None,
            via: Via::of(snapshot, &row.principal),
            role_arn: Some(row.role_arn.clone()),
            state: PathState::Unknown,
            rule: None,
            why: None,
            review: ForReview::default(),
        };
        self.of_each(&row.principal, only, &judged, None, &shown);
    }

    fn is_dead(&self, principal: &Principal) -> bool {
        match principal.kind {
            PrincipalType::Group => self.snapshot.in_instance().group(&principal.id) == Ok(None),
            PrincipalType::User => user(self.snapshot, &principal.id) == Ok(None),
        }
    }

    /// The same row for everybody who has it by this user or group.
    fn of_each(
        &mut self,
        principal: &'s Principal,
        only: Option<&str>,
        judged: &WayJudged,
        here: Option<SetInAccount<'_>>,
        row: &AccessRow,
    ) {
        if judged.state == PathState::Unknown {
            self.unread(judged.gaps.iter().cloned());
        }
        let people: Vec<String> = match only {
            Some(id) => vec![id.to_owned()],
            None => match people_of(self.snapshot, principal) {
                Ok(ids) => ids.into_iter().map(str::to_owned).collect(),
                Err(gap) => {
                    let why = format!("who is in the group is not known: {}", gap.message);
                    self.unread([gap]);
                    let (state, rule) = match judged.state {
                        PathState::Shut => (PathState::Shut, judged.cause.as_ref().map(|cause| cause.rule)),
                        _ => (PathState::Unknown, None),
                    };
                    let review = ForReview::of(self.snapshot, row, None);
                    self.made.push(AccessRow { state, rule, why: Some(why), review, ..row.clone() });
                    return;
                }
            },
        };
        for id in people {
            if user(self.snapshot, &id) == Ok(None) {
                continue;
            }
            let facts = facts_of(self.snapshot, &id);
            let person = Person { user: &facts, typed: &id };
            let of_user = judge_user(self.snapshot.in_instance(), here, person);
            let together = judged.with(&of_user);
            if together.state == PathState::Unknown {
                self.unread(of_user.gaps);
            }
            let person = PersonShown::of(self.snapshot, &id);
            let review = ForReview::of(self.snapshot, row, Some(&id));
            let shown = AccessRow { person: Some(person), review, ..row.clone() };
            self.made.push(AccessRow { state: together.state, rule: together.rule, why: together.why, ..shown });
        }
    }

    fn done(mut self) -> (Vec<AccessRow>, Vec<Dead>, Made) {
        self.made.sort();
        self.made.dedup();
        (self.made, self.dead.into_iter().collect(), Made::of(self.snapshot, self.gaps))
    }
}

/// What is known of one person, in the form of one question's.
pub(super) fn facts_of(snapshot: &Snapshot, id: &str) -> UserFacts {
    let own = snapshot.user.described.known().is_ok_and(|user| user.as_ref().is_some_and(|user| user.id == id));
    let described: Fact<Option<User>> = if own {
        snapshot.user.described.clone()
    } else {
        let because = "they were not described";
        snapshot.shared.users.get(id).cloned().unwrap_or_else(|| Fact::not_asked(Call::DescribeUser, because))
    };
    let found = described.clone().map(|user| user.map(|user| user.id));
    let lookups = vec![UserLookup { by: LookupBy::UserId, value: id.to_owned(), found }];
    UserFacts { lookups, described, ..UserFacts::unasked() }
}
