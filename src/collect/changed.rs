//! Whether anything has changed since somebody was found to be kept out: asked with a few calls, where it is known what
//! can have changed, so that waiting leaves room for everybody else.

use super::ask::{Asker, Time};
use super::clients::{self, Clients};
use super::entry::Door;
use super::one_question::OneQuestion;
use super::questions::Questions;
use super::{Settings, home, processes};
use crate::error::Error;
use crate::evidence::{Evidence, Fact, UserFacts};
use crate::findings::Gate;
use crate::plan::why;

/// Asks again for what could let the person in, by the gate that kept them out. Where anything may have changed, or where
/// it is not known what kept them out, the answer is yes: only asking for everything tells.
pub async fn has_changed(evidence: &Evidence, gate: Option<Gate>, settings: &Settings) -> Result<bool, Error> {
    let result = Box::pin(compared(evidence, gate, settings)).await;
    settings.progress.finish();
    processes::end();
    result
}

async fn compared(evidence: &Evidence, gate: Option<Gate>, settings: &Settings) -> Result<bool, Error> {
    let is_known = match gate {
        Some(Gate::User | Gate::Membership | Gate::Assignment | Gate::Policy | Gate::Provisioning | Gate::Role) => true,
        // A policy of the organization, an event or a setting of the instance shows in too many answers.
        Some(
            Gate::Instance | Gate::Account | Gate::SignIn | Gate::OrganizationPolicy | Gate::Session | Gate::Federation,
        )
        | None => false,
    };
    let (Ok(instance), Some(_), true) = (evidence.instance(), &evidence.account.id, is_known) else {
        return Ok(true);
    };
    let time = Time::from_now(settings.timeout);
    let question = &evidence.question;
    let clients = Clients::load(question.profile.as_deref(), settings, time).await?;
    let clients = clients.signed_in(question.profile.as_deref(), time).await?;
    settings.progress.start(settings.timeout);
    let asker = Asker::new(time, clients::attempts_from_environment(), settings.progress.clone());
    let home = home(&asker, &clients, &evidence.caller, instance);
    let questions = Questions::new(&home, Door::of(question, &evidence.caller), instance.partition());
    // What kept them out was inside: only there it can have gone.
    let is_inside = matches!(gate, Some(Gate::Policy | Gate::Role)) && evidence.account.inside.entry.known().is_ok();
    let mut now = evidence.clone();
    let plan = |evidence: &Evidence, so_far: &why::SoFar| why::changed(evidence, so_far, is_inside);
    OneQuestion::new(&questions).ask(&mut now, plan).await;
    let failure = asker.fatal().is_some();
    let (inside, inside_before) = (&now.account.inside, &evidence.account.inside);
    Ok(failure
        || user_differs(&now.user, &evidence.user)
        || differ(&now.account.provisioned_latest, &evidence.account.provisioned_latest)
        || differ(&now.account.provisioned_outdated, &evidence.account.provisioned_outdated)
        || differ(&now.creation.in_progress, &evidence.creation.in_progress)
        || differ(&now.creation.failed, &evidence.creation.failed)
        || differ(&inside.policies, &inside_before.policies)
        || differ(&inside.roles, &inside_before.roles)
        || differ(&inside.saml_providers, &inside_before.saml_providers))
}

fn user_differs(now: &UserFacts, before: &UserFacts) -> bool {
    now.lookups.len() != before.lookups.len()
        || now.lookups.iter().zip(&before.lookups).any(|(now, before)| differ(&now.found, &before.found))
        || differ(&now.described, &before.described)
        || differ(&now.memberships, &before.memberships)
        || differ(&now.for_principal, &before.for_principal)
}

/// Whether AWS answers otherwise now. When and by which request it answered does not count.
fn differ<T: PartialEq>(now: &Fact<T>, before: &Fact<T>) -> bool {
    now.observed != before.observed
}
