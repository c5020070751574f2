//! Callers who cannot ask at all: the program says so, says what to do, and gives no answer.

use crate::wire::sameness::could_not_run;
use crate::wire::scenario::scenario;
use crate::wire::scenarios;
use served::{Fault, Kind, MEMBER_KEY};

#[test]
fn an_expired_token_ends_it() {
    let healthy = scenarios::named("healthy--group");
    let served = healthy.serve_with(|conduct| conduct.with_fault(Fault::on("*", Kind::ExpiredToken)));
    let answer = healthy.question(&served).ask();
    could_not_run(&answer).unwrap();
    assert!(answer.stderr.contains("expired") && answer.stderr.contains("aws sso login"), "{}", answer.stderr);
}

#[test]
fn a_key_that_nobody_has_ends_it() {
    let healthy = scenarios::named("healthy--group");
    let served = healthy.serve();
    let key = ("AWS_ACCESS_KEY_ID".to_owned(), "AKIANOBODY0000000001".to_owned());
    let answer = healthy.question(&served).environment([key]).ask();
    could_not_run(&answer).unwrap();
    assert!(answer.stderr.contains("another partition"), "{}", answer.stderr);
}

#[test]
fn no_credentials_end_it_before_any_call() {
    let healthy = scenarios::named("healthy--group");
    let served = healthy.serve();
    let blank = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(|name| (name.to_owned(), String::new()));
    let answer = healthy.question(&served).environment(blank).ask();
    could_not_run(&answer).unwrap();
    assert!(answer.stderr.contains("no AWS credentials"), "{}", answer.stderr);
    assert_eq!(served.calls().len(), 0);
}

#[test]
fn no_instance_ends_it() {
    let nothing = scenario("no instance", |acme| acme.instances.clear());
    let served = nothing.serve();
    could_not_run(&nothing.question(&served).ask()).unwrap();
}

#[test]
fn an_account_instance_alone_ends_it() {
    let own = scenario("only an account instance", |acme| {
        acme.add_account_instance("prod-web");
        let management = acme.management_account.clone();
        acme.instances.retain(|instance| instance.owner_account_id != management);
    })
    .called_by(MEMBER_KEY);
    let served = own.serve();
    let answer = own.question(&served).ask();
    could_not_run(&answer).unwrap();
    assert!(answer.stderr.contains("111122223333"), "names the management account: {}", answer.stderr);
}
