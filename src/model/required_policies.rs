//! Whether a policy that a permission set names is in the account, and what comes close to it.

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

/// The policies among these that the account does not have. Identity Center compares name and path exactly, case
/// included, although IAM looks names up without regard to case.
pub fn missing<'a>(
    here: InAccount<'_>,
    references: impl Iterator<Item = &'a PolicyReference>,
) -> Result<Vec<Missing<'a>>, Gaps> {
    let policies = inside_target(here, &here.inside().policies)?;
    let absent = references.filter(|reference| {
        !policies.iter().any(|policy| policy.name == reference.name && policy.path == reference.path)
    });
    Ok(absent.map(|reference| Missing { reference, near_misses: near_misses(reference, policies) }).collect())
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

fn near_misses(reference: &PolicyReference, policies: &[CustomerPolicy]) -> Vec<NearMiss> {
    let mut ranked: Vec<(usize, NearMiss)> = Vec::new();
    for policy in policies {
        let (rank, differs_in) = if policy.name == reference.name {
            (0, "path")
        } else if policy.name.eq_ignore_ascii_case(&reference.name) {
            (0, "case")
        } else if let Some(distance) = suggest::distance(&reference.name, &policy.name) {
            (distance, "spelling")
        } else {
            continue;
        };
        ranked.push((rank + 1, NearMiss { arn: policy.arn.clone(), differs_in }));
    }
    ranked.sort_by(|a, b| (a.0, &a.1.arn).cmp(&(b.0, &b.1.arn)));
    ranked.truncate(5);
    ranked.into_iter().map(|(_, near_miss)| near_miss).collect()
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
