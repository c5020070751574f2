//! Who is assigned a permission set where it is not provisioned is asked about few such places: nobody takes the others
//! for places without an assignment.

use super::causes::unprovisioned;
use super::{ACCOUNT, SET, changes, compare, group_principal, only_new, prepare, scan, with};
use crate::answers::organization::sample::assigned;
use crate::answers::organization::{Outcome, read_review, reviewed};
use crate::evidence::{Answer, Snapshot};

/// It is not provisioned there, and who is assigned it was not asked.
fn not_asked() -> Snapshot {
    let mut snapshot = with(unprovisioned());
    snapshot.accounts.get_mut(ACCOUNT).expect("the account").assignments.remove(SET);
    prepare(snapshot)
}

/// It is not provisioned there, and these are assigned it.
fn asked(principals: &[crate::evidence::Principal]) -> Snapshot {
    let mut snapshot = with(unprovisioned());
    snapshot.apply(Answer::Assignments(ACCOUNT.to_owned(), SET.to_owned(), assigned(principals)));
    prepare(snapshot)
}

#[test]
fn nothing_is_put_right_or_new_where_nobody_asked() {
    let broken = asked(&[group_principal()]);
    let unknown = changes(&not_asked(), &broken);
    assert!(unknown.put_right.is_empty() && !unknown.not_compared.is_empty(), "{unknown:?}");
    assert_eq!(changes(&asked(&[]), &broken).put_right.len(), 1);
    let new = |older: &Snapshot| {
        let mut answer = scan(&broken);
        compare(&mut answer, &scan(older), (&broken, older));
        only_new(&mut answer, &broken);
        answer.findings.iter().map(|one| one.new).collect::<Vec<_>>()
    };
    assert_eq!(new(&not_asked()), [None]);
    assert_eq!(new(&asked(&[])), [Some(true)]);
}

#[test]
fn no_revocation_is_carried_out_where_nobody_asked() {
    let review = format!(
        "kind,user_id,account_id,permission_set_arn,via_type,via_id,role_arn,decision\n\
         assignment,,{ACCOUNT},{SET},GROUP,{},,revoke\n",
        group_principal().id
    );
    let review = read_review(review.as_bytes()).expect("a review");
    let told = |snapshot: &Snapshot| {
        let mut answer = scan(snapshot);
        reviewed(&mut answer, snapshot, &review);
        let note = answer.notes.iter().find(|note| note.id == "review").expect("a note").message.clone();
        (answer.outcome, note.contains(" 1 were carried out"), note.contains("; of 1 it is not known"))
    };
    assert_eq!(told(&not_asked()), (Outcome::Inconclusive, false, true));
    assert_eq!(told(&asked(&[])), (Outcome::Clean, true, false));
}

/// Whoever cut it short may have cut a revocation off.
#[test]
fn a_review_that_lost_rows_says_so() {
    let names = "kind,user_id,account_id,permission_set_arn,via_type,via_id,role_arn,decision,message\n";
    let row = format!("assignment,,{ACCOUNT},{SET},GROUP,{},,keep,\n", group_principal().id);
    let head = "head,,,,,,,,idc 0.1.0: who can get into x; rows: 9 y; rows: 2 assignment; complete; 5 calls; SHA-256 of x: y\n";
    let told = |review: String| {
        let review = read_review(review.as_bytes()).expect("a review");
        let mut answer = scan(&asked(&[]));
        reviewed(&mut answer, &asked(&[]), &review);
        answer.notes.iter().find(|note| note.id == "review").expect("a note").message.clone()
    };
    let lost = "It has 1 row of the 2 that it was written with";
    assert!(told([names, head, &row].concat()).contains(lost));
    assert!(!told([names, head, &row, &row].concat()).contains("written with"));
    // Two lists that were put together.
    let both = told([names, head, &row, &row, head, &row].concat());
    assert!(both.contains("It has 3 rows of the 4 that it was written with"), "{both}");
}
