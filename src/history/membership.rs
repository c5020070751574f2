//! A user who was taken out of the group. Only the console's records name both; the API's have the membership's id alone,
//! and those of SCIM hide whom they are about.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::search::Look;
use super::{A_SECOND, Certainty, Dated, Lane, Since, Story, is_after};
use crate::evidence::{Attribute, Change, Named, PrincipalType, Thing, What};
use crate::verdict::Finding;
use crate::wording;

/// How long before a removal its own look-ups are.
const BEFORE: SignedDuration = SignedDuration::from_mins(1);
/// How far around a removal what the same session did is looked up.
const AROUND: SignedDuration = SignedDuration::from_mins(2);
/// How many removals without names are followed up, the newest.
const FOLLOWED: usize = 5;
/// How far back the event is looked for that gave a membership its id.
const OLDEST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The user, and the groups that they should be in one of.
struct Asked<'e> {
    user: &'e str,
    groups: BTreeSet<&'e str>,
}

impl<'e> Asked<'e> {
    fn of(story: &Story<'e>, finding: &'e Finding) -> Option<Self> {
        let candidates = finding.fault.candidates.iter().map(|candidate| &candidate.principal);
        let groups = candidates.filter(|one| one.kind == PrincipalType::Group).map(|one| one.id.as_str()).collect();
        Some(Self { user: story.evidence.user_id().ok().flatten()?, groups })
    }

    fn is_one_of(&self, change: &Change) -> bool {
        change.is(Thing::Group).is_some_and(|group| self.groups.contains(group))
    }

    fn is_both(&self, change: &Change) -> bool {
        self.is_one_of(change) && change.names(Thing::User, self.user)
    }
}

/// What a removal is known to be about.
enum About {
    /// The user and this one of the groups, as sure as this.
    Ours(Certainty, String),
    /// Somebody else, or another group.
    Others,
    /// Nobody knows.
    Nobody,
}

/// The group and the member that each membership's id was given for.
fn ties<'e>(story: &Story<'e>) -> BTreeMap<&'e str, &'e Change> {
    let added = story.done.iter().filter(|change| change.what == What::MemberAdded);
    added.filter_map(|change| Some((change.is(Thing::Membership)?, *change))).collect()
}

fn about(story: &Story<'_>, asked: &Asked<'_>, ties: &BTreeMap<&str, &Change>, removal: &Change) -> About {
    let of_names = |change: &Change, certainty| match change.is(Thing::Group) {
        Some(group) if asked.is_both(change) => About::Ours(certainty, group.to_owned()),
        Some(_) | None => About::Others,
    };
    let has_names = |change: &Change| change.is(Thing::Group).is_some() && change.is(Thing::User).is_some();
    if has_names(removal) {
        return of_names(removal, Certainty::Confirmed);
    }
    if let Some(added) = removal.is(Thing::Membership).and_then(|id| ties.get(id))
        && has_names(added)
    {
        return of_names(added, Certainty::Confirmed);
    }
    by_session(story, asked, removal)
}

/// What the same session asked right before: whom it looked up, it removed.
fn by_session(story: &Story<'_>, asked: &Asked<'_>, removal: &Change) -> About {
    let Some(key) = removal.by.access_key.as_deref() else { return About::Nobody };
    let same =
        |change: &&&Change| change.by.access_key.as_deref() == Some(key) && change.by.through == removal.by.through;
    // What came before an earlier removal of the session's was for that one.
    let earlier = story.done.iter().filter(same).filter(|change| {
        change.what == What::MemberRemoved && change.id != removal.id && is_after(removal.at, change.at)
    });
    let earliest = earlier.map(|change| change.at).max();
    let before: Vec<&&Change> = story
        .done
        .iter()
        .filter(same)
        .filter(|change| !is_after(change.at, removal.at) && !is_after(removal.at, change.at + BEFORE))
        .filter(|change| earliest.is_none_or(|earliest| is_after(change.at, earliest)))
        .collect();
    let looked_up: BTreeSet<_> = before
        .iter()
        .filter(|change| change.what == What::MembershipLookedUp)
        .map(|change| (change.is(Thing::Group), change.is(Thing::User)))
        .collect();
    match looked_up.iter().next() {
        Some((Some(group), Some(user))) if looked_up.len() == 1 => {
            return if *user == asked.user && asked.groups.contains(group) {
                About::Ours(Certainty::Likely, (*group).to_owned())
            } else {
                About::Others
            };
        }
        Some(_) => return About::Nobody,
        None => {}
    }
    let listed: BTreeSet<_> = before
        .iter()
        .filter(|change| change.what == What::MembershipsListed)
        .map(|change| change.is(Thing::User))
        .collect();
    match listed.iter().next() {
        Some(Some(user)) if listed.len() == 1 && *user != asked.user => About::Others,
        // Which of their groups it was is known only where one alone can be meant.
        Some(Some(_)) if listed.len() == 1 => match asked.groups.iter().next() {
            Some(group) if asked.groups.len() == 1 => About::Ours(Certainty::Likely, (*group).to_owned()),
            Some(_) | None => About::Nobody,
        },
        _ => About::Nobody,
    }
}

