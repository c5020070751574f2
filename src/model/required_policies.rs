//! Whether a policy that a permission set names is in the account, and what comes close to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::{Call, CustomerPolicy, Gaps, InAccount, PolicyReference};
use crate::findings::{Citation, Effect, Fault, Fix, NearMiss};
use crate::model::SetInAccount;
use crate::model::fixes;
use crate::model::inside_target;
use crate::wording::suggest;

/// A policy that is named but not there.
pub struct Missing<'a> {
    /// The reference.
    pub reference: &'a PolicyReference,
    /// What comes close, closest first.
    pub near_misses: Vec<NearMiss>,
}

/// How many policies a permission set may name by AWS's quotas.
const MOST_NAMED: usize = 20;

/// The policies among these that the account does not have. Identity Center compares name and path exactly, case
/// included, although IAM looks names up without regard to case.
pub fn missing<'a>(
    here: InAccount<'_>,
    references: impl Iterator<Item = &'a PolicyReference>,
) -> Result<Vec<Missing<'a>>, Gaps> {
    let policies = inside_target(here, &here.inside().policies)?;
    let references: Vec<&PolicyReference> = references.collect();
    // As many as a permission set may name are looked for one by one; a recording may hold any number.
    let there: Option<BTreeSet<(&str, &str)>> =
        (references.len() > MOST_NAMED).then(|| policies.iter().map(|policy| (&*policy.name, &*policy.path)).collect());
    let is_there = |reference: &PolicyReference| match &there {
        Some(there) => there.contains(&(&*reference.name, &*reference.path)),
        None => policies.iter().any(|policy| policy.name == reference.name && policy.path == reference.path),
    };
    let absent: Vec<&PolicyReference> = references.into_iter().filter(|reference| !is_there(reference)).collect();
    if absent.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = Known::of(policies);
    Ok(absent.into_iter().map(|reference| Missing { reference, near_misses: known.near_misses(reference) }).collect())
}

/// Why an AWS managed policy is not there.
pub struct NoSuchPolicy {
    /// As a clause.
    pub because: String,
    /// What shows it, where AWS was asked.
    pub proof: Option<Citation>,
}

/// Whether AWS has a policy of its own of this ARN, for the partition that the organization lives in.
pub fn missing_aws_managed(here: InAccount<'_>, arn: &str) -> Result<Option<NoSuchPolicy>, Gaps> {
    let partition = here.instance()?.partition();
    if arn.split(':').nth(1) != Some(partition) {
        let because = format!("it belongs to another partition than this one ({partition})");
        return Ok(Some(NoSuchPolicy { because, proof: None }));
    }
    let Some(fact) = here.inside().aws_managed.get(arn) else {
        let unasked = here.unasked(Call::GetPolicy, format!("{arn} was not looked for in the account"));
        return Err(Gaps([unasked].into_iter().chain(here.inside().entry.known().err()).collect()));
    };
    Ok(fact.known()?.is_none().then(|| NoSuchPolicy {
        because: "AWS has no such policy (any more)".to_owned(),
        proof: Some(fact.cite(format!("there is no policy {arn}"))),
    }))
}

/// The policies of an account, to be compared with.
struct Known<'a> {
    all: &'a [CustomerPolicy],
    /// By their names in lower case.
    by_name: BTreeMap<String, Vec<&'a CustomerPolicy>>,
    /// How many letters may still be compared.
    left: usize,
}

/// How many letters are compared for one permission set at the most: 20 names with 1000 as long as they are. A recording
/// may hold any number of either.
const MOST_COMPARED: usize = 1_000_000;

impl<'a> Known<'a> {
    fn of(all: &'a [CustomerPolicy]) -> Self {
        let mut by_name: BTreeMap<String, Vec<&CustomerPolicy>> = BTreeMap::new();
        for policy in all {
            by_name.entry(policy.name.to_ascii_lowercase()).or_default().push(policy);
        }
        Self { all, by_name, left: MOST_COMPARED }
    }

    fn near_misses(&mut self, reference: &PolicyReference) -> Vec<NearMiss> {
        let mut ranked: Vec<(usize, &str, &'static str)> = Vec::new();
        for policy in self.by_name.get(&reference.name.to_ascii_lowercase()).into_iter().flatten() {
            ranked.push((1, &policy.arn, if policy.name == reference.name { "path" } else { "case" }));
        }
        for policy in self.all.iter().filter(|policy| suggest::is_of_like_length(&reference.name, &policy.name)) {
            let letters = reference.name.len() + policy.name.len();
            if self.left < letters {
                break;
            }
            self.left -= letters;
            if policy.name.eq_ignore_ascii_case(&reference.name) {
                continue;
            }
            if let Some(distance) = suggest::distance(&reference.name, &policy.name) {
                ranked.push((distance + 1, &policy.arn, "spelling"));
            }
        }
        ranked.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        ranked.truncate(5);
        ranked.into_iter().map(|(_, arn, differs_in)| NearMiss { arn: arn.to_owned(), differs_in }).collect()
    }
}

/// A sentence about the closest near miss, where there is one.
pub fn near_miss_sentence(missing: &Missing<'_>) -> String {
    let Some(near) = missing.near_misses.first() else { return String::new() };
    let there = near.arn.split_once(":policy").map_or(near.arn.as_str(), |(_, name)| name);
    match near.differs_in {
        "case" => format!(
            " The account has {there}, which differs in upper and lower case: Identity Center compares names exactly, although IAM does not."
        ),
        "path" => format!(" The account has it under another path, as {there}: Identity Center compares the path too."),
        _ => format!(" The account has {there}, which is spelt nearly the same."),
    }
}

/// What a permission set names a policy as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// One of its policies.
    Policy,
    /// Its permissions boundary.
    Boundary,
}

/// Adds what mends a missing policy: create it, or name the one that is there; then have the copy made again.
pub fn fix(mut fault: Fault, here: SetInAccount<'_>, missing: &[Missing<'_>], named: Named) -> Fault {
    let account = here.account().id.as_deref().unwrap_or_default();
    for missing in missing {
        let wanted = missing.reference;
        let near = missing.near_misses.first().filter(|near| near.differs_in != "spelling");
        let Some(there) = near.and_then(|near| PolicyReference::of_arn(&near.arn)) else {
            fault = fault.mended_by(fixes::create_policy(here.in_account, wanted));
            continue;
        };
        fault = fault.mended_by(match named {
            Named::Policy => fixes::name_policy(here.in_account, here.arn, wanted, &there),
            Named::Boundary => fixes::name_boundary(here.in_account, here.arn, wanted, &there),
        });
        let anew = format!(
            "Or delete {} in account {account} and create {}: the names of IAM's policies are unique in an account, whatever \
             their case and path",
            there.label(),
            wanted.label()
        );
        fault = fault.mended_by([Fix::new(anew, None).careful("whatever else the policy is attached to loses it")]);
    }
    fault.mended_by([fixes::provision(here)])
}

/// What follows from a missing policy, as the end of a sentence.
pub fn consequence(here: SetInAccount<'_>, effect: Effect) -> String {
    let set = here.label();
    match effect {
        Effect::Blocks => format!("so permission set {set} cannot be provisioned there"),
        Effect::Degrades => {
            format!("so permission set {set} cannot be reprovisioned there; its role goes on with the policies it has")
        }
    }
}
