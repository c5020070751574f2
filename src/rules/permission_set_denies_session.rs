//! The permission set's own policies leave its sessions nothing to do, whoever the user is.

use std::borrow::Cow;

use super::{Check, Fault, Gate, Judged, Outcome, Rule, Worst};
use crate::iam_policy::{Cut, Effect, Statement};
use crate::model::session_policies::{
    Left, Origin, Own, Piece, Stack, TierKind, capitalised, denied as told, list_of_cuts, own, reason,
    rest, unasked, unmet,
};
use crate::model::{Session, SetInAccount, fixes};
use crate::wording;

rule! {
    gate: Gate::Session,
    worst: Worst::Degrades,
    clear: "",
    summary: "the permission set's own policies leave its sessions nothing (degrades)",
    check: Check::Session(check),
}

fn check(session: Session<'_>) -> Judged {
    let Some(here) = session.permission_set().filter(|set| set.has_sessions()) else {
        return Ok(Outcome::NotApplicable);
    };
    let Some(Own { stack, carried, has_role, .. }) = own(here, session.person)? else {
        return Ok(Outcome::NotApplicable);
    };
    let stack = stack.for_everybody();
    let (what, cuts) = match Left::lost_by_set(&stack) {
        Some(Left::Nothing(cuts)) => (nothing(here, &stack, &cuts), cuts),
        Some(Left::Only(cut)) => (denied(here, &stack, &cut), vec![cut]),
        // Without its role, there are no sessions yet to say it of.
        Some(Left::Something | Left::Unclear(..)) | None if !has_role && here.to_come.is_none() => {
            return Ok(Outcome::NotApplicable);
        }
        Some(Left::Something | Left::Unclear(..)) | None => {
            let mut unknown = stack.unknown();
            unknown.0.extend(unasked(here, session.person).0);
            return unknown.none_or_err().map(|()| Outcome::Clear);
        }
    };
    let pieces = involved(&stack, &cuts);
    let Some((first, others)) = pieces.split_first() else { return Ok(Outcome::NotApplicable) };
    let cite = |piece: &&Piece<'_>| piece.cite(shown(piece, &cuts));
    let fault = others.iter().map(cite).fold(Fault::degrades(what, cite(first)), Fault::proved_by);
    let fault = mend(fault, here, &pieces);
    // What the permission set names, the role may not have yet.
    if carried { fault } else { fault.likely() }.found()
}

fn nothing(here: SetInAccount<'_>, stack: &Stack<'_>, cuts: &[Cut<'_>]) -> String {
    let set = here.label();
    let refused = format!("people with permission set {set} get in, and every call is refused");
    let [cut] = cuts else {
        let list = list_of_cuts(stack, cuts);
        return format!(
            "Together, the policies of permission set {set} leave its sessions nothing: {list}; {refused}."
        );
    };
    let Cut::Lacks { layer } = *cut else { return denied(here, stack, cut) };
    let Some(tier) = stack.tiers.get(layer) else { return String::new() };
    let whose = match tier.kind {
        TierKind::Boundary => format!("The permissions boundary of permission set {set}"),
        TierKind::Own | TierKind::Level(_) => format!("What permission set {set} carries"),
    };
    if let Some(unmet) = unmet(tier, stack) {
        return format!("{whose} allows nothing: {unmet}; {refused}.");
    }
    let denials: Vec<String> = statements(&tier.pieces, Effect::Deny)
        .map(|(piece, statement)| format!("{} of {}", statement.label(), piece.name()))
        .collect();
    let only = if denials.is_empty() {
        "no statement of its policies allows anything".to_owned()
    } else {
        format!("its policies only deny ({})", wording::list(denials, 3))
    };
    format!("{whose} allows nothing: {only}; {refused}.")
}

/// One statement denies everything, or all but what it excepts.
fn denied(here: SetInAccount<'_>, stack: &Stack<'_>, cut: &Cut<'_>) -> String {
    let set = here.label();
    let Cut::Denies { layer, policy, statement } = *cut else { return String::new() };
    let name = stack.piece(layer, policy).map(|piece| capitalised(&piece.name())).unwrap_or_default();
    let left = match rest(statement, stack) {
        Some(rest) => format!("can do no more than {rest}"),
        None => "every call is refused".to_owned(),
    };
    format!(
        "{name} denies {} ({}{}): people with permission set {set} get in, and {left}.",
        told(statement, stack),
        statement.label(),
        reason(statement, stack)
    )
}

fn statements<'a, 'b>(
    pieces: &'b [Piece<'a>],
    effect: Effect,
) -> impl Iterator<Item = (&'b Piece<'a>, &'b Statement)> + use<'a, 'b> {
    let of_piece = |piece: &'b Piece<'a>| {
        let statements = piece.policy().into_iter().flat_map(|policy| &policy.statements);
        statements.map(move |statement| (piece, statement))
    };
    pieces.iter().flat_map(of_piece).filter(move |(_, statement)| statement.effect == effect)
}

