//! What is wrong with the roles to which account access manager entitles people.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cause, ScanFinding};
use crate::answers::organization::pieces::{Piece, Pieces, Words};
use crate::answers::organization::{AccountShown, Via};
use crate::evidence::{Applications, Entitlement, Principal, PrincipalType, Snapshot};
use crate::findings::{Effect, Fix, Gate, Subject};
use crate::model::organization::{is_account_asked, principal_name};
use crate::model::paths::Entitled;
use crate::verdict::{Finding, PathState, Unread, WayJudged, judge_entitlement};

/// Entitlements of one role in one account.
pub(in crate::answers::organization) struct Role<'s> {
    account: &'s str,
    arn: &'s str,
    principals: BTreeSet<&'s Principal>,
    judged: WayJudged,
}

/// Where one cause shows: each place with the user or group.
pub(super) type Shown<'s> = Vec<(&'s str, &'s Principal)>;

/// All of them that were asked about, as far as they were read. Whoever asks about permission sets does not ask about these.
pub(in crate::answers::organization) fn roles(snapshot: &Snapshot) -> Vec<Role<'_>> {
    if snapshot.scope.narrowed().is_none_or(|narrowed| !narrowed.permission_sets.is_empty()) {
        return Vec::new();
    }
    let mut roles = Vec::new();
    for (id, account) in snapshot.accounts.iter().filter(|(id, _)| is_account_asked(snapshot, id)) {
        let Some(here) = snapshot.in_account(id) else { continue };
        for (application, rows) in &account.entitlements {
            let mut of_role: BTreeMap<&str, Vec<&Entitlement>> = BTreeMap::new();
            for row in rows.known().into_iter().flatten() {
                of_role.entry(&row.role_arn).or_default().push(row);
            }
            for (arn, rows) in of_role {
                let principals: BTreeSet<&Principal> = rows.into_iter().map(|row| &row.principal).collect();
                let Some(first) = principals.first() else { continue };
                let (application, via) = (application.clone(), (*first).clone());
                let judged = judge_entitlement(here, &Entitled { application, role_arn: arn.to_owned(), via });
                roles.push(Role { account: id, arn, principals, judged });
            }
        }
    }
    roles
}

/// Whether it is known what a rule says of all of them in an account.
pub(in crate::answers::organization) fn is_decided(snapshot: &Snapshot, account: &str, rule: &str) -> bool {
    let applications = &snapshot.shared.entitlements.applications;
    let Ok(Applications::Listed(arns)) = applications.known() else { return false };
    let lists = |arn: &String| {
        let of = snapshot.accounts.get(account).and_then(|account| account.entitlements.get(arn));
        of.is_some_and(|rows| rows.known().is_ok())
    };
    let is_open = |role: &Role<'_>| role.account == account && role.judged.undecided.iter().any(|(id, _)| *id == rule);
    arns.iter().all(lists) && !roles(snapshot).iter().any(is_open)
}

/// The entitlements of users and groups that are gone: nobody has them.
pub(super) fn of_nobody(snapshot: &Snapshot, roles: &[Role<'_>]) -> Vec<ScanFinding> {
    let mut gone: BTreeMap<&Principal, Vec<Piece>> = BTreeMap::new();
    for role in roles {
        for principal in role.principals.iter().filter(|one| principal_name(snapshot, one) == Ok(None)) {
            let shown = match principal.kind {
                PrincipalType::Group => snapshot.shared.groups.get(&principal.id).map(|fact| fact.cite("it is gone")),
                PrincipalType::User => snapshot.shared.users.get(&principal.id).map(|fact| fact.cite("they are gone")),
            };
            let account = AccountShown::of(snapshot, role.account);
            let kind = if principal.kind == PrincipalType::Group { "group" } else { "user" };
            let message = format!(
                "In account {}, {kind} {} is entitled to role {} and no longer exists. Whoever is deleted and made anew has \
                 a new id: old entitlements do not count for them.",
                account.label(),
                principal.id,
                role.arn
            );
            gone.entry(principal).or_default().push(Piece {
                principal: Some((*principal).clone()),
                message,
                fixes: vec![Fix::new("Delete the entitlement in account access manager", None)],
                evidence: shown.into_iter().collect(),
                ..Piece::of(Some(account))
            });
        }
    }
    let finding = |(principal, list): (&Principal, Vec<Piece>)| {
        let pieces = Pieces { list, words: Words::Ways, of_plan: None };
        let mut finding = ScanFinding {
            about: vec![Subject::Principal(principal.clone())],
            principal: Some(Via::of(snapshot, principal)),
            people: Some(0),
            ..ScanFinding::of("assignment-orphaned-principal", Gate::Assignment, Effect::Degrades, pieces)
        };
        finding.put_together();
        finding
    };
    gone.into_iter().map(finding).collect()
}

/// What is not known of them that may keep people out.
pub(super) fn unread<'a>(roles: &'a [Role<'_>]) -> impl Iterator<Item = Unread> + use<'a> {
    let unknown = roles.iter().filter(|role| role.judged.state == PathState::Unknown);
    unknown.flat_map(|role| role.judged.gaps.iter().map(|gap| Unread { gap: gap.clone(), decides: true }))
}

/// What is wrong with them, by cause.
pub(super) fn causes<'s>(
    snapshot: &Snapshot,
    roles: Vec<Role<'s>>,
) -> BTreeMap<Cause<'s>, (Gate, Vec<Piece>, Shown<'s>)> {
    let mut found: BTreeMap<Cause<'_>, (Gate, Vec<Piece>, Shown<'_>)> = BTreeMap::new();
    for Role { account, principals, judged, .. } in roles {
        let shown_as = AccountShown::of(snapshot, account);
        for (fault, follows) in judged.causes() {
            let cause = Cause::of_entitlement(account, &fault);
            let (_, pieces, shown) = found.entry(cause).or_insert_with(|| (fault.gate, Vec::new(), Vec::new()));
            for principal in &principals {
                pieces.push(piece(&shown_as, principal, &fault, &follows));
                shown.push((account, principal));
            }
        }
    }
    found
}

fn piece(account: &AccountShown, principal: &Principal, fault: &Finding, follows: &[&'static str]) -> Piece {
    let fault = fault.fault.clone();
    Piece {
        principal: Some(principal.clone()),
        message: fault.message,
        confidence: fault.confidence,
        follows: follows.to_vec(),
        fixes: fault.fixes,
        evidence: fault.proof,
        ..Piece::of(Some(account.clone()))
    }
}
