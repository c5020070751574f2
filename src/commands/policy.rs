//! `idc policy`: the least-privilege policies, from the same enum that every call comes from.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cli::Policy;
use crate::error::Error;
use crate::evidence::{Call, Site};
use crate::output::Text;
use crate::render;

/// Prints the policy.
pub fn run(policy: &Policy) -> Result<u8, Error> {
    let document =
        if policy.target { for_site(Site::Target, None) } else { for_site(Site::Home, Some(&policy.target_role)) };
    let mut text = Vec::new();
    render::json::write_harmless(&mut text, &document)?;
    super::print(&text, Text::Plain).map(|()| 0)
}

/// The policy for all calls of a site.
fn for_site(site: Site, role: Option<&str>) -> Value {
    let calls: Vec<Call> = Call::ALL.iter().copied().filter(|call| call.is_asked_at(site)).collect();
    document(&calls, role)
}

/// A policy for these calls; the role is named where it is to be assumed.
pub(super) fn document(calls: &[Call], role: Option<&str>) -> Value {
    let role = role.filter(|_| calls.contains(&Call::AssumeRole));
    let mut services: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for call in calls {
        match call {
            // Everybody may ask who they are, and the role is named below.
            Call::GetCallerIdentity | Call::AssumeRole => continue,
            _ => {}
        }
        let service = call.action().split_once(':').map_or("", |(service, _)| service);
        services.entry(service).or_default().push(call.action());
    }
    let mut statements: Vec<Value> = services
        .into_iter()
        .map(|(service, actions)| {
            let sid: String = format!("read-{service}").split('-').map(capitalised).collect();
            json!({"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": "*"})
        })
        .collect();
    statements.extend(role.map(|role| {
        // An ARN is of one account; a name stands for the role of that name in each, with the path that it is given with.
        let role = if role.starts_with("arn:") {
            role.to_owned()
        } else {
            format!("arn:*:iam::*:role/{}", role.trim_start_matches('/'))
        };
        json!({
            "Sid": "EnterTargetAccounts",
            "Effect": "Allow",
            "Action": Call::AssumeRole.action(),
            "Resource": role,
        })
    }));
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions(document: &Value) -> Vec<&str> {
        let statements = document["Statement"].as_array().expect("an array");
        let lists = statements.iter().filter_map(|statement| statement["Action"].as_array());
        lists.flatten().filter_map(Value::as_str).collect()
    }

    #[test]
    fn the_role_is_the_one_that_is_assumed() {
        let resource = |role: &str| {
            let document = for_site(Site::Home, Some(role));
            let statements = document["Statement"].as_array().cloned().unwrap_or_default();
            statements.last().map(|last| last["Resource"].as_str().unwrap_or_default().to_owned()).unwrap_or_default()
        };
        for (role, resolved) in [
            ("idc-read", "arn:*:iam::*:role/idc-read"),
            ("team/idc-read", "arn:*:iam::*:role/team/idc-read"),
            ("/team/idc-read", "arn:*:iam::*:role/team/idc-read"),
            ("arn:aws:iam::123456789012:role/team/x", "arn:aws:iam::123456789012:role/team/x"),
        ] {
            assert_eq!(resource(role), resolved);
        }
    }

    #[test]
    fn hold_exactly_the_calls_of_their_site() {
        for site in [Site::Home, Site::Target] {
            let document = for_site(site, None);
            let mut expected: Vec<&str> = Call::ALL
                .iter()
                .filter(|call| call.is_asked_at(site) && !matches!(call, Call::GetCallerIdentity | Call::AssumeRole))
                .map(|call| call.action())
                .collect();
            let mut found = actions(&document);
            expected.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, expected);
        }
    }
}
