//! Somebody who was taken out of a group: each way in which CloudTrail tells of it, and what comes near.

use super::*;

const JANE: (Thing, &str) = (Thing::User, sample::USER);
const ANALYSTS: (Thing, &str) = (Thing::Group, sample::GROUP);
const JOHN: (Thing, &str) = (Thing::User, "9067f0c1d2-99999999-2222-3333-4444-555555555555");
const OTHERS: (Thing, &str) = (Thing::Group, "9067f0c1d2-bbbbbbbb-2222-3333-4444-555555555555");
const T: &str = "2026-11-20T14:02:11Z";

fn at(seconds: i64) -> String {
    (sample::at(T) + SignedDuration::from_secs(seconds)).to_string()
}

/// Jane is in no group, and DataAnalysts has the account.
fn out_of_it() -> Evidence {
    let evidence = sample::not_in_the_group(vec![]);
    assert_eq!(root(&evidence), "not-in-assigned-group");
    evidence
}

fn got_in(when: &str) -> Evidence {
    let mut evidence = out_of_it();
    evidence.user.role_events = vec![sample::event_log("us-east-1", vec![sample::event("success", when, None)])];
    evidence
}

fn removed(about: &[(Thing, &str)]) -> Change {
    change(What::MemberRemoved, T, about)
}

fn certainty(evidence: Evidence, changes: &[Change]) -> Option<Certainty> {
    let all: Vec<Change> = changes.to_vec();
    let in_order = told(&with(evidence.clone(), &all));
    let turned: Vec<Change> = changes.iter().rev().cloned().collect();
    assert_eq!(told(&with(evidence, &turned)), in_order, "the order of records must not matter");
    in_order.map(|(_, certainty)| certainty)
}

#[test]
fn a_record_that_names_both_is_certain() {
    let dated = dated(&with(out_of_it(), &[removed(&[ANALYSTS, JANE])]));
    let since = dated.since.expect("dated");
    assert_eq!((since.at, since.certainty), (sample::at(T), Certainty::Confirmed));
    assert_eq!(since.by.map(|by| who(&by)).as_deref(), Some("scim-sync"));
    assert_eq!(since.event.expect("an event").account, HOME);
    assert_eq!(dated.explains, [removed(&[]).id]);
}

#[test]
fn what_is_about_others_or_was_refused_is_not_it() {
    let near = [removed(&[ANALYSTS, JOHN]), removed(&[OTHERS, JANE]), refused(removed(&[ANALYSTS, JANE]))];
    for change in near {
        let dated = dated(&with(out_of_it(), std::slice::from_ref(&change)));
        assert_eq!(dated.since, None, "{change:?}");
        assert!(dated.notes.iter().any(|note| note.contains("it was so before")), "{:?}", dated.notes);
    }
}

#[test]
fn what_was_undone_later_is_not_it() {
    let added = change(What::MemberAdded, &at(3600), &[ANALYSTS, JANE]);
    assert_eq!(certainty(out_of_it(), &[removed(&[ANALYSTS, JANE]), added.clone()]), None);
    // Added before, or somebody else, or refused: nothing was undone.
    let before = change(What::MemberAdded, &at(-3600), &[ANALYSTS, JANE]);
    let other = change(What::MemberAdded, &at(3600), &[ANALYSTS, JOHN]);
    for change in [before, other, refused(added)] {
        assert_eq!(certainty(out_of_it(), &[removed(&[ANALYSTS, JANE]), change]), Some(Certainty::Confirmed));
    }
}

#[test]
fn what_was_before_the_last_success_is_not_it() {
    assert_eq!(certainty(got_in(&at(3600)), &[removed(&[ANALYSTS, JANE])]), None);
    assert_eq!(certainty(got_in(&at(-3600)), &[removed(&[ANALYSTS, JANE])]), Some(Certainty::Confirmed));
    // A session that was opened before goes on for a while.
    assert_eq!(certainty(got_in(&at(60)), &[removed(&[ANALYSTS, JANE])]), Some(Certainty::Confirmed));
}

#[test]
fn a_membership_is_tied_by_the_record_that_made_it() {
    let id = (Thing::Membership, "m-1");
    let removed = removed(&[id]);
    let added = |about: &[(Thing, &str)]| change(What::MemberAdded, "2026-09-20T14:02:11Z", about);
    let certain = Some(Certainty::Confirmed);
    assert_eq!(certainty(out_of_it(), &[added(&[ANALYSTS, JANE, id]), removed.clone()]), certain);
    for other in [&[ANALYSTS, JOHN, id], &[OTHERS, JANE, id], &[ANALYSTS, JANE, (Thing::Membership, "m-2")]] {
        assert_eq!(certainty(out_of_it(), &[added(other), removed.clone()]), None, "{other:?}");
    }
}

#[test]
fn a_session_that_looked_the_membership_up_removed_it_probably() {
    let removed = removed(&[(Thing::Membership, "m-1")]);
    let looked_up = |when: i64, about: &[(Thing, &str)]| change(What::MembershipLookedUp, &at(when), about);
    let likely = Some(Certainty::Likely);
    assert_eq!(certainty(out_of_it(), &[looked_up(-2, &[ANALYSTS, JANE]), removed.clone()]), likely);
    let mut other_session = looked_up(-2, &[ANALYSTS, JANE]);
    other_session.by.access_key = Some("ASIA2".to_owned());
    for near in [
        looked_up(-2, &[ANALYSTS, JOHN]),
        looked_up(-2, &[OTHERS, JANE]),
        looked_up(-90, &[ANALYSTS, JANE]),
        looked_up(5, &[ANALYSTS, JANE]),
        other_session,
    ] {
        assert_eq!(certainty(out_of_it(), &[near.clone(), removed.clone()]), None, "{near:?}");
    }
    // Several that were looked up: it may have been any of them.
    let both = [looked_up(-3, &[ANALYSTS, JANE]), looked_up(-2, &[ANALYSTS, JOHN]), removed.clone()];
    assert_eq!(certainty(out_of_it(), &both), None);
    // One after the other, each with its own removal.
    let earlier =
        Change { id: "of John".to_owned(), ..change(What::MemberRemoved, &at(-3), &[(Thing::Membership, "m-2")]) };
    let one_by_one = [looked_up(-5, &[ANALYSTS, JOHN]), earlier, looked_up(-1, &[ANALYSTS, JANE]), removed];
    assert_eq!(told(&with(out_of_it(), &one_by_one)), Some((sample::at(T), Certainty::Likely)));
}

