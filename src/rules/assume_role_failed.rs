//! AWS STS refused the user this role when they last tried.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst, inside_target};
use crate::account_role;
use crate::evidence::{AssumeRoleEvent, EventLog, Evidence, Fact, Gaps, permission_set_of_role};
use crate::paths::Path;

pub(super) static RULE: Rule = Rule {
    id: "assume-role-failed",
    gate: Gate::Federation,
    worst: Worst::Blocks,
    clear: "no lasting refusal in CloudTrail",
    summary: "CloudTrail: this user's AssumeRoleWithSAML on this role failed, with no success since",
    explain: include_str!("../../docs/rules/assume-role-failed.md"),
    check: Check::PerPath(check),
};

fn check(evidence: &Evidence, path: &Path) -> Judged {
    let Some(set) = evidence.permission_set_name(&path.permission_set)? else { return Ok(Outcome::NotApplicable) };
    let role = account_role::role_of(evidence, path);
    let mut gaps = Gaps::default();
    let mut newest: Option<(&Fact<EventLog>, &AssumeRoleEvent)> = None;
    for fact in &evidence.target.events {
        let Some(log) = gaps.keep(fact.known()) else { continue };
        let on_this_role = |event: &&AssumeRoleEvent| match &role {
            Ok(Some(role)) => event.role_arn == role.arn,
            Ok(None) | Err(_) => event.role_arn.rsplit('/').next().and_then(permission_set_of_role) == Some(set),
        };
        for event in log.events.iter().filter(on_this_role).filter(|event| is_by_user(evidence, event)) {
            if newest.is_none_or(|(_, other)| other.at < event.at) {
                newest = Some((fact, event));
            }
        }
    }
    let Some((fact, event)) = newest else { return gaps.none_or_err().map(|()| Outcome::Clear) };
    let Some(code) = event.error_code.as_deref() else { return Ok(Outcome::Clear) };
    // A refusal on an earlier role of the same name says nothing about the one that is there now.
    role?;
    // Sign-in goes through the primary Region; without its events a later success could have been missed.
    let home = evidence.instance()?.region();
    if !evidence.target.events.iter().any(|fact| fact.region.as_deref() == Some(home) && fact.known().is_ok()) {
        gaps.none_or_err()?;
    }
    if was_mended(evidence, event)? {
        return Ok(Outcome::Clear);
    }
    let said = event.error_message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
    let message = format!(
        "AWS STS refused {} the role of permission set {set} in account {} on {}, and has not let them in since. AWS says: \
         {code}{said}",
        event.session_name,
        evidence.account_label(),
        event.at.strftime("%Y-%m-%d at %H:%M UTC")
    );
    Fault::blocks(message, fact.cite(format!("event {}: AssumeRoleWithSAML failed with {code}", event.id)))
        .likely()
        .fix("Compare the role's trust policy, its SAML provider and the organization's resource control policies with what AWS says", None)
        .found()
}

/// The session's name is the user name; CloudTrail has no user id here. Old events may have it in another case.
fn is_by_user(evidence: &Evidence, event: &AssumeRoleEvent) -> bool {
    event.session_name.eq_ignore_ascii_case(evidence.user_label())
}

/// Whether the SAML provider that vouched has been made anew since: what failed before says nothing about now.
fn was_mended(evidence: &Evidence, event: &AssumeRoleEvent) -> Result<bool, Gaps> {
    let providers = inside_target(evidence, &evidence.target.saml_providers)?;
    let provider = providers.iter().find(|provider| Some(&provider.arn) == event.saml_provider.as_ref());
    Ok(provider.and_then(|provider| provider.created).is_some_and(|created| created > event.at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};

    fn with_events(events: Vec<AssumeRoleEvent>) -> Evidence {
        let mut evidence = sample::healthy();
        let log = EventLog { since: sample::at("2026-11-15T00:00:00Z"), read: events.len(), events, capped: false };
        evidence.target.events = vec![sample::known(Call::LookupEvents, log)];
        evidence
    }

    #[test]
    fn the_newest_event_decides() {
        let failed = sample::event("e1", "2026-11-20T10:00:00Z", Some("AccessDenied"));
        let later = sample::event("e2", "2026-11-20T11:00:00Z", None);
        let check = |events| check(&with_events(events), &sample::path());
        assert!(matches!(check(vec![failed.clone()]), Ok(Outcome::Fault(_))));
        assert_eq!(check(vec![later, failed]), Ok(Outcome::Clear));
        assert_eq!(check(vec![]), Ok(Outcome::Clear));
    }

    #[test]
    fn other_people_and_other_roles_do_not_count() {
        let mut other_user = sample::event("e1", "2026-11-20T10:00:00Z", Some("AccessDenied"));
        other_user.session_name = "john.roe".into();
        let mut other_role = sample::event("e2", "2026-11-20T10:00:00Z", Some("AccessDenied"));
        other_role.role_arn = other_role.role_arn.replace("RedshiftAnalyst", "Admin");
        assert_eq!(check(&with_events(vec![other_user, other_role]), &sample::path()), Ok(Outcome::Clear));
    }

    #[test]
    fn a_provider_made_anew_since_mends_it() {
        let mut old = sample::event("e1", "2024-11-20T10:00:00Z", Some("AccessDenied"));
        old.at = sample::at("2024-11-20T10:00:00Z");
        assert_eq!(check(&with_events(vec![old]), &sample::path()), Ok(Outcome::Clear));
    }

    #[test]
    fn a_refusal_counts_only_where_role_and_provider_are_known() {
        let failed = with_events(vec![sample::event("e1", "2026-11-20T10:00:00Z", Some("AccessDenied"))]);
        let mut evidence = failed.clone();
        evidence.target.roles = sample::denied(Call::ListRoles);
        assert!(check(&evidence, &sample::path()).is_err());
        let mut evidence = failed;
        evidence.target.saml_providers = sample::denied(Call::ListSamlProviders);
        assert!(check(&evidence, &sample::path()).is_err());
    }

    #[test]
    fn silence_is_unknown_only_where_it_could_not_look() {
        let mut evidence = sample::healthy();
        evidence.target.events = vec![sample::denied(Call::LookupEvents)];
        assert!(check(&evidence, &sample::path()).is_err());
    }
}
