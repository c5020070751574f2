//! The role that the user is entitled to does not let account access manager in.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Gap, Gaps, InAccount};
use crate::iam_policy::{Admission, Policy, Request};
use crate::model::entitled_role::{self, ACTIONS, SERVICE};
use crate::model::fixes;
use crate::model::paths::Entitled;

rule! {
    gate: Gate::Role,
    worst: Worst::Blocks,
    clear: "",
    summary: "the trust policy of the role that the user is entitled to does not let account access manager in",
    check: Check::Entitlement(check),
}

fn check(here: InAccount<'_>, entitled: &Entitled) -> Judged {
    let fact = entitled_role::asked(here, entitled)?;
    let role = entitled_role::known(here, fact)?;
    let Some(role) = role.filter(|role| role.arn == entitled.role_arn) else { return Ok(Outcome::NotApplicable) };
    let Some(policy) = &role.trust_policy else {
        return Err(fact.unclear(format!("role {} came without its trust policy", role.name)).into());
    };
    let unreadable = |error| fact.unclear(format!("the trust policy of role {} cannot be read: {error}", role.name));
    let policy = policy.policy().map_err(unreadable)?;
    let mut gaps = Gaps::default();
    let mut refused = None;
    let mut mend = None;
    for action in ACTIONS {
        let request = entitled_role::call_to_role(here, action, entitled);
        match policy.admits(&request) {
            Admission::Admitted => {}
            Admission::Denied(statement) => {
                refused = refused.or(Some(format!("denies {SERVICE} {action} ({})", statement.label())));
                mend = mend.or(Some(format!("In trust.json, have {} spare {SERVICE}", statement.label())));
            }
            Admission::NotAllowed => {
                refused = refused.or(Some(format!("does not allow {SERVICE} {action}{}", why(policy, &request))));
                let statement = entitled_role::statement(entitled);
                mend = mend.or(Some(format!("Add this statement to trust.json, beside what else it has: {statement}")));
            }
            Admission::Undecided(undecided) => {
                let gap = |one| -> Gap { fact.unclear(format!("the trust policy of role {}: {one}", role.name)) };
                gaps.0.extend(undecided.into_iter().map(gap));
            }
        }
    }
    let Some(what) = refused else { return gaps.none_or_err().map(|()| Outcome::Clear) };
    let message = format!(
        "The trust policy of role {} in account {} {what}, so nobody gets to the role by an entitlement.",
        role.name,
        here.account_label()
    );
    Fault::blocks(message, fact.cite(format!("the trust policy of {} {what}", role.name)))
        .mended_by(fixes::add_to_trust(here, &role.name, &mend.unwrap_or_default()))
        .found()
}

/// What is wrong with the statement that is about account access manager, where there is one.
fn why(policy: &Policy, request: &Request) -> String {
    let mut about = policy.statements.iter().filter(|statement| statement.services().any(|name| name == SERVICE));
    let why = about.find_map(|statement| Some(format!(": {} {}", statement.label(), statement.mismatch(request)?)));
    why.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Call;
    use crate::evidence::Evidence;
    use crate::evidence::sample::{self, entitled};
    use crate::rules::on_entitlement;

    fn check(evidence: &Evidence, entitled: &Entitled) -> Judged {
        on_entitlement(&RULE, evidence, entitled)
    }

    fn with_trust(trust: &str) -> Judged {
        let mut evidence = entitled::only();
        entitled::with_trust(&mut evidence.account.inside, trust.to_owned());
        check(&evidence, &crate::model::sample::entitlement())
    }

    /// The documented policy with another condition.
    fn with_condition(condition: &str) -> String {
        let mut trust: serde_json::Value = serde_json::from_str(&entitled::trust()).expect("JSON");
        trust["Statement"][0]["Condition"] = serde_json::from_str(condition).expect("JSON");
        trust.to_string()
    }

    #[test]
    fn the_documented_policy_lets_it_in() {
        assert_eq!(with_trust(&entitled::trust()), Ok(Outcome::Clear));
        let suggested =
            format!(r#"{{"Statement":{}}}"#, entitled_role::statement(&crate::model::sample::entitlement()));
        assert_eq!(with_trust(&suggested), Ok(Outcome::Clear));
        let all = entitled::trust().replace(r#"["sts:AssumeRole","sts:SetContext"]"#, r#""STS:*""#);
        assert_eq!(with_trust(&all), Ok(Outcome::Clear));
    }

    #[test]
    fn wants_both_actions_for_this_very_application() {
        // The account of the role in place of the management account's is the mistake that is made most.
        let elsewhere = entitled::trust().replace("\"111122223333\"", "\"123456789012\"");
        for (broken, says) in [
            (entitled::trust().replace("account-access.", "ec2."), "sts:AssumeRole, so nobody"),
            (
                entitled::trust().replace("sts:SetContext", "sts:TagSession"),
                "sts:SetContext: statement 1 names other actions",
            ),
            (elsewhere, "has a condition on aws:SourceAccount (StringEquals) that does not hold"),
            (entitled::trust().replace("Allow", "Deny"), "denies account-access.amazonaws.com sts:AssumeRole"),
        ] {
            let Ok(Outcome::Fault(fault)) = with_trust(&broken) else { panic!("no fault: {broken}") };
            assert!(fault.message.contains(says), "{}", fault.message);
        }
    }

    #[test]
    fn what_cannot_be_judged_is_unknown() {
        assert!(with_trust(&entitled::trust().replace("aws:SourceArn", "aws:SourceVpc")).is_err());
        // Whether account access manager sends its organization is not documented.
        for (key, value) in [("aws:SourceOrgID", "o-exampleorg"), ("aws:SourceOrgPaths", "o-exampleorg/*")] {
            for operator in ["StringEquals", "StringLike", "Null"] {
                let value = if operator == "Null" { "false" } else { value };
                let condition = format!(r#"{{"{operator}":{{"{key}":"{value}"}}}}"#);
                let judged = with_trust(&with_condition(&condition));
                let holds_never = operator == "StringEquals" && value.ends_with('*');
                assert!(judged.is_err() || holds_never, "{condition}: {judged:?}");
            }
            let spared = format!(r#"{{"StringLikeIfExists":{{"{key}":"{value}"}}}}"#);
            assert_eq!(with_trust(&with_condition(&spared)), Ok(Outcome::Clear), "{spared}");
        }
        assert!(
            with_trust(&entitled::trust().replace(r#"{"Service":"account-access.amazonaws.com"}"#, r#""*""#)).is_err()
        );
        assert!(with_trust("not json").is_err());
        let mut evidence = entitled::only();
        evidence.account.inside.entitled_roles.insert(entitled::ROLE.into(), sample::denied(Call::GetRole));
        assert!(check(&evidence, &crate::model::sample::entitlement()).is_err());
    }

    #[test]
    fn a_role_that_is_not_there_has_no_trust_policy() {
        let mut evidence = entitled::only();
        evidence.account.inside.entitled_roles.insert(entitled::ROLE.into(), sample::known(Call::GetRole, None));
        assert_eq!(check(&evidence, &crate::model::sample::entitlement()), Ok(Outcome::NotApplicable));
    }
}
