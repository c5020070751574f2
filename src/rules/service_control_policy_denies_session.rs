//! Service control policies leave the session nothing to do. They never keep anybody from signing in: the call that takes
//! people into the account is not made by an identity of the account, which is all that these policies bind.

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::evidence::InAccount;
use crate::iam_policy::{Cut, Statement};
use crate::model::{Session, Through};
use crate::model::fixes;
use crate::model::organization_policies::{Level, label, place};
use crate::model::session_policies::{
    Left, Origin, Piece, Stack, TierKind, capitalised, left_by_organization, list_of_cuts, reason, rest,
    under_organization,
};
use crate::wording;

rule! {
    gate: Gate::OrganizationPolicy,
    worst: Worst::Degrades,
    clear: "SCPs leave them something",
    summary: "service control policies leave the session nothing (degrades)",
    check: Check::Session(check),
}

const CONSEQUENCE: &str = "People sign in and get their role, and then every call is refused.";

fn check(session: Session<'_>) -> Judged {
    if session.permission_set().is_some_and(|set| !set.stands) {
        return Ok(Outcome::NotApplicable);
    }
    let whose = session.whose();
    let Some(stack) = under_organization(session)? else { return Ok(Outcome::NotApplicable) };
    let fault = match left_by_organization(&stack) {
        Left::Something | Left::Unclear(..) => None,
        Left::Nothing(cuts) => nothing(session, &stack, &cuts, &whose),
        Left::Only(cut) => denied(session, &stack, &cut, &whose),
    };
    match fault {
        Some(fault) => fault.found(),
        None => stack.unknown().none_or_err().map(|()| Outcome::Clear),
    }
}

