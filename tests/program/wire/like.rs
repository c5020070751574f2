//! `--like`: the user beside a colleague. It tells more and changes nothing.

use serde_json::Value;

use crate::wire::run::Answer;
use crate::wire::sameness::lasting;
use crate::wire::scenario::{Scenario, scenario};
use crate::wire::scenarios;
use served::ExternalId;
use served::{Conduct, DELEGATED_KEY, Kind, Organization, Served};

fn ask(scenario: &Scenario, colleague: Option<&str>, more: fn(Conduct) -> Conduct) -> (Served, Answer) {
    let served = scenario.serve_with(more);
    let question = scenario.question(&served);
    let answer = match colleague {
        Some(colleague) => question.with(&["--like", colleague]).ask(),
        None => question.ask(),
    };
    (served, answer)
}

fn like(answer: &Answer) -> Value {
    answer.json().unwrap()["like"].clone()
}

/// What there is to say of a colleague in an organization.
fn told(change: fn(&mut Organization), colleague: &str) -> Value {
    let (_served, answer) = ask(&scenario("told", change), Some(colleague), |conduct| conduct);
    like(&answer)
}

/// The answer without what was said of the colleague.
fn own(answer: &Answer) -> Value {
    let mut json = lasting(answer).unwrap();
    json.as_object_mut().unwrap().remove("like");
    json
}

#[test]
fn changes_nothing_whoever_the_colleague_is_and_whatever_goes_wrong() {
    let troubles: [fn(Conduct) -> Conduct; 2] = [
        |conduct| conduct,
        |conduct| {
            let id = Organization::acme().user_id("amir.khan");
            let fault = |action: &str| served::Fault::on(action, Kind::Denied).containing(&id);
            let members = fault("identitystore:ListGroupMembershipsForMember");
            conduct.with_fault(members).with_fault(fault("sso:ListAccountAssignmentsForPrincipal"))
        },
    ];
    for name in ["healthy--group", "not-in-assigned-group", "user-not-found", "account-not-in-organization"] {
        let scenario = scenarios::named(name);
        let (_served, alone) = ask(&scenario, None, |conduct| conduct);
        assert_eq!(like(&alone), Value::Null);
        for colleague in ["amir.khan", "sam.lee", "no@body.example"] {
            for trouble in troubles {
                let (_served, beside) = ask(&scenario, Some(colleague), trouble);
                assert_eq!((beside.code, own(&beside)), (alone.code, own(&alone)), "{name} like {colleague}");
                assert!(like(&beside)["outcome"].is_string(), "{name} like {colleague}");
            }
        }
    }
}

#[test]
fn costs_few_calls_and_no_collection_of_its_own() {
    let healthy = scenarios::named("healthy--group");
    let (alone, _) = ask(&healthy, None, |conduct| conduct);
    let (beside, answer) = ask(&healthy, Some("amir.khan"), |conduct| conduct);
    assert_eq!(like(&answer)["outcome"], "same");
    let more = beside.calls().len() - alone.calls().len();
    assert!(more <= 4, "{more} more calls");
}

/// A healthy answer takes no round more: what is asked about the colleague is on its way before the last is asked about
/// the user.
#[test]
fn costs_no_round_of_its_own() {
    let healthy = scenarios::named("healthy--group");
    let (served, answer) = ask(&healthy, Some("lee.chen"), |conduct| conduct.with_latency(200));
    assert_eq!(like(&answer)["outcome"], "differs");
    let acme = healthy.organization();
    let theirs = [acme.user_id("lee.chen"), acme.group_id("DataEngineers"), acme.permission_set_arn("RedshiftAdmin")];
    let last = |about: bool| {
        let is_theirs = |body: &str| theirs.iter().any(|id| body.contains(id));
        served.calls().iter().filter(|call| is_theirs(&call.body) == about).map(|call| call.at).max()
    };
    assert!(last(true).is_some() && last(true) < last(false), "{:?} and {:?}", last(true), last(false));
}

#[test]
fn tells_where_the_two_differ() {
    let left_out: fn(&mut Organization) = |acme| acme.remove_member("DataAnalysts", "jane.doe");
    let said = told(left_out, "amir.khan");
    assert_eq!((&said["outcome"], &said["paths"][0]["shared"]), (&"differs".into(), &false.into()));
    let fix = &said["differences"][0]["fix"];
    assert!(fix["command"].as_str().unwrap().contains("create-group-membership"), "{said}");

    let direct = told(left_out, "olga.petrova");
    let messages = direct["differences"].to_string();
    assert!(messages.contains("Auditors") && messages.contains("RedshiftAdmin directly"), "{messages}");
    assert!(messages.contains("create-account-assignment"), "{messages}");

    let synced: fn(&mut Organization) = |acme| {
        acme.remove_member("DataAnalysts", "jane.doe");
        let ids = vec![ExternalId { issuer: "https://scim.us-east-1.amazonaws.com/acme".into(), id: "g".into() }];
        acme.group("DataAnalysts").external_ids = ids;
    };
    let fix = told(synced, "amir.khan")["differences"][0]["fix"].clone();
    assert!(fix["command"].is_null() && fix["do"].as_str().unwrap().starts_with("In your identity provider"), "{fix}");
}

#[test]
fn tells_who_is_no_model() {
    let no_model = |colleague: &str, words: &str| {
        let said = told(|_| {}, colleague);
        assert_eq!(said["outcome"], "no-model", "{said}");
        assert!(said["summary"].as_str().unwrap().contains(words), "{said}");
    };
    no_model("jane.doe", "is the same user");
    let join: fn(&mut Organization) = |acme| {
        acme.add_member("DataAnalysts", "sam.lee");
    };
    let disabled = told(join, "sam.lee");
    assert!(disabled["summary"].as_str().unwrap().contains("sam.lee is disabled"), "{disabled}");
    let nobody = told(|_| {}, "amir.kahn");
    assert_eq!((&nobody["outcome"], &nobody["suggestions"][0]), (&"not-found".into(), &"amir.khan".into()));
}

#[test]
fn has_its_own_second_way_where_the_first_is_refused() {
    let left_out = scenario("left out", |acme| {
        acme.remove_member("DataAnalysts", "jane.doe");
        for set in ["AdministratorAccess", "Billing"] {
            acme.unprovision(set, "acme-management");
        }
    })
    .called_by(DELEGATED_KEY);
    let (_served, answer) = ask(&left_out, Some("lee.chen"), |conduct| conduct);
    let said = like(&answer);
    assert_eq!(said["outcome"], "differs", "{said}");
    assert_eq!(said["paths"][0]["via"]["name"], "DataEngineers");
    assert_eq!(said["paths"][0]["permission_set"], "RedshiftAdmin");
}
