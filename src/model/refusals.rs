//! What CloudTrail's `AssumeRoleWithSAML` events say of the user and one role: which of them are Identity Center's, which
//! refusal stands, and what that leaves open. What follows for the user is for the rules; what else has to be asked, for
//! `collect`.

mod put_right;
mod words;

use jiff::Timestamp;

pub use words::{advice, passes_by_itself};

use crate::evidence::{
    AssumeRoleEvent, Call, EventLog, Evidence, Fact, Gap, Gaps, Reason, RequestLog, RequestStatus, Role, SamlProvider,
    permission_set_of_role,
};
use crate::model::paths::Assigned;
use crate::model::permission_set_role::{self, ROLE_PATH};
use crate::model::sign_in_call::is_identity_center_provider;
use crate::model::{SetInAccount, inside_target};

/// An event, and the log that holds it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The answer it comes from.
    pub fact: &'a Fact<EventLog>,
    /// The event.
    pub event: &'a AssumeRoleEvent,
}

/// Whether an event is Identity Center's own: on a role that it keeps, through the provider that it keeps. A refusal
/// that does not name the provider may be anybody's; a success that does not may be the user's, and says that they get
/// in.
pub fn is_of_identity_center(event: &AssumeRoleEvent) -> bool {
    let Some((partition, account, resource)) = parts(&event.role_arn) else { return false };
    let Some(rest) = resource.strip_prefix("role").and_then(|rest| rest.strip_prefix(ROLE_PATH)) else { return false };
    // The home Region may stand between path and name.
    let name = rest.split_once('/').map_or(rest, |(_, name)| name);
    let of_a_set = permission_set_of_role(name).is_some();
    of_a_set
        && match &event.saml_provider {
            Some(provider) => is_identity_center_provider(provider, partition, account),
            None => event.error_code.is_none(),
        }
}

/// Partition, account and resource of an ARN of IAM.
fn parts(arn: &str) -> Option<(&str, &str, &str)> {
    let mut parts = arn.splitn(6, ':');
    let (Some("arn"), Some(partition), Some("iam"), Some(""), Some(account), Some(resource)) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    Some((partition, account, resource))
}

/// The user's own events, on whatever role of Identity Center. The session's name is the user name; CloudTrail has no
/// user id here. Old events may have it in another case.
pub fn of_user(evidence: &Evidence) -> impl Iterator<Item = Seen<'_>> {
    let user = evidence.user_label();
    let logs = evidence.user.role_events.iter().filter_map(|fact| Some((fact, fact.known().ok()?)));
    let events = logs.flat_map(|(fact, log)| log.events.iter().map(move |event| Seen { fact, event }));
    events.filter(move |seen| seen.event.session_name.eq_ignore_ascii_case(user) && is_of_identity_center(seen.event))
}

/// The user's own events on the role of a path: by its ARN, or where the account's roles are not known, by the name of
/// the permission set.
fn on_role<'a>(
    evidence: &'a Evidence,
    set: &'a str,
    role: Option<&'a Role>,
) -> impl Iterator<Item = Seen<'a>> + use<'a> {
    of_user(evidence).filter(move |seen| match role {
        Some(role) => seen.event.role_arn == role.arn,
        None => seen.event.role_arn.rsplit('/').next().and_then(permission_set_of_role) == Some(set),
    })
}

