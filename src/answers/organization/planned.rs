//! What a plan would break or leave unprovisioned, before it is carried out. What the plan does not tell is not known, and
//! never taken for fine.

use std::collections::{BTreeMap, BTreeSet};

use super::AccountShown;
use super::before::Foreseen;
use super::pieces::{Piece, Pieces, Words};
use super::scan::{Scan, ScanFinding};
use crate::evidence::{Call, Fate, Gap, GonePolicy, PolicyReference, Proposed, ProposedAssignment, Reason, Snapshot};
use crate::findings::{Fix, Subject};
use crate::model::organization::{Pair, carried_out, may_exist, places, proposed};
use crate::verdict::{Finding, PathState, WayJudged};
use crate::wording;

mod members;
mod people;
mod sets;
mod taken;
#[cfg(test)]
mod tests;

/// How many addresses a sentence names.
const NAMED: usize = 3;

/// Judges what a plan would come to.
pub fn planned(snapshot: &Snapshot) -> Scan {
    let nothing = Proposed::default();
    let plan = proposed(snapshot).unwrap_or(&nothing);
    let after = carried_out(snapshot, plan);
    let mut foreseen = Foreseen::of(&after);
    for untold in &plan.untold {
        foreseen.unread(told_later(untold.call, None, untold.message.clone()), true);
    }
    if let Some(gap) = other_instance(snapshot, plan) {
        // Whatever it names is not in this instance, and that says nothing of the one it is in.
        foreseen.unread(gap, true);
        return foreseen.told(snapshot, |_, _| {});
    }
    if let Err(gap) = snapshot.shared.accounts.known() {
        foreseen.unread(gap, true);
    }
    plan.in_part.iter().for_each(|set| foreseen.is_told_in_part(set));
    let places = places(&after, plan);
    if !plan.gone_policies.is_empty() {
        sets::unread(&mut foreseen, &after);
    }
    for set in plan.sets.iter().filter(|set| set.fate == Fate::Stays) {
        let of = after.shared.accounts_of.get(&set.key).into_iter();
        let lists = of.flat_map(|of| [&of.latest, &of.outdated]);
        lists.filter_map(|list| list.known().err()).for_each(|gap| foreseen.unread(gap, true));
    }
    let made = Made::of(&after, plan, &foreseen, places.keys().copied());
    for pair in places.keys().filter(|pair| may_exist(&after, pair.0) && !is_left(&after, plan, **pair)) {
        let judged = foreseen.judge(*pair, stands(&after, plan, *pair));
        let (judged, may_be_made) = made.weighed(*pair, judged);
        foreseen.take(*pair, judged, |fault| may_be_made && made.makes_all(fault));
    }
    // That none is told is told already.
    for given in plan.given.iter().filter(|given| !given.certain && !given.sets.is_empty()) {
        one_of_several(&mut foreseen, &after, plan, given);
    }
    people::tell(&mut foreseen, &after, plan);
    people::gone(&mut foreseen, &after, plan);
    members::tell(&mut foreseen, snapshot, &after, plan);
    sets::tell(&mut foreseen, &after, plan);
    taken::tell(&mut foreseen, snapshot, &after, plan);
    foreseen.told(snapshot, |finding, pairs| {
        for (piece, pair) in finding.pieces.list.iter_mut().zip(pairs) {
            piece.addresses = places.get(pair).into_iter().flatten().map(|address| (*address).to_owned()).collect();
        }
        finish(finding, plan, &made);
    })
}

/// What is told only once the plan is carried out.
fn told_later(call: Call, account: Option<&str>, message: String) -> Gap {
    let account = account.map(str::to_owned);
    Gap { call, account, region: None, reason: Reason::Failed, message, answered: true, in_vain: false }
}

/// The plan is of another instance than the one that was asked.
fn other_instance(snapshot: &Snapshot, plan: &Proposed) -> Option<Gap> {
    let own = &snapshot.instance()?.arn;
    let other = plan.instances.iter().find(|one| one.arn != *own)?;
    let message = format!(
        "{} is of instance {}, and these credentials see {own}: ask with those that the plan is applied with",
        other.address, other.arn
    );
    Some(told_later(Call::ListInstances, None, message))
}

/// Whether a permission set is in the account already, so that only its change may fail.
fn stands(after: &Snapshot, plan: &Proposed, (account, key): Pair<'_>) -> bool {
    if plan.set(key).is_some_and(|set| set.fate == Fate::Made) {
        return false;
    }
    let of = after.shared.accounts_of.get(key);
    let is_without = of.is_some_and(|of| {
        [&of.latest, &of.outdated].iter().all(|list| list.known().is_ok_and(|ids| !ids.iter().any(|id| id == account)))
    });
    !is_without
}

