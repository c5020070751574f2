//! What to look for: under which names of events, where, and which of what is found can have brought the cause about.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{Certainty, Dated, Lane, Place, Since, Story, places};
use crate::evidence::{Attribute, Call, Change, ChangeLog, Evidence, Fact, Gap, Reason};

/// One look-up to make, in each place of a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Where.
    pub lane: Lane,
    /// By what.
    pub by: Attribute,
    /// The value.
    pub value: String,
    /// From when on; the question's own window, or since the last success, where there is none.
    pub from: Option<Timestamp>,
    /// Up to when.
    pub until: Option<Timestamp>,
}

impl Look {
    /// By an event's name, in the whole window.
    pub(super) fn named(lane: Lane, name: &str) -> Self {
        Self { lane, by: Attribute::EventName, value: name.to_owned(), from: None, until: None }
    }
}

/// How sure a change is the one, where it can be.
type Fits<'e> = Box<dyn Fn(&Change) -> Option<Certainty> + 'e>;
/// Whether the second change, which is later, undoes the first.
type Undoes<'e> = Box<dyn Fn(&Change, &Change) -> bool + 'e>;

/// What to look for.
pub(super) struct Search<'e> {
    /// What has to be looked up.
    pub(super) looks: Vec<Look>,
    /// What is looked up beside that, to tell what the records are about: where it is not read, nothing is missed but names.
    pub(super) aids: Vec<Look>,
    /// Which changes can be the one.
    pub(super) fits: Fits<'e>,
    /// Which undo them again.
    pub(super) undoes: Undoes<'e>,
    /// Whether it may be done through SCIM too.
    pub(super) is_about_people: bool,
    /// What is not there, where it may be that it never was.
    pub(super) deletion_of: Option<&'static str>,
}

impl fmt::Debug for Search<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search").field("looks", &self.looks).finish_non_exhaustive()
    }
}

impl<'e> Search<'e> {
    pub(super) fn new(
        looks: impl IntoIterator<Item = (Lane, &'static str)>,
        fits: impl Fn(&Change) -> Option<Certainty> + 'e,
    ) -> Self {
        let looks = looks.into_iter().map(|(lane, name)| Look::named(lane, name)).collect();
        Self {
            looks,
            aids: Vec::new(),
            fits: Box::new(fits),
            undoes: Box::new(|_, _| false),
            is_about_people: false,
            deletion_of: None,
        }
    }

    /// Of what is not there: what was typed may be wrong.
    pub(super) const fn of_deleted(mut self, noun: &'static str) -> Self {
        self.deletion_of = Some(noun);
        self
    }

    /// Of what an identity provider may change through SCIM.
    pub(super) const fn about_people(mut self) -> Self {
        self.is_about_people = true;
        self
    }

    /// With what tells who or what the records are about.
    pub(super) fn aided_by(mut self, look: Look) -> Self {
        self.aids.push(look);
        self
    }

    /// With what undoes such a change.
    pub(super) fn undone_by(mut self, undoes: impl Fn(&Change, &Change) -> bool + 'e) -> Self {
        self.undoes = Box::new(undoes);
        self
    }

    /// The changes that can be the one, oldest first: not undone since, and not before the user's last success.
    pub(super) fn fitting<'s, 'c>(
        &'s self,
        story: &'s Story<'c>,
    ) -> impl Iterator<Item = (&'c Change, Certainty)> + 's {
        let fit = story.done.iter().filter_map(|change| Some((*change, (self.fits)(change)?)));
        let fit = fit.filter(|(change, _)| !story.is_before_success(change));
        fit.filter(|(change, _)| !story.is_undone(change, |later| (self.undoes)(change, later)))
    }

    /// The newest change that can be the one.
    pub(super) fn newest(&self, story: &Story<'_>) -> Dated {
        self.newest_of(story, |_| true)
    }

    /// The newest of those that can be the one and are such.
    pub(super) fn newest_of(&self, story: &Story<'_>, is_such: impl Fn(&Change) -> bool) -> Dated {
        let fit = self.fitting(story).filter(|(change, _)| is_such(change));
        let Some((change, certainty)) = fit.max_by_key(|(change, certainty)| (change.at, *certainty)) else {
            return Dated::default();
        };
        Dated { since: Some(Since::of(change, certainty)), explains: vec![change.id.clone()], ..Dated::default() }
    }

    /// The newest change that gave back what such a change took away: what took it away since is not logged.
    fn given_back<'c>(&self, story: &Story<'c>) -> Option<&'c Change> {
        let fit = story.done.iter().copied().filter(|change| (self.fits)(change).is_some());
        let fit = fit.filter(|change| !story.is_before_success(change));
        let back = fit.filter_map(|change| story.undoing(change, |later| (self.undoes)(change, later)));
        back.max_by_key(|change| change.at)
    }