/// What was read of the user on the role of a path.
#[derive(Debug, Clone, Copy)]
pub enum Standing<'a> {
    /// No event, or none on the role that is there now.
    Nothing,
    /// They got in, or what refused them has been made anew since.
    Over,
    /// The newest that happened is a refusal of a kind that passes by itself.
    Passing(Seen<'a>),
    /// The newest refusal is for a reason that is known to be gone.
    PutRight(Seen<'a>),
    /// The newest refusal of the role that is there now, with no success since in what was read.
    Refused(Seen<'a>, &'a Role),
}

/// What was read of the user on the role of a path. `Err` where a refusal was read and the role, or the provider behind
/// it, is not known.
pub fn standing<'a>(evidence: &'a Evidence, path: &'a Assigned) -> Result<Standing<'a>, Gaps> {
    let Some(set) = evidence.permission_set_name(&path.permission_set)? else { return Ok(Standing::Nothing) };
    let role = permission_set_role::role_of(SetInAccount::of(evidence.in_account(), path));
    // What was refused on an earlier role says nothing where there is none now.
    if matches!(role, Ok(None)) {
        return Ok(Standing::Nothing);
    }
    let events: Vec<Seen<'a>> = on_role(evidence, set, role.as_ref().ok().copied().flatten()).collect();
    let success = events.iter().filter(|seen| seen.event.error_code.is_none()).map(|seen| seen.event.at).max();
    // Events have no fractions of a second: of two in the same one, the success counts.
    let refused = events.into_iter().filter(|seen| Some(seen.event.at) > success);
    let (passing, lasting): (Vec<_>, Vec<_>) =
        refused.partition(|seen| seen.event.error_code.as_deref().is_some_and(passes_by_itself));
    let newest = |seen: Vec<Seen<'a>>| seen.into_iter().max_by_key(|seen| seen.event.at);
    let Some(refusal) = newest(lasting) else {
        let otherwise = if success.is_some() { Standing::Over } else { Standing::Nothing };
        return Ok(newest(passing).map_or(otherwise, Standing::Passing));
    };
    let Some(role) = role? else { return Ok(Standing::Nothing) };
    let providers = inside_target(evidence.in_account(), &evidence.account.inside.saml_providers)?;
    let made = [role.created, provider_made(providers, refusal.event)].into_iter().flatten().max();
    if made.is_some_and(|made| made >= refusal.event.at) {
        return Ok(Standing::Over);
    }
    if put_right::is_put_right(evidence, SetInAccount::of(evidence.in_account(), path), refusal.event) {
        return Ok(Standing::PutRight(refusal));
    }
    Ok(Standing::Refused(refusal, role))
}

/// When the provider that vouched was made; where it is gone, when another of Identity Center's was.
fn provider_made(providers: &[SamlProvider], event: &AssumeRoleEvent) -> Option<Timestamp> {
    if let Some(same) = providers.iter().find(|provider| Some(&provider.arn) == event.saml_provider.as_ref()) {
        return same.created;
    }
    let (partition, account, _) = parts(&event.role_arn)?;
    let own = providers.iter().filter(|provider| is_identity_center_provider(&provider.arn, partition, account));
    own.filter_map(|provider| provider.created).max()
}

/// What keeps hidden whether somebody got in since: Regions whose events could not be read, or not back to then. With a
/// role, those on this role are enough.
pub fn hidden_since(evidence: &Evidence, since: Timestamp, role: Option<&str>) -> Gaps {
    let instance = match evidence.instance() {
        Ok(instance) => instance,
        Err(gap) => return gap.into(),
    };
    let gaps = instance.sts_regions().into_iter().filter_map(|region| {
        let read = read_back_to(evidence, region, role);
        match read {
            Ok((_, back_to)) if back_to <= since => None,
            Ok((fact, back_to)) => Some(unread(fact, back_to)),
            Err(gap) => Some(gap),
        }
    });
    Gaps(gaps.collect())
}

/// The gap of what was left unread.
pub fn unread<T>(fact: &Fact<T>, back_to: Timestamp) -> Gap {
    let read = back_to.strftime("%Y-%m-%d at %H:%M UTC");
    let region = fact.region.as_deref().unwrap_or("the Region");
    fact.gap(
        Reason::NotAsked,
        format!("CloudTrail in {region} holds too many events: those before {read} were not read"),
    )
}

/// Down to when everybody's events of a Region were read; with a role, those on it are enough.
pub fn read_back_to<'a>(
    evidence: &'a Evidence,
    region: &str,
    role: Option<&str>,
) -> Result<(&'a Fact<EventLog>, Timestamp), Gap> {
    let mut gap = None;
    let mut best: Option<(&Fact<EventLog>, Timestamp)> = None;
    for fact in evidence.user.role_events.iter().filter(|fact| fact.region.as_deref().is_none_or(|one| one == region)) {
        match fact.known() {
            Ok(log) if log.role.is_none() || log.role.as_deref() == role => {
                let back_to = log_back_to(log, evidence.collected_at);
                if best.is_none_or(|(_, best)| back_to < best) {
                    best = Some((fact, back_to));
                }
            }
            Ok(_) => {}
            Err(one) => gap = gap.or(Some(one)),
        }
    }
    best.ok_or_else(|| {
        let because = format!("CloudTrail in {region} was not asked for AssumeRoleWithSAML");
        gap.unwrap_or_else(|| Gap { region: Some(region.to_owned()), ..evidence.unasked(Call::LookupEvents, because) })
    })
}

fn log_back_to(log: &EventLog, now: Timestamp) -> Timestamp {
    match log.read_back_to {
        Some(back_to) => back_to,
        None if log.capped => {
            // An earlier version of idc did not write how far it read: as far as the user's oldest at least.
            log.events.iter().map(|event| event.at).min().unwrap_or(now)
        }
        None => log.since,
    }
}

/// Whether Identity Center has written the role anew since: a request to provision its permission set to the account,
/// or to assign it to this user or group, succeeded. `Err` where such a request may be hidden.
pub fn rewritten_since(evidence: &Evidence, path: &Assigned, since: Timestamp) -> Result<bool, Gaps> {
    let mut gaps = Gaps::default();
    for (log, via) in [(&evidence.provisioning, None), (&evidence.creation, Some(&path.via))] {
        let rows = gaps.keep(log.succeeded.known()).into_iter().flatten();
        for row in rows.filter(|row| row.created.is_none_or(|created| created >= since)) {
            let described = log.described.get(&row.id).ok_or_else(|| {
                log.succeeded.gap(Reason::NotAsked, format!("request {} was not described: too many are newer", row.id))
            });
            let Some(fact) = gaps.keep(described) else { continue };
            let Some(Some(request)) = gaps.keep(fact.known()) else { continue };
            let about = request.account == evidence.account.id
                && request.permission_set.as_deref() == Some(&path.permission_set)
                && via.is_none_or(|via| request.principal.as_ref() == Some(via))
                && request.status == Some(RequestStatus::Succeeded);
            match request.created.or(row.created) {
                _ if !about => {}
                Some(created) if created >= since => return Ok(true),
                Some(_) => {}
                None => gaps.0.push(fact.unclear(format!("AWS did not say when request {} was made", row.id))),
            }
        }
    }
    gaps.none_or_err().map(|()| false)
}

/// Whether a log of requests was read for those that succeeded since, with everything that it takes.
pub fn knows_successes_since(log: &RequestLog, since: Timestamp) -> bool {
    log.succeeded.known().is_ok_and(|rows| {
        let newer = rows.iter().filter(|row| row.created.is_none_or(|created| created >= since));
        newer.into_iter().all(|row| log.described.contains_key(&row.id))
    })
}