/// The policies that together leave nothing.
fn involved<'a, 'b>(stack: &'b Stack<'a>, cuts: &[Cut<'_>]) -> Vec<&'b Piece<'a>> {
    let of_cut = |cut: &Cut<'_>| match *cut {
        Cut::Denies { layer, policy, .. } => stack.piece(layer, policy).into_iter().collect::<Vec<_>>(),
        Cut::Lacks { layer } => stack.tiers.get(layer).map(|tier| tier.pieces.iter().collect()).unwrap_or_default(),
    };
    cuts.iter().flat_map(of_cut).collect()
}

fn shown(piece: &Piece<'_>, cuts: &[Cut<'_>]) -> String {
    let of_piece = piece.policy().map(|policy| &policy.statements[..]).unwrap_or_default();
    let denies = cuts.iter().find_map(|cut| match cut {
        Cut::Denies { statement, .. } if of_piece.contains(statement) => Some(*statement),
        Cut::Denies { .. } | Cut::Lacks { .. } => None,
    });
    match denies {
        Some(statement) => format!("{} of {} denies {}", statement.label(), piece.name(), statement.told()),
        None => format!("{} allows nothing more", piece.name()),
    }
}

/// What to do: nothing that takes a guard away before somebody was asked.
fn mend(fault: Fault, here: SetInAccount<'_>, pieces: &[&Piece<'_>]) -> Fault {
    let set = here.label();
    let mut fault = fault.fix("Ask who wrote these policies first: to deny everything may be meant", None);
    let mut named: Vec<Cow<'_, str>> = Vec::new();
    for piece in pieces.iter().filter(|piece| piece.policy().is_some()) {
        let name = piece.name();
        if named.contains(&name) {
            continue;
        }
        named.push(name.clone());
        fault = match piece.origin {
            Origin::AwsManaged => match &piece.arn {
                Some(arn) => {
                    let mut detach = fixes::detach_aws_managed(here.in_account, here.arn, arn);
                    detach.what = format!("If it is not, detach {name} from permission set {set}");
                    fault.mended_by([detach])
                }
                None => fault.fix(format!("If it is not, take {name} out of permission set {set}"), None),
            },
            Origin::AwsManagedBoundary => {
                let what = format!("If it is not, take {name} off permission set {set}");
                fault.mended_by([fixes::delete_boundary(here.in_account, here.arn, &what)])
            }
            Origin::Inline => fault.mended_by(fixes::rewrite_inline_policy(
                here.in_account,
                here.arn,
                "if it is not, have policy.json allow what is to be done",
            )),
            Origin::CustomerManaged => {
                let what = format!("If it is not, have {name} allow what is to be done");
                match &piece.arn {
                    Some(arn) => fault.mended_by(fixes::edit_policy(here.in_account, arn, &what)),
                    None => fault.fix(what, None),
                }
            }
            Origin::Organization(..) | Origin::Unlisted => {
                fault.fix(format!("If it is not, have {name} allow what is to be done"), None)
            }
        };
    }
    // What a policy of the account says counts at once.
    let is_copied = |piece: &&&Piece<'_>| piece.origin != Origin::CustomerManaged;
    if pieces.iter().any(|piece| is_copied(&piece)) { fault.mended_by([fixes::provision(here)]) } else { fault }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Evidence;
    use crate::evidence::{Boundary, Call, Reason, sample};
    use crate::findings::{Confidence, Effect};
    use crate::model::paths::Assigned;
    use crate::model::sample::path;
    use crate::rules::on_path;

    fn check(evidence: &Evidence, path: &Assigned) -> Judged {
        on_path(&RULE, evidence, path)
    }

    const POLICY: &str = "arn:aws:iam::123456789012:policy/my-redshift-analyst-policy";
    const DENY: &str = r#"{"Sid":"Cut","Effect":"Deny","Action":"*","Resource":"*"}"#;
    const ALLOW: &str = r#"{"Effect":"Allow","Action":"redshift:*","Resource":"*"}"#;

    fn document(statements: &str) -> String {
        format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
    }

    /// The customer managed policy says this.
    fn saying(statements: &str) -> Evidence {
        let mut evidence = sample::healthy();
        let fact = sample::known(Call::GetPolicyVersion, Some(document(statements).into()));
        evidence.account.inside.policy_documents.insert(POLICY.into(), fact);
        evidence
    }

    fn judge(evidence: &Evidence) -> Judged {
        check(evidence, &path())
    }

    fn fault(evidence: &Evidence) -> Fault {
        match judge(evidence) {
            Ok(Outcome::Fault(fault)) if fault.effect == Effect::Degrades => *fault,
            other => panic!("no fault: {other:?}"),
        }
    }

    #[test]
    fn judges_what_the_role_carries() {
        assert_eq!(judge(&saying(ALLOW)), Ok(Outcome::Clear));
        let evidence = saying(&format!("{ALLOW},{DENY}"));
        let found = fault(&evidence);
        assert!(
            found
                .message
                .starts_with("Customer managed policy my-redshift-analyst-policy denies everything (statement Cut)")
        );
        assert_eq!(found.confidence, Confidence::Confirmed);
        // The inline policy that the role still has is not the permission set's any more.
        let mut older = saying(ALLOW);
        let carried = older.account.inside.role_policies.get_mut(sample::ROLE).expect("there");
        carried.attached = sample::known(Call::ListAttachedRolePolicies, vec![]);
        carried.inline = sample::known(Call::ListRolePolicies, vec!["AwsSSOInlinePolicy".into()]);
        carried.documents.insert("AwsSSOInlinePolicy".into(), sample::known(Call::GetRolePolicy, Some(document(DENY).into())));
        assert!(
            fault(&older).message.contains("Inline policy AwsSSOInlinePolicy of role AWSReservedSSO_RedshiftAnalyst")
        );
    }

    #[test]
    fn what_only_the_permission_set_tells_is_likely() {
        let mut evidence = saying(DENY);
        evidence.account.inside.role_policies.clear();
        assert_eq!(fault(&evidence).confidence, Confidence::Likely);
        evidence.account.inside.roles = sample::denied(Call::ListRoles);
        assert_eq!(fault(&evidence).confidence, Confidence::Likely);
        evidence = saying(ALLOW);
        evidence.account.inside.roles = sample::denied(Call::ListRoles);
        assert_eq!(judge(&evidence), Ok(Outcome::NotApplicable));
        evidence.account.inside.roles = sample::known(Call::ListRoles, vec![]);
        assert_eq!(judge(&evidence), Ok(Outcome::NotApplicable));
    }

    #[test]
    fn what_was_not_read_is_a_gap_whether_it_could_not_be_or_was_not_asked_for() {
        let mut evidence = saying(ALLOW);
        evidence.account.inside.policy_documents.insert(POLICY.into(), sample::denied(Call::GetPolicyVersion));
        let Err(gaps) = judge(&evidence) else { panic!("a gap") };
        assert_eq!(gaps.0[0].call, Call::GetPolicyVersion);
        evidence.account.inside.policy_documents.insert(POLICY.into(), sample::known(Call::GetPolicyVersion, Some("{".into())));
        assert!(judge(&evidence).is_err());
        // Recordings of earlier versions have none of these, and one made by hand may leave some out.
        evidence.account.inside.policy_documents.clear();
        let Err(gaps) = judge(&evidence) else { panic!("a gap") };
        assert_eq!((gaps.0[0].call, gaps.0[0].reason), (Call::GetPolicyVersion, Reason::NotAsked));
    }

    #[test]
    fn aws_deny_all_is_known_by_its_name() {
        for partition in ["aws", "aws-us-gov", "aws-cn"] {
            let mut evidence = saying(ALLOW);
            let carried = evidence.account.inside.role_policies.get_mut(sample::ROLE).expect("there");
            let arn = format!("arn:{partition}:iam::aws:policy/AWSDenyAll");
            carried.attached = sample::known(Call::ListAttachedRolePolicies, vec![POLICY.into(), arn.clone()]);
            let found = fault(&evidence);
            assert!(found.message.contains("AWS managed policy AWSDenyAll denies everything"), "{}", found.message);
            let command = found.fixes.iter().find_map(|fix| fix.command.clone()).expect("a command").shell();
            assert!(command.contains("detach-managed-policy-from-permission-set") && command.contains(&arn));
        }
    }

    #[test]
    fn the_boundary_counts() {
        let with = |statements: &str| {
            let mut evidence = saying(ALLOW);
            let arn = "arn:aws:iam::aws:policy/Bound";
            let set = evidence.permission_sets.get_mut(sample::SET).expect("there");
            let call = Call::GetPermissionsBoundaryForPermissionSet;
            set.boundary = sample::known(call, Some(Boundary::AwsManaged(arn.into())));
            let fact = sample::known(Call::GetPolicyVersion, Some(document(statements).into()));
            evidence.account.inside.policy_documents.insert(arn.into(), fact);
            evidence
        };
        assert_eq!(judge(&with(r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#)), Ok(Outcome::Clear));
        let nothing = fault(&with(r#"{"Effect":"Allow","NotAction":["redshift:*"],"Resource":"*"}"#));
        assert!(
            nothing.message.contains("the permissions boundary allows only everything but redshift:*"),
            "{}",
            nothing.message
        );
        let denied = fault(&with(DENY));
        assert!(denied.message.contains("ermissions boundary Bound denies everything"));
        // A boundary is not among the policies that can be detached.
        let commands: Vec<String> =
            denied.fixes.iter().filter_map(|fix| fix.command.as_ref()).map(crate::findings::Command::shell).collect();
        assert!(commands[0].contains(" delete-permissions-boundary-from-permission-set "), "{commands:?}");
        assert!(!commands.iter().any(|one| one.contains("detach-managed-policy")), "{commands:?}");
        let careful = denied.fixes.iter().find_map(|fix| fix.caution.as_deref()).expect("a caution");
        assert!(careful.contains("no longer bounds"), "{careful}");
    }
}
