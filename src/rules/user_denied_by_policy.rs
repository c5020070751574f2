//! A policy denies everything to this one user, as AWS describes it for people who leave: see "Deny user access with
//! Service Control Policies" in the IAM Identity Center User Guide.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::denials;
use crate::evidence::{Evidence, Gaps, PolicyKind, Reason};
use crate::organization_policies::{self, label, place};
use crate::paths::Path;
use crate::policy_document::{Effect, Policy, Request, Said, Statement};
use crate::{account_role, fixes, policy_requests};

pub(super) static RULE: Rule = Rule {
    id: "user-denied-by-policy",
    gate: Gate::Session,
    worst: Worst::Degrades,
    clear: "nothing is denied to this user alone",
    summary: "a policy denies everything to this one user (degrades)",
    explain: include_str!("../../docs/rules/user-denied-by-policy.md"),
    check: Check::PerPath(check),
};

fn check(evidence: &Evidence, path: &Path) -> Judged {
    if !path.stands {
        return Ok(Outcome::NotApplicable);
    }
    let request = policy_requests::session(evidence, policy_requests::role(evidence, Some(path)));
    let mut gaps = Gaps::default();
    if let Some(fault) = denied_by_permission_set(evidence, path, &request, &mut gaps) {
        return fault.found();
    }
    if let Some(fault) = denied_by_organization(evidence, &request, &mut gaps) {
        return fault.found();
    }
    gaps.none_or_err().map(|()| Outcome::Clear)
}

fn is_aimed(statement: &Statement) -> bool {
    statement.singles_out(policy_requests::PERSON)
}

fn denied_by_permission_set(evidence: &Evidence, path: &Path, request: &Request, gaps: &mut Gaps) -> Option<Fault> {
    let inline = &gaps.keep(evidence.permission_set(&path.permission_set))?.inline;
    let text = gaps.keep(inline.known())?.as_deref()?;
    let name = evidence.permission_set_label(&path.permission_set);
    let unreadable = |error| inline.unclear(format!("the inline policy of {name} cannot be read: {error}"));
    let mut policy = gaps.keep(Policy::parse(text).map_err(unreadable))?;
    policy.statements.retain(is_aimed);
    let statement = match policy.says(Effect::Deny, request) {
        Said::Applies(statement) => statement.label(),
        Said::Undecided(undecided) => {
            let why = undecided.iter().map(|one| format!("the inline policy of permission set {name}: {one}"));
            gaps.0.extend(why.map(|why| inline.gap(Reason::Failed, why)));
            return None;
        }
        Said::Nothing => return None,
    };
    let user = evidence.user_label();
    let message = format!(
        "The inline policy of permission set {name} denies everything to {user} ({statement}): they get in, and every call is \
         refused."
    );
    let reason = format!("if {user} is to work again, ");
    let fault =
        Fault::degrades(message, inline.cite(format!("{statement} of the inline policy denies {user} everything")))
            .fix("Ask security first: such a statement is seldom an accident", None)
            .mended_by(fixes::edit_inline_policy(evidence, &path.permission_set, &statement, &reason))
            .mended_by([fixes::provision(evidence, path)]);
    // Where the latest version is not what the role carries, the role may be without the statement.
    let is_latest = account_role::is_provisioned_latest(evidence, &path.permission_set) == Ok(true);
    Some(if is_latest { fault } else { fault.likely() })
}

