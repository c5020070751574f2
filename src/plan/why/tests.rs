//! The plan put to recordings in AWS's place: it asks for nothing that was not recorded, and what it gets makes the same
//! recording again.

use std::fs;
use std::path::Path;

use super::*;
use crate::evidence::{InstanceFacts, Observed, RequestLog, UserFacts, UserLookup, Version, read};

/// What a recording answers; `None`: it was not asked.
fn answer(known: &Evidence, want: &Want) -> Option<Answer> {
    let shared = &known.shared;
    let set = |arn: &String| shared.permission_sets.get(arn);
    let (account, inside) = (&known.account, &known.account.inside);
    let requests = |kind: RequestKind| -> &RequestLog { shared.requests(kind) };
    let person = |id: &String| {
        let colleague = known.colleague.as_ref().map(|one| &*one.user);
        std::iter::once(&known.user).chain(colleague).find(|user| user.found() == Some(id))
    };
    let typed = |text: &String| -> Option<&UserFacts> {
        let colleague = known.colleague.as_ref().filter(|one| one.asked == *text).map(|one| &*one.user);
        if known.question.user == *text { Some(&known.user) } else { colleague }
    };
    let elsewhere = known.user.elsewhere.as_ref();
    Some(match want.clone() {
        Want::InstanceDetails() => Answer::InstanceDetails(shared.instance_details.clone()),
        Want::Attributes() => Answer::Attributes(shared.attributes.clone()),
        Want::Roots() => Answer::Roots(shared.policies.roots.clone()),
        Want::Parent(child) => Answer::Parent(child.clone(), shared.policies.parents.get(&child)?.clone()),
        Want::Attached(target, kind) => {
            let attached = shared.policies.attached.get(&target)?.of(kind).clone();
            Answer::Attached(target, kind, attached)
        }
        Want::PolicyDocument(id) => Answer::PolicyDocument(id.clone(), shared.policies.documents.get(&id)?.clone()),
        Want::PermissionSets() => Answer::PermissionSets(shared.permission_set_arns.clone()),
        Want::PermissionSet(arn) => Answer::PermissionSet(arn.clone(), set(&arn)?.described.clone()),
        Want::AwsManaged(arn) => Answer::AwsManaged(arn.clone(), set(&arn)?.aws_managed.clone()),
        Want::CustomerManaged(arn) => Answer::CustomerManaged(arn.clone(), set(&arn)?.customer_managed.clone()),
        Want::Inline(arn) => Answer::Inline(arn.clone(), set(&arn)?.inline.clone()),
        Want::Boundary(arn) => Answer::Boundary(arn.clone(), set(&arn)?.boundary.clone()),
        Want::AccountsOf(arn, version) => {
            let of = shared.accounts_of.get(&arn)?;
            let of = if version == Version::Latest { &of.latest } else { &of.outdated };
            Answer::AccountsOf(arn, version, of.clone())
        }
        Want::SetsOf(id, Version::Latest) => Answer::SetsOf(id, Version::Latest, account.provisioned_latest.clone()),
        Want::SetsOf(id, version) => Answer::SetsOf(id, version, account.provisioned_outdated.clone()),
        Want::SetsIn(id) => Answer::SetsIn(id, shared.provisioned_in_management.clone()?),
        Want::Assignments(id, arn) => Answer::Assignments(id, arn.clone(), account.assignments.get(&arn)?.clone()),
        Want::Requests(kind, status) => {
            let log = requests(kind);
            let list = match status {
                RequestStatus::InProgress => &log.in_progress,
                RequestStatus::Failed => &log.failed,
                RequestStatus::Succeeded => &log.succeeded,
            };
            Answer::Requests(kind, status, list.clone())
        }
        Want::Request(kind, id) => Answer::Request(kind, id.clone(), requests(kind).described.get(&id)?.clone()),
        Want::Applications() => Answer::Applications(shared.entitlements.applications.clone()),
        Want::Application(arn) => Answer::Application(arn.clone(), shared.entitlements.described.get(&arn)?.clone()),
        Want::Entitlements(arn, id) => Answer::Entitlements(arn.clone(), id, account.entitlements.get(&arn)?.clone()),
        Want::Entry(id) => Answer::Entry(id, inside.entry.clone()),
        Want::PoliciesIn(id) => Answer::PoliciesIn(id, inside.policies.clone()),
        Want::RolesIn(id) => Answer::RolesIn(id, inside.roles.clone()),
        Want::SamlProvidersIn(id) => Answer::SamlProvidersIn(id, inside.saml_providers.clone()),
        Want::QuotasIn(id) => Answer::QuotasIn(id, inside.quotas.clone()),
        Want::EntitledRole(id, arn) => Answer::EntitledRole(id, arn.clone(), inside.entitled_roles.get(&arn)?.clone()),
        Want::AttachedTo(id, role) => {
            let attached = inside.role_policies.get(&role)?.attached.clone();
            Answer::AttachedTo(id, role, attached)
        }
        Want::InlineNames(id, role) => {
            let inline = inside.role_policies.get(&role)?.inline.clone();
            Answer::InlineNames(id, role, inline)
        }
        Want::InlineOf(id, role, name) => {
            let document = inside.role_policies.get(&role)?.documents.get(&name)?.clone();
            Answer::InlineOf(id, role, name, document)
        }
        Want::ManagedPolicy(id, arn, version) => {
            let document = inside.policy_documents.get(&arn)?.clone();
            Answer::ManagedPolicy(id, arn, version, document)
        }
        Want::AwsManagedPolicy(arn) => Answer::AwsManagedPolicy(arn.clone(), inside.aws_managed.get(&arn)?.clone()),
        Want::User(id) => Answer::User(id.clone(), shared.users.get(&id)?.clone()),
        Want::Group(id) => Answer::Group(id.clone(), shared.groups.get(&id)?.clone()),
        Want::GroupNamed(name) => Answer::GroupNamed(name, known.asked_group.clone()?),
        Want::LookUp(text) => {
            let lookups: Vec<UserLookup> = typed(&text)?.lookups.clone();
            let fact = Fact { observed: Observed::Known(lookups), ..Fact::not_asked(Call::GetUserId, "") };
            Answer::LookUp(text, fact)
        }
        Want::CloseUsers(text) => Answer::CloseUsers(text.clone(), typed(&text)?.scan.clone()),
        Want::Person(id) => Answer::Person(id.clone(), person(&id)?.described.clone()),
        Want::Memberships(id) => Answer::Memberships(id.clone(), person(&id)?.memberships.clone()),
        Want::AssignmentsIn(id, account) => {
            let rows = person(&id)?.for_principal.clone();
            Answer::AssignmentsIn(id, account, rows)
        }
        Want::AssignmentsOfPerson(id) => Answer::AssignmentsOfPerson(id, elsewhere?.assignments.clone()),
        Want::Account(id) => Answer::Account(id.clone(), elsewhere?.accounts.get(&id)?.clone()),
        _ => return None,
    })
}