#[test]
fn a_session_that_listed_the_users_groups_removed_one_probably() {
    let removed = removed(&[(Thing::Membership, "m-1")]);
    let listed = |who| change(What::MembershipsListed, &at(-3), &[who]);
    assert_eq!(certainty(out_of_it(), &[listed(JANE), removed.clone()]), Some(Certainty::Likely));
    assert_eq!(certainty(out_of_it(), &[listed(JOHN), removed.clone()]), None);
    // With another tool it was somebody who looked, as idc does, in the same session.
    let mut looked = listed(JANE);
    looked.by.through = Some(crate::evidence::Tool::AwsSdk);
    assert_eq!(certainty(out_of_it(), &[looked, removed]), None);
}

#[test]
fn a_removal_that_names_nobody_is_a_note() {
    let dated = dated(&with(out_of_it(), &[removed(&[(Thing::Membership, "m-1")])]));
    assert_eq!(dated.since, None);
    assert!(dated.notes.iter().any(|note| note.contains("AWS does not log whose")), "{:?}", dated.notes);
    assert!(!dated.notes.iter().any(|note| note.contains("it was so before")), "{:?}", dated.notes);
}

fn patched(when: i64, operations: &str) -> Change {
    let about = [ANALYSTS, (Thing::Operation, operations)];
    by(ActorKind::Scim, change(What::MembersPatched, &at(when), &about))
}

#[test]
fn one_change_through_scim_since_the_last_success_is_likely() {
    let since = dated(&with(got_in(&at(-1331)), &[patched(0, "remove")])).since.expect("dated");
    assert_eq!((since.at, since.not_before, since.certainty), (sample::at(T), None, Certainty::Likely));
    assert_eq!(since.by.map(|by| by.kind), Some(ActorKind::Scim));
}

#[test]
fn several_changes_through_scim_are_a_range() {
    let since =
        dated(&with(got_in(&at(-1331)), &[patched(0, "remove"), patched(600, "replace")])).since.expect("dated");
    assert_eq!((since.at, since.not_before), (sample::at(&at(600)), Some(sample::at(&at(-1331)))));
    assert_eq!((since.event, since.certainty), (None, Certainty::Likely));
}

#[test]
fn what_comes_near_a_change_through_scim_is_not_it() {
    // Nobody knows since when they were out, or it only added, or another group, or it was refused, or before.
    assert_eq!(dated(&with(out_of_it(), &[patched(0, "remove")])).since, None);
    let mut other = patched(0, "remove");
    other.about.insert(Thing::Group, Named::Is(OTHERS.1.to_owned()));
    for near in [patched(0, "add"), other, refused(patched(0, "remove")), patched(-4000, "remove")] {
        assert_eq!(dated(&with(got_in(&at(-1331)), std::slice::from_ref(&near))).since, None, "{near:?}");
    }
}

#[test]
fn nothing_changed_is_said_only_where_everything_was_read() {
    let nothing = with(out_of_it(), &[]);
    let notes = dated(&nothing).notes;
    assert!(notes.iter().any(|note| note.contains("it was so before")), "{notes:?}");
    let said_before = |evidence: &Evidence| dated(evidence).notes.iter().any(|note| note.contains("it was so before"));
    let mut unread = nothing.clone();
    unread.history.looked_up[0].log = sample::denied(Call::LookupEvents);
    assert!(!said_before(&unread));
    let mut capped = nothing.clone();
    let mut log = log(vec![]);
    log.capped = true;
    let fact = &mut capped.history.looked_up[0].log;
    *fact = Fact { observed: crate::evidence::Observed::Known(log), ..fact.clone() };
    assert!(!said_before(&capped) && !dated(&capped).gaps.is_empty());
    let mut half = nothing.clone();
    half.history.administrators = sample::denied(Call::ListDelegatedAdministrators);
    assert!(!said_before(&half) && !dated(&half).gaps.is_empty());
    let mut other = nothing;
    other.history.administrators = sample::known(Call::ListDelegatedAdministrators, vec![OTHER.to_owned()]);
    assert!(!said_before(&other));
    let gap = dated(&other).gaps.first().cloned().expect("a gap");
    assert_eq!(gap.account.as_deref(), Some(OTHER));
}

#[test]
fn a_store_that_scim_feeds_without_logging_it_proves_nothing() {
    let mut evidence = out_of_it();
    let user = evidence.user.described.known().cloned().expect("known").expect("there");
    let user = crate::evidence::User { external_issuers: vec!["https://scim.example".to_owned()], ..user };
    evidence.user.described = sample::known(Call::DescribeUser, Some(user));
    let notes = dated(&with(evidence, &[])).notes;
    assert!(notes.iter().any(|note| note.contains("September 2024")), "{notes:?}");
    assert!(!notes.iter().any(|note| note.contains("it was so before")), "{notes:?}");
}
