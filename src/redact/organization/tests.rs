use std::time::{Duration, Instant};

use aho_corasick::AhoCorasick;

use super::*;
use crate::evidence::{About, Account, Call, Fact, Group, Member, Narrowed, Observed, Touched, User};
use crate::store::{Store, read};

fn known<T>(call: Call, value: T) -> Fact<T> {
    Fact { observed: Observed::Known(value), ..Fact::not_asked(call, "") }
}

fn user(number: usize) -> User {
    let name = format!("person.{number:06}");
    User {
        id: format!("9067f0c1d2-53ceb5a7-7471-470f-997c-6c8e{number:08x}"),
        display_name: Some(format!("Person {number}")),
        emails: vec![format!("{name}@acme.example")],
        user_name: Some(name),
        status: Some("ENABLED".to_owned()),
        external_issuers: Vec::new(),
        attributes: [("enterprise.department".to_owned(), format!("Department {}", number % 40))].into(),
        extended: true,
        created: None,
        touched: Touched::default(),
    }
}

fn group(number: usize) -> Group {
    let name = Some(format!("Team {number:05}"));
    let id = format!("1067f0c1d2-53ceb5a7-7471-470f-997c-6c8e{number:08x}");
    Group { id, name, external_issuers: Vec::new(), created: None, touched: Touched::default() }
}

fn account(number: usize) -> Account {
    let (id, name) = (format!("9{:011}", number * 7919), Some(format!("workload-{number:04}")));
    Account { id, name, state: Some("ACTIVE".to_owned()), joined: None, path: None }
}

/// People, groups and accounts whose names are numbers, of which there are very many.
fn large(people: usize, groups: usize, accounts: usize) -> Kept {
    let (users, teams): (Vec<User>, Vec<Group>) = ((1..=people).map(user).collect(), (1..=groups).map(group).collect());
    let members = |at: usize| {
        let member = |user: &User| Member { user_id: user.id.clone(), created: None };
        users.iter().skip(at % 7).step_by(groups / 4).map(member).collect()
    };
    let members = teams
        .iter()
        .enumerate()
        .map(|(at, group)| Answer::Members(group.id.clone(), known(Call::ListGroupMemberships, members(at))));
    let members: Vec<Answer> = members.collect();
    let mut answers = vec![
        Answer::Accounts(known(Call::ListAccounts, (1..=accounts).map(account).collect())),
        Answer::Groups(known(Call::ListGroups, teams)),
        Answer::People(known(Call::ListUsers, users)),
    ];
    answers.extend(members);
    let about = About::Everything(Narrowed::default());
    let scope = Scope { about, profile: None, target_role: None, target_profile: None };
    Kept { scope, answers, finished: None, calls: 1, sso_calls: 1 }
}

/// It took minutes, and was refused then.
#[test]
fn thousands_of_people_are_redacted_in_time_and_nothing_of_them_is_left() {
    let kept = large(2_000, 100, 100);
    let started = Instant::now();
    let redacted = redact_organization(&Aside::of(&kept).expect("set aside"), 1).expect("redacted");
    assert!(started.elapsed() < Duration::from_mins(2), "{:?}", started.elapsed());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("copy.db");
    let bytes = Store::whole(&redacted.kept().expect("whole"), &[]).expect("a file");
    std::fs::write(&path, &bytes).expect("written");
    let written = serde_json::to_string(&read(&path).expect("a file of ours").answers).expect("JSON");
    let written = (String::from_utf8_lossy(&bytes).into_owned() + &written).to_lowercase();
    for word in ["person", "team", "acme", "workload", "53ceb5a7", "9067f0c1d2", "department 1"] {
        assert!(!written.contains(word), "{word} is still there");
    }
    let accounts = (1..=100).map(|number| account(number).id);
    let people = (1..=2_000).map(user).flat_map(|one| one.user_name.into_iter().chain(one.emails).chain([one.id]));
    let names = AhoCorasick::new(accounts.chain(people)).expect("names");
    assert_eq!(names.find(&written).map(|found| &written[found.range()]), None, "it is still there");
}

/// What is left of an original in the copy is found, and its field told.
#[test]
fn a_name_that_is_left_among_many_is_found() {
    let kept = Aside::of(&large(500, 40, 40)).expect("set aside");
    let mut words = Dictionary::new(Draw::new(0));
    replaced(&mut words, &kept, |_, _, _| (), |_| Some(())).expect("gathered");
    words.finish();
    let search = Search::of(words.gathered());
    let mut dictionary = words.with_draw(Draw::new(3));
    let mut given = Vec::new();
    let take = |answer| {
        given.push(answer);
        Some(())
    };
    replaced(&mut dictionary, &kept, |_, _, _| (), take).expect("replaced");
    let place = |answer: &Value| search.place_in(answer, "", "answers", &dictionary, &Clean::default());
    assert!(given.iter().all(|answer| place(answer).is_none()), "{:?}", given.iter().find_map(place));
    for left in ["person.000123", "123@000123.example", "x000123x", "team 00012", "6c8e0000007b", "900000790319"] {
        let mut answer = given[2].clone();
        let name = answer.pointer_mut("/People/observed/Known/7/display_name").expect("a name");
        *name = Value::from(left);
        assert_eq!(place(&answer).as_deref(), Some("answers.People.observed.Known.display_name"), "{left}");
    }
}