/// Asks a recording until a part of the plan wants nothing more. `choose`: which of what is wanted is answered next.
fn ask(
    known: &Evidence,
    evidence: &mut Evidence,
    so_far: &mut SoFar,
    plan: impl Fn(&Evidence, &SoFar) -> Next,
    choose: &mut impl FnMut(usize) -> usize,
) {
    let mut running: Vec<Want> = Vec::new();
    loop {
        let Next { essential, refining, search, unasked } = plan(evidence, so_far);
        for one in unasked {
            if so_far.tell(&one) {
                evidence.apply(one);
            }
        }
        running.extend(essential.into_iter().chain(refining).filter(|want| so_far.ask(want)));
        let sought = search.into_iter().next();
        let waiting = running.len() + usize::from(sought.is_some());
        if waiting == 0 {
            return;
        }
        let want = match (choose(waiting), sought) {
            (chosen, Some(sought)) if chosen == running.len() => sought,
            (chosen, _) => running.remove(chosen),
        };
        let answered = answer(known, &want).unwrap_or_else(|| panic!("{want:?} was not asked when this was recorded"));
        assert!(answered.head().known().is_ok() || !is_never_asked(&answered), "{want:?} was left out");
        evidence.apply(answered);
        so_far.answer(want);
    }
}

fn is_never_asked(answer: &Answer) -> bool {
    answer.head().is_not_asked() && !matches!(answer, Answer::Entry(..))
}

/// The evidence of the first round alone.
fn begun(known: &Evidence) -> Evidence {
    let mut evidence = Evidence::of_question(known.question.clone());
    let first = &known.shared;
    evidence.shared = InstanceFacts {
        caller: first.caller.clone(),
        organization: first.organization.clone(),
        instances: first.instances.clone(),
        accounts: first.accounts.clone(),
        ..InstanceFacts::unasked()
    };
    evidence.account.id.clone_from(&known.account.id);
    evidence.account.described = known.account.described.clone();
    if let Some(colleague) = &known.colleague {
        let user = Box::new(UserFacts::unasked());
        evidence.colleague = Some(crate::evidence::Colleague { asked: colleague.asked.clone(), user });
    }
    (evidence.collected_at, evidence.calls) = (known.collected_at, known.calls);
    evidence
}

/// What the plan makes of a recording, where answers come in some order.
fn made_anew(known: &Evidence, choose: &mut impl FnMut(usize) -> usize) -> Evidence {
    let mut evidence = begun(known);
    let mut so_far = SoFar::default();
    let has_account = matches!(evidence.account_id(), Ok(Some(_)));
    ask(known, &mut evidence, &mut so_far, to_the_account, choose);
    if has_account {
        ask(known, &mut evidence, &mut so_far, policies, choose);
        ask(known, &mut evidence, &mut so_far, ways, choose);
        evidence.user.role_events.clone_from(&known.user.role_events);
        evidence.user.sign_ins = known.user.sign_ins.clone();
        if known.account.inside.entry.known().is_ok() && evidence.user_id() != Ok(None) {
            ask(known, &mut evidence, &mut so_far, closer, choose);
            ask(known, &mut evidence, &mut so_far, rewritten, choose);
        }
    }
    // What others than the plan ask for.
    evidence.history = known.history.clone();
    evidence.machine = known.machine.clone();
    evidence
}

fn recordings() -> impl Iterator<Item = (String, Evidence)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "json"));
    files.map(|path| {
        let text = fs::read_to_string(&path).expect("a recording");
        (path.display().to_string(), read(&text).expect("a recording"))
    })
}

#[test]
fn a_recording_is_what_the_plan_asks_for_in_whatever_order_answers_come() {
    let mut seen = 0;
    for (name, known) in recordings() {
        for seed in 0..8_usize {
            let mut turn = seed;
            let mut choose = |waiting: usize| {
                turn = turn.wrapping_mul(31).wrapping_add(17);
                if seed == 0 { 0 } else { turn % waiting }
            };
            let anew = made_anew(&known, &mut choose);
            let text = |evidence| crate::evidence::to_json(evidence).expect("JSON");
            let (anew, known) = (text(&anew), text(&known));
            let other = anew.lines().zip(known.lines()).find(|(anew, known)| anew != known);
            assert_eq!(other, None, "{name}, order {seed}");
            assert_eq!(anew.len(), known.len(), "{name}, order {seed}");
        }
        seen += 1;
    }
    assert!(seen > 30, "{seen}");
}
