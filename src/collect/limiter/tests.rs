use futures_util::future::join_all;
use tokio::runtime::Builder;

use super::*;

/// When each of so many leaves, if all come at once.
fn times(lane: &mut Lane, start: Instant, count: usize) -> Vec<Instant> {
    let mut now = start;
    let mut next = || {
        while let Err(again) = lane.take(now, Urgency::Essential) {
            now = again;
        }
        now
    };
    (0..count).map(|_| next()).collect()
}

/// A bucket of AWS's own, of as many as a second's worth, never runs dry: neither of Identity Center, nor of
/// CloudTrail.
#[test]
fn never_lets_more_leave_than_the_bucket_holds() {
    for (call, aws, at_once) in [(Call::ListPermissionSets, 20.0, 18), (Call::LookupEvents, 2.0, 1)] {
        let start = Instant::now();
        let times = times(&mut Lane::new(call, start), start, 200);
        let (mut left, mut at) = (aws, start);
        for time in &times {
            left = f64::min(aws, left + time.duration_since(at).as_secs_f64() * aws) - 1.0;
            at = *time;
            assert!(left >= 0.0, "{call}");
        }
        assert_eq!(times.iter().filter(|time| **time == start).count(), at_once);
    }
}

/// What was not used in the last second may leave at once; it does not begin anew with each second.
#[test]
fn is_a_bucket_and_not_a_window() {
    let start = Instant::now();
    let mut lane = Lane::new(Call::ListPermissionSets, start);
    times(&mut lane, start, 18);
    let half = start + Duration::from_millis(500);
    let later = times(&mut lane, half, 20);
    assert_eq!(later.iter().filter(|time| **time == half).count(), 10);
}

#[test]
fn what_only_refines_waits_for_what_decides() {
    let start = Instant::now();
    let mut lane = Lane::new(Call::ListPermissionSets, start);
    lane.waiting = 40;
    let again = lane.take(start, Urgency::Refining).expect_err("others wait");
    let last = times(&mut lane, start, 40).last().copied().expect("forty");
    assert!(again > last);
    // An essential question that comes later goes before it.
    lane.waiting = 1;
    let later = last + Duration::from_millis(200);
    assert!(lane.take(later, Urgency::Refining).is_err());
    assert!(lane.take(later, Urgency::Essential).is_ok());
    lane.waiting = 0;
    assert!(lane.take(later, Urgency::Refining).is_ok());
}

/// The same through the whole limiter, with one that is given up while it waits.
#[test]
fn leaves_in_the_order_of_what_decides() {
    let limiter = Limiter::default();
    let wait = async |urgency| limiter.wait(Call::ListPermissionSets, "1", "r", urgency).await;
    let left = Mutex::new(Vec::new());
    let ask = async |urgency, name| {
        wait(urgency).await;
        left.lock().expect("sound").push(name);
    };
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        join_all((0..18).map(|_| wait(Urgency::Essential))).await;
        let given_up = tokio::time::timeout(Duration::from_millis(1), wait(Urgency::Essential)).await;
        assert!(given_up.is_err());
        tokio::join!(
            ask(Urgency::Refining, "refining"),
            ask(Urgency::Essential, "first"),
            ask(Urgency::Essential, "second"),
        );
    });
    assert_eq!(*left.lock().expect("sound"), ["first", "second", "refining"]);
}

#[test]
fn slows_down_when_refused_and_recovers() {
    let now = Instant::now();
    let mut lane = Lane::new(Call::ListPermissionSets, now);
    // Eighteen left together, and three of them are refused: that is one refusal.
    for _ in 0..3 {
        lane.refused(now + Duration::from_millis(60), now);
    }
    assert!(lane.rate < 10.0 && lane.rate > 9.0 && lane.take(now, Urgency::Essential).is_err());
    // One that left after that is another.
    lane.refused(now + Duration::from_millis(500), now + Duration::from_millis(400));
    assert!(lane.rate < 5.0);
    for _ in 0..30 {
        lane.answered();
    }
    assert!((lane.rate - lane.usual).abs() < f64::EPSILON);
}

/// Whatever waits already is slowed down too: ten seconds' worth takes longer by far.
#[test]
fn a_refusal_slows_down_what_waits() {
    let start = Instant::now();
    let mut lane = Lane::new(Call::ListPermissionSets, start);
    let quick = times(&mut lane, start, 100).last().copied().expect("a hundred");
    lane.refused(quick, quick);
    let slow = times(&mut lane, quick, 100).last().copied().expect("a hundred");
    assert!(slow.duration_since(quick) > 2 * quick.duration_since(start));
}
