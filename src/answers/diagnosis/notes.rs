//! What the reader should know besides: caps, fallbacks and circumstances.

use super::{entitlements, freshness, older_recording, refusals, sign_ins};
use crate::evidence::{Evidence, LookupBy, PrincipalType, Reason, session_of_permission_set};
use crate::model::callers_account;
use crate::model::paths::{self, Path};
use crate::verdict::PathState;
use crate::wording;

/// Caps, fallbacks and circumstances that the reader should know of.
pub(super) fn notes(evidence: &Evidence, ways: &[(Path, PathState)]) -> Vec<String> {
    let mut notes = Vec::new();
    if let (Ok(caller), Some(organization)) = (evidence.caller.known(), callers_account::refused_by(evidence)) {
        notes.push(format!(
            "The caller is in account {}. Identity Center answers only the management account ({}) and its delegated \
             administrator: ask from there.",
            caller.account, organization.management_account
        ));
    }
    let is_read_by_set = evidence.account.assignments.values().any(|fact| fact.known().is_ok());
    if evidence.user.for_principal.observed.is_missing(Reason::Denied) && is_read_by_set {
        notes.push(
            "ListAccountAssignmentsForPrincipal was refused, as it may be to a delegated administrator; assignments were read \
             permission set by permission set instead."
                .to_owned(),
        );
    }
    let unasked = paths::unasked_permission_sets(evidence);
    if ways.is_empty() && unasked > 0 {
        notes.push(format!(
            "{} that the account does not have {} not asked about: without a role there they let nobody in, assigned or not.",
            wording::count(unasked, "permission set"),
            if unasked == 1 { "was" } else { "were" }
        ));
    }
    notes.extend(so_far(evidence).filter(|_| ways.is_empty()));
    notes.extend(left_out(evidence, ways));
    for lookup in evidence.user.lookups.iter().skip(1) {
        if let (Ok(Some(id)), Ok(Some(used))) = (lookup.found.known(), evidence.user_id())
            && id != used
        {
            notes.push(format!(
                "Another user ({id}) has {} as {}; ask again with that id if they are meant.",
                lookup.value,
                lookup.by.noun()
            ));
        }
    }
    notes.extend(name_id(evidence));
    notes.extend(freshness::notes(evidence, ways));
    notes.extend(past_metadata(evidence).filter(|_| ways.iter().any(|(way, _)| way.assigned().is_some())));
    notes.extend(refusals::notes(evidence, ways));
    notes.extend(older_recording::note(evidence));
    let caller = evidence.caller.known().ok().and_then(|caller| session_of_permission_set(&caller.arn));
    if evidence.machine.is_none() && caller == Some(evidence.user_label()) {
        notes.push(format!(
            "These credentials are {0}'s own. Where {0} asks on their own machine, idc why --me looks at the AWS CLI's files \
             and the access portal there too.",
            evidence.user_label()
        ));
    }
    notes.extend(entitlements::notes(evidence, ways.is_empty()));
    notes.extend(sign_ins::notes(evidence));
    if evidence.is_management_account() {
        notes.push(
            "This is the management account: permission sets are provisioned there with the rights of whoever assigns \
             them, and a delegated administrator cannot change them."
                .to_owned(),
        );
    }
    notes
}

/// How many permission sets Identity Center tells of in a second.
const A_SECOND: usize = 18;

/// How far the second way got before the time was over, and what is likely by then: AWS's own list for the user names
/// nothing, and neither does anything that was read.
fn so_far(evidence: &Evidence) -> Option<String> {
    let (_, nothing) = (evidence.user.memberships.known().ok()?, evidence.user.for_principal.known().ok()?.is_empty());
    let all = evidence.account.assignments.len();
    let read = evidence.account.assignments.values().filter(|rows| rows.known().is_ok()).count();
    let late = evidence.account.assignments.values().any(|rows| rows.observed.is_missing(Reason::TimedOut));
    (nothing && late).then(|| {
        let user = evidence.user_label();
        format!(
            "The time was over when {read} of {} had been asked about: none of them is assigned to {user} or to a group of \
             theirs, and AWS's own list for {user} names nothing in the account. So it is likely that nothing is assigned. To \
             ask about all of them takes about {} seconds: see --timeout.",
            wording::count(all, "permission set"),
            all.div_ceil(A_SECOND) + 2
        )
    })
}

