//! A policy denies everything to this one user, as AWS describes it for people who leave: see "Deny user access with
//! Service Control Policies" in the IAM Identity Center User Guide.

use super::{Check, Fault, Fix, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::{Person, Reason};
use crate::model::organization_policies::{label, place};
use crate::model::session_policies::{Aim, Origin, Piece, aimed_at_one, capitalised};
use crate::model::{Session, fixes};

rule! {
    gate: Gate::Session,
    worst: Worst::Degrades,
    clear: "nothing is denied to this user alone",
    summary: "a policy denies everything to this one user (degrades)",
    check: Check::PersonInSession(check),
}

fn check(session: Session<'_>) -> Judged {
    let Some(person) = session.person else { return Ok(Outcome::NotApplicable) };
    if session.permission_set().is_some_and(|set| !set.stands) {
        return Ok(Outcome::NotApplicable);
    }
    let (found, sure, mut gaps) = aimed_at_one(session);
    for aimed in &found {
        match &aimed.aim {
            Aim::User(statement) => {
                let fault = fault(session, person, &aimed.piece, statement, sure);
                // That sessions of an entitlement carry whose they are, AWS only lets one conclude from sts:SetContext.
                let certain = session.permission_set().is_some();
                return if certain { fault } else { fault.likely() }.found();
            }
            // What it depends on besides is told in a note.
            Aim::UserIf(_) => {}
            Aim::Somebody(doubts) => {
                let of_piece =
                    |why: &_| gaps.0.push(aimed.piece.gap(Reason::Failed, format!("{}: {why}", aimed.piece.name())));
                doubts.iter().filter_map(|doubt| doubt.statement.as_ref()).for_each(of_piece);
            }
        }
    }
    gaps.none_or_err().map(|()| Outcome::Clear)
}

fn fault(session: Session<'_>, person: Person<'_>, piece: &Piece<'_>, statement: &str, sure: bool) -> Fault {
    let user = person.label();
    let message = format!(
        "{} denies everything to {user} ({statement}): they get in, and every call is refused.",
        capitalised(&piece.name())
    );
    let denies = format!("{statement} of {} denies {user} everything", piece.name().trim_end_matches(','));
    let fault = Fault::degrades(message, piece.cite(denies));
    let ask = "Ask security first: such a statement is seldom an accident";
    match piece.origin {
        Origin::Organization(level, policy) => fault
            .proved_by(level.listed.cite(format!("{} is attached to {}", label(policy), place(level.target))))
            .fix(ask, None)
            .mended_by(fixes::edit(
                session.in_account,
                policy,
                &format!(
                    "If {user} is to work again, take them out of the condition of {statement}, or {statement} out of the \
                     policy where it is about nobody else"
                ),
            )),
        Origin::Inline
        | Origin::AwsManaged
        | Origin::AwsManagedBoundary
        | Origin::CustomerManaged
        | Origin::Unlisted => {
            let reason = format!("if {user} is to work again, ");
            let what = format!("If {user} is to work again, take {statement} out of {}", piece.name());
            let set = session.permission_set();
            let edits = match (piece.origin, &piece.arn, set) {
                (Origin::Inline, _, Some(set)) => {
                    fixes::edit_inline_policy(set.in_account, set.arn, statement, &reason)
                }
                (Origin::CustomerManaged, Some(arn), _) => fixes::edit_policy(session.in_account, arn, &what),
                _ => vec![Fix::new(what, None)],
            };
            let fault = fault.fix(ask, None).mended_by(edits).mended_by(set.map(fixes::provision));
            // Where the latest version is not what the role carries, the role may be without the statement.
            if sure { fault } else { fault.likely() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::paths::Assigned;
    use crate::evidence::Evidence;
    use crate::evidence::{Call, PolicyKind, sample};
    use crate::findings;
    use crate::model::sample::path;
    use crate::rules::{on_entitlement, on_path};

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    fn deny(condition: &str) -> String {
        format!(r#"{{"Sid":"Revoke","Effect":"Deny","Action":["*"],"Resource":"*","Condition":{{{condition}}}}}"#)
    }

    fn inline(statement: &str) -> Evidence {
        let mut evidence = sample::healthy();
        let set = evidence.permission_sets.get_mut(sample::SET).expect("there");
        let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
        set.inline = sample::known(Call::GetInlinePolicyForPermissionSet, Some(policy.clone().into()));
        let carried = evidence.account.inside.role_policies.get_mut(sample::ROLE).expect("there");
        carried.inline = sample::known(Call::ListRolePolicies, vec!["AwsSSOInlinePolicy".to_owned()]);
        let document = sample::known(Call::GetRolePolicy, Some(policy.into()));
        carried.documents.insert("AwsSSOInlinePolicy".to_owned(), document);
        evidence
    }

    fn scp(statement: &str) -> Evidence {
        let mut evidence = sample::healthy();
        sample::attach(&mut evidence, PolicyKind::ServiceControl, sample::ROOT, statement);
        evidence
    }

    fn judge(evidence: &Evidence) -> Judged {
        check(evidence, &path())
    }

    fn is_fault(judged: &Judged) -> bool {
        matches!(judged, Ok(Outcome::Fault(fault)) if fault.effect == findings::Effect::Degrades)
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
    fn what_the_role_carries_decides_and_what_was_not_provisioned_is_only_likely() {
        let mut evidence = inline(&deny(r#""StringLike":{"aws:UserId":"*:jane.doe"}"#));
        evidence.account.provisioned_latest = sample::known(Call::ListPermissionSetsProvisionedToAccount, vec![]);
        assert!(is_fault(&judge(&evidence)));
        let carried = evidence.account.inside.role_policies.get_mut(sample::ROLE).expect("there");
        carried.inline = sample::known(Call::ListRolePolicies, vec![]);
        assert_eq!(judge(&evidence), Ok(Outcome::Clear));
        evidence.account.inside.role_policies.clear();
        let Ok(Outcome::Fault(fault)) = judge(&evidence) else { panic!("no fault") };
        assert_eq!(fault.confidence, findings::Confidence::Likely);
    }

    #[test]
    fn a_session_of_an_entitlement_is_denied_too() {
        let mut evidence = sample::entitled::only();
        let judge = |evidence: &Evidence| on_entitlement(&RULE, evidence, &crate::model::sample::entitlement());
        assert_eq!(judge(&evidence), Ok(Outcome::Clear));
        let statement = deny(&format!(r#""StringEquals":{{"identitystore:UserId":"{}"}}"#, sample::USER));
        sample::attach(&mut evidence, PolicyKind::ServiceControl, sample::ROOT, &statement);
        assert!(is_fault(&judge(&evidence)));
    }

    #[test]
    fn what_is_meant_for_everybody_is_aimed_at_nobody() {
        for everybody in ["*", "*:*", "AROA*", "AROAEXAMPLEID1234567:*", "AROA*:??*"] {
            let statement = deny(&format!(r#""StringLike":{{"aws:userid":"{everybody}"}}"#));
            assert_eq!(judge(&scp(&statement)), Ok(Outcome::Clear), "{everybody}");
        }
        let beside = deny(r#""StringLike":{"aws:userid":["*:jane.doe","*:*"]}"#);
        assert_eq!(judge(&scp(&beside)), Ok(Outcome::Clear));
        assert!(is_fault(&judge(&scp(&deny(r#""StringLike":{"aws:userid":"*:jane.*"}"#)))));
    }

    #[test]
    fn what_else_it_depends_on_is_a_note() {
        let evidence =
            scp(&deny(r#""StringLike":{"aws:UserId":"*:jane.doe"},"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#));
        assert_eq!(judge(&evidence), Ok(Outcome::Clear));
        let ways = crate::model::paths::find(evidence.asked()).list;
        let notes = crate::model::session_policies::notes(evidence.in_account(), evidence.person(), &ways);
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].1.contains("may deny everything to jane.doe"), "{}", notes[0].1);
    }
}