    /// What of all that was to be looked up could not be read.
    pub(super) fn unread(&self, evidence: &Evidence) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for look in &self.looks {
            let (places, gap) = places(evidence, look.lane);
            gaps.extend(gap);
            for place in places {
                match Self::log_at(evidence, look, &place).map(|log| (log.known(), log)) {
                    Some((Ok(log), fact)) if log.capped => {
                        let since = log.since.strftime("%Y-%m-%d at %H:%M UTC");
                        gaps.push(fact.gap(
                            Reason::Failed,
                            format!("too many {} events: those before {since} were left unread", look.value),
                        ));
                    }
                    Some((Ok(_), _)) => {}
                    Some((Err(gap), _)) => gaps.push(gap),
                    None => {
                        let (account, region) = (Some(place.account), Some(place.region));
                        let unasked = Fact::<()>::not_asked(Call::LookupEvents, "its event history was not looked at");
                        gaps.extend(Fact { account, region, ..unasked }.known().err());
                    }
                }
            }
        }
        gaps.sort();
        gaps.dedup();
        // One for each account and reason is enough.
        gaps.dedup_by(|later, first| {
            (later.call, &later.account, later.reason, later.answered)
                == (first.call, &first.account, first.reason, first.answered)
        });
        gaps
    }

    /// Whether every event since then was read that may tell of it.
    pub(super) fn is_read_since(&self, evidence: &Evidence, at: Timestamp) -> bool {
        let is_read = |log: &Fact<ChangeLog>, counts: bool| {
            log.known().is_ok_and(|log| !counts || !log.capped || log.since <= at)
        };
        // Of the sessions of others, as many as there may be, no more than a page is read.
        let is_in_trail = |log: &Fact<ChangeLog>| {
            let place = log.account.as_deref().zip(log.region.as_deref());
            place.is_some_and(|(account, region)| evidence.history.covered_until(account, region, Some(at)).is_some())
        };
        let mut looked_up = evidence.history.looked_up.iter().filter(|one| !is_in_trail(&one.log));
        if !looked_up.all(|one| is_read(&one.log, one.by != Attribute::ResourceName)) {
            return false;
        }
        self.looks.iter().all(|look| {
            let (places, gap) = places(evidence, look.lane);
            gap.is_none() && places.iter().all(|place| Self::log_at(evidence, look, place).is_some())
        })
    }

    /// What was found in one place; a trail that has all of it stands for it.
    fn log_at<'h>(evidence: &'h Evidence, look: &Look, place: &Place) -> Option<&'h Fact<ChangeLog>> {
        if evidence.history.covered_until(&place.account, &place.region, look.from).is_some() {
            return evidence.history.trail.first();
        }
        let fitting = evidence.history.looked_up.iter().find(|one| {
            one.by == look.by
                && one.looked_for == look.value
                && one.log.account.as_deref() == Some(&place.account)
                && one.log.region.as_deref() == Some(&place.region)
        });
        fitting.map(|one| &one.log)
    }

    /// How far back was looked: a trail that has all of it may go further than event histories.
    fn window(&self, evidence: &Evidence) -> SignedDuration {
        let asked = evidence.question.since;
        let is_covered = |place: &Place| evidence.history.covered_until(&place.account, &place.region, None).is_some();
        let is_in_trail = self.looks.iter().all(|look| places(evidence, look.lane).0.iter().all(is_covered));
        let trail = evidence.history.trail.first().and_then(|trail| trail.known().ok()).filter(|_| is_in_trail);
        trail.map_or(asked, |trail| asked.max(trail.until.duration_since(trail.since)))
    }

    /// What to say where no change was found.
    pub(super) fn nothing_found(
        &self,
        story: &Story<'_>,
        back: Option<&Change>,
        (unread, may_be): (&[Gap], bool),
    ) -> Vec<String> {
        let evidence = story.evidence;
        if self.looks.is_empty() {
            return Vec::new();
        }
        let mut notes = Vec::new();
        let back = self.given_back(story).into_iter().chain(back).max_by_key(|change| change.at);
        notes.extend(back.map(|change| {
            format!(
                "On {} UTC {}, by {}: what became of that is not logged where it was looked for.",
                change.at.strftime("%Y-%m-%d at %H:%M"),
                super::words::change(evidence, change),
                super::words::who(&change.by)
            )
        }));
        if !unread.is_empty() {
            notes.push("Since when it is so could not be told: not every event history could be read.".to_owned());
        } else if !may_be && self.is_about_people && is_fed_unseen(evidence) {
            notes.push(
                "No change was logged. None through SCIM was either, and with a token from before September 2024 none is: a \
                 change by the identity provider cannot be ruled out."
                    .to_owned(),
            );
        } else if back.is_none() && !may_be {
            notes.push(self.so_before(story));
        }
        notes
    }

    /// That nothing was changed as far back as was looked, or as there has been the user.
    fn so_before(&self, story: &Story<'_>) -> String {
        let evidence = story.evidence;
        let window = self.window(evidence);
        // What is not there need never have been there.
        if let Some(gone) = self.deletion_of {
            return format!(
                "No deletion of such a {gone} was logged in the last {}: if there was one, it was deleted before.",
                super::words::window(window)
            );
        }
        // Looked was no further back than that, and by then they were let in.
        if story.success.is_some() {
            return "No such change was logged since then. Either it was so before, and they got in by another way or with \
                    a sign-in from before it; or the change is not logged, or not yet."
                .to_owned();
        }
        let user = evidence.user.described.known().ok().and_then(Option::as_ref);
        let made = user.and_then(|user| user.created);
        match made.filter(|made| evidence.collected_at.duration_since(*made) < window) {
            Some(made) => format!(
                "No such change was logged since {} was made, on {} UTC: it was so from the beginning.",
                evidence.user_label(),
                made.strftime("%Y-%m-%d at %H:%M")
            ),
            None => {
                format!("No such change was logged in the last {}: it was so before.", super::words::window(window))
            }
        }
    }
}

/// Whether the identity store is fed from outside, and nothing of that was seen to be logged.
fn is_fed_unseen(evidence: &Evidence) -> bool {
    let user = evidence.user.described.known().ok().and_then(Option::as_ref);
    let groups = evidence.groups.values().filter_map(|group| group.known().ok()?.as_ref());
    let is_fed = user.is_some_and(|user| !user.external_issuers.is_empty())
        || groups.into_iter().any(|group| !group.external_issuers.is_empty());
    is_fed && !evidence.history.changes().iter().any(|change| change.event.starts_with("identitystore-scim:"))
}
