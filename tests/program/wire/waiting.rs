//! `idc why --wait`: it ends as soon as they get in, and with the last verdict where they don't.

use std::thread;
use std::time::Duration;

use crate::wire::scenario::scenario;

#[test]
fn the_time_is_over_with_the_last_verdict() {
    let missing = scenario("waiting", |_| {});
    let served = missing.serve();
    let question = missing.question(&served).about("jane.dow 123456789012");
    let before = question.ask();
    let asked_once = served.calls().len();
    let answer = question.with(&["--wait=4s"]).ask();
    assert_eq!((answer.code, before.code), (10, 10), "{}", answer.brief());
    assert!(answer.took >= Duration::from_secs(4), "{:?}", answer.took);
    assert!(answer.stderr.contains("waiting: blocked (user-not-found)"), "{}", answer.stderr);
    // Twice everything, at the beginning and at the end, and little between.
    let all = served.calls().len() - asked_once;
    assert!(all < 3 * asked_once, "{all} requests, and {asked_once} without waiting");
}

#[test]
fn it_ends_when_they_get_in() {
    let left_out = scenario("waiting", |acme| acme.remove_member("DataAnalysts", "jane.doe"));
    let served = left_out.serve();
    let question = left_out.question(&served).with(&["--wait=60s"]);
    assert_eq!(left_out.question(&served).ask().code, 10);
    let asking = thread::spawn(move || question.ask());
    thread::sleep(Duration::from_secs(3));
    served.change(|acme| {
        acme.add_member("DataAnalysts", "jane.doe");
    });
    let answer = asking.join().unwrap();
    assert_eq!(answer.code, 0, "{}", answer.brief());
    assert!(answer.took < Duration::from_secs(50), "{:?}", answer.took);
}