/// The ways that the question leaves out, where those that it asks about do not let the user in: nobody should be given
/// what they have.
fn left_out(evidence: &Evidence, ways: &[(Path, PathState)]) -> Option<String> {
    if ways.iter().any(|(_, state)| *state == PathState::Open) {
        return None;
    }
    let others = paths::left_out(evidence);
    let told = others.iter().map(|way| {
        let grant = match way {
            Path::Assigned(path) => evidence.permission_set_label(&path.permission_set).to_owned(),
            Path::Entitled(entitled) => format!("role {}", entitled.role_name()),
        };
        match way.via().kind {
            PrincipalType::User => format!("{grant} directly"),
            PrincipalType::Group => format!("{grant} through group {}", evidence.group_label(&way.via().id)),
        }
    });
    let user = evidence.user_label();
    (!others.is_empty()).then(|| {
        format!(
            "{user} has something else in the account, which was not asked about and is not judged here: {}.",
            wording::list(told, 4)
        )
    })
}

/// Somebody was asked about by their e-mail address, and an identity provider knows them by a name: the one that it sends
/// has to be the user name, and an address in its place is not understood.
fn name_id(evidence: &Evidence) -> Option<String> {
    let lookup = evidence.user.lookups.iter().find(|lookup| matches!(lookup.found.known(), Ok(Some(_))))?;
    let user = evidence.user.described.known().ok()?.as_ref()?;
    let (name, asked) = (user.user_name.as_deref()?, lookup.value.as_str());
    (lookup.by == LookupBy::Email && name != asked && !user.external_issuers.is_empty()).then(|| {
        format!(
            "{asked} is the e-mail address of {name}, who comes from an external identity provider. The NameID that it sends \
             has to be the user name {name}, letter by letter: with the e-mail address as NameID they cannot sign in."
        )
    })
}

/// Identity Center's own SAML provider in the account, where its metadata counts no more. What AWS STS makes of that is
/// documented nowhere, so that it decides nothing.
fn past_metadata(evidence: &Evidence) -> Option<String> {
    let is_own = |arn: &str| {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        name.starts_with("AWSSSO_") && name.ends_with("DO_NOT_DELETE")
    };
    let providers = evidence.account.inside.saml_providers.known().ok()?;
    let (arn, until) = providers.iter().filter(|provider| is_own(&provider.arn)).find_map(|provider| {
        let until = provider.valid_until.filter(|until| *until < evidence.collected_at)?;
        Some((&provider.arn, until))
    })?;
    Some(format!(
        "The metadata of {arn}, through which Identity Center opens every session in the account, is valid until {} only, \
         which is past. Where sign-ins to roles fail with \"Response signature invalid\", this is a likely reason; \
         reprovisioning a permission set has Identity Center work on the account again.",
        until.strftime("%Y-%m-%d")
    ))
}

#[cfg(test)]
mod tests {
    use crate::answers::diagnosis::diagnose;
    use crate::evidence::{Observed, sample};
    use crate::verdict::Verdict;

    #[test]
    fn metadata_that_is_past_is_told_and_decides_nothing() {
        for (until, is_told) in
            [(None, false), (Some("2026-01-01T00:00:00Z"), true), (Some("2126-01-01T00:00:00Z"), false)]
        {
            let mut evidence = sample::healthy();
            let Observed::Known(providers) = &mut evidence.account.inside.saml_providers.observed else {
                panic!("known")
            };
            providers[0].valid_until = until.map(sample::at);
            let diagnosis = diagnose(&evidence);
            assert_eq!(diagnosis.verdict, Verdict::Reachable);
            let told = diagnosis.notes.iter().any(|note| note.contains("is valid until 2026-01-01 only"));
            assert_eq!(told, is_told, "{until:?}: {:?}", diagnosis.notes);
        }
    }
}
