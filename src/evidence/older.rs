//! Recordings of earlier versions of idc, which asked for less. What they could not hold yet is read as a question that
//! was not put; nothing else may be missing.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::recorded::RecordedEntitlements;
use super::{Call, Evidence, Fact, Missing, Observed, OrganizationPolicies, Reason, SignInEvidence};
use crate::json;

/// Why such a question was not put.
const UNRECORDED: &str = "recorded before idc asked this";

/// A part of the evidence that the first recordings are without.
#[derive(Debug)]
struct Part {
    /// Where it stands in the evidence, as a JSON pointer.
    place: &'static str,
    /// Where a map of it stands. It came with the rest: where only one of them is there, the recording is damaged.
    with: Option<&'static str>,
    /// What it tells, for people.
    tells: &'static str,
    /// It, with nothing asked in the caller's account.
    blank: fn(Option<&str>) -> serde_json::Result<Value>,
    /// Whether it is blank for that reason.
    is_blank: fn(&Evidence) -> bool,
}

/// What came after the first recordings. Whoever adds a fact names it here, so that older recordings stay readable.
const PARTS: [Part; 5] = [
    Part {
        place: "/instance_details",
        with: None,
        tells: "whether the instance supports permission sets",
        blank: |home| json::value(&unrecorded::<()>(Call::DescribeInstance, home)),
        is_blank: |evidence| is_unrecorded(&evidence.instance_details),
    },
    Part {
        place: "/attributes",
        with: None,
        tells: "the attributes for access control",
        blank: |home| json::value(&unrecorded::<()>(Call::DescribeInstanceAccessControlAttributeConfiguration, home)),
        is_blank: |evidence| is_unrecorded(&evidence.attributes),
    },
    Part {
        place: "/policies",
        with: None,
        tells: "the organization's policies",
        blank: |home| {
            let roots = unrecorded(Call::ListRoots, home);
            let (parents, attached, documents) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
            json::value(&OrganizationPolicies { roots, parents, attached, documents })
        },
        is_blank: |evidence| is_unrecorded(&evidence.policies.roots),
    },
    Part {
        place: "/entitlements",
        with: Some("/target/entitled_roles"),
        tells: "account access manager",
        blank: |home| {
            let applications = unrecorded(Call::ListApplications, home);
            let (described, in_account) = (BTreeMap::new(), BTreeMap::new());
            json::value(&RecordedEntitlements { applications, described, in_account })
        },
        is_blank: |evidence| is_unrecorded(&evidence.entitlements.applications),
    },
    Part {
        place: "/sign_ins",
        with: None,
        tells: "the user's sign-ins",
        blank: |home| {
            let [verifications, external] = [(); 2].map(|()| unrecorded(Call::LookupEvents, home));
            json::value(&SignInEvidence {
                verifications,
                external,
                successes: BTreeMap::new(),
                anybody: None,
                elsewhere: Vec::new(),
            })
        },
        is_blank: |evidence| is_unrecorded(&evidence.user.sign_ins.verifications),
    },
];

impl Part {
    fn places(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.place).chain(self.with)
    }
}

fn unrecorded<T: Serialize>(call: Call, home: Option<&str>) -> Fact<T> {
    Fact { account: home.map(str::to_owned), ..Fact::not_asked(call, UNRECORDED) }
}

fn is_unrecorded<T>(fact: &Fact<T>) -> bool {
    matches!(&fact.observed, Observed::Missing(missing) if *missing == Missing::new(Reason::NotAsked, UNRECORDED))
}

/// Puts in what a recording is without because idc did not ask for it yet. Whether there was any such.
pub(super) fn fill(evidence: &mut Value) -> serde_json::Result<bool> {
    let home = evidence.pointer("/caller/observed/Known/account").and_then(Value::as_str).map(str::to_owned);
    let mut filled = false;
    for part in &PARTS {
        if part.places().any(|place| evidence.pointer(place).is_some()) {
            continue;
        }
        for place in part.places() {
            let blank = if place == part.place { (part.blank)(home.as_deref())? } else { json!({}) };
            let Some((above, name)) = place.rsplit_once('/') else { continue };
            let Some(members) = evidence.pointer_mut(above).and_then(Value::as_object_mut) else { continue };
            members.insert(name.to_owned(), blank);
            filled = true;
        }
    }
    Ok(filled)
}

/// What the recording that the evidence comes from could not hold yet, for people.
pub fn unrecorded_parts(evidence: &Evidence) -> Vec<&'static str> {
    PARTS.iter().filter(|part| (part.is_blank)(evidence)).map(|part| part.tells).collect()
}

/// Where the parts stand that a recording may be without, as JSON pointers into the evidence, each with what it tells.
/// Of one that stands in two places, both are there or neither is.
pub fn later_parts() -> impl Iterator<Item = (Vec<&'static str>, &'static str)> {
    PARTS.iter().map(|part| (part.places().collect(), part.tells))
}
