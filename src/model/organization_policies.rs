//! Which of the organization's policies bind the account: what stands above it, what is attached there, and what of
//! that is not known. What the policies say is for `policy_document`.

use crate::evidence::{AttachedPolicy, Call, Fact, Gap, Gaps, InAccount, PolicyDocument, PolicyKind, Reason, Root};
use crate::iam_policy::Policy;

/// The deepest tree that AWS allows has five units between root and account.
const DEEPEST: usize = 8;

/// The policies of one kind that bind the account.
#[derive(Debug, Default)]
pub struct Binding<'a> {
    /// The account and what stands above it, nearest first, as far as that and what is attached is known.
    pub levels: Vec<Level<'a>>,
    /// What could hide more of them.
    pub gaps: Gaps,
}

/// What is attached to the account, to a unit above it, or to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level<'a> {
    /// Its id.
    pub target: &'a str,
    /// The policies attached right there.
    pub listed: &'a Fact<Vec<AttachedPolicy>>,
    /// The same, known.
    pub policies: &'a [AttachedPolicy],
}

/// What a policy says.
#[derive(Debug)]
pub enum Document<'a> {
    /// It is AWS's own that allows everything.
    AllowsEverything,
    /// This.
    Says(&'a Fact<PolicyDocument>, &'a Policy),
}

/// The account and what stands above it, nearest first, up to the root; and what hides the rest of it.
pub fn chain<'a>(here: InAccount<'a>, account: &'a str) -> (Vec<&'a str>, Gaps) {
    let mut gaps = Gaps::default();
    let described = gaps.keep(here.account().described.known());
    let path = described.and_then(Option::as_ref).and_then(|account| account.path.as_deref());
    if let Some(chain) = path.and_then(|path| of_path(path, account)) {
        return (chain, gaps);
    }
    let mut chain = vec![account];
    while let Some(last) = chain.last().copied().filter(|last| !last.starts_with("r-")) {
        let parent = match here.policies().parents.get(last) {
            Some(fact) => fact.known(),
            None => Err(here.unasked(Call::ListParents, format!("what stands above {last} was not asked for"))),
        };
        match parent {
            Ok(parent) if chain.len() <= DEEPEST => chain.push(parent),
            Ok(parent) => {
                gaps.0.push(here.unasked(Call::ListParents, format!("{parent} is too far above the account")));
                return (chain, gaps);
            }
            Err(gap) => {
                gaps.0.push(gap);
                return (chain, gaps);
            }
        }
    }
    // The parents tell as much as the path would have.
    (chain, Gaps::default())
}

/// Reads `o-…/r-…/ou-…/<account>/`.
fn of_path<'a>(path: &'a str, account: &str) -> Option<Vec<&'a str>> {
    let mut chain: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let organization = chain.first()?.starts_with("o-");
    let root = chain.get(1)?.starts_with("r-");
    if !organization || !root || chain.last().copied() != Some(account) {
        return None;
    }
    chain.remove(0);
    chain.reverse();
    Some(chain)
}

/// Why no policy of the organization binds the account. `Ok(None)`: they may.
pub fn exemption(here: InAccount<'_>) -> Result<Option<&'static str>, Gap> {
    let Some(account) = here.account_id()? else { return Ok(Some("there is no such account")) };
    let Some(organization) = here.organization().known()? else {
        return Ok(Some("the caller is in no organization"));
    };
    Ok(if organization.management_account == account {
        Some("policies of the organization do not bind its management account")
    } else if organization.feature_set.as_deref() == Some("CONSOLIDATED_BILLING") {
        Some("an organization for consolidated billing has no policies")
    } else if matches!(here.account().described.known(), Ok(None)) {
        Some("the account is not in the organization")
    } else {
        None
    })
}

/// Whether policies of a kind are switched on.
pub fn is_switched_on(roots: &Fact<Vec<Root>>, kind: PolicyKind) -> Result<bool, Gap> {
    let Some(root) = roots.known()?.first() else { return Err(roots.unclear("the organization shows no root")) };
    match root.policy_types.get(kind.as_str()).map(String::as_str) {
        Some("ENABLED") => Ok(true),
        None => Ok(false),
        Some(status) => Err(roots.unclear(format!("policies of type {} are {status}", kind.as_str()))),
    }
}

/// The policies of a kind that bind the account. `Ok(None)`: they never bind this account. No level: they are switched
/// off.
pub fn binding(here: InAccount<'_>, kind: PolicyKind) -> Result<Option<Binding<'_>>, Gaps> {
    if exemption(here)?.is_some() {
        return Ok(None);
    }
    let Some(account) = here.account_id()? else { return Ok(None) };
    if !is_switched_on(&here.policies().roots, kind)? {
        return Ok(Some(Binding::default()));
    }
    let (chain, mut gaps) = chain(here, account);
    let mut levels = Vec::new();
    for target in chain {
        let Some(attached) = here.policies().attached.get(target) else {
            let because = format!("what is attached to {target} was not asked for");
            gaps.0.push(here.unasked(Call::ListPoliciesForTarget, because));
            continue;
        };
        let listed = attached.of(kind);
        if let Some(policies) = gaps.keep(listed.known()) {
            levels.push(Level { target, listed, policies });
        }
    }
    Ok(Some(Binding { levels, gaps }))
}

/// What a policy says, or why that is not known.
pub fn document<'a>(here: InAccount<'a>, policy: &AttachedPolicy) -> Result<Document<'a>, Gap> {
    if allows_everything(policy) {
        return Ok(Document::AllowsEverything);
    }
    let fact = here.policies().documents.get(&policy.id).ok_or_else(|| {
        let because = format!("what policy {} says was not asked for", label(policy));
        here.unasked(Call::DescribePolicy, because)
    })?;
    let text = fact.known()?;
    let says = text.policy();
    let says = says.map_err(|error| fact.unclear(format!("policy {} cannot be read: {error}", label(policy))))?;
    Ok(Document::Says(fact, says))
}

