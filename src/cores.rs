//! Work on many things at once, on the cores that this machine has.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder};

/// How many cores are used at the most.
const MOST: usize = 8;
/// How many things one core takes at a time: small parts, dealt out in turn, since what takes long stands together.
const PART: usize = 64;

/// What becomes of each thing, in the order of the things. No thread outlives it; where no other can be started, this one
/// does it all.
pub fn map<T: Sync, R: Send>(things: &[T], of: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let parts: Vec<&[T]> = things.chunks(PART).collect();
    let cores = thread::available_parallelism().map_or(1, usize::from).min(MOST).min(parts.len());
    let turn = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let place = turn.fetch_add(1, Ordering::Relaxed);
            let Some(part) = parts.get(place) else { return done };
            done.push((place, part.iter().map(&of).collect::<Vec<R>>()));
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..cores).filter_map(|_| Builder::new().spawn_scoped(scope, work).ok()).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().flat_map(|(_, part)| part).collect()
}

/// What becomes of two things, the first of them beside the other. No thread outlives it; where none can be started, one
/// comes after the other.
pub fn both<A: Send, B>(first: impl Fn() -> A + Sync, other: impl FnOnce() -> B) -> (A, B) {
    thread::scope(|scope| {
        let beside = Builder::new().spawn_scoped(scope, &first).ok();
        let of_other = other();
        let of_first = beside.map_or_else(&first, |beside| beside.join().unwrap_or_else(|panic| resume_unwind(panic)));
        (of_first, of_other)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_both() {
        assert_eq!(both(|| "first", || "other".to_owned()), ("first", "other".to_owned()));
    }

    #[test]
    fn keeps_the_order() {
        let numbers: Vec<usize> = (0..10_000).collect();
        assert!(map(&numbers, |number| number * 2).into_iter().eq((0..10_000).map(|number| number * 2)));
        assert!(map(&[0_usize; 0], |number| *number).is_empty());
    }
}
