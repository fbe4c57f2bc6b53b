//! Many digests at once: a lane of a vector register for each message, refilled as messages end.
//!
//! In: messages of any lengths. Out: their digests, in their order, or in the places that wait for them.
//! Invariant: the digests are those of [`Message::digest`], whatever the processor has.

use std::sync::OnceLock;

use super::Digest;
use super::message::{Blocks, Message, to_bytes};
use super::wide::{KERNELS, Kernel};

/// The digests of `messages`, six times as soon as one after the other where the processor has AVX-512, three times with AVX2. That takes
/// many messages, and none much longer than the others: a lane by itself is slower than one stream.
pub fn digest_all(messages: &[Message<'_>]) -> Vec<Digest> {
    let mut digests = vec![[0; 32]; messages.len()];
    let mut work = Work::new(messages, &mut digests);
    if let Some((kernel, fewest)) = KERNELS.of_16 {
        work.side_by_side(kernel, fewest);
    }
    if let Some((kernel, fewest)) = KERNELS.of_8 {
        work.side_by_side(kernel, fewest);
    }
    work.one_by_one();
    digests
}

/// A digest that somebody will ask for, and the place where it will be looked for.
pub(crate) struct Wanted<'a> {
    pub(crate) message: Message<'a>,
    pub(crate) place: &'a OnceLock<Digest>,
}

/// Digests together what nobody has digested yet.
pub(crate) fn fill<'a>(wanted: impl Iterator<Item = Wanted<'a>>) {
    let wanted = wanted.filter(|wanted| wanted.place.get().is_none());
    let (messages, places): (Vec<_>, Vec<_>) = wanted.map(|wanted| (wanted.message, wanted.place)).unzip();
    for (place, digest) in places.into_iter().zip(digest_all(&messages)) {
        // Where another thread was sooner, its digest is the same.
        let _ = place.set(digest);
    }
}

/// A message on its way to its digest.
#[derive(Clone, Copy)]
struct Task<'a> {
    state: [u32; 8],
    blocks: Blocks<'a>,
    /// Which digest it is.
    index: usize,
}

struct Work<'a, 'd> {
    /// The longest last: it is the next.
    tasks: Vec<Task<'a>>,
    digests: &'d mut [Digest],
}

impl<'a, 'd> Work<'a, 'd> {
    fn new(messages: &[Message<'a>], digests: &'d mut [Digest]) -> Work<'a, 'd> {
        let task = |(index, message): (usize, &Message<'a>)| Task {
            state: message.state(),
            blocks: Blocks::of(message),
            index,
        };
        let mut tasks: Vec<Task> = messages.iter().enumerate().map(task).collect();
        tasks.sort_by_key(|task| task.blocks.left);
        Work { tasks, digests }
    }

    /// Digests with `kernel` until fewer than `fewest` messages are unfinished.
    fn side_by_side<const N: usize>(&mut self, kernel: Kernel<N>, fewest: usize) {
        let mut lanes: [Option<Task>; N] = [const { None }; N];
        let (mut state, mut blocks) = ([[0; N]; 8], [[0; 64]; N]);
        loop {
            for (lane, place) in lanes.iter_mut().enumerate().filter(|(_, place)| place.is_none()) {
                *place = self.tasks.pop();
                if let Some(task) = place {
                    (0..8).for_each(|i| state[i][lane] = task.state[i]);
                }
            }
            let busy = lanes.iter().flatten();
            let Some(steps) =
                busy.clone().map(|task| task.blocks.left).min().filter(|_| busy.count() >= fewest)
            else {
                break;
            };
            for _ in 0..steps {
                for (place, block) in lanes.iter_mut().zip(&mut blocks) {
                    // What an empty lane digests is read by nobody.
                    if let Some(task) = place {
                        task.blocks.next(block);
                    }
                }
                kernel(&mut state, &blocks);
            }
            for (lane, place) in lanes.iter_mut().enumerate() {
                if let Some(task) = place.take_if(|task| task.blocks.left == 0) {
                    self.digests[task.index] = to_bytes(state.map(|words| words[lane]));
                }
            }
        }
        for (lane, task) in lanes.into_iter().enumerate() {
            self.tasks.extend(task.map(|task| Task { state: state.map(|words| words[lane]), ..task }));
        }
        self.tasks.sort_by_key(|task| task.blocks.left);
    }

    fn one_by_one(self) {
        for Task { state, blocks, index } in self.tasks {
            self.digests[index] = blocks.digest(state);
        }
    }
}