fn denied_by_organization(evidence: &Evidence, request: &Request, gaps: &mut Gaps) -> Option<Fault> {
    let binding = gaps.keep(organization_policies::binding(evidence, PolicyKind::ServiceControl))??;
    let Some(denial) = denials::all(evidence, &binding, request, is_aimed, gaps).into_iter().next() else {
        gaps.0.extend(binding.gaps.0);
        return None;
    };
    let (user, policy) = (evidence.user_label(), label(denial.policy));
    let message = format!(
        "Service control policy {policy}, attached to {}, denies everything to {user} ({}): they get in, and every call is \
         refused.",
        place(denial.target),
        denial.statement
    );
    let fault = Fault::degrades(message, denial.cite())
        .proved_by(denial.cite_attachment())
        .fix("Ask security first: such a statement is seldom an accident", None)
        .mended_by(fixes::edit(
            evidence,
            denial.policy,
            &format!(
                "If {user} is to work again, take them out of the condition of {0}, or {0} out of the policy where it is \
                 about nobody else",
                denial.statement
            ),
        ));
    Some(fault)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Call, sample};
    use crate::rules;

    fn deny(condition: &str) -> String {
        format!(r#"{{"Sid":"Revoke","Effect":"Deny","Action":["*"],"Resource":"*","Condition":{{{condition}}}}}"#)
    }

    fn inline(statement: &str) -> Evidence {
        let mut evidence = sample::healthy();
        let set = evidence.access.permission_sets.get_mut(sample::SET).expect("there");
        let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
        set.inline = sample::known(Call::GetInlinePolicyForPermissionSet, Some(policy));
        evidence
    }

    fn scp(statement: &str) -> Evidence {
        let mut evidence = sample::healthy();
        sample::attach(&mut evidence, PolicyKind::ServiceControl, sample::ROOT, statement);
        evidence
    }

    fn judge(evidence: &Evidence) -> Judged {
        check(evidence, &sample::path())
    }

    fn is_fault(judged: &Judged) -> bool {
        matches!(judged, Ok(Outcome::Fault(fault)) if fault.effect == rules::Effect::Degrades)
    }

    #[test]
    fn the_statements_that_aws_gives_for_people_who_leave() {
        assert_eq!(judge(&sample::healthy()), Ok(Outcome::Clear));
        let id = deny(&format!(r#""StringEquals":{{"identitystore:userId":"{}"}}"#, sample::USER));
        let name = deny(r#""StringLike":{"aws:UserId":"*:jane.doe"}"#);
        let several = deny(&format!(r#""StringEquals":{{"identitystore:UserId":["x","{}"]}}"#, sample::USER));
        for statement in [id, name, several] {
            assert!(is_fault(&judge(&inline(&statement))), "{statement}");
            assert!(is_fault(&judge(&scp(&statement))), "{statement}");
        }
    }

    #[test]
    fn placeholders_and_other_people_do_not_count() {
        for condition in [
            r#""StringEquals":{"identitystore:userId":"Add user ID here"}"#,
            r#""StringEquals":{"identitystore:UserId":"9067f0c1d2-99999999-2222-3333-4444-555555555555"}"#,
            r#""StringLike":{"aws:UserId":"*:deleteduser@domain.com"}"#,
            r#""StringLike":{"aws:userid":["*:john.roe","AIDAEXAMPLE"]}"#,
        ] {
            assert_eq!(judge(&inline(&deny(condition))), Ok(Outcome::Clear), "{condition}");
            assert_eq!(judge(&scp(&deny(condition))), Ok(Outcome::Clear), "{condition}");
        }
        let some = deny(r#""StringLike":{"aws:UserId":"*:jane.doe"}"#).replace(r#"["*"]"#, r#"["s3:*"]"#);
        assert_eq!(judge(&inline(&some)), Ok(Outcome::Clear));
    }

    #[test]
    fn what_is_not_known_is_a_gap() {
        // The role's id is not read, so that one session in full stays open.
        assert!(judge(&scp(&deny(r#""StringEquals":{"aws:userid":"AROAEXAMPLE:jane.doe"}"#))).is_err());
        let statement = deny(r#""StringLike":{"aws:UserId":"*:jane.doe"}"#);
        let mut evidence = scp(&statement);
        evidence.user.described = sample::denied(Call::DescribeUser);
        assert!(judge(&evidence).is_err());
        let mut evidence = inline(&statement);
        evidence.policies.roots = sample::denied(Call::ListRoots);
        assert!(is_fault(&judge(&evidence)));
        assert!(judge(&inline("not json")).is_err());
    }

    #[test]
    fn an_inline_policy_that_was_not_provisioned_is_only_likely() {
        let mut evidence = inline(&deny(r#""StringLike":{"aws:UserId":"*:jane.doe"}"#));
        evidence.access.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        let Ok(Outcome::Fault(fault)) = judge(&evidence) else { panic!("no fault") };
        assert_eq!(fault.confidence, rules::Confidence::Likely);
    }
}
