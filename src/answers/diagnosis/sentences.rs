//! The answer in sentences: whole, for one line; and in the parts that a longer answer is told in.

use super::{Changed, Diagnosis, PathReport, ask_again};
use crate::answers::own_machine;
use crate::evidence::{PrincipalType, Question};
use crate::machine::OwnMachine;
use crate::verdict::{Finding, PathState, Verdict};
use crate::wording;

/// What there is to say of the access.
pub(super) struct Said<'a> {
    pub(super) user: &'a str,
    pub(super) account: String,
    pub(super) verdict: Verdict,
    pub(super) root: Option<&'a Finding>,
    pub(super) paths: &'a [PathReport],
    pub(super) complete: bool,
    /// Whether everything that decides was read, and does not tell.
    pub(super) all_read: bool,
    pub(super) question: &'a Question,
    pub(super) own: Option<&'a OwnMachine>,
}

/// The verdict as a clause; of an open one, what cannot be told.
fn clause(verdict: Verdict, user: &str, account: &str) -> String {
    match verdict {
        Verdict::Reachable | Verdict::Inconclusive => format!("{user} can reach {account}"),
        Verdict::Degraded => format!("{user} can reach {account}, but something is wrong"),
        Verdict::Blocked => format!("{user} cannot reach {account}"),
    }
}

/// The whole answer in one or two sentences.
pub(super) fn summary(said: &Said<'_>) -> String {
    let Said { user, ref account, verdict, root, paths, complete, all_read, question, own } = *said;
    let asked = format!("{account}{}", question.narrowed());
    let says = clause(verdict, user, &asked);
    let cause = root.map(|root| root.fault.message.as_str()).unwrap_or_default();
    let machine = own.map(|own| format!(" {}", own_machine::statement(own))).unwrap_or_default();
    match verdict {
        Verdict::Reachable => {
            let mut grants: Vec<String> = open(paths).map(PathReport::grant).collect();
            grants.dedup();
            let rest = if complete {
                "nothing is wrong on the way."
            } else {
                "no fault was found, but not everything was read."
            };
            // The permission sets say what was asked for with one.
            let group = question.group.as_ref().map(|group| format!(" through group {group}")).unwrap_or_default();
            format!("{user} can reach {account} with {}{group}; {rest}", wording::list(grants, 4))
        }
        Verdict::Degraded if root.is_none() => format!("{says}.{machine}"),
        Verdict::Degraded => format!("{user} can reach {asked}, but: {cause}"),
        Verdict::Blocked => format!("{says}: {cause}"),
        Verdict::Inconclusive => {
            let likely = likely(paths).map(PathReport::grant);
            let likely = likely.map(|grant| format!(" The way that is likely is {grant}.")).unwrap_or_default();
            let why = if all_read { "was read, and does not tell" } else { "could not be read" };
            format!("Whether {says} cannot be told: something that decides {why}.{likely}{machine}")
        }
    }
}

/// The verdict as a sentence about what was asked, without the cause.
pub fn headline(diagnosis: &Diagnosis) -> String {
    let Diagnosis { user_label: user, account_label: account, question, verdict, .. } = diagnosis;
    let clause = clause(*verdict, user, &format!("{account}{}", question.narrowed()));
    if *verdict == Verdict::Inconclusive { format!("cannot tell whether {clause}") } else { clause }
}

/// What gives access, where all is well.
pub fn reassurance(diagnosis: &Diagnosis) -> String {
    if let (true, Some(own)) = (diagnosis.paths.is_empty(), &diagnosis.own_machine) {
        return own.portal.clone();
    }
    let ways: Vec<String> = open(&diagnosis.paths).map(way).collect();
    let verb = if ways.len() == 1 { "gives" } else { "give" };
    let ways = wording::list(ways, 4);
    // A permission set's name stays as it is; a role's begins with a word of ours.
    let ways = ways.strip_prefix("role ").map_or_else(|| ways.clone(), |rest| format!("Role {rest}"));
    if diagnosis.complete {
        format!("{ways} {verb} access, and nothing is wrong on the way.")
    } else {
        format!("{ways} {verb} access. No fault was found, but not everything could be read.")
    }
}

/// That Identity Center does not answer the caller's account, and from which to ask.
pub fn refused(diagnosis: &Diagnosis) -> Option<String> {
    let management = diagnosis.ask_from.as_ref()?;
    let own = diagnosis.caller.as_ref().map(|caller| format!(", and these credentials are of {}", caller.account));
    Some(format!(
        "Ask from {management} (management) or the delegated administrator: Identity Center answers no other account{}.",
        own.unwrap_or_default()
    ))
}

/// What to say where nobody said how to get into the account.
#[derive(Debug)]
pub struct NoWayIn {
    /// Why it matters, and what to do.
    pub why: String,
    /// The command for it.
    pub command: Option<String>,
    /// What to do where there is no such role.
    pub otherwise: String,
}

/// The role that Organizations makes in an account that it creates.
const MADE_WITH_THE_ACCOUNT: &str = "OrganizationAccountAccessRole";

/// Says it.
pub fn no_way_in(diagnosis: &Diagnosis) -> NoWayIn {
    let account = &diagnosis.account;
    let role = Changed::TargetRole("ROLE");
    NoWayIn {
        why: format!("Nothing inside {} was read: name a role there that idc may assume.", diagnosis.account_label),
        command: ask_again(&diagnosis.question, account, role),
        otherwise: format!(
            "No such role? Deploy one (idc policy --target has its policy, deploy/ the files), or try \
             {MADE_WITH_THE_ACCOUNT} where Organizations made the account: idc only reads through it."
        ),
    }
}

/// What to do where all is well and they say otherwise, and the command for it.
pub fn if_not(diagnosis: &Diagnosis) -> Option<(String, Option<String>)> {
    if diagnosis.verdict != Verdict::Reachable {
        return None;
    }
    if diagnosis.own_machine.is_some() {
        let sentence = "If you still cannot: sign out of the access portal and in again.";
        return Some((sentence.to_owned(), None));
    }
    let sentence = "If they still cannot, sign out of the access portal and in again; on their machine:";
    Some((sentence.to_owned(), Some(format!("idc why --me {}", diagnosis.account))))
}

/// The way that is likely, in spite of an open question.
pub fn so_far(diagnosis: &Diagnosis) -> Option<String> {
    let likely = likely(&diagnosis.paths).filter(|_| diagnosis.verdict == Verdict::Inconclusive)?;
    Some(format!("The way that is likely: {}. No gate on it is known to be shut.", way(likely)))
}

/// A way in a few words: `RedshiftAnalyst through group DataAnalysts`.
pub fn way(path: &PathReport) -> String {
    let set = path.grant();
    let requested = match (&path.permission_set_arn, path.stands) {
        (None, _) => " (entitlement)",
        (Some(_), true) => "",
        (Some(_), false) => " (only requested)",
    };
    match path.via.kind {
        PrincipalType::User => format!("{set} directly{requested}"),
        PrincipalType::Group => {
            format!("{set} through group {}{requested}", path.via_name.as_deref().unwrap_or(&path.via.id))
        }
    }
}

fn open(paths: &[PathReport]) -> impl Iterator<Item = &PathReport> {
    paths.iter().filter(|path| path.state == PathState::Open)
}

fn likely(paths: &[PathReport]) -> Option<&PathReport> {
    paths.iter().find(|path| path.state != PathState::Shut)
}
