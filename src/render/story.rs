//! The order in which an answer is told, once for all who write it. A section that has nothing to say is not there.

use super::causes::{self, Causes, Told};
use super::gaps::{self, Door};
use super::gates::{self, Row};
use crate::answers::comparison::Comparison;
use crate::answers::diagnosis::{Diagnosis, Moment, origin, sentences, since};
use crate::evidence::{Call, Gap, Reason, Site};
use crate::findings::{Fix, Gate};
use crate::machine::OwnMachine;
use crate::verdict::Verdict;

/// How many moments are told beside the cause.
const MOMENTS: usize = 1;

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// Somebody at a terminal, who can ask for more.
    AtTerminal {
        /// Whether they want to know everything.
        verbose: bool,
    },
    /// Somebody with a ticket, who has nothing but the answer.
    OfTicket,
}

/// A part of the answer.
#[derive(Debug)]
pub(super) enum Section<'a> {
    /// The verdict about what was asked.
    Verdict(String),
    /// The recording that the answer comes from.
    Origin(String),
    /// What is to be said in a sentence or two.
    Sentence(String),
    /// The machine of whoever asks.
    Machine(&'a OwnMachine),
    /// That the account which asks is not answered.
    Refused(String),
    /// That there was no way into the target account.
    NoWayIn(Door),
    /// What could not be read and would settle an open answer.
    Settles(Vec<&'a Gap>),
    /// The root cause.
    Cause(Told<'a>),
    /// Since when that is so, and through whom.
    Since(String),
    /// When that came about, as far as it was seen.
    Moments(Vec<&'a Moment>),
    /// The ways to the account.
    Ways,
    /// What each gate comes to.
    Gates(Vec<Row>),
    /// What each check says.
    Checks,
    /// What to do about the root cause.
    Fixes(&'a [Fix]),
    /// The other faults.
    Also(Causes<'a>),
    /// The user beside a colleague.
    Compared(&'a Comparison),
    /// What else is worth knowing.
    Notes(&'a [String]),
    /// What happened when.
    Timeline(&'a [Moment]),
    /// What else could not be read.
    NotChecked(Vec<&'a Gap>),
    /// What to do where the person says otherwise, and the command for it.
    IfNot(String, Option<String>),
    /// How the answer was made.
    Made,
    /// What to type next, each command once.
    More(Vec<String>),
}

/// The sections of an answer, in order.
pub(super) fn story(diagnosis: &Diagnosis, reader: Reader) -> Vec<Section<'_>> {
    let verbose = reader == Reader::AtTerminal { verbose: true };
    let mut story = vec![Section::Verdict(sentences::headline(diagnosis))];
    // What is told to be done hangs on whose word this is.
    story.extend(diagnosis.replayed.as_ref().map(|replayed| Section::Origin(origin(diagnosis, replayed))));
    let own = diagnosis.own_machine.as_ref();
    let alone = own.filter(|own| own.alone.is_some());
    story.extend(alone.map(|own| Section::Sentence(own.portal.clone())));
    // A ticket is for whoever has that machine before them; at a terminal the cause comes first.
    let first = if reader == Reader::OfTicket { own } else { alone };
    story.extend(first.map(Section::Machine));
    if alone.is_some() && !verbose {
        story.extend(notes(diagnosis));
        story.extend(end(reader, about_machine(diagnosis)));
        return story;
    }
    let own = || own.filter(|_| first.is_none()).map(Section::Machine);
    // Where the answer is open, what would settle it is the answer.
    let (mut settles, mut open) = gaps::deciding(diagnosis);
    if diagnosis.verdict != Verdict::Inconclusive {
        open.splice(0..0, settles.drain(..));
    }
    let refused = sentences::refused(diagnosis);
    if refused.is_some() && !verbose {
        // No permission of the caller's would help.
        [&mut settles, &mut open].into_iter().for_each(gaps::within_reach);
    }
    gaps::gather_behind(&mut settles, &mut open);
    let mut door = gaps::door(&mut settles, &mut open);
    let Causes { root, also, more } = causes::causes(diagnosis);
    let next = what_next(diagnosis, root.iter().chain(&also));
    let fixes = root.as_ref().map(|root| root.finding.fault.fixes.as_slice());
    story.extend(refused.clone().map(Section::Refused));
    story.extend(sentences::so_far(diagnosis).map(Section::Sentence));
    story.extend(door.take_if(|door| door.decides).map(Section::NoWayIn));
    story.extend(Some(settles).filter(|gaps| !gaps.is_empty()).map(Section::Settles));
    let moments = root.as_ref().map(|root| deciding_moments(diagnosis, root)).unwrap_or_default();
    story.extend(root.map(Section::Cause));
    let since = since(diagnosis);
    let is_dated = since.is_some();
    story.extend(since.map(Section::Since));
    story.extend(Some(moments).filter(|moments| !verbose && !is_dated && !moments.is_empty()).map(Section::Moments));
    if fixes.is_none() {
        story.extend(own());
    }
    story.push(match diagnosis.verdict {
        Verdict::Reachable => Section::Sentence(sentences::reassurance(diagnosis)),
        Verdict::Degraded | Verdict::Blocked | Verdict::Inconclusive => Section::Ways,
    });
    story.push(Section::Gates(gates::rows(diagnosis)));
    story.extend(verbose.then_some(Section::Checks));
    if let Some(fixes) = fixes {
        story.extend(Some(fixes).filter(|fixes| !fixes.is_empty()).map(Section::Fixes));
        story.extend(own());
    }
    if !also.is_empty() {
        story.push(Section::Also(Causes { root: None, also, more }));
    }
    story.extend(diagnosis.comparison.as_ref().map(Section::Compared));
    story.extend(notes(diagnosis));
    story.extend(if_not(diagnosis));
    let told = verbose || reader == Reader::OfTicket && diagnosis.timeline.iter().any(|moment| moment.who.is_some());
    let timeline = Some(diagnosis.timeline.as_slice()).filter(|moments| told && !moments.is_empty());
    story.extend(timeline.map(Section::Timeline));
    story.extend(door.map(Section::NoWayIn));
    story.extend(Some(open).filter(|gaps| !gaps.is_empty()).map(Section::NotChecked));
    story.extend(end(reader, next));
    story
}

/// The notes; the first is told before all else where it says that the caller is not answered.
fn notes(diagnosis: &Diagnosis) -> Option<Section<'_>> {
    let told = usize::from(sentences::refused(diagnosis).is_some());
    let notes = diagnosis.notes.get(told..).unwrap_or_default();
    (!notes.is_empty()).then_some(Section::Notes(notes))
}

/// When what AWS answered of the cause, or of what follows from it, came about: the newest, oldest first.
fn deciding_moments<'a>(diagnosis: &'a Diagnosis, root: &Told<'_>) -> Vec<&'a Moment> {
    let follows = diagnosis.also.iter().filter(|also| also.follows_from == Some(root.finding.rule));
    let proofs = std::iter::once(root.finding).chain(follows).flat_map(|finding| &finding.fault.proof);
    let calls: Vec<Call> = proofs.map(|proof| proof.call).collect();
    // That a role was made says something where roles are the matter.
    let is_about = |moment: &&Moment| moment.call != Call::ListRoles || root.finding.gate == Gate::Role;
    let told = diagnosis.timeline.iter().filter(|moment| calls.contains(&moment.call)).filter(is_about);
    let decide: Vec<&Moment> = told.collect();
    decide[decide.len().saturating_sub(MOMENTS)..].to_vec()
}

/// What to do where they say that they cannot get in all the same.
fn if_not(diagnosis: &Diagnosis) -> Option<Section<'_>> {
    let (sentence, command) = sentences::if_not(diagnosis)?;
    Some(Section::IfNot(sentence, command))
}

/// How the answer was made, and what to type next.
fn end<'a>(reader: Reader, commands: Vec<String>) -> impl Iterator<Item = Section<'a>> {
    let made = reader != Reader::AtTerminal { verbose: false };
    let mut once: Vec<String> = Vec::new();
    for command in commands {
        if reader != Reader::OfTicket && !once.contains(&command) {
            once.push(command);
        }
    }
    let more = Some(once).filter(|commands| !commands.is_empty()).map(Section::More);
    made.then_some(Section::Made).into_iter().chain(more)
}

/// The pages of what is wrong on the machine.
fn about_machine(diagnosis: &Diagnosis) -> Vec<String> {
    let faults = diagnosis.own_machine.iter().flat_map(|own| &own.faults);
    faults.map(|fault| format!("idc explain {}", fault.rule)).collect()
}

/// What to type next.
fn what_next<'a>(diagnosis: &Diagnosis, told: impl Iterator<Item = &'a Told<'a>>) -> Vec<String> {
    let mut commands: Vec<String> = told.map(|told| format!("idc explain {}", told.finding.rule)).collect();
    commands.extend(about_machine(diagnosis));
    for gap in diagnosis.gaps.iter().map(|unread| &unread.gap) {
        let in_target = match gap.call.site() {
            // `idc policy` does not know of it.
            Site::Trail => continue,
            Site::Home => false,
            Site::Target => true,
            Site::Both => gap.account.as_deref() == Some(&diagnosis.account),
        };
        match (gap.reason, in_target) {
            (Reason::Denied, false) if gap.in_vain => {}
            (Reason::Denied, false) => commands.push("idc policy".to_owned()),
            // What is not asked in the target account waits for a way into it.
            (Reason::Denied | Reason::NotAsked, true) => commands.push("idc policy --target".to_owned()),
            (Reason::NotAsked, false) | (Reason::Throttled | Reason::Failed | Reason::TimedOut, _) => {}
        }
    }
    commands
}
