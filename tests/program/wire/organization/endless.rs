//! Lists of empty pages: AWS filters after it has cut a list into pages, so that some are empty and more follows. However
//! many there are, the answer comes in time, and "none" is never concluded from them.

use super::denied::{COMMANDS, Whole, names};
use super::{ask, json, small};
use crate::wire::parallel;
use served::{CallRecord, Conduct, Fault, Kind, Served};

/// How many empty pages are followed: AWS is known to send some, and nothing else ends such a list.
const CAP: usize = 500;

/// Lists that AWS cuts into pages; providers come all at once.
fn is_list(call: &CallRecord) -> bool {
    let name = call.action.split(':').nth(1).unwrap_or_default();
    name.starts_with("List") && name != "ListSAMLProviders"
}

#[test]
fn an_endless_list_is_a_gap_in_time() {
    // A full scan takes every list that one which is not full takes.
    let wholes = [COMMANDS[1], COMMANDS[2], COMMANDS[3]].map(Whole::of);
    let of = |whole| -> Vec<(&Whole, String)> {
        let lists = Whole::actions(whole, is_list);
        assert!(lists.len() > 8, "{lists:?}");
        lists.into_iter().map(|action| (whole, action)).collect()
    };
    parallel::each(
        &wholes.iter().flat_map(of).collect::<Vec<_>>(),
        |(_, action)| format!("with no end of {action}"),
        |(whole, action)| {
            let conduct = Conduct::default().with_fault(Fault::on(action, Kind::EmptyPages(usize::MAX)));
            // The program under test is given two minutes; it has to keep to its own time.
            whole.holds(&Served::start(small(), conduct), " --timeout 6s", action, |_| true)
        },
    );
}

/// One page short of the cap the rows still count; at the cap the list is given up, long before the time is over.
#[test]
fn as_many_empty_pages_as_are_followed() {
    let action = "iam:ListRoles";
    parallel::each(
        &[CAP - 1, CAP],
        |pages| format!("{pages} empty pages"),
        |pages| {
            let conduct = Conduct::default().with_fault(Fault::on(action, Kind::EmptyPages(*pages)));
            let served = Served::start(small(), conduct);
            let told = json(&ask(&served, "who prod-data"))?;
            let is_whole = *pages < CAP;
            if (told["complete"] == true, names(&told, action)) != (is_whole, !is_whole) || served.count(action) != CAP
            {
                return Err(format!("{} calls: {:#}", served.count(action), told["gaps"]));
            }
            Ok(())
        },
    );
}
