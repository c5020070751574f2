//! AWS deletes no permission set that somebody is assigned, or that an account still has.

use std::collections::BTreeSet;

use super::takes;
use crate::answers::organization::before::Foreseen;
use crate::answers::organization::pieces::{Part, Piece, Pieces, Words};
use crate::answers::organization::planned::people::{finding, names, rows_of};
use crate::answers::organization::planned::told_later;
use crate::answers::organization::{AccountShown, SetShown};
use crate::evidence::{Call, Fact, Proposed, ProposedSet, Snapshot};
use crate::findings::{Effect, Fix, Gate};
use crate::model::organization::{accounts_of, deleted};
use crate::wording;

/// Tells where what the plan deletes is still needed, and where that is not known.
pub(super) fn tell(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed) {
    for set in deleted(after, plan).filter_map(|key| plan.set(key)) {
        in_use(foreseen, after, plan, set);
    }
}

fn in_use(foreseen: &mut Foreseen<'_>, after: &Snapshot, plan: &Proposed, set: &ProposedSet) {
    let of = after.shared.accounts_of.get(&set.key);
    for gap in of.into_iter().flat_map(|of| [&of.latest, &of.outdated]).filter_map(|list| list.known().err()) {
        foreseen.unread(gap, true);
    }
    let shown = SetShown::of(after, &set.key);
    // It stays assigned also where it was never provisioned.
    let there = accounts_of(after, &set.key);
    let mut accounts: BTreeSet<&str> =
        after.shared.accounts.known().into_iter().flatten().map(|one| one.id.as_str()).collect();
    accounts.extend(&there);
    let is_asked = |id: &&str| rows_of(after, (id, &set.key)).is_some();
    accounts.extend(after.accounts.keys().map(String::as_str).filter(is_asked));
    let mut list = Vec::new();
    let mut unasked = 0;
    let mut unassigned = Vec::new();
    for account in accounts {
        let Some(rows) = rows_of(after, (account, &set.key)) else {
            unasked += 1;
            continue;
        };
        match rows.known() {
            Err(gap) => foreseen.unread(gap, true),
            Ok(rows) if rows.is_empty() && there.contains(account) => {
                unassigned.push(AccountShown::of(after, account).label());
            }
            Ok(assigned) if assigned.iter().any(|row| !takes(plan, account, &set.key, &row.principal)) => {
                list.push(piece(after, set, account, rows));
            }
            Ok(_) => {}
        }
    }
    let label = shown.label();
    if unasked > 0 {
        let message = format!(
            "the plan deletes permission set {label}, and whether it is assigned was not asked in {}: AWS refuses to delete \
             it while it is",
            wording::count(unasked, "account")
        );
        foreseen.unread(told_later(Call::ListAccountAssignments, None, message), true);
    }
    if !unassigned.is_empty() {
        let message = format!(
            "the plan deletes permission set {label}, which is provisioned in {} with nobody assigned: AWS may refuse to \
             delete it",
            names(unassigned)
        );
        foreseen.unread(told_later(Call::ListAccountsForProvisionedPermissionSet, None, message), true);
    }
    if list.is_empty() {
        return;
    }
    let words = Words::Parts(vec![
        Part::Text(format!("The plan deletes permission set {label} and leaves assignments of it in ")),
        Part::Accounts,
        Part::Text(": AWS refuses to delete it.".to_owned()),
    ]);
    let mut found = finding("permission-set-in-use", Gate::Assignment, String::new(), Vec::new());
    found.effect = Effect::Degrades;
    found.pieces = Pieces { list, words, of_plan: None };
    found.put_together();
    foreseen.findings.push(found);
}

fn piece<T>(after: &Snapshot, set: &ProposedSet, account: &str, rows: &Fact<T>) -> Piece {
    Piece {
        set: Some(SetShown::of(after, &set.key)),
        fixes: vec![Fix::new("Take these assignments away first, or keep the permission set", None)],
        evidence: vec![rows.cite("assignments that the plan does not take away")],
        addresses: set.addresses.clone(),
        ..Piece::of(Some(AccountShown::of(after, account)))
    }
}
