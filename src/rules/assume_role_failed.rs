//! AWS STS refused the user this role when they last tried.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Evidence, Gaps, Reason};
use crate::model::Case;
use crate::model::paths::Assigned;
use crate::model::refusals::{self, Standing};

rule! {
    gate: Gate::Federation,
    worst: Worst::Blocks,
    clear: "no lasting refusal in CloudTrail",
    summary: "CloudTrail: this user's AssumeRoleWithSAML on this role failed, with no success since",
    check: Check::PersonOnPath(check),
}

fn check(case: Case<'_>, path: &Assigned) -> Judged {
    let evidence = case.evidence;
    let Some(set) = evidence.permission_set_name(&path.permission_set)? else { return Ok(Outcome::NotApplicable) };
    let (seen, role) = match refusals::standing(evidence, path)? {
        Standing::Refused(seen, role) => (seen, role),
        Standing::Over | Standing::PutRight(_) => return Ok(Outcome::Clear),
        Standing::Nothing | Standing::Passing(_) => {
            let mut gaps = Gaps::default();
            evidence.user.role_events.iter().for_each(|fact| _ = gaps.keep(fact.known()));
            return gaps.none_or_err().map(|()| Outcome::Clear);
        }
    };
    let event = seen.event;
    // A success that was not read would clear it, in whatever Region.
    refusals::hidden_since(evidence, event.at, Some(&role.arn)).none_or_err()?;
    let unknown = match refusals::rewritten_since(evidence, path, event.at) {
        Ok(true) => return Ok(Outcome::Clear),
        Ok(false) => "",
        // Earlier versions of idc did not ask; that alone takes no answer back.
        Err(gaps) if is_of_earlier_version(evidence) && gaps.0.iter().all(|gap| gap.reason == Reason::NotAsked) => {
            " Whether Identity Center has written the role anew since was not recorded."
        }
        Err(gaps) => return Err(gaps),
    };
    let code = event.error_code.as_deref().unwrap_or_default();
    let said = event.error_message.as_deref().map(|message| format!(": {message}")).unwrap_or_default();
    let message = format!(
        "AWS STS refused {} the role of permission set {set} in account {} on {}, and has not let them in since. AWS says: \
         {code}{said}{unknown}",
        event.session_name,
        evidence.account_label(),
        event.at.strftime("%Y-%m-%d at %H:%M UTC")
    );
    let account = evidence.account.id.as_deref().unwrap_or_default();
    let region = seen.fact.region.as_deref().unwrap_or("its Region");
    Fault::blocks(message, seen.fact.cite(format!("event {}: AssumeRoleWithSAML failed with {code}", event.id)))
        .likely()
        .fix(refusals::advice(event, account, region), None)
        .found()
}