/// When they are last known to have been in one of the groups: they got in, or were added.
fn held_until(story: &Story<'_>, asked: &Asked<'_>) -> Option<Timestamp> {
    let added = story.done.iter().filter(|change| change.what == What::MemberAdded && asked.is_both(change));
    let added = added.map(|change| change.at).max();
    added.max(story.success.as_ref().map(|success| success.at))
}

/// The removals that are not known to be undone, with what they are about, oldest first.
fn removals<'e>(story: &Story<'e>, asked: &Asked<'_>) -> Vec<(&'e Change, About)> {
    let ties = ties(story);
    let removed = story.done.iter().copied().filter(|change| change.what == What::MemberRemoved);
    let removed = removed.filter(|change| !story.is_before_success(change));
    let added = |later: &Change| later.what == What::MemberAdded && asked.is_both(later);
    let removed = removed.filter(|change| !story.is_undone(change, added));
    removed.map(|change| (change, about(story, asked, &ties, change))).collect()
}

/// Changes of the groups' members through SCIM that can have taken somebody out, oldest first.
fn patches<'e>(story: &Story<'e>, asked: &Asked<'_>) -> Vec<&'e Change> {
    let takes_out = |change: &Change| match change.named(Thing::Operation) {
        Named::Is(operations) => operations.split(',').any(|operation| operation != "add"),
        Named::Hidden | Named::NotLogged => true,
    };
    let patched = story.done.iter().copied().filter(|change| change.what == What::MembersPatched);
    patched.filter(|change| asked.is_one_of(change) && takes_out(change)).collect()
}

/// The newest change that put the user into one of the groups again.
pub(super) fn given_back<'e>(story: &Story<'e>, finding: &Finding) -> Option<&'e Change> {
    let asked = Asked::of(story, finding)?;
    let added = story.done.iter().copied().filter(|change| change.what == What::MemberAdded && asked.is_both(change));
    added.max_by_key(|change| change.at)
}

/// What is to be looked up next.
pub(super) fn further(story: &Story<'_>, finding: &Finding) -> Vec<Look> {
    let Some(asked) = Asked::of(story, finding) else { return Vec::new() };
    let mut looks = Vec::new();
    let removals = removals(story, &asked);
    let nameless: Vec<&Change> =
        removals.iter().filter(|(_, about)| matches!(about, About::Nobody)).map(|(change, _)| *change).collect();
    let ours = removals.iter().filter(|(_, about)| matches!(about, About::Ours(..))).map(|(change, _)| change.at).max();
    for removal in nameless.iter().rev().take(FOLLOWED) {
        let Some(key) = &removal.by.access_key else { continue };
        looks.push(Look {
            lane: Lane::Home,
            by: Attribute::AccessKeyId,
            value: key.clone(),
            from: Some(removal.at - AROUND),
            until: Some(removal.at + AROUND),
        });
    }
    // Whether they were added again; and of removals that name nobody, whose memberships these were.
    let from = if nameless.is_empty() { ours } else { Some(story.evidence.collected_at - OLDEST) };
    if let Some(from) = from {
        looks.push(Look { from: Some(from), ..Look::named(Lane::Home, "CreateGroupMembership") });
    }
    looks.extend(ours.map(|at| Look { from: Some(at), ..Look::named(Lane::Home, "AddMemberToGroup") }));
    looks
}