/// Whether the plan takes away all that is assigned of a permission set in an account: AWS takes the permission set out of it
/// then, and it needs nothing there.
fn is_left(after: &Snapshot, plan: &Proposed, (account, key): Pair<'_>) -> bool {
    let rows = after.accounts.get(account).and_then(|account| account.assignments.get(key));
    let rows = rows.and_then(|rows| rows.known().ok()).map(Vec::as_slice).unwrap_or_default();
    let is_given = |given: &ProposedAssignment| {
        given.account.as_deref().is_none_or(|id| id == account)
            && (given.sets.is_empty() || given.sets.iter().any(|set| set == key))
    };
    !rows.is_empty()
        && rows.iter().all(|row| sets::takes(plan, account, key, &row.principal))
        && !plan.given.iter().any(is_given)
}

/// An assignment of one of several permission sets: where all of them fail, it fails; where some do, that is not known.
fn one_of_several<'s>(
    foreseen: &mut Foreseen<'s>,
    after: &'s Snapshot,
    plan: &'s Proposed,
    given: &'s ProposedAssignment,
) {
    let Some(account) = given.account.as_deref().filter(|id| may_exist(after, id)) else { return };
    let pairs: Vec<Pair<'s>> = given.sets.iter().map(|set| (account, set.as_str())).collect();
    let judged: Vec<Option<WayJudged>> =
        pairs.iter().map(|pair| foreseen.judge(*pair, stands(after, plan, *pair))).collect();
    let is_fine = |judged: &Option<WayJudged>| judged.as_ref().is_some_and(|one| one.state == PathState::Open);
    if judged.iter().all(is_fine) {
        for (pair, judged) in pairs.into_iter().zip(judged) {
            foreseen.take(pair, judged, |_| false);
        }
    } else if judged.iter().all(|one| one.as_ref().is_some_and(|one| one.cause.is_some())) {
        for (pair, judged) in pairs.into_iter().zip(judged) {
            foreseen.take(pair, judged, |_| true);
        }
    } else {
        let labels = given.sets.iter().map(|key| after.in_instance().permission_set_label(key).to_owned());
        let which = wording::list(labels, 5);
        let message = format!(
            "the plan does not tell which of {which} {} assigns, and not all of them would be fine there",
            given.address
        );
        foreseen.unread(told_later(Call::DescribePermissionSet, Some(account), message), true);
    }
}

/// The policies that the plan makes itself, and the accounts that lack them.
struct Made<'s> {
    addresses: BTreeMap<&'s PolicyReference, Vec<&'s str>>,
    lacking: BTreeMap<PolicyReference, BTreeSet<&'s str>>,
}

impl<'s> Made<'s> {
    fn of(
        after: &Snapshot,
        plan: &'s Proposed,
        foreseen: &Foreseen<'s>,
        pairs: impl Iterator<Item = Pair<'s>>,
    ) -> Self {
        let mut addresses: BTreeMap<&PolicyReference, Vec<&str>> = BTreeMap::new();
        for made in &plan.policies {
            addresses.entry(&made.policy).or_default().push(&made.address);
        }
        let mut lacking: BTreeMap<PolicyReference, BTreeSet<&str>> = BTreeMap::new();
        if !addresses.is_empty() {
            for pair in pairs {
                let judged = foreseen.judge(pair, stands(after, plan, pair));
                for policy in judged.iter().flat_map(missing) {
                    lacking.entry(policy.clone()).or_default().insert(pair.0);
                }
            }
        }
        Self { addresses, lacking }
    }

    /// Whether the plan may make it in every account that lacks it.
    fn may_suffice(&self, policy: &PolicyReference) -> bool {
        let made = self.addresses.get(policy).map_or(0, Vec::len);
        made >= self.lacking.get(policy).map_or(usize::MAX, BTreeSet::len)
    }

    /// What was judged, with the policies that the plan makes: in which account, its provider tells and not the plan.
    fn weighed(&self, (account, _): Pair<'s>, judged: Option<WayJudged>) -> (Option<WayJudged>, bool) {
        let Some(judged) = judged else { return (None, false) };
        let (made, mut others): (Vec<&Finding>, Vec<&Finding>) =
            judged.cause.iter().chain(&judged.also).partition(|fault| self.makes_all(fault));
        let missing: Vec<&PolicyReference> = made.iter().copied().flat_map(missing_by).collect();
        if made.is_empty() {
            return (Some(judged), false);
        }
        if !missing.iter().all(|policy| self.may_suffice(policy)) {
            return (Some(judged), true);
        }
        let named: Vec<String> = missing.iter().map(|policy| policy.label()).collect();
        let at = missing.iter().filter_map(|policy| self.addresses.get(*policy)).flatten();
        let message = format!(
            "the plan makes policy {} itself ({}), and does not tell in which account",
            wording::list(named, NAMED),
            wording::list(at.map(|address| (*address).to_owned()), NAMED)
        );
        let gap = told_later(Call::ListPolicies, Some(account), message);
        let mut undecided = judged.undecided.clone();
        undecided.extend(made.iter().map(|fault| (fault.rule, gap.clone())));
        // What else is wrong there is wrong whether the plan makes it there or not.
        others.retain(|one| one.follows_from.is_none());
        let mut others = others.into_iter().cloned();
        let (cause, also) = (others.next(), others.collect());
        (Some(WayJudged { state: PathState::Unknown, cause, also, gaps: vec![gap], undecided }), false)
    }

