//! What was wanted and is not known: every question of the plan that has no answer, whatever the reason. Nothing is listed
//! here by hand: a question that the plan gains counts by itself.

use std::collections::BTreeMap;

use crate::evidence::{About, Call, Gap, Reason, Snapshot, Want};
use crate::model::organization::units_untold;
use crate::plan::organization::wanted_aside;
use crate::verdict::Unread;
use crate::wording;

/// The gaps of what is still wanted, of all that was.
pub(super) fn unread(snapshot: &Snapshot, wanted: Vec<Want>) -> Vec<Unread> {
    let mut unread: Vec<Unread> = Vec::new();
    // Questions that were never put, by call and account, and how many.
    let mut never: BTreeMap<(Call, Option<String>, bool), usize> = BTreeMap::new();
    let instances = snapshot.answered(&Want::Instances());
    let first = [(Want::Instances(), true), (Want::Organization(), false), (Want::Caller(), false)];
    let aside = wanted_aside(snapshot);
    let bears = |want: &Want| bears_on_answer(snapshot, want) && !aside.contains(want);
    let planned = wanted.into_iter().map(|want| (bears(&want), want));
    let all = first.into_iter().map(|(want, decides)| (decides, want)).chain(planned);
    let mut wants: Vec<(Want, bool)> = all.map(|(decides, want)| (want, decides)).collect();
    wants.sort();
    wants.dedup();
    for (want, decides) in wants {
        let Err(gap) = snapshot.answered(&want) else { continue };
        if gap.reason == Reason::NotAsked && gap.account.is_none() {
            let account = place(&want).map(str::to_owned);
            *never.entry((gap.call, account, decides)).or_default() += 1;
        } else {
            unread.push(Unread { gap, decides });
        }
    }
    unread.extend(units_untold(snapshot).map(|gap| Unread { gap, decides: true }));
    // Without the instance nothing could be asked, which its own gap tells.
    if instances.is_ok() || snapshot.cut_off {
        unread.extend(never.into_iter().map(|((call, account, decides), number)| {
            let gap = snapshot.in_instance().unasked(call, because(snapshot, number));
            Unread { gap: Gap { account: account.or(gap.account), ..gap }, decides }
        }));
    }
    unread
}

/// Why questions were never put.
fn because(snapshot: &Snapshot, number: usize) -> String {
    let them = wording::count(number, "question");
    if snapshot.cut_off {
        format!("{them} not put before the file was cut off")
    } else {
        format!("{them} not put when this was collected")
    }
}

/// The account in which it would be asked, where that is not the caller's.
fn place(want: &Want) -> Option<&str> {
    match want {
        Want::Entry(id)
        | Want::PoliciesIn(id)
        | Want::RolesIn(id)
        | Want::SamlProvidersIn(id)
        | Want::QuotasIn(id)
        | Want::EntitledRole(id, _) => Some(id),
        _ => None,
    }
}

/// Whether it could hide something of what was asked. A scan judges no person, and so neither their session's tags nor what
/// account access manager gives them; and everybody whom something is assigned to is asked for by themselves too.
const fn bears_on_answer(snapshot: &Snapshot, want: &Want) -> bool {
    match snapshot.scope.about {
        About::Everything(_) | About::BeforeAssign(_) | About::Planned(_) => !matches!(
            want,
            Want::Attributes()
                | Want::Applications()
                | Want::Application(_)
                | Want::Entitlements(..)
                | Want::People()
                | Want::Groups()
        ),
        About::Account(_) | About::Person(_) => true,
    }
}

/// That a file was cut off, where it was.
pub(super) fn cut_off(snapshot: &Snapshot) -> Option<&'static str> {
    snapshot.cut_off.then_some(
        "The file was cut off before everything was collected: what it does not hold is not known. --resume goes on with it",
    )
}
