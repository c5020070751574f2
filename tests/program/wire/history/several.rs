//! Several people before one account: each has a date, what is the same question is asked once, and a trail is queried no
//! more than once for each.

use super::*;

use std::collections::BTreeMap;

use served::EventDataStore;

const STORE: &str = "0a1b2c3d-0000-4111-8222-333344445555";

/// Two who were taken out of the group, by different people at different times.
fn two_left_out() -> Organization {
    let mut acme = Organization::acme();
    acme.events.clear();
    left_out(&mut acme);
    acme.add_user("nina.roe");
    for (user, by, minutes) in [("jane.doe", "alex.admin", 90), ("nina.roe", "kim.admin", 45)] {
        acme.removed_in_console("DataAnalysts", user, by, MINUTES(minutes));
    }
    acme
}

fn asked(acme: &Organization, words: &str, more: &[&str]) -> (BTreeMap<String, usize>, Answer) {
    let served = Served::start(acme.clone(), Conduct::default());
    let answer = question(&served, MANAGEMENT_KEY).of_command("why", words).with(more).ask();
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for call in served.calls() {
        if call.action == LOOKS {
            // What is asked, but for since when.
            let body: Value = serde_json::from_str(&call.body).unwrap();
            let asked = json!([call.account, call.region, body["LookupAttributes"], body["NextToken"]]);
            *calls.entry(asked.to_string()).or_default() += 1;
        }
        *calls.entry(call.action).or_default() += 1;
    }
    (calls, answer)
}

fn answers(answer: &Answer) -> Vec<Value> {
    let json = answer.json().unwrap_or_else(|error| panic!("{error}"));
    json["answers"].as_array().cloned().unwrap_or_default()
}

const LOOKS: &str = "cloudtrail:LookupEvents";

#[test]
fn each_of_several_people_has_a_date_and_what_they_share_is_asked_once() {
    let acme = two_left_out();
    let (together, answer) = asked(&acme, "-u jane.doe -u nina.roe 123456789012", &[]);
    let each = answers(&answer);
    for (answer, by) in each.iter().zip(["alex.admin as IdentityAdmin", "kim.admin as IdentityAdmin"]) {
        assert_eq!(answer["root_cause"]["rule"], "not-in-assigned-group", "{answer:#}");
        let told = ["by", "account", "certainty"].map(|name| since(answer)[name].clone());
        assert_eq!(told, [json!(by), json!(MANAGEMENT), json!("confirmed")], "{answer:#}");
        assert_eq!(explaining(answer).len(), 1, "{}", answer["timeline"]);
    }
    // None of the look-ups is about one of them alone.
    let (alone, single) = asked(&acme, "jane.doe 123456789012", &[]);
    assert_eq!(since(&single.json().unwrap())["certainty"], "confirmed");
    // But for who came into the group again, which is asked from each one's removal on.
    let is_own = |asked: &str| ["AddMemberToGroup", "CreateGroupMembership"].iter().any(|name| asked.contains(name));
    let shared = together.iter().filter(|(asked, _)| asked.starts_with('[') && !is_own(asked));
    assert!(shared.clone().count() > 8 && shared.clone().all(|(_, count)| *count == 1), "{together:?}");
    assert!(together[LOOKS] <= alone[LOOKS] + 4, "{together:?}");
    let (without, answer) = asked(&acme, "-u jane.doe -u nina.roe 123456789012", &["--no-history"]);
    assert!(without.get(LOOKS).copied().unwrap_or_default() < together[LOOKS], "{without:?}");
    assert!(answers(&answer).iter().all(|answer| since(answer).is_null()));
}

#[test]
fn a_trail_is_queried_once_for_each_who_has_a_cause() {
    let mut acme = two_left_out();
    acme.event_data_stores.push(EventDataStore {
        id: STORE.into(),
        account: MANAGEMENT.into(),
        region: "us-east-1".into(),
        organization: true,
    });
    let lake = format!("lake:{STORE}");
    for (words, queries) in [
        ("-u jane.doe -u nina.roe 123456789012", 2),
        ("-u jane.doe 123456789012", 1),
        ("-u jane.doe -u jane.doe 123456789012", 1),
    ] {
        let (calls, answer) = asked(&acme, words, &["--trail", &lake]);
        assert_eq!(calls.get("cloudtrail:StartQuery").copied().unwrap_or_default(), queries, "{words}: {calls:?}");
        for answer in answers(&answer) {
            assert_eq!(since(&answer)["certainty"], "confirmed", "{words}: {answer:#}");
        }
    }
}

#[test]
fn people_read_when_it_came_to_each() {
    let served = Served::start(two_left_out(), Conduct::default());
    let question = question(&served, MANAGEMENT_KEY).of_command("why", "-u jane.doe -u nina.roe 123456789012");
    for form in ["table", "markdown"] {
        let text = question.clone().with(&["-o", form]).ask_plainly().stdout;
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("jane.doe: since ") && words.contains("by alex.admin"), "{text}");
        assert!(words.contains("nina.roe: since ") && words.contains("by kim.admin"), "{text}");
    }
}
