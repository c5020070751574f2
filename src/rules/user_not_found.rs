//! There is no such user in the identity store.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Evidence, User, UserLookup, is_user_id};
use crate::findings::{Part, Suggestion};
use crate::model::Case;
use crate::model::fixes::{self, NAME_FILE};

rule! {
    gate: Gate::User,
    worst: Worst::Blocks,
    clear: "exists",
    summary: "no such user in the identity store; close names are suggested",
    check: Check::Question(check),
}

fn check(case: Case<'_>) -> Judged {
    let evidence = case.evidence;
    let typed = &evidence.question.user;
    let user = &evidence.user;
    let mut fault = if let Some(id) = evidence.user_id()? {
        if user.described.known()?.is_some() {
            return Ok(Outcome::Clear);
        }
        let message = format!("User {id} no longer exists in the identity store.");
        Fault::blocks(message, user.described.cite(format!("there is no user {id}")))
    } else {
        let mut tried: Vec<_> = user.lookups.iter().map(|lookup| lookup.by.noun()).collect();
        tried.dedup();
        let Some((first, rest)) = user.lookups.split_first() else { return Ok(Outcome::NotApplicable) };
        let message = format!(
            "No user in the identity store has the {} {typed}. Identity Center makes no users when they sign in: they have \
             to be there before.",
            tried.join(" or ")
        );
        let cite =
            |lookup: &UserLookup| lookup.found.cite(format!("no user has the {} {}", lookup.by.noun(), lookup.value));
        rest.iter().fold(Fault::blocks(message, cite(first)), |fault, lookup| fault.proved_by(cite(lookup)))
    };
    let in_other_case = differs_in_case(evidence);
    if let Some(name) = in_other_case {
        // Whoever is there is meant: to create somebody of nearly the same name would be one more to mix up.
        fault.message = format!(
            "No user in the identity store has the user name or e-mail {typed}; {name} is there, which differs only in upper \
             and lower case."
        );
    }
    if let Ok(scan) = user.scan.known() {
        fault = fault.suggesting(scan.close.iter().map(meant).collect());
        fault.proof.push(user.scan.cite(format!(
            "{} users read, {} with a close name{}",
            scan.read,
            scan.close.len(),
            if scan.capped { "; more were left unread" } else { "" }
        )));
    }
    if let Some(name) = in_other_case {
        return fault.fix(format!("Ask again with {name}"), None).found();
    }
    if !fault.suggestions.is_empty() {
        fault = fault.fix("If one of the close names is meant, ask again with it", None);
    }
    let mostly_external = user.scan.known().is_ok_and(|scan| scan.external * 2 > scan.read);
    let by_id = is_user_id(typed);
    if by_id {
        fault = fault
            .fix("Ask again with the user name or the e-mail: whoever is deleted and made anew has a new id", None);
    }
    if mostly_external {
        let what = "Assign the user to the AWS application in your identity provider, so that it provisions them";
        return fault.fix(what, None).found();
    }
    match fixes::create_user(evidence) {
        Some(command) => {
            let what = format!(
                "If they come from an identity provider, have it provision them; else create the user {typed}, with their \
                 name in {NAME_FILE} as {{\"GivenName\": \"…\", \"FamilyName\": \"…\"}}"
            );
            fault.fix(what, Some(command)).found()
        }
        None if by_id => fault.found(),
        None => fault
            .fix("If they come from an identity provider, have it provision them; else create the user", None)
            .found(),
    }
}

/// The name of the one user whose user name or e-mail is what was typed but for upper and lower case.
fn differs_in_case(evidence: &Evidence) -> Option<&str> {
    let typed = evidence.question.user.to_lowercase();
    let scan = evidence.user.scan.known().ok()?;
    let is_meant = |user: &&User| user.user_name.iter().chain(&user.emails).any(|name| name.to_lowercase() == typed);
    let mut meant = scan.close.iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(user), None) => user.user_name.as_deref(),
        _ => None,
    }
}

fn meant(user: &User) -> Suggestion {
    let value = user.user_name.as_deref().unwrap_or(&user.id).to_owned();
    Suggestion { part: Part::User, value, label: name_of(user), id: Some(user.id.clone()) }
}

fn name_of(user: &User) -> String {
    let name = user.user_name.as_deref().unwrap_or(&user.id);
    match user.display_name.as_deref().filter(|display| *display != name) {
        Some(display) => format!("{name} ({display})"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, LookupBy, UserScan, sample};
    use crate::rules::shared;

    fn check(evidence: &Evidence) -> Judged {
        shared(&RULE, evidence)
    }

    #[test]
    fn every_look_up_must_have_said_no() {
        let mut evidence = sample::healthy();
        assert_eq!(check(&evidence), Ok(Outcome::Clear));
        evidence.user.lookups[0].found = sample::known(Call::GetUserId, None);
        assert!(matches!(check(&evidence), Ok(Outcome::Fault(_))));
        evidence.user.lookups.push(UserLookup {
            by: LookupBy::Email,
            value: "jane.doe".into(),
            found: sample::denied(Call::GetUserId),
        });
        assert!(check(&evidence).is_err());
    }

    /// Who differs only in case is meant: nobody is created beside them.
    #[test]
    fn a_name_in_other_case_is_told_and_creates_nobody() {
        let mut evidence = sample::healthy();
        let Ok(Some(jane)) = evidence.user.described.known().cloned() else { panic!("no user") };
        evidence.user.lookups[0].found = sample::known(Call::GetUserId, None);
        let close = |users: Vec<User>| {
            let scan = UserScan { read: 2, external: 0, capped: false, close: users };
            sample::known(Call::ListUsers, scan)
        };
        let fault = |evidence: &Evidence| match check(evidence) {
            Ok(Outcome::Fault(fault)) => fault,
            other => panic!("{other:?}"),
        };
        let creates = |fault: &Fault| fault.fixes.iter().any(|fix| fix.command.is_some());
        evidence.user.scan = close(vec![jane.clone()]);
        evidence.question.user = "JANE.DOE".into();
        let found = fault(&evidence);
        assert!(found.message.contains("jane.doe is there, which differs only in upper and lower case"), "{found:?}");
        assert!(!creates(&found) && found.suggested[0].value == "jane.doe", "{found:?}");
        // A letter that differs, or two who may be meant: nobody in particular is.
        evidence.question.user = "JANE.DOW".into();
        assert!(creates(&fault(&evidence)));
        evidence.question.user = "JANE.DOE".into();
        let other = User { id: "9067f0c1d2-other".into(), user_name: Some("Jane.Doe".into()), ..jane.clone() };
        evidence.user.scan = close(vec![jane, other]);
        assert!(!fault(&evidence).message.contains("differs only"));
    }
}