/// The newest removal of the user from one of the groups, a certain one if there is any.
fn newest<'e, 'a>(removals: &'a [(&'e Change, About)]) -> Option<(&'e Change, Certainty, &'a str)> {
    let ours = removals.iter().filter_map(|(change, about)| match about {
        About::Ours(certainty, group) => Some((*change, *certainty, group.as_str())),
        About::Others | About::Nobody => None,
    });
    ours.max_by_key(|(change, certainty, _)| (*certainty, change.at))
}

/// The group that the user was taken out of, as far as it can be told.
pub(super) fn group(story: &Story<'_>, finding: &Finding) -> Option<String> {
    let asked = Asked::of(story, finding)?;
    let removals = removals(story, &asked);
    if let Some((_, _, group)) = newest(&removals) {
        return Some(group.to_owned());
    }
    let held = held_until(story, &asked)?;
    let patches = patches(story, &asked);
    let later = patches.iter().filter(|change| !is_after(held, change.at + A_SECOND));
    let groups: BTreeSet<&str> = later.filter_map(|change| change.is(Thing::Group)).collect();
    groups.iter().next().filter(|_| groups.len() == 1).map(|group| (*group).to_owned())
}

/// Dates the removal.
pub(super) fn date(story: &Story<'_>, finding: &Finding) -> Dated {
    let Some(asked) = Asked::of(story, finding) else { return Dated::default() };
    let removals = removals(story, &asked);
    if let Some((change, certainty, _)) = newest(&removals) {
        let since = Some(Since::of(change, certainty));
        return Dated { since, explains: vec![change.id.clone()], ..Dated::default() };
    }
    let nameless: Vec<&Change> =
        removals.iter().filter(|(_, about)| matches!(about, About::Nobody)).map(|(change, _)| *change).collect();
    let user = story.evidence.user_label();
    let held = held_until(story, &asked);
    let patches = patches(story, &asked);
    let since_then = |change: &&&Change| held.is_some_and(|held| !is_after(held, change.at + A_SECOND));
    let later: Vec<&&Change> = patches.iter().filter(since_then).collect();
    let mut dated = match (held, later.as_slice()) {
        (Some(held), [only]) if !is_patch_log_short(story, held) => Dated {
            since: Some(Since::of(only, Certainty::Likely)),
            explains: vec![only.id.clone()],
            notes: vec![format!(
                "{} was changed through SCIM at that time, once since {user} was last known to be in it; AWS hides whom it was \
                 about.",
                label(story, only)
            )],
            ..Dated::default()
        },
        (Some(held), [.., last]) => Dated {
            since: Some(Since { not_before: Some(held), event: None, ..Since::of(last, Certainty::Likely) }),
            notes: vec![format!(
                "{} through SCIM since {user} was last known to be in one of the groups; AWS hides whom they were about.",
                wording::count(later.len(), "change")
            )],
            ..Dated::default()
        },
        (None, [] | [..]) if !patches.is_empty() => Dated {
            may_be: true,
            notes: vec![format!(
                "{} of these groups' members through SCIM: AWS hides whom they were about, and when {user} last got in is not \
                 known.",
                wording::count(patches.len(), "change")
            )],
            ..Dated::default()
        },
        _ => Dated::default(),
    };
    if dated.since.is_none() && !nameless.is_empty() {
        dated.may_be = true;
        dated.notes.push(format!(
            "{} removed through the API: AWS does not log whose, and it may have been {user}'s.",
            match nameless.len() {
                1 => "1 membership was".to_owned(),
                many => format!("{} were", wording::count(many, "membership")),
            }
        ));
    }
    dated
}

fn label(story: &Story<'_>, change: &Change) -> String {
    change
        .is(Thing::Group)
        .map_or_else(|| "The group".to_owned(), |id| format!("Group {}", story.evidence.group_label(id)))
}

/// Whether changes through SCIM since then may be unread: then one is not known to be the only one.
fn is_patch_log_short(story: &Story<'_>, since: Timestamp) -> bool {
    let looked_up = story.evidence.history.looked_up.iter();
    looked_up
        .filter(|one| one.by == Attribute::EventName && one.looked_for == "PatchGroup")
        .any(|one| one.log.known().is_ok_and(|log| is_after(log.since, since + super::GRACE)))
}