/// Whether it is the policy with which AWS allows everything; its text need not be asked for.
pub fn allows_everything(policy: &AttachedPolicy) -> bool {
    policy.aws_managed && matches!(policy.id.as_str(), "p-FullAWSAccess" | "p-RCPFullAWSAccess")
}

/// The policy for people: its name and its id.
pub fn label(policy: &AttachedPolicy) -> String {
    policy.name.as_ref().map_or_else(|| policy.id.clone(), |name| format!("{name} ({})", policy.id))
}

/// A target for people.
pub fn place(target: &str) -> String {
    let kind = match target.split('-').next() {
        Some("r") => "the root",
        Some("ou") => "organizational unit",
        _ => "account",
    };
    format!("{kind} {target}")
}

/// The gap that statements leave whose bearing on the request cannot be decided.
pub fn undecided(fact: &Fact<PolicyDocument>, policy: &AttachedPolicy, why: &crate::iam_policy::Undecided) -> Gap {
    fact.gap(Reason::Failed, format!("policy {}: {why}", label(policy)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Evidence, sample};

    #[test]
    fn the_account_s_path_tells_the_chain_and_else_its_parents_do() {
        let mut evidence = sample::healthy();
        let expected = vec![sample::ACCOUNT, sample::UNIT, sample::ROOT];
        assert_eq!(chain(evidence.in_account(), sample::ACCOUNT), (expected.clone(), Gaps::default()));
        evidence.account.described = sample::denied(Call::DescribeAccount);
        let (short, gaps) = chain(evidence.in_account(), sample::ACCOUNT);
        assert_eq!((short, gaps.0.len()), (vec![sample::ACCOUNT], 2));
        for (child, parent) in [(sample::ACCOUNT, sample::UNIT), (sample::UNIT, sample::ROOT)] {
            let fact = sample::known(Call::ListParents, parent.to_owned());
            evidence.policies.parents.insert(child.to_owned(), fact);
        }
        assert_eq!(chain(evidence.in_account(), sample::ACCOUNT), (expected, Gaps::default()));
    }

    #[test]
    fn a_tree_that_bites_its_tail_ends() {
        let mut evidence = sample::healthy();
        evidence.account.described = sample::denied(Call::DescribeAccount);
        let up = sample::known(Call::ListParents, sample::UNIT.to_owned());
        for child in [sample::ACCOUNT, sample::UNIT] {
            evidence.policies.parents.insert(child.to_owned(), up.clone());
        }
        assert!(!chain(evidence.in_account(), sample::ACCOUNT).1.0.is_empty());
    }

    #[test]
    fn binds_neither_the_management_account_nor_where_it_is_switched_off() {
        let kind = PolicyKind::ResourceControl;
        let mut evidence = sample::healthy();
        let levels = |evidence: &Evidence| {
            binding(evidence.in_account(), kind).map(|binding| binding.map(|one| one.levels.len()))
        };
        assert_eq!(levels(&evidence), Ok(Some(3)));
        let root = Root { id: sample::ROOT.into(), policy_types: std::collections::BTreeMap::new() };
        evidence.policies.roots = sample::known(Call::ListRoots, vec![root]);
        assert_eq!(levels(&evidence), Ok(Some(0)));
        evidence.account.id = Some("111122223333".into());
        assert_eq!(levels(&evidence), Ok(None));
        evidence.organization = sample::denied(Call::DescribeOrganization);
        assert!(levels(&evidence).is_err());
    }
}