    /// Whether policies are missing, and the plan makes each of them somewhere.
    fn makes_all(&self, finding: &Finding) -> bool {
        let mut missing = missing_by(finding).peekable();
        missing.peek().is_some() && missing.all(|policy| self.addresses.contains_key(policy))
    }
}

/// The customer managed policies that an account lacks.
fn missing(judged: &WayJudged) -> impl Iterator<Item = &PolicyReference> {
    judged.cause.iter().chain(&judged.also).flat_map(missing_by)
}

fn missing_by(finding: &Finding) -> impl Iterator<Item = &PolicyReference> {
    let rules = ["customer-managed-policy-missing", "permissions-boundary-missing"];
    let is_missing = rules.contains(&finding.rule);
    finding.fault.about.iter().filter(move |_| is_missing).filter_map(|about| match about {
        Subject::Policy(policy) => Some(policy),
        Subject::AwsManagedPolicy(_) | Subject::OrganizationPolicy { .. } | Subject::Principal(_) => None,
    })
}

/// Says where in the plan it stands, of something that is the same wherever it shows.
fn name_addresses(finding: &mut ScanFinding, addresses: impl IntoIterator<Item = String>) {
    let addresses: Vec<String> = addresses.into_iter().collect();
    let piece = |account: Option<AccountShown>| Piece {
        message: finding.message.clone(),
        fixes: finding.fixes.clone(),
        evidence: finding.evidence.clone(),
        addresses: addresses.clone(),
        ..Piece::of(account)
    };
    let list: Vec<Piece> = match &finding.accounts[..] {
        [] => vec![piece(None)],
        accounts => accounts.iter().cloned().map(Some).map(piece).collect(),
    };
    finding.pieces = Pieces { list, words: Words::Same, of_plan: None };
    finding.put_together();
}

/// What mends it is done in accounts and in the configuration; the plan would undo what is done to a permission set by
/// hand. What the plan itself says is no answer of AWS.
fn finish(finding: &mut ScanFinding, plan: &Proposed, made: &Made<'_>) {
    let is_of_accounts = |fix: &Fix| {
        let service = fix.command.as_ref().and_then(|command| command.words.get(1));
        service.is_none_or(|service| service != "sso-admin")
    };
    let policies: Vec<&PolicyReference> = finding
        .about
        .iter()
        .filter_map(|about| match about {
            Subject::Policy(policy) => Some(policy),
            _ => None,
        })
        .collect();
    // It is the same steps wherever it shows.
    let in_configuration = in_configuration(finding.rule).map(|what| Fix::new(what, None));
    let anew = policies.iter().map(|policy| {
        Fix::new(
            format!(
                "Or let Terraform make it: an aws_iam_policy with name = \"{}\" and path = \"{}\", with a provider of each \
                 account, and the assignments after it (depends_on)",
                policy.name, policy.path
            ),
            None,
        )
    });
    let steps: Vec<Fix> = in_configuration.into_iter().chain(anew).collect();
    for piece in &mut finding.pieces.list {
        piece.fixes.retain(is_of_accounts);
        piece.fixes.extend(steps.iter().cloned());
        piece.evidence.retain(|citation| citation.at.is_some());
        of_deleted(piece, plan, &policies);
    }
    let makes = policies.iter().filter_map(|policy| made.addresses.get(policy)).flatten();
    let makes: Vec<String> = makes.map(|address| (*address).to_owned()).collect();
    finding.pieces.of_plan = (!makes.is_empty()).then(|| {
        let makes = wording::list(makes, NAMED);
        format!("The plan makes the policy too ({makes}), but not as often as it is missing.")
    });
    finding.put_together();
}

/// A policy that the plan deletes is missing only afterwards: nobody has to make it.
fn of_deleted(piece: &mut Piece, plan: &Proposed, policies: &[&PolicyReference]) {
    let account = piece.account.as_ref().map(|account| account.id.as_str());
    let is_meant = |gone: &&GonePolicy| policies.contains(&&gone.policy) && account == Some(gone.account.as_str());
    piece.deleted_at = plan.gone_policies.iter().filter(is_meant).map(|gone| gone.address.clone()).collect();
    if !piece.deleted_at.is_empty() {
        let what = "Keep the policy while a permission set names it, or take it out of the permission set first";
        piece.fixes = vec![Fix::new(what, None)];
    }
}

/// What mends the contents of a permission set where they are written.
fn in_configuration(rule: &str) -> Option<&'static str> {
    match rule {
        "permission-set-empty" => Some(
            "Attach the policy that the permission set should have in the configuration, or give it an inline policy there",
        ),
        "permission-set-denies-session" => Some("If it is not meant, change these policies in the configuration"),
        _ => None,
    }
}
