//! Work in parallel, results in order, memory bounded.
//!
//! In: items from a reader, in their order. Out: one result for each item, in the same order, on the caller's thread.
//! Invariant: never more than `window` items are between the reader and the caller, whatever their speeds.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc;

use rayon::ThreadPool;

/// Runs `work` over `input` on the threads of `pool`, and hands every result to `each` in the order of the input.
///
/// The caller's thread reads the input and runs `each`; it sleeps while the window is full. When `each` breaks, no further
/// item is read, and those in flight are finished and dropped. A panic of `work` comes out on the caller's thread.
pub(crate) fn in_order<T: Send, R: Send, B>(
    pool: &ThreadPool,
    window: NonZeroUsize,
    input: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
    mut each: impl FnMut(R) -> ControlFlow<B>,
) -> ControlFlow<B> {
    pool.in_place_scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        // Finished ahead of an earlier item; `next` is the one that `each` waits for.
        let mut early: BTreeMap<usize, std::thread::Result<R>> = BTreeMap::new();
        let mut next = 0_usize;
        let mut sent = 0_usize;
        let mut hand_on = |until: usize| {
            while next < until {
                while let Some(result) = early.remove(&next) {
                    next += 1;
                    each(result.unwrap_or_else(|panic| resume_unwind(panic)))?;
                }
                if next < until {
                    let (index, result) = receiver.recv().expect("the sender outlives this loop");
                    early.insert(index, result);
                }
            }
            ControlFlow::Continue(())
        };
        for item in input {
            let (sender, work) = (sender.clone(), &work);
            scope.spawn(move |_| {
                let result = catch_unwind(AssertUnwindSafe(|| work(item)));
                // Nobody listens any more once `each` has broken off.
                let _ = sender.send((sent, result));
            });
            sent += 1;
            hand_on((sent + 1).saturating_sub(window.get()))?;
        }
        hand_on(sent)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn pool(threads: usize) -> ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap()
    }

    fn window(n: usize) -> NonZeroUsize {
        NonZeroUsize::new(n).unwrap()
    }

    #[test]
    fn results_come_in_the_order_of_the_input_whoever_is_slow() {
        for threads in [1, 2, 8] {
            let mut seen = Vec::new();
            let slow_when_even = |i: u64| {
                std::thread::sleep(Duration::from_micros(if i.is_multiple_of(2) { 300 } else { 0 }));
                i
            };
            let end = in_order(&pool(threads), window(5), 0..100, slow_when_even, |r| {
                seen.push(r);
                ControlFlow::<()>::Continue(())
            });
            assert_eq!(end, ControlFlow::Continue(()));
            assert_eq!(seen, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_reader_is_never_further_ahead_than_the_window() {
        for size in [1, 2, 7] {
            let (read, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let input = (0..200).inspect(|_| {
                let ahead = read.fetch_add(1, Ordering::SeqCst) + 1 - done.load(Ordering::SeqCst);
                assert!(ahead <= size, "{ahead} items in flight with a window of {size}");
            });
            let _ = in_order(
                &pool(4),
                window(size),
                input,
                |i| i,
                |_| {
                    done.fetch_add(1, Ordering::SeqCst);
                    ControlFlow::<()>::Continue(())
                },
            );
            assert_eq!(done.into_inner(), 200);
        }
    }

    #[test]
    fn a_panic_in_a_worker_reaches_the_caller_instead_of_hanging_it() {
        // Unwinds without the hook's message on stderr.
        let work = |i: u32| {
            if i == 3 {
                resume_unwind(Box::new("three"))
            }
        };
        let run =
            || in_order(&pool(2), window(4), 0..6, work, |()| ControlFlow::<()>::Continue(())).is_continue();
        let panic = catch_unwind(run).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"three"));
    }

    #[test]
    fn breaking_off_stops_the_reader() {
        let mut read = 0;
        let input = (0..1000).inspect(|_| read += 1);
        let end = in_order(
            &pool(2),
            window(4),
            input,
            |i| i,
            |r| if r == 10 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) },
        );
        assert_eq!(end, ControlFlow::Break("enough"));
        assert!(read < 20, "{read} items were read");
    }
}
