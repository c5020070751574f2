use jiff::{SignedDuration, Timestamp};

use crate::evidence::{
    Actor, ActorKind, Attribute, Call, Change, ChangeLog, Evidence, Fact, History, LookedUp, Named, Outcome, Principal,
    PrincipalType, RequestStatus, Thing, What, sample,
};
use crate::history::{Certainty, Dated, choose, date, looks, who};
use crate::model::paths;
use crate::verdict::{Verdict, judge};

mod causes;
mod members;
mod named;
mod readings;
mod settings;

const HOME: &str = "111122223333";
const OTHER: &str = "222233334444";

/// A change in the management account, by a pipeline, about these things.
fn change(what: What, when: &str, about: &[(Thing, &str)]) -> Change {
    let by = Actor {
        kind: ActorKind::Role,
        name: Some("scim-sync".to_owned()),
        role: None,
        through: None,
        address: Some("198.51.100.17".to_owned()),
        access_key: Some("ASIA1".to_owned()),
    };
    Change {
        id: format!("{what:?} at {when}"),
        shared_id: None,
        request: None,
        at: sample::at(when),
        account: HOME.to_owned(),
        region: "us-east-1".to_owned(),
        event: "service:Event".to_owned(),
        by,
        what,
        about: about.iter().map(|(thing, value)| (*thing, Named::Is((*value).to_owned()))).collect(),
        outcome: Outcome::Done,
    }
}

fn refused(change: Change) -> Change {
    Change { outcome: Outcome::Refused { code: Some("ThrottlingException".to_owned()) }, ..change }
}

fn in_account(change: Change) -> Change {
    Change { account: sample::ACCOUNT.to_owned(), ..change }
}

fn by(kind: ActorKind, change: Change) -> Change {
    let name = if kind == ActorKind::Person { Some("alex.admin".to_owned()) } else { None };
    let by = Actor { kind, name, access_key: None, ..change.by.clone() };
    Change { by, ..change }
}

fn log(changes: Vec<Change>) -> ChangeLog {
    ChangeLog {
        since: sample::at("2026-11-15T01:02:04Z"),
        until: sample::at("2026-11-22T01:02:04Z"),
        read: changes.len(),
        changes,
        capped: false,
        covers: Vec::new(),
    }
}

/// With a history in which everything that the cause calls for was looked up, and these changes were found.
fn with(mut evidence: Evidence, changes: &[Change]) -> Evidence {
    let administrators = sample::known(Call::ListDelegatedAdministrators, vec![]);
    evidence.history = History { administrators, ..History::unasked() };
    for _ in 0..4 {
        let wanted = crate::plan::history::wanted(&evidence);
        let looked_up = wanted.lookups.iter().map(|lookup| {
            let here = |change: &&Change| {
                change.account == lookup.place.account
                    && change.at >= lookup.from
                    && lookup.until.is_none_or(|until| change.at <= until)
                    && (lookup.by != Attribute::AccessKeyId || change.by.access_key.as_ref() == Some(&lookup.value))
            };
            let found = changes.iter().filter(here).cloned().collect();
            LookedUp {
                by: lookup.by,
                looked_for: lookup.value.clone(),
                log: Fact {
                    account: Some(lookup.place.account.clone()),
                    region: Some(lookup.place.region.clone()),
                    ..sample::known(Call::LookupEvents, log(found))
                },
            }
        });
        let looked_up: Vec<LookedUp> = looked_up.collect();
        evidence.history.looked_up.extend(looked_up);
    }
    evidence
}

fn dated(evidence: &Evidence) -> Dated {
    date(evidence, &judge(evidence, paths::find(evidence.asked())))
}

/// Since when, and how sure that is.
fn told(evidence: &Evidence) -> Option<(Timestamp, Certainty)> {
    dated(evidence).since.filter(|since| since.not_before.is_none()).map(|since| (since.at, since.certainty))
}

fn root(evidence: &Evidence) -> &'static str {
    judge(evidence, paths::find(evidence.asked())).root_cause.map_or("none", |root| root.rule)
}