fn nothing(session: Session<'_>, stack: &Stack<'_>, cuts: &[Cut<'_>], whose: &str) -> Option<Fault> {
    let here = session.in_account;
    if let [cut] = cuts {
        return match *cut {
            Cut::Denies { .. } => denied(session, stack, cut, whose),
            Cut::Lacks { layer } => match stack.tiers.get(layer)?.kind {
                TierKind::Level(level) => Some(nothing_allowed(here, &level, whose)),
                TierKind::Own | TierKind::Boundary => None,
            },
        };
    }
    let of_own = |cut: &&Cut<'_>| !is_level(stack, cut);
    let what = if cuts.iter().any(|cut| of_own(&cut)) {
        format!("nothing of what {whose} grants")
    } else {
        format!("nothing to sessions of {whose}")
    };
    let message = format!(
        "Together, policies leave {what} in account {}: {}. {CONSEQUENCE}",
        here.account_label(),
        list_of_cuts(stack, cuts)
    );
    let of_organization: Vec<&Cut<'_>> = cuts.iter().filter(|cut| is_level(stack, cut)).collect();
    let pieces: Vec<&Piece<'_>> = of_organization.iter().flat_map(|cut| pieces(stack, cut)).collect();
    let mut proof = pieces.iter().map(|piece| piece.cite(told(piece)));
    let mut fault = proof.by_ref().take(1).map(|first| Fault::degrades(message.clone(), first)).next()?;
    fault = proof.fold(fault, Fault::proved_by);
    for piece in pieces {
        if let Origin::Organization(_, policy) = piece.origin {
            let what = format!("If that is not meant, let {} allow what is to be done", label(policy));
            fault = fault.mended_by(fixes::edit(here, policy, &what));
        }
    }
    Some(fault)
}

fn is_level(stack: &Stack<'_>, cut: &Cut<'_>) -> bool {
    let (Cut::Denies { layer, .. } | Cut::Lacks { layer }) = *cut;
    stack.tiers.get(layer).is_some_and(|tier| matches!(tier.kind, TierKind::Level(_)))
}

fn pieces<'a, 'b>(stack: &'b Stack<'a>, cut: &Cut<'_>) -> Vec<&'b Piece<'a>> {
    match *cut {
        Cut::Denies { layer, policy, .. } => stack.piece(layer, policy).into_iter().collect(),
        Cut::Lacks { layer } => stack.tiers.get(layer).map(|tier| tier.pieces.iter().collect()).unwrap_or_default(),
    }
}

fn told(piece: &Piece<'_>) -> String {
    let statements = piece.policy().map(|policy| &policy.statements[..]).unwrap_or_default();
    let statements = wording::list(statements.iter().map(Statement::label), 3);
    let name = piece.name.trim_end_matches(',');
    if statements.is_empty() { name.to_owned() } else { format!("{name}: {statements}") }
}

/// One statement denies everything, or all but what it excepts.
fn denied(session: Session<'_>, stack: &Stack<'_>, cut: &Cut<'_>, whose: &str) -> Option<Fault> {
    let here = session.in_account;
    let Cut::Denies { layer, policy, statement } = *cut else { return None };
    let piece = stack.piece(layer, policy)?;
    let Origin::Organization(level, policy) = piece.origin else { return None };
    let (at, label_of_policy, name) = (place(level.target), label(policy), capitalised(&piece.name));
    let (statement_label, told) = (statement.label(), statement.told());
    let left = match rest(statement, stack) {
        None => CONSEQUENCE.to_owned(),
        Some(rest) => format!("People sign in and get their role, and can do no more than {rest}."),
    };
    let message = format!(
        "{name} denies {told} to sessions of {whose} in account {} ({statement_label}{}). {left}",
        here.account_label(),
        reason(statement, stack)
    );
    // Nobody gets more by it than they need: the roles of Identity Center, or the one role of an entitlement.
    let (whom, arn) = match session.through {
        Through::PermissionSet(_) => {
            let partition = here.partition();
            ("Identity Center", format!("arn:{partition}:iam::*:role/aws-reserved/sso.amazonaws.com/*"))
        }
        Through::Entitlement(entitled) => (entitled.role_name(), entitled.role_arn.clone()),
    };
    let exemption = format!(
        "If that is not meant, exempt {whom} in {statement_label} with the condition \"ArnNotLike\": \
         {{\"aws:PrincipalArn\": \"{arn}\"}}"
    );
    let attached = level.listed.cite(format!("{label_of_policy} is attached to {at}"));
    let fault = Fault::degrades(message, piece.cite(format!("{statement_label} of {label_of_policy} denies {told}")))
        .proved_by(attached)
        .mended_by(fixes::edit(here, policy, &exemption))
        .mended_by([fixes::detach(here, policy, level.target, &statement_label)]);
    Some(fault)
}

/// No policy of a level allows anything.
fn nothing_allowed(here: InAccount<'_>, level: &Level<'_>, whose: &str) -> Fault {
    let at = place(level.target);
    let attached = wording::list(level.policies.iter().map(label), 3);
    let message = format!(
        "No service control policy attached to {at} allows sessions of {whose} anything, and what one level does not \
         allow, nobody in account {} can do. {CONSEQUENCE}",
        here.account_label()
    );
    Fault::degrades(message, level.listed.cite(format!("{attached} at {at}, and none allows anything")))
        .mended_by([fixes::allow_everything(here, level.target)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{AccessControlAttributes, Call, PolicyKind, sample};
    use crate::findings;
    use crate::model::sample::path;
    use crate::model::session_policies;
    use crate::rules::{on_entitlement, on_path};

    fn check(evidence: &Evidence) -> Judged {
        on_path(&RULE, evidence, &path())
    }

    fn notes(evidence: &Evidence) -> Vec<String> {
        let ways = crate::model::paths::find(evidence).list;
        let notes = session_policies::notes(evidence.in_account(), evidence.person(), &ways);
        notes.into_iter().map(|(_, note)| note).collect()
    }

    fn with(statements: &str) -> Evidence {
        let mut evidence = sample::healthy();
        sample::attach(&mut evidence, PolicyKind::ServiceControl, sample::UNIT, statements);
        evidence
    }

    fn message(judged: Judged) -> Option<String> {
        match judged {
            Ok(Outcome::Fault(fault)) if fault.effect == findings::Effect::Degrades => Some(fault.message),
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
    fn what_hangs_on_circumstances_is_a_note_and_what_is_unread_a_gap() {
        for condition in [
            r#""NotIpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}"#,
            r#""StringNotEquals":{"aws:SourceVpce":"vpce-1"}"#,
            r#""DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}"#,
        ] {
            let evidence = with(&deny(&format!(r#","Condition":{{{condition}}}"#)));
            assert_eq!(check(&evidence), Ok(Outcome::Clear), "{condition}");
            let notes = notes(&evidence);
            assert_eq!(notes.len(), 1, "{condition}: {notes:?}");
            assert!(notes[0].contains("Guardrails (p-0)") && notes[0].contains("it depends on aws:"), "{}", notes[0]);
        }
        assert!(notes(&sample::healthy()).is_empty());
        let mut evidence = sample::healthy();
        evidence.policies.attached.remove(sample::ROOT);
        assert!(check(&evidence).is_err());
        evidence = with(&deny(""));
        evidence.policies.attached.remove(sample::ROOT);
        assert!(message(check(&evidence)).is_some());
    }

    #[test]
    fn the_exemption_is_for_the_role_that_it_is_about() {
        let fix = |judged: Judged| match judged {
            Ok(Outcome::Fault(fault)) => fault.fixes.iter().map(|fix| fix.what.clone()).collect::<String>(),
            other => format!("{other:?}"),
        };
        let evidence = with(&deny(""));
        assert!(fix(check(&evidence)).contains(r#""arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*""#));
        let mut entitled = sample::entitled::only();
        sample::attach(&mut entitled, PolicyKind::ServiceControl, sample::ROOT, &deny(""));
        let fixes = fix(on_entitlement(&RULE, &entitled, &crate::model::sample::entitlement()));
        assert!(fixes.contains(r#""arn:aws:iam::123456789012:role/data/DataReader""#), "{fixes}");
        assert!(!fixes.contains("sso.amazonaws.com"), "{fixes}");
    }

    #[test]
    fn everybody_is_not_one_person() {
        assert!(message(under(r#""StringLike":{"aws:userid":"*"}"#)).is_some());
    }

    #[test]
    fn sessions_carry_no_tag_where_none_is_configured() {
        let tagged = r#""StringNotEquals":{"aws:PrincipalTag/team":"ops"}"#;
        assert!(message(under(tagged)).expect("degrades").contains("sessions of Identity Center never carry it"));
        let mut evidence = with(&deny(&format!(r#","Condition":{{{tagged}}}"#)));
        let attributes = AccessControlAttributes { status: Some("ENABLED".into()), sources: [].into() };
        let call = Call::DescribeInstanceAccessControlAttributeConfiguration;
        evidence.attributes = sample::known(call, Some(attributes));
        assert_eq!((check(&evidence), notes(&evidence).len()), (Ok(Outcome::Clear), 1));
        assert_eq!(under(r#""StringEquals":{"aws:PrincipalTag/team":"ops"}"#), Ok(Outcome::Clear));
    }

    #[test]
    fn a_key_of_one_service_leaves_the_others_or_takes_them_away() {
        assert_eq!(under(r#""StringEquals":{"ec2:Region":"eu-west-1"}"#), Ok(Outcome::Clear));
        assert_eq!(under(r#""StringNotLike":{"ec2:InstanceType":"t3.*"}"#), Ok(Outcome::Clear));
        // With all of them granted, it can be told what is taken away.
        let mut evidence = with(&deny(r#","Condition":{"StringNotLike":{"ec2:InstanceType":"t3.*"}}"#));
        let arn = "arn:aws:iam::123456789012:policy/my-redshift-analyst-policy";
        let allow = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        let document = sample::known(Call::GetPolicyVersion, Some(allow.to_owned()));
        evidence.target.policy_documents.insert(arn.into(), document);
        let told = message(check(&evidence)).expect("degrades");
        assert!(told.contains("only calls to ec2 carry it"), "{told}");
        assert!(told.ends_with("can do no more than calls that carry ec2:InstanceType."), "{told}");
        let allow = allow.replace(r#""Action":"*""#, r#""Action":"ec2:*""#);
        let document = sample::known(Call::GetPolicyVersion, Some(allow));
        evidence.target.policy_documents.insert(arn.into(), document);
        assert_eq!(check(&evidence), Ok(Outcome::Clear));
        // Of all calls, no one has both.
        assert!(message(under(r#""StringNotEquals":{"ec2:Region":"x"},"Null":{"ec2:Region":"true"}"#)).is_none());
        let both = [("ec2:Region", "eu-west-1"), ("s3:LocationConstraint", "eu-west-1")]
            .map(|(key, value)| deny(&format!(r#","Condition":{{"StringNotEquals":{{"{key}":"{value}"}}}}"#)));
        assert!(message(check(&with(&both.join(",")))).is_some());
    }

    #[test]
    fn levels_that_have_nothing_in_common_are_both_named() {
        let only = |evidence: &mut Evidence, target: &str, action: &str| {
            let allow = format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"*"}}"#);
            sample::attach(evidence, PolicyKind::ServiceControl, target, &allow);
            let level = evidence.policies.attached.get_mut(target).expect("there");
            let own = vec![level.service_control.known().expect("known")[1].clone()];
            level.service_control = sample::known(Call::ListPoliciesForTarget, own);
        };
        let with = |actions: [&str; 2]| {
            let mut evidence = sample::healthy();
            only(&mut evidence, sample::ROOT, actions[0]);
            only(&mut evidence, sample::UNIT, actions[1]);
            check(&evidence)
        };
        let told = message(with(["s3:*", "ec2:*"])).expect("degrades");
        for part in ["Guardrails (p-0)", "Guardrails (p-1)", "s3:*", "ec2:*", sample::ROOT, sample::UNIT] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert_eq!(with(["s3:*", "s3:Get*"]), Ok(Outcome::Clear));
        assert_eq!(with(["*:Get*", "s3:*"]), Ok(Outcome::Clear));
        assert!(message(with(["*:Get*", "s3:Put*"])).is_some());
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