/// Whether the recording is of a version of idc that did not keep the Regions of the instance yet.
fn is_of_earlier_version(evidence: &Evidence) -> bool {
    evidence.instance().is_ok_and(|instance| instance.regions.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{
        AssumeRoleEvent, Call, EventLog, Fact, InstanceRegion, Observed, RequestStatus, SamlProvider, sample,
    };
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    const REFUSED: &str = "2026-11-20T10:00:00Z";
    const LATER: &str = "2026-11-20T11:00:00Z";

    /// These events in us-east-1, and Identity Center has written nothing since.
    fn with_events(events: Vec<AssumeRoleEvent>) -> Evidence {
        let mut evidence = sample::healthy();
        evidence.user.role_events = vec![sample::event_log("us-east-1", events)];
        for log in [&mut evidence.shared.creation, &mut evidence.shared.provisioning] {
            log.succeeded = sample::known(log.succeeded.call, vec![]);
        }
        evidence
    }

    fn refused() -> AssumeRoleEvent {
        sample::event("e1", REFUSED, Some("AccessDenied"))
    }

    fn judged(evidence: &Evidence) -> Judged {
        check(evidence, &path())
    }

    fn is_fault(evidence: &Evidence) -> bool {
        matches!(judged(evidence), Ok(Outcome::Fault(_)))
    }

    fn replicate(evidence: &mut Evidence) {
        let Observed::Known(instances) = &mut evidence.instances.observed else { panic!("known") };
        let regions = ["us-east-1", "us-west-2"];
        let regions = regions.map(|region| InstanceRegion { region: region.to_owned(), status: Some("ACTIVE".into()) });
        instances[0].regions = Some(regions.into());
    }

    #[test]
    fn a_reason_that_is_gone_is_over() {
        let refused = |code: &str, said: &str| {
            let mut evidence = sample::healthy();
            let mut event = sample::event("e1", "2026-11-21T01:00:00Z", Some(code));
            event.error_message = Some(said.to_owned());
            evidence.user.role_events = vec![sample::event_log("us-east-1", vec![event])];
            evidence
        };
        let said = "User: x is not authorized to perform: sts:AssumeRoleWithSAML with an explicit deny in a resource control policy";
        let mut denied = refused("AccessDenied", said);
        assert_eq!(check(&denied, &path()), Ok(Outcome::Clear));
        assert_eq!(check(&refused("ValidationError", "Unable to validate tags"), &path()), Ok(Outcome::Clear));
        let gone = refused("InvalidIdentityToken", "Specified provider doesn't exist");
        assert_eq!(check(&gone, &path()), Ok(Outcome::Clear));
        // What nobody knows to be gone is not.
        denied.policies.attached.clear();
        assert!(!matches!(check(&denied, &path()), Ok(Outcome::Clear)));
        assert!(matches!(check(&refused("AccessDenied", "Not authorized"), &path()), Ok(Outcome::Fault(_))));
    }

    #[test]
    fn the_newest_event_decides() {
        let later = sample::event("e2", LATER, None);
        assert!(is_fault(&with_events(vec![refused()])));
        assert_eq!(judged(&with_events(vec![later.clone(), refused()])), Ok(Outcome::Clear));
        let other_case = AssumeRoleEvent { session_name: "Jane.Doe".into(), ..later };
        assert_eq!(judged(&with_events(vec![other_case, refused()])), Ok(Outcome::Clear));
        assert_eq!(judged(&with_events(vec![])), Ok(Outcome::Clear));
    }

    #[test]
    fn other_people_roles_and_providers_do_not_count() {
        let other_user = AssumeRoleEvent { session_name: "john.roe".into(), ..refused() };
        let other_role = AssumeRoleEvent { role_arn: sample::ROLE.replace("RedshiftAnalyst", "Admin"), ..refused() };
        let okta = Some("arn:aws:iam::123456789012:saml-provider/Okta".to_owned());
        let other_provider = AssumeRoleEvent { saml_provider: okta.clone(), ..refused() };
        let unnamed = AssumeRoleEvent { saml_provider: None, ..refused() };
        let events = vec![other_user, other_role, other_provider, unnamed];
        assert_eq!(judged(&with_events(events)), Ok(Outcome::Clear));
        let through_okta = AssumeRoleEvent { saml_provider: okta, ..sample::event("e2", LATER, None) };
        assert!(is_fault(&with_events(vec![through_okta, refused()])));
    }

    #[test]
    fn what_passes_by_itself_is_no_refusal() {
        for code in
            ["ThrottlingException", "ExpiredTokenException", "IDPCommunicationErrorException", "InternalFailure"]
        {
            let evidence = with_events(vec![sample::event("e1", REFUSED, Some(code))]);
            assert_eq!(judged(&evidence), Ok(Outcome::Clear), "{code}");
            // It does not take away what was refused before, either.
            assert!(is_fault(&with_events(vec![sample::event("e2", LATER, Some(code)), refused()])), "{code}");
        }
    }

    #[test]
    fn what_was_made_anew_since_mends_it() {
        let made = |provider: Option<SamlProvider>, role: Option<&str>| {
            let mut evidence = with_events(vec![refused()]);
            if let Some(provider) = provider {
                evidence.account.inside.saml_providers = sample::known(Call::ListSamlProviders, vec![provider]);
            }
            if let (Some(created), Observed::Known(roles)) = (role, &mut evidence.account.inside.roles.observed) {
                roles[0].created = Some(sample::at(created));
            }
            is_fault(&evidence)
        };
        let provider = |arn: &str, created: &str| {
            Some(SamlProvider { arn: arn.to_owned(), created: Some(sample::at(created)), valid_until: None })
        };
        assert!(!made(provider(sample::PROVIDER, LATER), None));
        let other = sample::PROVIDER.replace("cd5bfb301b6c971e", "0123456789abcdef");
        assert!(!made(provider(&other, LATER), None));
        assert!(made(provider("arn:aws:iam::123456789012:saml-provider/Okta", LATER), None));
        assert!(!made(None, Some(LATER)));
        assert!(made(None, Some("2026-11-20T09:00:00Z")));
    }

    #[test]
    fn a_role_written_anew_since_mends_it() {
        let requested = |when: &str, set: &str| {
            let mut evidence = with_events(vec![refused()]);
            let log = &mut evidence.provisioning;
            sample::add_request(log, "r1", RequestStatus::Succeeded, when, None);
            for fact in log.described.values_mut() {
                let Observed::Known(Some(request)) = &mut fact.observed else { panic!("known") };
                request.permission_set = Some(set.to_owned());
            }
            evidence
        };
        assert_eq!(judged(&requested(LATER, sample::SET)), Ok(Outcome::Clear));
        assert!(is_fault(&requested("2026-11-20T09:00:00Z", sample::SET)));
        assert!(is_fault(&requested(LATER, "arn:aws:sso:::permissionSet/ssoins-1/ps-other")));
        let mut created = with_events(vec![refused()]);
        let via = Some(sample::group_principal());
        sample::add_request(&mut created.creation, "r2", RequestStatus::Succeeded, LATER, via);
        assert_eq!(judged(&created), Ok(Outcome::Clear));
        // Where that could not be read, neither answer is shown.
        let mut unread = with_events(vec![refused()]);
        replicate(&mut unread);
        unread.user.role_events.push(sample::event_log("us-west-2", vec![]));
        unread.provisioning.succeeded = sample::denied(Call::ListPermissionSetProvisioningStatus);
        assert!(judged(&unread).is_err());
        // A recording of an earlier version, which did not ask, is answered as it was, and says so.
        let mut earlier = with_events(vec![refused()]);
        earlier.provisioning.succeeded =
            Fact::not_asked(Call::ListPermissionSetProvisioningStatus, "no failed request of the user's calls for it");
        let Ok(Outcome::Fault(fault)) = judged(&earlier) else { panic!("no fault") };
        assert!(fault.message.contains("was not recorded"), "{}", fault.message);
    }

    #[test]
    fn a_later_success_may_be_in_any_region_and_must_not_be_hidden() {
        let mut evidence = with_events(vec![refused()]);
        replicate(&mut evidence);
        assert!(judged(&evidence).is_err(), "nothing is known of us-west-2");
        let elsewhere = |events: Vec<AssumeRoleEvent>| sample::event_log("us-west-2", events);
        evidence.user.role_events.push(elsewhere(vec![]));
        assert!(is_fault(&evidence));
        evidence.user.role_events[1] = elsewhere(vec![sample::event("e2", LATER, None)]);
        assert_eq!(judged(&evidence), Ok(Outcome::Clear));
        evidence.user.role_events[1] = sample::denied(Call::LookupEvents);
        evidence.user.role_events[1].region = Some("us-west-2".to_owned());
        assert!(judged(&evidence).is_err());
    }

    #[test]
    fn a_log_that_was_cut_hides_a_later_success() {
        let elsewhere = || sample::event_log("us-west-2", vec![]);
        let cut = |read_back_to: Option<&str>| {
            let at = read_back_to.map(sample::at);
            elsewhere().map(|log| EventLog { capped: true, read_back_to: at, ..log })
        };
        let mut evidence = with_events(vec![refused()]);
        replicate(&mut evidence);
        evidence.user.role_events.push(cut(Some(LATER)));
        assert!(judged(&evidence).is_err());
        evidence.user.role_events[1] = cut(Some("2026-11-20T09:00:00Z"));
        assert!(is_fault(&evidence));
        evidence.user.role_events[1] = cut(None);
        assert!(judged(&evidence).is_err(), "how far back an older recording reads is not known");
        // The role's own events tell as much.
        evidence.user.role_events.push(elsewhere().map(|log| EventLog { role: Some(sample::ROLE.into()), ..log }));
        assert!(is_fault(&evidence));
        evidence.user.role_events[2] = elsewhere().map(|log| EventLog { role: Some("another".into()), ..log });
        assert!(judged(&evidence).is_err());
    }

    #[test]
    fn a_refusal_counts_only_where_role_and_provider_are_known() {
        let mut evidence = with_events(vec![refused()]);
        evidence.account.inside.roles = sample::denied(Call::ListRoles);
        assert!(judged(&evidence).is_err());
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
        assert_eq!(judged(&evidence), Ok(Outcome::Clear));
        let mut evidence = with_events(vec![refused()]);
        evidence.account.inside.saml_providers = sample::denied(Call::ListSamlProviders);
        assert!(judged(&evidence).is_err());
    }

    #[test]
    fn silence_is_unknown_only_where_it_could_not_look() {
        let mut evidence = sample::healthy();
        evidence.user.role_events = vec![sample::denied(Call::LookupEvents)];
        assert!(judged(&evidence).is_err());
    }
}
