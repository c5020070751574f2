//! A service control policy leaves the session nothing to do. It never keeps anybody from signing in: the call that
//! takes people into the account is not made by an identity of the account, which is all that these policies bind.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::denials::{self, Denial};
use crate::evidence::{Evidence, Gaps, PolicyKind};
use crate::organization_policies::{self, Level, label, place};
use crate::policy_document::Text;
use crate::{fixes, paths, policy_requests, wording};

pub(super) static RULE: Rule = Rule {
    id: "service-control-policy-denies-session",
    gate: Gate::OrganizationPolicy,
    worst: Worst::Degrades,
    clear: "SCPs leave them something",
    summary: "a service control policy leaves the session nothing (degrades)",
    explain: include_str!("../../docs/rules/service-control-policy-denies-session.md"),
    check: Check::Shared(check),
};

/// Why a session can do nothing.
enum Cause<'a> {
    Denied(Denial<'a>),
    /// Nothing is allowed at this level, and what one level does not allow, none does.
    NothingAllowed(Level<'a>),
}

fn check(evidence: &Evidence) -> Judged {
    let Some(binding) = organization_policies::binding(evidence, PolicyKind::ServiceControl)? else {
        return Ok(Outcome::NotApplicable);
    };
    let found = paths::find(evidence);
    let entitled = found.entitled().map(|entitled| Text::Exact(entitled.role_arn.clone()));
    let assigned = found.assigned().map(|path| policy_requests::role(evidence, Some(path)));
    let mut roles: Vec<_> = assigned.chain(entitled).collect();
    roles.dedup();
    if roles.is_empty() {
        roles.push(policy_requests::role(evidence, None));
    }
    let mut gaps = Gaps::default();
    let mut emptied = Vec::new();
    for role in &roles {
        let request = policy_requests::session(evidence, role.clone());
        // A statement that is aimed at one person is `user-denied-by-policy`'s.
        let aimed_at_all = |statement: &_| !is_aimed(statement);
        let denial = denials::all(evidence, &binding, &request, aimed_at_all, &mut gaps).into_iter().next();
        let cause = denial.map(Cause::Denied).or_else(|| {
            let level =
                binding.levels.iter().find(|level| !denials::allows_anything(evidence, level, &request, &mut gaps));
            level.copied().map(Cause::NothingAllowed)
        });
        emptied.extend(cause.map(|cause| (policy_requests::permission_set_of(role), cause)));
    }
    let sets: Vec<String> = emptied.iter().filter_map(|(set, _)| *set).map(str::to_owned).collect();
    let whose = if sets.is_empty() {
        "sessions of Identity Center".to_owned()
    } else {
        format!("sessions of permission set {}", wording::list(sets, 3))
    };
    let Some((_, cause)) = emptied.into_iter().next() else {
        gaps.0.extend(binding.gaps.0);
        return gaps.none_or_err().map(|()| Outcome::Clear);
    };
    let account = evidence.account_label();
    let consequence = "People sign in and get their role, and then every call is refused.";
    match cause {
        Cause::Denied(denial) => {
            let (policy, at) = (label(denial.policy), place(denial.target));
            let message = format!(
                "Service control policy {policy}, attached to {at}, denies everything to {whose} in account {account} ({}). \
                 {consequence}",
                denial.statement
            );
            let exemption = format!(
                "If that is not meant, exempt Identity Center in {} with the condition \"ArnNotLike\": {{\"aws:PrincipalArn\": \
                 \"arn:{}:iam::*:role/aws-reserved/sso.amazonaws.com/*\"}}",
                denial.statement,
                evidence.partition()
            );
            Fault::degrades(message, denial.cite())
                .proved_by(denial.cite_attachment())
                .mended_by(fixes::edit(evidence, denial.policy, &exemption))
                .mended_by([fixes::detach(evidence, &denial)])
                .found()
        }
        Cause::NothingAllowed(level) => {
            let at = place(level.target);
            let attached = wording::list(level.policies.iter().map(label), 3);
            let message = format!(
                "No service control policy attached to {at} allows {whose} anything, and what one level does not allow, \
                 nobody in account {account} can do. {consequence}"
            );
            Fault::degrades(message, level.listed.cite(format!("{attached} at {at}, and none allows anything")))
                .mended_by([fixes::allow_everything(evidence, level.target)])
                .found()
        }
    }
}

/// Whether a statement singles somebody out.
fn is_aimed(statement: &crate::policy_document::Statement) -> bool {
    statement.singles_out(policy_requests::PERSON)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};
    use crate::rules;

    fn with(statements: &str) -> Evidence {
        let mut evidence = sample::healthy();
        sample::attach(&mut evidence, PolicyKind::ServiceControl, sample::UNIT, statements);
        evidence
    }

    fn message(judged: Judged) -> Option<String> {
        match judged {
            Ok(Outcome::Fault(fault)) if fault.effect == rules::Effect::Degrades => Some(fault.message),
            _ => None,
        }
    }

    fn deny(rest: &str) -> String {
        format!(r#"{{"Sid":"Suspended","Effect":"Deny","Action":"*","Resource":"*"{rest}}}"#)
    }

    fn under(condition: &str) -> Judged {
        check(&with(&deny(&format!(r#","Condition":{{{condition}}}"#))))
    }

    #[test]
    fn a_denial_of_everything_empties_the_session_and_never_blocks() {
        assert_eq!(check(&sample::healthy()), Ok(Outcome::Clear));
        let message = message(check(&with(&deny("")))).expect("degrades");
        assert!(message.contains("statement Suspended") && message.contains(sample::UNIT), "{message}");
        // MFA is never seen in a federated session.
        assert!(
            under(r#""BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}"#).is_ok_and(|one| one != Outcome::Clear)
        );
        assert!(
            under(r#""ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/aws-reserved/*"}"#)
                .is_ok_and(|one| one != Outcome::Clear)
        );
    }

    #[test]
    fn what_leaves_something_is_not_it() {
        for statements in [
            deny("").replace(r#""Action":"*""#, r#""Action":["s3:*","ec2:*"]"#),
            deny("").replace(r#""Action":"*""#, r#""NotAction":["iam:*","sts:*"]"#),
            deny("").replace(r#""Resource":"*""#, r#""Resource":"arn:aws:s3:::*""#),
            deny(r#","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1"]}}"#),
            deny(r#","Condition":{"NotIpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}}"#),
            deny(
                r#","Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/*"}}"#,
            ),
            deny(r#","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}"#),
            deny(r#","Condition":{"StringEquals":{"identitystore:userId":"somebody"}}"#),
            deny(r#","Condition":{"BoolIfExists":{"aws:SecureTransport":"false"}}"#),
        ] {
            assert_eq!(check(&with(&statements)), Ok(Outcome::Clear), "{statements}");
        }
    }

    #[test]
    fn a_level_that_allows_nothing_empties_it_too() {
        let mut evidence = with(&deny("").replace(r#""Action":"*""#, r#""Action":"s3:*""#));
        let unit = evidence.policies.attached.get_mut(sample::UNIT).expect("there");
        let only_own = vec![unit.service_control.known().expect("known")[1].clone()];
        unit.service_control = sample::known(Call::ListPoliciesForTarget, only_own);
        let told = message(check(&evidence)).expect("degrades");
        assert!(told.starts_with("No service control policy attached to organizational unit"), "{told}");
        // An allow list leaves something.
        let allow = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
        evidence.policies.documents.insert("p-0".into(), sample::known(Call::DescribePolicy, allow.into()));
        assert_eq!(check(&evidence), Ok(Outcome::Clear));
        evidence.policies.documents.insert("p-0".into(), sample::denied(Call::DescribePolicy));
        assert!(check(&evidence).is_err());
        let unit = evidence.policies.attached.get_mut(sample::UNIT).expect("there");
        unit.service_control = sample::known(Call::ListPoliciesForTarget, vec![]);
        assert!(check(&evidence).is_err());
    }

    #[test]
    fn what_cannot_be_decided_is_a_gap() {
        assert!(under(r#""StringNotEquals":{"aws:PrincipalTag/team":"ops"}"#).is_err());
        let mut evidence = sample::healthy();
        evidence.policies.attached.remove(sample::ROOT);
        assert!(check(&evidence).is_err());
        evidence = with(&deny(""));
        evidence.policies.attached.remove(sample::ROOT);
        assert!(message(check(&evidence)).is_some());
    }

    #[test]
    fn one_permission_set_s_sessions_by_name() {
        let one = |set: &str| {
            let role = format!("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_{set}_*");
            under(&format!(r#""ArnLike":{{"aws:PrincipalArn":"{role}"}}"#))
        };
        assert!(message(one("RedshiftAnalyst")).is_some());
        assert_eq!(one("Admin"), Ok(Outcome::Clear));
    }
}
