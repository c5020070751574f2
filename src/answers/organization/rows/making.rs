//! The rows of who can get in, and where: each assignment and each entitlement judged, for everybody who has it.

use std::collections::BTreeSet;

use super::{AccessRow, Dead, Via};
use crate::answers::organization::{AccountShown, ForReview, Made, PersonShown, SetShown};
use crate::evidence::{
    Applications, Call, Entitlement, Fact, Gap, LookupBy, Person, Principal, PrincipalType, Snapshot, User, UserFacts,
    UserLookup,
};
use crate::model::organization::{assigned_to_person, people_of, user};
use crate::model::paths::Entitled;
use crate::model::session_policies::is_aimed_at_somebody;
use crate::model::{Session, SetInAccount, Through, permission_set_role};
use crate::verdict::{PathState, Unread, WayJudged, is_told_apart, judge_entitlement, judge_set, judge_user};

/// Rows in the making.
pub(super) struct Rows<'s> {
    snapshot: &'s Snapshot,
    made: Vec<AccessRow>,
    /// Whose way it is and whether it lets them in, where no more is wanted of a row.
    by_id: Option<Vec<(String, PathState)>>,
    dead: BTreeSet<Dead>,
    gaps: Vec<Unread>,
}

impl<'s> Rows<'s> {
    /// None yet.
    pub(super) fn of(snapshot: &'s Snapshot) -> Self {
        Self { snapshot, made: Vec::new(), by_id: None, dead: BTreeSet::new(), gaps: Vec::new() }
    }

    /// None yet, of which no more is wanted than whose they are and whether they let them in.
    pub(super) fn by_id(snapshot: &'s Snapshot) -> Self {
        Self { by_id: Some(Vec::new()), ..Self::of(snapshot) }
    }

    /// What could hide a row.
    pub(super) fn unread(&mut self, gaps: impl IntoIterator<Item = Gap>) {
        self.gaps.extend(gaps.into_iter().map(|gap| Unread { gap, decides: true }));
    }

    /// Whether entitlements are known at all.
    pub(super) fn entitlements_read(&mut self) {
        let facts = &self.snapshot.shared.entitlements;
        let applications = facts.applications.known();
        if let Ok(Applications::Listed(arns)) = applications {
            let unread: Vec<Gap> = arns.iter().filter_map(|arn| facts.described.get(arn)?.known().err()).collect();
            self.unread(unread);
        }
        self.unread(applications.err());
    }

    /// The rows of an assignment: of everybody, or of one person.
    pub(super) fn assigned(&mut self, account: &str, arn: &str, principal: &'s Principal, only: Option<&str>) {
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
        self.of_each(principal, only, &judged, here.session(None), &row);
    }

    /// The ARN as the snapshot has it, so that views can borrow it.
    fn arn(&self, arn: &str) -> &'s str {
        let shared = &self.snapshot.shared;
        let described = shared.permission_sets.get_key_value(arn).map(|(arn, _)| arn.as_str());
        let rows = || assigned_to_person(self.snapshot).into_iter().find(|row| row.permission_set == arn);
        let of_account = || {
            self.snapshot
                .accounts
                .values()
                .find_map(|one| one.assignments.get_key_value(arn).map(|(arn, _)| arn.as_str()))
        };
        described.or_else(of_account).or_else(|| rows().map(|row| row.permission_set.as_str())).unwrap_or_default()
    }

    /// The rows of an entitlement.
    pub(super) fn entitled(&mut self, application: &str, row: &'s Entitlement, only: Option<&str>) {
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
        if self.is_dead(&row.principal) {
            let why = Some("whoever is entitled no longer exists".to_owned());
            let (state, rule) = (PathState::Shut, Some("assignment-orphaned-principal"));
            self.made.push(AccessRow { state, rule, why, ..shown });
            return;
        }
        let session = Session { in_account, person: None, through: Through::Entitlement(&entitled) };
        self.of_each(&row.principal, only, &judged, session, &shown);
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
        session: Session<'_>,
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
        let is_aimed = is_aimed_at_somebody(session);
        for id in people {
            if user(self.snapshot, &id) == Ok(None) {
                continue;
            }
            let facts = facts_of(self.snapshot, &id);
            let person = Person { user: &facts, typed: &id };
            // The policies of most sessions are the same for everybody who has one: they are not read again for each.
            let apart = is_told_apart(session, person, is_aimed).then_some(session);
            let of_user = judge_user(self.snapshot.in_instance(), apart, person);
            let together = judged.with(&of_user);
            if together.state == PathState::Unknown {
                self.unread(of_user.gaps);
            }
            if let Some(by_id) = &mut self.by_id {
                by_id.push((id, together.state));
                continue;
            }
            let person = PersonShown::of(self.snapshot, &id);
            let review = ForReview::of(self.snapshot, row, Some(&id));
            let shown = AccessRow { person: Some(person), review, ..row.clone() };
            self.made.push(AccessRow { state: together.state, rule: together.rule, why: together.why, ..shown });
        }
    }

    /// Of whom no more is wanted, and whether there is nothing that could hide others.
    pub(super) fn done_by_id(self) -> (Vec<(String, PathState)>, bool) {
        (self.by_id.unwrap_or_default(), Made::of(self.snapshot, self.gaps).complete)
    }

    /// All of them, with what could hide others.
    pub(super) fn done(mut self) -> (Vec<AccessRow>, Vec<Dead>, Made) {
        self.made.sort();
        self.made.dedup();
        (self.made, self.dead.into_iter().collect(), Made::of(self.snapshot, self.gaps))
    }
}

/// What is known of one person, in the form of one question's.
pub(in crate::answers::organization) fn facts_of(snapshot: &Snapshot, id: &str) -> UserFacts {
    let own = snapshot.user.described.known().is_ok_and(|user| user.as_ref().is_some_and(|user| user.id == id));
    let described: Fact<Option<User>> = if own {
        snapshot.user.described.clone()
    } else {
        let because = "they were not described";
        snapshot.shared.users.get(id).cloned().unwrap_or_else(|| Fact::not_asked(Call::DescribeUser, because))
    };
    let found = described.view(|user| user.as_ref().map(|user| user.id.clone()));
    let lookups = vec![UserLookup { by: LookupBy::UserId, value: id.to_owned(), found }];
    UserFacts { lookups, described, ..UserFacts::unasked() }
}
